"""A till that answers docs/protocol/till-http.md without devices, disk or money, so that the screen can be put into every
state it must show. It keeps the rules a screen can notice (baskets, sums, refusals); the real program keeps the rest.

    with FakeTill(share) as till:
        till.sign_in(); till.add("koseki"); till.set(payment=till.payment("qr", "waiting_code"))

Run by itself it serves until stopped:  fake_till.py SHARE [PORT]
"""
import http.server
import json
import pathlib
import queue
import sys
import threading
import time
import urllib.parse

import fake_commands
import fake_day
from fake_catalog import BRANDS, catalog, found_items, shown_catalog

# As common/http sends it.
POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
          "base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".txt": "text/plain"}

WELL = {"uplink": {"state": "online", "unsent": 0, "message": ""}, "printer": {"state": "ready", "message": ""},
        "payment_terminal": {"state": "ready", "message": ""}, "qr_gateway": {"state": "ready", "message": ""},
        "cash_drawer": {"state": "ready", "message": ""}, "scanner": {"state": "ready", "message": ""},
        "line_display": {"state": "none", "message": ""}, "card_reader": {"state": "none", "message": ""}, "devices_revision": 0,
        "masters": {"version": 3, "message": ""}}

PAPER = (b'<svg xmlns="http://www.w3.org/2000/svg" width="288" height="300" viewBox="0 0 288 300"><rect width="288" height="300" fill="#fff"/>'
         b'<g font-family="Noto Sans CJK JP" font-size="14"><text x="100" y="40" font-size="20">\xe9\xa0\x98\xe5\x8f\x8e\xe6\x9b\xb8</text>'
         b'<text x="20" y="90">\xe9\x83\xa1\xe5\xb1\xb1\xe5\xb8\x82 \xe5\xb8\x82\xe6\xb0\x91\xe8\xaa\xb2</text><path d="M20 110h248" stroke="#000"/></g></svg>')


class FakeTill:
    def __init__(self, share, port=0):
        self.share = pathlib.Path(share)
        self.lock = threading.RLock()
        self.listeners = []
        self.requests = []  # (method, path, body) of every command, for tests that count them
        self.delay_s = 0.0  # how long a command takes
        self.find_delay_s = 0.0  # how long finding items takes
        self.is_gone = False  # the process has ended: connections that are still open give no answer
        self.sales = []
        self.refuse_next = None  # a fake_commands.Refusal for the next command
        self.paying = None  # the basket in payment, once the next one has been begun
        self.events = []  # of the drawer
        self.counts = []  # the newest count
        self.catalog = catalog()
        self.papers = 1
        self.simulated = {"printer": {"paper": "ok", "cover_open": False, "is_offline": False, "papers": 1},
                          "drawer": {"is_open": False, "pulses": 0}, "line_display": ["戸籍全部事項証明  \\450", "合計            \\3,450"], "terminal": {"next": "approve"}}
        self.state = {
            "revision": 1,
            "till": {"terminal": "KO-01", "place": "shimin-1", "place_name": "市民課 1番窓口", "municipality_name": "郡山市",
                     "devices": "simulated", "training": False},
            "now": "2026-11-22T10:03:11.123+09:00", "business_date": "2026-11-22", "clerk": None, "is_locked": False,
            "day": fake_day.day("none"), "status": json.loads(json.dumps(WELL)),
            "basket": fake_commands.empty_basket(), "payment": None, "last_sale": None, "unresolved": [], "unprinted": [], "held": [], "scanned": None, "next": None,
            "citizen_language": "ja"}
        fake = self

        class Handler(FakeHandler):
            till = fake
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        if not self.is_gone:
            self.is_gone = True
            self.drop_listeners()
            self.server.shutdown()
            self.server.server_close()

    def publish(self):
        self.state["revision"] += 1
        for listener in list(self.listeners):
            listener.put(json.dumps(self.state, ensure_ascii=False))

    def drop_listeners(self):
        with self.lock:
            for listener in self.listeners:
                listener.put(None)

    # For tests: put the till where it should be

    def set(self, **members):
        with self.lock:
            self.state.update(members)
            self.publish()

    def status(self, **members):
        with self.lock:
            for name, fact in members.items():
                self.state["status"][name].update(fact)
            self.publish()

    def sign_in(self, clerk="sato"):
        name = next(one["name"] for one in self.catalog["clerks"] if one["code"] == clerk)
        self.set(clerk={"code": clerk, "name": name, "role": "clerk"}, day=fake_day.day("open"))

    def add(self, *items):
        with self.lock:
            for item in items:
                fake_commands.add_item(self, {"item": item, "quantity": 1})
            self.publish()

    def new_basket(self):
        self.set(basket=fake_commands.empty_basket(), payment=None)

    def payment(self, method, state, brand=None, **members):
        name = next((one["name"] for one in BRANDS if one["code"] == brand), None)
        basket = self.state["basket"]
        return {"id": "0193-p", "basket": basket["id"], "state": state, "method": method, "brand": brand, "brand_name": name,
                "amount_yen": basket["total_yen"], "clerk_message": "", "citizen_message": "", "seconds_left": None,
                "can_stop": False, "can_set_aside": False, "can_abandon": False, **members}


