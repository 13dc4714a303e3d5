"""Who is named: one identity each, bodies by alias and date, people by title, groups by head noun."""

from __future__ import annotations

from datetime import date

import pytest

from nlp.pipeline import analyse
from nlp.records import Analysis, Article, PartialDate, Precision, StakeholderKind


def read(text: str, on: date | None = None) -> Analysis:
    published = PartialDate(on, Precision.DAY) if on else None
    return analyse(Article("a", "test", text, "text 1", published=published))


def ids(text: str, kind: StakeholderKind) -> list[str]:
    return [s.id for s in read(text).stakeholders if s.kind is kind]


@pytest.mark.parametrize("alias", ["the GPC", "the BMA’s GP committee", "the General Practitioners Committee"])
def test_a_body_has_one_identity_whatever_it_is_called(alias: str) -> None:
    first = read("The GPC said the contract was late.").statements[0].holder
    again = read(f"On Tuesday {alias} said the contract was late.").statements[0].holder
    assert first == again


def test_a_person_has_one_identity_whatever_he_is_called() -> None:
    text = "Dr Tom Parrish said it was late. Parrish, a GP in Leeds, left. Dr Parrish spoke. Tom Parrish’s plan failed."
    assert ids(text, StakeholderKind.PERSON) == ["tom-parrish"]


def test_titles_are_no_part_of_a_name() -> None:
    analysis = read("Professor Sir Alan Dunmore said the contract was late.")
    assert [s.name for s in analysis.stakeholders if s.kind is StakeholderKind.PERSON] == ["Alan Dunmore"]


def test_an_acronym_in_brackets_names_the_body_from_there_on() -> None:
    text = "The Fairfield Landlords Federation (FLF) said the charge was fair. The FLF added that it was late."
    assert len({s.holder for s in read(text).statements}) == 1


def test_a_mention_is_what_the_text_says() -> None:
    analysis = read("Dr Tom Parrish, chair of Kent LMC, said most GPs in Devon were tired.")
    assert {m.span.text for m in analysis.mentions} >= {"Kent LMC"}
    assert all(analysis.article.holds(m.span) and analysis.article.holds(m.extent) for m in analysis.mentions)


def test_every_mention_and_holder_is_listed() -> None:
    text = "Dr Tom Parrish, chair of Kent LMC, said most GPs in Devon were tired. Unison said nurses were too."
    analysis = read(text)
    known = {s.id for s in analysis.stakeholders}
    assert {m.stakeholder for m in analysis.mentions if m.stakeholder} <= known
    assert {s.holder for s in analysis.statements if s.holder} <= known
    assert {s.on_behalf_of for s in analysis.statements if s.on_behalf_of} <= known
    offices = [office.organisation for s in analysis.stakeholders for office in s.affiliations]
    assert set(offices) - {None} <= known


def test_nobody_is_found_in_furniture_or_comments() -> None:
    body = "The meeting in Maidstone on Tuesday heard that the county would print its report in the new year. " * 4
    text = f"{body}\n\nReaders’ comments (1)\n\nDr Tom Parrish, chair of Kent LMC, should resign."
    assert "tom-parrish" not in ids(text, StakeholderKind.PERSON)


def test_an_office_behind_commas_loses_no_article() -> None:
    text = "Dr Tom Parrish, secretary, Humberside LMCs, said the contract was late."
    assert read(text).statements[0].holder == "tom-parrish--humberside-lmcs"


def test_a_name_with_particles_is_one_person() -> None:
    text = "Dr Jan van der Meer said the contract was late. Dr van der Meer added that it was dear."
    assert len({s.holder for s in read(text).statements}) == 1
    assert ids(text, StakeholderKind.PERSON) == ["jan-van-der-meer"]


def test_a_policy_or_place_that_does_not_act_is_no_stakeholder() -> None:
    text = "The Better Care Fund and the Quality and Outcomes Framework begin in Kent in April."
    assert read(text).stakeholders == ()


@pytest.mark.parametrize("word", ["Nobody", "Everybody", "Others", "Three", "Officers", "Opposition"])
def test_a_word_that_opens_a_sentence_is_no_body(word: str) -> None:
    analysis = read(f"The county met on Tuesday. {word} said the pooled budget was a mistake.")
    assert [s.name for s in analysis.stakeholders if s.kind is StakeholderKind.ORGANISATION] == []


def test_a_body_behind_a_name_does_not_swallow_the_name() -> None:
    text = "It was written by the adviser Maud Etherington of the Digital Inclusion Forum, who left on Friday."
    names = {s.name for s in read(text).stakeholders}
    assert not any("Etherington of" in name for name in names)


def test_a_day_is_no_part_of_a_bodys_name() -> None:
    names = {s.name for s in read("Crowds came to Elver Vale Hospital on Friday and Saturday.").stakeholders}
    assert names <= {"Elver Vale Hospital"}


def people(text: str, on: date | None = None) -> list[str]:
    return [s.id for s in read(text, on).stakeholders if s.kind is StakeholderKind.PERSON]


