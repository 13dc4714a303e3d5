"""Signatures of webhooks: HMAC-SHA256 (RFC 2104) over the time and the body, as ``t=SECONDS,v1=HEX``.

The time is signed too, so that what somebody overheard cannot be sent again later. The secret of a webhook is not
kept: it is derived from the secret of the server and the webhook's id, because it must be known in full to sign, and
what stands in the database (and in every copy of it) would let whoever reads that sign in our name.
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64encode
from hashlib import sha256

HEADER = "Standpoint-Signature"
EVENT = "Standpoint-Event"
#: How old a delivery may be by default, in seconds.
TOLERANCE = 300
_HEADER = re.compile(r"t=(\d{1,12})((?:,v1=[0-9a-f]{64})+)")


def secret_of(derived: bytes) -> str:
    """The secret of a webhook as its receiver gets it."""
    return "whsec_" + urlsafe_b64encode(derived).decode().rstrip("=")


def mark_of(secret: str) -> str:
    """What tells one secret from another, and from which none can be had back."""
    return sha256(f"mark:{secret}".encode()).hexdigest()[:16]


def signature(secret: str, body: bytes, at: int) -> str:
    """The value of the header for a body that is sent at a time, in seconds since 1970."""
    return f"t={at},v1={_digest(secret, body, at)}"


def is_signed(secret: str, body: bytes, header: str, *, now: float, tolerance: float = TOLERANCE) -> bool:
    """Whether the header is of this body and secret, and not older or newer than the tolerance; in constant time."""
    match = _HEADER.fullmatch(header)
    if match is None or abs(now - int(match[1])) > tolerance:
        return False
    right = _digest(secret, body, int(match[1]))
    return any(hmac.compare_digest(right, given) for given in match[2].removeprefix(",v1=").split(",v1="))


def _digest(secret: str, body: bytes, at: int) -> str:
    return hmac.new(secret.encode(), b"%d." % at + body, sha256).hexdigest()
