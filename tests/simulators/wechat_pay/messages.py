"""WeChat's messages: flat XML documents of text elements."""

import xml.etree.ElementTree as ElementTree
from xml.sax.saxutils import escape

from loopback.http_json import BadRequest

MAX_FIELDS = 64


def read(body: bytes) -> dict:
    """The fields of a request. Raises BadRequest for anything but <xml> with text elements, each once."""
    if b"<!" in body.replace(b"<![CDATA[", b""):
        raise BadRequest("no declarations in a request")
    try:
        root = ElementTree.fromstring(body.decode("utf-8"))
    except (ElementTree.ParseError, ValueError) as error:
        raise BadRequest("the body is not XML in UTF-8") from error
    fields = {}
    for element in root:
        if len(element) or element.tag in fields or len(fields) >= MAX_FIELDS:
            raise BadRequest(f"{element.tag} is no text, or stands twice, or is too much")
        fields[element.tag] = element.text or ""
    if root.tag != "xml":
        raise BadRequest("the document is not <xml>")
    return fields


def write(fields: dict) -> bytes:
    """Texts as CDATA and numbers bare, as the public examples show them."""
    def element(name, value):
        text = str(value)
        shown = text if text.isdigit() else f"<![CDATA[{text}]]>" if "]]>" not in text else escape(text)
        return f"<{name}>{shown}</{name}>"
    return ("<xml>\n" + "\n".join(element(name, value) for name, value in fields.items()) + "\n</xml>").encode("utf-8")
