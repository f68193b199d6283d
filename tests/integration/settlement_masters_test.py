"""Masters on the finance API: edited, proposed, approved by a second person, and fetched by a till."""
import copy
import hashlib
import json
import os
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from finance_service import MASTERS, FinanceService  # noqa: E402
from harness.http import Refused, call  # noqa: E402
from paper_till import PaperTill, is_signed_by  # noqa: E402

BUILD = os.environ["MADOGUCHI_BUILD"]
JUMINHYO = "juminhyo@2026-04-01"


class MastersTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.service = FinanceService(BUILD, folder.name)
        self.service.__enter__()
        self.addCleanup(self.service.__exit__)
        self.sato = self.service.sign_in("sato")
        self.suzuki = self.service.sign_in("suzuki")
        self.ito = self.service.sign_in("ito")

    def draft(self, title="4月の改定", who=None):
        return (who or self.sato).post("/api/masters/drafts", {"title": title})["draft"]["id"]

    def rows(self, kind, draft=None, **query):
        more = "".join(f"&{name}={value}" for name, value in query.items())
        return self.sato.get(f"/api/masters/rows?kind={kind}{f'&draft={draft}' if draft else ''}{more}")["rows"]

    def row(self, kind, key, draft=None):
        code = key.split("@")[0] if key[0] != "+" else ""
        return next(row for row in self.rows(kind, draft, limit=500, search=code) if row["key"] == key)

    def save(self, draft, kind, key, change, who=None, **more):
        """Change members of row KEY as it stands; the answer."""
        seen = self.row(kind, key, draft)
        row = {**seen["row"], **change}
        return (who or self.sato).post(f"/api/masters/drafts/{draft}/rows",
                                       {"kind": kind, "key": key, "revision": seen["revision"], "row": row, **more})

    def revision(self, draft):
        return self.sato.get(f"/api/masters/drafts/{draft}")["draft"]["revision"]

    def propose(self, draft, who=None):
        return (who or self.sato).post(f"/api/masters/drafts/{draft}/propose", {"revision": self.revision(draft)})["draft"]

    def approve(self, draft, who):
        return who.post(f"/api/masters/drafts/{draft}/approve", {"revision": self.revision(draft)})["draft"]

    def assert_refused(self, status, code, call, *arguments, **named):
        with self.assertRaises(Refused) as caught:
            call(*arguments, **named)
        self.assertEqual((caught.exception.status, caught.exception.code), (status, code or caught.exception.code), caught.exception.message)
        return caught.exception


