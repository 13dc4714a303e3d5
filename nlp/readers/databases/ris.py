"""RIS, as ProQuest and reference managers write it: "TY  - NEWS" to "ER  - ", the text in N2 or AB.

RIS has no field for a full text; databases put it, or a summary, where the abstract stands. So few words as a summary
has are no article: the item is skipped, and the reason says how many there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from nlp.readers.databases.cuttings import Cutting, Export, genre_of, in_order, paragraphs, web_address
from nlp.records import PartialDate, Precision

#: ProQuest's summaries of news have 30 to 80 words; a news in brief of fewer is lost with them, and named.
FULL_TEXT_WORDS = 90
_TAG = re.compile(r"(?P<tag>[A-Z][A-Z0-9])  - ?(?P<value>.*)")
_DATE = re.compile(r"(?P<year>\d{4})(?:[/-](?P<month>\d{1,2})?(?:[/-](?P<day>\d{1,2})?(?:[/-].*)?)?)?")
_CUT = re.compile(r"(?:\.\.\.|…)[\])]?\s*$")


def is_export(lines: Sequence[str]) -> bool:
    """Whether a record begins: TY with other tags below it."""
    for at, line in enumerate(lines):
        if line.lstrip("\ufeff").startswith("TY  - "):
            return sum(1 for each in lines[at : at + 12] if _TAG.match(each)) >= 2
        if line.strip():
            return False
    return False


def split(lines: Sequence[str]) -> Export:
    """The records of a file, in order."""
    return Export(cuttings=[_cutting(record) for record in _records(lines)])


def _records(lines: Sequence[str]) -> Iterator[dict[str, list[list[str]]]]:
    """Each record: tag -> its values, a value being lines. A record that the next TY cuts short counts too."""
    record: dict[str, list[list[str]]] = {}
    value: list[str] = []
    for line in lines:
        match = _TAG.match(line.lstrip("\ufeff"))
        if match and match["tag"] in ("TY", "ER"):
            if record:
                yield record
            record = {"TY": [[match["value"]]]} if match["tag"] == "TY" else {}
            value = []
        elif match:
            value = [match["value"]]
            record.setdefault(match["tag"], []).append(value)
        else:
            value.append(line)
    if record:
        yield record


def _cutting(record: Mapping[str, Sequence[Sequence[str]]]) -> Cutting:
    text = max((record[tag][0] for tag in ("N2", "AB") if tag in record), key=_length, default=[])
    body = tuple(paragraphs(_unfolded(text)))
    return Cutting(
        pieces=body,
        title=_first(record, "T1", "TI"),
        publisher=_first(record, "T2", "JF", "JO", "JA", "PB"),
        published=next((found for tag in ("DA", "Y1", "PY") if (found := _date(_first(record, tag)))), None),
        author=_authors(record),
        url=web_address(_first(record, "UR", "L2")),
        id=_first(record, "AN", "ID"),
        genre=genre_of(_first(record, "M3", "SE")),
        lacks=_lacks(text),
    )


def _length(lines: Sequence[str]) -> int:
    return sum(len(line.split()) for line in lines)


def _lacks(text: Sequence[str]) -> str:
    words = _length(text)
    if not words:
        return "is a reference without full text"
    cut = _CUT.search("\n".join(text[-3:])) is not None
    short = f"holds a summary of {words} words, not the article"
    return short if words < FULL_TEXT_WORDS or (cut and words < 3 * FULL_TEXT_WORDS) else ""


def _unfolded(lines: Sequence[str]) -> list[str]:
    """A paragraph a line, an empty one between: ProQuest breaks no lines."""
    return [row for line in lines for row in (line, "")] if max(map(len, lines), default=0) > 90 else list(lines)


def _first(record: Mapping[str, Sequence[Sequence[str]]], *tags: str) -> str | None:
    values = (" ".join(" ".join(record[tag][0]).split()) for tag in tags if tag in record)
    return next((value for value in values if value), None)


def _authors(record: Mapping[str, Sequence[Sequence[str]]]) -> str | None:
    return in_order(";".join(" ".join(each) for tag in ("A1", "AU") for each in record.get(tag, ())))


def _date(text: str | None) -> PartialDate | None:
    match = _DATE.fullmatch((text or "").strip())
    if not match:
        return None
    month, day = match["month"], match["day"] if match["month"] else None
    precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    try:
        return PartialDate(date(int(match["year"]), int(month or 1), int(day or 1)), precision)
    except ValueError:  # 2014/13/40
        return None
