"""The types of the money grammar: how an amount is printed and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

PERCENT, POINT = "percent", "percentage_point"


class Form(StrEnum):
    """How an amount is printed; all but NUMBER need a context of money to be a figure."""

    NUMBER = "number"
    BARE = "bare"  # "half a million", with no unit
    OUT_OF = "out of"  # "£1 in every £10": a share, and of money by itself
    PART = "part"  # "two-thirds of"
    FACTOR = "factor"  # "doubled"
    POINTER = "pointer"  # "the same amount"
    VAGUE = "vague"  # "tens of millions of pounds", "a six-figure sum", "£xm"


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount at half-open offsets of the text it was read from.

    ``value``, or ``low`` and ``high``, is in base units of ``unit`` (ISO 4217 code, "percent",
    "percentage_point", "" for a pointer). ``tail`` is where its rate ("a year") and trailing modifier end,
    ``lead`` where its modifier starts. ``reason`` says why there is no value.
    """

    start: int
    end: int
    unit: str
    form: Form
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    lead: int = 0
    tail: int = 0
    modifier: str | None = None
    per: str | None = None
    reason: str = ""
