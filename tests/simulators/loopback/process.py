"""How a simulator starts and ends: one JSON line on stdout when it is ready, a clean stop on SIGTERM or SIGINT."""

import json
import signal
import threading


def announce(**ports: int) -> None:
    print(json.dumps(ports), flush=True)


def stop_on_signals() -> threading.Event:
    """The event is set by SIGTERM or SIGINT. Call from the main thread before announcing."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def port_number(text: str) -> int:
    """For argparse: 0 (any free port) … 65535."""
    number = int(text)
    if not 0 <= number <= 65535:
        raise ValueError(text)
    return number