class Workflow(MastersTest):
    def test_a_price_of_april_is_edited_proposed_approved_by_another_and_fetched_by_a_till(self):
        till = PaperTill(self.service.folder, self.service.port, "KO-01", "shimin-1")
        code = json.loads(self.service.run("enrol-code", "--terminal", "KO-01", "--place", "shimin-1", "--json"))["code"]
        key = bytes.fromhex(till.enrol(code).json["masters_key"])
        before = till.ask("/v1/masters")
        draft = self.draft(who=self.suzuki)

        saved = self.save(draft, "items", JUMINHYO, {"price_yen": 350}, **{"from": "2027-04-01"})
        self.assertEqual(saved["saved"]["row"]["valid_from"], "2027-04-01")
        self.propose(draft, self.suzuki)
        self.assert_refused(403, "no_right", self.approve, draft, self.sato)
        self.assert_refused(403, "own_approval", self.approve, draft, self.suzuki)
        self.assertEqual(till.ask("/v1/masters").headers["ETag"], before.headers["ETag"])
        published = self.approve(draft, self.ito)

        self.assertEqual((published["state"], published["version"]), ("published", 2))
        after = till.ask("/v1/masters", headers={"If-None-Match": before.headers["ETag"]})
        digest = hashlib.sha256(after.body).hexdigest()
        self.assertEqual(after.headers["ETag"], f'"{digest}"')
        self.assertTrue(is_signed_by(key, f"madoguchi-masters-v1\n072036\n2\n{digest}\n".encode(),
                                     after.headers["Madoguchi-Masters-Signature"], self.service.folder))
        prices = [(row["price_yen"], row["valid_from"], row.get("valid_to")) for row in after.json["items"]
                  if row["code"] == "juminhyo"]
        self.assertEqual(prices, [(300, "2026-04-01", "2027-03-31"), (350, "2027-04-01", None)])
        untouched = [row for row in after.json["items"] if row["code"] != "juminhyo"]
        self.assertEqual(untouched, [row for row in before.json["items"] if row["code"] != "juminhyo"])
        self.assertEqual({**after.json, "items": 0, "version": 0}, {**before.json, "items": 0, "version": 0})

    def test_every_step_is_in_the_access_log_with_its_person(self):
        draft = self.draft()
        self.save(draft, "items", JUMINHYO, {"price_yen": 350})
        self.propose(draft)
        self.suzuki.post(f"/api/masters/drafts/{draft}/return", {"reason": "条例の改正日を確かめる"})
        self.propose(draft)
        self.approve(draft, self.suzuki)

        log = self.service.sign_in("kansa").get("/api/access-log")["rows"]
        told = [(entry["what"], entry["by"]["login"]) for entry in log if entry["what"].startswith("masters_")][::-1]
        self.assertEqual(told, [("masters_loaded", "cli"), ("masters_create", "sato"), ("masters_edit", "sato"), ("masters_propose", "sato"),
                                ("masters_return", "suzuki"), ("masters_propose", "sato"), ("masters_approve", "suzuki")])
        edit = next(entry for entry in log if entry["what"] == "masters_edit")
        self.assertEqual(json.loads(edit["before"])["price_yen"], 300)
        self.assertEqual(json.loads(edit["after"])["price_yen"], 350)
        history = self.sato.get(f"/api/masters/drafts/{draft}")["history"]
        self.assertEqual(len(history), 6)

    def test_versions_are_kept_for_ever_and_compared(self):
        draft = self.draft()
        self.save(draft, "items", JUMINHYO, {"price_yen": 350}, **{"from": "2027-04-01"})
        self.propose(draft)
        self.approve(draft, self.suzuki)

        versions = self.sato.get("/api/masters/versions")["rows"]
        self.assertEqual([(row["version"], row["title"], row["proposed_by"], row["approved_by"]) for row in versions],
                         [(2, "4月の改定", "sato", "suzuki"), (1, None, "cli", None)])
        old = [row for row in self.rows("items", version=1, limit=500) if row["key"] == JUMINHYO]
        self.assertNotIn("valid_to", {name for name, value in old[0]["row"].items() if value is not None})
        diff = self.sato.get("/api/masters/diff?from=1&version=2")
        self.assertEqual(diff["totals"], [{"kind": "items", "kind_name": "品目", "added": 1, "changed": 1, "removed": 0,
                                           "conflicts": 0}])
        self.assertEqual([row["sentence"] for row in diff["rows"]],
                         ["2027-03-31で終わる", "2027-04-01から単価を「300円」から「350円」に"])
        self.assertEqual(self.sato.get(f"/api/masters/diff?draft={draft}")["rows"][1]["sentence"], diff["rows"][1]["sentence"])

    def test_who_may_only_look_changes_nothing(self):
        draft = self.draft()
        auditor = self.service.sign_in("kansa")
        self.assertTrue(auditor.get("/api/masters/rows?kind=items")["rows"])
        for path in ("", f"/{draft}/rows", f"/{draft}/propose", f"/{draft}/approve",
                     f"/{draft}/csv?kind=items"):
            self.assert_refused(403, "no_right", auditor.post, f"/api/masters/drafts{path}", {"title": "x"})
        self.assert_refused(403, "no_right", self.sato.post, f"/api/masters/drafts/{draft}/approve", {"revision": 1})


