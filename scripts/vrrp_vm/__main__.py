# SPDX-License-Identifier: BSD-2-Clause
"""The command scripts/vm."""

import argparse
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from . import cards, debian, initramfs, machine
from .commands import run
from .errors import VmError
from .kernels import SUITES, provide

_REPOSITORY = Path(__file__).resolve().parents[2]
_CACHE = _REPOSITORY / "build" / "vm"

# As timeout(1) has them.
_TIMED_OUT = 124
_FAILED = 125

_EXPLANATION = """
Runs COMMAND as root under that Debian kernel, in a virtual machine that QEMU emulates, and exits with its exit code.

The virtual machine sees the files of this machine under the same paths and starts in the same directory, so everything
that is built and installed here runs there. Files that it writes are lost afterwards. /run is empty, and there is no
network except the one that COMMAND creates. Kernel modules are loaded on demand. Standard error goes to standard output.

The first use of a kernel downloads it (about 30 MB) to build/vm/; remove that directory to get a newer one.
The exit code is 124 after the time limit, and 125 if the virtual machine failed.

With --debian DIRECTORY, the machine has a clean Debian 12 on its own disk instead of the files of this machine, with
systemd as the first process. The command runs after systemd has started, in /run/vm/files, which has the files of
DIRECTORY. apt can install the packages in DIRECTORY and those in the section run of scripts/packages. There is not a network.
The first use creates the disk (in a minute, build/vm/debian-*.ext4).

With --nic, the machine has a network card that QEMU emulates. DRIVER is one that `qemu-system-x86_64 -device help` lists
under network devices, followed by QEMU's options for it. All cards are connected to one hub: each frame reaches all other
cards. COMMAND finds their MAC addresses in the environment, in the order of the command line:
VM_NICS="52:54:00:00:00:01=vmxnet3 …". The usual kernel has the drivers of virtio-net-pci and vmxnet3; e1000, e1000e,
rtl8139 and igb need --full. igb also needs QEMU 8 or newer, which Debian 12 does not have: set VRRP_XDP_QEMU to one.

  scripts/vm --kernel 6.12 --nic vmxnet3 --nic virtio-net-pci,mrg_rxbuf=off -- ip link
  scripts/vm --kernel 6.1 -- build/dev/bpf_tests --gtest_filter='Arp*'
  scripts/vm --kernel 6.12 -- /usr/bin/python3 -m pytest tests/lab/vlan
"""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/vm",
        usage="scripts/vm --kernel RELEASE [--full] [--nic DRIVER[,OPTION=VALUE...]]... [--timeout SECONDS] [--debian DIRECTORY]\n"
        "                  -- COMMAND [ARGUMENT ...]",
        description=_EXPLANATION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--kernel", choices=SUITES, required=True, metavar="RELEASE", help=f"one of {', '.join(SUITES)}")
    parser.add_argument("--full", action="store_true", help="the kernel with the drivers of real cards, bond and vrf; 100 MB to download")
    parser.add_argument("--nic", action="append", default=[], metavar="DRIVER[,OPTION=VALUE...]", help="a network card; may be repeated")
    parser.add_argument("--timeout", type=float, default=300, metavar="SECONDS", help="time limit for boot and command (default 300)")
    parser.add_argument("--debian", type=Path, metavar="DIRECTORY", help="run in a clean Debian 12, with the files of DIRECTORY")
    parser.add_argument("command", nargs="+", metavar="COMMAND", help="the command to run, found in the PATH of the machine or by its path")
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
        kernel = provide(arguments.kernel, _CACHE, flavour="full" if arguments.full else "cloud")
        nics = cards.parse(arguments.nic)
        if arguments.debian is None:
            packed = initramfs.build(kernel, arguments.command, os.getcwd(), nics)
            return machine.run(kernel, packed, arguments.timeout, cards=nics)
        disk = debian.provide(kernel, _run_packages(), _CACHE)
        brought = {path.name: path.read_bytes() for path in arguments.debian.iterdir() if path.is_file()}
        brought["Packages"] = debian.index(arguments.debian)
        return machine.run(kernel, initramfs.build_for_disk(kernel, arguments.command, brought), arguments.timeout, disk=disk, cards=nics)
    except TimeoutError as error:
        print(f"scripts/vm: {error}", file=sys.stderr)
        return _TIMED_OUT
    except (VmError, OSError) as error:
        print(f"scripts/vm: {error}", file=sys.stderr)
        return _FAILED


sys.exit(main())
