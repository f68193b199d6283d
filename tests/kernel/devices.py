"""Drivers on gadgets: the programs of CMakeLists.txt run in the machine, one after the other; each says its sentences."""
import re

PROGRAMS = {"printer": ["printer_gadget"], "printer_faults": ["printer_faults"],
            "printer_acm": ["printer_acm_gadget"], "scanner_hid_pos": ["scanner_gadget", "hid-pos"],
            "scanner_keyboard": ["scanner_gadget", "keyboard"], "scanner_acm": ["scanner_acm_gadget"]}
PROGRAM_SECONDS = 900  # only reached when something is broken
VERDICT = re.compile(r"^\[ *(OK|FAILED|ERROR) *\] (\w+)$", re.MULTILINE)
# What must not be in the kernel's log afterwards: then the gadget or the kernel is broken, and nothing is proved.
DAMAGE = re.compile(r"^.*(?:BUG:|Oops|WARNING: CPU|general protection|KASAN).*$", re.MULTILINE)


def verdicts(output):
    """The sentences of a cmocka program and whether each held: (sentence, bool), each once."""
    found = {}
    for word, name in VERDICT.findall(output):
        found[name] = found.get(name, True) and word == "OK"
    return [(name.replace("_", " "), held) for name, held in found.items()]


def try_program(report, machine, programs, name):
    status, output = machine.run(programs / f"kernel_{PROGRAMS[name][0]}", *PROGRAMS[name][1:], seconds=PROGRAM_SECONDS)
    told = verdicts(output)
    for sentence, held in told:
        report.say(f"{name}: {sentence}", held, output)
    failures = sum(not held for _, held in told)
    if not told or (status != 0 and failures == 0):
        report.say(f"{name}: the program runs to its end", False, f"exit status {status}\n{output}")


def try_all(report, make_machine, programs):
    wanted = [name for name in PROGRAMS if report.wants(name)]
    if not wanted:
        return
    machine = make_machine("devices")
    try:
        machine.start()
        for name in wanted:
            try_program(report, machine, programs, name)
        damage = DAMAGE.findall(machine.must("dmesg"))
        report.say("kernel: nothing in its log speaks of damage", not damage, "\n".join(damage))
    except (OSError, RuntimeError, ValueError) as error:
        report.say("devices: the machine goes on to the end", False, f"{error}\n{machine.tail()}")
    finally:
        machine.stop()
