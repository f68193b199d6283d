"""A finance user's browser session, without the browser (docs/protocol/finance-http.md)."""
import json

from .http import Refused, call, connect


class Finance:
    def __init__(self, url, login, password):
        self.url = url
        connection = connect(url)
        try:
            connection.request("POST", "/api/login", json.dumps({"login": login, "password": password}),
                               {"Content-Type": "application/json"})
            answer = connection.getresponse()
            body = json.loads(answer.read() or b"{}")
        finally:
            connection.close()
        if answer.status != 200:
            raise Refused(answer.status, body)
        self.headers_at_sign_in = answer.headers
        self.cookie = answer.getheader("Set-Cookie").split(";")[0]
        self.me = body
        self.token = body["csrf_token"]

    def headers(self):
        return {"Cookie": self.cookie, "X-CSRF-Token": self.token}

    def get(self, path, raw=False):
        return call("GET", self.url + path, None, {"Cookie": self.cookie}, raw=raw)

    def post(self, path, body=None, content_type="application/json"):
        return call("POST", self.url + path, {} if body is None else body,
                    {**self.headers(), "Content-Type": content_type})
