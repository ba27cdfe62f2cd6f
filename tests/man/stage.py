"""One example on its stage: the ports that it names, its files, and its processes.

Nothing here sleeps. Ports say that they are open (--ready-fd), lines are waited for, and the end
of what a port gets is marked by a message of our own.
"""

import os
import re
import signal
import subprocess
import tempfile
import threading

PATIENCE = float(os.environ.get("MM_TEST_TIMEOUT", "30"))  # seconds, for any one thing
END_MARK = "song-select 127"

# What differs from run to run.
MASKS = [
    (re.compile(r"^\d+\.\d{9}(?= )"), "TIME"),
    (re.compile(r'(?<="time":)\d+\.\d{9}'), "TIME"),
    (re.compile(r"(?<= time=)\d+\.\d{9}"), "TIME"),
    (re.compile(r"^\d+\.\d ms$"), "N ms"),
    (re.compile(r"\b(mmsend|mmrecv)-\d\d:"), r"\1:"),  # JACK numbers clients of one name
]


class Failure(Exception):
    """What an example did is not what it should do."""


def mask(line):
    for pattern, put in MASKS:
        line = pattern.sub(put, line)
    return line


def same(what, got, wanted):
    if got != wanted:
        raise Failure(f"{what}\nexpected:\n" + "".join(f"  {x}\n" for x in wanted)
                      + "got:\n" + "".join(f"  {x}\n" for x in got))


class Lines(threading.Thread):
    """The lines of a pipe, as they come."""

    def __init__(self, pipe, name):
        super().__init__(daemon=True)
        self.pipe, self.name = pipe, name
        self.lines, self.ended = [], False
        self.news = threading.Condition()
        self.start()

    def run(self):
        with self.pipe:
            for line in self.pipe:
                with self.news:
                    self.lines.append(line.rstrip("\n"))
                    self.news.notify_all()
        with self.news:
            self.ended = True
            self.news.notify_all()

    def _wait(self, condition, what):
        with self.news:
            if not self.news.wait_for(condition, PATIENCE):
                raise Failure(f"{self.name}: waited in vain for {what}; there is\n"
                              + "".join(f"  {x}\n" for x in self.lines))

    def wait(self, count):
        self._wait(lambda: len(self.lines) >= count or self.ended, f"{count} lines")

    def wait_for(self, text):
        self._wait(lambda: any(text in line for line in self.lines) or self.ended, repr(text))

    def wait_end(self):
        self._wait(lambda: self.ended, "its end")
        return self.lines


def start(command, **options):
    """Starts a process of our own."""
    return subprocess.Popen(command, text=True, **options)


def start_ready(command, **options):
    """Starts one of the tools, and waits until its ports are open."""
    ready, write = os.pipe()
    process = start(command + ["--ready-fd", str(write)], pass_fds=[write], **options)
    os.close(write)
    with open(ready, "rb") as pipe:
        if pipe.read(1) != b"\n":
            raise Failure(f"{' '.join(command)}: did not start")
    return process


def end(process):
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Source:
    """A virtual port that an example receives from. Lines wait until somebody is connected."""

    def __init__(self, name):
        self.process = start_ready(["mmsend", "--virtual", name, "--wait", "--no-release"],
                                   stdin=subprocess.PIPE)

    def send(self, *lines):
        self.process.stdin.write("".join(line + "\n" for line in lines))
        self.process.stdin.flush()

    def finish(self):
        """Returns when all lines are delivered; the port has gone then."""
        self.process.stdin.close()
        self.process.wait(PATIENCE)

    def end(self):
        end(self.process)
        self.process.stdin.close()


class Sink:
    """A virtual port that an example sends to."""

    def __init__(self, name):
        self.name = name
        self.process = start_ready(["mmrecv", "--virtual", name, "--not", "meta"],
                                   stdout=subprocess.PIPE)
        self.lines = Lines(self.process.stdout, f"port {name}")

    def all(self):
        """All that was sent to the port until now, without the times."""
        subprocess.run(["mmsend", "-p", self.name, END_MARK], check=True, timeout=PATIENCE)
        self.lines.wait_for(END_MARK)
        events = [line.split(" ", 1)[1] for line in self.lines.lines]
        return events[: events.index(END_MARK)]

    def end(self):
        end(self.process)


