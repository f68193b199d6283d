"""WeChat Pay at the till, under every fault."""
import unittest

from wallet_scene import EveryFault, WalletScene


class WechatPay(EveryFault, WalletScene):
    wallet = "wechat_pay"


if __name__ == "__main__":
    unittest.main(verbosity=2)