class Editing(MastersTest):
    def test_two_people_on_one_row_lose_nothing(self):
        draft = self.draft()
        seen = self.row("items", JUMINHYO, draft)
        self.save(draft, "items", JUMINHYO, {"price_yen": 350})

        late = {"kind": "items", "key": JUMINHYO, "revision": seen["revision"], "row": {**seen["row"], "price_yen": 400}}
        refused = self.assert_refused(409, "row_changed", self.ito.post, f"/api/masters/drafts/{draft}/rows", late)

        self.assertIn("佐藤 花子", refused.message)
        self.assertEqual(refused.body["saved"]["row"]["price_yen"], 350)
        late["revision"] = refused.body["saved"]["revision"]
        self.assertEqual(self.ito.post(f"/api/masters/drafts/{draft}/rows", late)["saved"]["row"]["price_yen"], 400)

    def test_what_is_wrong_is_said_at_its_member_and_kept(self):
        draft = self.draft()

        answer = self.save(draft, "items", JUMINHYO, {"price_yen": -5, "account": "zzz"})

        said = {(remark["member"], remark["title"]) for remark in answer["remarks"] if not remark["is_warning"]}
        self.assertEqual(said, {("price_yen", "単価"), ("account", "歳入科目")})
        self.assertEqual(self.row("items", JUMINHYO, draft)["row"]["price_yen"], -5)
        self.assert_refused(400, "wrong_masters", self.propose, draft)
        everything = self.sato.get(f"/api/masters/check?draft={draft}")
        self.assertEqual(everything["error_count"], 2)
        self.assertEqual({remark["key"] for remark in everything["remarks"] if not remark["is_warning"]}, {JUMINHYO})

    def test_a_change_under_a_row_in_force_is_warned_about(self):
        draft = self.draft()
        answer = self.save(draft, "items", JUMINHYO, {"price_yen": 350})
        self.assertEqual([(remark["member"], remark["is_warning"]) for remark in answer["remarks"]], [("price_yen", True)])
        self.assertIn("この日から変更", answer["remarks"][0]["message"])

    def test_a_pin_is_set_and_never_shown(self):
        draft = self.draft()
        path = f"/api/masters/drafts/{draft}/rows"
        new = {"code": "mori", "name": "森", "role": "clerk", "places": ["shimin-1"]}
        answer = self.sato.post(path, {"kind": "clerks", "row": new})
        self.assertEqual([remark["member"] for remark in answer["remarks"]], ["pin_hash"])
        key = answer["saved"]["key"]
        self.assert_refused(400, "wrong_pin", self.save, draft, "clerks", key, {"pin": "12"})

        answer = self.save(draft, "clerks", key, {"pin": "4711"})

        self.assertEqual(answer["remarks"], [])
        self.assertTrue(answer["saved"]["has_pin"])
        for path in (f"/api/masters/rows?kind=clerks&draft={draft}", f"/api/masters/diff?draft={draft}",
                     f"/api/masters/drafts/{draft}"):
            text = json.dumps(self.sato.get(path))
            self.assertNotIn("scrypt", text)
            self.assertNotIn("4711", text)
        log = json.dumps(self.service.sign_in("kansa").get("/api/access-log"))
        self.assertNotIn("scrypt", log)
        self.assertNotIn("4711", log)

    def test_a_draft_that_meets_a_published_change_is_decided_by_a_person(self):
        april, urgent = self.draft(), self.draft("急ぎの訂正")
        self.save(april, "items", JUMINHYO, {"price_yen": 350})
        self.save(urgent, "items", JUMINHYO, {"name": "住民票の写し（世帯全員）"})
        self.propose(urgent)
        self.approve(urgent, self.suzuki)

        row = self.sato.get(f"/api/masters/diff?draft={april}")["rows"][0]
        self.assertEqual([member["after"] for member in row["conflict"]["members"]], ["住民票の写し（世帯全員）"])
        self.assert_refused(409, "masters_conflict", self.propose, april)
        merged = self.save(april, "items", JUMINHYO, {"name": "住民票の写し（世帯全員）"})
        kept = self.sato.post(f"/api/masters/drafts/{april}/keep",
                              {"kind": "items", "key": JUMINHYO, "revision": merged["saved"]["revision"]})
        self.assertFalse(kept["saved"]["is_conflict"])
        self.propose(april)
        self.assertEqual(self.approve(april, self.suzuki)["version"], 3)
        self.assertEqual([(row["row"]["name"], row["row"]["price_yen"]) for row in self.rows("items", search="juminhyo@", limit=500)], [])
        row = self.row("items", JUMINHYO)["row"]
        self.assertEqual((row["name"], row["price_yen"]), ("住民票の写し（世帯全員）", 350))


