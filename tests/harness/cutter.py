"""A TCP proxy before PostgreSQL that cuts a connection at a chosen moment of a commit. It knows of the protocol that a
statement's text stands in it, and that the answer to COMMIT is the word COMMIT."""
import pathlib
import socket
import threading

from .process import free_port

ASKED = b"COMMIT\0"
DONE = b"COMMIT\0"
MOMENTS = ("before", "under way", "done")


class Cutter:
    """Relays to the server in FOLDER. `cut_at` is the moment at which the next commit of a connection in which MARK was sent
    is cut: "before" the COMMIT reaches the server, "under way" (it was sent on, nothing was waited for), or "done" (the server
    has answered, and the answer is thrown away)."""

    def __init__(self, folder, mark):
        self.server = str(pathlib.Path(folder) / ".s.PGSQL.5432")
        self.mark = mark
        self.lock = threading.Lock()
        self.moment = None
        self.was_cut = threading.Event()
        self.port = free_port()
        self.listener = None
        self.pairs = []

    # --- the network ---

    def up(self):
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def down(self):
        """Nobody listens any more, and what was connected is cut."""
        with self.lock:
            listener, self.listener = self.listener, None
            pairs, self.pairs = self.pairs, []
        if listener is not None:
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        for pair in pairs:
            self._cut(pair)

    def cut_at(self, moment):
        self.was_cut.clear()
        with self.lock:
            self.moment = moment

    def _take(self, *moments):
        """The moment, if it is one of these: it comes once."""
        with self.lock:
            if self.moment not in moments:
                return None
            found, self.moment = self.moment, None
            return found

    @staticmethod
    def _cut(pair):
        for end in pair:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # the other side was faster

    def _accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            try:
                server.connect(self.server)
            except OSError:
                client.close()
                continue
            with self.lock:
                is_up = listener is self.listener
                if is_up:
                    self.pairs.append((client, server))
            if is_up:
                threading.Thread(target=self._serve, args=((client, server),), daemon=True).start()
            else:
                client.close()
                server.close()

    def _serve(self, pair):
        state = {"is_marked": False, "swallows": False, "is_cut": False}
        answers = threading.Thread(target=self._relay, args=(pair, state, False), daemon=True)
        answers.start()
        self._relay(pair, state, True)
        answers.join()
        with self.lock:
            self.pairs = [other for other in self.pairs if other is not pair]
        for end in pair:
            end.close()

    # --- one direction of one connection ---

    def _relay(self, pair, state, is_asking):
        source, sink = pair if is_asking else reversed(pair)
        try:
            while data := source.recv(65536):
                goes_on = self._ask(data, state, sink) if is_asking else self._answer(data, state, sink)
                if not goes_on:
                    break
        except OSError:
            pass  # cut by the other direction
        self._cut(pair)

    def _ask(self, data, state, server):
        state["is_marked"] = state["is_marked"] or self.mark in data
        if not (state["is_marked"] and ASKED in data):
            server.sendall(data)
            return True
        if self._take("before"):
            self.was_cut.set()
            return False
        is_cut = self._take("under way")
        state["is_cut"] = is_cut is not None  # before the server can answer
        state["swallows"] = self._take("done") is not None
        server.sendall(data)
        if is_cut:
            self.was_cut.set()
        return not is_cut

    def _answer(self, data, state, client):
        if state["is_cut"]:
            return False
        if state["swallows"] and DONE in data:
            self.was_cut.set()
            return False
        client.sendall(data)
        return True
