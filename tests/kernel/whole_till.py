"""The parts that have a whole till in the machine, one after the other on one stage."""
import tempfile

import power_cut
import selling
from stage import Stage

PARTS = (selling, power_cut)


def try_all(report, make_machine, build):
    wanted = [part for part in PARTS if report.wants(part.NAME)]
    if not wanted:
        return
    with tempfile.TemporaryDirectory(prefix="kernel-till-") as folder:
        stage = None
        try:
            stage = Stage(make_machine, build, folder)
            stage.switch_on()
            for part in wanted:
                part.play(report, stage)
        except (OSError, RuntimeError, ValueError, KeyError) as error:
            seen = stage.look_around() if stage is not None else ""
            report.say("till: the scene goes on to the end", False, f"{type(error).__name__}: {error}\n{seen}")
        finally:
            if stage is not None:
                stage.finish()
