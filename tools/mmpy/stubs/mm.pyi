"""Types of the module mm, which mmpy(1) gives to its scripts; mmpy(3) describes it."""

from collections.abc import AsyncIterable, Awaitable, Callable, Generator, Iterable
from typing import Any, Literal, Protocol, Self, TypeAlias, TypeVar, final, overload

class _HasFileno(Protocol):
    def fileno(self) -> int: ...

_Seconds: TypeAlias = float | None
_Ns: TypeAlias = int | None
_Port: TypeAlias = str | None
_Bytes: TypeAlias = bytes | bytearray | memoryview | Iterable[int]

# What a handler may return. A generator is an iterable, an async def an awaitable.
_Events: TypeAlias = Event | Iterable[Event] | None
_Result: TypeAlias = _Events | Awaitable[_Events] | AsyncIterable[Event]

# What a filter of on() may be.
_Numbers: TypeAlias = int | Iterable[int | range]
_Notes: TypeAlias = int | str | Iterable[int | str | range]
_Ports: TypeAlias = str | Iterable[str]

# Attributes that can be set to more than what they then are.
class _Note:
    @overload
    def __get__(self, obj: None, owner: type[Event], /) -> Self: ...
    @overload
    def __get__(self, obj: Event, owner: type[Event], /) -> int: ...
    def __set__(self, obj: Event, value: int | str, /) -> None: ...

class _Data:
    @overload
    def __get__(self, obj: None, owner: type[Event], /) -> Self: ...
    @overload
    def __get__(self, obj: Event, owner: type[Event], /) -> bytes: ...
    def __set__(self, obj: Event, value: _Bytes, /) -> None: ...

# Events: the base class, and a class for each kind.

# Raised for an attribute that other kinds have.
class MissingAttribute(AttributeError): ...

class Event:
    __match_args__ = ()
    kind: str
    time: float | None
    time_ns: int | None
    after: float | None
    port: str | None
    def replace(
        self, *,
        time: _Seconds = ..., time_ns: _Ns = ..., after: _Seconds = ..., port: _Port = ...
    ) -> Self: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, memo: object, /) -> Self: ...

@final
class note_off(Event):
    __match_args__ = ("channel", "note", "velocity")
    channel: int
    note: _Note
    velocity: int
    def __init__(
        self, channel: int, note: int | str, velocity: int = 64, *,
        time: _Seconds = None, time_ns: _Ns = None, after: _Seconds = None, port: _Port = None
    ) -> None: ...
    @overload
    def replace(
        self, *, channel: int = ..., note: int | str = ..., velocity: int = ...,
        time: _Seconds = ..., time_ns: _Ns = ..., after: _Seconds = ..., port: _Port = ...
    ) -> Self: ...
    @overload
    def replace(
        self, *, kind: str, channel: int = ..., note: int | str = ..., velocity: int = ...,
        time: _Seconds = ..., time_ns: _Ns = ..., after: _Seconds = ..., port: _Port = ...
    ) -> Event: ...

@final
class note_on(Event):
    __match_args__ = ("channel", "note", "velocity")
    channel: int
    note: _Note
    velocity: int
    def __init__(
        self, channel: int, note: int | str, velocity: int = 64, *,
        time: _Seconds = None, time_ns: _Ns = None, after: _Seconds = None, port: _Port = None
    ) -> None: ...
    @overload
    def replace(
        self, *, channel: int = ..., note: int | str = ..., velocity: int = ...,
        time: _Seconds = ..., time_ns: _Ns = ..., after: _Seconds = ..., port: _Port = ...
    ) -> Self: ...
    @overload
    def replace(
        self, *, kind: str, channel: int = ..., note: int | str = ..., velocity: int = ...,
        time: _Seconds = ..., time_ns: _Ns = ..., after: _Seconds = ..., port: _Port = ...
    ) -> Event: ...

@final
class poly_pressure(Event):
    __match_args__ = ("channel", "note", "pressure")
    channel: int
    note: _Note
    pressure: int
    def __init__(
        self, channel: int, note: int | str, pressure: int, *,
        time: _Seconds = None, time_ns: _Ns = None, after: _Seconds = None, port: _Port = None
    ) -> None: ...
    def replace(
        self, *, channel: int = ..., note: int | str = ..., pressure: int = ...,
        time: _Seconds = ..., time_ns: _Ns = ..., after: _Seconds = ..., port: _Port = ...
    ) -> Self: ...

