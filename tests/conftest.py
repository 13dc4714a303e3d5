"""Fixtures for all tests: a hand-built analysis, settings and a fresh store. Nothing here needs a model."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from nlp.records import (
    Affiliation,
    Analysis,
    Article,
    Block,
    BlockKind,
    Capacity,
    Direction,
    Evidence,
    Figure,
    FigureKind,
    FigureLink,
    FigureStatus,
    Genre,
    Hint,
    Issue,
    Manner,
    Mention,
    PartialDate,
    Period,
    Precision,
    Recurrence,
    Relation,
    Run,
    Span,
    Stakeholder,
    StakeholderKind,
    Stance,
    StanceLabel,
    Statement,
    Strength,
    Succession,
    Terms,
)

if TYPE_CHECKING:
    from api.settings import Settings
    from api.store import Store

#: ``make fuzz-text`` reads so many texts a property. What fails is printed so that it can be made a test.
hypothesis_settings.register_profile(
    "texts",
    max_examples=int(os.environ.get("TEXTS", "100000")),
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
if profile := os.environ.get("HYPOTHESIS_PROFILE"):
    hypothesis_settings.load_profile(profile)

TEXT = (
    "GPs’ budgets “should be pooled” 🏥\n\n"
    "Dr Asha Merton, chair of Mid Wexshire CCG, said: ‘A single budget,’ she added, ‘would end the blame game.’\n\n"
    "She had opposed the idea in 2013. Mid Wexshire CCG would give practices between £2m and £3.50m in 2015/16.\n\n"
    "A single budget would end the blame game\n\n"
    "Sign in to comment"
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with the data folder in a fresh place."""
    from api.settings import Settings

    return Settings(data=tmp_path / "data")


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """A fresh, empty store."""
    from api.store import Store

    with Store.open(settings.data, create=True) as opened:
        yield opened


@pytest.fixture
def analysis() -> Analysis:
    """One article in which every field of every record is used at least once."""
    return _full_analysis()


@pytest.fixture
def make_analysis() -> Callable[..., Analysis]:
    """A maker of small analyses: one holder says one sentence about one topic."""
    return _small_analysis


def _span(text: str, words: str, nth: int = 0) -> Span:
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Span(start, start + len(words), words)


def _block(kind: BlockKind, line: str) -> Block:
    start = TEXT.index(line)
    return Block(kind, start, start + len(line))


def _full_analysis() -> Analysis:
    article = Article(
        id=Article.identify("https://example.org/pooled", TEXT),
        source="https://example.org/pooled",
        text=TEXT,
        reader="html 1",
        title="GPs’ budgets “should be pooled” 🏥",
        publisher="Wexshire Health News",
        published=PartialDate(date(2014, 5, 1), Precision.MONTH),
        author="Sam Orrell",
        url="https://example.org/pooled",
        genre=Genre.NEWS,
        licence="CC BY 4.0",
        expires=date(2030, 12, 31),
        hints=(Hint("title", 0, 33),),
        blocks=tuple(
            _block(kind, line)
            for kind, line in zip(
                (
                    BlockKind.HEADLINE,
                    BlockKind.PARAGRAPH,
                    BlockKind.PARAGRAPH,
                    BlockKind.PULL_QUOTE,
                    BlockKind.BOILERPLATE,
                ),
                TEXT.split("\n\n"),
                strict=True,
            )
        ),
    )
    return Analysis(
        article=article,
        run=Run("0.1.0", "d1", (("language", "en-1"), ("stance", "rules"))),
        stakeholders=_stakeholders(),
        mentions=_mentions(),
        statements=_statements(),
        stances=_stances(),
        figures=_figures(),
        issues=(
            Issue("open-quote", "a quotation mark is never closed", _span(TEXT, "‘A single")),
            Issue("no-date", "x"),
        ),
    )


def _stakeholders() -> tuple[Stakeholder, ...]:
    return (
        Stakeholder(
            "person:asha-merton",
            "Asha Merton",
            StakeholderKind.PERSON,
            ("Dr Merton",),
            affiliations=(Affiliation("ccg:mid-wexshire", "chair"), Affiliation("lmc:wexshire")),
        ),
        Stakeholder(
            "ccg:mid-wexshire",
            "Mid Wexshire CCG",
            StakeholderKind.ORGANISATION,
            ("NHS Mid Wexshire CCG", "Mid Wexshire Clinical Commissioning Group"),
            parent="nhs-england",
            successors=(Succession("icb:wexshire", date(2022, 7, 1)), Succession("icb:other", None)),
            start=date(2013, 4, 1),
            end=date(2022, 6, 30),
        ),
        Stakeholder("group:practices", "practices", StakeholderKind.GROUP),
    )


