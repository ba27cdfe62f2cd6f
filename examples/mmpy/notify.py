"""Shows an alert on the desktop when a port comes or goes, or events are lost.

    mmrecv -p keys --wait | mmpy notify.py -- 5 | mmsend -p synth

The number is how many seconds lie between two alerts at least; what happens meanwhile comes
together in the next one. It needs notify-send.
"""

import subprocess
import sys

import mm

pause = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
waiting: list[str] = []
timer: mm.Timer | None = None


@mm.at_exit
def show() -> None:
    """Shows what has happened since the alert before; nobody waits for notify-send."""
    text = "\n".join(waiting[-5:])
    if len(waiting) > 5:
        text = f"{len(waiting) - 5} more before\n{text}"
    if waiting:
        waiting.clear()
        try:
            # It must not read our events, nor write among them.
            subprocess.Popen(
                ["notify-send", "--", "MIDI", text],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        except OSError as fault:
            mm.log(f"notify-send: {fault}")


def quiet() -> None:
    global timer
    if not waiting and timer is not None:
        mm.cancel(timer)
        timer = None
    show()


@mm.on(":connected", ":disconnected", ":overrun", ":xrun")
def alert(e: mm.meta) -> mm.meta:
    global timer
    waiting.append(" ".join(word for word in (e.port, e.kind[1:], e.arguments) if word))
    if timer is None:
        show()
        timer = mm.every(pause, quiet)
    return e
