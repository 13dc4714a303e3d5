"""A synthetic store of any size: deterministic, with the skew of the press, and every span true to its text.

Some stakeholders and publications are named far more often than others (Zipf: the nth of them in proportion to 1/n),
articles spread over ten years, one in eight is another paper's story, most holders keep their view of a proposal,
some turn. It is for measuring and for trying out; nothing in it is about anybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate, product
from random import Random
from typing import Any

from api.store.bulk import Fresh
from corpora import lexicon
from nlp.records import (
    Affiliation,
    Analysis,
    Article,
    Block,
    BlockKind,
    Capacity,
    Evidence,
    Figure,
    FigureKind,
    Manner,
    PartialDate,
    Precision,
    Run,
    Span,
    Stakeholder,
    StakeholderKind,
    Stance,
    StanceLabel,
    Statement,
    Strength,
)

PEOPLE, BODIES, GROUPS, PUBLISHERS = 500, 270, 30, 60
FIRST_DAY, DAYS = date(2013, 4, 1), 3650
#: Shares: of articles that carry another one's story, of statements that take a stance, of holders who turn.
COPIES, STANCES, TURNS = 0.12, 0.6, 0.05
#: Statements an article has.
LENGTHS = (1, 2, 3, 4, 5, 5, 6, 8, 12)
ADDED = datetime(2024, 1, 1, tzinfo=UTC)
_RUN = Run("seed", "seed-1")
_LABELS = tuple(label for label in StanceLabel if label is not StanceLabel.UNCLEAR)
_METHOD = "seed"


def synthetic_articles(statements: int, topics: Sequence[str], *, seed: int = 0) -> Iterator[Fresh]:
    """New articles that together hold exactly so many statements on these topics, the same for the same seed."""
    world = _World.made(Random(seed), topics)
    left, number = statements, 0
    while left:
        made = world.article(number, left)
        yield made
        left, number = left - len(made.analysis.statements), number + 1


@dataclass(slots=True)
class _Draft:
    """A text that grows; what is added tells its place."""

    parts: list[str] = field(default_factory=list)
    length: int = 0

    def add(self, text: str) -> Span:
        start = self.length
        self.parts.append(text)
        self.length += len(text)
        return Span(start, self.length, text)


@dataclass(frozen=True, slots=True)
class _Quote:
    """What one holder says in an article: kept, so that a copy can print it too."""

    holder: Stakeholder
    body: Stakeholder | None
    topic: str | None
    label: StanceLabel
    words: str
    condition: str
    cue: str


class _World:
    """Who there is, in the order of how often they are named, and what they hold."""

    def __init__(self, random: Random, topics: Sequence[str], words: Any) -> None:
        self.random, self.topics, self.words = random, tuple(topics), words
        self.places = [start + end for start, end in product(words["starts"], words["ends"])]
        random.shuffle(self.places)
        self.bodies = [self._body(n) for n in range(BODIES)]
        people = [self._person(n) for n in range(PEOPLE)]
        groups = [self._group(n) for n in range(GROUPS)]
        self.holders = [*people, *self.bodies, *groups]
        random.shuffle(self.holders)
        self.by_id = {each.id: each for each in self.holders}
        self.papers = [f"{place} {words['papers'][n % len(words['papers'])]}" for n, place in enumerate(self.places)]
        self.often = list(accumulate(1 / rank for rank in range(1, len(self.holders) + 1)))
        self.printed = list(accumulate(1 / rank for rank in range(1, PUBLISHERS + 1)))
        self.asked = list(accumulate(1 / rank for rank in range(1, len(self.topics) + 1)))
        self.views: dict[tuple[str, str], tuple[StanceLabel, int | None]] = {}
        self.last: tuple[list[_Quote], str, int] | None = None

    @classmethod
    def made(cls, random: Random, topics: Sequence[str]) -> _World:
        return cls(random, topics, lexicon("seeding"))

    def _body(self, number: int) -> Stakeholder:
        kinds = self.words["bodies"]
        name = f"{self.places[number]} {kinds[number % len(kinds)]}"
        return Stakeholder(_slug(name), name, StakeholderKind.ORGANISATION, (f"the {name}",))

    def _group(self, number: int) -> Stakeholder:
        kinds = self.words["groups"]
        name = f"{self.places[-1 - number]} {kinds[number % len(kinds)]}"
        return Stakeholder(_slug(name), name, StakeholderKind.GROUP)

    def _person(self, number: int) -> Stakeholder:
        given, family = self.words["given"], self.words["family"]
        name = f"{given[number % len(given)]} {family[number // len(given)]}"
        body = self.random.choice(self.bodies)
        office = Affiliation(body.id, self.random.choice(self.words["roles"]))
        return Stakeholder(
            f"{_slug(name)}--{body.id}", name, StakeholderKind.PERSON, (f"Dr {name}",), affiliations=(office,)
        )

    def article(self, number: int, most: int) -> Fresh:
        """The next article of at most so many statements: a new story, or the last one again some days later."""
        random = self.random
        count = min(most, random.choice(LENGTHS))
        paper = random.choices(self.papers[:PUBLISHERS], cum_weights=self.printed)[0]
        copied = self.last if self.last and len(self.last[0]) <= most and random.random() < COPIES else None
        day = copied[2] + random.randint(0, 6) if copied else random.randrange(DAYS)
        quotes = copied[0] if copied else [self._quote(day) for _ in range(count)]
        analysis = _printed(f"seed-{number}", paper, self._date(day), quotes, self)
        story = copied[1] if copied else analysis.article.id
        self.last = (quotes, story, day)
        return Fresh(analysis, story, ADDED)

    def _date(self, day: int) -> PartialDate | None:
        draw, on = self.random.random(), FIRST_DAY + timedelta(days=day)
        if draw < 0.02:
            return None
        if draw < 0.03:
            return PartialDate(on.replace(month=1, day=1), Precision.YEAR)
        return PartialDate(on.replace(day=1), Precision.MONTH) if draw < 0.08 else PartialDate(on, Precision.DAY)

    def _quote(self, day: int) -> _Quote:
        random = self.random
        holder = random.choices(self.holders, cum_weights=self.often)[0]
        official = holder.kind is StakeholderKind.PERSON and random.random() < 0.6
        body = self.by_id[str(holder.affiliations[0].organisation)] if official else None
        topic = random.choices(self.topics, cum_weights=self.asked)[0] if random.random() < STANCES else None
        label = self._view(holder.id, topic, day) if topic else StanceLabel.UNCLEAR
        shape = random.choice(self.words["said"][label.value if topic else "none"])
        condition = self._fill(random.choice(self.words["conditions"]["all"])) if "{condition}" in shape else ""
        said = self._fill(shape.replace("{condition}", condition))
        return _Quote(
            holder, body, topic, label, f"{said}, {self._detail()}", condition, random.choice(self.words["cues"])
        )

    def _detail(self) -> str:
        place = self.random.choice(self.places)
        return f"as {self.random.randint(2, 90)} of {self.random.randint(91, 400)} answers from {place} show"

    def _view(self, holder: str, topic: str, day: int) -> StanceLabel:
        random = self.random
        if (holder, topic) not in self.views:
            turns = random.randrange(DAYS) if random.random() < TURNS else None
            self.views[holder, topic] = (random.choices(_LABELS[:3], (5, 5, 2))[0], turns)
        label, turned = self.views[holder, topic]
        if turned is not None and day >= turned:
            label = StanceLabel.OPPOSE if label is StanceLabel.SUPPORT else StanceLabel.SUPPORT
        return label if random.random() < 0.8 else random.choices(_LABELS, (2, 2, 2, 1, 5))[0]

    def _fill(self, shape: str) -> str:
        pick = self.random.choice
        return shape.format(
            subject=pick(self.words["subjects"]),
            objects=pick(self.words["objects"]),
            time=pick(self.words["times"]),
            reason=pick(self.words["reasons"]),
        )


def _printed(
    source: str, paper: str, published: PartialDate | None, quotes: Sequence[_Quote], world: _World
) -> Analysis:
    """The article that prints these quotes, with everything that would be found in it."""
    draft, random = _Draft(), world.random
    subject = random.choice(world.words["subjects"])
    title = draft.add(f"{subject[:1].upper()}{subject[1:]} is discussed in {random.choice(world.places)}")
    blocks, statements, stances = [Block(BlockKind.HEADLINE, title.start, title.end)], [], []
    for number, quote in enumerate(quotes, 1):
        draft.add("\n\n")
        start = draft.length
        statement = _statement(draft, f"s{number}", quote, random)
        if random.random() < 0.5:
            draft.add(f" {random.choice(world.words['fillers'])}")
        blocks.append(Block(BlockKind.PARAGRAPH, start, draft.length))
        statements.append(statement)
        if quote.topic:
            stances.append(_stance(statement, quote, random))
    figures = _figures(draft, blocks, random)
    text = "".join(draft.parts)
    article = Article(
        id=Article.identify(source, text),
        source=source,
        text=text,
        reader="seed/1",
        title=title.text,
        publisher=paper,
        published=published,
        blocks=tuple(blocks),
    )
    who = {each.id: each for quote in quotes for each in (quote.holder, quote.body) if each}
    return Analysis(article, _RUN, tuple(who.values()), (), tuple(statements), tuple(stances), figures)


def _statement(draft: _Draft, id: str, quote: _Quote, random: Random) -> Statement:
    office = f", {quote.holder.affiliations[0].role} of {quote.body.name}," if quote.body else ""
    draft.add(f"{quote.holder.name}{office} ")
    cue = draft.add(quote.cue)
    draft.add(": ‘")
    words = draft.add(quote.words)
    draft.add(".’")
    return Statement(
        id=id,
        holder=quote.holder.id,
        manner=Manner.DIRECT,
        spans=(words,),
        evidence=Evidence(round(random.betavariate(8, 1.5), 4), _METHOD, "made for measuring", (cue,)),
        on_behalf_of=quote.body.id if quote.body else None,
        capacity=Capacity.OFFICIAL if quote.body else Capacity.UNSPECIFIED,
        cue=cue,
    )


def _stance(statement: Statement, quote: _Quote, random: Random) -> Stance:
    words = statement.spans[0]
    at = words.text.find(quote.condition) if quote.condition else -1
    condition = Span(words.start + at, words.start + at + len(quote.condition), quote.condition) if at >= 0 else None
    other = {StanceLabel.SUPPORT: StanceLabel.OPPOSE, StanceLabel.OPPOSE: StanceLabel.SUPPORT}.get(quote.label)
    return Stance(
        holder=str(statement.holder),
        topic=str(quote.topic),
        label=quote.label,
        evidence=Evidence(round(random.betavariate(5, 2), 4), _METHOD, "made for measuring", (words,)),
        statement=statement.id,
        on_behalf_of=statement.on_behalf_of,
        strength=random.choices(tuple(Strength), (1, 6, 2))[0],
        condition=condition,
        earlier=other if random.random() < 0.01 else None,
    )


def _figures(draft: _Draft, blocks: list[Block], random: Random) -> tuple[Figure, ...]:
    if random.random() < 0.7:
        return ()
    draft.add("\n\n")
    start, amount = draft.length, random.randint(1, 900)
    draft.add("The scheme costs ")
    money = draft.add(f"£{amount}m")
    draft.add(" a year.")
    blocks.append(Block(BlockKind.PARAGRAPH, start, draft.length))
    evidence = Evidence(0.95, _METHOD, "made for measuring", (money,))
    return (Figure("f1", (money,), "GBP", evidence, value=Decimal(amount) * 1_000_000, kind=FigureKind.COST),)


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")
