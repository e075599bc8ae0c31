# SPDX-License-Identifier: BSD-2-Clause
"""The container image, made of the Debian package and run by crun as packaging/containers/ says: with these capabilities and mounts."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import]
from conftest import REPOSITORY, run

EXAMPLES = REPOSITORY / "packaging/containers"
# crun wants one of the two versions of cgroups, and not a mixture.
_RUN = """
set -eu
mount --make-rprivate /
mount -t tmpfs none /run
mount -t bpf none /sys/fs/bpf
mount -t cgroup2 none /sys/fs/cgroup
mkdir /run/vrrp-xdp
ip link add r1 type veth peer name h1
ip address add 192.0.2.1/24 dev r1
ip link set h1 up
ip link set r1 up
crun() {{ command crun --root /run/crun --cgroup-manager=disabled "$@"; }}
crun run --bundle {bundle} router >/run/container.log 2>&1 &
container=$!
status() {{ crun exec router /usr/sbin/vrrp-xdp status --json 2>/dev/null; }}
for _ in $(seq 150); do
    status | grep -q '"state": "active"' && break
    [ -e "/proc/$container/exe" ] || break
    sleep 0.2
done
echo "status: $(status | tr '\\n' ' ')"
for process in $(pgrep vrrp-xdp); do
    echo "$(cat /proc/$process/comm): $(grep CapEff /proc/$process/status)"
done
crun kill router TERM
wait "$container" || true
cat /run/container.log
echo "left: $(ls /sys/fs/bpf)"
"""


@pytest.fixture(scope="module")
def pod() -> Any:
    (container,) = yaml.safe_load((EXAMPLES / "daemonset.yaml").read_text())["spec"]["template"]["spec"]["containers"]
    return container


@pytest.fixture(scope="module")
def bundle(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked image."""
    directory = tmp_path_factory.mktemp("image")
    run([REPOSITORY / "scripts/oci-image", package, directory / "image"])
    run(["umoci", "unpack", "--image", f"{directory}/image:latest", directory / "bundle"])
    return directory / "bundle"


def test_TheExamples_GiveTheSameCapabilitiesAndMounts(pod: Any) -> None:
    quadlet = [line.partition("=")[::2] for line in (EXAMPLES / "vrrp-xdp.container").read_text().splitlines()]
    added = " ".join(value for key, value in quadlet if key == "AddCapability").split()
    assert added == pod["securityContext"]["capabilities"]["add"]
    assert {value.split(":")[1] for key, value in quadlet if key == "Volume"} == {mount["mountPath"] for mount in pod["volumeMounts"]}
    assert ("Exec", " ".join(pod["args"])) in quadlet and ("Image", pod["image"]) in quadlet


def test_WithTheseCapabilitiesAndMounts_ItBecomesActive(bundle: Path, pod: Any, tmp_path: Path) -> None:
    (tmp_path / "vrrp-xdp.yaml").write_text("interfaces: {r1: {virtual-routers: [{vrid: 10, virtual-addresses: [192.0.2.254]}]}}\n")
    configuration = json.loads((bundle / "config.json").read_text())
    assert configuration["process"]["args"] == ["/usr/sbin/vrrp-xdp", *pod["args"]]
    added = [f"CAP_{name}" for name in pod["securityContext"]["capabilities"]["add"]]
    configuration["process"] |= {
        "terminal": False,
        "noNewPrivileges": not pod["securityContext"]["allowPrivilegeEscalation"],
        "capabilities": {kind: added for kind in ("bounding", "effective", "permitted")},
    }
    configuration["root"]["readonly"] = pod["securityContext"]["readOnlyRootFilesystem"]
    # The network and the process IDs of the host: here, of the namespaces that the test has made.
    namespaces = configuration["linux"]["namespaces"]
    configuration["linux"]["namespaces"] = [each for each in namespaces if each["type"] not in ("network", "pid")]
    paths = {mount["mountPath"]: mount for mount in pod["volumeMounts"]}
    mounts = [each for each in configuration["mounts"] if each["destination"] not in ("/sys/fs/cgroup", *paths)]
    for path, mount in paths.items():
        source = str(tmp_path) if mount["name"] == "configuration" else path
        options = ["rbind", "ro" if mount.get("readOnly") else "rw"]
        mounts.append({"destination": path, "type": "bind", "source": source, "options": options})
    configuration["mounts"] = mounts
    (bundle / "config.json").write_text(json.dumps(configuration))

    script = _RUN.format(bundle=shlex.quote(str(bundle)))
    said = run(["unshare", "--mount", "--net", "--pid", "--fork", "--mount-proc", "--kill-child", "sh", "-c", script])
    assert '"state": "active"' in said.partition("status: ")[2].splitlines()[0], said
    # NET_ADMIN, NET_RAW, IPC_LOCK, SYS_NICE, PERFMON and BPF, of the controller and of its guardian.
    assert said.count("CapEff:\t000000c000807000") == 2, said
    assert "active -> initialize: asked to stop" in said and said.rstrip().endswith("left:"), said
