"""The register: names to bodies, on a date, in a text; and data that break their own rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

import corpora
from nlp.errors import DataError
from nlp.records import StakeholderKind, Succession
from nlp.register import NameMatch, Register, load, register

Linear = Callable[[Callable[[int], object], int], None]  # the fixture of tests/conftest.py

COLUMNS = "id,name,aliases,ods,start,end,successors,successors_on,source\n"
TABLES = ("icbs.csv", "ccgs.csv", "health_boards.csv", "trusts.csv")


def ids(text: str, on: date | None = None) -> list[str]:
    return [match.stakeholder.id for match in register().find(text, 0, len(text), on)]


def printed(text: str) -> list[str]:
    return [text[match.start : match.end] for match in register().find(text, 0, len(text))]


def who(name: str, on: date | None = None) -> str | None:
    found = register().resolve(name, on)
    return found.id if found else None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A register with no body; tests write the bodies they need."""
    for table in TABLES:
        (tmp_path / table).write_text(COLUMNS, encoding="utf-8")
    patterns = (corpora.folder("register") / "patterns.toml").read_text(encoding="utf-8")
    (tmp_path / "patterns.toml").write_text(patterns, encoding="utf-8")
    (tmp_path / "bodies.toml").write_text("", encoding="utf-8")
    return tmp_path


def loaded(folder: Path, bodies: str) -> Register:
    (folder / "bodies.toml").write_text(bodies, encoding="utf-8")
    return load(folder)


def body(id: str, *lines: str) -> str:
    return "\n".join(["[[body]]", f'id = "{id}"', f'name = "Body {id}"', *lines, ""])


# ---- resolving a name


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("GPC", "gpc"),
        ("the GPC", "gpc"),
        ("BMA GP committee", "gpc"),
        ("BMA's GP committee", "gpc"),
        ("BMA’s GPs committee", "gpc"),
        ("BMA general practitioners committee", "gpc"),
        ("General Practitioners’ Committee", "gpc"),
        ("british medical association", "bma"),
        ("King’s Fund", "kings-fund"),
        ("The King's Fund", "kings-fund"),
        ("Revenue & Customs", "hmrc"),
        ("NHS England", "nhs-england"),
        ("NHS Clinical Commissioners", "nhs-clinical-commissioners"),
        ("Health Service Journal", "hsj"),
        ("Pulse", "pulse"),
        ("Which?", "which"),
        ("Health Select Committee", "health-and-social-care-committee"),
        ("NHS Trust Development Authority", "nhs-trust-development-authority"),
    ],
)
def test_every_spelling_of_a_body_resolves_to_its_one_id(name: str, id: str) -> None:
    assert who(name) == id


@pytest.mark.parametrize("name", ["bma", "pulse", "unite", "Hsj", "labour", "which", "mind"])
def test_case_counts_in_acronyms_and_names_of_one_word(name: str) -> None:
    assert who(name) is None


@pytest.mark.parametrize(
    "name",
    ["British Medical", "British Medicine Association", "Nuffield", "Royal College", "", "the", "’", "Dr Ann Poole"],
)
def test_a_name_that_is_only_like_one_resolves_to_nobody(name: str) -> None:
    assert who(name) is None


def test_a_shared_name_means_the_body_alive_on_the_date() -> None:
    assert who("Department of Health", date(2014, 5, 1)) == "department-of-health"
    assert who("Department of Health", date(2018, 1, 7)) == "department-of-health"
    assert who("Department of Health", date(2018, 1, 8)) == "department-of-health-and-social-care"
    assert who("Foreign Office", date(2021, 1, 1)) == "fcdo"


def test_a_shared_name_without_a_date_means_the_first_in_the_data() -> None:
    assert who("Department of Health") == "department-of-health"


def test_a_dead_body_keeps_a_name_that_it_does_not_share() -> None:
    assert who("NHS Commissioning Board", date(2016, 1, 1)) == "nhs-commissioning-board"


@pytest.mark.parametrize(
    "name",
    [
        "North East Lincolnshire CCG",
        "NHS North East Lincolnshire CCG",
        "the North East Lincolnshire Clinical Commissioning Group",
        "north east lincolnshire ccg",
    ],
)
def test_nhs_and_the_long_form_are_optional_for_commissioners(name: str) -> None:
    found = register().resolve(name)
    assert found and (found.id, found.name) == ("north-east-lincolnshire-ccg", "North East Lincolnshire CCG")


