# SPDX-License-Identifier: BSD-2-Clause
"""keepalived itself, in namespaces of its own: no network but veths that lead nowhere, no processes but its own, and no program
that it could run but copies of `true`."""

import os
import re
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

KEEPALIVED = "/usr/sbin/keepalived"
# What the router of a file can have. One that is not among these is missing.
INTERFACES = ("bond0", "br0", "ens18", "ens192", "enp1s0", "eth0", "eth0.20", "eth1", "eth2", "eth3", "wan")
# The programs that there are. All are `true`.
COMMANDS = (
    "/bin/sh", "/usr/bin/curl", "/usr/bin/killall", "/usr/bin/pgrep", "/usr/bin/test", "/usr/bin/true", "/usr/bin/env", "/usr/bin/logger",
    "/usr/local/bin/check", "/usr/local/bin/check-dns", "/usr/local/bin/check-web", "/usr/local/bin/notify", "/usr/local/bin/notify-all",
    "/etc/keepalived/check.sh", "/etc/keepalived/notify.sh", "/etc/keepalived/master.sh", "/etc/keepalived/backup.sh",
    "/etc/keepalived/fault.sh", "/etc/keepalived/stop.sh", "/etc/keepalived/my script.sh",
)  # fmt: skip
CONFIG_ID = "r1"
_USERS = ("root:x:0:0::/root:/bin/sh", "nobody:x:65534:65534::/:/bin/sh", "daemon:x:1:1::/:/bin/sh", "haproxy:x:110:110::/:/bin/sh")
_GROUPS = ("root:x:0:", "nogroup:x:65534:", "daemon:x:1:", "haproxy:x:110:")
USERS = frozenset(line.split(":")[0] for line in _USERS)
# The last section of the dump.
_LAST = "------< Interfaces >------"
# What the parent process may say meanwhile.
_OF_PARENT = "Startup complete"
_PREFIX = re.compile(r"^\w{3} \w{3} [ \d]\d [\d:]{8} \d{4}: ")
# Until it starts, whatever it says meanwhile, and from line to line once the last section has begun: nothing says that it has
# ended.
_LONGEST_S = 60.0
_PAUSE_S = 0.5


@dataclass(frozen=True)
class Run:
    """What keepalived said of a file."""

    lines: list[str]
    starts: bool  # else it refused the file


def _lines_of(pipe: IO[bytes], patience_s: Callable[[], float]) -> Iterator[str]:
    """The lines of a pipe as they come, until its end, or until none comes for so long."""
    rest = b""
    while select.select([pipe], [], [], patience_s())[0]:
        chunk = os.read(pipe.fileno(), 65536)
        if not chunk:
            return
        *complete, rest = (rest + chunk).split(b"\n")
        for line in complete:
            yield line.decode(errors="surrogateescape")


class Sealed:
    """The root directory that keepalived sees, in a mount namespace that a process keeps."""

    def __init__(self) -> None:
        self._directory = Path(tempfile.mkdtemp(prefix="vrrp-differential-"))
        self._root = self._directory / "root"
        self._prepare()
        mounts = [f"mount --bind -o ro {each} {self._root}{each}" for each in ("/usr/lib", "/lib", "/lib64") if Path(each).exists()]
        script = " && ".join(["mount --make-rprivate /", *mounts, "echo ready", "exec cat"])
        self._keeper = subprocess.Popen(
            ["unshare", "--mount", "sh", "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._keeper.stdout and self._keeper.stdout.readline() == "ready\n"

    def _prepare(self) -> None:
        for each in ("usr/sbin", "usr/lib", "usr/bin", "lib", "lib64", "proc", "dev", "run", "tmp", "etc/iproute2", "case", "var/run"):
            (self._root / each).mkdir(parents=True, exist_ok=True)
        shutil.copy2(KEEPALIVED, self._root / "usr/sbin/keepalived")
        (self._root / "etc/passwd").write_text("\n".join(_USERS) + "\n")
        (self._root / "etc/group").write_text("\n".join(_GROUPS) + "\n")
        (self._root / "etc/nsswitch.conf").write_text("passwd: files\ngroup: files\n")
        (self._root / "dev/null").touch()
        program = self._root / "usr/bin/true"
        shutil.copy2("/usr/bin/true", program)
        for command in COMMANDS:
            path = self._root / command[1:]
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                os.link(program, path)
        self._directory.chmod(0o755)

    def close(self) -> None:
        """End the process that keeps the mounts, with which they go. It ends by itself if this one is killed."""
        self._keeper.communicate()
        shutil.rmtree(self._directory)

    def run(self, directory: Path) -> Run:
        """What keepalived makes of directory/keepalived.conf, up to its start. Raises TimeoutError where it neither starts nor
        ends."""
        text = "\n".join(each.read_text(errors="replace") for each in sorted(directory.rglob("*.conf")))
        # A definition can be a part of a name.
        interfaces = sorted(name for name in INTERFACES if "$" in text and name.startswith("eth") or name in text)
        links = "".join(
            f"link add name {name} type veth peer name p{number}\nlink set {name} up\nlink set p{number} up\n"
            for number, name in enumerate(interfaces)
        )
        script = (
            f"mount --bind {directory} {self._root}/case && mount -t proc proc {self._root}/proc && "
            f"mount -t tmpfs tmpfs {self._root}/run && ip -batch - && "
            f"exec chroot {self._root} /usr/sbin/keepalived -n -l -G -D -d -P -i {CONFIG_ID} "
            f"-f /case/keepalived.conf -p /run/k.pid -r /run/v.pid"
        )
        process = subprocess.Popen(
            # It ends with this process, however that ends.
            ["setpriv", "--pdeathsig=KILL", "nsenter", f"--target={self._keeper.pid}", "--mount", "--",
             "unshare", "--net", "--mount", "--pid", "--fork", "--kill-child=KILL", "sh", "-c", script],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert process.stdin and process.stdout
        process.stdin.write(links.encode())
        process.stdin.close()
        lines: list[str] = []
        starts = False
        ends = False
        deadline = time.monotonic() + _LONGEST_S
        for line in _lines_of(process.stdout, lambda: _PAUSE_S if starts else max(0.0, deadline - time.monotonic())):
            lines.append(_PREFIX.sub("", line))
            if starts and not lines[-1].startswith(" ") and lines[-1] != _OF_PARENT:
                break
            starts = starts or lines[-1] == _LAST
            ends = "terminated with permanent error" in lines[-1] or "Stopped Keepalived" in lines[-1]
            if ends or time.monotonic() > deadline:
                break
        process.kill()
        process.stdout.close()
        process.wait()
        if not starts and not ends and time.monotonic() > deadline:
            raise TimeoutError("\n".join([f"keepalived neither starts nor ends within {_LONGEST_S:.0f} s:", *lines[-30:]]))
        return Run(lines, starts)
