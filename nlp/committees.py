"""Committees of councils, which are called as those of the House of Commons are: "the housing committee"."""

from __future__ import annotations

import re

from nlp.register import NameMatch

#: No council's committee has a longer name, in characters.
LONGEST = 30
_COUNCIL = re.compile(r"\b(?:Cllr|[Cc]ouncillors?)\b")
_PARLIAMENT = re.compile(r"\b(?:MPs|Commons|[Ss]elect [Cc]ommittee|Westminster|Parliament|committee of MPs)\b")


def is_local(text: str) -> bool:
    """Whether the text is about a council and not about Parliament."""
    return _COUNCIL.search(text) is not None and _PARLIAMENT.search(text) is None


def is_short(match: NameMatch) -> bool:
    """Whether the name is a committee's of Parliament, cut to what a council's may be called too."""
    body = match.stakeholder
    return (
        match.end - match.start <= LONGEST
        and body.parent in {"house-of-commons", "uk-parliament"}
        and body.name.endswith("Committee")
    )