def test_nhs_and_a_place_is_whichever_commissioner_stood_there() -> None:
    assert who("NHS Dorset", date(2011, 6, 1)) == "dorset-pct"
    assert who("NHS Dorset", date(2015, 6, 1)) == "dorset-ccg"
    assert who("NHS Dorset", date(2023, 6, 1)) == "dorset-icb"
    assert who("NHS Nowhereshire") is None


@pytest.mark.parametrize(
    ("name", "id", "canonical"),
    [
        ("Nottinghamshire LMC", "nottinghamshire-lmc", "Nottinghamshire LMC"),
        ("Kent Local Medical Committee", "kent-lmc", "Kent LMC"),
        ("Wessex LMCs", "wessex-lmcs", "Wessex LMCs"),
        ("Surrey Primary Care Trust", "surrey-pct", "Surrey PCT"),
        ("NHS Surrey PCT", "surrey-pct", "Surrey PCT"),
        ("Ashton, Leigh & Wigan PCT", "ashton-leigh-and-wigan-pct", "Ashton, Leigh and Wigan PCT"),
        ("Devon STP", "devon-stp", "Devon STP"),
        ("Sussex Integrated Care System", "sussex-ics", "Sussex ICS"),
        ("Leeds City Council", "leeds-city-council", "Leeds City Council"),
        ("London Borough of Hackney", "hackney-council", "Hackney Council"),
        ("Kent University", "university-of-kent", "University of Kent"),
        ("University of the West of England", "university-of-the-west-of-england", "University of the West of England"),
        ("Leeds Beckett University", "leeds-beckett-university", "Leeds Beckett University"),
        ("Kent Healthwatch", "healthwatch-kent", "Healthwatch Kent"),
        ("Chase Farm Hospitals NHS Trust", "chase-farm-hospitals-nhs-trust", "Chase Farm Hospitals NHS Trust"),
    ],
)
def test_a_body_in_no_list_is_built_from_its_name(name: str, id: str, canonical: str) -> None:
    found = register().resolve(name)
    assert found and (found.id, found.name, found.kind) == (id, canonical, StakeholderKind.ORGANISATION)


@pytest.mark.parametrize(
    "name", ["the local CCG", "our LMC", "Nonsense Council", "Clinical Commissioning Group", "PCT"]
)
def test_a_head_without_a_place_names_nobody(name: str) -> None:
    assert who(name) is None


def test_both_forms_of_a_trust_are_one_trust() -> None:
    assert who("Guy’s & St Thomas’ NHS FT") == "guys-and-st-thomas-nhs-foundation-trust"
    assert who("Guy's and St Thomas' NHS Trust") == "guys-and-st-thomas-nhs-foundation-trust"


def test_every_name_in_the_data_resolves_to_its_own_body() -> None:
    shared = {"BDA", "FDA", "Prospect", "Reform"}
    for stakeholder in register():
        for name in {stakeholder.name, *stakeholder.aliases} - shared:
            assert who(name, stakeholder.start or stakeholder.end) == stakeholder.id, name


# ---- relatives


def test_the_gpc_is_a_committee_of_the_bma() -> None:
    assert register().parents("gpc") == ("bma",)
    assert register().parents("gpc-england") == ("gpc", "bma")
    assert register().parents("bma") == ()


def test_successors_and_predecessors_are_direct_and_dated() -> None:
    board = register().get("nhs-commissioning-board")
    assert board and board.successors == (Succession("nhs-england", date(2013, 4, 1)),)
    assert register().successors("nhs-commissioning-board") == ("nhs-england",)
    assert "nhs-commissioning-board" in register().predecessors("nhs-england")
    assert register().successors("somerset-ccg") == ("somerset-icb",)
    assert register().successors("thanet-ccg") == ("kent-and-medway-ccg",)
    assert register().successors("cumbria-ccg") == ("north-cumbria-ccg", "morecambe-bay-ccg")