def test_a_person_with_the_same_body_in_two_articles_is_one() -> None:
    one = people("Dr Tom Parrish, chair of Kent LMC, said the contract was late.")
    two = people("‘It is late,’ said Kent LMC’s Tom Parrish. Nobody else spoke.")
    assert one == two == ["tom-parrish--kent-lmc"]


def test_one_name_with_two_bodies_in_two_articles_is_two_people() -> None:
    one = people("Dr Tom Parrish, chair of Kent LMC, said the contract was late.")
    two = people("Dr Tom Parrish, chief executive of Monitor, said the contract was late.")
    assert set(one).isdisjoint(two)


def test_a_committee_and_its_parent_are_one_house_and_so_are_two_names_of_a_body() -> None:
    of_committee = people("Dr Tom Parrish, deputy chair of the GPC, said the contract was late.")
    of_parent = people("Dr Tom Parrish, treasurer of the British Medical Association, said it was late.")
    assert of_committee == of_parent == ["tom-parrish--bma"]
    before = people("Tom Parrish, director at the NHS Commissioning Board, said it was late.", date(2012, 5, 1))
    after = people("Tom Parrish, director at NHS England, said it was late.", date(2014, 5, 1))
    assert before == after == ["tom-parrish--nhs-england"]


def test_a_person_of_no_body_goes_by_name_and_two_of_one_surname_stay_two() -> None:
    assert people("Dr Tom Parrish, a GP in Leeds, said the contract was late.") == ["tom-parrish"]
    text = "Tom Parrish, chair of Kent LMC, said it was late. Dr Jane Parrish, a GP in Leeds, said it was early."
    assert sorted(people(text)) == ["jane-parrish", "tom-parrish--kent-lmc"]


def test_everything_that_a_person_holds_goes_by_the_one_id() -> None:
    analysis = read("Dr Tom Parrish, chair of Kent LMC, said the contract was late. Dr Parrish spoke in June.")
    assert {m.stakeholder for m in analysis.mentions if "Parrish" in m.span.text} == {"tom-parrish--kent-lmc"}
    assert analysis.statements[0].on_behalf_of == "kent-lmc"


@pytest.mark.parametrize(
    "first",
    [
        "Coastal Care Partnership (CCP) met on Monday.",
        "Carers for Coastal Places (CCP) met on Monday.",
        "the Coastal Care Partnership (the CCP) met.",
    ],
)
def test_an_acronym_that_the_text_introduces_is_the_body_of_no_list(first: str) -> None:
    analysis = read(f"On Friday {first} A spokesman was there. The CCP said the charge was fair.")
    (holder,) = {s.holder for s in analysis.statements}
    (body,) = [s for s in analysis.stakeholders if s.id == holder]
    assert "CCP" in body.aliases and body.name.startswith("C") and body.name != "CCP"


def test_an_acronym_of_something_that_never_speaks_is_no_body() -> None:
    text = "The Quality Premium Scheme (QPS) pays practices £5 a patient. The QPS ends in March."
    assert not any("QPS" in (s.name, *s.aliases) for s in read(text).stakeholders)


@pytest.mark.parametrize(
    ("name", "on", "id"),
    [
        ("NHS England", date(2012, 5, 1), "nhs-england"),
        ("The NHS Commissioning Board", date(2014, 5, 1), "nhs-commissioning-board"),
    ],
)
def test_a_body_is_taken_by_the_name_that_an_article_gives_it_in_any_year(name: str, on: date, id: str) -> None:
    assert read(f"{name} said the contract was late.", on).statements[0].holder == id


def test_the_fullest_name_is_the_persons_wherever_it_stands() -> None:
    analysis = read("Dr Parrish said it was late. Dr Tom Parrish, chair of Kent LMC, left early.")
    assert [s.name for s in analysis.stakeholders if s.kind is StakeholderKind.PERSON] == ["Tom Parrish"]


def test_a_peer_without_a_given_name_is_known_by_the_title() -> None:
    analysis = read("Baroness Orde-Lane told peers that the contract was late.")
    (who,) = [s for s in analysis.stakeholders if s.kind is StakeholderKind.PERSON]
    assert (who.name, who.aliases) == ("Orde-Lane", ("Baroness Orde-Lane",))


@pytest.mark.parametrize(
    "text",
    [
        "Chief Inspector Dale Harcombe said it was late. Ch Insp Harcombe added that it was dear.",
        "Ruth Penn, the unit manager, said it was late. ‘Yes,’ Sister Penn said.",
        "Detective Chief Superintendent Amir Sand said it was late. Det Insp Sand was not there.",
    ],
)
def test_a_rank_is_no_part_of_a_name(text: str) -> None:
    assert len(ids(text, StakeholderKind.PERSON)) == 1


def test_a_place_before_a_small_noun_is_all_of_the_body_behind_an_office() -> None:
    text = "Dr Ann Dorran, clinical lead of the Eastmere commissioning group, said the contract was late."
    assert "eastmere-commissioning-group" in ids(text, StakeholderKind.ORGANISATION)
