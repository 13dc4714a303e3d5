"""The rules of a gold file, each broken one an error that names file, key and value."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from nlp.errors import DataError
from nlp.records import (
    Capacity,
    Direction,
    FigureKind,
    FigureStatus,
    Manner,
    StakeholderKind,
    StanceLabel,
    Strength,
)

#: Sections and the fields of their rows. A remark may stand anywhere, and ``document`` is open.
FIELDS: Mapping[str, frozenset[str]] = {
    "stakeholders": frozenset({"id", "name", "kind", "aliases", "affiliations"}),
    "statements": frozenset({"holder", "on_behalf_of", "capacity", "manner", "cue", "starts", "ends"}),
    "positions": frozenset(
        {"holder", "on_behalf_of", "topic", "stance", "strength", "earlier", "rationales", "evidence"}
    ),
    "figures": frozenset(
        {"text", "value", "low", "high", "unit", "per", "kind", "direction", "status", "what"}
        | {"payer", "recipient", "period", "cited_by", "modifier"}
    ),
}
REMARKS = frozenset({"note", "notes", "comment"})
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "stakeholders": ("id", "name", "kind"),
    "statements": ("starts", "ends", "manner", "capacity"),
    "positions": ("holder", "topic", "stance", "evidence"),
    "figures": ("text", "unit"),
}
_STANCES = frozenset(StanceLabel) - {StanceLabel.UNCLEAR}
LABELS: Mapping[str, Mapping[str, Collection[str]]] = {
    "stakeholders": {"kind": frozenset(StakeholderKind)},
    "statements": {"manner": frozenset(Manner), "capacity": frozenset(Capacity)},
    "positions": {"stance": _STANCES, "earlier": _STANCES, "strength": frozenset(Strength)},
    "figures": {
        "kind": frozenset(FigureKind),
        "direction": frozenset(Direction),
        "status": frozenset(FigureStatus),
    },
}
_HOLDERS: Mapping[str, tuple[str, ...]] = {
    "statements": ("holder", "on_behalf_of"),
    "positions": ("holder", "on_behalf_of"),
    "figures": ("payer", "recipient", "cited_by"),
}
_UNIT = re.compile(r"[A-Z]{3}|percent|percentage_point")


class _Checker:
    """One gold file under check: knows its name, its text and the ids that it declares."""

    def __init__(self, data: Mapping[str, Any], text: str, where: str) -> None:
        self.text, self.where = text, where
        self.ids = {row.get("id") for row in data.get("stakeholders") or () if isinstance(row, dict)}

    def fail(self, key: str, value: object, why: str) -> DataError:
        return DataError(f"{key} = {value!r} {why}", where=self.where, do="correct the gold file")

    def row(self, section: str, index: int, row: object) -> None:
        key = f"{section}[{index}]"
        if not isinstance(row, dict):
            raise self.fail(key, row, "is not an object")
        for field in row.keys() - FIELDS[section] - REMARKS:
            raise self.fail(f"{key}.{field}", row[field], f"is no field of {section}")
        for field in REQUIRED[section]:
            if not row.get(field) or not isinstance(row[field], str):
                raise self.fail(f"{key}.{field}", row.get(field), "must be given as text")
        for field, labels in LABELS[section].items():
            if row.get(field) is not None and row[field] not in labels:
                raise self.fail(f"{key}.{field}", row[field], f"is none of: {', '.join(sorted(labels))}")
        for field in _HOLDERS.get(section, ()):
            self.known(f"{key}.{field}", row.get(field))

    def known(self, key: str, value: object) -> None:
        if value is not None and value not in self.ids:
            raise self.fail(key, value, "is not among the stakeholders")

    def stands(self, key: str, words: str, start: int = 0) -> int:
        """Where ``words`` stand in the text from ``start`` on."""
        found = self.text.find(words, start)
        if found < 0:
            raise self.fail(key, words, "does not stand in the text" + (" after its start" if start else ""))
        return found

    def amount(self, key: str, row: Mapping[str, Any]) -> None:
        for field in ("value", "low", "high"):
            value = row.get(field)
            if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
                raise self.fail(f"{key}.{field}", value, "is not a number")
        given = (row.get("value") is not None, row.get("low") is not None, row.get("high") is not None)
        if given not in ((True, False, False), (False, True, True)):
            raise self.fail(key, row.get("text"), "needs a value, or a low and a high")
        if not _UNIT.fullmatch(row["unit"]):
            raise self.fail(f"{key}.unit", row["unit"], "is no currency code, percent or percentage_point")

    def period(self, key: str, value: object) -> None:
        if value is None or isinstance(value, str):
            return
        if not isinstance(value, dict) or value.keys() - {"text", "start", "end"}:
            raise self.fail(key, value, "is no object of text, start and end")
        for field in ("start", "end"):
            try:
                date.fromisoformat(value.get(field) or "2000-01-01")
            except (TypeError, ValueError):
                raise self.fail(f"{key}.{field}", value[field], "is no ISO date") from None


def check_gold(data: Mapping[str, Any], text: str, *, where: str) -> None:
    """Check one gold file against its text. Raises DataError for the first rule that it breaks."""
    check = _Checker(data, text, where)
    for key in data.keys() - FIELDS.keys() - REMARKS - {"document"}:
        raise check.fail(key, data[key], "is no section of a gold file")
    if not isinstance(data.get("document"), dict):
        raise check.fail("document", data.get("document"), "must be an object")
    for section in FIELDS:
        rows = data.get(section)
        if not isinstance(rows, list):
            raise check.fail(section, rows, "must be a list")
        for index, row in enumerate(rows):
            check.row(section, index, row)
            _RULES[section](check, f"{section}[{index}]", row)
    declared = Counter(row["id"] for row in data["stakeholders"])
    for twice in (name for name, times in declared.items() if times > 1):
        raise check.fail("stakeholders", twice, "is declared twice")


def _check_stakeholder(check: _Checker, key: str, row: Mapping[str, Any]) -> None:
    for affiliation in row.get("affiliations") or ():
        if not isinstance(affiliation, dict) or affiliation.keys() - {"org", "role"}:
            raise check.fail(f"{key}.affiliations", affiliation, "is no object of org and role")
        check.known(f"{key}.affiliations.org", affiliation.get("org"))


def _check_statement(check: _Checker, key: str, row: Mapping[str, Any]) -> None:
    start = check.stands(f"{key}.starts", row["starts"])
    check.stands(f"{key}.ends", row["ends"], start)


def _check_position(check: _Checker, key: str, row: Mapping[str, Any]) -> None:
    check.stands(f"{key}.evidence", row["evidence"])


def _check_figure(check: _Checker, key: str, row: Mapping[str, Any]) -> None:
    check.stands(f"{key}.text", row["text"])
    check.amount(key, row)
    check.period(f"{key}.period", row.get("period"))


_RULES = {
    "stakeholders": _check_stakeholder,
    "statements": _check_statement,
    "positions": _check_position,
    "figures": _check_figure,
}
