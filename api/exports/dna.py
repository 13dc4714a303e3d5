"""Statements as Discourse Network Analyzer codes them: person, organization, concept, agreement.

DNA knows agreement or none: *support* and *conditional* are agreement, *oppose* is none, *mixed* is one statement of
each; *neutral* and *unclear* stances, and statements on no proposal, have no form there and are left out. A statement
is one stretch of its document: a split quotation goes from its first word to its last, with what stands between.
Values hold 190 characters and are cut; of two stakeholders with one name the second is told with its id.
Articles whose text may not be given away whole are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from api.exports.tables import lots
from api.store.export_rows import Line, Party, Source
from nlp.records import StanceLabel

Texts = Callable[[Iterable[str]], Mapping[str, str]]
LONGEST_VALUE = 190
AGREEMENT = {
    StanceLabel.SUPPORT.value: (True,),
    StanceLabel.CONDITIONAL.value: (True,),
    StanceLabel.OPPOSE.value: (False,),
    StanceLabel.MIXED.value: (True, False),
}
#: Lines whose articles' texts are held at a time.
_LOT = 200


@dataclass(frozen=True, slots=True)
class Document:
    """An article as DNA has it; ``text`` has line feeds alone, and offsets into it are those of the article."""

    source: Source
    text: str

    @property
    def title(self) -> str:
        return short(self.source.title or self.source.source)

    @property
    def moment(self) -> datetime:
        """The first day of its date; what has none is of 1 January 1970."""
        published = self.source.published
        day = published.value if published else datetime(1970, 1, 1).date()
        return datetime(day.year, day.month, day.day, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Event:
    """One coded statement; ``start`` and ``end`` count code points."""

    document: Document
    line: Line
    start: int
    end: int
    person: str
    organization: str
    concept: str
    agreement: bool

    @property
    def text(self) -> str:
        return self.document.text[self.start : self.end]


@dataclass(slots=True)
class Names:
    """Names that differ for whoever differs."""

    known: dict[str, str] = field(default_factory=dict)
    taken: dict[str, str] = field(default_factory=dict)

    def of(self, party: Party | None) -> str:
        if party is None:
            return ""
        if party.id not in self.known:
            name = short(party.name)
            own = name if self.taken.setdefault(name, party.id) == party.id else short(party.name, f" ({party.id})")
            self.known[party.id] = own
        return self.known[party.id]


def events(lines: Iterable[Line], topics: Mapping[str, str], texts: Texts) -> Iterator[Event]:
    """The statements that DNA can hold, document by document; ``texts`` reads the texts of articles by id."""
    names, document = Names(), None
    coded = (line for line in lines if line.view and line.spans and line.view.label in AGREEMENT)
    for lot in lots(coded, _LOT):
        known = texts({line.source.id for line in lot})
        for line in lot:
            if document is None or document.source.id != line.source.id:
                text = known.get(line.source.id, "")
                document = Document(line.source, text.replace("\r\n", " \n").replace("\r", "\n"))
            if document.text:
                yield from _coded(line, document, topics, names)


def _coded(line: Line, document: Document, topics: Mapping[str, str], names: Names) -> Iterator[Event]:
    view = line.view
    if view is None:
        return
    person = line.holder if line.holder and line.holder.kind == "person" else None
    body = line.body or (line.holder if person is None else None)
    for agreement in AGREEMENT[view.label]:
        yield Event(
            document=document,
            line=line,
            start=min(span.start for span in line.spans),
            end=max(span.end for span in line.spans),
            person=names.of(person),
            organization=names.of(body),
            concept=short(topics.get(view.topic, view.topic)),
            agreement=agreement,
        )


def short(text: str, end: str = "") -> str:
    """The text on one line, as long as a value of DNA may be; ``end`` is kept whole."""
    line = " ".join(text.split())
    most = LONGEST_VALUE - len(end)
    return (line if len(line) <= most else f"{line[: most - 1]}…") + end
