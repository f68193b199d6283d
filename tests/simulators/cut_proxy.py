"""A TCP proxy that is the network cable: it can be cut, and it can lose answers.

The one idea: it understands no protocol. A *request* is what flows towards the server; the first bytes that flow back
after one are the beginning of its *answer*. Losing an answer means that the server had the whole request, did its work
and replied, and that the client sees a reset instead.

    python3 cut_proxy.py --listen PORT --to PORT --control PORT

Control: POST /network {"up":bool} · POST /faults {"drop_response_probability":P,"seed":N} · GET /state
"""

import argparse
import random
import socket
import sys
import threading

from loopback.http_json import Answer, BadRequest, Request, error_answer, exact_keys, json_door
from loopback.listener import LOOPBACK, Connection, ConnectionGone, Listener
from loopback.process import announce, port_number, stop_on_signals

MAX_CONNECTIONS = 128        # each is two threads; more than all tills of a test have
IDLE_SECONDS = 3600.0        # both ends have shorter idle times of their own
CONNECT_SECONDS = 5.0        # the server is on this machine
PIECE_BYTES = 65_536         # held in memory per direction; a slow reader slows its writer, as on a real cable


class CutProxy:
    def __init__(self, listen_port: int, server_port: int, control_port: int):
        self._server_port = server_port
        self._lock = threading.Lock()
        self._chance = random.Random(0)
        self._drop_probability = 0.0
        self._is_up = True
        self._connections = 0
        self._dropped = 0
        self.listener = Listener("cut_proxy", listen_port, self._serve, MAX_CONNECTIONS, IDLE_SECONDS)
        self.control = json_door("cut_proxy-control", control_port, self._handle)

    def start(self) -> None:
        self.listener.open()
        self.control.open()

    def stop(self) -> None:
        self.listener.stop()
        self.control.stop()

    def _serve(self, client: Connection) -> None:
        with self._lock:
            self._connections += 1
        try:
            sock = socket.create_connection((LOOPBACK, self._server_port), CONNECT_SECONDS)
        except OSError:
            client.cut()  # the server is down: that is what the client shall see
            return
        with sock:
            server = Connection(sock, IDLE_SECONDS)
            asked = threading.Event()  # a request went out and no byte of its answer came back yet
            forward = threading.Thread(target=self._forward, args=(client, server, asked), daemon=True)
            forward.start()
            try:
                self._back(server, client, asked)
            finally:
                server.end()
                if client.is_cut:
                    server.cut()
                else:
                    client.end()
                forward.join()

    @staticmethod
    def _forward(client: Connection, server: Connection, asked: threading.Event) -> None:
        try:
            while True:
                data = client.receive(PIECE_BYTES)
                asked.set()
                server.send(data)
        except ConnectionGone:
            if client.is_cut or client.was_reset:
                server.cut()
            else:
                server.end_sending()

    def _back(self, server: Connection, client: Connection, asked: threading.Event) -> None:
        try:
            while True:
                data = server.receive(PIECE_BYTES)
                if asked.is_set():
                    asked.clear()
                    if self._loses_answer():
                        client.cut()
                        return
                client.send(data)
        except ConnectionGone:
            if server.is_cut or server.was_reset:
                client.cut()

    def _loses_answer(self) -> bool:
        with self._lock:
            lost = self._chance.random() < self._drop_probability
            self._dropped += lost
            return lost

    def _handle(self, request: Request) -> Answer:
        match request.method, request.path:
            case "POST", "/network":
                return self._set_network(request.json_object())
            case "POST", "/faults":
                return self._set_faults(request.json_object())
            case "GET", "/state":
                with self._lock:
                    return Answer(200, {"up": self._is_up, "connections": self._connections, "dropped": self._dropped})
        return error_answer(404, "NOT_FOUND", "there is no such call")

    def _set_network(self, body: dict) -> Answer:
        exact_keys(body, ("up",))
        if not isinstance(body.get("up"), bool):
            raise BadRequest("up is true or false")
        self._is_up = body["up"]
        if body["up"]:
            self.listener.open()
        else:
            self.listener.shut()
        return Answer(200, {"up": body["up"]})

    def _set_faults(self, body: dict) -> Answer:
        exact_keys(body, ("drop_response_probability", "seed"))
        probability, seed = body.get("drop_response_probability"), body.get("seed", 0)
        if isinstance(probability, bool) or not isinstance(probability, (int, float)) or not 0 <= probability <= 1:
            raise BadRequest("drop_response_probability is 0 to 1")
        if isinstance(seed, bool) or not isinstance(seed, int):
            raise BadRequest("seed is a whole number")
        with self._lock:
            self._drop_probability, self._chance = probability, random.Random(seed)
        return Answer(200, {"drop_response_probability": probability, "seed": seed})


def main() -> int:
    parser = argparse.ArgumentParser(description="A TCP proxy that can be cut.")
    parser.add_argument("--listen", type=port_number, default=0, metavar="PORT", help="for clients; 0 for any")
    parser.add_argument("--to", type=port_number, required=True, metavar="PORT", help="the server on this machine")
    parser.add_argument("--control", type=port_number, default=0, metavar="PORT", help="control; 0 for any")
    options = parser.parse_args()

    stop = stop_on_signals()
    try:
        proxy = CutProxy(options.listen, options.to, options.control)
        proxy.start()
    except OSError as error:
        print(f"cut_proxy: {error}", file=sys.stderr)
        return 1
    announce(listen_port=proxy.listener.port, control_port=proxy.control.port)
    stop.wait()
    proxy.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
