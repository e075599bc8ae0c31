-- SPDX-License-Identifier: BSD-2-Clause
-- pandoc filter for docs/configuration.md as a manual page: a table becomes a list, since a page is too narrow for one, and
-- links become their text.

local function row_texts(row)
  local cells = {}
  for i, cell in ipairs(row.cells) do cells[i] = pandoc.utils.blocks_to_inlines(cell.contents) end
  return cells
end

-- A first column of words is what the others define; one of sentences is no heading of anything.
local longest_term = 40

local function is_terms(rows)
  for _, cells in ipairs(rows) do
    if #pandoc.utils.stringify(cells[1]) > longest_term then return false end
  end
  return true
end

-- What stands beside the first column: each cell that is not empty, and before a default that it is one.
local function text_beside(headings, cells)
  local text = {}
  for i = 2, #cells do
    if #cells[i] > 0 then
      if #text > 0 then table.insert(text, pandoc.Str("; ")) end
      if pandoc.utils.stringify(headings[i]) == "default" then table.insert(text, pandoc.Str("default ")) end
      for _, inline in ipairs(cells[i]) do table.insert(text, inline) end
    end
  end
  return text
end

local function sentence(headings, cells)
  local text = { table.unpack(cells[1]) }
  table.insert(text, pandoc.Str(": "))
  for _, inline in ipairs(text_beside(headings, cells)) do table.insert(text, inline) end
  return { pandoc.Plain(text) }
end

function Table(element)
  local headings = row_texts(element.head.rows[1])
  local rows = {}
  for _, body in ipairs(element.bodies) do
    for _, row in ipairs(body.body) do table.insert(rows, row_texts(row)) end
  end
  local items = {}
  if is_terms(rows) then
    for _, cells in ipairs(rows) do
      table.insert(items, { cells[1], { { pandoc.Plain(text_beside(headings, cells)) } } })
    end
    return pandoc.DefinitionList(items)
  end
  for _, cells in ipairs(rows) do table.insert(items, sentence(headings, cells)) end
  return pandoc.BulletList(items)
end

function Link(element) return element.content end

-- The one heading of the first level is the page's title.
function Header(element)
  if element.level == 1 then return {} end
  element.level = element.level - 1
  return element
end
