"""What the form of the figures page asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from api.pages.map_view import MapForm
from api.store import Filters, Reader
from nlp.errors import NotFoundError, UsageError
from nlp.purposes import content_words
from nlp.records import MEDIUM, FigureKind, Stakeholder


@dataclass(frozen=True, slots=True)
class FiguresForm:
    """``shared`` are the fields that the map has too; a field in error does not filter.

    ``stakeholder`` is what was typed and ``who`` whom it means; ``rivals`` is the page of the rival sums.
    """

    shared: MapForm
    kind: tuple[FigureKind, ...] = ()
    purpose: str = ""
    stakeholder: str = ""
    who: Stakeholder | None = None
    rivals: int = 1
    own_errors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(
        cls, params: Sequence[tuple[str, str]], reader: Reader | None = None, *, default: float = MEDIUM
    ) -> FiguresForm:
        """Read the pairs of a query; empty fields do not filter and unknown ones are left alone."""
        shared = MapForm.read([pair for pair in params if pair[0] != "kind"], default=default)
        given = {name: value.strip() for name, value in params if value.strip() and "\0" not in value}
        errors: dict[str, str] = {}
        form = cls(
            shared=shared,
            kind=_kinds([value for name, value in params if name == "kind" and value.strip()], errors),
            purpose=_purpose(given.get("purpose", "")[:300], errors),
            stakeholder=given.get("stakeholder", "")[:300],
            rivals=MapForm.read([("page", given.get("rivals", "1"))]).page,
            own_errors=errors,
        )
        return form._with_who(reader, errors) if form.stakeholder and reader else form

    def _with_who(self, reader: Reader, errors: dict[str, str]) -> FiguresForm:
        try:
            return replace(self, who=reader.stakeholder(self.stakeholder))
        except (NotFoundError, UsageError) as error:
            errors["stakeholder"] = f"{error.what[:1].upper()}{error.what[1:]}{f': {error.do}' if error.do else ''}."
            return self

    @property
    def errors(self) -> Mapping[str, str]:
        return {**self.shared.errors, **self.own_errors}

    @property
    def narrowed(self) -> bool:
        """Whether anything is asked for beyond the default."""
        return bool(self.shared.narrowed or self.kind or self.purpose or self.who)

    def to_filters(self) -> Filters:
        """The filters for the store, less the stakeholder: rivals of what they say are shown too."""
        return self.shared.to_filters()

    def without_who(self) -> str:
        """The query without what was typed for a stakeholder: who is meant is asked for by id."""
        return replace(self, stakeholder="").query()

    def query(self, *, page: int = 1, rivals: int = 1, **other: str) -> str:
        """The query of the same state on other pages, or with other fields."""
        pairs = {"stakeholder": self.stakeholder, "purpose": self.purpose, **other}
        own = [(name, value) for name, value in pairs.items() if value] + [("kind", kind.value) for kind in self.kind]
        shown = [("page", str(page))] * (page > 1) + [("rivals", str(rivals))] * (rivals > 1)
        topics = [("topic", topic) for topic in self.shared.topic]
        shared = self.shared.evidence_query().removeprefix("?")
        parts = (urlencode(topics), shared, urlencode(own), urlencode(shown))
        return "?" + "&".join(part for part in parts if part)


def _kinds(values: Sequence[str], errors: dict[str, str]) -> tuple[FigureKind, ...]:
    known = {kind.value: kind for kind in FigureKind}
    if not known.keys() >= set(values):
        errors["kind"] = f"Choose {', '.join(known)}."
    return tuple(known[value] for value in dict.fromkeys(values) if value in known)


def _purpose(text: str, errors: dict[str, str]) -> str:
    if text and not content_words(text):
        errors["purpose"] = "Write a word that says what the money is for, such as premises."
        return ""
    return text
