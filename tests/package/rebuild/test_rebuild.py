# SPDX-License-Identifier: BSD-2-Clause
"""Builds out of the source tarball, as packagers make them: both packages, the same bytes twice, other layouts and options.

The tarball is of the commit that is checked out. clang builds it, and without optimisation, as that takes a fraction of the
time. What g++ makes of it is built by scripts/test.
"""

import os
import re
import sysconfig
import tarfile
from pathlib import Path

import pytest
from conftest import REPOSITORY, run
from installed import guardian_of

VERSION = (REPOSITORY / "CMakeLists.txt").read_text().partition("project(vrrp-xdp VERSION ")[2].split()[0]
COMPILERS = {**os.environ, "CC": "clang", "CXX": "clang++"}


class DebianBuild:
    """The unpacked tarball, with the Debian package that dpkg-buildpackage makes of it, and the build tree of that."""

    def __init__(self, tarball: Path, directory: Path, options: str = "") -> None:
        with tarfile.open(tarball) as archive:
            archive.extractall(directory)
        self.directory = directory
        self.sources = directory / f"vrrp-xdp-{VERSION}"
        self.tree = self.sources / f"obj-{sysconfig.get_config_var('MULTIARCH')}"
        (directory / f"vrrp-xdp_{VERSION}.orig.tar.gz").hardlink_to(tarball)
        run(["dpkg-buildpackage", "--no-sign"], cwd=self.sources, env={**COMPILERS, "DEB_BUILD_OPTIONS": f"noopt {options}"})

    def packages(self) -> dict[str, bytes]:
        return {re.sub(r"_.*", "", path.name): path.read_bytes() for path in self.directory.glob("*.deb")}


@pytest.fixture(scope="module")
def tarball(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("tarball")
    run([REPOSITORY / "packaging/source-tarball", VERSION, directory])
    (made,) = directory.iterdir()
    return made


@pytest.fixture(scope="module")
def built(tarball: Path, tmp_path_factory: pytest.TempPathFactory) -> DebianBuild:
    return DebianBuild(tarball, tmp_path_factory.mktemp("one"))


def install(built: DebianBuild, prefix: Path, *options: str) -> Path:
    """Compiles what these options change, and installs all of it."""
    defaults = ["-DCMAKE_INSTALL_SBINDIR=sbin", "-DCMAKE_INSTALL_LIBEXECDIR=libexec", f"-DCMAKE_INSTALL_PREFIX={prefix}"]
    run(["cmake", "-S", built.sources, "-B", built.tree, *defaults, *options])
    run(["cmake", "--build", built.tree])
    run(["cmake", "--install", built.tree])
    return prefix


def test_TwoTarballsOfACommit_AreTheSame(tarball: Path, tmp_path: Path) -> None:
    run([REPOSITORY / "packaging/source-tarball", VERSION, tmp_path])
    assert (tmp_path / tarball.name).read_bytes() == tarball.read_bytes()


def test_LintianFindsNothing_InTheDebianPackageAndItsSources(built: DebianBuild) -> None:
    (changes,) = built.directory.glob("*.changes")
    said = run(["lintian", "--allow-root", "--fail-on", "warning", changes])
    assert not [line for line in said.splitlines() if line[:2] in ("E:", "W:")]
    assert set(built.packages()) == {"vrrp-xdp", "vrrp-xdp-dbgsym"}


def test_TwoBuildsInTwoDirectories_GiveTheSameBytes(built: DebianBuild, tarball: Path, tmp_path: Path) -> None:
    another = tmp_path / "with-a-longer-name" / "deeper"
    another.mkdir(parents=True)
    # Without what Debian does to have that of packages whose own build does not care.
    again = DebianBuild(tarball, another, "reproducible=-fixfilepath,-fixdebugpath")
    assert [name for name, content in built.packages().items() if again.packages()[name] != content] == []


@pytest.mark.parametrize("layout", ["default", "lib", "absolute"])
def test_InEachLayout_TheGuardianIsFound(built: DebianBuild, tmp_path: Path, layout: str) -> None:
    absolute = str(tmp_path / "elsewhere")
    sbin, libexec = {"default": ("sbin", "libexec"), "lib": ("bin", "lib"), "absolute": ("sbin", absolute)}[layout]
    prefix = install(
        built, tmp_path / "prefix", f"-DCMAKE_INSTALL_SBINDIR={sbin}", f"-DCMAKE_INSTALL_LIBEXECDIR={libexec}"
    )
    assert guardian_of(prefix / sbin / "vrrp-xdp") == str(prefix / libexec / "vrrp-xdp/vrrp-xdp-guardian")
    unit = (prefix / "lib/systemd/system/vrrp-xdp.service").read_text()
    assert f"ExecStart={prefix}/{sbin}/vrrp-xdp attach" in unit


def test_WithoutOptionalParts_ItBuildsAndRuns(built: DebianBuild, tmp_path: Path) -> None:
    prefix = install(built, tmp_path, "-DVRRP_XDP_SYSTEMD=OFF", "-DVRRP_XDP_STATIC_GUARDIAN=OFF", "-DVRRP_XDP_MANUAL=OFF")
    assert "libsystemd" not in run(["objdump", "-p", prefix / "sbin/vrrp-xdp"])
    assert "NEEDED" in run(["objdump", "-p", prefix / "libexec/vrrp-xdp/vrrp-xdp-guardian"])
    assert guardian_of(prefix / "sbin/vrrp-xdp") == str(prefix / "libexec/vrrp-xdp/vrrp-xdp-guardian")
    assert not [path for path in prefix.rglob("*") if path.name in ("vrrp-xdp.service", "vrrp-xdp.8")]


def test_TheRpm_IsBuiltFromTheTarball(tarball: Path, tmp_path: Path) -> None:
    # Debian's rpm knows of no package that is installed.
    run(["rpmbuild", "--nodeps", "--define", f"_topdir {tmp_path}", "--define", "optflags -O0", "-ta", tarball], env=COMPILERS)
    (binary,) = tmp_path.glob("RPMS/*/*.rpm")
    files = run(["rpm", "--query", "--list", "--package", binary]).split()
    assert {"/usr/sbin/vrrp-xdp", "/usr/libexec/vrrp-xdp/vrrp-xdp-guardian", "/usr/lib/systemd/system/vrrp-xdp.service"} <= set(files)
    unpacked = tmp_path / "unpacked"
    unpacked.mkdir()
    run(["sh", "-c", 'rpm2cpio "$0" | cpio --extract --make-directories --quiet', binary], cwd=unpacked)
    assert guardian_of(unpacked / "usr/sbin/vrrp-xdp") == str(unpacked / "usr/libexec/vrrp-xdp/vrrp-xdp-guardian")
    assert [path.name for path in tmp_path.glob("SRPMS/*.rpm")] == [f"vrrp-xdp-{VERSION}-1.src.rpm"]
