#!/usr/bin/env python3
"""Types at a real shell, as a person does, and prints what becomes of the command line.

    type.py bash|zsh|fish KEYS

KEYS are typed at the prompt of an interactive shell that knows the completions in
MM_COMPLETIONS_DIR, or what the commands in MM_SHELL_SETUP make it know. Then the command line is
printed; after it, from zsh, each word that the last completion offered, a line each. If KEYS end
with the return key, the command that they run is to write what is printed to $MM_ANSWER, with a
NUL at its end. What the shell showed meanwhile goes to the file MM_SCREEN, if that is set. In the
file MM_COMPDUMP zsh keeps which completions it found, else it looks at each of its own, for longer
than all the rest takes.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import tempfile
import termios
import time

PATIENCE = 30  # seconds; a shell that takes longer is stuck
ASK = b"\x18\x10"  # ^X^P: print the command line

# A shell answers with a text and a NUL: an empty one at its first prompt, then one for each ASK.
SETUP = {
    "bash": r"""
        PS1='$ '
        bind 'set completion-query-items 0'
        bind 'set page-completions off'
        bind 'set bell-style none'
        answer() { printf '%s\0' "$READLINE_LINE" > "$MM_ANSWER"; }
        bind -x '"\C-x\C-p": answer'
        PROMPT_COMMAND='PROMPT_COMMAND=; printf "\0" > "$MM_ANSWER"'
        if [[ $MM_SHELL_SETUP ]]; then
          eval "$MM_SHELL_SETUP"
        else
          for file in "$MM_COMPLETIONS_DIR"/bash/*; do source "$file"; done
        fi
    """,
    "zsh": r"""
        PS1='$ '
        setopt no_auto_list no_auto_menu no_beep
        fpath=($MM_COMPLETIONS_DIR/zsh $fpath)
        autoload -U compinit && compinit -u -d "$MM_COMPDUMP"
        compadd() {
          if [[ ${@[1,(i)(-|--)]} != *-(O|A|D)\ * ]]; then
            local -a fitting
            builtin compadd -O fitting "$@"
            offered+=("${fitting[@]}")
          fi
          builtin compadd "$@"
        }
        complete() { typeset -ga offered=(); zle complete-word }
        zle -N complete
        bindkey '^I' complete
        answer() { { print -rn -- "$BUFFER"; printf '\n%s' $offered; printf '\0' } > $MM_ANSWER }
        zle -N answer
        bindkey '^X^P' answer
        zle-line-init() { printf '\0' > $MM_ANSWER; zle -D zle-line-init }
        zle -N zle-line-init
        eval "$MM_SHELL_SETUP"
    """,
    "fish": r"""
        set -p fish_complete_path $MM_COMPLETIONS_DIR/fish
        set fish_greeting
        function fish_prompt; echo '$ '; end
        bind \cx\cp 'printf "%s\0" (commandline) > $MM_ANSWER'
        function ready --on-event fish_prompt
            functions -e ready
            printf '\0' > $MM_ANSWER
        end
        eval "$MM_SHELL_SETUP"
    """,
}


def command(shell, directory):
    """The shell, reading SETUP and no other file of a user's."""
    path = os.path.join(directory, ".zshrc")
    with open(path, "w", encoding="utf-8") as file:
        file.write(SETUP[shell])
    return {
        "bash": ["bash", "--noprofile", "--rcfile", path, "-i"],
        "zsh": ["zsh", "-d", "-i"],
        "fish": ["fish", "--no-config", "-i", "-C", f"source {path}"],
    }[shell]


class Shell:
    """A shell on a terminal of its own."""

    def __init__(self, shell, directory):
        self.answers = os.path.join(directory, "answers")
        os.mkfifo(self.answers)
        self.fifo = os.open(self.answers, os.O_RDWR | os.O_NONBLOCK)
        argv = command(shell, directory)
        environment = os.environ | {
            "MM_ANSWER": self.answers,
            "MM_SHELL_SETUP": os.environ.get("MM_SHELL_SETUP", ""),
            "MM_COMPDUMP": os.environ.get("MM_COMPDUMP", os.path.join(directory, "compdump")),
            "HOME": directory,
            "ZDOTDIR": directory,
            "XDG_CONFIG_HOME": directory,
            "XDG_DATA_HOME": directory,
            "TERM": "vt100",
        }
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.execvpe(argv[0], argv, environment)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 500, 0, 0))
        self.screen = b""
        self.pending = b""

    def answer(self):
        """The next text that the shell sends; what it shows meanwhile is kept."""
        end = time.monotonic() + PATIENCE
        while b"\0" not in self.pending:
            ready, _, _ = select.select(
                [self.fifo, self.terminal], [], [], max(0, end - time.monotonic())
            )
            if not ready:
                raise TimeoutError("no answer from the shell, which shows:")
            if self.fifo in ready:
                self.pending += os.read(self.fifo, 65536)
            if self.terminal in ready:
                self.screen += os.read(self.terminal, 65536)
        text, self.pending = self.pending.split(b"\0", 1)
        return text

    def type(self, keys):
        os.write(self.terminal, keys)

    def close(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def main():
    _, name, keys = sys.argv
    with tempfile.TemporaryDirectory() as directory:
        shell = Shell(name, directory)
        try:
            shell.answer()
            shell.type(keys.encode() if keys.endswith("\r") else keys.encode() + ASK)
            print(shell.answer().decode())
            if "MM_SCREEN" in os.environ:
                with open(os.environ["MM_SCREEN"], "wb") as file:
                    file.write(shell.screen)
        except (OSError, TimeoutError) as error:
            sys.exit(f"type.py: {error}\n{shell.screen.decode(errors='replace')}")
        finally:
            shell.close()


main()
