"""Five briefings of the samples, as files that are read again whenever they change: ``make golden`` writes them anew.

What differs from day to day is set: the day, the version, the runs, and each confidence to that of its tier.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from api.briefing.build import make_briefing
from api.briefing.formats import Format, write_briefing
from api.briefing.record import Asked, Briefing
from api.ingest import find_files
from api.services import Services, pipeline_of
from api.settings import Settings
from nlp.readers import read_file
from nlp.records import MEDIUM, Tier
from nlp.topics import load_topics

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).with_name("golden")
DAY = date(2026, 1, 1)
ASKED = {
    "pooling": Asked(topics=("pooling",), min_confidence=MEDIUM),
    "co-commissioning-2014-2015": Asked(
        topics=("co-commissioning",), since=date(2014, 1, 1), until=date(2015, 12, 31), min_confidence=MEDIUM
    ),
    "capitation-all": Asked(topics=("capitation",)),
    "deshmukh": Asked(stakeholders=("anil-deshmukh",), min_confidence=MEDIUM),
    "meeting": Asked(stakeholders=("kent-lmc", "nhs-england", "gpc-england"), min_confidence=MEDIUM, all_topics=True),
}
_TIERS = {Tier.HIGH: 0.95, Tier.MEDIUM: 0.7, Tier.LOW: 0.2}


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """A store of the samples, as ``make run`` makes it."""
    settings = Settings(data=tmp_path_factory.mktemp("samples"))
    analyse, read, topics = (
        pipeline_of(settings),
        partial(read_file, max_bytes=settings.max_file_bytes),
        load_topics(None),
    )
    with Services(settings, create=True) as services:
        for file in find_files([ROOT / "corpora" / "samples"]):
            for article in read(file):
                services.store.writer.write_analysis(analyse(article, topics))
        yield services


def settled(made: Briefing) -> Briefing:
    """The briefing without what differs from day to day."""
    runs = tuple(replace(run, version="VERSION", digest="RUN", models=()) for run in made.made.runs)
    return replace(
        made,
        positions=tuple(replace(each, confidence=_TIERS[each.tier]) for each in made.positions),
        changes=tuple(replace(each, confidence=_TIERS[Tier.of(each.confidence)]) for each in made.changes),
        made=replace(made.made, program="VERSION", topics="TOPICS", runs=runs),
    )


@pytest.mark.parametrize("name", list(ASKED))
@pytest.mark.parametrize("format", [Format.MARKDOWN, Format.JSON])
def test_briefing_of_the_samples_is_the_one_that_was_read(samples: Services, name: str, format: Format) -> None:
    found = write_briefing(settled(make_briefing(samples, ASKED[name], on=DAY)), format).decode()
    place = GOLDEN / f"{name}.{format.ending}"
    if os.environ.get("GOLDEN") == "write":
        place.write_text(found, encoding="utf-8")
    assert found == place.read_text(encoding="utf-8"), "run `make golden` and read the diff"


def test_golden_files_are_those_of_the_briefings() -> None:
    expected = {f"{name}.{ending}" for name in ASKED for ending in ("md", "json")}
    assert {path.name for path in GOLDEN.iterdir()} == expected


def test_every_golden_quote_stands_in_its_sample() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "corpora" / "samples").glob("*.txt")]
    seen = 0
    for name in ASKED:
        document = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
        for line in document["positions"]:
            for piece in line["quote"]["pieces"] if line["quote"] else ():
                assert any(piece["untrusted_text"] in text for text in texts)
                seen += 1
    assert seen > 40
