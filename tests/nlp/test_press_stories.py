"""Who speaks over the paragraphs of a news story: documents, officers, people told before they are named."""

from __future__ import annotations

import pytest

from nlp.pipeline import analyse
from nlp.records import Article, Statement


def statements(*paragraphs: str) -> tuple[Statement, ...]:
    text = "\n\n".join(("Doctors discuss the plan", *paragraphs))
    return analyse(Article(Article.identify("test", text), "test", text, "text 1")).statements


def holders(*paragraphs: str) -> list[str | None]:
    """The holders, people without the body in their id."""
    return [each.holder and each.holder.partition("--")[0] for each in statements(*paragraphs)]


def test_a_letter_is_of_who_says_something_in_it_and_not_of_who_has_seen_it() -> None:
    found = holders(
        "In a letter to trusts, seen by Pulse, NHS England's finance chief Miles Roper says the tariff is finished.",
        "The letter, sent on Friday, states that boards will share the money. It adds that nobody will be bailed out.",
    )
    assert found == ["miles-roper"] * 3


def test_a_joint_statement_goes_on_being_of_those_who_gave_it() -> None:
    found = holders(
        "In a joint statement, the three trusts said:",
        "“We are committed to working with staff.”",
        "The statement went on to say that agency spending had fallen.",
    )
    assert found == ["trusts", "trusts"]


def test_minutes_are_not_of_whoever_published_a_report() -> None:
    found = holders(
        "The Nuffield Trust published a report on Monday. It said the plan was late.",
        "The minutes say that the plan was early.",
    )
    assert found[-1] != "nuffield-trust"


def test_it_is_the_body_again_behind_the_words_of_its_officer() -> None:
    found = holders(
        "The NHS Confederation backed the plan. Its director, Ruth Cavan, said bigger lists were the only way.",
        "It warned that a third of surgeries had one partner.",
    )
    assert found == ["nhs-confederation", "ruth-cavan", "nhs-confederation"]


def test_the_chair_is_not_the_vice_chair_who_was_named_last() -> None:
    found = holders(
        "GPC chair Dr Helen Marrack said the plan was late. Dr Samir Toll, vice chair of Kent LMC, said it was dear.",
        "The committee's chair said she would wait for it in writing.",
    )
    assert found == ["helen-marrack", "samir-toll", "helen-marrack"]


@pytest.mark.parametrize(
    "office, named",
    [
        ("The head of the Royal College of Nursing", "Geraldine Hook"),
        ("The chief executive of an integrated care board", "Geraldine Hook of Wash ICB"),
    ],
)
def test_who_is_told_by_an_office_is_named_in_the_next_paragraph(office: str, named: str) -> None:
    first, second = statements(f"{office} has said the idea is barmy.", f"{named} told a meeting it was late.")
    assert first.holder == second.holder
    assert first.holder and first.holder.startswith("geraldine-hook")
    assert first.on_behalf_of in {"rcn", "wash-icb"}


def test_an_office_is_not_of_the_next_person_who_has_another() -> None:
    first, *_ = holders(
        "The leader of a district council has said the plan will close pools.",
        "Dr Ann Poole, a GP in Kent, said it would not.",
    )
    assert first != "ann-poole"


def test_the_chairman_of_one_body_is_not_the_chair_of_another() -> None:
    first, second = holders(
        "The chairman of the GPC said the idea was wrong.", "Dr Ann Poole, chair of Kent LMC, said it was late."
    )
    assert (first, second) == ("chairman-of-the-gpc", "ann-poole")


def test_he_is_the_person_named_since_a_spokeswoman_spoke() -> None:
    found = holders(
        "A Department of Health spokeswoman insisted that the plan was on time.",
        "Sir Alan Tewkes, chair of Kent CCG, told HSJ he was relaxed. “We do this already,” he said.",
    )
    assert found == ["department-of-health", "alan-tewkes", "alan-tewkes"]


def test_a_quotation_behind_what_was_passed_on_is_of_who_passed_it_on() -> None:
    first, second = statements(
        "Judith Ames said she had been told by officials that a fund would meet the cost.",
        "“I have asked three times.”",
    )
    assert (first.holder, first.chain) == ("officials", ("judith-ames",))
    assert second.holder == "judith-ames"


def test_the_words_on_the_line_below_a_colon_are_of_who_stands_before_it() -> None:
    found = holders(
        "Dr Ann Poole said the plan was late.",
        "Cllr Mike Wilby, chair of the scrutiny committee, said:",
        "“Members have real doubts.”",
    )
    assert found == ["ann-poole", "mike-wilby"]


def test_the_head_of_one_of_many_is_named_in_the_next_paragraph() -> None:
    first, second = statements(
        "The chief executive of one of the country's biggest GP federations has called for the contract to be changed.",
        "Dr Marian Toft, who runs the 62-practice Trent Valley Federation, said it was confusing.",
    )
    assert first.holder == second.holder == "marian-toft--trent-valley-federation"


def test_a_line_with_a_name_and_an_office_says_whose_the_words_below_it_are() -> None:
    found = statements(
        "Ministers said on Monday that phones would be banned in every school in England from the start of the next "
        "school year, after a consultation that drew more than nine thousand answers.",
        "Marion Tees, general secretary, National Union of Heads:",
        "“The ban is a gimmick. Most schools have rules that work.",
        "“What we need is money for staff.”",
        "A spokesman for Kent LMC:",
        "“Our members will study the detail.”",
        "Helen Orme, University of Tarrant – “There is little proof that bans work.”",
        "Somebody from Boston:",
        "“It has come too late.”",
        "Dr Ian Salter, President of the Royal College of Emergency Medicine said,",
        "“We welcome the ban.”",
    )
    holders = [each.holder and each.holder.partition("--")[0] for each in found]
    assert holders == ["ministers", "marion-tees", "marion-tees", "kent-lmc", "helen-orme", None, "ian-salter"]


def test_a_heading_that_is_a_name_and_an_office_says_whose_the_quotation_below_it_is() -> None:
    found = holders(
        "The government will raise the levy on soft drinks from April, the Treasury announced in a statement to the "
        "House of Commons on Tuesday afternoon, after two years of talks.",
        "Dr Hazel Munt, senior lecturer, University of Tarrant",
        "“The levy has worked well. It should go further.”",
        "What happens next",
        "Kent LMC said the levy would cost jobs. “It is a tax,” said its director, Karen Bold.",
        "What about schools?",
        "“We will have to look at that,” she added.",
    )
    assert found == ["treasury", "hazel-munt", "kent-lmc", "karen-bold", "karen-bold"]
