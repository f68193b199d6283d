"""A HID POS scanner on the machine's USB.

    scanner.py plug          make it and plug it in
    scanner.py show CODE     it has read CODE
"""
import pathlib
import sys

GADGET = pathlib.Path("/sys/kernel/config/usb_gadget/till-scanner")
DEVICE = "/dev/hidg0"  # the machine has no other HID gadget while a till runs in it
DATA_BYTES = 56

# Report 2: a byte count, three symbology characters, 56 bytes of data, and a bit for "continued".
DESCRIPTOR = bytes.fromhex(
    "058c0902a10185020912a102150026ff00750895010501093b81029503058c09fb09fc09fd8102953809fe82020125017501950109ff8102"
    "75078103c0c0")


def plug():
    strings, function, configuration = GADGET / "strings/0x409", GADGET / "functions/hid.0", GADGET / "configs/c.1"
    GADGET.mkdir()
    (GADGET / "idVendor").write_text("0x0c2e")
    (GADGET / "idProduct").write_text("0x0b61")
    strings.mkdir()
    for name, text in (("manufacturer", "Example"), ("product", "HID POS"), ("serialnumber", "S1")):
        (strings / name).write_text(text)
    configuration.mkdir()
    function.mkdir()
    (function / "report_length").write_text("62")
    (function / "report_desc").write_bytes(DESCRIPTOR)
    (configuration / "hid.0").symlink_to(function)
    (GADGET / "UDC").write_text("dummy_udc.1")


def show(code):
    data = code.encode("ascii")
    with open(DEVICE, "wb", buffering=0) as device:
        for at in range(0, len(data), DATA_BYTES):
            part = data[at:at + DATA_BYTES]
            is_continued = at + DATA_BYTES < len(data)
            device.write(b"\x02" + bytes([len(part)]) + b"]Q1" + part.ljust(DATA_BYTES, b"\0") + bytes([is_continued]))


if __name__ == "__main__":
    plug() if sys.argv[1] == "plug" else show(sys.argv[2])
