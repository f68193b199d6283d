"""The terminal's side of ZVT against published bytes: frames of the ecrterm project's tests."""

import unittest

from payment_network import zvt

PUBLISHED = [
    "10 02 06 00 06 12 34 56 BA 09 78 10 03 24 C3",
    "10 02 06 01 0A 04 00 00 00 01 10 10 00 49 09 78 10 03 F2 FF",
    "10 02 06 70 00 10 03 D9 F9",
    "10 02 80 00 00 10 03 F5 1F",
    "10 02 84 9C 00 10 03 C3 41",
    "10 02 05 01 03 12 34 56 10 03 E0 43",
]


class Zvt(unittest.TestCase):
    def test_published_frames_are_read_and_written_byte_for_byte(self):
        for text in PUBLISHED:
            data = bytes.fromhex(text)
            ((kind, message),) = zvt.Reader().feed(data)
            self.assertEqual(kind, "message")
            self.assertEqual(zvt.frame(message), data)

    def test_frames_come_in_pieces_and_after_noise(self):
        reader, data = zvt.Reader(), bytes.fromhex(PUBLISHED[1])
        found = [event for byte in b"\x00A" + data + b"\x06" for event in reader.feed(bytes([byte]))]
        self.assertEqual([event[0] for event in found], ["message", "ack"])

    def test_a_damaged_frame_is_bad(self):
        data = bytearray(bytes.fromhex(PUBLISHED[1]))
        data[8] ^= 1
        self.assertEqual(zvt.Reader().feed(bytes(data)), [("bad",)])

    def test_the_published_authorisation_reads(self):
        ((_, message),) = zvt.Reader().feed(bytes.fromhex(PUBLISHED[1]))
        command, data = zvt.read_apdu(message)
        self.assertEqual(command, 0x0601)
        self.assertEqual(zvt.read_fields(data), {0x04: bytes.fromhex("000000011000"), 0x49: bytes.fromhex("0978")})

    def test_containers_are_read_as_they_are_written(self):
        long = b"x" * 300
        fields = zvt.read_fields(zvt.container(zvt.tlv(0xDF01, b"a") + zvt.tlv(0xFF02, long)))
        self.assertEqual(fields, {0x06: {0xDF01: b"a", 0xFF02: long}})
        for broken in (b"\x06\x05\xdf\x01\x09a", b"\x27", b"\xee\x00"):
            with self.assertRaises(zvt.Unreadable):
                zvt.read_fields(broken)


if __name__ == "__main__":
    unittest.main()
