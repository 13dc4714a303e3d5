"""Who made an export and when: said in every file."""

from __future__ import annotations

from datetime import UTC, date, datetime

from api.services import version


def made_by(version: str, day: date) -> str:
    """What every export says of itself."""
    return f"machine-extracted by Standpoint {version} on {day.isoformat()}, checked by no one but where it says so"


def made_now() -> str:
    """The same of this version, today (UTC)."""
    return made_by(version(), datetime.now(UTC).date())
