"""How a text refers to a proposal once it has been named: "the levy", "a charge", "the bus gate".

A topic that somebody adds has a name and a claim, and often no phrases. Its short names are the head nouns of its name
and phrases, of what the claim is about ("The bus gate on Calder Street should …") and of what it asks for ("… should
pay a charge"), each with a determiner. They say what a view is of, not whether an article bears on the topic.
"""

from __future__ import annotations

import re
from functools import cache

import corpora
from nlp.polarity import ends_plan, speaks_of_undoing, undoes
from nlp.records import Topic

#: Where the noun phrase that begins a name or a claim ends.
_END = re.compile(
    r"\s+(?:of|on|in|at|for|from|to|by|with|as|into|between|near|over|under|across|through|when|if|who|that|which|and)\b"
    r"|[,.:;()]"
)
#: "should be kept", "should close": the subject is what the proposal changes, not who is to do it.
_PATIENT = re.compile(r"(.+?)\s+(?:should|must)\s+(?:not\s+)?(?:be|remain|stay|close|go|continue|become|merge|open)\b")
_ASKED = re.compile(
    r"\b(?:should|must)\s+(?:not\s+)?(?:have to\s+)?(?:\w+\s+){1,2}?(?:an?|the)\s+((?:[\w-]+\s+){0,2}[\w-]+)"
)
_OPENING = re.compile(
    r"^(?:(?:the|a|an|all|every|each|new)\s+|[A-Za-z]+ing\s+(?:(?:the|a|an|of)\s+|(?=\w+ \w)))+", re.IGNORECASE
)
#: "Mercury House should be turned into flats": a proper name of two words or more.
_PROPER = re.compile(r"(?:The\s+)?[A-Z][\w’'.-]+(?:\s+[A-Z][\w’'.-]+)+(?=\s*$|\s+(?:of|in|on|at|and)\b)")
#: "A ban on wood burners".
_OF = re.compile(r"\b(?:ban|cap|limit|end|curbs?|moratorium|freeze) (?:on|to|of) (.+)", re.IGNORECASE)
_WORD = re.compile(r"[\w’'-]+")
_DETERMINER = r"(?:the|this|that|an?|any|such an?|its|their|his|her|our)"


@cache
def own_phrases(topic: Topic) -> tuple[str, ...]:
    """What names a topic that has no phrases: noun phrases of two words or more out of its name and claim, proper
    names left out ("Calder Street bus gate" gives "bus gate").
    """
    if topic.phrases:
        return ()
    found = [_common(phrase) for phrase in _noun_phrases(topic)]
    patient = _PATIENT.match(topic.claim)
    if patient and (name := _PROPER.match(patient.group(1))):
        found.append(name.group())
    # "Live facial recognition" is often told as "facial recognition".
    found += [" ".join(phrase.split()[-2:]) for phrase in found if len(phrase.split()) > 2 and phrase[1:].islower()]
    return tuple(dict.fromkeys(phrase for phrase in found if len(phrase.split()) > 1))


@cache
def short_names(topic: Topic) -> re.Pattern[str] | None:
    """The head nouns of a topic with their determiners; None where it has none that singles it out."""
    phrases = [*_noun_phrases(topic), *(_END.split(phrase)[0] for phrase in topic.phrases if not _of_its_end(phrase))]
    heads = {words[-1].lower() for phrase in phrases if (words := _WORD.findall(phrase))}
    kept = sorted(head for head in heads if len(head) > 2 and head not in _broad() and not _many(head))
    if not kept:
        return None
    nouns = "|".join(re.escape(head) for head in kept)
    return re.compile(rf"(?<![\w’'-]){_DETERMINER}\s+(?:[\w’'-]+\s+){{0,2}}?(?:{nouns})(?![\w-])", re.IGNORECASE)


def _noun_phrases(topic: Topic) -> list[str]:
    """Out of name and claim, without what opens them."""
    found = [_END.split(_OPENING.sub("", topic.name, count=1))[0]]
    patient = _PATIENT.match(topic.claim)
    if patient and _opens(patient.group(1)):
        found.append(_END.split(_OPENING.sub("", patient.group(1), count=1))[0])
    if undoes(topic.claim) or ends_plan(topic.claim):  # what is to go is named by those who want to keep it
        kept = _PATIENT.match(topic.counter_claim)
        found += [_END.split(_OPENING.sub("", kept.group(1), count=1))[0]] if kept and _opens(kept.group(1)) else []
        found += [_END.split(_OPENING.sub("", of, count=1))[0] for of in _OF.findall(topic.name)]
    if asked := _ASKED.search(topic.claim):
        found.append(_END.split(asked.group(1))[0])
    return [phrase.strip() for phrase in found if phrase.strip()]


def _opens(subject: str) -> bool:
    """Whether a subject begins with an article."""
    return subject.split()[0].lower() in ("the", "a", "an")


def _common(phrase: str) -> str:
    """The last words of a phrase that are no proper names."""
    words = phrase.split()
    names = [i for i, word in enumerate(words) if word[:1].isupper() and i]
    return " ".join(words[max(names) + 1 :] if names else words)


def _of_its_end(phrase: str) -> bool:
    """ "scrap the tariff": what such a phrase names is not the proposal but what it would end."""
    first, _, rest = phrase.partition(" ")
    return speaks_of_undoing(first, 0, len(first)) and not _END.match(f" {rest}")


@cache
def _broad() -> frozenset[str]:
    """Nouns that name many things, and words that end a name and are no nouns."""
    return frozenset(corpora.lexicon("relevance")["broad"].split())


def _many(noun: str) -> bool:
    """A noun in the plural names many things ("the companies")."""
    return noun.endswith("s") and not noun.endswith(("ss", "us", "is"))