def test_an_unknown_id_has_no_record_and_no_relatives() -> None:
    assert register().get("no-such-body") is None
    assert register().parents("no-such-body") == register().successors("no-such-body") == ()


def test_every_ccg_leads_to_an_icb() -> None:
    for stakeholder in register():
        if stakeholder.id.endswith("-ccg"):
            assert stakeholder.start and stakeholder.end
            ahead = [stakeholder.id]
            while not ahead[0].endswith("-icb"):
                assert register().successors(ahead[0]), ahead[0]
                ahead = [*register().successors(ahead[0])]


def test_the_register_is_large_and_its_ids_are_in_kebab_case() -> None:
    assert len(register()) == len(list(register())) > 1600
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", stakeholder.id) for stakeholder in register())
    assert re.fullmatch(r"[0-9a-f]{64}", register().version)


# ---- finding names in a text


def test_offsets_leave_out_the_article_and_the_possessive() -> None:
    text = "Members of the BMA’s council backed The King's Fund's report."
    assert printed(text) == ["BMA’s council", "King's Fund"]
    assert printed("It is the BMA’s view.") == ["BMA"]


def test_find_reads_only_the_stretch_it_is_given() -> None:
    text = "The BMA met NHS England."
    assert [match.stakeholder.id for match in register().find(text, 8, len(text))] == ["nhs-england"]
    assert next(register().find(text, 0, len(text))) == NameMatch(4, 7, register().get("bma"))  # type: ignore[arg-type]


def test_the_longest_name_wins() -> None:
    assert ids("NHS England said the NHS said.") == ["nhs-england", "nhs"]
    assert ids("the Department of Health and Social Care") == ["department-of-health-and-social-care"]
    assert ids("the BMA's GP committee and the Royal College of Physicians of Edinburgh") == ["gpc", "rcpe"]


def test_commas_join_only_names_that_have_them() -> None:
    text = "The Department of Health, NHS England and Northern, Eastern and Western Devon CCG agreed."
    assert printed(text) == ["Department of Health", "NHS England", "Northern, Eastern and Western Devon CCG"]


def test_a_name_may_run_over_a_line_end() -> None:
    assert ids("a report by the King’s\nFund") == ["kings-fund"]


@pytest.mark.parametrize(
    "text",
    [
        "But Kent LMC disagreed.",
        "Last week Kent LMC disagreed.",
        "In Kent LMC officers disagreed.",
        "On Monday Kent LMC disagreed.",
        "Furious Kent LMC officers disagreed.",
        "A letter from the chair of Kent LMC arrived.",
        "Dr Amir Pell, Kent LMC secretary, disagreed.",
        "Dr Pell and Kent LMC disagreed.",
        "‘No,’ Kent LMC replied.",
        "Labour’s Kent LMC plan",
        "NHS England and Kent LMC disagreed.",
    ],
)
def test_a_place_starts_where_the_place_starts(text: str) -> None:
    assert printed(text)[-1] == "Kent LMC"


@pytest.mark.parametrize(
    "name",
    [
        "Bath and North East Somerset CCG",
        "North East Lincolnshire CCG",
        "Guy’s and St Thomas’ NHS Foundation Trust",
        "Isle of Wight CCG",
        "Stoke-on-Trent CCG",
        "Newcastle-upon-Tyne LMC",
        "Kent and Medway LMC",
        "Hull and East Yorkshire LMC",
        "St. Helens CCG",
        "King’s Lynn LMC",
        "Cornwall and the Isles of Scilly ICB",
        "University of East Anglia",
        "Heatherwood and Wexham Park Hospitals NHS Foundation Trust",
        "NHS Nottingham City CCG",
        "Tower Hamlets council",
        "Kent county council",
    ],
)
def test_a_place_takes_in_all_its_words(name: str) -> None:
    assert printed(f"Talks between {name} and the BMA went on.") == [name, "BMA"]
    assert printed(f"They met {name}’s board.") == [name]


def test_neighbouring_places_are_bodies_of_their_own() -> None:
    text = "Barnet CCG, Camden CCG and Islington CCG wrote to Kent County Council and Medway Council."
    assert ids(text) == ["barnet-ccg", "camden-ccg", "islington-ccg", "kent-county-council", "medway-council"]


