"""kill -9 at random instants, with sales running and the payment network misbehaving; then every book is compared.

    tests/fault/kill --build build/release --rounds 200 [--seed N] [--work DIR]

Holds when nothing acknowledged is lost, nothing stands twice, every payment in the network's own book is accounted for in
ours, and the sums agree to the yen. Prints the seed; the same seed gives the same choices (not the same instants).
"""
import argparse
import pathlib
import random
import shutil
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent))

from fault.kill.books import compare  # noqa: E402
from fault.kill.clerk import Clerk  # noqa: E402
from harness.city import City  # noqa: E402

MISBEHAVE = 0.35  # of payments: declined, lost, late, doubled, garbled, in doubt …
PAUSE_SECONDS = (0.02, 0.6)  # between restarts and the next kill: from "just started" to "in full work"


def victims_of(city):
    return [("till", till) for till in city.tills.values()] + [("settlement", city)]


def kill_one(city, choice):
    """Kill, sometimes wait, start again."""
    kind, victim = choice.choice(victims_of(city))
    if kind == "till":
        victim.kill()
        time.sleep(choice.choice([0, 0, 0.2]))
        victim.start()
        return victim.terminal
    city.settlement.kill()
    time.sleep(choice.choice([0, 0.3]))
    city.start_settlement()
    return kind


def settle(city, clerks):
    """Let the work end: clerks stop, cards are touched, everything is resolved and sent."""
    for clerk in clerks:
        clerk.stop()
    for till in city.tills.values():
        till.payment_ended()
        till.open()
        if till.state()["payment"] and till.state()["payment"]["state"] in ("unknown", "in_doubt"):
            till.post("/api/pay/set-aside")
    end = time.monotonic() + 120
    while True:
        city.touch_cards()
        if all(not till.open_payments(till.state()) and not [s for s in till.sales() if s["state"] == "voiding"]
               for till in city.tills.values()):
            break
        if time.monotonic() > end:
            raise TimeoutError("payments stay unresolved: "
                               + str([till.state()["unresolved"] for till in city.tills.values()]))
        time.sleep(0.3)
    for till in city.tills.values():
        till.all_sent()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--work", default="build/fault-kill")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 31)
    print(f"seed {seed}, {options.rounds} rounds", flush=True)
    shutil.rmtree(options.work, ignore_errors=True)
    choice = random.Random(seed)
    with City(options.build, options.work, payment_timeout_ms=1500, inquiry_interval_ms=200, seed=seed,
              misbehave=MISBEHAVE) as city:
        city.start()
        clerks = []
        for terminal, place in (("KO-01", "shimin-1"), ("KO-02", "museum-1")):
            till = city.add_till(terminal, place)
            till.open()
            clerks.append(Clerk(till, random.Random(choice.randrange(1 << 31))))
        for clerk in clerks:
            clerk.start()
        for number in range(options.rounds):
            time.sleep(choice.uniform(*PAUSE_SECONDS))
            victim = kill_one(city, choice)
            if (number + 1) % 20 == 0:
                print(f"round {number + 1}: last killed {victim}, sales acknowledged "
                      f"{sum(len(clerk.acknowledged) for clerk in clerks)}", flush=True)
        settle(city, clerks)
        faults = compare(city, clerks)
    for fault in faults:
        print(f"FAULT {fault}")
    print(f"{'1 failed' if faults else 'nothing lost, nothing twice'} (seed {seed})")
    return 1 if faults else 0


sys.exit(main())
