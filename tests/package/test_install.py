# SPDX-License-Identifier: BSD-2-Clause
"""What cmake --install installs: what works there, and what is not in it. rebuild/ has other layouts."""

import json
import re
from pathlib import Path

from conftest import run
from installed import guardian_of

# What the bill of materials calls the libraries that the program loads when it starts.
_LIBRARIES = {
    "libbpf": "libbpf",
    "libnl-3": "libnl",
    "libnl-route-3": "libnl",
    "libnl-genl-3": "libnl",
    "libsystemd": "libsystemd",
    "libspdlog": "spdlog",
    "libfmt": "fmt",
    "libyaml-cpp": "yaml-cpp",
    "libc": "glibc",
    "libm": "glibc",
    "libstdc++": "libstdc++",
    "libgcc_s": "libstdc++",
}


def test_TheInstalledProgram_RunsTheGuardianThatWasInstalledWithIt(installed: Path) -> None:
    assert guardian_of(installed / "sbin/vrrp-xdp") == str(installed / "libexec/vrrp-xdp/vrrp-xdp-guardian")


def test_AMovedInstallation_RunsItsGuardianStill(installed: Path, tmp_path: Path) -> None:
    run(["cp", "-r", installed, tmp_path / "moved"])
    assert guardian_of(tmp_path / "moved/sbin/vrrp-xdp") == str(tmp_path / "moved/libexec/vrrp-xdp/vrrp-xdp-guardian")


def test_WithoutItsGuardian_TheProgramSaysWhereItLooked(installed: Path, tmp_path: Path) -> None:
    run(["cp", "-r", installed, tmp_path / "moved"])
    (tmp_path / "moved/libexec/vrrp-xdp/vrrp-xdp-guardian").unlink()
    said = guardian_of(tmp_path / "moved/sbin/vrrp-xdp")
    assert f"neither in {tmp_path}/moved/sbin nor at {tmp_path}/moved/libexec/vrrp-xdp/vrrp-xdp-guardian" in said


def test_NothingOfOneDistribution_IsInstalled(installed: Path) -> None:
    files = {str(path.relative_to(installed)) for path in installed.rglob("*") if path.is_file()}
    assert {"share/doc/vrrp-xdp/README.md", "share/doc/vrrp-xdp/docs/design/lease.md", "share/man/man8/vrrp-xdp.8"} <= files
    assert not [file for file in files if re.search(r"lintian|copyright|changelog|\.gz$", file)]


def test_TheBillOfMaterials_HasEveryLibraryThatTheProgramLoads(installed: Path, program: Path) -> None:
    document = json.loads((installed / "share/doc/vrrp-xdp/vrrp-xdp.spdx.json").read_text())
    packages = {package["SPDXID"]: package for package in document["packages"]}
    assert document["spdxVersion"] == "SPDX-2.3" and len(packages) == len(document["packages"])
    for relation in document["relationships"]:
        assert {relation["spdxElementId"], relation["relatedSpdxElement"]} <= {*packages, "SPDXRef-DOCUMENT"}
    shared = {
        packages[relation["relatedSpdxElement"]]["name"]
        for relation in document["relationships"]
        if (relation["spdxElementId"], relation["relationshipType"]) == ("SPDXRef-vrrp-xdp", "DYNAMIC_LINK")
    }
    assert shared == {_LIBRARIES[file] for file in re.findall(r"NEEDED\s+(\S+?)\.so\.", run(["objdump", "-p", program]))}
    versions = {package["name"]: package.get("versionInfo") for package in document["packages"]}
    assert versions["vrrp-xdp"] == run([program, "--version"]).split()[1]
    assert [name for name, version in versions.items() if version is None] == ["readerwriterqueue"]
