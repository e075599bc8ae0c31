# SPDX-License-Identifier: BSD-2-Clause
"""The Debian package, installed, removed and purged for real: by dpkg, in a root of its own, where the machine's own files
cannot be written to. What becomes of the service is seen in a virtual machine: `service`, which ctest -L vm runs."""

import os
import re
import shlex
import subprocess
import sysconfig
from pathlib import Path

import pytest
from conftest import REPOSITORY, run

MULTIARCH = sysconfig.get_config_var("MULTIARCH")
UNIT = "vrrp-xdp.service"
# The machine's directories that a mistake could reach; each is made read-only, or is another one, for the commands alone.
_PROTECT = """
set -eu
mount --make-rprivate /
for directory in /*; do
    case $directory in
        /proc | /sys | /dev | /run) ;;
        *) [ ! -d $directory ] || [ -L $directory ] || {{ mount --bind $directory $directory; mount -o remount,bind,ro $directory; }} ;;
    esac
done
mount -t tmpfs none /run
mount -t tmpfs none {root}
for directory in /etc /var /tmp /usr; do
    ! touch $directory/writable 2>/dev/null || {{ rm $directory/writable; exit 1; }}
done
cd {root}
"""


def privately(root: Path, script: str, **environment: str) -> str:
    """Run a shell script with namespaces of its own, in a new and empty root, the only place that can be written to."""
    script = _PROTECT.format(root=shlex.quote(str(root))) + script
    return run(["unshare", "--mount", "--net", "sh", "-c", script], env={**os.environ, **environment})


def dependencies(package: Path) -> list[str]:
    """The packages that it needs, without versions; of a name that others provide, the one that is installed here."""
    names = [each.split()[0] for each in re.split(r",\s*", run(["dpkg-deb", "--field", package, "Depends"]).strip())]
    providers: dict[str, str] = {}
    for line in run(["dpkg-query", "--show", "--showformat", "${Package} ${Provides}\\n"]).splitlines():
        provider, *provided = re.sub(r"\([^)]*\)|,", "", line).split()
        providers |= {each: provider for each in (*provided, provider)}
    return [providers[name] for name in names]


def section(name: str) -> set[str]:
    """What scripts/packages lists under that heading."""
    return set((REPOSITORY / "scripts/packages").read_text().partition(f"[{name}]\n")[2].partition("\n[")[0].split())


def test_Lintian_FindsNothing(package: Path) -> None:
    said = run(["lintian", "--allow-root", "--fail-on", "warning", package])
    assert not [line for line in said.splitlines() if line[:2] in ("E:", "W:")]


def test_EveryLibraryOfTheProgram_IsOfAPackageThatItDependsOn(package: Path, program: Path) -> None:
    listed = dependencies(package)
    assert section("run") <= set(listed)
    needed = re.findall(r"NEEDED\s+(\S+)", run(["objdump", "-p", program]))
    paths = dict(re.findall(r"(\S+) => (\S+)", run(["ldd", program])))
    files = [f"*/{MULTIARCH}/{os.path.basename(os.path.realpath(paths[library]))}" for library in needed]
    owners = {line.partition(":")[0] for line in run(["dpkg-query", "--search", *files]).splitlines()}
    assert owners and owners <= set(listed)


def test_WhatTheBuildNeeds_IsWhatScriptsInstall() -> None:
    control = (REPOSITORY / "debian/control").read_text()
    listed = control.partition("Build-Depends:\n")[2].partition("\nStandards-Version")[0].split(",\n")
    needed = {each.split()[0].replace("-compat", "") for each in listed}
    assert section("build") - {"g++", "linux-libc-dev"} <= needed <= section("build") | section("package")


