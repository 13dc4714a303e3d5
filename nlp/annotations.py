"""Annotations of an article as typed rows: gold files, read strictly, and predictions beside them.

The format is that of the annotation guide, section 7. A gold file that breaks a rule would move
every score without a word, so it is refused with file, key and value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from nlp.artifacts import digest_of_all
from nlp.errors import DataError, NothingToDoError
from nlp.gold_rules import check_gold

Places = tuple[tuple[int, int], ...]
Row = Mapping[str, Any]

#: Keys whose value is a stakeholder's id.
HOLDERS = ("holder", "on_behalf_of", "payer", "recipient", "cited_by")
_HONORIFIC = re.compile(r"^(?:dr|prof|professor|sir|dame|lord|lady|mr|mrs|ms|miss|cllr)\.?\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement: who, where (offsets into the text) and how; ``opening`` is its first words.

    ``confidence`` is that of a prediction, None in gold.
    """

    holder: str | None
    places: Places
    manner: str | None
    capacity: str | None
    opening: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class PositionRow:
    holder: str
    on_behalf_of: str | None
    topic: str
    stance: str
    strength: str | None
    earlier: str | None


@dataclass(frozen=True, slots=True)
class Amount:
    """What makes two figures the same: a value or a range, and its unit."""

    value: float | None
    low: float | None
    high: float | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure; ``fields`` holds the rest of its row as it stands in the file."""

    text: str
    amount: Amount
    fields: Row


@dataclass(frozen=True, slots=True)
class Annotation:
    """What one article was found to hold. ``names`` maps a stakeholder's id to all its folded names."""

    names: Mapping[str, frozenset[str]]
    listed: tuple[str, ...]
    persons: frozenset[str]
    statements: tuple[StatementRow, ...]
    positions: tuple[PositionRow, ...]
    figures: tuple[FigureRow, ...]


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """A text and what it truly holds."""

    name: str
    path: Path
    text: str
    genre: str
    headline: tuple[int, int]
    annotation: Annotation
    era: str = "unknown"
    tags: tuple[str, ...] = ()

    @property
    def groups(self) -> tuple[str, ...]:
        """What the article counts for in the tables: its genre, its era and its hard cases."""
        return (f"genre: {self.genre}", f"era: {self.era}", *(f"case: {tag}" for tag in self.tags))


def read_gold(folder: Path, split: str | None = None) -> tuple[GoldDocument, ...]:
    """The gold documents of a folder, or of one of its splits, by name.

    JSON files without "statements" (an index, a list of topics) are passed over. Raises
    NothingToDoError where there is no gold file and DataError where one breaks a rule.
    """
    wanted = read_splits(folder).get(split, ()) if split else None
    documents = [
        _gold_document(path, data)
        for path in sorted(folder.glob("*.json"))
        if (wanted is None or path.stem in wanted) and _is_annotation(data := _load(path))
    ]
    _refuse_twins(documents)
    if not documents:
        raise NothingToDoError("holds no gold file", where=str(folder), do="name a folder of NAME.txt and NAME.json")
    return tuple(documents)


def read_splits(folder: Path) -> dict[str, tuple[str, ...]]:
    """The fixed lists of ``splits.json``: the names of the articles of each split.

    Raises DataError where the file is missing or malformed, names an article that is not there, or one twice.
    """
    path = folder / "splits.json"
    data = _load(path)
    if not isinstance(data, dict) or not all(isinstance(names, list) for names in data.values()):
        raise DataError("is no object of lists", where=str(path), do="give train, dev and test their articles")
    seen: set[str] = set()
    for split, names in data.items():
        for name in names:
            if name in seen or not (folder / f"{name}.json").is_file():
                why = "stands twice" if name in seen else "is no gold file"
                raise DataError(f"{split} = {name!r} {why}", where=str(path), do="correct the list")
            seen.add(name)
    return {split: tuple(names) for split, names in data.items()}


def _refuse_twins(documents: Iterable[GoldDocument]) -> None:
    """One text under two names would be counted twice, and could stand in train and test at once."""
    seen: dict[str, str] = {}
    for document in documents:
        key = sha256(" ".join(document.text.split()).casefold().encode()).hexdigest()
        if key in seen:
            raise DataError(f"text = the text of {seen[key]!r}", where=str(document.path), do="remove one of the two")
        seen[key] = document.name


