"""Alipay+ at the till, under every fault."""
import unittest

from wallet_scene import EveryFault, WalletScene


class AlipayPlus(EveryFault, WalletScene):
    wallet = "alipay_plus"


if __name__ == "__main__":
    unittest.main(verbosity=2)
