# SPDX-License-Identifier: BSD-2-Clause
"""Makes random but plausible keepalived.conf files out of keepalived's grammar. One seed always gives the same file."""

from collections.abc import Callable
from pathlib import Path
from random import Random

from sealed import CONFIG_ID

_INTERFACES = ("eth0", "eth1", "eth2", "ens18", "bond0", "eth0.20")
_COMMANDS = (
    '"/usr/local/bin/check"', "/usr/local/bin/check", '"/usr/local/bin/check-web --host \'the web\'"', '"/usr/bin/killall -0 haproxy"',
    "'/usr/local/bin/check-dns'", '"killall -0 nginx"', '"/usr/bin/curl -s http://192.0.2.9/\\\\?a=b"', "/usr/bin/pgrep haproxy",
    '"/etc/keepalived/my\\\\ script.sh"', '"\\"/etc/keepalived/my script.sh\\" x"', '"/usr/local/bin/missing"',
)  # fmt: skip
_SCRIPTS = (
    '"/etc/keepalived/notify.sh"', "/etc/keepalived/notify.sh", '"/etc/keepalived/notify.sh up"', "/etc/keepalived/notify.sh root",
    '"/etc/keepalived/notify.sh a \'b c\'" nobody', "/etc/keepalived/notify.sh up", '"/etc/keepalived/my\\\\ script.sh"',
    "'/usr/local/bin/notify'",
    '"/usr/local/bin/notify" root root', '"/usr/local/bin/notify" ghost', "/usr/local/bin/notify root ghosts",
)  # fmt: skip
_IGNORED = (
    "lvs_sync_daemon_interface eth1", "smtp_alert", "garp_master_repeat 3", "garp_lower_prio_repeat 2", "debug 2", "promote_secondaries",
    "skip_check_adv_addr", "unknown_keyword 1", "garp_lower_prio_delay 10", "notify_master_rx_lower_pri /usr/local/bin/notify",
)  # fmt: skip
_COMMENTS = ("# don't touch", "! the \"old\" one", "#", "# a { b", "!}", "# $NAME ${NAME}", "   # it's \\")


