# SPDX-License-Identifier: BSD-2-Clause
"""Recording frames on any number of interfaces in any namespaces, with the kernel's receive times."""

import ctypes
import enum
import os
import selectors
import socket
import struct
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from .frames import Direction, Frame
from .netns import Namespace
from .waiting import PATIENCE_S
from .wire import ETH_P_8021Q, ETH_P_ALL, ETH_P_IP, ETH_P_IPV6

# Not all of these are in Python's socket module.
_SO_RCVBUFFORCE = 33
_SO_TIMESTAMPNS = 35
_SO_ATTACH_FILTER = 26
_SOL_PACKET = 263
_PACKET_STATISTICS = 6
_PACKET_AUXDATA = 8
_PACKET_OUTGOING = 4
_TP_STATUS_VLAN_VALID = 1 << 4
_TP_STATUS_VLAN_TPID_VALID = 1 << 6

_RECEIVE_BUFFER_BYTES = 32 << 20
_LONGEST_FRAME_BYTES = 65536
_SHOWN_FRAMES = 30


@dataclass(frozen=True)
class Port:
    """Where to listen. `at_node` is False on the far end of the node's cable, where directions are the other way round."""

    node: str
    namespace: Namespace
    interface: str
    at_node: bool


class Filter(enum.Enum):
    """What to record: CONTROL leaves out the UDP and TCP with which tests load a path."""

    CONTROL = "control"
    EVERYTHING = "everything"


class Capture:
    """Records from `with` to its end. Frames can be queried and waited for meanwhile and afterwards."""

    def __init__(self, ports: Sequence[Port], only: Filter = Filter.CONTROL) -> None:
        self._ports = ports
        self._only = only
        self._sockets: dict[socket.socket, Port] = {}
        self._frames: list[Frame] = []
        self._arrived = threading.Condition()
        self._wake_read, self._wake_write = os.pipe()
        self._thread = threading.Thread(target=self._record, name="capture", daemon=True)
        self._drops = 0

    def __enter__(self) -> "Capture":
        for port in self._ports:
            self._sockets[_open(port, self._only)] = port
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Stop recording; what was recorded stays. Harmless when it is closed already."""
        if self._wake_write < 0:
            return
        os.close(self._wake_write)
        self._wake_write = -1
        if self._thread.ident is not None:
            self._thread.join()
        os.close(self._wake_read)
        self._count_drops()
        for each in self._sockets:
            each.close()
        self._sockets.clear()

    def frames(self, predicate: Callable[[Frame], object] | None = None, *, since_ns: int = 0) -> list[Frame]:
        """What was recorded at or after `since_ns` (CLOCK_REALTIME) and fits, in the order of the kernel's times."""
        with self._arrived:
            recorded = list(self._frames)
        fitting = [f for f in recorded if f.time_ns >= since_ns and (predicate is None or predicate(f))]
        return sorted(fitting, key=lambda frame: frame.time_ns)

    def wait_for(
        self,
        predicate: Callable[[Frame], object],
        what: str,
        *,
        timeout_s: float = PATIENCE_S,
        since_ns: int = 0,
        count: int = 1,
    ) -> Frame:
        """The `count`-th frame that fits and was recorded at or after `since_ns`, waiting for it where it has not come yet.

        Raises AssertionError with the last frames after `timeout_s`.
        """
        deadline = time.monotonic() + timeout_s
        seen = 0
        at = 0
        while True:
            with self._arrived:
                if at == len(self._frames):
                    self._arrived.wait(max(0.0, deadline - time.monotonic()))
                new = self._frames[at:]
            at += len(new)
            for frame in new:
                if frame.time_ns >= since_ns and predicate(frame):
                    seen += 1
                    if seen == count:
                        return frame
            if time.monotonic() >= deadline:
                raise AssertionError(f"not seen within {timeout_s} s: {what}, {seen} of {count}\n{self.describe()}")

    def describe(self, last: int = _SHOWN_FRAMES) -> str:
        """The last frames that nodes sent, one a line, for messages about failures."""
        frames = self.frames()
        start_ns = frames[0].time_ns if frames else 0
        sent = [frame.describe(since_ns=start_ns) for frame in frames if frame.direction is Direction.FROM_NODE]
        return "\n".join([f"{len(frames)} frames recorded, {self.drops()} dropped; sent last:", *sent[-last:]])

    def drops(self) -> int:
        """How many frames the kernel had no room for."""
        self._count_drops()
        return self._drops

    def write_pcap(self, path: Path, *, sent_only: bool = True) -> None:
        """Write a pcap with nanosecond times; with `sent_only` each frame once, where its sender's port had it."""
        with open(path, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, _LONGEST_FRAME_BYTES, 1))
            for frame in self.frames(lambda f: not sent_only or f.direction is Direction.FROM_NODE):
                seconds, nanoseconds = divmod(frame.time_ns, 1_000_000_000)
                file.write(struct.pack("<IIII", seconds, nanoseconds, len(frame.data), len(frame.data)) + frame.data)

    def _count_drops(self) -> None:
        for each in self._sockets:
            # Reading the statistics resets them.
            _, dropped = struct.unpack("II", each.getsockopt(_SOL_PACKET, _PACKET_STATISTICS, 8))
            self._drops += dropped

    def _record(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._wake_read, selectors.EVENT_READ)
            for each in self._sockets:
                selector.register(each, selectors.EVENT_READ)
            stopping = False
            while True:
                # After the order to stop, once more: what had come before it belongs to the record.
                ready = [key.fileobj for key, _ in selector.select(0 if stopping else None)]
                new = [frame for each in ready if isinstance(each, socket.socket) for frame in self._drain(each)]
                if new:
                    with self._arrived:
                        self._frames.extend(new)
                        self._arrived.notify_all()
                if stopping and not new:
                    return
                stopping = stopping or self._wake_read in ready

    def _drain(self, each: socket.socket) -> list[Frame]:
        frames: list[Frame] = []
        while True:
            try:
                frame = _receive(each, self._sockets[each])
            except BlockingIOError:
                return frames
            except OSError:
                # The interface went down or away: there is nothing more to read, and that may be what is tested.
                return frames
            frames.append(frame)


