"""Our code on the citizen's window in a real browser: the clerk presses, and what stands on the glass is scanned."""
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "scenario"))

from browser import Browser  # noqa: E402
from presented_scene import PresentedScene  # noqa: E402
from harness.process import wait_until  # noqa: E402

BUILD = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve()
PICTURES = pathlib.Path(os.environ.setdefault("MADOGUCHI_BROWSER_EVIDENCE", str(BUILD / "pictures")))


class OurCodeOnTheGlass(PresentedScene):
    def test_the_clerk_shows_a_code_and_a_phone_reads_it_off_the_window(self):
        PICTURES.mkdir(parents=True, exist_ok=True)
        for size, dark in (((1280, 800), False), ((1024, 768), True)):
            with self.subTest(size=size, dark=dark):
                self.till.ring_up("juminhyo")
                with Browser(size=size, dark=dark) as clerk, Browser(size=size, dark=dark) as citizen:
                    citizen.open(self.till.url + "/citizen.html")
                    clerk.open(self.till.url + "/")
                    clerk.wait_for_text("住民票")
                    clerk.press("F10")
                    clerk.wait_for("[data-presented='paypay']")
                    clerk.screenshot(PICTURES / f"presented-choice-{size[0]}.png")
                    self.assertEqual(clerk.layout_faults(), [])
                    clerk.click("[data-presented='paypay']")
                    citizen.wait_for(".now .code")
                    citizen.wait(lambda citizen=citizen: citizen.run("return document.querySelector('.now .code').naturalWidth > 0"),
                                 "the picture of the code")
                    citizen.wait_drawn()
                    picture = PICTURES / f"presented-citizen-{size[0]}.png"
                    citizen.screenshot(picture)
                    self.assertEqual(citizen.layout_faults(), [])
                    clerk.wait_for_text("お客様にコードを読み取って")
                    clerk.screenshot(PICTURES / f"presented-clerk-{size[0]}.png")
                    self.assertEqual(clerk.layout_faults(), [])
                    read = subprocess.run(["zbarimg", "--quiet", "--raw", picture], capture_output=True, text=True, check=True)
                    payment = self.last_payment()
                    self.pay_with_phone(read.stdout.strip())
                    self.assertEqual(self.settle(payment), "approved")
                    citizen.wait_gone(".now .code")
                    wait_until("the sale", lambda payment=payment: self.sales_of(payment))


if __name__ == "__main__":
    unittest.main()
