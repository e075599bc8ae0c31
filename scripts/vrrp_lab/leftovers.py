# SPDX-License-Identifier: BSD-2-Clause
"""What a lab may leave on the machine, how to find it, and removing what a killed lab could not."""

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .netns import RUN_NETNS, Namespace

FRR_RUN = Path("/var/run/frr")
BPF_PINS = Path("/sys/fs/bpf/vrrp-xdp")
CONTROL_SOCKETS = Path("/run/vrrp-xdp")
_NAME = re.compile(r"vx(\d+)-\d+-")


def find(pid: int) -> list[Path]:
    """Files that labs made by the process `pid` left: namespaces, run directories, temporary directories."""
    return [path for path in _all() if _owner(path) == pid]


def children(pid: int) -> list[str]:
    """Command lines of the processes that `pid` started and that have not ended."""
    found: list[str] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            with suppress(FileNotFoundError):
                found.append(Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    return found


def remove_stale() -> None:
    """Remove what labs left whose process is gone, as after a SIGKILL. Others' live labs are not touched."""
    with _one_at_a_time():
        for path in _all():
            owner = _owner(path)
            if owner is None or Path(f"/proc/{owner}").exists():
                continue
            if path.parent == RUN_NETNS:
                namespace = Namespace(path.name)
                remove_instances(namespace)
                namespace.delete()
            else:
                shutil.rmtree(path, ignore_errors=True)


def instance_directories(namespace: Namespace) -> list[Path]:
    """Where vrrp-xdp keeps its pins and its control sockets in this namespace, as long as it has some."""
    name = f"net-{namespace.inode}"
    return [path for path in (BPF_PINS / name, CONTROL_SOCKETS / name) if path.exists()]


def remove_instances(namespace: Namespace) -> None:
    """Remove the BPF objects and sockets that a killed vrrp-xdp left for this namespace."""
    if namespace.path.exists():
        for path in instance_directories(namespace):
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Labs that start at the same time would find the same leftovers, and one of them what is gone by then."""
    directory = os.open(tempfile.gettempdir(), os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(directory, fcntl.LOCK_EX)
        yield
    finally:
        os.close(directory)


def _all() -> list[Path]:
    places = (RUN_NETNS, FRR_RUN, Path(tempfile.gettempdir()))
    return [Path(entry.path) for place in places if place.is_dir() for entry in os.scandir(place)]


def _owner(path: Path) -> int | None:
    match = _NAME.match(path.name)
    return int(match[1]) if match else None
