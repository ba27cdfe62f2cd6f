"""Tests of harmonizer.py, as tests of a script of your own may look.

    mmpy -m pytest -- examples/mmpy/test_harmonizer.py < /dev/null

pytest runs inside mmpy, so the module mm is there, and a handler is a function like others. The
last test runs the whole script, with the virtual clock, and compares all that it prints.
"""

import pathlib
import subprocess
from collections.abc import Iterator

import pytest

import harmonizer
import mm


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test begins in C, with no key held."""
    monkeypatch.setattr(harmonizer, "tonic", 0)
    harmonizer.held.clear()
    yield


def play(*lines: str) -> list[str]:
    """What the handler makes of these events."""
    events: list[mm.Event] = []
    for line in lines:
        e = mm.parse(line)
        assert isinstance(e, mm.note_on | mm.note_off)
        events.extend(harmonizer.harmonize(e))
    return [str(e) for e in events]


@pytest.mark.parametrize(
    ("note", "third"), [("C4", "E4"), ("D4", "F4"), ("A4", "C5"), ("B4", "D5"), ("C-1", "E-1")]
)
def test_third(note: str, third: str) -> None:
    e = mm.note_on(2, note, 100, port="keys")
    assert list(harmonizer.harmonize(e)) == [e, e.replace(note=third)]


def test_alone() -> None:
    assert play("note-on 1 C#4 100") == ["note-on 1 61 100"]  # not in the scale
    assert play("note-on 1 127 100") == ["note-on 1 127 100"]  # no higher ones


def test_note_off_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    play("note-on 1 C4 100")
    monkeypatch.setattr(harmonizer, "tonic", 1)
    assert play("note-off 1 C4 0") == ["note-off 1 60 0", "note-off 1 64 0"]


def test_shared_note() -> None:
    play("note-on 1 C4 100", "note-on 1 E4 100")
    assert play("note-on 1 C4 0") == ["note-on 1 60 0"]  # E4 is held
    assert play("note-off 1 E4 0") == ["note-off 1 64 0", "note-off 1 67 0"]


def test_whole_script() -> None:
    script = pathlib.Path(__file__).with_name("harmonizer.py")
    events = "0.5 note-on 1 B3 90 @keys\n1.5 control-change 1 7 3\n2.5 note-off 1 B3 0 @keys\n"
    run = subprocess.run(
        ["mmpy", "--virtual-clock", str(script), "--", "G"],
        input=events,
        capture_output=True,
        text=True,
    )
    assert run.stderr == ""
    assert run.stdout == (
        "0.500000000 note-on 1 59 90 @keys\n"
        "0.500000000 note-on 1 62 90 @keys\n"
        "1.500000000 control-change 1 7 3\n"
        "2.500000000 note-off 1 59 0 @keys\n"
        "2.500000000 note-off 1 62 0 @keys\n"
    )
    assert run.returncode == 0
