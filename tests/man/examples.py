"""Runs every example of the man pages.

    python3 tests/man/examples.py BIN_DIR MAN_DIR [NAME...]

In a page, a literal display has a comment line before it that says what it is:

    .\\" test: NAME          a command; the case of that name in cases.py runs it
    .\\" test: none REASON   a command that cannot run unattended; only its syntax is checked
    .\\" output: NAME        what the example of that name prints, times aside
    .\\" stderr: NAME        what it says on stderr
    .\\" display: WHAT       something else

A display without one, a name without a case, and a case without an example are failures. A MIDI
system has to be there: ALSA's sequencer, or the JACK server of JACK_DEFAULT_SERVER. With NAMEs
only those examples are run. Prints TAP.
"""

import glob
import os
import re
import subprocess
import sys
import traceback

from cases_mmroute import CASES  # those of the other files, and its own
from stage import Failure, Stage, mask, same

ESCAPES = {r"\-": "-", r"\(aq": "'", r"\(ga": "`", r"\(ha": "^", r"\(ti": "~", r"\(dq": '"',
           r"\&": "", r"\e": "\\"}
NOT_RUN = "none"


class Block:
    """A literal display of a page."""

    def __init__(self, page, line, role, name):
        self.where = f"{page}:{line}"
        self.role, self.name = role, name
        self.lines = []

    @property
    def text(self):
        return "".join(line + "\n" for line in self.lines)


def plain(text):
    """What a line of a display shows."""
    return re.sub(r"\\(-|&|e|\(..)", lambda found: ESCAPES[found.group()], text)


def read_page(path):
    page, blocks, role, name, inside = os.path.basename(path), [], None, "", False
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            marker = re.match(r'\.\\" (test|output|stderr|display): (.+)', line)
            if inside:
                inside = line != ".Ed"
                if inside:
                    blocks[-1].lines.append(plain(line))
            elif marker:
                role, name = marker.groups()
            elif re.match(r"\.(Bd .*-(literal|unfilled)|Dl )", line):
                blocks.append(Block(page, number, role, name))
                inside = line.startswith(".Bd")
                if not inside:
                    blocks[-1].lines.append(plain(line.split(" ", 1)[1]))
                role, name = None, ""
            elif line.startswith(".") and not line.startswith(".Pp"):
                role, name = None, ""
    return blocks


def check_shell(block):
    """That the shell can read an example which is not run."""
    checked = subprocess.run(["bash", "-n"], input=block.text, text=True, capture_output=True)
    if checked.returncode != 0:
        raise Failure(checked.stderr)


def chosen(stage, lines):
    """What of its output a case wants to be compared."""
    lines = [line for line in lines if re.search(stage.only, line)]
    for pattern, put in stage.masks:
        lines = [re.sub(pattern, put, line) for line in lines]
    return lines


def run(block, output, stderr):
    stage = Stage(block.text)
    try:
        CASES[block.name](stage)
        wanted = stage.printed if output is None else [mask(line) for line in output.lines]
        same("stdout", chosen(stage, stage.output()), chosen(stage, wanted))
        same("stderr", stage.errors(), [] if stderr is None else stderr.lines)
    finally:
        stage.close()


def attempt(work, *arguments):
    """Nothing, or what failed."""
    try:
        work(*arguments)
    except (Failure, subprocess.SubprocessError) as failure:
        return str(failure)
    except Exception:  # whatever it is, the others are run too
        return traceback.format_exc()
    return None


def find(blocks, role, name):
    return next((block for block in blocks if (block.role, block.name) == (role, name)), None)


def fail(what):
    raise Failure(what)


def plan(blocks):
    """(name, what to do, its arguments) of each test."""
    named = [block.name for block in blocks if block.role == "test"]
    for block in blocks:
        if block.role is None:
            yield block.where, fail, ["there is no marker before this display"]
        elif block.role == "display":
            continue
        elif block.role == "test" and block.name.startswith(NOT_RUN + " "):
            yield f"{block.where} # SKIP{block.name[len(NOT_RUN):]}", check_shell, [block]
        elif block.role != "test":
            if block.name not in named:
                yield block.where, fail, [f"there is no example {block.name}"]
        elif named.count(block.name) > 1:
            yield block.where, fail, [f"there is another example {block.name}"]
        elif block.name not in CASES:
            yield block.where, fail, [f"cases.py has no case {block.name}"]
        else:
            yield (f"{block.where} {block.name}", run,
                   [block, find(blocks, "output", block.name), find(blocks, "stderr", block.name)])
    for name in CASES:
        if name not in named:
            yield f"case {name}", fail, ["no page has this example"]


def main():
    if len(sys.argv) < 3:
        sys.exit(f"usage: {sys.argv[0]} BIN_DIR MAN_DIR [NAME...]")
    os.environ["PATH"] = os.path.abspath(sys.argv[1]) + ":" + os.environ["PATH"]
    os.environ["LC_ALL"] = "C.UTF-8"
    for variable in ("MM_INPUT", "MM_OUTPUT"):
        os.environ.pop(variable, None)
    pages = sorted(glob.glob(os.path.join(sys.argv[2], "*.[1-9]")))
    tests = list(plan([block for page in pages for block in read_page(page)]))
    if len(sys.argv) > 3:
        tests = [test for test in tests if test[0].split()[-1] in sys.argv[3:]]
    print(f"1..{len(tests)}")
    failures = 0
    for number, (name, work, arguments) in enumerate(tests, 1):
        failed = attempt(work, *arguments)
        failures += failed is not None
        print(("not ok" if failed else "ok"), number, "-", name, flush=True)
        for line in (failed or "").splitlines():
            print("#", line, flush=True)
    sys.exit(1 if failures or not tests else 0)


if __name__ == "__main__":
    main()