@pytest.mark.parametrize(
    "text",
    [
        "She was moved to the labour ward.",
        "Labour shortages are a risk.",
        "We must unite behind the plan.",
        "Unite the profession first.",
        "Mind the gap between budgets.",
        "Bear in mind the cost.",
        "Shelter from the storm was scarce.",
        "The crisis in beds deepened.",
        "NHS in Crisis as Beds Run Out",
        "Monitor the spending closely.",
        "His pulse was fast.",
        "A GP said the plan would fail.",
        "He told GP practices to wait.",
        "Which of the two is cheaper?",
        "Hard times lie ahead; at times it hurt.",
        "Reform is overdue.",
        "The scope of the review is wide.",
        "Kent CCGs and trusts met the LMCs.",
        "Leeds council tax will rise.",
        "Write to info@BMA.org or @BMA.",
        "GPS WHO REFUSE WILL LOSE OUT",
        "The NHS is short of money.",
        "A note by Dr Nesta Price-Howell.",
    ],
)
def test_a_common_word_is_no_name(text: str) -> None:
    assert ids(text) == []


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("Labour said it would act.", "labour"),
        ("The Labour leader said so.", "labour"),
        ("Unite, which represents porters, agreed.", "unite"),
        ("The charity Mind agreed.", "mind"),
        ("Mind’s chief executive agreed.", "mind"),
        ("A survey by Mind found less.", "mind"),
        ("Shelter, the housing charity, agreed.", "shelter"),
        ("Shelter warned of more.", "shelter"),
        ("The regulator Monitor agreed.", "monitor"),
        ("Monitor has also warned trusts.", "monitor"),
        ("He told Pulse it was wrong.", "pulse"),
        ("Speaking to Pulse, she agreed.", "pulse"),
        ("A Pulse survey is out.", "pulse"),
        ("She told GP that it was wrong.", "gponline"),
        ("Which? said prices rose.", "which"),
        ("He wrote in the Times last week.", "times"),
        ("The Times reported it.", "times"),
        ("The think tank Reform agreed.", "reform"),
        ("The government’s plan is late.", "uk-government"),
        ("The Welsh government agreed.", "welsh-government"),
        ("BMA REJECTS OFFER", "bma"),
    ],
)
def test_a_common_word_is_a_name_where_the_words_around_show_a_body(text: str, id: str) -> None:
    assert ids(text) == [id]


def test_a_name_inside_a_longer_capitalised_name_is_left_alone() -> None:
    assert ids("Leeds Law Society met the Law Society.") == ["law-society"]
    assert ids("the US Treasury and the Treasury") == ["treasury"]
    assert ids("the Labour Exchange on Guardian Street") == []
    assert ids("the American Health Committee met in May") == []


def test_find_uses_the_date_of_the_text() -> None:
    text = "The Department of Health and NHS Leeds agreed."
    assert ids(text, date(2012, 3, 1)) == ["department-of-health", "leeds-pct"]
    assert ids(text, date(2019, 3, 1)) == ["department-of-health-and-social-care", "leeds-ccg"]


def test_matches_are_ordered_and_do_not_overlap() -> None:
    text = "Kent LMC told Pulse that NHS England, the BMA’s GP committee and Leeds West CCG met at Leeds University."
    found = list(register().find(text, 0, len(text)))
    assert len(found) == 6
    assert all(one.end <= two.start for one, two in pairwise(found))


def test_find_takes_time_in_proportion_to_the_text(linear: Linear) -> None:
    unit = "Last week Bath and North East Somerset CCG, Kent and Medway LMC and NHS England met, and Mind said so. "

    def found(times: int) -> int:
        return sum(1 for _ in register().find(unit * times, 0, len(unit) * times))

    assert found(500) == 2000
    linear(found, 500)


@pytest.mark.parametrize(
    "text", ["", " ", "’s", "&", "CCG", "the", "NHS", "University of", "Healthwatch", "and and CCG"]
)
def test_scraps_of_text_hold_no_name(text: str) -> None:
    assert ids(text) == []


# ---- data that break their own rules


