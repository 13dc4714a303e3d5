"""Briefings that are kept on record, so that a line which is withdrawn later leads to those who were told it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

from pydantic_core import to_jsonable_python

from api.briefing.build import carried, make_briefing
from api.briefing.formats import Format
from api.briefing.record import Asked, Briefing
from api.services import Services
from api.store.briefings import Recorded


def record_briefing(services: Services, asked: Asked, format: Format, *, by: str | None = None) -> Briefing:
    """Make a briefing and keep which lines it carries; ``by`` is the id of the key that asked."""
    log = services.store.briefings
    made = make_briefing(services, asked, recorded=log.new_id())
    lines = [(each.line, (*each.articles, *each.targets)) for each in carried(made)]
    log.add(
        Recorded(
            id=made.recorded or "",
            briefing=made.id,
            made=datetime.now(UTC),
            title=made.title.untrusted_text,
            format=format.value,
            asked=to_jsonable_python(asdict(asked)),
            by=by,
        ),
        lines,
    )
    return made
