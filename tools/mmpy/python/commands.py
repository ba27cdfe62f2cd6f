"""Functions called over MIDI by JSON in sysex: @mm.command and mm.call."""

import inspect
import itertools
import json

import mm


class CallError(Exception):
    """The other side has answered with an error."""

    __module__ = "mm"


calls = {}  # those that wait for an answer, by id
numbers = itertools.count(1)
ignored = 0  # messages that were no command


class Call:
    """What mm.call() returns: awaitable where an answer was asked for."""

    __module__ = "mm"

    def _start(self, name, number, then, timeout):
        self._name = name
        self._result = None
        self._error = None
        self._done = number is None
        self._number = number
        self._then = then
        self._waiting = []
        self._timer = None
        if number is not None:
            calls[number] = self
            self._timer = mm.after(timeout, lambda: self._finish(error=TimeoutError(
                f"{name}: no answer within {timeout:g} s")))
            if not self._timer.active:
                self._finish(error=TimeoutError(f"{name}: no answer before the end of input"))
        return self

    def __repr__(self):
        return f"<mm.Call {self._name!r}, {'done' if self._done else 'waiting'}>"

    def _finish(self, result=None, error=None):
        if self._done:
            return
        self._done, self._result, self._error = True, result, error
        mm.cancel(self._timer)
        del calls[self._number]
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        if error is not None and not self._waiting:
            mm.log(f"mm.call {error}" if isinstance(error, TimeoutError)
                   else f"mm.call {self._name}: {error}")
            mm._failed()
        elif error is None and self._then is not None:
            self._then(result)

    def __await__(self):
        if self._number is None:
            raise TypeError(f"mm.call({self._name!r}) asked for no answer: give it a _timeout")
        if not self._done:
            import asyncio
            future = asyncio.get_running_loop().create_future()
            self._waiting.append(future)
            yield from future.__await__()
        if self._error is not None:
            raise self._error
        return self._result


def send(message, port):
    text = json.dumps(message, separators=(",", ":"))
    mm.send(mm.sysex(text.encode("ascii"), port=port))


def call(name, /, *, _then=None, _timeout=None, _form="method", _port=None, **args):
    if not isinstance(name, str):
        raise TypeError(f"call(): a name is a str, not {type(name).__name__}")
    if _form not in ("method", "class"):
        raise ValueError("_form is 'method' or 'class'")
    if _then is not None and not callable(_then):
        raise TypeError(f"call(): _then is a function, not {type(_then).__name__}")
    if _timeout is not None and not _timeout >= 0:
        raise ValueError("call(): _timeout is seconds, 0 or more")
    message = {_form: name, "args": args}
    number = None
    if _then is not None or _timeout is not None:
        number = message["id"] = next(numbers)
    send(message, _port)
    return Call()._start(name, number, _then, 5 if _timeout is None else _timeout)


def answer(message, port, **what):
    if "id" in message:
        send({"id": message["id"], **what}, port)


def refuse(message, port, why):
    global ignored
    ignored += 1
    mm.log(f"command: {why}")
    mm._failed()
    answer(message, port, error=why)


def finish(message, port, result):
    try:
        answer(message, port, result=result)
    except (TypeError, ValueError) as error:  # JSON has no such thing
        name = message.get("method", message.get("class"))
        answer(message, port, error=str(error))
        raise TypeError(f"command {name}: what it returns is no JSON: {error}") from None


async def finish_later(message, port, work):
    try:
        result = await work
    except Exception as error:
        answer(message, port, error=f"{type(error).__name__}: {error}")
        raise
    finish(message, port, result)


def end():
    """No answer will come any more."""
    for waiting in list(calls.values()):
        waiting._finish(error=TimeoutError(f"{waiting._name}: no answer before the end of input"))


def fits(function, args):
    """What is wrong with the arguments; None: nothing."""
    try:
        inspect.signature(function).bind(**args)
    except TypeError as error:
        return str(error)
    except ValueError:  # it has no signature to be seen
        pass
    return None


def run(function, message, port):
    try:
        result = function(**message.get("args", {}))
    except Exception as error:
        answer(message, port, error=f"{type(error).__name__}: {error}")
        raise
    if inspect.isawaitable(result):
        return finish_later(message, port, result)
    finish(message, port, result)
    return None


def take(event, commands):
    """Whether the sysex is a command or an answer; what it still has to wait for, if it is."""
    port = event.port
    try:
        message = json.loads(event.data[1:-1].decode("ascii"))
    except ValueError as error:
        if commands is None:
            return False, None
        return True, refuse({}, port, f"no JSON: {error}")
    if not isinstance(message, dict):
        return False, None
    name = message.get("method", message.get("class"))
    if name is None and "id" in message and ("result" in message or "error" in message):
        waiting = calls.get(message["id"]) if isinstance(message["id"], int) else None
        if waiting is None:
            return False, None
        if "error" in message:
            waiting._finish(error=CallError(message["error"]))
        else:
            waiting._finish(result=message["result"])
        return True, None
    if name is None or commands is None:
        return False, None
    function = commands.get(name) if isinstance(name, str) else None
    if function is None:
        return True, refuse(message, port, f"unknown method {name!r}")
    args = message.get("args", {})
    wrong = fits(function, args) if isinstance(args, dict) else "args is no object"
    if wrong is not None:
        return True, refuse(message, port, f"{name}: {wrong}")
    return True, run(function, message, port)
