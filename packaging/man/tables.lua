-- SPDX-License-Identifier: BSD-2-Clause
-- pandoc filter for docs/configuration.md as a manual page: a table becomes a list, since a page is too narrow for one, and
-- links become their text.

local function row_texts(row)
  local cells = {}
  for i, cell in ipairs(row.cells) do cells[i] = pandoc.utils.blocks_to_inlines(cell.contents) end
  return cells
end

-- The first column is what is defined; every other that is not empty follows with its heading, if it has one.
local function definition(headings, cells)
  local text = {}
  for i = 2, #cells do
    if #cells[i] > 0 then
      if #text > 0 then table.insert(text, pandoc.Str("; ")) end
      local heading = pandoc.utils.stringify(headings[i])
      if heading == "default" then table.insert(text, pandoc.Str("default ")) end
      for _, inline in ipairs(cells[i]) do table.insert(text, inline) end
    end
  end
  return { cells[1], { { pandoc.Plain(text) } } }
end

function Table(element)
  local headings = row_texts(element.head.rows[1])
  local items = {}
  for _, body in ipairs(element.bodies) do
    for _, row in ipairs(body.body) do table.insert(items, definition(headings, row_texts(row))) end
  end
  return pandoc.DefinitionList(items)
end

function Link(element) return element.content end

-- The one heading of the first level is the page's title.
function Header(element)
  if element.level == 1 then return {} end
  element.level = element.level - 1
  return element
end
