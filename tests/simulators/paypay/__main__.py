"""Start the simulator: `python3 -m paypay …` in tests/simulators. Prints one JSON line with its ports when it is ready;
stops on SIGTERM or SIGINT."""

import argparse
import sys

from loopback.certificates import server_context
from loopback.process import announce, port_number, stop_on_signals
from payment_network.journal import JournalError

from .door import PayPay


def main() -> int:
    parser = argparse.ArgumentParser(prog="paypay", description="PayPay's codes, which can go wrong on purpose.")
    parser.add_argument("--port", type=port_number, default=0, help="its door over TLS; 0 for any")
    parser.add_argument("--control-port", type=port_number, default=0, help="the control door, plain HTTP; 0 for any")
    parser.add_argument("--book", metavar="FILE", help="keep the book here; without it the book ends with the process")
    parser.add_argument("--certificate", required=True, metavar="FILE")
    parser.add_argument("--key", required=True, metavar="FILE")
    parser.add_argument("--api-key", default="demo-key")
    parser.add_argument("--api-secret", default="demo-paypay-secret")
    parser.add_argument("--merchant", default="900000000000000001")
    options = parser.parse_args()

    stop = stop_on_signals()
    try:
        tls = server_context(options.certificate, options.key)
        door = PayPay(options.port, options.control_port, options.book, tls, options.api_key, options.api_secret,
                      options.merchant)
        door.start()
    except (JournalError, OSError) as error:
        print(f"paypay: {error}", file=sys.stderr)
        return 1
    announce(**door.ports)
    stop.wait()
    door.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
