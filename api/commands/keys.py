"""``standpoint keys``: API keys are made, listed and revoked."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from api.commands.output import joined, note, one_line, say, say_json, say_table
from api.keys import Scope, make_key
from api.services import Services
from api.store import StoredKey
from nlp.errors import NothingToDoError


def add_key(services: Services, name: str, scopes: Sequence[Scope], *, as_json: bool) -> int:
    """Make a key and print its token, which nothing can show again."""
    key = make_key(services.store.access, name, scopes)
    if as_json:
        say_json({"id": key.id, "name": key.name, "scopes": list(key.scopes), "token": key.token})
    else:
        say(key.token)
        note(f"Key {key.id} “{key.name}” may {joined(key.scopes)}. Keep the line above: it is shown once.")
    return 0


def list_keys(services: Services, *, as_json: bool) -> int:
    """Print every key without its token; exit code 4 when there is none."""
    keys = services.store.access.all_keys()
    if as_json:
        say_json({"keys": [_row(key) for key in keys]})
        return 0
    if not keys:
        raise NothingToDoError("there are no keys", do="make one with: standpoint keys add NAME --scope read")
    table = Table("Id", "Name", "Scopes", "Made", "Revoked")
    for key in keys:
        revoked = f"{key.revoked:%Y-%m-%d}" if key.revoked else ""
        table.add_row(key.id, one_line(key.name), joined(key.scopes), f"{key.created:%Y-%m-%d}", revoked)
    say_table(table)
    return 0


def revoke_key(services: Services, named: str, *, as_json: bool) -> int:
    """Take the rights of a key away, from the next request on. Raises NotFoundError when none in use is so named."""
    key = services.store.access.revoke_key(named)
    if as_json:
        say_json({"id": key.id, "name": key.name})
    else:
        say(f"Revoked {key.id} “{key.name}”.")
    return 0


def _row(key: StoredKey) -> dict[str, object]:
    return {
        "id": key.id,
        "name": key.name,
        "scopes": list(key.scopes),
        "created": key.created.isoformat(),
        "revoked": key.revoked.isoformat() if key.revoked else None,
    }
