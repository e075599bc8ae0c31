#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Fills vrrp-xdp.8.in with what the program itself says of its commands: commands.py PROGRAM TEMPLATE DATE.

PROGRAM may have an emulator in front of it, and a semicolon between both.
"""

import re
import subprocess
import sys
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

# "  -c,--config TEXT REQUIRED   The configuration file"; a long name has its text on the next line.
_ENTRY = re.compile(r"^  (\S.*?)(?:\s{2,}(\S.*))?$")


@dataclass
class Help:
    """What one --help says, by its headings."""

    description: str
    usage: str
    sections: dict[str, list[str]] = field(default_factory=dict)

    def entries(self, heading: str) -> list[tuple[str, str]]:
        """Name and text of each positional, option, command or exit code."""
        found: list[tuple[str, str]] = []
        for line in self.sections.get(heading, []):
            if line.startswith("   "):
                name, text = found[-1]
                found[-1] = (name, f"{text} {line.strip()}".strip())
            elif match := _ENTRY.match(line):
                found.append((match[1], match[2] or ""))
        return found


def ask(program: list[str], *command: str) -> Help:
    """The program's --help, taken apart."""
    done = subprocess.run([*program, *command, "--help"], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    usage = next(i for i, line in enumerate(lines) if line.startswith("Usage: "))
    help_ = Help(" ".join(lines[:usage]).strip(), lines[usage].removeprefix("Usage: vrrp-xdp"))
    heading = ""
    for line in lines[usage + 1 :]:
        if line.endswith(":") and not line.startswith(" "):
            heading = line.removesuffix(":")
            help_.sections[heading] = []
        elif line and heading:
            help_.sections[heading].append(line)
    return help_


def escape(text: str) -> str:
    """Text as roff takes it: no line of it is a request, and a hyphen stays one."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{text}" if text.startswith((".", "'")) else text


def sentence(text: str) -> str:
    """Escaped, with a full stop, each sentence on lines of its own."""
    sentences = re.split(r"(?<=[A-Za-z)]\.) (?=[A-Z])", text if not text or text.endswith(".") else f"{text}.")
    return "\n".join(
        escape(line) for each in sentences for line in textwrap.wrap(each, 72, break_on_hyphens=False, break_long_words=False)
    )


def readable(name: str) -> str:
    """An option's name without what only CLI11 knows to read."""
    name = name.removesuffix(" REQUIRED").replace(" ...", "...").replace("ENUM:", "")
    return name.replace(" TEXT", "") if not name.startswith("-") else name


def options_of(help_: Help) -> list[str]:
    """The list of positionals and options."""
    entries = help_.entries("Positionals") + [each for each in help_.entries("Options") if each[0] != "-h,--help"]
    if not entries:
        return []
    lines = [".Bl -tag -width Ds"]
    for name, text in entries:
        lines += [f".It Sy {escape(readable(name))}", sentence(text)]
        if name.endswith(" REQUIRED"):
            lines.append("It must be given.")
    return [*lines, ".El"]


def section_of(command: str, help_: Help) -> list[str]:
    """A command's subsection."""
    lines = [f".Ss {command}", sentence(help_.description)]
    lines += options_of(help_)
    if examples := help_.sections.get("Examples"):
        lines += [".Pp", "Examples:", ".Bd -literal -offset indent", *(escape(each.strip()) for each in examples), ".Ed"]
    return lines


def main(words: str, template: str, date: str) -> None:
    """Writes the page to standard output."""
    program = [word for word in words.split(";") if word]
    top = ask(program)
    commands = [name for name, _ in top.entries("Subcommands")]
    synopsis = [".Nm", ".Fl -help | Fl -version"]
    body = [".Sh COMMANDS", "Each has a", ".Fl -help", "of its own."]
    for command in commands:
        help_ = ask(program, command)
        synopsis += [".Nm", f".Cm {command}", escape(help_.usage.removeprefix(f" {command}").strip())]
        body += section_of(command, help_)
    codes = [line for code, text in top.entries("Exit codes") for line in (f".It {code}", sentence(text))]
    status = [".Sh EXIT STATUS", ".Bl -tag -width Ds -compact", *codes, ".El"]
    page = Path(template).read_text()
    for mark, lines in {"SYNOPSIS": synopsis, "COMMANDS": body, "EXIT_STATUS": status, "DATE": [date]}.items():
        page = page.replace(f"@{mark}@", "\n".join(lines))
    sys.stdout.write(page)


if __name__ == "__main__":
    main(*sys.argv[1:])
