# SPDX-License-Identifier: BSD-2-Clause
"""The JSON Schema of the configuration against the reader: it takes what the reader takes, and sees what a schema can see."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import]
import pytest
import yaml  # type: ignore[import]
from conftest import Run
from vrrp_lab.peers.vrrp_xdp import binary

REPOSITORY = Path(__file__).resolve().parents[2]
DONE, FAILED, WRONG_USAGE, BAD_CONFIGURATION = range(4)
ADDRESSES = "virtual-addresses: [192.0.2.254]"
IPV6 = "virtual-addresses: [fe80::10]"


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft7Validator:
    schema = json.loads(subprocess.run([binary(), "check", "--schema"], capture_output=True, check=True, timeout=30).stdout)
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


class Yaml12(yaml.SafeLoader):
    """YAML as the reader and the editors have it, to which "on" and "yes" are text."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


Yaml12.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))


def tree_of(text: str) -> Any:
    return yaml.load(text, Yaml12)


def router(keys: str, addresses: str = ADDRESSES) -> str:
    return "interfaces: {eth0: {virtual-routers: [{%s}]}}" % ", ".join(each for each in ("vrid: 10", keys, addresses) if each)


def is_read(run: Run, directory: Path, text: str) -> bool:
    file = directory / "file.yaml"
    file.write_text(text)
    return run("check", file).returncode == DONE


def examples() -> list[str]:
    """What the manual shows, and the example that is installed."""
    blocks = re.findall(r"^```yaml\n(.*?)^```", (REPOSITORY / "docs/configuration.md").read_text(), re.MULTILINE | re.DOTALL)
    return [(REPOSITORY / "packaging/vrrp-xdp.yaml").read_text(), *(block for block in blocks if "interfaces:" in block)]


VALID = [
    router(""),
    router("", IPV6),
    router("version: 2, authentication: secret, advertise-interval: 2s"),
    router("version: 2, authentication: 12345678, advertise-interval: 2000ms"),
    router("version: 2+3, advertise-interval: 40s"),
    router("version: 3, checksum: message-only, sub-centisecond: true, advertise-interval: 1ms"),
    router("version: 3", IPV6),
    router("priority: 255"),
    router("preempt: false, announcements: {repeat: 0, repeat-after: 1.5s, refresh: 60s}"),
    router("unicast-peers: [192.0.2.2], minimum-ttl: 1, source-address: 192.0.2.1, virtual-mac: false"),
    router("unicast-peers: ['2001:db8::2']", "virtual-addresses: ['2001:db8::1']"),
    router("hooks: [{command: [/bin/a, b, 1, true], on: [active], timeout: 1s, user: nobody}]"),
    "trackers: {a: {interface: eth1}, b: {route: 0.0.0.0/0, table: 7}, c: {command: [/c], interval: 1s, rise: 2}, "
    "d: {process: bird}, e: {file: /f, interval: 10ms}}\nstartup-delay: 0s\n"
    + router("track: {a: fault, b: -1, c: -253, e: value}"),
    "defaults: {version: 2, authentication: secret, checksum: message-only, preempt-delay: 1s}\n" + router(""),
    "defaults: {version: 2}\n" + router("authentication: secret"),
    "defaults: {version: 2, unicast-peers: [192.0.2.2]}\n" + router("minimum-ttl: 254"),
    "interfaces: {eth0: {defaults: {priority: 7}, virtual-routers: [{vrid: 1, virtual-addresses: [192.0.2.1]}]}}",
]


@pytest.mark.parametrize("text", VALID)
def test_Schema_TakesWhatTheReaderTakes(run: Run, tmp_path: Path, validator: jsonschema.Draft7Validator, text: str) -> None:
    assert is_read(run, tmp_path, text)
    validator.validate(tree_of(text))


def test_Schema_TakesEveryExample(validator: jsonschema.Draft7Validator) -> None:
    mistaken = 0
    for example in examples():
        if "prioritty" in example:
            mistaken += 1
            assert list(validator.iter_errors(tree_of(example)))
        else:
            validator.validate(tree_of(example))
    assert mistaken <= 1 < len(examples())


