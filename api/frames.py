"""Messages between two processes over a pipe: eight bytes that say how long, then so many."""

from __future__ import annotations

import json
from typing import IO

_HEAD = 8


def message(document: object) -> bytes:
    """A document as one message."""
    return json.dumps(document, separators=(",", ":")).encode("ascii")


def write_frame(stream: IO[bytes], body: bytes) -> None:
    """Send one message."""
    stream.write(len(body).to_bytes(_HEAD, "big"))
    stream.write(body)
    stream.flush()


def read_frame(stream: IO[bytes], most: int) -> bytes | None:
    """The next message; None when there is none, it was cut off, or it is longer than ``most`` bytes."""
    head = stream.read(_HEAD)
    size = int.from_bytes(head, "big")
    if len(head) < _HEAD or size > most:
        return None
    body = stream.read(size)
    return body if len(body) == size else None
