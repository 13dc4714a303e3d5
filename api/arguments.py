"""The arguments of a topic: reasons that are worded alike, side by side with who gives them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from api.store.profile import Reason
from nlp.purposes import content_words, gather
from nlp.records import StanceLabel

#: Reasons are one argument when they share half of their words, as wordings of a purpose are (``nlp.purposes``).
SAME_ARGUMENT = 0.5


SideKey: TypeAlias = Literal["for", "against", "between"]


@dataclass(frozen=True, slots=True)
class Argument:
    """Reasons worded alike, each holder's newest once, newest first: the first stands for all."""

    reasons: tuple[Reason, ...]

    @property
    def words(self) -> str:
        return self.reasons[0].span.text


@dataclass(frozen=True, slots=True)
class Side:
    """The arguments of one side of a topic: ``for``, ``against`` or ``between``."""

    key: SideKey
    title: str
    arguments: tuple[Argument, ...]


def sides(reasons: Sequence[Reason]) -> tuple[Side, ...]:
    """Arguments for, against, and of those in between; those that most stakeholders give come first.

    ``reasons`` come newest first.
    """
    of: dict[SideKey, list[Reason]] = defaultdict(list)
    for reason in reasons:
        of[_SIDES.get(reason.label, "between")].append(reason)
    titles: tuple[tuple[SideKey, str], ...] = (
        ("for", "For"),
        ("against", "Against"),
        ("between", "From those in between"),
    )
    return tuple(Side(key, title, _arguments(of[key])) for key, title in titles)


_SIDES: dict[StanceLabel, SideKey] = {StanceLabel.SUPPORT: "for", StanceLabel.OPPOSE: "against"}


def _arguments(reasons: Sequence[Reason]) -> tuple[Argument, ...]:
    words = [content_words(reason.span.text) for reason in reasons]
    leaders = gather([each for each in words if each], SAME_ARGUMENT)
    groups: dict[object, list[Reason]] = defaultdict(list)
    for own, reason in zip(words, reasons, strict=True):
        # Reasons without a telling word are one argument only where they are letter for letter the same.
        groups[leaders[own] if own else reason.span.text].append(reason)
    found = [Argument(_newest(group)) for group in groups.values()]
    return tuple(sorted(found, key=lambda argument: -len(argument.reasons)))


def _newest(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """Each holder once, by the newest reason."""
    newest: dict[str, Reason] = {}
    for reason in reasons:
        newest.setdefault(reason.holder, reason)
    return tuple(newest.values())