MISTAKES = [
    "", "[]", "interfaces: {}", "interfaces: {eth0: {}}", "interfaces: {eth0: {virtual-routers: []}}",
    "interfaces: {a/b: {virtual-routers: [{vrid: 1, virtual-addresses: [192.0.2.1]}]}}",
    "interfaces: {interface-name-16: {virtual-routers: [{vrid: 1, virtual-addresses: [192.0.2.1]}]}}",
    "interfaces: {eth0: {virtual-routers: [{virtual-addresses: [192.0.2.1]}]}}",
    "interfaces: {eth0: {virtual-routers: [{vrid: 10}]}}",
    "hooks: [{on: [active]}]\n" + router(""), "hooks: []\n" + router(""), "startup-delay: 3\n" + router(""),
    "interface: {}\n" + router(""), "defaults: {vrid: 3}\n" + router(""), "defaults: {priority: 300}\n" + router(""),
    "trackers: {up: {}}\n" + router(""), "trackers: {up: {interface: eth1, file: /f}}\n" + router(""),
    "trackers: {up: {interface: eth1, interval: 1s}}\n" + router(""), "trackers: {up: {process: a/b}}\n" + router(""),
    "trackers: {'a b': {interface: eth1}}\n" + router(""),
    *(
        router(keys)
        for keys in (
            "vrid: 0", "vrid: 256", "vrid: '10'", "prioritty: 200", "priority: 0", "priority: 256", "priority: high",
            "version: 1", "version: 4", "advertise-interval: 100", "advertise-interval: 1 s", "advertise-interval: 1m",
            "version: 2, advertise-interval: 100ms", "version: 2+3, advertise-interval: 1.5s", "preempt: yes please",
            "preempt: 'true'", "accept-mode: 1", "virtual-mac: []", "sync-group: a b", "preempt-delay: 5",
            "preempt-delay: 5s, preempt: false", "preempt-delay: 5s, priority: 255", "announcements: {}",
            "announcements: {repeat: 101}", "announcements: {again: 1}", "unicast-peers: []", "unicast-peers: [host]",
            "unicast-peers: 192.0.2.2", "minimum-ttl: 0", "minimum-ttl: 256", "source-address: 192.0.2.1/24",
            "checksum: full", "version: 2, checksum: message-only", "authentication: 123456789", "authentication: ''",
            "version: 3, authentication: secret", "version: 2+3, authentication: secret",
            "version: 2, sub-centisecond: true", "signed-advertisements: true", "track: {}", "track: {up: -254}",
            "track: {up: 10}", "hooks: [{command: ls}]", "hooks: [{command: [ls]}]", "hooks: [{command: [/ls], on: [up]}]",
        )
    ),
    *(
        router("", f"virtual-addresses: {addresses}")
        for addresses in ("[]", "192.0.2.1", "[192.0.2.1/24]", "[fe80::1%eth0]", "[name]", "[192.0.2.1, 'fe80::1']", "[{}]")
    ),
    *(router(keys, IPV6) for keys in ("version: 2", "version: 2+3", "checksum: message-only", "version: 2, authentication: secret")),
]  # fmt: skip


@pytest.mark.parametrize("text", MISTAKES)
def test_Schema_SeesTheMistake_AndSoDoesTheReader(run: Run, tmp_path: Path, validator: jsonschema.Draft7Validator, text: str) -> None:
    assert not is_read(run, tmp_path, text)
    assert list(validator.iter_errors(tree_of(text)))


def test_Schema_HasTheKeysOfTheReader(run: Run, tmp_path: Path, validator: jsonschema.Draft7Validator) -> None:
    schema: Any = validator.schema
    places = {
        router("x: 1"): schema["definitions"]["virtual-router"],
        "x: 1\n" + router(""): schema,
        "defaults: {x: 1}\n" + router(""): schema["definitions"]["defaults"],
        router("announcements: {x: 1}"): schema["definitions"]["virtual-router"]["properties"]["announcements"],
        router("hooks: [{command: [/a], x: 1}]"): schema["definitions"]["virtual-router"]["properties"]["hooks"]["items"],
        "trackers: {up: {file: /f, x: 1}}\n" + router(""): schema["properties"]["trackers"]["additionalProperties"],
        "interfaces: {eth0: {x: 1}}": schema["properties"]["interfaces"]["additionalProperties"],
    }
    file = tmp_path / "file.yaml"
    for text, mapping in places.items():
        file.write_text(text)
        match = re.search(r'unknown key "x".*\(allowed here: (.*)\)', run("check", file).stderr)
        assert match and match[1].split(", ") == list(mapping["properties"])
