"""Start the simulator: `python3 -m aggregator …` in tests/simulators. Prints one JSON line with its ports when it is ready;
stops on SIGTERM or SIGINT."""

import argparse
import sys

from loopback.certificates import server_context
from loopback.process import announce, port_number, stop_on_signals
from payment_network.journal import JournalError

from .door import Aggregator


def main() -> int:
    parser = argparse.ArgumentParser(prog="aggregator", description="An aggregator of codes that can go wrong on purpose.")
    parser.add_argument("--port", type=port_number, default=0, help="its door over TLS; 0 for any")
    parser.add_argument("--control-port", type=port_number, default=0, help="the control door, plain HTTP; 0 for any")
    parser.add_argument("--book", metavar="FILE", help="keep the book here; without it the book ends with the process")
    parser.add_argument("--certificate", required=True, metavar="FILE")
    parser.add_argument("--key", required=True, metavar="FILE")
    parser.add_argument("--credential", default="demo-secret.demo-token", help="what stands behind Bearer")
    parser.add_argument("--store", default="22222222-0000-7000-8000-000000000001")
    options = parser.parse_args()

    stop = stop_on_signals()
    try:
        tls = server_context(options.certificate, options.key)
        door = Aggregator(options.port, options.control_port, options.book, tls, options.credential, options.store)
        door.start()
    except (JournalError, OSError) as error:
        print(f"aggregator: {error}", file=sys.stderr)
        return 1
    announce(**door.ports)
    stop.wait()
    door.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
