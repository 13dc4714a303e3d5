"""Groups that a text names only as getting or losing money."""

from __future__ import annotations

import pytest

from nlp.paid_groups import find_paid
from nlp.pipeline import analyse
from nlp.records import Article


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("Practices will be paid £4m a year.", ["practices"]),
        ("Schools are to share £4m.", ["schools"]),
        ("NHS England has awarded £4m to local practices.", ["practices"]),
        ("The council set aside £4m for care homes in the county.", ["care homes"]),
        ("The government gave small firms up to £2,000 each.", ["small firms"]),
        ("The £4m will go to hospices.", ["hospices"]),
        ("Good practices cost nothing.", []),
        ("It spent £4m on schools.", []),
        ("A £4m scheme for school buildings opened.", []),
    ],
)
def test_a_group_is_found_where_a_sum_goes_to_it(text: str, groups: list[str]) -> None:
    assert [group.name for group in find_paid(text, 0, len(text))] == groups


@pytest.mark.parametrize(
    ("text", "payer", "recipient"),
    [
        ("NHS England will give practices £4m next year.", "NHS England", "practices"),
        ("Pharmacies offered £4m by NHS England.", "NHS England", "pharmacies"),
        ("Kent County Council has given the charity Hollin Care £4m.", "Kent County Council", "Hollin Care"),
        ("The £4m will go to Hollin Trust.", None, "Hollin Trust"),
    ],
)
def test_payer_and_recipient_of_plain_sentences(text: str, payer: str | None, recipient: str | None) -> None:
    found = analyse(Article(Article.identify("press", text), "press", text, "press"), [])
    names = {who.id: who.name for who in found.stakeholders}
    (figure,) = found.figures
    assert (names.get(figure.payer or ""), names.get(figure.recipient or "")) == (payer, recipient)
