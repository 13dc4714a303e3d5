"""What a reviewer writes, read into a correction: names to ids, amounts to numbers, words to labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from api.services import Services
from nlp.errors import NotFoundError, UsageError
from nlp.identities import slug
from nlp.judgements import Item, Judged
from nlp.periods import find_periods
from nlp.records import (
    Direction,
    FigureKind,
    FigureStatus,
    PartialDate,
    Stakeholder,
    StakeholderKind,
    StanceLabel,
    Statement,
    Strength,
)
from nlp.register import register

#: What is written for "nobody": the statement is unattributed, the figure cited by none.
NOBODY = "none"
#: The longest text of any field; amounts are far shorter.
LONGEST = 300
_LABELS: Mapping[str, type[StrEnum]] = {
    "stance": StanceLabel,
    "strength": Strength,
    "kind": FigureKind,
    "direction": Direction,
    "status": FigureStatus,
}
_AMOUNTS = ("value", "low", "high")
FIELDS: Mapping[Judged, tuple[str, ...]] = {
    Judged.HOLDER: ("holder", "on_behalf_of"),
    Judged.STANCE: ("stance", "strength", "holder"),
    Judged.FIGURE: (*_AMOUNTS, "unit", "kind", "direction", "status", "period", "cited_by"),
}
_PEOPLE = ("holder", "on_behalf_of", "cited_by")


@dataclass(frozen=True, slots=True)
class Read:
    """A correction with the stakeholders that it names."""

    values: Mapping[str, str | None] = field(default_factory=dict)
    people: tuple[Stakeholder, ...] = ()


def read_correction(
    services: Services,
    kind: Judged,
    given: Mapping[str, str | None],
    *,
    item: Item | None = None,
    published: PartialDate | None = None,
    new: StakeholderKind | None = None,
) -> Read:
    """The correction of one item. Raises UsageError for a field that this kind has not, or that says nothing.

    ``new`` is what a person or body is that neither the database nor the register knows.
    """
    allowed = FIELDS[kind]
    for name, value in given.items():
        if name not in allowed:
            raise UsageError(f"a {kind} has no {name}", do=f"say {', '.join(allowed)}")
        if value is not None and (not value.strip() or len(value) > LONGEST):
            raise UsageError(f"the {name} is empty, or longer than {LONGEST} characters")
    if not given:
        raise UsageError("what would be right is not said", do=f"say {' or '.join(allowed)}")
    if kind is Judged.STANCE and "holder" in given and getattr(item, "statement", None) is not None:
        raise UsageError("the holder of a stance is that of its statement", do="correct the holder of the statement")
    values: dict[str, str | None] = {}
    people: list[Stakeholder] = []
    for name, value in given.items():
        if name in _PEOPLE:
            person = None if value is None or value.strip().casefold() == NOBODY else find_person(services, value, new)
            values[name] = person.id if person else None
            people += [person] if person else []
        elif value is not None:
            values |= _plain(name, value.strip(), published)
    values |= _other_amounts(values)
    if isinstance(item, Statement) and "holder" not in values:
        values["holder"] = item.holder
    return Read(values, tuple({each.id: each for each in people}.values()))


def _plain(name: str, value: str, published: PartialDate | None) -> dict[str, str | None]:
    if name in _LABELS:
        return {name: _label(name, value)}
    if name in _AMOUNTS:
        return {name: _number(name, value)}
    if name == "period":
        return _period(value, published)
    return {name: value.upper() if len(value) == 3 else value}


def _label(name: str, value: str) -> str:
    labels = [str(each) for each in _LABELS[name]]
    if value.lower() not in labels:
        raise UsageError(f"there is no {name} of this name", do=f"say {', '.join(labels)}")
    return value.lower()


def _number(name: str, value: str) -> str:
    try:
        number = Decimal(value.replace(",", "").replace("_", "").lstrip("£"))
    except InvalidOperation:
        raise UsageError(f"the {name} is no number", do="write it out, such as 1200000") from None
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise UsageError(f"the {name} is no amount of money", do="write it out, such as 1200000")
    return f"{number.normalize():f}"


def _other_amounts(values: Mapping[str, str | None]) -> dict[str, str | None]:
    """A sum is one value or a range: what is not said goes."""
    if "value" in values:
        if "low" in values or "high" in values:
            raise UsageError("a sum is one value, or from low to high", do="say value, or low and high")
        return {"low": None, "high": None}
    low, high = values.get("low"), values.get("high")
    if low is None and high is None:
        return {}
    if low is None or high is None or Decimal(low) > Decimal(high):
        raise UsageError("a range goes from low to high", do="say both, low first")
    return {"value": None}


def _period(text: str, published: PartialDate | None) -> dict[str, str | None]:
    if text.casefold() == NOBODY:
        return {"period": None, "period_start": None, "period_end": None}
    found = next((each.period for each in find_periods(text, published)), None)
    start, end = (found.start, found.end) if found else (None, None)
    return {
        "period": text,
        "period_start": start.isoformat() if start else None,
        "period_end": end.isoformat() if end else None,
    }


def find_person(services: Services, name: str, new: StakeholderKind | None = None) -> Stakeholder:
    """Who is meant by an id or a name. Raises NotFoundError with near names when nobody is, and ``new`` is not said."""
    name = " ".join(name.split())
    try:
        return services.store.reader.stakeholder(name)
    except NotFoundError as error:
        known = register().get(name) or register().resolve(name)
        if known is not None:
            return known
        if new is None:
            hint = "; ".join(filter(None, (error.do, "or say what a new one is: person, organisation or group")))
            raise NotFoundError(error.what, where=error.where, do=hint) from None
    return Stakeholder(slug(name), name, new)
