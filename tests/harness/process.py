"""Child processes that always end: each runs in a folder of its own, logs to a file, and is killed with its owner."""
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
READY_SECONDS = 30


FIRST_PORT, LAST_PORT = 20000, 32000  # below those that the kernel gives to connections, which come and go
_held_ports = []  # a name for each port that was given, held until this program ends


def free_port():
    """A loopback port that nobody listens on, and that no other caller is given, in this program or another."""
    for _ in range(1000):
        port = random.randint(FIRST_PORT, LAST_PORT)
        name = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            name.bind(f"\0madoguchi-test-port/{port}")
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            name.close()
            continue
        _held_ports.append(name)
        return port
    raise RuntimeError("no free port between 20000 and 32000")


class Process:
    """One program. `start` may be called again after `kill` or `stop`: the log goes on."""

    def __init__(self, name, command, folder, environment=None):
        self.name = name
        self.command = [str(word) for word in command]
        self.folder = pathlib.Path(folder)
        self.environment = {**os.environ, **(environment or {})}
        self.log = self.folder / f"{name}.log"
        self.child = None

    def start(self, ready_line=False):
        self.folder.mkdir(parents=True, exist_ok=True)
        output = subprocess.PIPE if ready_line else open(self.log, "ab")
        with open(self.log, "ab") as log:
            self.child = subprocess.Popen(self.command, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                                          stdout=output, stderr=log)
        if not ready_line:
            output.close()
            return None
        line = self.child.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} did not start:\n{self.tail()}")
        return json.loads(line)

    def is_running(self):
        return self.child is not None and self.child.poll() is None

    def kill(self):
        """kill -9: what a power cut leaves of a process."""
        if self.child is not None:
            self.child.send_signal(signal.SIGKILL)
            self.child.wait()
            self._close()

    def stop(self, seconds=20):
        """SIGTERM; the exit status. A program that does not end in time is killed, and that is an error."""
        if self.child is None:
            return None
        self.child.terminate()
        try:
            status = self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
            raise RuntimeError(f"{self.name} did not stop within {seconds} s:\n{self.tail()}") from None
        finally:
            self._close()
        return status

    def _close(self):
        if self.child.stdout is not None:
            self.child.stdout.close()
        self.child = None

    def tail(self, lines=30):
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])


def run(command, folder, expect=0):
    """Run to the end; the standard output. Another exit status than `expect` is an error with what it said."""
    result = subprocess.run([str(word) for word in command], cwd=folder, stdin=subprocess.DEVNULL,
                            capture_output=True, text=True, timeout=300, check=False)
    if expect is not None and result.returncode != expect:
        raise RuntimeError(f"{' '.join(str(w) for w in command)} ended with {result.returncode}:\n"
                           f"{result.stdout}{result.stderr}")
    return result.stdout


def wait_until(what, question, seconds=READY_SECONDS, pause=0.05):
    """Ask until the answer is true; the answer. Says what was waited for when it does not come."""
    end = time.monotonic() + seconds
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds} s for: {what}")
        time.sleep(pause)
