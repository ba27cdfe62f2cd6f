"""Functions for a program that has nothing but MIDI, such as a script inside a sequencer.

    mmrecv -p sequencer=seq | mmpy json_server.py -- notes.json | mmsend -p sequencer=seq

It calls them by JSON in a sysex: F0 {"method": "load", "args": {"key": "song"}, "id": 1} F7. The
answer is F0 {"id": 1, "result": ...} F7. The argument is the file that keeps what is stored.
"""

import asyncio
import json
import pathlib
import sys
from typing import Any

import mm

store = pathlib.Path(sys.argv[1])


def read() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(store.read_text()) if store.exists() else {}
    return content


@mm.command
def save(key: str, value: Any) -> None:
    store.write_text(json.dumps({**read(), key: value}))


@mm.command
def load(key: str) -> Any:
    return read()[key]  # KeyError is an answer as well: {"id": 1, "error": ...}


@mm.command("held-keys")
def held_keys(channel: int) -> list[str]:
    return [mm.note_name(e.note) for e in mm.state.notes(channel)]


@mm.command
def panic() -> int:
    """Ends all that sounds, and says how much that was."""
    events = mm.sounding()
    mm.send(events)
    return len(events)


@mm.command
async def run(program: str) -> str:
    """What one of these programs prints; others are handled while it runs."""
    if program not in ("date", "uptime"):
        raise ValueError(f"'{program}' is not allowed")
    process = await asyncio.create_subprocess_exec(
        program, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    return output.decode().strip()