class Files(MastersTest):
    def send(self, draft, kind, content, who=None, **query):
        more = "".join(f"&{name}={value}" for name, value in query.items())
        return (who or self.sato).post(f"/api/masters/drafts/{draft}/csv?kind={kind}&file=shinryo.csv{more}", content, "text/csv")

    def test_every_kind_goes_out_and_in_unchanged_in_both_encodings(self):
        draft = self.draft()
        kinds = [kind["kind"] for kind in self.sato.get("/api/masters/schema")["kinds"] if not kind["is_single"]]
        for kind in kinds:
            for encoding in ("utf8", "cp932"):
                content = self.sato.get(f"/api/masters/csv?kind={kind}&encoding={encoding}", raw=True)
                self.assertNotIn(b"scrypt", content)
                answer = self.send(draft, kind, content, mode="replace")
                self.assertEqual({**answer["totals"], "same": 0}, {"added": 0, "changed": 0, "removed": 0, "same": 0}, kind)
                self.assertEqual(answer["fault_count"], 0)
        self.assertEqual(self.sato.get(f"/api/masters/drafts/{draft}")["draft"]["change_count"], 0)

    def test_an_import_shows_what_it_would_do_and_takes_nothing_until_told(self):
        draft = self.draft()
        text = self.sato.get(f"/api/masters/csv?kind=items&encoding=cp932&draft={draft}", raw=True).decode("cp932")
        lines = text.splitlines(keepends=True)
        changed = [line.replace('"300"', '"350"', 1) if "juminhyo\"" in line else line for line in lines]
        new = next(line for line in lines if '"inkan"' in line).replace('"inkan"', '"inkan-2"').replace('"14020103"', '"zzz"')
        content = "".join(changed + [new]).encode("cp932")

        shown = self.send(draft, "items", content, dry_run=1)

        self.assertEqual(shown["encoding"], "cp932")
        self.assertEqual(shown["totals"], {"added": 1, "changed": 1, "removed": 0, "same": len(lines) - 2})
        self.assertEqual([(row["line"], row["code"], row["state"], row["sentence"]) for row in shown["rows"]],
                         [(2, "juminhyo", "changed", "単価を「300円」から「350円」に"),
                          (len(lines) + 1, "inkan-2", "added", "2026-04-01から新しく加える")])
        self.assertEqual([(remark["line"], remark["member"]) for remark in shown["remarks"] if not remark["is_warning"]],
                         [(len(lines) + 1, "account")])
        self.assertEqual(self.sato.get(f"/api/masters/drafts/{draft}")["draft"]["change_count"], 0)

        seen = shown["draft"]["revision"]
        self.save(draft, "items", "mibun@2026-04-01", {"price_yen": 310})
        self.assert_refused(409, "version_changed", self.send, draft, "items", content, revision=seen)
        self.send(draft, "items", content, revision=self.revision(draft))
        self.assertEqual(self.row("items", JUMINHYO, draft)["row"]["price_yen"], 350)
        self.assertEqual(self.row("items", "mibun@2026-04-01", draft)["row"]["price_yen"], 300)
        log = self.service.sign_in("kansa").get("/api/access-log")["rows"]
        self.assertIn(("masters_import", "品目 shinryo.csv", "3行"), [(entry["what"], entry["reason"], entry["after"]) for entry in log])

    def test_a_file_that_cannot_be_read_is_refused_with_its_line_and_column(self):
        draft = self.draft()
        wrong = "コード,適用開始日,単価\njuminhyo,2026-04-01,三百\n".encode()

        shown = self.send(draft, "items", wrong, dry_run=1)
        self.assertEqual([(fault["line"], fault["column"], fault["title"]) for fault in shown["faults"]],
                         [(2, 3, "単価[price_yen]")])
        refused = self.assert_refused(400, "wrong_csv", self.send, draft, "items", wrong)
        self.assertEqual((refused.body["error"]["line"], refused.body["error"]["column"]), (2, 3))
        self.assert_refused(400, "wrong_csv", self.send, draft, "items", "名称\nx\n".encode())
        self.assertEqual(self.sato.get(f"/api/masters/drafts/{draft}")["draft"]["change_count"], 0)

    def test_twenty_thousand_items_are_imported_edited_compared_and_published(self):
        draft = self.draft("全件の入替")
        head = "コード,名称,よみ,分類,単価,消費税,歳入科目,所属,発行者,適用開始日"
        rows = [f"i{n:05},品目{n:05},ひんもく{n:05},その他,{n % 900 + 100},非課税,14020101,shimin,general,2026-04-01" for n in range(19800)]
        content = ("\n".join([head, *rows]) + "\n").encode()

        shown = self.send(draft, "items", content, dry_run=1)
        self.assertEqual(shown["totals"]["added"], 19800)
        self.send(draft, "items", content)
        self.propose(draft)
        self.assertEqual(self.approve(draft, self.suzuki)["version"], 2)
        page = self.sato.get("/api/masters/rows?kind=items&search=%E5%93%81%E7%9B%AE19799")
        self.assertEqual([row["row"]["code"] for row in page["rows"]], ["i19799"])

        april = self.draft("値上げ")
        raised = "\n".join([head, *(row.replace(",2026-04-01", ",2027-04-01") for row in rows[:5000])]).encode()
        self.send(april, "items", raised, dry_run=1)
        self.save(april, "items", "i00007@2026-04-01", {"price_yen": 999})
        diff = self.sato.get(f"/api/masters/diff?draft={april}")
        self.assertEqual([row["sentence"] for row in diff["rows"]], ["単価を「107円」から「999円」に"])
        self.assertEqual(self.sato.get(f"/api/masters/check?draft={april}")["error_count"], 0)
        self.assertEqual(self.sato.get("/api/masters/diff?from=1&version=2")["totals"][0]["added"], 19800)


