"""Whose view a sentence opens with: "For Dr Vane, the plan is a mistake", "To Dr Vane, it amounts to a cut"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from nlp.contents import Piece, content_end
from nlp.records import StakeholderKind
from nlp.speakers import Discourse
from nlp.subjects import Place
from nlp.units import Unit

_OPENS = re.compile(r"(?:(?:But|And|Yet)\s+)?(?:For|To)\s+(?:many\s+)?")
#: What stands behind the name, and where the clause begins; "For Dr Vane, 61, it was a long day" has no view.
_CLAUSE = re.compile(
    r"(?:,[^.;:,“”‘\"]{2,120})?,\s+(?P<clause>(?:the|this|that|these|those|it|such|there|what|a|an|any)\b[^.;:“”‘\"]{0,90}?"
    r"\b(?:is|are|were|was|would be|amounts? to|amounted to|represents?|boils down to|comes down to|lies)\s+)",
    re.IGNORECASE,
)


class Viewpoint(NamedTuple):
    """Whose view it is, the clause that tells it, and the words that say whose."""

    owner: Unit
    content: Place
    cue: Place


def opens_with_view(text: str, piece: Piece) -> bool:
    """Whether the sentence may open with whose view it tells."""
    return _OPENS.match(text, piece.start, piece.end) is not None


def find_viewpoint(discourse: Discourse, piece: Piece, units: Sequence[Unit]) -> Viewpoint | None:
    """The view of the person whom the sentence opens with; what a body gets out of something is no view of it."""
    text = discourse.article.text
    opens = _OPENS.match(text, piece.start, piece.end)
    unit = next((u for u in units if opens and u.start == opens.end()), None)
    if opens is None or unit is None or unit.id is None or discourse.kind(unit.id) is not StakeholderKind.PERSON:
        return None
    clause = _CLAUSE.match(text, unit.end, piece.end)
    if clause is None:
        return None
    return Viewpoint(unit, (clause.start("clause"), content_end(text, piece.end)), (opens.start(), unit.end))
