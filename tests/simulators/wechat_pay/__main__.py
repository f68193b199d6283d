"""Start the simulator: `python3 -m wechat_pay …` in tests/simulators. Prints one JSON line with its ports when it is ready;
stops on SIGTERM or SIGINT."""

import argparse
import sys

from loopback.certificates import server_context
from loopback.process import announce, port_number, stop_on_signals
from payment_network.journal import JournalError

from .wallet import WechatPay


def main() -> int:
    parser = argparse.ArgumentParser(prog="wechat_pay", description="WeChat Pay's quick pay, v2, that can go wrong on purpose.")
    parser.add_argument("--port", type=port_number, default=0, help="the wallet's door over TLS; 0 for any")
    parser.add_argument("--control-port", type=port_number, default=0, help="the control door, plain HTTP; 0 for any")
    parser.add_argument("--book", metavar="FILE", help="keep the book here; without it the book ends with the process")
    parser.add_argument("--certificate", required=True, metavar="FILE")
    parser.add_argument("--key", required=True, metavar="FILE")
    parser.add_argument("--authority", required=True, metavar="FILE", help="of the clients that may reverse and refund")
    parser.add_argument("--api-key-file", required=True, metavar="FILE")
    parser.add_argument("--appid", default="wx8888888888888888")
    parser.add_argument("--mch-id", default="1900000109")
    parser.add_argument("--currency", default="JPY")
    parser.add_argument("--minimum-age-ms", type=int, default=15000, help="of an order before it may be reversed")
    options = parser.parse_args()

    stop = stop_on_signals()
    try:
        with open(options.api_key_file, encoding="utf-8") as file:
            key = file.readline().strip()
        merchant = {"appid": options.appid, "mch_id": options.mch_id, "key": key, "currency": options.currency,
                    "minimum_age_ms": options.minimum_age_ms}
        tls = server_context(options.certificate, options.key, options.authority)
        wallet = WechatPay(options.port, options.control_port, options.book, tls, merchant)
        wallet.start()
    except (JournalError, OSError) as error:
        print(f"wechat_pay: {error}", file=sys.stderr)
        return 1
    announce(**wallet.ports)
    stop.wait()
    wallet.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