class Commands(MastersTest):
    def test_a_version_is_exported_and_a_file_compared_in_words(self):
        out = self.service.folder / "out.json"
        self.service.run("masters", "export", "--file", out)
        self.assertEqual(out.stat().st_mode & 0o777, 0o600)
        self.assertIn("第1版との違い: 0件", self.service.run("masters", "diff", "--file", out))

        document = json.loads(out.read_text())
        document["version"] = 2
        juminhyo = document["items"][0]
        document["items"].append({**juminhyo, "price_yen": 350, "valid_from": "2027-04-01"})
        juminhyo["valid_to"] = "2027-03-31"
        document["settings"]["idle_lock_minutes"] = 5
        out.write_text(json.dumps(document, ensure_ascii=False))

        told = self.service.run("masters", "diff", "--file", out, expect=1).splitlines()

        self.assertEqual(told, ["変更 品目 juminhyo 住民票の写し: 2027-03-31で終わる",
                                "追加 品目 juminhyo 住民票の写し: 2027-04-01から単価を「300円」から「350円」に",
                                "変更 設定  : 操作がないときの施錠（分）を「15」から「5」に", "第1版との違い: 3件"])
        out.write_text(out.read_text().replace('"exempt"', '"exampt"', 1))
        self.service.run("masters", "diff", "--file", out, expect=3)