@final
class control_change(Event):
    __match_args__ = ("channel", "controller", "value")
    channel: int
    controller: int
    value: int
    def __init__(
        self, channel: int, controller: int, value: int, *,
        time: _Seconds = None, time_ns: _Ns = None, after: _Seconds = None, port: _Port = None
    ) -> None: ...
    def replace(
        self, *, channel: int = ..., controller: int = ..., value: int = ...,
        time: _Seconds = ..., time_ns: _Ns = ..., after: _Seconds = ..., port: _Port = ...
    ) -> Self: ...

@final
class program_change(Event):
    __match_args__ = ("channel", "program")
    channel: int
    program: int
    def __init__(
        self, channel: int, program: int, *,
        time: _Seconds = None, time_ns: _Ns = None, after: _Seconds = None, port: _Port = None
    ) -> None: ...
    def replace(
        self, *, channel: int = ..., program: int = ...,
        time: _Seconds = ..., time_ns: _Ns = ..., after: _Seconds = ..., port: _Port = ...
    ) -> Self: ...

@final
class channel_pressure(Event):
    __match_args__ = ("channel", "pressure")
    channel: int
    pressure: int
    def __init__(
        self, channel: int, pressure: int, *,
        time: _Seconds = None, time_ns: _Ns = None, after: _Seconds = None, port: _Port = None
    ) -> None: ...
    def replace(
        self, *, channel: int = ..., pressure: int = ...,
        time: _Seconds = ..., time_ns: _Ns = ..., after: _Seconds = ..., port: _Port = ...
    ) -> Self: ...

@final
class pitch_bend(Event):
    __match_args__ = ("channel", "bend")
    channel: int
    bend: int
    def __init__(
        self, channel: int, bend: int, *,
        time: _Seconds = None, time_ns: _Ns = None, after: _Seconds = None, port: _Port = None
    ) -> None: ...
    def replace(
        self, *, channel: int = ..., bend: int = ...,
        time: _Seconds = ..., time_ns: _Ns = ..., after: _Seconds = ..., port: _Port = ...
    ) -> Self: ...

@final
class sysex(Event):
    __match_args__ = ("data",)
    data: _Data
    def __init__(
        self, data: _Bytes, *,
        time: _Seconds = None, time_ns: _Ns = None, after: _Seconds = None, port: _Port = None
    ) -> None: ...
    @overload
    def replace(
        self, *, data: _Bytes = ...,
        time: _Seconds = ..., time_ns: _Ns = ..., after: _Seconds = ..., port: _Port = ...
    ) -> Self: ...
    @overload
    def replace(
        self, *, kind: str, data: _Bytes = ...,
        time: _Seconds = ..., time_ns: _Ns = ..., after: _Seconds = ..., port: _Port = ...
    ) -> Event: ...

@final
class time_code(Event):
    __match_args__ = ("type", "value")
    type: int
    value: int
    def __init__(
        self, type: int, value: int, *,
        time: _Seconds = None, time_ns: _Ns = None, after: _Seconds = None, port: _Port = None
    ) -> None: ...
    def replace(
        self, *, type: int = ..., value: int = ...,
        time: _Seconds = ..., time_ns: _Ns = ..., after: _Seconds = ..., port: _Port = ...
    ) -> Self: ...

@final
class song_position(Event):
    __match_args__ = ("beats",)
    beats: int
    def __init__(
        self, beats: int, *,
        time: _Seconds = None, time_ns: _Ns = None, after: _Seconds = None, port: _Port = None
    ) -> None: ...
    def replace(
        self, *, beats: int = ...,
        time: _Seconds = ..., time_ns: _Ns = ..., after: _Seconds = ..., port: _Port = ...
    ) -> Self: ...

@final
class song_select(Event):
    __match_args__ = ("song",)
    song: int
    def __init__(
        self, song: int, *,
        time: _Seconds = None, time_ns: _Ns = None, after: _Seconds = None, port: _Port = None
    ) -> None: ...
    def replace(
        self, *, song: int = ...,
        time: _Seconds = ..., time_ns: _Ns = ..., after: _Seconds = ..., port: _Port = ...
    ) -> Self: ...

