"""Wire types of what is said about topics: what came of a change, what one would catch, why a position is so."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import BaseModel, Field

from api.applying import ApplyReport, CheckReport
from api.explaining import Counts, Ground, Why
from api.routes.map_bodies import UtteranceOut
from api.schemas import NO_CHECKS, ArticleOut, Checked, Names, PositionOut, Ref, SpanOut, StanceOut, TopicOut, Wire
from nlp.explanations import Words
from nlp.records import StanceLabel

if TYPE_CHECKING:
    from nlp.topic_check import Catch


class TopicState(BaseModel):
    """A topic and how far it has been applied: ``waiting`` of ``articles`` were analysed with other topics."""

    topic: TopicOut
    shipped: bool
    articles: int = Field(examples=[1200])
    waiting: int = Field(examples=[340], description="0 when every stored article has been brought to the topics")
    job: str | None = Field(default=None, description="the job that brings them there, when there are many")


class FailedOut(Wire):
    """An article that could not be brought to the topics, and why; it stays as it was."""

    article: str
    reason: str


class AppliedOut(Wire):
    """What a change of topics did to what is stored."""

    articles: int = Field(description="articles that waited")
    changed: int = Field(description="articles that say something else now")
    failed: list[FailedOut]
    stopped: bool

    @classmethod
    def from_record(cls, record: ApplyReport) -> Self:
        failed = [FailedOut.from_record(each) for each in record.failed]
        return cls(articles=record.articles, changed=record.changed, failed=failed, stopped=record.stopped)


class CatchOut(BaseModel):
    """A statement (null: narration) that a topic catches, or narrowly does not; ``reason`` says why."""

    article: str
    statement: str | None
    holder: Ref
    text: str
    label: StanceLabel
    score: Annotated[float, Field(ge=0, le=1, description="confidence of the stance, or probability of the miss")]
    reason: str

    @classmethod
    def from_record(cls, record: Catch, names: Names) -> Self:
        statement = f"{record.article}:{record.statement}" if record.statement else None
        plain = {name: getattr(record, name) for name in ("article", "text", "label", "score", "reason")}
        return cls(**plain, statement=statement, holder=Ref.to(record.holder, names))


class CheckOut(BaseModel):
    """What a topic would do to the stored articles; nothing was written. Likeliest first."""

    topic: str
    articles: int
    read: int
    caught_count: int
    missed_count: int
    caught: list[CatchOut]
    missed: list[CatchOut] = Field(description="what it would narrowly not catch")

    @classmethod
    def from_record(cls, record: CheckReport, names: Names, *, limit: int) -> Self:
        return cls(
            topic=record.topic.id,
            articles=record.articles,
            read=record.read,
            caught_count=len(record.caught),
            missed_count=len(record.missed),
            caught=[CatchOut.from_record(each, names) for each in record.caught[:limit]],
            missed=[CatchOut.from_record(each, names) for each in record.missed[:limit]],
        )


class WordsOut(Wire):
    """Words of a statement; without them the stance would be this much less likely (more, where negative)."""

    span: SpanOut
    change: float


class GroundOut(BaseModel):
    """One utterance behind a position. ``scores`` are null where the cross-encoder did not read it again."""

    article: ArticleOut
    statement: str | None
    stance: StanceOut
    sentence: str
    text: str
    weight: float = Field(description="its weight in the position; 0 for repeats and what is too unsure")
    counts: Counts
    scores: dict[str, float] | None = Field(description="the cross-encoder's probabilities now, not calibrated")
    decided: list[WordsOut]
    against: list[WordsOut]

    @classmethod
    def from_record(cls, record: Ground, names: Names) -> Self:
        reading = record.reading
        return cls(
            article=ArticleOut.from_record(record.article),
            statement=record.statement.id if record.statement else None,
            stance=StanceOut.from_record(record.stance, names),
            sentence=record.sentence,
            text=record.text,
            weight=record.weight,
            counts=record.counts,
            scores=dict(reading.scores) if reading else None,
            decided=_words(reading.decided if reading else ()),
            against=_words(reading.against if reading else ()),
        )


def _words(found: tuple[Words, ...]) -> list[WordsOut]:
    return [WordsOut.from_record(each) for each in found]


class WeightOut(BaseModel):
    label: StanceLabel
    weight: float


class WhyOut(BaseModel):
    """A position with what it was computed from: the rule, the weights, and every utterance, newest first.

    ``history`` is every utterance by date, oldest first, in its sentence.
    """

    position: PositionOut
    topic: TopicOut
    rule: str
    weights: list[WeightOut]
    grounds: list[GroundOut]
    history: list[UtteranceOut]

    @classmethod
    def from_record(cls, record: Why, names: Names, checked: Checked = NO_CHECKS) -> Self:
        explanation = record.explanation
        return cls(
            position=PositionOut.from_record(explanation.position, names, checked),
            topic=TopicOut.from_record(record.topic),
            rule=explanation.rule,
            weights=[WeightOut(label=label, weight=round(weight, 4)) for label, weight in explanation.weights],
            grounds=[GroundOut.from_record(ground, names) for ground in record.grounds],
            history=[_utterance(ground) for ground in sorted(record.grounds, key=_by_date)],
        )


def _by_date(ground: Ground) -> tuple[date, str]:
    published = ground.article.published
    return (published.value if published else date.min, ground.article.id)


def _utterance(ground: Ground) -> UtteranceOut:
    said = ground.statement.id if ground.statement else None
    return UtteranceOut.of(ArticleOut.from_record(ground.article), ground.stance, said, ground.sentence, ground.text)


def ids_in(why: Why) -> set[str]:
    """Everybody whom the explanation names."""
    rows = [ground.stance for ground in why.grounds]
    named = {id for row in rows for id in (row.holder, row.on_behalf_of)}
    position = why.explanation.position
    return {id for id in {*named, position.holder, position.on_behalf_of} if id}