class FakeHandler(http.server.BaseHTTPRequestHandler):
    till = None
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def parse_request(self):
        self.close_connection = self.till.is_gone
        return not self.till.is_gone and super().parse_request()

    def answer(self, status, body, kind="application/json"):
        data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        for name, value in (("Content-Type", f"{kind}; charset=utf-8"), ("Content-Length", str(len(data))),
                            ("Cache-Control", "no-store"), ("Content-Security-Policy", POLICY), ("X-Content-Type-Options", "nosniff")):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def refuse(self, status, code, message):
        self.answer(status, {"error": {"code": code, "message": message}})

    def do_GET(self):
        path = urllib.parse.urlsplit(self.path).path
        if path == "/api/events":
            return self.events()
        if path == "/api/state":
            return self.answer(200, self.till.state)
        if path == "/api/catalog":
            return self.answer(200, shown_catalog(self.till.catalog)) if self.till.catalog else self.refuse(503, "no_masters", "料金表がまだ届いていません。")
        if path == "/api/items":
            time.sleep(self.till.find_delay_s)
            return self.answer(200, found_items(self.till.catalog, dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))))
        if path.endswith("/questions"):
            return self.answer(200, {"item": "", "name": "", "category": "", "price_yen": 0, "questions": None, "reductions": []})
        if path == "/api/sales":
            return self.answer(200, {"sales": self.till.sales, "has_more": False})
        if path == "/api/day/count":
            return self.answer(200, fake_day.compared(self.till))
        if path == "/api/cash":
            return self.answer(200, {"events": self.till.events})
        if path == "/api/card":
            return self.answer(200, {"has_reader": True})
        if path == "/api/simulated":
            return self.answer(200, self.till.simulated)
        if path.endswith(".png"):
            return self.answer(200, PAPER, "image/svg+xml")
        file = self.till.share / ("index.html" if path == "/" else path.lstrip("/"))
        if file.suffix not in TYPES or not file.is_file():
            return self.refuse(404, "no_such_file", path)
        return self.answer(200, file.read_bytes(), TYPES[file.suffix])

    def events(self):
        mine = queue.Queue()
        with self.till.lock:
            self.till.listeners.append(mine)
            mine.put(json.dumps(self.till.state, ensure_ascii=False))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            for data in iter(mine.get, None):
                self.wfile.write(f"event: state\ndata: {data}\n\n".encode())
                self.wfile.flush()
        except OSError:
            pass
        self.till.listeners.remove(mine)
        self.close_connection = True

    def change(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        if self.headers.get("X-Madoguchi") != "till":
            return self.refuse(403, "wrong_origin", "この画面からの操作ではありません。")
        path = urllib.parse.urlsplit(self.path).path
        time.sleep(self.till.delay_s)
        with self.till.lock:
            self.till.requests.append((self.command, path, body))
            try:
                result = fake_commands.carry_out(self.till, self.command, path, body)
            except fake_commands.Refusal as refusal:
                return self.refuse(refusal.status, refusal.code, refusal.message)
            if result is None:
                self.till.publish()
                result = self.till.state
            return self.answer(200, result)

    do_POST = change
    do_DELETE = change


if __name__ == "__main__":
    with FakeTill(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0) as fake:
        print(fake.address, flush=True)
        fake.thread.join()