@final
class tune_request(Event):
    __match_args__ = ()
    def __init__(
        self, *,
        time: _Seconds = None, time_ns: _Ns = None, after: _Seconds = None, port: _Port = None
    ) -> None: ...

@final
class clock(Event):
    __match_args__ = ()
    def __init__(
        self, *,
        time: _Seconds = None, time_ns: _Ns = None, after: _Seconds = None, port: _Port = None
    ) -> None: ...

@final
class start(Event):
    __match_args__ = ()
    def __init__(
        self, *,
        time: _Seconds = None, time_ns: _Ns = None, after: _Seconds = None, port: _Port = None
    ) -> None: ...

@final
class continue_(Event):
    __match_args__ = ()
    def __init__(
        self, *,
        time: _Seconds = None, time_ns: _Ns = None, after: _Seconds = None, port: _Port = None
    ) -> None: ...

@final
class stop(Event):
    __match_args__ = ()
    def __init__(
        self, *,
        time: _Seconds = None, time_ns: _Ns = None, after: _Seconds = None, port: _Port = None
    ) -> None: ...

@final
class active_sensing(Event):
    __match_args__ = ()
    def __init__(
        self, *,
        time: _Seconds = None, time_ns: _Ns = None, after: _Seconds = None, port: _Port = None
    ) -> None: ...

@final
class reset(Event):
    __match_args__ = ()
    def __init__(
        self, *,
        time: _Seconds = None, time_ns: _Ns = None, after: _Seconds = None, port: _Port = None
    ) -> None: ...

@final
class raw(Event):
    __match_args__ = ("data",)
    data: _Data
    def __init__(
        self, data: _Bytes, *,
        time: _Seconds = None, time_ns: _Ns = None, after: _Seconds = None, port: _Port = None
    ) -> None: ...
    @overload
    def replace(
        self, *, data: _Bytes = ...,
        time: _Seconds = ..., time_ns: _Ns = ..., after: _Seconds = ..., port: _Port = ...
    ) -> Self: ...
    @overload
    def replace(
        self, *, kind: str, data: _Bytes = ...,
        time: _Seconds = ..., time_ns: _Ns = ..., after: _Seconds = ..., port: _Port = ...
    ) -> Event: ...

@final
class cc14(Event):
    __match_args__ = ("channel", "number", "value")
    channel: int
    number: int
    value: int
    def __init__(
        self, channel: int, number: int, value: int, *,
        time: _Seconds = None, time_ns: _Ns = None, after: _Seconds = None, port: _Port = None
    ) -> None: ...
    @overload
    def replace(
        self, *, channel: int = ..., number: int = ..., value: int = ...,
        time: _Seconds = ..., time_ns: _Ns = ..., after: _Seconds = ..., port: _Port = ...
    ) -> Self: ...
    @overload
    def replace(
        self, *, kind: str, channel: int = ..., number: int = ..., value: int = ...,
        time: _Seconds = ..., time_ns: _Ns = ..., after: _Seconds = ..., port: _Port = ...
    ) -> Event: ...

@final
class rpn(Event):
    __match_args__ = ("channel", "number", "value")
    channel: int
    number: int
    value: int
    def __init__(
        self, channel: int, number: int, value: int, *,
        time: _Seconds = None, time_ns: _Ns = None, after: _Seconds = None, port: _Port = None
    ) -> None: ...
    @overload
    def replace(
        self, *, channel: int = ..., number: int = ..., value: int = ...,
        time: _Seconds = ..., time_ns: _Ns = ..., after: _Seconds = ..., port: _Port = ...
    ) -> Self: ...
    @overload
    def replace(
        self, *, kind: str, channel: int = ..., number: int = ..., value: int = ...,
        time: _Seconds = ..., time_ns: _Ns = ..., after: _Seconds = ..., port: _Port = ...
    ) -> Event: ...

