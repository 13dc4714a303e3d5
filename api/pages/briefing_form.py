"""What the form of the briefing page asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from api.briefing.build import MOST_STAKEHOLDERS
from api.briefing.record import Asked
from api.pages.map_view import MapForm
from api.services import Services
from nlp.errors import NotFoundError, UsageError
from nlp.register import register


@dataclass(frozen=True, slots=True)
class BriefingForm:
    """``shared`` has the days and the confidence; ``stakeholder`` is what was typed, names with semicolons between.

    ``asked`` is None while nothing, or something that cannot be, is asked for.
    """

    shared: MapForm
    topic: str = ""
    stakeholder: str = ""
    all_topics: bool = False
    asked: Asked | None = None
    own_errors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, params: Sequence[tuple[str, str]], services: Services) -> BriefingForm:
        """Read the pairs of a query; unknown ones are left alone."""
        shared = MapForm.read(params, default=services.settings.min_confidence)
        given = {name: value.strip() for name, value in params if "\0" not in value}
        typed = "; ".join(value.strip() for name, value in params if name == "stakeholder" and "\0" not in value)[:3000]
        topic, every, errors = given.get("topic", "")[:300], bool(given.get("all_topics")), dict[str, str]()
        if topic and topic not in services.topics():
            errors["topic"] = "Choose one of the list."
        people = _people(typed, services, errors)
        asked = None
        if (topic or people) and not errors and not shared.errors:
            asked = Asked(
                topics=(topic,) if topic else (),
                stakeholders=people,
                since=shared.since,
                until=shared.until,
                min_confidence=shared.confidence,
                all_topics=every,
            )
        return cls(shared, topic, typed, every, asked, errors)

    @property
    def errors(self) -> Mapping[str, str]:
        return {**self.shared.errors, **self.own_errors}

    @property
    def since(self) -> object:
        return self.shared.since

    @property
    def until(self) -> object:
        return self.shared.until

    @property
    def confidence(self) -> float:
        return self.shared.confidence

    def query(self, **more: str) -> str:
        """The query of the same briefing."""
        days = (("from", self.shared.since), ("to", self.shared.until))
        pairs = [
            ("topic", self.topic),
            ("stakeholder", self.stakeholder),
            ("all_topics", "1" if self.all_topics else ""),
        ]
        pairs += [(name, day.isoformat()) for name, day in days if day]
        pairs += [("min_confidence", f"{self.shared.confidence:g}"), *more.items()]
        return "?" + urlencode([(name, value) for name, value in pairs if value])


def _people(typed: str, services: Services, errors: dict[str, str]) -> tuple[str, ...]:
    names = [name.strip() for name in typed.split(";") if name.strip()]
    if len(names) > MOST_STAKEHOLDERS:
        errors["stakeholder"] = f"A briefing is on {MOST_STAKEHOLDERS} stakeholders at most."
        return ()
    found: dict[str, None] = {}
    for name in names:
        try:
            found[services.store.reader.stakeholder(name).id] = None
        except NotFoundError as error:
            if register().get(name):
                found[name] = None
            else:
                errors["stakeholder"] = f"There is no stakeholder “{name}”{f': {error.do}' if error.do else ''}."
        except UsageError as error:
            errors["stakeholder"] = f"“{name}” means several stakeholders: {error.do}."
    return tuple(found)
