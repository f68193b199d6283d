"""Start the simulator: `python3 -m payment_network` in tests/simulators, or `python3 tests/simulators/payment_network`.
Prints one JSON line with its ports when it is ready; stops on SIGTERM or SIGINT."""

import argparse
import os
import sys

if not __package__:  # started by the folder's path: Python put this folder first, the package stands one above
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

from loopback.process import announce, port_number, stop_on_signals  # noqa: E402 (the path is set just above)
from payment_network.journal import JournalError  # noqa: E402
from payment_network.network import Network  # noqa: E402


def probability(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise ValueError(text)
    return value


def main() -> int:
    parser = argparse.ArgumentParser(prog="payment_network",
                                     description="A payment network that can go wrong on purpose.")
    parser.add_argument("--http-port", type=port_number, default=0, help="QR gateway and control door; 0 for any")
    parser.add_argument("--terminal-port", type=port_number, default=0, help="payment terminal; 0 for any")
    parser.add_argument("--book", metavar="FILE", help="keep the book here; without it the book ends with the process")
    parser.add_argument("--secret", default="demo-secret", help="the merchant secret of the QR gateway")
    parser.add_argument("--seed", type=int, default=0, help="of the random behaviours")
    parser.add_argument("--misbehave", type=probability, default=0.0, metavar="P",
                        help="probability of a random behaviour for a payment that no script matches")
    parser.add_argument("--acquirer-port", type=port_number, metavar="PORT",
                        help="where an acquirer's host (acquirer_host) answers for credit cards; without it the centre does")
    parser.add_argument("--zvt", metavar="PATH", help="the terminal on a serial line as well, speaking ZVT: a link to the "
                                                      "pseudo-terminal is made here")
    options = parser.parse_args()

    stop = stop_on_signals()
    try:
        network = Network(options.http_port, options.terminal_port, options.book, options.secret, options.seed,
                          options.misbehave, options.acquirer_port, zvt_path=options.zvt)
        network.start()
    except (JournalError, OSError) as error:
        print(f"payment_network: {error}", file=sys.stderr)
        return 1
    announce(**network.ports)
    stop.wait()
    network.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
