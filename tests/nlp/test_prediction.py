"""Predictions: the guide's keys, JSON all through, offsets that fit the text."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from nlp.prediction import text_digest, to_prediction
from nlp.records import (
    Affiliation,
    Analysis,
    Article,
    Capacity,
    Evidence,
    Figure,
    FigureKind,
    FigureLink,
    FigureStatus,
    Issue,
    Manner,
    PartialDate,
    Period,
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
    Terms,
)

TEXT = "‘Pooling is a red line,’ said Dr Mary Fenn of Northfield LMC. It would cost £2.5m in 2014/15."
EVIDENCE = Evidence(0.8, "cue", "The cue names the speaker.")


def span(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words), words)


@pytest.fixture
def analysis() -> Analysis:
    quote = span("Pooling is a red line")
    article = Article("a1", "x.txt", TEXT, "text/1", title="Red line", published=PartialDate.parse("2014-05"))
    return Analysis(
        article=article,
        run=Run("0.1.0", "abc"),
        stakeholders=(
            Stakeholder(
                "mary-fenn",
                "Mary Fenn",
                StakeholderKind.PERSON,
                aliases=("Dr Fenn",),
                affiliations=(Affiliation("northfield-lmc", "secretary"),),
            ),
            Stakeholder("northfield-lmc", "Northfield LMC", StakeholderKind.ORGANISATION),
        ),
        statements=(
            Statement(
                "s1",
                "mary-fenn",
                Manner.DIRECT,
                (quote,),
                EVIDENCE,
                on_behalf_of="northfield-lmc",
                capacity=Capacity.OFFICIAL,
                cue=span("said"),
            ),
            Statement("s2", None, Manner.INDIRECT, (span("It would cost £2.5m"),), EVIDENCE),
        ),
        stances=(
            Stance(
                "mary-fenn",
                "pooling",
                StanceLabel.OPPOSE,
                Evidence(0.9, "lexicon", "“red line” opposes.", (quote,)),
                statement="s1",
                on_behalf_of="northfield-lmc",
                strength=Strength.STRONG,
                earlier=StanceLabel.SUPPORT,
                rationales=(span("It would cost £2.5m"),),
            ),
            Stance("northfield-lmc", "capitation", StanceLabel.UNCLEAR, EVIDENCE),
        ),
        figures=(
            Figure(
                "f1",
                (span("£2.5m"),),
                "GBP",
                EVIDENCE,
                value=Decimal("2.5E+6"),
                kind=FigureKind.COST,
                status=FigureStatus.HYPOTHETICAL,
                period=Period("2014/15", date(2014, 4, 1), date(2015, 3, 31)),
                cited_by="mary-fenn",
            ),
            Figure("f2", (span("2014"),), "percent", EVIDENCE, low=Decimal("1.4"), high=Decimal("2")),
        ),
        issues=(Issue("odd-quotes", "an odd number of quotation marks", quote),),
    )


def through_json(analysis: Analysis, *, text_in_file: bool = True) -> Any:
    return json.loads(
        json.dumps(to_prediction(analysis, text_in_file=text_in_file), ensure_ascii=False, allow_nan=False)
    )


def test_statements_give_spans_that_fit_the_text(analysis: Analysis) -> None:
    first, second = through_json(analysis)["statements"]
    assert [TEXT[p["start"] : p["end"]] for p in first["spans"]] == ["Pooling is a red line"]
    assert (first["holder"], first["on_behalf_of"], first["capacity"], first["manner"], first["cue"]) == (
        "mary-fenn",
        "northfield-lmc",
        "official",
        "direct",
        "said",
    )
    assert (first["repeats"], second["holder"]) == ([], None)


def test_positions_carry_stance_and_evidence_and_leave_out_what_is_unclear(analysis: Analysis) -> None:
    (position,) = through_json(analysis)["positions"]
    expected = {
        "holder": "mary-fenn",
        "on_behalf_of": "northfield-lmc",
        "topic": "pooling",
        "stance": "oppose",
        "strength": "strong",
        "earlier": "support",
        "rationales": ["It would cost £2.5m"],
        "evidence": "Pooling is a red line",
    }
    assert {key: position[key] for key in expected} == expected


def test_figures_are_json_numbers_and_periods_have_dates(analysis: Analysis) -> None:
    first, second = through_json(analysis)["figures"]
    assert (first["value"], first["low"], first["unit"], first["text"]) == (2_500_000, None, "GBP", "£2.5m")
    assert isinstance(first["value"], int)
    assert (second["value"], second["low"], second["high"]) == (None, 1.4, 2)
    assert first["period"] == {"text": "2014/15", "start": "2014-04-01", "end": "2015-03-31"}
    assert (first["direction"], second["period"]) == ("none", None)


def test_figures_say_terms_recurrence_and_what_they_are_to_each_other(analysis: Analysis) -> None:
    first, second = analysis.figures
    link = FigureLink("f1", Relation.PART_OF, span("£2.5m in 2014"))
    linked = replace(second, terms=Terms.REAL, recurrence=Recurrence.ONE_OFF, links=(link,))
    plain, found = through_json(replace(analysis, figures=(first, linked)))["figures"]
    assert (plain["terms"], plain["recurrence"], plain["links"]) == ("unspecified", "unspecified", [])
    assert (found["terms"], found["recurrence"]) == ("real", "one_off")
    assert found["links"] == [{"figure": "f1", "relation": "part_of", "start": link.span.start, "end": link.span.end}]


def test_document_keeps_the_precision_of_its_date(analysis: Analysis) -> None:
    document = through_json(analysis)["document"]
    assert (document["published"], document["title"], document["url"]) == ("2014-05", "Red line", None)


def test_stakeholders_have_affiliations_as_the_guide_names_them(analysis: Analysis) -> None:
    person = through_json(analysis)["stakeholders"][0]
    assert person["affiliations"] == [{"org": "northfield-lmc", "role": "secretary"}]


def test_text_travels_along_only_where_no_text_file_holds_it(analysis: Analysis) -> None:
    assert "text" not in through_json(analysis)
    carried = through_json(analysis, text_in_file=False)
    assert carried["text"] == TEXT
    assert carried["text_sha256"] == text_digest(TEXT)
