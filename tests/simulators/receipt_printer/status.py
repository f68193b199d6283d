"""What the printer's sensors see, and the status bytes that say so.

The one idea: one state, four dialects (DLE EOT, automatic status back, GS r, and the control door's words), each a pure
function of it. Bit positions are those of the TM family; fixed bits tell the dialects apart on the wire.
"""

PAPERS = ("ok", "near_end", "end")
ERRORS = ("none", "cutter", "recoverable")

FIXED = 0x12  # bits 1 and 4 of every DLE EOT answer
# The automatic status's fourth byte is reserved; printers send its low bits set.
RESERVED_FOURTH_BYTE = 0x0F

# GS a n: which bits of the four bytes each bit of n asks to be told of.
WATCHED = {
    0x01: (0x04, 0x00, 0x00, 0x00),  # drawer
    0x02: (0x28, 0x03, 0x00, 0x00),  # online or offline, with its causes
    0x04: (0x00, 0x6C, 0x00, 0x00),  # error
    0x08: (0x00, 0x00, 0x0F, 0x00),  # paper
    0x40: (0x40, 0x02, 0x00, 0x00),  # panel buttons
}


class PrinterState:
    def __init__(self):
        self.paper, self.error = "ok", "none"
        self.cover_open = self.offline = self.drawer_open = False

    def change(self, values: dict) -> None:
        for name, value in values.items():
            setattr(self, name, value)

    def shown(self) -> dict:
        return {"paper": self.paper, "cover_open": self.cover_open, "offline": self.offline, "error": self.error,
                "drawer_open": self.drawer_open}

    def stops_printing(self) -> bool:
        return self.offline or self.cover_open or self.paper == "end" or self.error != "none"

    def _drawer_bit(self) -> int:
        """Connector pin 3 is high while the drawer is closed, as with the usual drawers."""
        return 0 if self.drawer_open else 0x04

    def _error_bits(self) -> int:
        return {"none": 0, "recoverable": 0x04, "cutter": 0x08}[self.error]

    def realtime_status(self, n: int) -> bytes:
        """DLE EOT n."""
        bits = {
            1: self._drawer_bit() | (0x08 if self.stops_printing() else 0),
            2: ((0x04 if self.cover_open else 0) | (0x20 if self.paper == "end" else 0)
                | (0x40 if self.error != "none" else 0)),
            3: self._error_bits(),
            # At the end of the roll the near-end sensor sees no paper either: both pairs of bits are set.
            4: {"ok": 0, "near_end": 0x0C, "end": 0x6C}[self.paper],
        }
        return bytes([FIXED | bits[n]])

    def automatic_status(self) -> bytes:
        """The four bytes of automatic status back."""
        first = 0x10 | self._drawer_bit() | (0x08 if self.stops_printing() else 0) | (0x20 if self.cover_open else 0)
        return bytes([first, self._error_bits(), self._paper_bits(), RESERVED_FOURTH_BYTE])

    def transmitted_status(self, n: int) -> bytes:
        """GS r n: 1 paper, 2 drawer, as number or digit; anything else is not answered."""
        if n in (1, 49):
            return bytes([self._paper_bits()])
        return bytes([self._drawer_bit() >> 2]) if n in (2, 50) else b""

    def _paper_bits(self) -> int:
        return {"ok": 0, "near_end": 0x03, "end": 0x0F}[self.paper]


def differs(before: bytes, after: bytes, watched: int) -> bool:
    """Whether something WATCHED (the n of GS a) changed between two automatic statuses."""
    return any(watched & bit and any((old ^ new) & mask for old, new, mask in zip(before, after, masks))
               for bit, masks in WATCHED.items())
