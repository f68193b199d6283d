"""An ESC/POS receipt printer on a TCP port, for testing printer drivers: the receipt_printer device and its control
door.

The one idea: the control door is the hand that opens the cover and changes the roll; the device itself is in
receipt_printer.

    python3 printer9100.py --port N --control-port M --out DIR

Control (any key may be left out; see README.md):
    POST /state   {"paper":"ok|near_end|end","cover_open":bool,"offline":bool,"error":"none|cutter|recoverable",
                   "drawer_open":bool,"after_bytes":N}
    POST /faults  {"behaviour":"none|stop_reading|reset_after_bytes|no_status|half_status","bytes":N}
    GET /received
"""

import argparse
import base64
import os
import sys

from loopback.http_json import Answer, BadRequest, Request, error_answer, exact_keys, json_door
from loopback.process import announce, port_number, stop_on_signals
from receipt_printer.device import BEHAVIOURS, RESET_AFTER_BYTES, Printer
from receipt_printer.status import ERRORS, PAPERS

HIGHEST_BYTE_COUNT = 1 << 30


class ControlDoor:
    def __init__(self, port: int, printer: Printer):
        self._printer = printer
        self.listener = json_door("printer9100-control", port, self._handle)

    def _handle(self, request: Request) -> Answer:
        match request.method, request.path:
            case "POST", "/state":
                return self._set_state(request.json_object())
            case "POST", "/faults":
                return self._set_fault(request.json_object())
            case "GET", "/received":
                seen = self._printer.seen()
                received = seen.pop("received")
                text = base64.b64encode(received).decode("ascii")
                return Answer(200, {"received": text, "bytes": len(received), **seen})
        return error_answer(404, "NOT_FOUND", "there is no such call")

    def _set_state(self, body: dict) -> Answer:
        exact_keys(body, ("paper", "cover_open", "offline", "error", "drawer_open", "after_bytes"))
        if body.get("paper", "ok") not in PAPERS or body.get("error", "none") not in ERRORS:
            raise BadRequest(f"paper is one of {', '.join(PAPERS)}; error is one of {', '.join(ERRORS)}")
        for name in ("cover_open", "offline", "drawer_open"):
            if not isinstance(body.get(name, False), bool):
                raise BadRequest(f"{name} is true or false")
        after_bytes = byte_count(body.pop("after_bytes", 0))
        return Answer(200, self._printer.set_state(body, after_bytes))

    def _set_fault(self, body: dict) -> Answer:
        exact_keys(body, ("behaviour", "bytes"))
        behaviour, count = body.get("behaviour"), byte_count(body.get("bytes", 0))
        if behaviour not in BEHAVIOURS:
            raise BadRequest(f"behaviour is one of {', '.join(BEHAVIOURS)}")
        if (behaviour == RESET_AFTER_BYTES) != (count > 0):
            raise BadRequest("reset_after_bytes, and nothing else, needs bytes above 0")
        self._printer.set_fault(behaviour, count)
        return Answer(200, {"behaviour": behaviour, "bytes": count})


def byte_count(value) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= HIGHEST_BYTE_COUNT:
        raise BadRequest(f"a number of bytes is 0 to {HIGHEST_BYTE_COUNT}")
    return value


def recorder(folder):
    """What keeps the bytes of each connection in a file of its own, or nothing where no folder was named."""
    def record(number: int, data: bytes) -> None:
        if folder:
            with open(os.path.join(folder, f"connection-{number:04d}.bin"), "ab") as file:
                file.write(data)
    return record


def main() -> int:
    parser = argparse.ArgumentParser(description="An ESC/POS receipt printer on a TCP port.")
    parser.add_argument("--port", type=port_number, default=0, help="the printer; 0 for any free port")
    parser.add_argument("--control-port", type=port_number, default=0, help="the control door; 0 for any free port")
    parser.add_argument("--out", metavar="DIR", help="write what each connection sent into DIR")
    options = parser.parse_args()

    stop = stop_on_signals()
    try:
        if options.out:
            os.makedirs(options.out, exist_ok=True)
        printer = Printer(options.port, recorder(options.out))
        control = ControlDoor(options.control_port, printer).listener
        printer.start()
        control.open()
    except OSError as error:
        print(f"printer9100: {error}", file=sys.stderr)
        return 1
    announce(port=printer.listener.port, control_port=control.port)
    stop.wait()
    printer.stop()
    control.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
