"""Headers and parts of MIME messages (RFC 5322, 2045 to 2049), as far as damaged ones give them."""

from __future__ import annotations

import binascii
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.errors import CloseBoundaryNotFoundDefect, HeaderParseError, StartBoundaryNotFoundDefect
from email.header import decode_header
from email.message import Message

from nlp.errors import UnreadableError
from nlp.readers.charsets import characters

#: A message nests a few parts deep, a hostile one thousands.
PARTS = 500


def parse(data: bytes) -> Message:
    """The message in ``data``. The library never fails: what is wrong stands in the defects of its parts."""
    # The newer policies parse headers as they are asked for, and fail over damaged ones.
    return message_from_bytes(data.lstrip(b"\r\n"), policy=policy.compat32)


def header(message: Message, name: str) -> str | None:
    """A header as a person reads it, encoded words (RFC 2047) decoded, or None."""
    value = message.get(name)
    return " ".join(decoded(str(value)).split()) or None if value is not None else None


def decoded(value: str) -> str:
    try:
        pieces = decode_header(value)
    except (HeaderParseError, binascii.Error, ValueError):
        return value
    return "".join(_word(*piece) for piece in pieces)


def _word(word: bytes | str, charset: str | None) -> str:
    if isinstance(word, str):
        return word
    try:
        return characters(word, charset) if word.strip() else " "
    except UnreadableError:
        return word.decode("ascii", "replace")


def body_of(part: Message) -> bytes:
    """The bytes of a part, unpacked from base64 or quoted-printable."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def text_of(part: Message) -> str:
    """The text of a part. Raises UnreadableError when its bytes are no text."""
    text = characters(body_of(part), charset_of(part))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def charset_of(part: Message) -> str | None:
    """The encoding that a part names."""
    named = part.get_param("charset")
    value = named[2] if isinstance(named, tuple) else named
    return value if isinstance(value, str) else None


def children(message: Message) -> list[Message]:
    """The parts right below a message."""
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []


def leaves(message: Message) -> Iterator[Message]:
    """The parts that hold something, in order; a message in the message is one of them."""
    waiting, seen = [message], 0
    while waiting and seen < PARTS:
        part, seen = waiting.pop(), seen + 1
        inner = children(part) if part.get_content_maintype() == "multipart" else []
        if inner:
            waiting.extend(reversed(inner))
        else:
            yield part


def is_cut(message: Message) -> bool:
    """Whether the message ends before its last part does."""
    return any(
        isinstance(defect, (CloseBoundaryNotFoundDefect, StartBoundaryNotFoundDefect)) for defect in message.defects
    )
