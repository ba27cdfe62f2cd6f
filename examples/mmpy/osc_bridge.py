"""Turns OSC 1.0 messages that come by UDP into controllers, and controllers into messages.

    mmrecv -p keys | mmpy osc_bridge.py -- 9000 tablet 9001 | mmsend -p synth

The arguments are the port to listen at, and the host and the port to send to. A message is
/cc/CHANNEL/CONTROLLER and a number from 0 to 1: /cc/1/74 0.5.
"""

import re
import socket
import struct
import sys
from collections.abc import Iterator

import mm

port = int(sys.argv[1])
remote = socket.gethostbyname(sys.argv[2]), int(sys.argv[3])
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", port))


def encode(address: str, value: float) -> bytes:
    # A string ends with a zero byte, and more of them up to a multiple of four.
    text = address.encode() + b"\0" * (4 - len(address) % 4)
    return text + b",f\0\0" + struct.pack(">f", value)


def decode(data: bytes) -> tuple[str, float]:
    """The address of a message, and its argument, which is a float or an int."""
    address = data[: data.index(b"\0")]
    tag = len(address) // 4 * 4 + 4
    kind = {b",f\0\0": ">f", b",i\0\0": ">i"}[data[tag : tag + 4]]
    (value,) = struct.unpack_from(kind, data, tag + 4)
    return address.decode("ascii"), value


def receive(sock: socket.socket) -> None:
    data = sock.recv(65536)
    try:
        address, value = decode(data)
        place = re.fullmatch(r"/cc/(\d+)/(\d+)", address)
        if place:
            value = round(127 * min(max(value, 0), 1))
            mm.send(mm.control_change(int(place[1]), int(place[2]), value))
    except (KeyError, ValueError, struct.error):
        mm.log(f"no message of one number to a controller: {data!r}")


@mm.on("control-change")
def forward(e: mm.control_change) -> Iterator[mm.Event]:
    yield e  # first: a network that is down does not stop the music
    sock.sendto(encode(f"/cc/{e.channel}/{e.controller}", e.value / 127), remote)


mm.watch(sock, receive)
