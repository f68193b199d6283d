"""Alipay+ user-presented payments as Antom's public pages describe them: JSON, RSA signatures in the headers of both sides.
docs/protocol/alipay-plus.md says which parts are guesses."""
