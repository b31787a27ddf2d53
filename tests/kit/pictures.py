"""Pictures as they come, well made and ill."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from typing import Any

from PIL import Image

# 128 × 64 pixels, red on the left half and blue on the right, taken sideways, with a camera's name and a place.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAaFtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAADRpbG9j"
    "AAAAAERAAAIAAQAAAAABxQABAAAAAAAAAD8AAgAAAAACBAABAAAAAAAAAHQAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAAAAABAABodmMxAAAA"
    "ABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAA4GlwcnAAAADAaXBjbwAAAHhodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNg"
    "AAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoBAgQWW6kkprm4CGgwIAAAMAMgAAAwACEGIAAQAH"
    "RAHBcrAiQAAAABNjb2xybmNseAABAA0ABoAAAAAUaXNwZQAAAAAAAACAAAAAQAAAABBwaXhpAAAAAAMICAgAAAAJaXJvdAMAAAAYaXBtYQAA"
    "AAAAAAABAAEFgQIDBIUAAAAaaXJlZgAAAAAAAAAOY2RzYwACAAEAAQAAALttZGF0AAAAOygBrxmA3yfVN+q//9TE3/hpdL5+g1SSiac70RqH"
    "VXD0vQ0oFe6PabnVoWfcjl+rwUUnlZ/52S4aDBFDAAAABkV4aWYAAE1NACoAAAAIAAMBDwACAAAADQAAADIBEgADAAAAAQAGAACIJQAEAAAA"
    "AQAAAEAAAAAAU0VDUkVUQ0FNRVJBAAAAAQACAAUAAAADAAAAUgAAAAAAAAAzAAAAAQAAAB4AAAABAAAAGgAAAAE="
)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def photo(width: int = 60, height: int = 40) -> Image.Image:
    """Red on the left half, blue on the right."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste("red", (0, 0, width // 2, height))
    return image


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def cut_off_png(width: int, height: int) -> bytes:
    """A PNG that ends in the middle of its first row."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(bytes(1 + width * 3)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels[: len(pixels) // 2]


def gif_of_150_frames() -> bytes:
    frames = [Image.new("L", (20, 20), shade) for shade in range(150)]
    return encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