def _receive(each: socket.socket, port: Port) -> Frame:
    data, ancillary, _, address = each.recvmsg(_LONGEST_FRAME_BYTES, 256)
    time_ns = 0
    for level, kind, value in ancillary:
        if level == socket.SOL_SOCKET and kind == _SO_TIMESTAMPNS:
            seconds, nanoseconds = struct.unpack("qq", value[:16])
            time_ns = seconds * 1_000_000_000 + nanoseconds
        elif level == _SOL_PACKET and kind == _PACKET_AUXDATA:
            data = _with_tag(data, value)
    outgoing = address[2] == _PACKET_OUTGOING
    direction = Direction.FROM_NODE if outgoing == port.at_node else Direction.TO_NODE
    return Frame(time_ns or time.time_ns(), port.node, direction, data)


def _with_tag(data: bytes, auxdata: bytes) -> bytes:
    """The kernel takes the outermost VLAN tag out of a frame; put it back where it was."""
    status, _, _, _, _, tci, tpid = struct.unpack("IIIHHHH", auxdata[:20])
    if not status & _TP_STATUS_VLAN_VALID:
        return data
    ethertype = tpid if status & _TP_STATUS_VLAN_TPID_VALID else ETH_P_8021Q
    return data[:12] + struct.pack("!HH", ethertype, tci) + data[12:]


def _open(port: Port, only: Filter) -> socket.socket:
    opened = port.namespace.socket(socket.AF_PACKET, socket.SOCK_RAW)
    try:
        opened.setblocking(False)
        opened.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _RECEIVE_BUFFER_BYTES)
        opened.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        opened.setsockopt(_SOL_PACKET, _PACKET_AUXDATA, 1)
        if only is Filter.CONTROL:
            _attach_control_filter(opened)
        # Opened without a protocol, so nothing was received before the options stood and the interface was chosen.
        opened.bind((port.interface, ETH_P_ALL))
    except BaseException:
        opened.close()
        raise
    return opened


def _attach_control_filter(opened: socket.socket) -> None:
    load_half, load_byte, jump, jump_equal, answer = 0x28, 0x30, 0x05, 0x15, 0x06
    program = [  # each jump says how many lines it skips, when equal and when not
        (load_half, 0, 0, 12),
        (jump_equal, 0, 2, ETH_P_IP),
        (load_byte, 0, 0, 23),
        (jump, 0, 0, 2),
        (jump_equal, 0, 3, ETH_P_IPV6),
        (load_byte, 0, 0, 20),
        (jump_equal, 2, 0, socket.IPPROTO_UDP),
        (jump_equal, 1, 0, socket.IPPROTO_TCP),
        (answer, 0, 0, 0xFFFFFFFF),
        (answer, 0, 0, 0),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in program))
    opened.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, struct.pack("HxxxxxxP", len(program), ctypes.addressof(code)))