@final
class nrpn(Event):
    __match_args__ = ("channel", "number", "value")
    channel: int
    number: int
    value: int
    def __init__(
        self, channel: int, number: int, value: int, *,
        time: _Seconds = None, time_ns: _Ns = None, after: _Seconds = None, port: _Port = None
    ) -> None: ...
    @overload
    def replace(
        self, *, channel: int = ..., number: int = ..., value: int = ...,
        time: _Seconds = ..., time_ns: _Ns = ..., after: _Seconds = ..., port: _Port = ...
    ) -> Self: ...
    @overload
    def replace(
        self, *, kind: str, channel: int = ..., number: int = ..., value: int = ...,
        time: _Seconds = ..., time_ns: _Ns = ..., after: _Seconds = ..., port: _Port = ...
    ) -> Event: ...

@final
class meta(Event):
    __match_args__ = ("kind", "arguments")
    arguments: str
    def __init__(
        self, kind: str, arguments: str = "", *,
        time: _Seconds = None, time_ns: _Ns = None, after: _Seconds = None, port: _Port = None
    ) -> None: ...
    def replace(
        self, *, kind: str = ..., arguments: str = ...,
        time: _Seconds = ..., time_ns: _Ns = ..., after: _Seconds = ..., port: _Port = ...
    ) -> Self: ...

def parse(line: str, /) -> Event: ...
def note_number(name: str, /) -> int: ...
def note_name(number: int, /) -> str: ...

# Handlers. Where on() names one kind, the handler has to take events of its class; where it names
# several, what the handler takes is not checked.

_Handler = TypeVar("_Handler", bound=Callable[[Any], _Result])
_TakesAll = TypeVar("_TakesAll", bound=Callable[[Event], _Result])
_TakesNotes = TypeVar("_TakesNotes", bound=Callable[[note_off | note_on], _Result])
_TakesNoteOff = TypeVar("_TakesNoteOff", bound=Callable[[note_off], _Result])
_TakesNoteOn = TypeVar("_TakesNoteOn", bound=Callable[[note_on], _Result])
_TakesPolyPressure = TypeVar("_TakesPolyPressure", bound=Callable[[poly_pressure], _Result])
_TakesControlChange = TypeVar("_TakesControlChange", bound=Callable[[control_change], _Result])
_TakesProgramChange = TypeVar("_TakesProgramChange", bound=Callable[[program_change], _Result])
_TakesChannelPressure = TypeVar(
    "_TakesChannelPressure", bound=Callable[[channel_pressure], _Result]
)
_TakesPitchBend = TypeVar("_TakesPitchBend", bound=Callable[[pitch_bend], _Result])
_TakesSysex = TypeVar("_TakesSysex", bound=Callable[[sysex], _Result])
_TakesTimeCode = TypeVar("_TakesTimeCode", bound=Callable[[time_code], _Result])
_TakesSongPosition = TypeVar("_TakesSongPosition", bound=Callable[[song_position], _Result])
_TakesSongSelect = TypeVar("_TakesSongSelect", bound=Callable[[song_select], _Result])
_TakesTuneRequest = TypeVar("_TakesTuneRequest", bound=Callable[[tune_request], _Result])
_TakesClock = TypeVar("_TakesClock", bound=Callable[[clock], _Result])
_TakesStart = TypeVar("_TakesStart", bound=Callable[[start], _Result])
_TakesContinue = TypeVar("_TakesContinue", bound=Callable[[continue_], _Result])
_TakesStop = TypeVar("_TakesStop", bound=Callable[[stop], _Result])
_TakesActiveSensing = TypeVar("_TakesActiveSensing", bound=Callable[[active_sensing], _Result])
_TakesReset = TypeVar("_TakesReset", bound=Callable[[reset], _Result])
_TakesRaw = TypeVar("_TakesRaw", bound=Callable[[raw], _Result])
_TakesCc14 = TypeVar("_TakesCc14", bound=Callable[[cc14], _Result])
_TakesRpn = TypeVar("_TakesRpn", bound=Callable[[rpn], _Result])
_TakesNrpn = TypeVar("_TakesNrpn", bound=Callable[[nrpn], _Result])
_TakesMeta = TypeVar("_TakesMeta", bound=Callable[[meta], _Result])

