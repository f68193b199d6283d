"""HTTP as a test needs it: one call, JSON in and out, errors as values."""
import http.client
import json
import ssl
import urllib.parse

_authorities = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # believes those that `trust` names, and nobody else


def trust(authority):
    """From now on believe servers whose certificate comes from AUTHORITY, a PEM file."""
    _authorities.load_verify_locations(authority)


def connect(url, timeout=60):
    """A connection to the server of URL, http or https."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "https":
        return http.client.HTTPSConnection(parts.hostname, parts.port, timeout=timeout, context=_authorities)
    return http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)


class Refused(Exception):
    """An answer of 400 or more: `status`, `code`, `message`."""

    def __init__(self, status, body):
        error = body.get("error", {}) if isinstance(body, dict) else {}
        self.status = status
        self.code = error.get("code", "")
        self.message = error.get("message", "")
        self.body = body
        super().__init__(f"{status} {self.code}: {self.message}")


def call(method, url, body=None, headers=None, timeout=60, raw=False):
    """The parsed JSON answer (bytes when RAW). Raises Refused for an error answer, OSError when there is none."""
    parts = urllib.parse.urlsplit(url)
    connection = connect(url, timeout)
    try:
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request(method, path, data, {"Content-Type": "application/json", **(headers or {})})
            answer = connection.getresponse()
            content = answer.read()
        except http.client.HTTPException as broken:
            raise ConnectionError(f"{method} {url}: {broken!r}") from broken
        parsed = content
        if not raw or answer.status >= 400:
            try:
                parsed = json.loads(content) if content else {}
            except ValueError:
                parsed = {"error": {"code": "not_json", "message": content[:200].decode(errors="replace")}}
        if answer.status >= 400:
            raise Refused(answer.status, parsed)
        return parsed
    finally:
        connection.close()
