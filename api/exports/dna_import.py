"""An event list of Discourse Network Analyzer, edited there or by hand, as verdicts on what was exported.

``section`` holds the article's id and ``text`` the words, as DNA prints them (semicolons as commas, double quotes as
single ones); a row finds its line by both, and by its concept where one statement has several. What the row says of
person, organization, concept and agreement is compared with what was found: the same confirms, anything else corrects.
A row that is missing says nothing, as DNA exports what its filters leave, unless ``complete`` says that the list holds
every statement of its documents: then what is missing is rejected.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.exports.dna import AGREEMENT, Event, short
from api.exports.dna_events import COLUMNS, in_dna
from api.exports.verdicts import Imported, ImportedVerdict, Verdict
from api.store.export_rows import Party
from nlp.errors import UsageError
from nlp.records import StanceLabel

#: What an article's lines are as events, all of them; empty for an article that nobody knows.
Originals = Callable[[str], Sequence[Event]]
_NEEDED = ("section", "text", "person", "organization", "concept", "agreement")
_TRUTH = {"1": True, "0": False, "true": True, "false": False, "yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    values: Mapping[str, str]
    agreement: bool


def read_event_list(
    lines: Iterable[str],
    originals: Originals,
    topics: Mapping[str, str],
    *,
    by: str,
    at: datetime | None = None,
    complete: bool = False,
) -> Imported:
    """The verdicts of a list; ``topics`` are names by id, ``by`` whose verdicts they are.

    Raises UsageError where the file is no event list at all; every other fault has its line.
    """
    found = Imported()
    by_article: dict[str, list[_Row]] = {}
    for row in _rows(lines, found):
        by_article.setdefault(row.values["section"], []).append(row)
    ids = {short(name): id for id, name in topics.items()}
    for article, rows in by_article.items():
        judged = _match(rows, originals(article), found)
        for name, (event, own) in judged.items():
            if own or complete:
                found.verdicts.append(_verdict(name, event, own, ids, by, at))
    found.verdicts.sort(key=lambda verdict: verdict.line)
    return found


def _rows(lines: Iterable[str], found: Imported) -> Iterator[_Row]:
    reader = csv.reader(lines, delimiter=";")
    try:
        head = [name.strip("\ufeff ").lower() for name in next(reader, [])]
        missing = [name for name in _NEEDED if name not in head]
        if missing:
            raise UsageError(
                f"is no event list of DNA: the columns {', '.join(missing)} are missing",
                do=f"export it from DNA as an event list; its columns are {', '.join(COLUMNS)}",
            )
        line = reader.line_num + 1
        for values in reader:
            if values and (row := _row(line, head, values, found)):
                yield row
            line = reader.line_num + 1
    except csv.Error as error:
        found.refuse(reader.line_num, f"cannot be read as CSV: {error}; what follows it was left")


def _row(line: int, head: Sequence[str], values: Sequence[str], found: Imported) -> _Row | None:
    if len(values) != len(head):
        found.refuse(line, f"has {len(values)} columns in place of {len(head)}; see that semicolons are quoted")
        return None
    row = dict(zip(head, values, strict=True))
    if row["agreement"].lower() not in _TRUTH:
        found.refuse(line, "the agreement is neither 1 nor 0")
        return None
    return _Row(line, row, _TRUTH[row["agreement"].lower()])


def _match(rows: Sequence[_Row], events: Sequence[Event], found: Imported) -> dict[str, tuple[Event, list[_Row]]]:
    """The lines of an article by name, each with the rows that are about it."""
    judged: dict[str, tuple[Event, list[_Row]]] = {}
    by_words: dict[str, list[str]] = {}
    for event in events:
        if event.line.name not in judged:
            judged[event.line.name] = (event, [])
            by_words.setdefault(in_dna(event.text), []).append(event.line.name)
    strangers = []
    for row in rows:
        names = by_words.get(_plain(row.values["text"]), [])
        own = [name for name in names if in_dna(judged[name][0].concept) == _plain(row.values["concept"])]
        if own:
            judged[own[0]][1].append(row)
        else:
            strangers.append((row, names))
    # Another concept than any that was found: it is for the line that no row is about yet.
    for row, names in strangers:
        free = next((name for name in names if not judged[name][1]), None)
        if free is not None:
            judged[free][1].append(row)
        elif not events:
            found.refuse(row.line, "the section is the id of no article that is stored; leave the column as it was")
        else:
            found.refuse(row.line, "no statement of the article has these words and no verdict yet")
    return judged


def _verdict(
    name: str, event: Event, rows: Sequence[_Row], ids: Mapping[str, str], by: str, at: datetime | None
) -> ImportedVerdict:
    view, words = event.line.view, event.line.words
    if not rows:
        return ImportedVerdict(name, Verdict.REJECT, {}, by, at, words)
    row = rows[0]
    correction: dict[str, str | int] = {}
    told = {each.agreement for each in rows}
    if view and told != set(AGREEMENT[view.label]):
        alone = StanceLabel.SUPPORT if row.agreement else StanceLabel.OPPOSE
        correction["stance"] = (StanceLabel.MIXED if len(told) == 2 else alone).value
    concept = _plain(row.values["concept"])
    if concept != in_dna(event.concept):
        correction["topic"] = next((id for known, id in ids.items() if in_dna(known) == concept), concept)
    person, body = _plain(row.values["person"]), _plain(row.values["organization"])
    own, of = event.line.holder, event.line.body
    of = of or (own if own and own.kind != "person" else None)
    own = own if own and own.kind == "person" else None
    if not (_is(own, person) and _is(of, body)):
        correction["holder"] = person or body
    verdict = Verdict.CORRECT if correction else Verdict.CONFIRM
    return ImportedVerdict(name, verdict, correction, by, at, words, row.line)


def _is(party: Party | None, name: str) -> bool:
    """Whether a name is how the export told this stakeholder."""
    if party is None:
        return name == ""
    return name in {in_dna(short(party.name)), in_dna(short(party.name, f" ({party.id})"))}


def _plain(text: str) -> str:
    """The text without the apostrophe that keeps a spreadsheet from reading a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in set("=+-@\t\r\n＝＋－＠") else text