@overload
def on() -> Callable[[_TakesAll], _TakesAll]: ...
@overload
def on(
    kind: Literal["note-off", "off"] | type[note_off], /, *, channel: _Numbers = ...,
    note: _Notes = ..., velocity: _Numbers = ..., port: _Ports = ...
) -> Callable[[_TakesNoteOff], _TakesNoteOff]: ...
@overload
def on(
    kind: Literal["note-on", "on"] | type[note_on], /, *, channel: _Numbers = ...,
    note: _Notes = ..., velocity: _Numbers = ..., port: _Ports = ...
) -> Callable[[_TakesNoteOn], _TakesNoteOn]: ...
@overload
def on(
    kind: Literal["note", "note-off", "off", "note-on", "on"] | type[note_off | note_on], /,
    *kinds: Literal["note", "note-off", "off", "note-on", "on"] | type[note_off | note_on],
    channel: _Numbers = ..., note: _Notes = ..., velocity: _Numbers = ..., port: _Ports = ...
) -> Callable[[_TakesNotes], _TakesNotes]: ...
@overload
def on(
    kind: Literal["poly-pressure", "pp"] | type[poly_pressure], /, *, channel: _Numbers = ...,
    note: _Notes = ..., pressure: _Numbers = ..., port: _Ports = ...
) -> Callable[[_TakesPolyPressure], _TakesPolyPressure]: ...
@overload
def on(
    kind: Literal["control-change", "cc"] | type[control_change], /, *, channel: _Numbers = ...,
    controller: _Numbers = ..., value: _Numbers = ..., port: _Ports = ...
) -> Callable[[_TakesControlChange], _TakesControlChange]: ...
@overload
def on(
    kind: Literal["program-change", "pc"] | type[program_change], /, *, channel: _Numbers = ...,
    program: _Numbers = ..., port: _Ports = ...
) -> Callable[[_TakesProgramChange], _TakesProgramChange]: ...
@overload
def on(
    kind: Literal["channel-pressure", "cp"] | type[channel_pressure], /, *, channel: _Numbers = ...,
    pressure: _Numbers = ..., port: _Ports = ...
) -> Callable[[_TakesChannelPressure], _TakesChannelPressure]: ...
@overload
def on(
    kind: Literal["pitch-bend", "pb"] | type[pitch_bend], /, *, channel: _Numbers = ...,
    bend: _Numbers = ..., port: _Ports = ...
) -> Callable[[_TakesPitchBend], _TakesPitchBend]: ...
@overload
def on(
    kind: Literal["sysex", "syx"] | type[sysex], /, *, port: _Ports = ...
) -> Callable[[_TakesSysex], _TakesSysex]: ...
@overload
def on(
    kind: Literal["time-code", "tc"] | type[time_code], /, *, type: _Numbers = ...,
    value: _Numbers = ..., port: _Ports = ...
) -> Callable[[_TakesTimeCode], _TakesTimeCode]: ...
@overload
def on(
    kind: Literal["song-position", "spp"] | type[song_position], /, *, beats: _Numbers = ...,
    port: _Ports = ...
) -> Callable[[_TakesSongPosition], _TakesSongPosition]: ...
@overload
def on(
    kind: Literal["song-select", "ss"] | type[song_select], /, *, song: _Numbers = ...,
    port: _Ports = ...
) -> Callable[[_TakesSongSelect], _TakesSongSelect]: ...
@overload
def on(
    kind: Literal["tune-request"] | type[tune_request], /, *, port: _Ports = ...
) -> Callable[[_TakesTuneRequest], _TakesTuneRequest]: ...
@overload
def on(
    kind: Literal["clock"] | type[clock], /, *, port: _Ports = ...
) -> Callable[[_TakesClock], _TakesClock]: ...
@overload
def on(
    kind: Literal["start"] | type[start], /, *, port: _Ports = ...
) -> Callable[[_TakesStart], _TakesStart]: ...
@overload
def on(
    kind: Literal["continue"] | type[continue_], /, *, port: _Ports = ...
) -> Callable[[_TakesContinue], _TakesContinue]: ...
@overload
def on(
    kind: Literal["stop"] | type[stop], /, *, port: _Ports = ...
) -> Callable[[_TakesStop], _TakesStop]: ...
@overload
def on(
    kind: Literal["active-sensing"] | type[active_sensing], /, *, port: _Ports = ...
) -> Callable[[_TakesActiveSensing], _TakesActiveSensing]: ...
@overload
def on(
    kind: Literal["reset"] | type[reset], /, *, port: _Ports = ...
) -> Callable[[_TakesReset], _TakesReset]: ...
@overload
def on(
    kind: Literal["raw"] | type[raw], /, *, port: _Ports = ...
) -> Callable[[_TakesRaw], _TakesRaw]: ...
@overload
def on(
    kind: Literal["cc14"] | type[cc14], /, *, channel: _Numbers = ..., number: _Numbers = ...,
    value: _Numbers = ..., port: _Ports = ...
) -> Callable[[_TakesCc14], _TakesCc14]: ...
@overload
def on(
    kind: Literal["rpn"] | type[rpn], /, *, channel: _Numbers = ..., number: _Numbers = ...,
    value: _Numbers = ..., port: _Ports = ...
) -> Callable[[_TakesRpn], _TakesRpn]: ...
@overload
def on(
    kind: Literal["nrpn"] | type[nrpn], /, *, channel: _Numbers = ..., number: _Numbers = ...,
    value: _Numbers = ..., port: _Ports = ...
) -> Callable[[_TakesNrpn], _TakesNrpn]: ...
@overload
def on(
    kind: Literal["meta"] | type[meta], /, *, port: _Ports = ...
) -> Callable[[_TakesMeta], _TakesMeta]: ...
@overload
def on(
    *kinds: str | type[Event], channel: _Numbers = ..., note: _Notes = ...,
    velocity: _Numbers = ..., pressure: _Numbers = ..., controller: _Numbers = ...,
    value: _Numbers = ..., program: _Numbers = ..., bend: _Numbers = ..., type: _Numbers = ...,
    beats: _Numbers = ..., song: _Numbers = ..., number: _Numbers = ..., port: _Ports = ...
) -> Callable[[_Handler], _Handler]: ...

