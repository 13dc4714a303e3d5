"""``standpoint migrate`` and ``standpoint backup``."""

from __future__ import annotations

from pathlib import Path

from api.commands.output import note, say, say_json
from api.settings import Settings
from api.store.upkeep import back_up, migrate_store


def migrate_database(settings: Settings, *, down: str | None, as_json: bool) -> int:
    """Change the schema and say from which to which."""
    done = migrate_store(settings.data, database_url=settings.database_url, down=down)
    if as_json:
        say_json({"database": done.place, "before": done.before, "now": done.now})
    elif done.before == done.now:
        say(f"{done.place} has schema {done.now} already")
    else:
        say(f"{done.place}: schema {done.before or 'none'} -> {done.now}")
    if down is not None:
        note("The next command of this version brings the database up again.")
    return 0


def back_up_database(settings: Settings, file: Path, *, as_json: bool) -> int:
    """Copy the database and say how large the copy is."""
    done = back_up(file, settings.data, database_url=settings.database_url)
    if as_json:
        say_json({"file": str(done.path), "bytes": done.size, "checked": True})
    else:
        say(f"{done.path}: {done.size / 1e6:.1f} MB, checked")
    return 0
