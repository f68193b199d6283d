"""Masters with a little of everything that a checkout can do, for a city whose counter is shimin-1."""
import json

from .process import ROOT

FIXTURE = ROOT / "tests" / "fixtures" / "till" / "checkout-masters.json"
SAMPLE = ROOT / "settlement" / "masters" / "sample" / "koriyama.json"


def checkout_masters(idle_lock_minutes=15):
    """The fixture of the unit tests, with the sample's brands and PINs (sato 1111, suzuki 2222)."""
    document = json.loads(FIXTURE.read_text())
    sample = json.loads(SAMPLE.read_text())
    hashes = {clerk["code"]: clerk["pin_hash"] for clerk in sample["clerks"]}
    document["places"][0].update(code="shimin-1", name="総合窓口 1番")
    for clerk in document["clerks"]:
        clerk.update(pin_hash=hashes[clerk["code"]], places=["shimin-1"])
    for name in ("brands", "trustees"):
        document[name] = sample[name]
    document["settings"]["idle_lock_minutes"] = idle_lock_minutes
    return document


def write_checkout_masters(path, **options):
    path.write_text(json.dumps(checkout_masters(**options), ensure_ascii=False))
    return path
