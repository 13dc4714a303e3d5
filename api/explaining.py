"""Why a stored position is what it is: its statements in their sentences, their weights, and the words behind them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from api.services import Services
from api.store import ArticleHead, Filters, Reader, StanceRow
from api.store.licences import shown_stance, shown_statement
from nlp.errors import NotFoundError
from nlp.explanations import Explanation, Reading, explain_position, sentence_of
from nlp.positions import Observation
from nlp.records import Article, Licence, Stakeholder, Stance, StanceLabel, Statement, Topic

#: So many statements, those that weigh most, are read by the cross-encoder again for the words that decided.
READ_AGAIN = 5


class Counts(StrEnum):
    """What a statement does for the position: ``unsure`` ones and repeats weigh nothing."""

    FOR = "for"
    AGAINST = "against"
    REPEAT = "repeat"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One utterance behind a position: ``sentence`` as printed, ``reading`` None where it was not read again."""

    article: ArticleHead
    statement: Statement | None
    stance: Stance
    sentence: str
    text: str
    weight: float
    counts: Counts
    reading: Reading | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """A position of a stakeholder on a topic with everything that made it."""

    stakeholder: Stakeholder
    topic: Topic
    explanation: Explanation
    grounds: tuple[Ground, ...]


def find_topic(services: Services, name: str) -> Topic:
    """The topic of this id or, whatever its case, this name. Raises NotFoundError that lists the ids."""
    known = services.topics()
    wanted = " ".join(name.casefold().split())
    named = (topic for topic in known.values() if " ".join(topic.name.casefold().split()) == wanted)
    found = known.get(name) or next(named, None)
    if found is None:
        raise NotFoundError("there is no such topic", where=name, do=f"the topics are {', '.join(known)}")
    return found


def explain(
    services: Services, stakeholder: Stakeholder, topic: Topic, *, min_confidence: float, read_again: int = READ_AGAIN
) -> Why | None:
    """Why the stakeholder stands where it does on the topic; None when nothing of enough confidence shows it."""
    reader = services.store.reader
    found = list(_rows(reader, stakeholder.id, topic.id))
    rows = [_as_shown(row) for row in found]
    # Repeats are told by all words; what is said of them is what may be shown.
    seen = [replace(_observation(row), stance=shown.stance) for row, shown in zip(found, rows, strict=True)]
    by_evidence = {id(row.stance.evidence): row for row in rows}
    explanation = explain_position(seen, stakeholder.id, topic.id, min_confidence=min_confidence)
    if explanation is None:
        return None
    weighed = _weighed(explanation)
    heaviest = sorted(weighed, key=lambda row: -row.weight)[:read_again]
    again = {id(row.observation) for row in heaviest if row.weight}
    names = reader.stakeholders_by_id({row.stance.holder for row in rows})
    texts = _Texts(reader)
    grounds = []
    for each in weighed:
        row, article = by_evidence[id(each.observation.stance.evidence)], texts.get(each.observation.article)
        speaker = names[row.stance.holder].name if row.stance.holder in names else row.stance.holder
        anew = article is not None and id(each.observation) in again
        reading = services.engine.read(article, each.observation, topic, speaker) if article and anew else None
        grounds.append(_ground(row, each, article, reading))
    return Why(stakeholder=stakeholder, topic=topic, explanation=explanation, grounds=tuple(grounds))


class _Row(NamedTuple):
    observation: Observation
    weight: float
    counts: Counts


def _weighed(explanation: Explanation) -> list[_Row]:
    """What counts, newest first, then what is too unsure to."""
    label = explanation.position.label
    rows = [_Row(w.observation, w.weight, _counts(w.observation, label, w.repeat)) for w in explanation.counted]
    return [*rows, *(_Row(each, 0.0, Counts.UNSURE) for each in explanation.unsure)]


def _ground(row: StanceRow, each: _Row, article: Article | None, reading: Reading | None) -> Ground:
    text = "" if row.article.shown is Licence.LINKS_ONLY else each.observation.text
    return Ground(
        article=row.article,
        statement=row.statement,
        stance=row.stance,
        sentence=sentence_of(article, each.observation) if article else text,
        text=text,
        weight=round(each.weight, 4),
        counts=each.counts,
        reading=reading,
    )


def _as_shown(row: StanceRow) -> StanceRow:
    shown = row.article.shown
    said = shown_statement(row.statement, shown) if row.statement else None
    return replace(row, stance=shown_stance(row.stance, shown), statement=said)


class _Texts:
    """The articles that were asked for, each read once; None for one that is gone or whose text may not be shown."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[str, Article | None] = {}

    def get(self, id: str) -> Article | None:
        if id not in self._known:
            article = self._reader.articles_by_id([id]).get(id)
            self._known[id] = article if article and article.text else None
        return self._known[id]


def _counts(observation: Observation, label: StanceLabel, repeat: bool) -> Counts:
    if repeat:
        return Counts.REPEAT
    return Counts.FOR if observation.stance.label is label else Counts.AGAINST


def _rows(reader: Reader, holder: str, topic: str) -> Iterator[StanceRow]:
    filters = Filters(stakeholder=(holder,), topic=(topic,), min_confidence=0.0)
    after: str | None = None
    while True:
        page = reader.stances(filters, after=after, limit=200, unshown=True)
        yield from page.items
        after = page.next
        if after is None:
            return


def _observation(row: StanceRow) -> Observation:
    spans = row.statement.spans if row.statement else row.stance.evidence.spans
    text = row.statement.text if row.statement else " ".join(span.text for span in spans)
    head = row.article
    return Observation(row.stance, head.story, head.id, head.published, text, spans)
