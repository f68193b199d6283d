"""The file under the book: one JSON object per line, only ever appended, each on the disk before anybody hears of it.

The one idea: a line counts when its newline is there. A line cut short by a kill was never acknowledged, so it is
dropped on opening; a line that does not read anywhere else means the file is not ours, and the simulator refuses to
start.
"""

import fcntl
import json
import os


class JournalError(Exception):
    """The file cannot be read, is in use, or could not be written."""


class Journal:
    """PATH None keeps nothing: the book then lives as long as the process."""

    def __init__(self, path):
        self._broken = False
        self._file = None
        self.entries = []
        if path is None:
            return
        try:
            self._open(path)
        except Exception:
            self.close()
            raise

    def _open(self, path) -> None:
        try:
            self._file = open(path, "a+b", buffering=0)
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.entries = self._read(path)
            self._sync_folder(path)
        except BlockingIOError as error:
            raise JournalError(f"{path}: another simulator has this book open") from error
        except OSError as error:
            raise JournalError(f"{path}: {error.strerror}") from error

    def _read(self, path) -> list:
        self._file.seek(0)
        data = self._file.read()
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            self._file.truncate(whole)
            os.fsync(self._file.fileno())
        entries = []
        for number, line in enumerate(data[:whole].splitlines(), start=1):
            try:
                entry = json.loads(line)
            except ValueError as error:
                raise JournalError(f"{path}: line {number} is not JSON") from error
            if not isinstance(entry, dict):
                raise JournalError(f"{path}: line {number} is not an object")
            entries.append(entry)
        return entries

    @staticmethod
    def _sync_folder(path) -> None:
        """The name of a new file is durable only when its folder is."""
        folder = os.open(os.path.dirname(os.path.abspath(path)), os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def append(self, entry: dict) -> None:
        """On return the entry survives a kill. After a failed write nothing more is taken: what stands on the disk is
        then unknown, and only opening the file again can tell."""
        if self._broken:
            raise JournalError("the book is closed, or could not be written before")
        if self._file is None:
            return
        line = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n"
        try:
            written = self._file.write(line)
            if written != len(line):
                raise OSError(f"{written} of {len(line)} bytes written")
            os.fsync(self._file.fileno())
        except OSError as error:
            self._broken = True
            raise JournalError(f"the book cannot be written: {error}") from error

    def close(self) -> None:
        self._broken = True
        if self._file is not None:
            self._file.close()
