"""Who a pronoun stands for, who passes on what others said, and when nobody is the answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nlp.language import load_models
from nlp.pipeline import analyse
from nlp.records import Article, Statement


def said(text: str, words: str) -> Statement:
    article = Article(Article.identify("test", text), "test", text, "text 1")
    found = analyse(article, (), replace(load_models(), reader=None)).statements
    return next(s for s in found if words in s.text)


@pytest.mark.parametrize(
    "text",
    [
        "Kent LMC and Kent CCG met on Monday. They said that the sum was small.",
        "Both Essex LMC and Suffolk LMC have looked at it. They argue that the sum is small.",
        "Essex LMC, Suffolk LMC and Norfolk LMC have looked at it. They argue that the sum is small.",
        "NHS England and Monitor published the plan together. ‘We know that the sum is small,’ they said.",
        "Dr Amy Rolle and Dr Ben Stock run the practice. They say that the sum is small.",
    ],
)
def test_they_is_nobody_rather_than_one_of_several_named_together(text: str) -> None:
    assert said(text, "sum").holder is None


@pytest.mark.parametrize(
    "text",
    [
        "Essex LMC wrote to Suffolk CCG in May. They said that the sum was small.",
        "Essex LMC criticised Suffolk CCG on Friday. They say that the sum is small.",
        "Essex LMC has looked at the figures. They argue that the sum is small.",
    ],
)
def test_they_is_the_one_that_does_something_to_the_other(text: str) -> None:
    assert said(text, "the sum").holder == "essex-lmc"


def test_she_is_nobody_with_the_title_of_a_man_or_told_as_he_before() -> None:
    titled = "Mr Sam Vale, who chairs Wirral CCG, and Mrs Jo Orme took questions. She said that the sum was fixed."
    assert "orme" in (said(titled, "sum").holder or "")
    told = (
        "Dr Adil Mahmood of Tees LMC was for it and Dr Joan Platt was not.\n\n‘The lines are quieter,’ he said.\n\n"
        "She said that one surgery had shut."
    )
    assert "platt" in (said(told, "one surgery").holder or "")


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        ("Dr Amy Rolle said NHS England had told her that no list would close.", "nhs-england"),
        ("Kent LMC said that NHS England had informed it that no list would close.", "nhs-england"),
        ("Carl Dunn of Unite said drivers had complained to him that no list would close.", "drivers"),
        ("Dr Amy Rolle said the minister had promised her that no list would close.", "minister"),
    ],
)
def test_what_somebody_is_said_to_have_told_the_speaker_is_theirs_and_the_speaker_in_the_chain(
    text: str, holder: str
) -> None:
    found = said(text, "no list would close")
    assert holder in (found.holder or "")
    assert len(found.chain) == 1 and found.chain[0] != found.holder


@pytest.mark.parametrize(
    "words", ["her committee had asked for more time", "patients had been told nothing", "the board had voted for it"]
)
def test_what_others_did_is_the_speakers_own(words: str) -> None:
    found = said(f"Dr Amy Rolle said {words}.", words)
    assert (found.holder, found.chain) == ("amy-rolle", ())


def test_a_quotation_behind_a_chain_goes_on_from_who_told_of_it() -> None:
    text = (
        "The clerk, Jean Abbott, said walkers had complained to her that the path was shut.\n\n"
        "‘People care about it and they have told us so for years.’"
    )
    assert "abbott" in (said(text, "People care").holder or "")


def test_a_body_behind_according_to_and_a_name_is_not_the_persons() -> None:
    found = said("According to Dr Amy Rolle, NHS England had promised that no list would close.", "no list")
    assert "--" not in str((found.holder, found.chain))
