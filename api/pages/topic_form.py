"""The form that a topic is written in: from its fields to a topic, or to what is wrong in words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData

from api.pages.forms import Fault, text_in
from nlp.records import Topic
from nlp.topics import MAX_ID, topic_faults

#: The fields in the order of the form, as messages call them.
LABELS = {
    "claim": "The proposal",
    "counter_claim": "The contrary",
    "name": "The name",
    "phrases": "Phrases",
    "supports": "What counts as support",
    "opposes": "What counts as opposition",
    "named_only": "Looking only where it is named",
}
_WANTED = {
    "claim": "Say the proposal in a sentence, such as: Councils should charge for workplace parking.",
    "name": "Give the proposal a short name, such as: Workplace parking levy.",
}
_TAKEN = "Another proposal goes by this name; choose another one, or remove that proposal first."
_NO_ID = "The name needs a letter from a to z or a digit."
_KEY = re.compile(r"'(?P<key>[a-z_]+)'(?:, number (?P<number>\d+),?)? ?")


@dataclass(frozen=True, slots=True)
class TopicForm:
    """What stands in the fields, as text."""

    claim: str = ""
    counter_claim: str = ""
    name: str = ""
    phrases: str = ""
    supports: str = ""
    opposes: str = ""
    named_only: bool = False

    @classmethod
    def read(cls, form: FormData) -> TopicForm:
        """The fields of a form that was sent; unknown ones are left alone."""
        lines = {name: " ".join(text_in(form, name).split()) for name in ("claim", "counter_claim", "name")}
        lists = {name: "\n".join(_lines(text_in(form, name))) for name in ("phrases", "supports", "opposes")}
        return cls(**lines, **lists, named_only=bool(text_in(form, "named_only")))

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> TopicForm:
        """The form with a topic of a job in it."""
        lines = {name: str(body[name]) for name in ("claim", "counter_claim", "name")}
        lists = {name: "\n".join(body[name]) for name in ("phrases", "supports", "opposes")}
        return cls(**lines, **lists, named_only=bool(body["named_only"]))

    def to_topic(self) -> Topic:
        """The topic, which may break rules; its id is made of its name."""
        return Topic(
            id=_id_of(self.name),
            name=self.name,
            claim=self.claim,
            counter_claim=self.counter_claim,
            phrases=tuple(_lines(self.phrases)),
            supports=tuple(_lines(self.supports)),
            opposes=tuple(_lines(self.opposes)),
            named_only=self.named_only,
        )

    def faults(self, known: Mapping[str, Topic]) -> list[Fault]:
        """What is wrong, in the order of the form; ``known`` are the topics that there are."""
        topic = self.to_topic()
        found = [Fault(name, text) for name, text in _WANTED.items() if not getattr(self, name)]
        empty = {name for name in ("claim", "counter_claim", "name") if not getattr(self, name)}
        found += [each for each in map(_fault, topic_faults(topic)) if each.field not in empty]
        same = known.get(topic.id)
        if same is not None and same != topic and "name" not in empty:
            found.append(Fault("name", _TAKEN))
        places = list(LABELS)
        return sorted(dict.fromkeys(found), key=lambda fault: places.index(fault.field))


def _fault(text: str) -> Fault:
    """A rule of ``nlp.topics`` that is broken, in the words of the form."""
    key = _KEY.match(text)
    field = key["key"] if key else ""
    if key is None or field not in LABELS:
        # The id is no field: it is made of the name.
        return Fault("name", _NO_ID)
    number = f", line {key['number']}," if key["number"] else ""
    said = text[key.end() :].replace("'claim'", "the proposal")
    return Fault(field, f"{LABELS[field]}{number} {said.rstrip('.')}.")


def _lines(text: str) -> list[str]:
    """The lines that hold something, each once and without the white space round it."""
    return list(dict.fromkeys(line for line in (" ".join(line.split()) for line in text.splitlines()) if line))


def _id_of(name: str) -> str:
    """Lower-case words joined by hyphens: "Café levy (2nd)" is "cafe-levy-2nd"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:MAX_ID].strip("-")
