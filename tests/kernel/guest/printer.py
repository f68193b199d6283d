"""A printer on the machine's USB whose paper is outside the machine, so that it outlives a power cut: a printer gadget, with
what is sent to it carried to ADDRESS:PORT and back.

    printer.py ADDRESS PORT
"""
import errno
import os
import pathlib
import select
import socket
import sys
import time

GADGET = pathlib.Path("/sys/kernel/config/usb_gadget/till-printer")
TRANSFER_BYTES = 8192  # read whole: see printer_cable.c


def make_gadget():
    strings, function, configuration = GADGET / "strings/0x409", GADGET / "functions/printer.0", GADGET / "configs/c.1"
    GADGET.mkdir()
    (GADGET / "idVendor").write_text("0x04b8")
    (GADGET / "idProduct").write_text("0x0202")
    strings.mkdir()
    for name, text in (("manufacturer", "EPSON"), ("product", "TM-T88VI"), ("serialnumber", "J0001")):
        (strings / name).write_text(text)
    configuration.mkdir()
    function.mkdir()
    (function / "pnp_string").write_text("MFG:EPSON;CMD:ESC/POS;MDL:TM-T88VI;CLS:PRINTER;")
    (function / "q_len").write_text("1")
    (configuration / "printer.0").symlink_to(function)
    (GADGET / "UDC").write_text("dummy_udc.0")


def open_device():
    """The gadget's file says "no such device" until the host has configured it."""
    for _ in range(3000):
        try:
            return os.open("/dev/g_printer0", os.O_RDWR)
        except OSError as error:
            if error.errno != errno.ENODEV:
                raise
        time.sleep(0.02)
    raise RuntimeError("the host does not configure the printer")


def main():
    paper = socket.create_connection((sys.argv[1], int(sys.argv[2])))
    make_gadget()
    device = open_device()
    print("printer: plugged in", flush=True)
    poll = select.poll()
    poll.register(device, select.POLLIN)
    poll.register(paper, select.POLLIN)
    while True:
        for descriptor, _ in poll.poll():
            if descriptor == device:
                paper.sendall(os.read(device, TRANSFER_BYTES))
            else:
                data = paper.recv(TRANSFER_BYTES)
                if not data:
                    return
                os.write(device, data)


if __name__ == "__main__":
    main()
