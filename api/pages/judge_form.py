"""The form with which a reviewer judges one item, as it was sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.datastructures import FormData

from api.corrections import FIELDS
from api.judging import Given
from api.pages.forms import text_in
from nlp.judgements import Judged, Verdict
from nlp.records import Direction, FigureKind, FigureStatus, StakeholderKind, StanceLabel, Strength

#: A page of ours to go back to, and nothing that a browser takes for another site.
_BACK = re.compile(r"/(?:articles|positions|stakeholders|judgements)(?:[/?#][!-~]*)?")
KINDS = (Judged.HOLDER, Judged.STANCE, Judged.FIGURE)
#: What a field of the form is: a choice of these, or a line.
CHOICES: Mapping[str, tuple[str, ...]] = {
    "stance": tuple(StanceLabel),
    "strength": tuple(Strength),
    "kind": tuple(FigureKind),
    "direction": tuple(Direction),
    "status": tuple(FigureStatus),
}
LABELS: Mapping[str, str] = {
    "holder": "Holder (name or id, or none)",
    "on_behalf_of": "On behalf of (name or id, or none)",
    "stance": "Stance",
    "strength": "Strength",
    "value": "Amount, written out",
    "low": "or from",
    "high": "to",
    "unit": "Unit",
    "kind": "Kind",
    "direction": "Direction",
    "status": "Status",
    "period": "Period (such as 2015/16, or none)",
    "cited_by": "Cited by (name or id, or none)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeForm:
    """What was sent: fields that were left empty say nothing."""

    target: str = ""
    what: Judged = Judged.HOLDER
    verdict: Verdict = Verdict.CONFIRM
    by: str = ""
    note: str = ""
    new: str = ""
    back: str = "/judgements"
    values: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, posted: FormData) -> JudgeForm:
        """Whatever was sent; what is no choice of ours is as if it were not there."""
        what = text_in(posted, "what")
        verdict = text_in(posted, "verdict")
        kind = Judged(what) if what in KINDS else Judged.HOLDER
        values = {name: text for name in FIELDS[kind] if (text := text_in(posted, f"c_{name}").strip())}
        return cls(
            target=text_in(posted, "target").strip(),
            what=kind,
            verdict=Verdict(verdict) if verdict in list(Verdict) else Verdict.CONFIRM,
            by=text_in(posted, "by").strip(),
            note=text_in(posted, "note").strip(),
            new=text_in(posted, "new").strip(),
            back=own_address(text_in(posted, "back")),
            values=values,
        )

    @property
    def fields(self) -> tuple[tuple[str, str, tuple[str, ...], str], ...]:
        """Name, label, choices and value of what can be corrected; without the holder of a stance, as its form."""
        names = [name for name in FIELDS[self.what] if not (self.what is Judged.STANCE and name == "holder")]
        return tuple((name, LABELS[name], CHOICES.get(name, ()), self.values.get(name, "")) for name in names)

    def to_given(self, by: str, key: str) -> Given:
        """The verdict; a correction that the verdict does not ask for is left out."""
        asked = self.values if self.verdict is Verdict.CORRECT else {}
        return Given(
            target=self.target,
            verdict=self.verdict,
            by=by,
            correction=dict(asked),
            note=self.note,
            new=StakeholderKind(self.new) if self.new in list(StakeholderKind) else None,
            actor=key,
        )


def own_address(text: str) -> str:
    """The address if it is one of our own pages, else that of the list."""
    return text if len(text) <= 2000 and _BACK.fullmatch(text) else "/judgements"


def blank(what: Judged) -> JudgeForm:
    """The empty form for an item of a kind."""
    return JudgeForm(what=what)
