"""The record of briefings: a line that is withdrawn or corrected leads to everybody who was told it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import Engine, insert, select

from api.store import audit, engines
from api.store.briefing_tables import briefings, carried


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A briefing that was made: what it was asked, by which key (None: whoever uses this machine), and which of its
    lines are asked about."""

    id: str
    briefing: str
    made: datetime
    title: str
    format: str
    asked: Mapping[str, Any]
    by: str | None
    lines: tuple[str, ...] = ()


class Briefings:
    """The record of a database; threads may share it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @staticmethod
    def new_id() -> str:
        """An id for a record that is to be added, so that the document can carry it."""
        return token_hex(8)

    def add(self, made: Recorded, lines: Iterable[tuple[str, tuple[str, ...]]]) -> None:
        """Keep that a briefing was made, with the ids of its lines and of what each stands on."""
        rows = [
            {"briefing_id": made.id, "line": line, "target": target}
            for line, targets in lines
            for target in dict.fromkeys(targets or ("",))
        ]
        own = {
            "id": made.id,
            "briefing": made.briefing,
            "made_at": made.made,
            "title": made.title,
            "format": made.format,
            "asked": dict(made.asked),
            "actor": made.by,
        }
        with engines.writing(self._engine) as connection:
            connection.execute(insert(briefings), own)
            if rows:
                engines.insert_rows(connection, carried, rows)
            detail = {"briefing": made.briefing, "format": made.format, "lines": len({row["line"] for row in rows})}
            audit.append(connection, "briefing.made", made.id, detail, actor=made.by or "")

    def carrying(self, *, line: str | None = None, target: str | None = None) -> list[Recorded]:
        """The briefings that carried a line, or any line on an article, a statement or a figure, the newest first."""
        where = [column == value for column, value in ((carried.c.line, line), (carried.c.target, target)) if value]
        query = select(*briefings.c, carried.c.line).join_from(briefings, carried).where(*where)
        query = query.order_by(briefings.c.made_at.desc(), briefings.c.id, carried.c.line)
        with engines.reading(self._engine) as connection:
            rows = connection.execute(query).all()
        lines: dict[str, dict[str, None]] = {}
        for row in rows:
            lines.setdefault(row.id, {})[row.line] = None
        return [_recorded(row, lines[row.id]) for row in {row.id: row for row in rows}.values()]

    def carrying_any(self, targets: Collection[str]) -> dict[str, list[Recorded]]:
        """By article, statement or figure, the briefings that carried any line on it, the newest first."""
        found: dict[str, dict[str, Recorded]] = {}
        query = select(*briefings.c, carried.c.line, carried.c.target).join_from(briefings, carried)
        query = query.where(carried.c.target.in_(sorted(set(targets))))
        query = query.order_by(briefings.c.made_at.desc(), briefings.c.id, carried.c.line)
        if not targets:
            return {}
        with engines.reading(self._engine) as connection:
            for row in connection.execute(query):
                own = found.setdefault(row.target, {})
                before = own[row.id].lines if row.id in own else ()
                own[row.id] = _recorded(row, (*before, row.line))
        return {target: list(own.values()) for target, own in found.items()}


def _recorded(row: Any, lines: Iterable[str]) -> Recorded:
    return Recorded(
        id=row.id,
        briefing=row.briefing,
        made=row.made_at,
        title=row.title,
        format=row.format,
        asked=row.asked,
        by=row.actor,
        lines=tuple(lines),
    )