class Listener:
    """A receiver that connects with a port of the example, as soon as that is there."""

    def __init__(self, name, count):
        self.process = start_ready(["mmrecv", "-p", name, "--wait", "--not", "meta", "-n",
                                    str(count)], stdout=subprocess.PIPE)
        self.lines = Lines(self.process.stdout, f"port {name}")

    def to_end(self):
        return [line.split(" ", 1)[1] for line in self.lines.wait_end()]

    def end(self):
        end(self.process)


def descendants(pid):
    """The processes below `pid`, and itself, with their names."""
    parents, names = {}, {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as stat:
                text = stat.read()
        except OSError:
            continue  # it has ended
        names[int(entry)] = text[text.index("(") + 1: text.rindex(")")]
        parents[int(entry)] = int(text[text.rindex(")") + 2:].split()[1])
    found = [pid]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return [(each, names[each]) for each in found if each in names]


class Stage:
    """What a case of cases.py works with."""

    def __init__(self, text):
        self.text = text  # of the example
        self.status = 0  # that it has to end with
        self.printed = []  # that it has to print, if the page does not say it
        self.only, self.masks = "", []  # of that, what is compared, and what is passed over
        self.ports, self.fifos = [], {}
        self.process = self.out = self.err = None
        self.directory = tempfile.TemporaryDirectory(prefix="mmexample.")

    def path(self, name):
        return os.path.join(self.directory.name, name)

    # --- before it runs ---

    def source(self, name):
        self.ports.append(Source(name))
        return self.ports[-1]

    def sink(self, name):
        self.ports.append(Sink(name))
        return self.ports[-1]

    def listener(self, name, count):
        self.ports.append(Listener(name, count))
        return self.ports[-1]

    def file(self, name, content, mode=0o644):
        with open(self.path(name), "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        os.chmod(self.path(name), mode)

    def watched(self, name):
        """A file that the example writes, whose lines can be waited for."""
        os.mkfifo(self.path(name))
        fifo = os.open(self.path(name), os.O_RDWR)  # so that nobody waits for the other end
        self.fifos[name] = fifo
        return Lines(os.fdopen(os.dup(fifo), encoding="utf-8"), name)

    # --- while it runs ---

    def run(self, command=None, stdin=""):
        """Starts the example as a script, or `command` with the example as its input."""
        if command is None:
            self.file("example.sh", self.text)
            command = ["bash", "example.sh"]
        self.process = start(command, cwd=self.directory.name, stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             start_new_session=True)
        self.out = Lines(self.process.stdout, "stdout")
        self.err = Lines(self.process.stderr, "stderr")
        self.process.stdin.write(stdin)
        self.process.stdin.close()

    def stop(self):
        """Ends the mmrecv of the example, as a user does; the rest of it ends by itself."""
        for pid, name in descendants(self.process.pid):
            if name == "mmrecv":
                os.kill(pid, signal.SIGTERM)

    def wait(self):
        """Waits until the example has ended."""
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise Failure("it does not end") from None
        self.out.wait_end()
        self.err.wait_end()
        if status != self.status:
            raise Failure(f"exit status {status}, not {self.status}\n" + "\n".join(self.err.lines))

    def output(self):
        return [mask(line) for line in self.out.lines]

    def errors(self):
        """What it said on stderr, but for what is the machine's: what bash says of a command that a
        signal has ended, and that JACK was late. What was lost then, stdout lacks."""
        others = r"\bTerminated\b|^mmjack: [0-9]+ xruns?: JACK may have lost MIDI there$"
        return [line for line in self.err.lines if not re.search(others, line)]

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    # --- after it ---

    def close(self):
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        for port in self.ports:
            port.end()
        for fifo in self.fifos.values():
            os.close(fifo)
        self.directory.cleanup()
