# SPDX-License-Identifier: BSD-2-Clause
"""The command scripts/vm."""

import argparse
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from . import debian, initramfs, machine
from .commands import run
from .errors import VmError
from .kernels import SUITES, provide

_REPOSITORY = Path(__file__).resolve().parents[2]
_CACHE = _REPOSITORY / "build" / "vm"

# As timeout(1) has them.
_TIMED_OUT = 124
_FAILED = 125

_EXPLANATION = """
Runs COMMAND under that kernel of Debian, as root in a virtual machine that QEMU emulates, and exits with its code.

The machine sees this machine's files at the same places and starts in the same directory, so what is built and
installed here runs there. What it writes is gone afterwards; /run is empty, and there is no network but what COMMAND
makes. Kernel modules load when they are needed. Standard error comes out on standard output.

The first use of a kernel downloads it (about 30 MB) to build/vm/; remove that directory to get a newer one.
Exit codes of its own: 124 when the time is over, 125 when the virtual machine failed.

With --debian DIRECTORY the machine has, in place of this machine's files, a clean Debian 12 on a disk of its own and its
systemd as the first process. The command runs when that has started, in /run/vm/files, where the files of DIRECTORY are;
apt knows the packages among them, and those that the section run of scripts/packages names. There is no network. The
first use makes that Debian (a minute, build/vm/debian-*.ext4).

  scripts/vm --kernel 6.1 -- build/dev/bpf_tests --gtest_filter='Arp*'
  scripts/vm --kernel 6.12 -- /usr/bin/python3 -m pytest tests/lab/vlan
"""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/vm",
        usage="scripts/vm --kernel RELEASE [--timeout SECONDS] [--debian DIRECTORY] -- COMMAND [ARGUMENT ...]",
        description=_EXPLANATION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--kernel", choices=SUITES, required=True, metavar="RELEASE", help=f"one of {', '.join(SUITES)}")
    parser.add_argument("--timeout", type=float, default=300, metavar="SECONDS", help="for boot and command, by default 300")
    parser.add_argument("--debian", type=Path, metavar="DIRECTORY", help="run in a clean Debian 12, with the files of DIRECTORY")
    parser.add_argument("command", nargs="+", metavar="COMMAND", help="what to run, found in the PATH there or by its path")
    return parser.parse_args()


def _run_packages() -> list[str]:
    listing = "source scripts/lib/packages.sh && list_packages scripts/packages run"
    return run(["env", "-C", str(_REPOSITORY), "bash", "-c", listing]).split()


def _end(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def main() -> int:
    """Run the command line's command and return the exit code."""
    arguments = _arguments()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)  # unwinds, so that nothing is left
    try:
        kernel = provide(arguments.kernel, _CACHE)
        if arguments.debian is None:
            return machine.run(kernel, initramfs.build(kernel, arguments.command, os.getcwd()), arguments.timeout)
        disk = debian.provide(kernel, _run_packages(), _CACHE)
        brought = {path.name: path.read_bytes() for path in arguments.debian.iterdir() if path.is_file()}
        brought["Packages"] = debian.index(arguments.debian)
        return machine.run(kernel, initramfs.build_for_disk(kernel, arguments.command, brought), arguments.timeout, disk)
    except TimeoutError as error:
        print(f"scripts/vm: {error}", file=sys.stderr)
        return _TIMED_OUT
    except (VmError, OSError) as error:
        print(f"scripts/vm: {error}", file=sys.stderr)
        return _FAILED


sys.exit(main())
