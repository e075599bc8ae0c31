# SPDX-License-Identifier: BSD-2-Clause
"""What an installed vrrp-xdp does: it is run in namespaces of its own, and nothing of it stays."""

import shlex
from pathlib import Path

from conftest import run

_ATTACH = """
set -eu
mount --make-rprivate /
mount -t tmpfs none /run
mount -t bpf none /sys/fs/bpf
ip link add r1 type veth peer name h1
ip address add 192.0.2.1/24 dev r1
ip link set h1 up
ip link set r1 up
echo 'interfaces: {{r1: {{virtual-routers: [{{vrid: 10, virtual-addresses: [192.0.2.254]}}]}}}}' >/run/vrrp-xdp.yaml
{program} attach --config /run/vrrp-xdp.yaml >/run/attach.log 2>&1 &
router=$!
guardian=
for _ in $(seq 300); do
    guardian=$(pgrep --parent "$router" vrrp-xdp-guard) && break
    [ -e "/proc/$router/exe" ] || break
    sleep 0.1
done
if [ -n "$guardian" ]; then readlink "/proc/$guardian/exe"; else cat /run/attach.log; fi
kill "$router" 2>/dev/null || true
wait "$router" || true
"""


def guardian_of(program: Path) -> str:
    """The file that the program runs as its guardian; or what the program says, if there is none."""
    script = _ATTACH.format(program=shlex.quote(str(program)))
    return run(["unshare", "--mount", "--net", "--pid", "--fork", "--mount-proc", "--kill-child", "sh", "-c", script]).strip()
