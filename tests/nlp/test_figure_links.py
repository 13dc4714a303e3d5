"""Links between figures: parts of a total, from and to, a change and its sum; and no link from nearness alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from nlp.records import Article, Block, BlockKind, Figure, Genre, PartialDate, Terms
from nlp.sentences import sentences
from nlp.steps.figures import find_figures

Linear = Callable[[Callable[[int], object], int], None]  # the fixture of tests/conftest.py

# text => "one relation other" for each link but changed_to, which stands for every changed_from; "-" for none.
LINKS = """
Its share of health spending fell from 10.8% to 8.3%. => 8.3% changed_from 10.8%
Spending on roads fell from £2.1bn in 2010 to £1.6bn in 2015. => £1.6bn changed_from £2.1bn
The bill has gone from £9,400 to £14,150 since May. => £14,150 changed_from £9,400
A single ticket now costs £6, up from £5. => £6 changed_from £5
The trust spent £1.9m on beds last year, up from £1.4m the year before. => £1.9m changed_from £1.4m
Its deficit is £6m, a fall from £7m. => £6m changed_from £7m
The grant was cut to £4m from £6m. => £4m changed_from £6m
The council spent £6m this year, compared with £5m last year. => £6m changed_from £5m
The £9,000 fees were raised from £3,000. => £9,000 changed_from £3,000
The grant rose by £2m to £10m. => £2m change_of £10m
The grant rose by £2m from £8m to £10m. => £10m changed_from £8m; £2m change_of £10m
Fees rose 5% to £10. => 5% change_of £10
A £2m rise in its grant to £10m was agreed. => £2m change_of £10m
The fund stands at £10m, £2m more than last year. => £2m change_of £10m
Spending on roads was £10m, up 5% on last year. => 5% change_of £10m
The grant fell to £71m, a cut of 20% in the budget. => 20% change_of £71m
The council cut its £10m grant by £2m. => £2m change_of £10m
The £10m budget will be cut by 5%. => 5% change_of £10m
The council cut £2m from its £10m budget. => £2m change_of £10m
It will spend £8m, of which £3m is for roads and £2m for buses. => £3m part_of £8m; £2m part_of £8m
The fund is worth £96m, of which the council pays £34m. => £34m part_of £96m
Leeds got £3m of the £8m fund. => £3m part_of £8m
The pilot will use 10% of its £8m budget. => 10% part_of £8m
The package is worth £8m, including £2m for roads and £1m for buses. => £2m part_of £8m; £1m part_of £8m
The £8m package includes £3m for roads. => £3m part_of £8m
The £8m is made up of £3m for roads and £4m for buses. => £3m part_of £8m; £4m part_of £8m
The council raised £8m: £3m from fees and £5m from fines. => £3m part_of £8m; £5m part_of £8m
The council raised £3m from fees and £5m from fines, £8m in all. => £3m part_of £8m; £5m part_of £8m
General practice got 10.8% of the budget of £95bn. => 10.8% part_of £95bn
The budget is £95bn, and general practice got 8% of the budget. => 8% part_of £95bn
The council spends £95m on care, £8m of it on beds. => £8m part_of £95m
The council has an £8m fund. Of that, £3m is for roads and £2m for buses. => £3m part_of £8m; £2m part_of £8m
The council has an £8m fund. It includes £3m for roads. => £3m part_of £8m
The council has an £8m fund. Leeds will get £3m of the money. => £3m part_of £8m
The council has an £8m fund.\\n\\nOf that, £3m is for roads. => -
The council has an £8m fund and a £9m debt. Of that, £3m is for roads. => -
The trust spent £8m and the council £3m. => -
The trust moved £6m from its reserves to pay £4m of bills. => -
The £8m scheme has three sites, of which two cost £1m each. => -
The trust got £3m from NHS England and £5m from the council. => -
Staff at the £8m hospital won a rise of 3%. => -
The council paid £3m for land next to the £8m stadium. => -
Practices get £150 per patient, including £3m for vaccines. => -
The scheme costs £8m, including £9m of debt. => -
Spending rose by 3% while income fell to £4m. => -
The £10m scheme opened as grants fell by £2m. => -
"""


def rows() -> list[tuple[str, list[str]]]:
    pairs = (line.split(" => ") for line in LINKS.strip().splitlines())
    return [(text.replace("\\n", "\n"), [] if said == "-" else said.split("; ")) for text, said in pairs]


def article(text: str) -> Article:
    blocks, at = [], 0
    for part in text.split("\n\n"):
        blocks.append(Block(BlockKind.PARAGRAPH, at, at + len(part)))
        at += len(part) + 2
    published = PartialDate.parse("2016-06-10")
    return Article("a", "a.txt", text, "test", blocks=tuple(blocks), published=published, genre=Genre.NEWS)


def find(text: str) -> tuple[Figure, ...]:
    return find_figures(article(text), sentences(article(text)), (), ())


def said(figures: tuple[Figure, ...]) -> list[str]:
    printed = {figure.id: figure.spans[0].text for figure in figures}
    return [f"{printed[f.id]} {link.relation} {printed[link.figure]}" for f in figures for link in f.links]


@pytest.mark.parametrize(("text", "expected"), rows())
def test_a_link_is_what_the_words_between_two_figures_say(text: str, expected: list[str]) -> None:
    assert sorted(line for line in said(find(text)) if " changed_to " not in line) == sorted(expected)


def test_both_ends_of_a_change_know_the_other_and_the_words_that_show_it() -> None:
    old, new = find("The budget fell from £6m in 2010 to £4m in 2015.")
    assert [(link.figure, link.relation) for link in old.links] == [(new.id, "changed_to")]
    assert [(link.figure, link.relation) for link in new.links] == [(old.id, "changed_from")]
    assert {link.span.text for figure in (old, new) for link in figure.links} == {"fell from £6m in 2010 to £4m"}


def test_real_terms_hold_for_both_ends_of_a_change() -> None:
    assert [f.terms for f in find("The budget fell from £6m to £4m in real terms.")] == [Terms.REAL, Terms.REAL]


def test_a_figure_is_never_linked_to_itself() -> None:
    text = "Leeds got £3m of the £8m fund.\n\nThe £8m fund opened in May. It pays £3m of the £8m to Leeds."
    assert set(said(find(text))) == {"£3m part_of £8m"}


@pytest.mark.parametrize("unit", ["cut £2m from ", "£8m, of which ", "£3m of the £8m fund, up from ", "rose by 5% to "])
def test_links_of_hostile_text_take_linear_time(unit: str, linear: Linear) -> None:
    linear(lambda times: find(unit * times), 10_000)