def _mentions() -> tuple[Mention, ...]:
    name = _span(TEXT, "Asha Merton")
    role = Affiliation("ccg:mid-wexshire", "chair")
    return (
        Mention(name, "person:asha-merton", role, Evidence(0.99, "apposition", "named with office", (name,))),
        Mention(_span(TEXT, "Mid Wexshire CCG"), "ccg:mid-wexshire"),
        Mention(_span(TEXT, "She"), None, Affiliation("lmc:wexshire")),
    )


def _statements() -> tuple[Statement, ...]:
    quote = (_span(TEXT, "A single budget"), _span(TEXT, "would end the blame game"))
    return (
        Statement(
            "s1",
            "person:asha-merton",
            Manner.DIRECT,
            quote,
            Evidence(0.95, "cue", "a quotation with its cue", (_span(TEXT, "said"),)),
            on_behalf_of="ccg:mid-wexshire",
            capacity=Capacity.OFFICIAL,
            cue=_span(TEXT, "said"),
            repeats=(_span(TEXT, "A single budget would end the blame game"),),
            chain=("person:asha-merton", "ccg:mid-wexshire"),
        ),
        Statement(
            "s2", None, Manner.MIXED, (_span(TEXT, "should be pooled"),), Evidence(0.4, "headline", "nobody named")
        ),
    )


def _stances() -> tuple[Stance, ...]:
    reason = _span(TEXT, "end the blame game")
    return (
        Stance(
            "person:asha-merton",
            "pooling",
            StanceLabel.SUPPORT,
            Evidence(0.91, "lexicon", "speaks for it", (reason,)),
            statement="s1",
            on_behalf_of="ccg:mid-wexshire",
            strength=Strength.STRONG,
            condition=_span(TEXT, "A single budget"),
            earlier=StanceLabel.OPPOSE,
            rationales=(reason,),
        ),
        Stance(
            "person:asha-merton",
            "capitation",
            StanceLabel.OPPOSE,
            Evidence(0.45, "narration", "only told", (_span(TEXT, "She had opposed the idea in 2013"),)),
        ),
    )


def _figures() -> tuple[Figure, ...]:
    return (
        Figure(
            "f1",
            (_span(TEXT, "between £2m and £3.50m"),),
            "GBP",
            Evidence(0.97, "grammar", "a range of pounds", (_span(TEXT, "£2m"),)),
            low=Decimal("2000000"),
            high=Decimal("3.50E+6"),
            per="year",
            kind=FigureKind.ALLOCATION,
            direction=Direction.UP,
            status=FigureStatus.HYPOTHETICAL,
            what=_span(TEXT, "practices"),
            payer="ccg:mid-wexshire",
            recipient="group:practices",
            period=Period("2015/16", date(2015, 4, 1), date(2016, 3, 31)),
            modifier="between",
            cited_by="person:asha-merton",
            terms=Terms.REAL,
            recurrence=Recurrence.RECURRING,
            links=(FigureLink("f2", Relation.CHANGED_FROM, _span(TEXT, "between £2m")),),
        ),
        Figure("f2", (_span(TEXT, "£2m"),), "GBP", Evidence(0.6, "grammar", "pounds"), value=Decimal("2000000.00")),
    )


def _small_analysis(
    source: str = "one.txt",
    *,
    words: str = "a single budget is the only way to keep practices open",
    holder: str = "person:jo-tarn",
    body: str | None = None,
    topic: str = "pooling",
    label: StanceLabel = StanceLabel.SUPPORT,
    confidence: float = 0.9,
    manner: Manner = Manner.INDIRECT,
    publisher: str | None = "Wexshire Health News",
    published: str | None = "2014-05-20",
    run: str = "d1",
) -> Analysis:
    text = f"{holder} said that {words}. Practices need £1m."
    said = _span(text, words)
    evidence = Evidence(confidence, "hand", "built by hand", (said,))
    who = [
        Stakeholder(id, id.partition(":")[2].replace("-", " ").title(), StakeholderKind.PERSON)
        for id in (holder, body)
        if id
    ]
    return Analysis(
        article=Article(
            id=Article.identify(source, text),
            source=source,
            text=text,
            reader="text 1",
            title=f"Report {source}",
            publisher=publisher,
            published=PartialDate.parse(published) if published else None,
        ),
        run=Run("0.1.0", run),
        stakeholders=tuple(who),
        statements=(Statement("s1", holder, manner, (said,), evidence, on_behalf_of=body),),
        stances=(Stance(holder, topic, label, evidence, statement="s1", on_behalf_of=body),),
        figures=(Figure("f1", (_span(text, "£1m"),), "GBP", evidence, value=Decimal(1_000_000), cited_by=holder),),
    )


@dataclass(frozen=True)
class Result:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """Runs the program in this process, in an empty folder and without settings from outside."""
    from api import cli

    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("STANDPOINT_")]:
        monkeypatch.delenv(name)

    def act(*arguments: str) -> Result:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main(list(arguments))
        captured = capsys.readouterr()
        return Result(int(ended.value.code or 0), captured.out, captured.err)

    return act