@pytest.mark.parametrize(
    ("bodies", "says"),
    [
        (body("a", 'colour = "red"'), ["colour", '"a"']),
        (body("a") + body("a"), ["id", '"a"', "second time"]),
        (body("a", 'parent = "b"'), ["parent", '"b"']),
        (body("a", 'successors = [{ id = "b" }]'), ["successors", '"b"']),
        (body("a", 'successors = [{ to = "b" }]'), ["successors", "to"]),
        (body("a", "start = 2014-01-01", "end = 2013-01-01"), ["start", "2014-01-01"]),
        (body("a", 'end = "2013"'), ["end", "2013"]),
        (body("a", 'aliases = "BA"'), ["aliases", "BA"]),
        (body("a", 'kind = "company"'), ["kind", "company"]),
        (body("a", 'parent = "b"') + body("b", 'parent = "a"'), ["parent"]),
        (body("a", 'aliases = ["BA"]') + body("b", 'aliases = ["BA"]'), ["aliases", '"BA"', '"a"', '"b"']),
        (body("a", "end = 2013-03-31", 'successors = [{ id = "b", on = 2013-01-01 }]') + body("b"), ["successors"]),
        ("[[body]]\nid = ", ["TOML"]),
        ('[[body]]\nname = "Body"\n', ["id"]),
    ],
)
def test_broken_data_are_refused_by_file_key_and_value(folder: Path, bodies: str, says: list[str]) -> None:
    with pytest.raises(DataError) as caught:
        loaded(folder, bodies)
    assert "corpora/register/bodies.toml" in str(caught.value)
    assert all(word in str(caught.value) for word in says), str(caught.value)


def test_a_name_may_be_shared_in_turn_or_cautiously(folder: Path) -> None:
    in_turn = body("a", 'aliases = ["BA"]', "end = 2013-03-31") + body("b", 'aliases = ["BA"]', "start = 2013-04-01")
    assert len(loaded(folder, in_turn)) == 2
    cautious = body("a", 'aliases = ["BA"]') + body("b", 'cautious = ["BA"]')
    assert len(loaded(folder, cautious)) == 2


def test_a_broken_table_is_refused_by_name(folder: Path) -> None:
    (folder / "ccgs.csv").write_text(COLUMNS + "a-ccg,A CCG,,,2013-13-01,,,,public\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"ccgs\.csv.*a-ccg"):
        load(folder)
    (folder / "ccgs.csv").write_text("id,name\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"ccgs\.csv.*columns"):
        load(folder)
    (folder / "ccgs.csv").unlink()
    with pytest.raises(DataError, match=r"ccgs\.csv"):
        load(folder)


def test_the_version_changes_with_the_data(folder: Path) -> None:
    assert loaded(folder, body("a")).version != loaded(folder, body("b")).version
    assert loaded(folder, body("a")).version == loaded(folder, body("a")).version


def test_the_register_loads_once() -> None:
    assert register() is register()


def test_a_body_that_was_renamed_tells_its_name_of_the_day() -> None:
    for id in ("nhs-england", "nhs-commissioning-board"):
        assert [name.name for name in register().names_of(id)] == ["NHS Commissioning Board", "NHS England"]
        named = [register().name_on(id, day) for day in (date(2013, 3, 31), date(2013, 4, 1))]
        assert [each.id for each in named if each] == ["nhs-commissioning-board", "nhs-england"]


def test_a_body_that_took_over_from_another_did_not_have_its_name() -> None:
    assert [name.id for name in register().names_of("nhs-improvement")] == ["nhs-improvement"]
    assert register().names_of("no-such-body") == ()


def test_every_change_of_name_is_dated_or_left_open_but_never_overlaps() -> None:
    for body in register():
        names = register().names_of(body.id)
        for one, two in pairwise(names):
            assert one.until is None or two.since is None or one.until < two.since


def test_parts_are_the_bodies_directly_below() -> None:
    assert "gpc" in register().children("bma") and "gpc-england" not in register().children("bma")


def test_two_places_of_no_list_before_a_commissioner_are_one_name() -> None:
    assert printed("On Friday the Wharfe and Elver CCG met.") == ["Wharfe and Elver CCG"]
    assert printed("On Friday Jane Smith and Elver CCG met.") == ["Elver CCG"]
    assert printed("Nobody and Elver CCG met.") == ["Elver CCG"]
