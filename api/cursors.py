"""Signed cursors: where a list goes on, which a caller can neither invent nor use for another question.

A cursor is a tag, the fingerprint of the query it belongs to, and the key of the last row seen: rows that
come or go in between neither repeat nor hide others. The tag is HMAC-SHA256 (RFC 2104), cut to 16 bytes.
"""

from __future__ import annotations

import hmac
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from api.problems import bad_field
from nlp.errors import NotSetUpError

SECRET_FILE = "secret"
#: Names that say which part of an answer is wanted, and not what is asked.
PLACES = frozenset({"after", "limit"})
_TAG, _FINGERPRINT, _SECRET = 16, 8, 32
#: Cursors of a version that orders a list in another way must not be read as these are.
_VERSION = b"1"


def read_secret(folder: Path) -> bytes:
    """The secret of a data folder, made on first use for its owner's eyes only (mode 600).

    Where there is no folder, or none that can be written, it lasts as long as the process.
    Raises NotSetUpError when the file is there and cannot be read.
    """
    path = folder / SECRET_FILE
    try:
        _make_secret(path)
        found = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return secrets.token_bytes(_SECRET)
    except (OSError, UnicodeDecodeError) as error:
        if not path.exists():
            return secrets.token_bytes(_SECRET)
        raise NotSetUpError(
            f"the secret of cursors cannot be read: {error}", where=str(path), do="remove the file; a new one is made"
        ) from error
    return found.encode()


def _make_secret(path: Path) -> None:
    """Write the file whole under another name first: a server started at the same moment must not read half."""
    if path.exists():
        return
    temporary = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_SECRET) + "\n")
        # A link fails where the name is taken: of two servers the first one's secret counts for both.
        os.link(temporary, path)
    except FileExistsError:
        return
    finally:
        temporary.unlink(missing_ok=True)


def fingerprint(path: str, params: Iterable[tuple[str, str]]) -> bytes:
    """What tells one question from another: its address and its filters, in whatever order they stand."""
    asked = sorted(pair for pair in params if pair[0] not in PLACES)
    parts = (path, *(part for pair in asked for part in pair))
    # Lengths stand before the parts, so that none can be cut in another way.
    text = b"".join(b"%d:%s" % (len(raw), raw) for raw in (part.encode("utf-8", "surrogatepass") for part in parts))
    return sha256(text).digest()[:_FINGERPRINT]


class Signer:
    """Seals keys of rows into cursors, and opens them again."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def seal(self, key: str, query: bytes) -> str:
        """The cursor that goes on after the row of this key, for the query of this fingerprint."""
        body = query + key.encode()
        return urlsafe_b64encode(self._tag(body) + body).decode().rstrip("=")

    def open(self, cursor: str, query: bytes, *, field: str = "query.after") -> str:
        """The key in a cursor. Raises ProblemError, which names ``field``, for one of another query or none of ours."""
        try:
            raw = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        except (Base64Error, ValueError):
            raw = b""
        tag, body = raw[:_TAG], raw[_TAG:]
        if len(body) <= _FINGERPRINT or not hmac.compare_digest(tag, self._tag(body)):
            raise bad_field(field, "is not a cursor of this server; take it from the page before")
        if not hmac.compare_digest(body[:_FINGERPRINT], query):
            raise bad_field(field, "is the cursor of another query; begin without it")
        return body[_FINGERPRINT:].decode()

    def derive(self, purpose: str) -> bytes:
        """Another secret, for one purpose alone, from which this one cannot be had back."""
        return hmac.new(self._secret, b"derive:" + purpose.encode(), sha256).digest()

    def _tag(self, body: bytes) -> bytes:
        return hmac.new(self._secret, _VERSION + body, sha256).digest()[:_TAG]