_Function = TypeVar("_Function", bound=Callable[[], object])

def at_start(f: _Function, /) -> _Function: ...
def at_exit(f: _Function, /) -> _Function: ...

# Sending and time.

@final
class Timer:
    @property
    def active(self) -> bool: ...

def send(
    events: Event | Iterable[Event], /, *, at: float | None = None, after: float | None = None
) -> None: ...
def now() -> float: ...
@overload
def every(seconds: float, f: Callable[[], object], /) -> Timer: ...
@overload
def every(seconds: float, /) -> Callable[[_Function], _Function]: ...
def after(seconds: float, f: Callable[[], object], /) -> Timer: ...
def cancel(timer: Timer | Callable[[], object], /) -> bool: ...

# Descriptors.

_File = TypeVar("_File", bound=int | _HasFileno)

def watch(fileobj: _File, f: Callable[[_File], object], /) -> None: ...
def unwatch(fileobj: int | _HasFileno, /) -> None: ...

# What is known of the stream.

@final
class State:
    def velocity(self, channel: int, note: int | str, port: str | None = None) -> int: ...
    def pressure(
        self, channel: int, note: int | str | None = None, port: str | None = None
    ) -> int | None: ...
    def controller(self, channel: int, number: int, port: str | None = None) -> int | None: ...
    def program(self, channel: int, port: str | None = None) -> int | None: ...
    def bend(self, channel: int, port: str | None = None) -> int | None: ...
    def notes(self, channel: int | None = None, port: str | None = None) -> list[note_on]: ...

state: State

def sounding() -> list[note_off | control_change]: ...
def log(*args: object) -> None: ...
def drop() -> None: ...

# Functions that are called over MIDI.

_Command = TypeVar("_Command", bound=Callable[..., object])

class CallError(Exception): ...

class Call(Awaitable[Any]):
    def __await__(self) -> Generator[Any, None, Any]: ...

@overload
def command(f: _Command, /) -> _Command: ...
@overload
def command(name: str, /) -> Callable[[_Command], _Command]: ...
def call(
    name: str, /, *, _then: Callable[[Any], object] | None = None, _timeout: float | None = None,
    _form: Literal["method", "class"] = "method", _port: str | None = None, **args: Any
) -> Call: ...
