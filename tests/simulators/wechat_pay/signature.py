"""The v2 signature: the fields that have a value, sorted by name, and the key behind them; MD5 or HMAC-SHA256, upper case.

Written from the public description and checked against its published example (tests/test_wechat_pay.py).
"""

import hashlib
import hmac

MD5, HMAC_SHA256 = "MD5", "HMAC-SHA256"


def sign(fields: dict, key: str, sign_type: str = MD5) -> str:
    text = "&".join(f"{name}={value}" for name, value in sorted(fields.items()) if value != "" and name != "sign")
    data = f"{text}&key={key}".encode("utf-8")
    if sign_type == HMAC_SHA256:
        return hmac.new(key.encode("utf-8"), data, hashlib.sha256).hexdigest().upper()
    return hashlib.md5(data).hexdigest().upper()


def is_signed(fields: dict, key: str) -> bool:
    """By the sign_type that stands in FIELDS; MD5 where none does."""
    expected = sign(fields, key, fields.get("sign_type", MD5))
    return hmac.compare_digest(fields.get("sign", "").encode("utf-8"), expected.encode("ascii"))
