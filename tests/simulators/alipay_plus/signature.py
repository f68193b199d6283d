"""The signature header: RSA-SHA256 over "METHOD path\\nclient.time.body", Base64, then percent-encoded. RSA is the openssl
command's; nothing of the product signs or verifies here."""

import base64
import binascii
import os
import re
import subprocess
import tempfile
import urllib.parse

HEADER = re.compile(r"algorithm=RSA256,\s*keyVersion=1,\s*signature=([A-Za-z0-9%_.~-]+)")
PATIENCE_SECONDS = 20


def content(path: str, client: str, time: str, body: bytes) -> bytes:
    return f"POST {path}\n{client}.{time}.".encode("utf-8") + body


def sign(private_key, path: str, client: str, time: str, body: bytes) -> str:
    """The whole header."""
    done = subprocess.run(["openssl", "dgst", "-sha256", "-sign", private_key], input=content(path, client, time, body),
                          capture_output=True, timeout=PATIENCE_SECONDS, check=True)
    return "algorithm=RSA256,keyVersion=1,signature=" + urllib.parse.quote(base64.b64encode(done.stdout), safe="")


def is_signed(public_key, header: str, path: str, client: str, time: str, body: bytes) -> bool:
    match = HEADER.fullmatch(header)
    if not match:
        return False
    try:
        signature = base64.b64decode(urllib.parse.unquote(match.group(1)), validate=True)
    except (binascii.Error, ValueError):
        return False
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "signature")
        with open(file, "wb") as out:
            out.write(signature)
        done = subprocess.run(["openssl", "dgst", "-sha256", "-verify", public_key, "-signature", file],
                              input=content(path, client, time, body), capture_output=True, timeout=PATIENCE_SECONDS,
                              check=False)
    return done.returncode == 0