def read_predictions(folder: Path) -> dict[str, Row]:
    """The predictions of a folder by name, as ``evaluate`` takes them. Raises DataError where one is no JSON object."""
    found: dict[str, Row] = {}
    for path in sorted(folder.glob("*.json")):
        data = _load(path)
        if not isinstance(data, dict):
            raise DataError("is not a JSON object", where=str(path), do="give predictions alone")
        found[path.stem] = data
    return found


def corpus_digest(documents: Iterable[GoldDocument]) -> str:
    """SHA-256 over names, texts and annotations: it changes when anything that is scored changes."""
    return digest_of_all(path for d in documents for path in (d.path, d.path.with_suffix(".txt")))


def _load(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(f"cannot be read as JSON: {error}", where=str(path)) from error


def _is_annotation(data: object) -> bool:
    return isinstance(data, dict) and "statements" in data


def _gold_document(path: Path, data: Row) -> GoldDocument:
    text_file = path.with_suffix(".txt")
    try:
        text = text_file.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"its text cannot be read: {error}", where=str(text_file)) from error
    check_gold(data, text, where=str(path))
    title = data["document"].get("title")
    start = text.find(title) if title else -1
    return GoldDocument(
        name=path.stem,
        path=path,
        text=text,
        genre=data["document"].get("genre") or "unknown",
        headline=(start, start + len(title)) if title and start >= 0 else (0, 0),
        annotation=_annotation(data, [_gold_statement(text, row) for row in data["statements"]]),
        era=data["document"].get("era") or "unknown",
        tags=tuple(data["document"].get("tags") or ()),
    )


def _gold_statement(text: str, row: Row) -> StatementRow:
    start = text.index(row["starts"])
    end = text.index(row["ends"], start) + len(row["ends"])
    return StatementRow(row.get("holder"), ((start, end),), row.get("manner"), row.get("capacity"), row["starts"])


def read_annotation(data: Row, *, where: str) -> Annotation:
    """A prediction as typed rows. Raises DataError that names ``where`` and the row that is malformed."""
    try:
        return _annotation(data, [_predicted_statement(row) for row in data.get("statements") or ()])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError(f"is no prediction: {type(error).__name__} {error}", where=where) from error


def _predicted_statement(row: Row) -> StatementRow:
    places = tuple((int(place["start"]), int(place["end"])) for place in row["spans"])
    confidence = row.get("confidence")
    return StatementRow(
        row.get("holder"),
        places,
        row.get("manner"),
        row.get("capacity"),
        "",
        None if confidence is None else float(confidence),
    )


def _annotation(data: Row, statements: Iterable[StatementRow]) -> Annotation:
    stakeholders = data.get("stakeholders") or ()
    return Annotation(
        names=_names(data),
        listed=tuple(row["id"] for row in stakeholders),
        persons=frozenset(row["id"] for row in stakeholders if row.get("kind") == "person"),
        statements=tuple(statements),
        positions=tuple(_position(row) for row in data.get("positions") or ()),
        figures=tuple(FigureRow(str(row.get("text")), _amount(row), row) for row in data.get("figures") or ()),
    )


def _position(row: Row) -> PositionRow:
    return PositionRow(
        row["holder"], row.get("on_behalf_of"), row["topic"], row["stance"], row.get("strength"), row.get("earlier")
    )


def _amount(row: Row) -> Amount:
    value, low, high = (None if row.get(key) is None else round(float(row[key]), 6) for key in ("value", "low", "high"))
    return Amount(value if low is None else None, low, high, row.get("unit"))


def _names(data: Row) -> dict[str, frozenset[str]]:
    """Folded names by id; an id that is used and not declared goes by itself."""
    names = {
        row["id"]: frozenset(map(fold_name, (row["id"], row.get("name") or row["id"], *(row.get("aliases") or ()))))
        for row in data.get("stakeholders") or ()
    }
    for section in ("statements", "positions", "figures"):
        for row in data.get(section) or ():
            for used in filter(None, (row.get(key) for key in HOLDERS)):
                names.setdefault(used, frozenset({fold_name(used)}))
    return names


def fold_name(name: str) -> str:
    """A name without case, honorifics, a leading "the", quotes and punctuation: "Dr O’Neil" -> "oneil"."""
    text = name.replace("’", "'").replace("-", " ").strip().lower()
    while (bare := _HONORIFIC.sub("", text)) != text:
        text = bare
    text = re.sub(r"^the\s+", "", text).replace("'", "")
    return re.sub(r"[^a-z0-9&]+", " ", text).strip()
