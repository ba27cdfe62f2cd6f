"""Sends events to another machine as UDP datagrams of lines, and prints those that come from it.

    mmrecv -p keys | mmpy udp_bridge.py -- 5005 stage 5005 | mmsend -p synth

The arguments are the port to listen at, and the other machine's host and port. Who ends releases
what it has sent; what came from one that falls silent is released here.
"""

import socket
import sys
from contextlib import suppress

import mm

port, host, peer = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", port))
sock.connect((host, peer))  # from now on nobody else is heard
heard: float | None = None


@mm.on()
def transmit(e: mm.Event) -> None:
    # The times of one machine mean nothing to another. It may not be there yet: refused.
    with suppress(ConnectionRefusedError):
        sock.send(f"{e.replace(time=None)}\n".encode())


def receive(sock: socket.socket) -> None:
    global heard
    with suppress(ConnectionRefusedError):
        lines = sock.recv(65536).decode(errors="replace").splitlines()
        heard = mm.now()
        for line in lines:
            try:
                e = mm.parse(line)
                if not isinstance(e, mm.active_sensing):
                    mm.send(e)
            except ValueError as fault:
                mm.log(fault)


@mm.every(0.25)
def heartbeat() -> None:
    global heard
    transmit(mm.active_sensing())
    if heard is not None and mm.now() - heard > 2:
        mm.send(mm.sounding())
        heard = None


@mm.at_exit
def release() -> None:
    for key in mm.state.notes():
        transmit(mm.note_off(key.channel, key.note, port=key.port))
    for channel in range(1, 17):
        if mm.state.controller(channel, 64):
            transmit(mm.control_change(channel, 64, 0))


mm.watch(sock, receive)
