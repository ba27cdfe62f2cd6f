"""A sine for a controller; the modulation wheel (controller 1) sets its depth.

    mmrecv -p keys | mmpy --keep-open lfo.py -- --rate 0.5 --channel 1 --controller 74 |
        mmsend -p synth

With --keep-open it goes on when the keyboard has gone.
"""

import argparse
import math

import mm

parser = argparse.ArgumentParser(description="A sine for a controller.")
parser.add_argument("--rate", type=float, default=0.5, help="periods in a second")
parser.add_argument("--channel", type=int, default=1)
parser.add_argument("--controller", type=int, default=74)
args = parser.parse_args()

last: int | None = None


@mm.every(0.02)
def move() -> None:
    global last
    wheel = mm.state.controller(args.channel, 1)
    depth = 1.0 if wheel is None else wheel / 127
    value = round(63.5 + 63.5 * depth * math.sin(2 * math.pi * args.rate * mm.now()))
    if value != last:
        mm.send(mm.control_change(args.channel, args.controller, value))
        last = value
