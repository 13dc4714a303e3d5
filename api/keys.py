"""API keys: what one looks like, what it may do, and what an address asks for.

A token is 256 random bits, so a plain SHA-256 of it is enough at rest: slow hashes and salts protect words that
people choose, which can be guessed; of 2^256 tokens none can. The token is shown once and kept nowhere.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from api.store import Access, StoredKey
from nlp.errors import UsageError

_TOKEN = re.compile(r"sp_([0-9a-f]{12})_[A-Za-z0-9_-]{43}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._@-]{0,79}")
#: Compared with where no key has the id, so that the time taken does not tell which ids there are.
_NOBODY = sha256(b"").hexdigest()


class Scope(StrEnum):
    """What a key is good for. ``admin`` holds all the others."""

    READ = "read"
    INGEST = "ingest"
    REVIEW = "review"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A new key with the one sight of its token."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    token: str


#: Addresses that a machine asks to see whether the server lives; they tell nothing of what is stored.
OPEN = frozenset({"/healthz", "/readyz"})
#: What asks for more, or for less, than its method says: reads that need a body, and writes.
_ASKED = {
    ("POST", "/v1/analyse"): Scope.READ,
    ("POST", "/v1/stakeholders/match"): Scope.READ,
    ("POST", "/v1/topics/check"): Scope.READ,
    ("POST", "/v1/briefings"): Scope.REVIEW,
    ("POST", "/v1/articles"): Scope.INGEST,
    ("POST", "/upload"): Scope.INGEST,
    ("POST", "/v1/topics"): Scope.INGEST,
    ("DELETE", "/v1/topics/{id}"): Scope.INGEST,
    ("DELETE", "/v1/articles/{id}"): Scope.INGEST,
    ("GET", "/v1/webhooks"): Scope.ADMIN,
    ("POST", "/v1/webhooks"): Scope.ADMIN,
    ("DELETE", "/v1/webhooks/{id}"): Scope.ADMIN,
    ("POST", "/v1/judgements"): Scope.REVIEW,
    ("DELETE", "/v1/judgements/{id}"): Scope.REVIEW,
    ("POST", "/v1/stakeholders/{id}/merge"): Scope.REVIEW,
    ("POST", "/v1/stakeholders/{id}/split"): Scope.REVIEW,
    ("POST", "/judgements"): Scope.REVIEW,
    ("POST", "/judgements/{id}/withdraw"): Scope.REVIEW,
    ("POST", "/stakeholders/{id}/merge"): Scope.REVIEW,
    ("POST", "/stakeholders/{id}/split"): Scope.REVIEW,
    ("POST", "/analyse"): Scope.READ,
    ("POST", "/topics/new"): Scope.INGEST,
    ("POST", "/topics/{id}/state"): Scope.INGEST,
    ("POST", "/topics/{id}/remove"): Scope.INGEST,
}
#: Writes whose answer holds a secret: it is kept for nobody, whatever Idempotency-Key it was asked with.
SECRET_ANSWERS = frozenset({("POST", "/v1/webhooks")})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def scope_of(method: str, template: str) -> Scope:
    """The scope that a method at an address (as in the document, "/v1/topics/{id}") asks for.

    Whatever changes something and is not listed asks for the most.
    """
    return _ASKED.get((method, template), Scope.READ if method in SAFE else Scope.ADMIN)


def is_decided(method: str, template: str) -> bool:
    """Whether somebody said what the method asks for at this address; a write asks for the most until then."""
    return method in SAFE or (method, template) in _ASKED


def make_key(access: Access, name: str, scopes: Iterable[Scope]) -> MadeKey:
    """Make and keep a key. Raises UsageError for a name that is none or taken, and for no scope."""
    held = tuple(scope for scope in Scope if scope in set(scopes))
    if not _NAME.fullmatch(name):
        raise UsageError("a key's name is 1 to 80 letters, digits, spaces and . _ @ -", do="choose another name")
    if not held:
        raise UsageError("a key needs a scope", do=f"give --scope {' or '.join(Scope)}")
    id = secrets.token_hex(6)
    token = f"sp_{id}_{secrets.token_urlsafe(32)}"
    access.add_key(id=id, name=name, digest=digest_of(token), scopes=held)
    return MadeKey(id=id, name=name, scopes=held, token=token)


def digest_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def find_key(access: Access, token: str) -> StoredKey | None:
    """The key in use that a token is of; compared in constant time."""
    match = _TOKEN.fullmatch(token)
    key = access.key(match[1]) if match else None
    same = hmac.compare_digest(digest_of(token), key.digest if key else _NOBODY)
    return key if key is not None and same and key.revoked is None else None


def may(key: StoredKey, scope: Scope) -> bool:
    return scope in key.scopes or Scope.ADMIN in key.scopes