class Generator:
    """Writes the file of one seed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._definitions: list[str] = []
        self._addresses = 0

    def write(self, directory: Path) -> None:
        """Writes keepalived.conf, and what it includes, into a directory."""
        blocks = self._blocks()
        if self._one_in(4):
            included = blocks.pop()
            (directory / "conf.d").mkdir()
            (directory / "conf.d" / "more.conf").write_text("\n".join(included) + "\n")
            pattern = self._random.choice(("conf.d/*.conf", "conf.d/more.conf"))
            keyword = self._random.choice(("include", "include", "includer", f"@{CONFIG_ID} include", "@^other include"))
            blocks.append([f"{keyword} {pattern}"])
        lines = self._definitions + [line for block in blocks for line in [*block, *self._noise()]]
        if self._one_in(4):
            lines.insert(0, "! Configuration File for keepalived")
        end = "\r\n" if self._one_in(10) else "\n"
        text = end.join(lines) + (end if not self._one_in(10) else "")
        with (directory / "keepalived.conf").open("w", newline="") as file:
            file.write(text)

    def _one_in(self, number: int) -> bool:
        return self._random.randrange(number) == 0

    def _noise(self) -> list[str]:
        choices: list[list[str]] = [[], [], [""], [self._random.choice(_COMMENTS)]]
        return self._random.choice(choices)

    def _spelt(self, value: object) -> str:
        """A value as somebody may write it."""
        text = str(value)
        kind = self._random.randrange(30)
        if kind == 0 and '"' not in text and "'" not in text:
            return f'"{text}"'
        if kind == 1 and text.isdigit():
            return "0" + text
        if kind == 2 and text.isdigit():
            return "+" + text
        if kind in (3, 4) and '"' not in text and "\\" not in text:
            name = f"V{len(self._definitions)}"
            self._definitions.append(f"${name}={text}")
            return f"${name}" if kind == 3 else f"${{{name}}}"
        return text

    def _line(self, keyword: str, *values: object) -> str:
        line = " ".join([keyword, *(self._spelt(value) for value in values)])
        kind = self._random.randrange(40)
        if kind == 0:
            return f"@{CONFIG_ID} {line}"
        if kind == 1:
            return f"@^other {line}"
        if kind == 2:
            return f"{line} # {self._random.choice(('was 1', 'it is', '!'))}"
        if kind == 3:
            return line.replace(" ", "\t ", 1)
        return line

    def _block(self, head: str, lines: list[str], depth: int = 0) -> list[str]:
        indent = self._random.choice(("    ", "\t", "  ", "")) * depth
        if len(lines) == 1 and "#" not in lines[0] and self._one_in(4):
            return [f"{indent}{head} {{ {lines[0]} }}"]
        inner = self._random.choice(("    ", "\t", "  "))
        begin = [f"{indent}{head} {{"] if not self._one_in(6) else [f"{indent}{head}", indent + "{"]
        if self._one_in(30):
            begin = [f"{indent}{head}{{"]
        return [*begin, *(indent + inner + line for line in lines), indent + "}"]

    def _maybe(self, number: int, make: Callable[[], list[str]]) -> list[str]:
        return make() if self._one_in(number) else []

    def _blocks(self) -> list[list[str]]:
        self._script_names = [f"chk{number}" for number in range(self._random.randrange(3))]
        self._process_names = [f"proc{number}" for number in range(self._random.choice((0, 0, 1, 2)))]
        self._file_names = [f"file{number}" for number in range(self._random.choice((0, 0, 1, 2)))]
        self._instance_names = [f"VI_{number}" for number in range(1, self._random.choice((2, 2, 3, 3, 4)))]
        trackers = [self._script(name) for name in self._script_names]
        trackers += [self._process(name) for name in self._process_names]
        trackers += [self._file(name) for name in self._file_names]
        instances = [self._instance(number, name) for number, name in enumerate(self._instance_names, 1)]
        blocks = [*trackers, *self._groups(), *instances]
        if self._one_in(6):
            self._random.shuffle(blocks)
        if self._one_in(12):
            blocks.append(self._random.choice(trackers + instances))
        if self._one_in(20):
            blocks.append(self._block("vrrp_instance", [self._line("interface", "eth0"), self._line("virtual_router_id", 99)]))
        if not self._one_in(4):
            blocks.insert(0 if not self._one_in(6) else len(blocks), self._globals())
        if self._one_in(12):
            blocks.append(self._sequence())
        return blocks

    def _globals(self) -> list[str]:
        lines = [self._line("router_id", self._random.choice(("LVS_DEVEL", "r1", '"a b"')))]
        choice = self._random.choice
        lines += self._maybe(3, lambda: [self._line("vrrp_version", choice((2, 3, 3, 3, 4)))])
        lines += self._maybe(6, lambda: [choice(("vrrp_strict", "vrrp_strict", "vrrp_strict off"))])
        lines += self._maybe(3, lambda: [self._line("script_user", choice(("root", "root", "nobody", "ghost")))])
        lines += self._maybe(4, lambda: ["enable_script_security"])
        lines += self._maybe(5, lambda: [self._line("vrrp_garp_master_refresh", choice((0, 10, 60, "60x")))])
        lines += self._maybe(6, lambda: [self._line("vrrp_garp_master_delay", choice((0, 1, 5, 10)))])
        lines += self._maybe(8, lambda: [choice(("vrrp_min_garp", "vrrp_min_garp true", "vrrp_min_garp off"))])
        lines += self._maybe(8, lambda: ["vrrp_skip_check_adv_addr", "vrrp_garp_interval 0.001"])
        if self._one_in(4):
            self._random.shuffle(lines)
        lines += self._maybe(8, lambda: self._block("notification_email", ["root@example.org", "o'neil@example.org"]))
        return self._block("global_defs", lines)

    def _weight(self) -> object:
        return self._random.choice((-20, -50, 5, 20, 2, 10, -2, 0, 150, -254, 254, 255, -253, 253, "10x", "abc"))

    def _script(self, name: str) -> list[str]:
        lines = [f"script {self._random.choice(_COMMANDS)}"]
        choice = self._random.choice
        lines += self._maybe(2, lambda: [self._line("interval", choice((0, 1, 2, 5, 10, "3s")))])
        lines += self._maybe(2, lambda: [self._line("weight", self._weight())])
        lines += self._maybe(4, lambda: [self._line("timeout", choice((1, 3, 0)))])
        lines += self._maybe(3, lambda: [self._line("rise", choice((1, 2, 3, 0)))])
        lines += self._maybe(3, lambda: [self._line("fall", choice((1, 2, 3, "x")))])
        lines += self._maybe(5, lambda: [self._line("user", choice(("root", "nobody", "nobody nogroup", "ghost")))])
        lines += self._maybe(9, lambda: ["init_fail"])
        self._random.shuffle(lines)
        return self._block(f"vrrp_script {name}", lines)

    def _process(self, name: str) -> list[str]:
        lines = [self._line("process", self._random.choice(("haproxy", "/usr/sbin/haproxy", "nginx", "a-rather-long-name-of-one")))]
        lines += self._maybe(2, lambda: [self._line("weight", self._weight())])
        lines += self._maybe(6, lambda: [self._line("weight", 7)])
        return self._block(f"vrrp_track_process {name}", lines)

    def _file(self, name: str) -> list[str]:
        lines = [self._line("file", f"/run/{name}")]
        lines += self._maybe(2, lambda: [self._line("weight", self._random.choice((0, 1, 1, 2, -1, 255)))])
        return self._block(f"{self._random.choice(('track_file', 'vrrp_track_file'))} {name}", lines)

    def _tracks(self) -> list[str]:
        lines: list[str] = []
        for keyword, names in (
            ("track_interface", [*_INTERFACES[:3]]),
            ("track_script", [*self._script_names, "chk9"]),
            ("track_process", self._process_names),
            ("track_file", self._file_names),
        ):
            if names and self._one_in(3):
                chosen = self._random.sample(names, self._random.randint(1, min(2, len(names))))
                if self._one_in(15):
                    chosen.append(chosen[0])
                lines += self._block(keyword, [self._track(name) for name in chosen])
        return lines

    def _track(self, name: str) -> str:
        if not self._one_in(3):
            return name
        text = f"{name} weight {self._weight()}"
        kind = self._random.randrange(20)
        return {0: f"{name} weight", 1: f"{name} wait 5", 2: f"{text} reverse", 3: f"{text} noreverse", 4: f"{text} # x"}.get(kind, text)

    def _groups(self) -> list[list[str]]:
        if len(self._instance_names) < 2 or not self._one_in(2):
            return []
        members = self._instance_names[: self._random.choice((1, 2, 2, 3))] + (["VI_9"] if self._one_in(10) else [])
        lines = self._block("group", members if not self._one_in(5) else [" ".join(members)])
        lines += self._maybe(5, lambda: [self._random.choice(("global_tracking", "sync_group_tracking_weight"))])
        lines += self._notify()
        lines += self._maybe(4, self._tracks)
        blocks = [self._block("vrrp_sync_group VG_1", lines)]
        if self._one_in(15):
            blocks.append(self._block("vrrp_sync_group VG_1", self._block("group", members)))
        return blocks

    def _notify(self) -> list[str]:
        lines = []
        for keyword in ("notify_master", "notify_backup", "notify_fault", "notify_stop", "notify"):
            if self._one_in(5):
                lines.append(f"{keyword} {self._random.choice(_SCRIPTS)}")
            if self._one_in(40):
                lines.append(f"{keyword} {self._random.choice(_SCRIPTS)}")
        return lines

    def _address(self, family: int) -> str:
        self._addresses += 1
        return f"192.0.2.{self._addresses}" if family == 4 else f"2001:db8::{self._addresses:x}"

    def _addresses_of(self, family: int) -> list[str]:
        lines = []
        for _ in range(self._random.choice((1, 1, 1, 2, 3))):
            address = self._address(family)
            line = self._spelt(address) if self._one_in(3) else address + self._random.choice(("", "/24", "/32", "/64"))
            options = ("", "", "", " dev eth1", " label eth0:1", " scope global", " brd 192.0.2.255", " dev", " no_track", " nonsense")
            lines.append(line + self._random.choice(options))
        if self._one_in(15):
            lines.append(self._random.choice((lines[0], "no-address", "127.0.0.1", self._address(10 - family))))
        if family == 6 and self._one_in(2):
            lines.insert(0, f"fe80::{self._addresses}")
        return lines

    def _authentication(self) -> list[str]:
        passwords = ("1111", "secret", "'abc'", '"a b"', "ab\\cd", "longer-than-eight", "don't", "a\\#b", "p$ss", "", "x!y", '"q#r"')
        password = self._random.choice(passwords)
        lines = [self._line("auth_type", self._random.choice(("PASS", "PASS", "PASS", "PASS", "AH", "NONE")))]
        if password:
            lines.append(f"auth_pass {password}")
        return self._block("authentication", lines)

    def _unicast(self, family: int) -> list[str]:
        peers = [self._address(family) for _ in range(self._random.choice((1, 1, 2)))]
        lines = [peer + self._random.choice(("", "", "", "/24", " min_ttl 254", " max_ttl 255")) for peer in peers]
        if self._one_in(8):
            lines.append(self._random.choice(("nobody", self._address(10 - family), peers[0])))
        if self._one_in(15):
            lines = []
        text = self._block("unicast_peer", lines)
        return [*text, self._line("unicast_src_ip", self._address(family))] if self._one_in(2) else text

    def _instance(self, number: int, name: str) -> list[str]:
        choice = self._random.choice
        family = choice((4, 4, 4, 6))
        parts = [[self._line("interface", choice(_INTERFACES))], [self._line("virtual_router_id", 50 + number)]]
        parts += self._some(5, 6, lambda: [self._line("state", choice(("MASTER", "BACKUP", "BACKUP", "EQUAL", "backup")))])
        parts += self._some(6, 7, lambda: [self._line("priority", choice((100, 101, 150, 90, 200, 254, 255, 1, 0, 256, "100x")))])
        intervals = (1, 2, 5, 0.5, 1.5, 10, 0, 40.95, 41, 255, 256, "1s", 0.015, ".2")
        parts += self._some(3, 4, lambda: [self._line("advert_int", choice(intervals))])
        parts += self._some(1, 6, lambda: [self._line("version", choice((2, 3, 3, 4)))])
        parts += self._some(1, 4, lambda: ["nopreempt"])
        parts += self._some(1, 20, lambda: ["preempt"])
        parts += self._some(1, 5, lambda: [self._line("preempt_delay", choice((0, 1, 30, 2.5, 300, 1001, "5s")))])
        parts += self._some(1, 6, lambda: [choice(("use_vmac", f"use_vmac vrrp.{number}", "use_vmac\tvmac_xmit_base"))])
        parts += self._some(1, 8, lambda: [choice(("accept", "no_accept", "strict_mode", "strict_mode off", "strict_mode on"))])
        parts += self._some(1, 3, self._authentication)
        parts += self._some(1, 4, lambda: self._unicast(family))
        parts += self._some(1, 10, lambda: [self._line("mcast_src_ip", self._address(choice((family, family, 10 - family))))])
        parts += self._some(1, 8, lambda: [self._line("garp_master_delay", choice((0, 1, 10)))])
        parts += self._some(1, 8, lambda: [self._line("garp_master_refresh", choice((0, 30, 60)))])
        parts += self._some(1, 3, self._tracks)
        parts += self._some(1, 2, self._notify)
        parts += self._some(1, 5, lambda: [choice(_IGNORED)])
        parts += self._some(1, 12, lambda: self._block("virtual_ipaddress_excluded", [self._address(4)]))
        parts += self._some(19, 20, lambda: self._block("virtual_ipaddress", self._addresses_of(family)))
        if self._one_in(3):
            self._random.shuffle(parts)
        if self._one_in(15):
            parts.append(choice(parts))
        lines = [line for part in parts for line in part]
        return self._block(f"vrrp_instance {choice((name, name, name, name, f'{chr(34)}{name}{chr(34)}'))}", lines)

    def _some(self, times: int, of: int, make: Callable[[], list[str]]) -> list[list[str]]:
        return [make()] if self._random.randrange(of) < times else []

    def _sequence(self) -> list[str]:
        first = 60
        last = first + self._random.randrange(1, 3)
        definition = [
            "$SEQUENCE= \\", "vrrp_instance SEQ_${N} { \\", "  interface eth3 \\", "  virtual_router_id ${N} \\",
            self._random.choice(("#  use_vmac \\", "  use_vmac \\", "  nopreempt \\")),
            "  virtual_ipaddress { \\", "    198.51.100.${N} \\", "  } \\", "}",
        ]  # fmt: skip
        if self._one_in(2):
            return [*definition, f"$LAST={last}", f"~SEQ(N, {first}, $LAST) $SEQUENCE"]
        return [*definition, f"~LST(N, {first}, {last}) $SEQUENCE"]
