"""The simulated city: settlement service, payment network, network cutter, tills."""
import datetime
import json
import pathlib
import sys

from . import http, store
from .finance import Finance
from .process import ROOT, Process, free_port, run, wait_until
from .till import SECRET, Till

JST = datetime.timezone(datetime.timedelta(hours=9))
MASTERS = ROOT / "settlement" / "masters" / "sample" / "koriyama.json"
SIMULATORS = ROOT / "tests" / "simulators"
sys.path.insert(0, str(SIMULATORS))

from loopback.certificates import make_authority, make_certificate  # noqa: E402


class City:
    """BUILD is a build folder; FOLDER is where everything is kept. A context manager: leaving it ends every process."""

    def __init__(self, build, folder, payment_timeout_ms=20000, inquiry_interval_ms=300, seed=None, misbehave=None,
                 masters=MASTERS, has_acquirer=False, has_tls=False, has_zvt=False):
        self.build = pathlib.Path(build).resolve()
        self.folder = pathlib.Path(folder).resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.masters = masters
        self.payment_timeout_ms = payment_timeout_ms
        self.inquiry_interval_ms = inquiry_interval_ms
        self.database = self.folder / "settlement.db"
        store.make(self.database)
        self.port = free_port()
        self.cut_port = free_port()
        self.program = self.build / "settlement" / "madoguchi-settlement"
        self.tills = {}
        self.processes = []
        self.authority = self.folder / "authority.pem" if has_tls else None  # of the service's certificate
        if has_tls:
            make_authority(self.folder)
            make_certificate(self.folder, "service")
            http.trust(self.authority)
        config = self.folder / "settlement.conf"
        screens = self.build / "share" / "finance"
        secure = "certificate_file = service.pem\nkey_file = service.key\n" if has_tls else ""
        config.write_text(f"[listen]\nport = {self.port}\n{secure}[store]\ndatabase = settlement.db\n"
                          + (f"[screens]\nshare = {screens}\n" if screens.is_dir() else ""))
        self.settlement = self._process("settlement", [self.program, "serve", "--config", config])
        chaos = [] if misbehave is None else ["--seed", seed, "--misbehave", misbehave]
        self.acquirer = None
        if has_acquirer:  # behind the terminal, for credit cards
            self.acquirer_port = free_port()
            self.acquirer = self._process("acquirer", [sys.executable, "-m", "acquirer_host", "--port", self.acquirer_port,
                                                       "--book", self.folder / "acquirer-book.jsonl"],
                                          {"PYTHONPATH": str(SIMULATORS)})
            chaos += ["--acquirer-port", self.acquirer_port]
        self.zvt_line = self.folder / "zvt-line" if has_zvt else None  # the terminal on a serial line, in JSON's place
        if has_zvt:
            chaos += ["--zvt", self.zvt_line]
        self.network_http_port = free_port()
        self.network_terminal_port = free_port()
        self.network = self._process(
            "network", [sys.executable, "-m", "payment_network", "--http-port", self.network_http_port, "--terminal-port",
                        self.network_terminal_port, "--book", self.folder / "network-book.jsonl", "--secret", SECRET, *chaos],
            {"PYTHONPATH": str(SIMULATORS)})
        self.cutter = self._process("cutter", [sys.executable, SIMULATORS / "cut_proxy.py", "--listen", self.cut_port,
                                               "--to", self.port, "--control", "0"])

    def _process(self, name, command, environment=None):
        process = Process(name, command, self.folder, environment)
        self.processes.append(process)
        return process

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in [till.process for till in self.tills.values()] + self.processes:
            process.kill()

    @property
    def scheme(self):
        return "http" if self.authority is None else "https"

    @property
    def url(self):
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def url_for_tills(self):
        """Tills reach the service through the cutter."""
        return f"{self.scheme}://127.0.0.1:{self.cut_port}"

    def start(self):
        self.start_network()
        self.control_port = self.cutter.start(ready_line=True)["control_port"]
        run([self.program, "masters", "load", "--database", self.database, "--file", self.masters], self.folder)
        self.start_settlement()

    def start_network(self):
        if self.acquirer is not None:
            self.acquirer_control_port = self.acquirer.start(ready_line=True)["control_port"]
        self.network.start(ready_line=True)

    def start_settlement(self):
        self.settlement.start()
        wait_until("the settlement service to answer", self.is_up)

    def is_up(self):
        if not self.settlement.is_running():
            raise RuntimeError(f"the settlement service ended by itself:\n{self.settlement.tail()}")
        try:
            return http.call("GET", self.url + "/health")
        except (OSError, http.Refused):
            return None

    def enrolment_code(self, terminal, place):
        text = run([self.program, "enrol-code", "--database", self.database, "--terminal", terminal, "--place", place,
                    "--json"], self.folder)
        return json.loads(text)["code"]

    def add_till(self, terminal, place, **options):
        till = Till(self, terminal, place, **options)
        self.tills[terminal] = till
        till.enrol()
        till.start()
        return till

    # --- the payment network's control door ------------------------------------------------------------------------

    def _control(self, method, path, body=None):
        return http.call(method, f"http://127.0.0.1:{self.network_http_port}/control{path}", body)

    def script(self, behaviour, **match):
        return self._control("POST", "/scripts", {"behaviour": behaviour, **match})

    def spoil_line(self, fault, times=1):
        """What happens to the next frames on the terminal's serial line."""
        return self._control("POST", "/line", {"fault": fault, "times": times})

    def mend_line(self):
        return self._control("DELETE", "/line")

    def touch_cards(self):
        return self._control("POST", "/touch", {})

    def set_payment_network(self, up):
        return self._control("POST", "/network", {"up": up})

    def book(self):
        return self._control("GET", "/book")

    def acquirer_fault(self, behaviour, **more):
        http.call("POST", f"http://127.0.0.1:{self.acquirer_control_port}/control/faults", {"behaviour": behaviour, **more})

    def acquirer_net(self):
        """What the acquirer has taken and not given back, yen."""
        book = http.call("GET", f"http://127.0.0.1:{self.acquirer_control_port}/control/book")
        return sum(entry["net"] for entry in book)

    def statements(self, date, directory, plant=()):
        pathlib.Path(directory).mkdir(parents=True, exist_ok=True)
        return self._control("POST", "/statements", {"date": str(date), "directory": str(directory), "plant": list(plant)})

    # --- the network between tills and service ----------------------------------------------------------------------

    def set_uplink(self, up):
        return http.call("POST", f"http://127.0.0.1:{self.control_port}/network", {"up": up})

    # --- the service --------------------------------------------------------------------------------------------------

    def run(self, *words, expect=0):
        """A command of madoguchi-settlement on this city's database; its standard output."""
        return run([self.program, *words, "--database", self.database], self.folder, expect)

    def audit(self):
        """What the audit says once the ledger has read everything."""
        def read():
            report = json.loads(run([self.program, "audit", "--json", "--database", self.database], self.folder, None))
            return report if report["waiting"] == 0 else None
        return wait_until("the ledger to read everything", read)

    def add_user(self, login, name, role, password):
        file = self.folder / f"{login}.password"
        file.touch(mode=0o600)
        file.write_text(password + "\n")
        self.run("user", "add", "--login", login, "--name", name, "--role", role, "--password-file", file)

    def sign_in(self, login, password):
        return Finance(self.url, login, password)

    @staticmethod
    def today():
        return datetime.datetime.now(JST).date()
