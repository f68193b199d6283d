"""Start the simulator: `python3 -m alipay_plus …` in tests/simulators. Prints one JSON line with its ports when it is ready;
stops on SIGTERM or SIGINT."""

import argparse
import sys

from loopback.certificates import server_context
from loopback.process import announce, port_number, stop_on_signals
from payment_network.journal import JournalError

from .wallet import AlipayPlus


def main() -> int:
    parser = argparse.ArgumentParser(prog="alipay_plus",
                                     description="Alipay+ user-presented payments that can go wrong on purpose.")
    parser.add_argument("--port", type=port_number, default=0, help="the wallet's door over TLS; 0 for any")
    parser.add_argument("--control-port", type=port_number, default=0, help="the control door, plain HTTP; 0 for any")
    parser.add_argument("--book", metavar="FILE", help="keep the book here; without it the book ends with the process")
    parser.add_argument("--certificate", required=True, metavar="FILE")
    parser.add_argument("--key", required=True, metavar="FILE")
    parser.add_argument("--client-id", default="TEST_5X00000000000000")
    parser.add_argument("--merchant-public-key", required=True, metavar="FILE", help="PEM; the merchant signs with its pair")
    parser.add_argument("--private-key", required=True, metavar="FILE", help="PEM; answers are signed with it")
    parser.add_argument("--currency", default="JPY")
    parser.add_argument("--minimum-age-ms", type=int, default=0, help="of an order before it may be cancelled")
    options = parser.parse_args()

    stop = stop_on_signals()
    try:
        merchant = {"client_id": options.client_id, "public_key": options.merchant_public_key,
                    "private_key": options.private_key, "currency": options.currency,
                    "minimum_age_ms": options.minimum_age_ms}
        tls = server_context(options.certificate, options.key)
        wallet = AlipayPlus(options.port, options.control_port, options.book, tls, merchant)
        wallet.start()
    except (JournalError, OSError) as error:
        print(f"alipay_plus: {error}", file=sys.stderr)
        return 1
    announce(**wallet.ports)
    stop.wait()
    wallet.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
