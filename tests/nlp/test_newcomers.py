"""An office that is given to nobody is that of whoever is named next, if new and without an office of their own."""

from __future__ import annotations

import pytest

from nlp.pipeline import analyse
from nlp.records import Article, Statement

BEFORE = "Eastmere is a town of some size.\n\nDr Tom Parrish, a GP in Fenby, left at nine.\n\n"


def first(text: str) -> Statement:
    return analyse(Article("a", "test", text, "text 1")).statements[0]


@pytest.mark.parametrize(
    "text",
    [
        "The trust’s chairman said the plan would be a step back.\n\n‘It will not do,’ said Hilary Mundy.",
        "The town’s mayor said councillors had been told nothing.\n\nCoun Clive Harrod has written to the trust.",
    ],
)
def test_whoever_is_introduced_next_has_the_office(text: str) -> None:
    holder = first(BEFORE + text).holder
    assert holder is not None
    assert holder.startswith(("hilary-mundy", "clive-harrod"))


@pytest.mark.parametrize(
    "text",
    [
        "The trust’s chairman said the plan would be a step back.\n\n‘It will not do,’ said Hilary Mundy, a nurse.",
        "The trust’s chairman said the plan would be a step back.\n\n‘It will not do,’ said Tom Parrish.",
        "The trust’s chairman said the plan would be a step back.\n\nIt rained.\n\n‘No,’ said Hilary Mundy.",
    ],
)
def test_nobody_with_another_office_named_before_or_far_off_is_meant(text: str) -> None:
    assert first(BEFORE + text).holder not in {"hilary-mundy", "tom-parrish"}


def test_a_committee_may_be_one_that_its_acronym_names() -> None:
    text = "Kent LMC met on Monday. Dr Tom Parrish was there.\n\nThe committee said the contract was late."
    assert first(text).holder == "kent-lmc"
