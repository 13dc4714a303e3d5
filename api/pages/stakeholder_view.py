"""A stakeholder as its page shows it: who it is, where it stands and since when, how that changed, what it quotes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from api.charts.history import By, moments_of
from api.charts.lanes import Chart, Point, timeline
from api.claims import place_of
from api.pages.evidence_view import anchor_of
from api.pages.figures_view import amount_detail, amount_words
from api.pages.map_view import Cell, cell_view
from api.pages.marks import Piece, marked_words
from api.pages.paths import article_path, evidence_path, stakeholder_path, topic_path
from api.schemas import NO_CHECKS, Checked, Names
from api.services import in_topic_order
from api.store import FigureRow
from api.store.analyst import Sheet
from api.store.evidence import Told
from api.store.profile import Post
from api.words import CHANGES, LEGEND, STANCES, STATUSES, StanceWord, count_words, date_words
from nlp.alliances import Tie
from nlp.changes import Change
from nlp.records import Stakeholder, StakeholderKind, Strength, Topic
from nlp.register import Register, register

#: So many of a list are named; what is left is counted.
NAMED = 12
KINDS = {
    StakeholderKind.PERSON: "person",
    StakeholderKind.ORGANISATION: "organisation",
    StakeholderKind.GROUP: "group that speaks or is spoken of as one",
}


@dataclass(frozen=True, slots=True)
class Link:
    """Somebody by name, the page where there is one, and what is to be said beside the name."""

    name: str
    href: str
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    """The first of a list, and how many there are beyond them."""

    shown: tuple[Link, ...] = ()
    more: int = 0

    @classmethod
    def of(cls, found: Iterable[Link]) -> Links:
        every = list(dict.fromkeys(found))
        return cls(tuple(every[:NAMED]), max(0, len(every) - NAMED))


@dataclass(frozen=True, slots=True)
class Who:
    """The facts of a stakeholder: those of the register, then those that articles tell."""

    kind: str
    existed: str
    names: tuple[str, ...]
    more_names: int
    called: tuple[str, ...]
    parents: Links
    parts: Links
    predecessors: Links
    successors: Links
    offices: Links
    officers: Links


def who_view(stakeholder: Stakeholder, posts: Sequence[Post], names: Names) -> Who:
    """``posts`` are the offices that the stakeholder holds, or that others hold in it."""
    known, id = register(), stakeholder.id
    entry = known.get(id)
    aliases = [
        each
        for each in dict.fromkeys((*stakeholder.aliases, *(entry.aliases if entry else ())))
        if each != stakeholder.name
    ]
    start, end = (
        stakeholder.start or (entry.start if entry else None),
        stakeholder.end or (entry.end if entry else None),
    )
    above = known.parents(id) or filter(None, (stakeholder.parent,))
    after = known.successors(id) or (each.id for each in stakeholder.successors)
    turns = known.names_of(id)
    return Who(
        kind=KINDS[stakeholder.kind],
        existed=_spell(start, end),
        names=tuple(aliases[:NAMED]),
        more_names=max(0, len(aliases) - NAMED),
        called=tuple(_called(turn.name, turn.since, turn.until) for turn in turns) if len(turns) > 1 else (),
        parents=_bodies(known, above, names),
        parts=_bodies(known, known.children(id), names),
        predecessors=_bodies(known, known.predecessors(id), names),
        successors=_bodies(known, after, names),
        offices=Links.of(_post(each, each.organisation, names) for each in posts if each.person == id),
        officers=Links.of(_post(each, each.person, names) for each in posts if each.organisation == id),
    )


def kin_of(stakeholder: Stakeholder) -> set[str]:
    """Whose names the facts of the register need."""
    known, id = register(), stakeholder.id
    own = {each.id for each in stakeholder.successors} | ({stakeholder.parent} if stakeholder.parent else set())
    return own | {*known.parents(id), *known.children(id), *known.predecessors(id), *known.successors(id)}


def _bodies(known: Register, ids: Iterable[str], names: Names) -> Links:
    return Links.of(Link(_name(id, known, names), _path(id, known, names)) for id in ids)


def _name(id: str, known: Register, names: Names) -> str:
    entry = known.get(id)
    return names[id].name if id in names else entry.name if entry else id


def _path(id: str, known: Register, names: Names) -> str:
    """Where there is a page: a record may name bodies that nobody knows."""
    return stakeholder_path(id) if id in names or known.get(id) else ""


def _post(post: Post, whom: str, names: Names) -> Link:
    told = count_words(post.articles, "article")
    years = sorted({day.year for day in (post.first, post.last) if day})
    when = f", {' to '.join(str(year) for year in years)}" if years else ""
    role = f"{post.role}, " if post.role else ""
    return Link(_name(whom, register(), names), _path(whom, register(), names), f"{role}{told}{when}")


def _spell(start: date | None, end: date | None) -> str:
    if start and end:
        return f"{_day(start)} to {_day(end)}"
    return f"since {_day(start)}" if start else f"until {_day(end)}" if end else ""


def _called(name: str, since: date | None, until: date | None) -> str:
    spell = _spell(since, until)
    return f"{name} ({spell})" if spell else name


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B} {day.year}" if day else ""


@dataclass(frozen=True, slots=True)
class Stand:
    """A row of the table of positions."""

    topic: str
    topic_href: str
    cell: Cell
    strength: str
    since: str
    last: str


def stands(sheet: Sheet, topics: Mapping[str, Topic], query: str, checked: Checked = NO_CHECKS) -> list[Stand]:
    """The positions of the one row of a sheet, in the order of the topics; ``checked`` as the map has it."""
    own = {cell.position.topic: cell for code in sheet.holders for cell in sheet.row(code)}
    found = []
    for id in in_topic_order(own, topics):
        position = own[id].position
        found.append(
            Stand(
                topic=topics[id].name if id in topics else id,
                topic_href=topic_path(id) + query if id in topics else "",
                cell=cell_view(own[id], query, checked=checked.get((position.holder, id), 0)),
                strength="" if position.strength is Strength.PLAIN else position.strength.value,
                since=date_words(position.first),
                last=date_words(position.last),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Moment:
    """A row of the table that tells what the timeline shows."""

    when: str
    topic: str
    href: str
    label: str
    stance: StanceWord
    stories: int


@dataclass(frozen=True, slots=True)
class History:
    """The timeline and its table; ``undated`` stories stand in neither."""

    chart: Chart | None
    moments: tuple[Moment, ...]
    undated: int


def history(sheet: Sheet, topics: Mapping[str, Topic], name: str, query: str) -> History:
    """Distinct stories by topic, stance and stretch of time, of the positions in the one row of a sheet."""
    found = moments_of(sheet, By.TOPIC)
    if not found.bins:
        return History(None, (), found.undated)
    points = list(found.points)
    lanes = [(id, topics[id].name if id in topics else id) for id in in_topic_order({p.lane for p in points}, topics)]
    order = {id: place for place, (id, _) in enumerate(lanes)}
    points.sort(key=lambda point: (-point.bin.first, order[point.lane], LEGEND.index(point.label)))
    holder = sheet.holder(sheet.holders[0]).id
    moments = tuple(_moment(point, dict(lanes), holder, query) for point in points)
    return History(timeline(f"{name}: statements over time", lanes, found.bins, points), moments, found.undated)


def _moment(point: Point, names: Mapping[str, str], holder: str, query: str) -> Moment:
    href = evidence_path(holder, point.lane) + query
    return Moment(point.bin.name, names[point.lane], href, point.label.value, STANCES[point.label], point.stories)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence with the words that count marked in it, and where it was printed."""

    pieces: tuple[Piece, ...]
    title: str
    source: str
    href: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A change with its two sentences; without a first one the change is only told."""

    topic: str
    kind: str
    before: str
    after: str
    before_word: StanceWord
    after_word: StanceWord
    when: str
    shown: str
    old: Said | None
    new: Said


def turns(changes: Iterable[Change], told: Mapping[int, Told], topics: Mapping[str, Topic]) -> list[Turn]:
    """Those whose sentences are still there."""
    return [
        Turn(
            topic=topics[each.topic].name if each.topic in topics else each.topic,
            kind=CHANGES[each.kind],
            before=each.before.value,
            after=each.after.value,
            before_word=STANCES[each.before],
            after_word=STANCES[each.after],
            when=date_words(told[each.new].article.published),
            shown=_shown(each),
            old=None if each.old is None else said(told[each.old]),
            new=said(told[each.new]),
        )
        for each in changes
        if each.new in told and (each.old is None or each.old in told)
    ]


def _shown(change: Change) -> str:
    after = count_words(change.shown_after, "story shows", "stories show")
    if change.old is None:
        return f"{after} the new stance; the old one is only told"
    return f"{count_words(change.shown_before, 'story shows', 'stories show')} the old stance, {after} the new one"


def said(told: Told) -> Said:
    """An utterance in its sentence."""
    head = told.article
    anchor = anchor_of(told.stance.statement, told.spans)
    return Said(
        pieces=marked_words(told.sentence, [span.text for span in told.spans]),
        title=head.title or head.source,
        source=f"{head.publisher or 'publisher unknown'}, {date_words(head.published)}",
        href=article_path(head.id, anchor),
    )


@dataclass(frozen=True, slots=True)
class Sum:
    """A figure that the stakeholder quoted."""

    amount: str
    detail: str
    what: str
    period: str
    firm: str
    source: str
    href: str


def sums(rows: Iterable[FigureRow]) -> list[Sum]:
    return [
        Sum(
            amount=amount_words(row.figure),
            detail=amount_detail(row.figure),
            what=row.figure.what.text if row.figure.what else "not said",
            period=row.figure.period.text if row.figure.period else "not said",
            firm=STATUSES[row.figure.status],
            source=f"{row.article.publisher or 'publisher unknown'}, {date_words(row.article.published)}",
            href=place_of(row.figure, row.article.id),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Ally:
    """Somebody else with a position on the same proposals."""

    id: str
    name: str
    kind: str
    href: str
    alike: tuple[str, ...]
    opposed: tuple[str, ...]


def allies(ties: Iterable[Tie], sheet: Sheet, id: str, topics: Mapping[str, Topic], query: str) -> list[Ally]:
    """The other end of each tie."""
    known = sheet.snapshot.books.holders.known
    found = []
    for tie in ties:
        other = sheet.holder(known[tie.second if tie.first == id else tie.first])
        alike, opposed = (
            tuple(topics[each].name if each in topics else each for each in of) for of in (tie.alike, tie.opposed)
        )
        found.append(Ally(other.id, other.name, other.kind.value, stakeholder_path(other.id) + query, alike, opposed))
    return found
