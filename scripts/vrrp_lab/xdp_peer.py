# SPDX-License-Identifier: BSD-2-Clause
"""The program on the far end of a router's cable, without which a native veth loses what XDP_TX sends."""

import platform
import sysconfig
from pathlib import Path

from .commands import run
from .netns import Namespace

_SOURCES = Path(__file__).resolve().parents[2] / "tests" / "support"


def compile_bpf(source: str, directory: Path) -> Path:
    """Compile a program of tests/support into `directory` and return the object. Raises CommandError."""
    target = directory / source.replace(".c", ".o")
    # The BPF target has no headers of its own: asm/types.h is this machine's.
    triplet = sysconfig.get_config_var("MULTIARCH") or f"{platform.machine()}-linux-gnu"
    flags = ["-O2", "-g", "-target", "bpf", f"-I/usr/include/{triplet}"]
    run(["clang", *flags, "-c", str(_SOURCES / source), "-o", str(target)])
    return target


def compile_pass(directory: Path) -> Path:
    """Compile the program that passes everything into `directory` and return the object. Raises CommandError."""
    return compile_bpf("xdp_pass.bpf.c", directory)


def attach_pass(namespace: Namespace, interface: str, program: Path) -> None:
    """Attach the object made by compile_pass to an interface, in native mode. It goes with the interface."""
    namespace.run("ip", "link", "set", "dev", interface, "xdpdrv", "obj", str(program), "sec", "xdp")
