"""Everything of the suite, one sentence per line, and what it comes to."""
import argparse
import pathlib
import re
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import devices  # noqa: E402
import whole_till  # noqa: E402
from machine import Kernel, Machine, choose_accelerator  # noqa: E402


class Report:
    """Counts; `say` a sentence with whether it held, and what was seen when it did not."""

    def __init__(self, pattern):
        self.pattern = re.compile(pattern)
        self.passed = self.failed = 0

    def wants(self, name):
        return self.pattern.search(name) is not None

    def say(self, sentence, held, seen=""):
        self.passed += bool(held)
        self.failed += not held
        print(("ok      " if held else "FAILED  ") + sentence, flush=True)
        if not held and seen:
            print("".join(f"        {line}\n" for line in seen.splitlines()[-60:]), end="", flush=True)


def main():
    parser = argparse.ArgumentParser(description="The drivers and the till on Debian's own kernel, under QEMU.")
    parser.add_argument("--programs", required=True, type=pathlib.Path)
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("pattern", nargs="?", default="", help="only the parts whose name matches")
    options = parser.parse_args()

    begun = time.monotonic()
    kernel = Kernel(options.work)
    accelerator = choose_accelerator(kernel, options.work)
    print(f"Debian's {kernel.release} under QEMU ({accelerator})", flush=True)
    report = Report(options.pattern)

    def machine(name, **more):
        log = options.work / f"{name}.log"
        log.unlink(missing_ok=True)
        return Machine(kernel, log, accelerator=accelerator, **more)

    devices.try_all(report, machine, options.programs.resolve())
    whole_till.try_all(report, machine, options.build.resolve())
    print(f"after {time.monotonic() - begun:.0f} s")
    print(f"{report.passed} passed, {report.failed} failed")
    return 1 if report.failed > 0 or report.passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