def test_Install_Remove_AndPurge_LeaveTheConfigurationAndNothingElse(package: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "status").write_text(
        "\n".join(run(["dpkg-query", "--status", name]).rstrip() + "\n" for name in dependencies(package))
    )
    dpkg = f"dpkg --root={root} --force-script-chrootless --force-not-root --log=/dev/null"
    script = f"""
        mkdir -p var/lib/dpkg/info var/lib/dpkg/updates etc run sys tmp
        touch var/lib/dpkg/available && cp {tmp_path}/status var/lib/dpkg/status
        find . -type f ! -path './var/*' | sort > tmp/before
        {dpkg} --install {package}
        echo "version: $(usr/sbin/vrrp-xdp --version)"
        echo "enabled: $(readlink etc/systemd/system/multi-user.target.wants/{UNIT})"
        test -x usr/libexec/vrrp-xdp/vrrp-xdp-guardian
        test -x usr/libexec/vrrp-xdp/keepalived-notify
        test -e usr/share/bash-completion/completions/vrrp-xdp
        echo kept > etc/vrrp-xdp.yaml
        mkdir -p run/vrrp-xdp/net-1 && touch run/vrrp-xdp/net-1/eth0.lock
        {dpkg} --install {package}
        {dpkg} --remove vrrp-xdp
        test ! -e usr/sbin/vrrp-xdp
        {dpkg} --purge vrrp-xdp
        echo "left: $(find etc usr run sys -type f -o -type l | sort | tr '\\n' ' ')"
        echo "configuration: $(cat etc/vrrp-xdp.yaml)"
    """
    said = privately(root, script)
    assert "version: vrrp-xdp " in said and f"enabled: /lib/systemd/system/{UNIT}" in said.replace("/usr/lib", "/lib")
    assert "left: etc/vrrp-xdp.yaml \n" in said and "configuration: kept" in said
    assert not list(root.iterdir())  # all of it was in the namespace


@pytest.mark.parametrize(
    ("call", "done"),
    [
        (("postinst", "configure", ""), ["systemctl --system daemon-reload"]),
        (("postinst", "configure", "0.1"), ["systemctl --system daemon-reload", f"deb-systemd-invoke try-restart {UNIT}"]),
        (("prerm", "remove"), [f"deb-systemd-invoke stop {UNIT}", "vrrp-xdp detach eth0.20"]),
        (("prerm", "upgrade", "0.2"), []),
        (("postrm", "remove"), ["systemctl --system daemon-reload"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_WhereSystemdRuns_TheScriptsTellIt(package: Path, tmp_path: Path, call: tuple[str, ...], done: list[str]) -> None:
    """With stand-ins for all that they call: nothing is started or stopped."""
    root, stand_ins, scripts = tmp_path / "root", tmp_path / "bin", tmp_path / "scripts"
    run(["dpkg-deb", "--control", package, scripts])
    root.mkdir()
    stand_ins.mkdir()
    for name in ("systemctl", "deb-systemd-invoke", "deb-systemd-helper", "vrrp-xdp"):
        path = stand_ins / name
        path.write_text(f'#!/bin/sh\necho "{name} $*" >> {root}/calls\n')
        path.chmod(0o755)
    script = f"""
        mkdir -p /run/systemd/system
        mount -t tmpfs none /sys/fs/bpf
        mkdir -p "/sys/fs/bpf/vrrp-xdp/net-$(stat -L -c %i /proc/self/ns/net)/eth0:20"
        {scripts}/{shlex.join(call)}
        cat calls
    """
    said = privately(root, f"touch {root}/calls\n{script}", PATH=f"{stand_ins}:{os.environ['PATH']}")
    assert [line for line in said.splitlines() if not line.startswith("deb-systemd-helper")] == done


def test_Shellcheck_LikesTheScripts() -> None:
    scripts = [REPOSITORY / "packaging" / name for name in ("debian-package", "source-tarball", "man/configuration")]
    scripts += sorted((REPOSITORY / "debian").glob("vrrp-xdp.p*[mt]"))
    assert len(scripts) == 5
    subprocess.run(["shellcheck", *scripts], check=True)
    subprocess.run(["shellcheck", "--shell=bash", REPOSITORY / "packaging/completion.bash"], check=True)
