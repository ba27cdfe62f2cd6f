"""Asks a URL for a number again and again, and turns it into a controller.

    mmpy --keep-open http_poller.py -- http://localhost:8080/load --high 4 < /dev/null |
        mmsend -p synth

A thread asks, so the events that pass never wait for the network.
"""

import argparse
import http.client
import threading
import urllib.request

import mm

parser = argparse.ArgumentParser(description="A number from a URL for a controller.")
parser.add_argument("url")
parser.add_argument("--channel", type=int, default=1)
parser.add_argument("--controller", type=int, default=74)
parser.add_argument("--low", type=float, default=0.0, help="the number that becomes 0")
parser.add_argument("--high", type=float, default=1.0, help="the number that becomes 127")
parser.add_argument("--period", type=float, default=5.0, help="seconds from one to the next")
args = parser.parse_args()
ending = threading.Event()


def ask() -> int:
    with urllib.request.urlopen(args.url, timeout=10) as answer:
        number = float(answer.read(1000))
    value: int = round(127 * min(max((number - args.low) / (args.high - args.low), 0), 1))
    return value


def poll() -> None:
    last: int | str | None = None
    while not ending.is_set():
        try:
            value = ask()
            if value != last:
                mm.send(mm.control_change(args.channel, args.controller, value))
            last = value
        except (OSError, ValueError, http.client.HTTPException) as fault:
            if str(fault) != last:  # said once
                mm.log(f"{args.url}: {fault}")
            last = str(fault)
        ending.wait(args.period)


@mm.at_start
def begin() -> None:
    threading.Thread(target=poll, daemon=True).start()


@mm.at_exit
def end() -> None:
    ending.set()
