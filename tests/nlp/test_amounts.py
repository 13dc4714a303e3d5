"""Money as it is printed: value, unit, rate and modifier, and what only looks like money."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from nlp.amounts import find_amounts, may_hold_amounts
from nlp.inflections import forms, stem
from nlp.money import Amount, Form
from nlp.numerals import words_to_number

Linear = Callable[[Callable[[int], object], int], None]  # the fixture of tests/conftest.py

THIN, NO_BREAK, NARROW = "\u2009", "\u00a0", "\u202f"

# printed => unit value [per:X] [mod:X]; several amounts stand between ";".
PRINTED = f"""
£350m => GBP 350000000
£350 million => GBP 350000000
£350M => GBP 350000000
£1.2bn => GBP 1200000000
£1.2 billion. => GBP 1200000000
£1.2billion => GBP 1200000000
£10-million => GBP 10000000
£1·2bn => GBP 1200000000
£1.5tn => GBP 1500000000000
£30k => GBP 30000
£30,000 => GBP 30000
£1,250,000 => GBP 1250000
£1 200 000 => GBP 1200000
£1{THIN}200{THIN}000 => GBP 1200000
£1{NARROW}200 => GBP 1200
£350{NO_BREAK}million => GBP 350000000
£350\nmillion => GBP 350000000
8.4 per\ncent => percent 8.4
£73.63 per patient => GBP 73.63 per:patient
£73.63 per weighted patient => GBP 73.63 per:patient
£120 for each patient => GBP 120 per:patient
£150 per patient per year => GBP 150 per:patient
£2 a head => GBP 2 per:head
£10-a-head => GBP 10 per:head
£6 per head of population => GBP 6 per:head
£100m-a-year => GBP 100000000 per:year
£1.2bn/yr => GBP 1200000000 per:year
£20m annually => GBP 20000000 per:year
£20m per annum => GBP 20000000 per:year
£9,250-a-year => GBP 9250 per:year
£350,000-a-week => GBP 350000 per:week
£80 an hour => GBP 80 per:hour
£80 a year ago => GBP 80
£3,000 per practice => GBP 3000 per:practice
£90 a session => GBP 90 per:session
10p in every pound => percent 10
46p of every £1 spent => percent 46
7.9p in the £ => percent 7.9
five pence out of each pound => percent 5
between 3p and 4p in the pound => percent 3..4
a penny in the pound => percent 1
5p in every £10 => percent 0.5
10p for every pound => GBP 0.1 per:pound
80p => GBP 0.8
99 pence => GBP 0.99
a penny on income tax => GBP 0.01
£5-6m => GBP 5000000..6000000
£5m-£6m => GBP 5000000..6000000
£5m–£6m => GBP 5000000..6000000
£2m to £3m => GBP 2000000..3000000
£2 to 3 million => GBP 2000000..3000000
£2 to £3 million => GBP 2000000..3000000
between £2m and £3m => GBP 2000000..3000000
ranging from £2m to £3m => GBP 2000000..3000000
grants of £500 to £1m => GBP 500..1000000
four to five million pounds => GBP 4000000..5000000
£50 or £60 => GBP 50..60
£20m-£30m-a-year => GBP 20000000..30000000 per:year
3-4% => percent 3..4
3 to 4 per cent => percent 3..4
between two and three per cent => percent 2..3
2.5% - 3% => percent 2.5..3
rose from £2m to £3m => GBP 2000000; GBP 3000000
dwindled from £800,000 to £12,000 => GBP 800000; GBP 12000
fell from 10.8% to 8.3% => percent 10.8; percent 8.3
fell from 10 to 8 per cent => percent 10; percent 8
will rise by £2m to £9m => GBP 2000000; GBP 9000000
half a billion pounds => GBP 500000000
a quarter of a million pounds => GBP 250000
three quarters of a billion pounds => GBP 750000000
two million pounds => GBP 2000000
two and a half million pounds => GBP 2500000
a billion and a half pounds => GBP 1500000000
two hundred and fifty thousand pounds => GBP 250000
a further 20 million pounds => GBP 20000000 mod:a further
a two million pound hole => GBP 2000000
50 quid => GBP 50
£2½m => GBP 2500000
3½% => percent 3.5
US$5m => USD 5000000
$5.5 million => USD 5500000
A$3m => AUD 3000000
20 million US dollars => USD 20000000
€20bn => EUR 20000000000
5m euros => EUR 5000000
EUR 5m => EUR 5000000
an extra £20.5bn => GBP 20500000000 mod:an extra
almost £5m => GBP 5000000 mod:almost
up to an additional £5m => GBP 5000000 mod:up to an additional
to the tune of £1.2bn => GBP 1200000000 mod:to the tune of
just over £5m => GBP 5000000 mod:just over
£5m-plus => GBP 5000000 mod:plus
£5m or so => GBP 5000000 mod:or so
c£5m => GBP 5000000 mod:c
c. £5m => GBP 5000000 mod:c.
~£5m => GBP 5000000 mod:~
under a £200m project => GBP 200000000
8.4 per cent => percent 8.4
8.4percent => percent 8.4
3.1pc => percent 3.1
10% => percent 10
80+% => percent 80
ten per cent => percent 10
twenty-five per cent => percent 25
one and a half per cent => percent 1.5
half a per cent => percent 0.5
-2.5% => percent -2.5
+3% => percent 3
-£4m => GBP -4000000
0.5 percentage points => percentage_point 0.5
half a percentage point => percentage_point 0.5
0.3pp => percentage_point 0.3
£1 in every £10 => percent 10
£9 in every £10 => percent 90
one pound in every ten => percent 10
one in ten pounds => percent 10
three in every ten pounds => percent 30
nine out of ten pounds => percent 90
two pounds in every five => percent 40
£7.50 in every £100 => percent 7.5
two pounds in ten => GBP 2
cut by a half => percent 50
a tenth of the budget => percent 10
two-thirds of the budget => percent 66.666667
1/3rd of the budget => percent 33.333333
spending doubled => percent 100
spending was halved => percent -50
£5 to 60 people => GBP 5
in 2014 10% => percent 10
£1m (£2m in 2012) => GBP 1000000; GBP 2000000
£800-£1bn => GBP ?
£1,5m => GBP ?
£12,00 => GBP ?
£xm => GBP ?
£Xbn => GBP ?
£??m => GBP ?
tens of millions of pounds => GBP ?
several million pounds => GBP ?
a six-figure sum => GBP ?
20,000 GPs => none
in 2013-14 => none
one in ten => none
0800 123 456 => none
under clause 14.2 => none
aged 18 to 25 => none
the £1 coin => none
a £20 note => none
99p Stores Ltd => none
a 1080p video => none
lost 20 pounds in weight => none
weighed five pounds and six pounds => none
at 14 Pound Street => none
lost half a million pounds => GBP 500000
a third of a billion pounds => GBP 333333333.333333
£(0.6)m => GBP 600000
(£0.6m) => GBP 600000
pp 12-14 => none
the third year running => none
half an hour => none
a multi-million-pound scheme => none
"""


def rows(table: str) -> list[tuple[str, str]]:
    """The rows "left => right" of a table; a left side may run over lines."""
    found, buffer = [], ""
    for line in table.strip("\n").split("\n"):
        buffer += ("\n" if buffer else "") + line
        if " => " in line:
            left, right = buffer.rsplit(" => ", 1)
            found.append((left, right))
            buffer = ""
    return found


def printed(amount: Amount) -> str:
    value = amount.value if amount.value is not None else "?" if amount.low is None else f"{amount.low}..{amount.high}"
    per = f" per:{amount.per}" if amount.per else ""
    modifier = f" mod:{amount.modifier}" if amount.modifier else ""
    return f"{amount.unit} {value}{per}{modifier}"


@pytest.mark.parametrize(("text", "expected"), rows(PRINTED))
def test_amount_has_value_unit_rate_and_modifier(text: str, expected: str) -> None:
    assert "; ".join(printed(amount) for amount in find_amounts(text)) == ("" if expected == "none" else expected)


@pytest.mark.parametrize(("text", "expected"), [row for row in rows(PRINTED) if row[1] != "none"])
def test_quick_look_lets_no_amount_pass(text: str, expected: str) -> None:
    assert may_hold_amounts(text)


@pytest.mark.parametrize("text", ["by the same amount", "a similar sum", "an equal amount"])
def test_pointer_has_no_value_of_its_own(text: str) -> None:
    (amount,) = find_amounts(text)
    assert (amount.form, amount.value, amount.unit) == (Form.POINTER, None, "")


@pytest.mark.parametrize("text", ["£1,5m", "£xm", "a six-figure sum", "£800-£1bn"])
def test_amount_without_a_value_says_why(text: str) -> None:
    (amount,) = find_amounts(text)
    assert amount.value is None and amount.low is None and amount.reason


def test_span_covers_what_is_printed_and_no_more() -> None:
    text = "It cost up to between £2m and £3m a year, said almost everyone."
    (amount,) = find_amounts(text)
    assert text[amount.start : amount.end] == "between £2m and £3m"
    assert text[amount.lead : amount.tail] == "up to between £2m and £3m a year"


def test_values_are_exact_decimals() -> None:
    (amount,) = find_amounts("£20.5bn")
    assert amount.value == Decimal(20500000000) and str(amount.value) == "20500000000"


@pytest.mark.parametrize(
    ("words", "number"),
    [("a quarter of a million", 250_000), ("two hundred", 200), ("a couple of million", 2_000_000), ("of", None)],
)
def test_words_are_read_as_numbers(words: str, number: int | None) -> None:
    read = words_to_number(words)
    assert (read and read[0]) == number


def test_forms_follow_spelling() -> None:
    assert forms("levy") == ("levy", "levies", "levied", "levying")
    assert forms("slash") == ("slash", "slashes", "slashed", "slashing")
    assert forms("cut cuts cutting") == ("cut", "cuts", "cutting")
    assert [stem(word) for word in ("salaries", "budgets’", "Taxes", "bus", "trust's")] == [
        "salary",
        "budget",
        "tax",
        "bus",
        "trust",
    ]


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "1,",
        ",000",
        "£",
        "-",
        "£,1%.",
        "$1,",
        "£1 ",
        "£(1",
        "1 ",
        "9,999,",
        "€$£",
        "£1p in ",
        "one in ",
        "half of a ",
    ],
)
def test_time_is_linear_in_hostile_text(unit: str, linear: Linear) -> None:
    linear(lambda size: find_amounts((unit * size)[:size]), 20_000)
