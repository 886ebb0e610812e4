"""A picture of a ruled table: what stands on a page where an office pasted its tables as images."""

import struct
import zlib


def ruled_table(columns: int, rows: int, *, width: int = 80, height: int = 22) -> bytes:
    """Return a PNG (8 bit grey) of an empty grid with cells of ``width`` × ``height`` pixels."""
    across, down = columns * width + 1, rows * height + 1
    line = b"\x00" * across
    between = b"".join(b"\x00" + b"\xff" * (width - 1) for _ in range(columns)) + b"\x00"
    # Each scanline begins with its filter type, 0: none.
    lines = (b"\x00" + (between if y % height else line) for y in range(down))
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", across, down, 8, 0, 0, 0, 0)),
            _chunk(b"IDAT", zlib.compress(b"".join(lines))),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