class Looking(MastersTest):
    def test_lists_are_searched_filtered_by_day_and_paged(self):
        draft = self.draft()
        self.save(draft, "items", JUMINHYO, {"price_yen": 350}, **{"from": "2027-04-01"})

        def prices(**query):
            return [row["row"]["price_yen"] for row in self.rows("items", draft, **query) if row["row"]["code"] == "juminhyo"]

        self.assertEqual(prices(date="2027-03-31"), [300])
        self.assertEqual(prices(date="2027-04-01"), [350])
        self.assertEqual(prices(), [300, 350])
        kana = "%E3%82%B8%E3%83%A5%E3%82%A6%E3%83%9F%E3%83%B3%E3%83%92%E3%83%A7%E3%82%A6%E3%83%8E"  # ジュウミンヒョウノ
        self.assertIn("juminhyo", {row["row"]["code"] for row in self.rows("items", draft, search=kana)})
        self.assertEqual([row["key"] for row in self.rows("items", draft, state="touched")], [JUMINHYO, "+1"])
        first = self.sato.get(f"/api/masters/rows?kind=items&draft={draft}&limit=5")
        rest = self.sato.get(f"/api/masters/rows?kind=items&draft={draft}&limit=500&after={first['next'].replace('+', '%2B')}")
        self.assertEqual([row["key"] for row in first["rows"] + rest["rows"]],
                         [row["key"] for row in self.rows("items", draft, limit=500)])
        self.assertEqual(first["total"], len(first["rows"] + rest["rows"]))

    def test_the_preview_shows_both_days_side_by_side(self):
        draft = self.draft()
        self.save(draft, "items", JUMINHYO, {"price_yen": 350}, **{"from": "2027-04-01"})
        new = {**self.row("items", JUMINHYO)["row"], "code": "kofu", "name": "交付手数料", "price_yen": 100, "valid_from": "2027-04-01"}
        self.sato.post(f"/api/masters/drafts/{draft}/rows", {"kind": "items", "row": new})
        path = f"/api/masters/preview?draft={draft}&place=shimin-1&first=2027-03-31&second=2027-04-01"

        shown = self.sato.get(path + "&changed=1")

        self.assertEqual(shown["totals"]["changes"], 1)
        self.assertEqual(shown["totals"]["begins"], 1)
        changes = {row["code"]: row for row in shown["rows"]}
        self.assertEqual(set(changes), {"juminhyo", "kofu"})
        self.assertEqual((changes["juminhyo"]["first"]["price_yen"], changes["juminhyo"]["second"]["price_yen"]), (300, 350))
        self.assertIsNone(changes["kofu"]["first"])
        self.assertGreater(len(self.sato.get(path)["rows"]), 2)
        self.assertEqual(self.sato.get(path.replace("shimin-1", "museum-1") + "&changed=1")["rows"], [])

    def test_a_template_is_previewed_as_it_will_be_printed(self):
        built_in = self.sato.get("/api/masters/template?form=receipt")
        self.assertIn("領", built_in["markup"])
        self.assertTrue({"name", "kind", "meaning"} <= set(built_in["names"][0]))
        path = "/api/masters/template-preview"

        def picture(body):
            return call("POST", self.sato.url + path, body, {**self.sato.headers(), "Content-Type": "application/json"}, raw=True)

        own = picture({"form": "receipt", "columns": 32, "markup": "^^^市立美術館\n-\n"})
        self.assertTrue(own.startswith(b"\x89PNG"))
        self.assertNotEqual(own, picture({"form": "receipt", "columns": 32}))
        refused = self.assert_refused(400, None, picture, {"form": "receipt", "markup": "a\n[[nobody_knows]]\n"})
        self.assertEqual(refused.body["error"]["line"], 2)
        draft = self.draft()
        row = {"form": "receipt", "markup": "[[nobody_knows]]", "valid_from": "2027-04-01"}
        answer = self.sato.post(f"/api/masters/drafts/{draft}/rows", {"kind": "templates", "row": row})
        self.assertEqual([remark["member"] for remark in answer["remarks"]], ["markup"])

    def test_a_tariff_is_tried_with_the_tills_own_engine(self):
        draft = self.draft()
        tariff = {"code": "show", "name": "観覧料", "form": "fixed", "price_yen": 200, "valid_from": "2026-04-01"}
        self.sato.post(f"/api/masters/drafts/{draft}/rows", {"kind": "tariffs", "row": tariff})
        path = f"/api/masters/tariff-trial?draft={draft}"

        asked = self.sato.post(path, {"tariff": "show", "date": "2026-11-22"})
        priced = self.sato.post(path, {"tariff": "show", "date": "2026-11-22", "facts": {"quantity": 3}})
        unsaved = self.sato.post(path, {"row": {**tariff, "price_yen": 250}, "facts": {"quantity": 2}})
        wrong = self.sato.post(path, {"tariff": "show", "facts": {"quantity": -1}})

        self.assertEqual(asked["tariff"]["questions"][0]["id"], "quantity")
        self.assertEqual(priced["result"]["total_yen"], 600)
        self.assertEqual(unsaved["result"]["total_yen"], 500)
        self.assertIsNone(wrong["result"])
        self.assertTrue(wrong["problem"])
        self.assert_refused(404, "not_found", self.sato.post, path, {"tariff": "show", "date": "2020-01-01"})


if __name__ == "__main__":
    unittest.main()
