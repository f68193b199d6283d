"""Start the host: `python3 -m acquirer_host --book FILE` in tests/simulators. Prints one JSON line with its ports when it is
ready; stops on SIGTERM or SIGINT."""

import argparse
import sys

from loopback.process import announce, port_number, stop_on_signals
from payment_network.journal import JournalError

from .host import Host


def main() -> int:
    parser = argparse.ArgumentParser(prog="acquirer_host", description="A card acquirer's host that speaks ISO 8583.")
    parser.add_argument("--port", type=port_number, default=0, help="the host; 0 for any")
    parser.add_argument("--control-port", type=port_number, default=0, help="the control door, plain HTTP; 0 for any")
    parser.add_argument("--book", metavar="FILE", help="keep the book here; without it the book ends with the process")
    options = parser.parse_args()

    stop = stop_on_signals()
    try:
        host = Host(options.port, options.control_port, options.book)
        host.start()
    except (JournalError, OSError) as error:
        print(f"acquirer_host: {error}", file=sys.stderr)
        return 1
    announce(**host.ports)
    stop.wait()
    host.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
