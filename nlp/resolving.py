"""Whom a pronoun, a description or a name behind a cue stands for: candidate holders, ranked.

Every stakeholder named or heard near the source is a candidate, and so is whom the rules of ``nlp.speakers`` name
and, for a description, somebody new. One logistic regression on named features (``models/attribution-1/holder.json``,
trained by ``nlp.learn.attribution``) gives each the probability of being the holder; below ``LEAST`` nobody is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nlp.called import is_called, may_be_of
from nlp.described import field_of, held_offices, is_like_office, noun_sort, speaks_for_nobody
from nlp.identities import slug
from nlp.linear import Features, LinearModel
from nlp.phrases import describe_unit, without_pointer
from nlp.pronouns import pronoun_of
from nlp.records import Article, Mention, Sentence, Stakeholder, StakeholderKind
from nlp.sentences import sentences
from nlp.speakers import Discourse, Speaker, Unit

#: So many names before the source, and behind it, are looked at.
BEFORE, AFTER = 40, 6
#: Below this probability the answer is nobody.
LEAST = 0.3
#: The probability that a description used before means the same again, where the model gives nobody more.
AGAIN = 0.7
#: The probability that the body speaks through an officer whom nobody is clear to be.
OFFICER = 0.6
#: A mention that begins within so many characters of its sentence opens it.
OPENS = 14
_WORD = re.compile(r"[\w’'-]+")
_THE_BODY = re.compile(r"[Tt]he (?P<noun>[A-Z][a-z]+)")
_ARTICLES = frozenset({"the", "a", "an"})
_INDEFINITE = frozenset({"a", "an", "one", "another", "some", "several", "many", "most"})


@dataclass(frozen=True, slots=True)
class Option:
    """A candidate holder (None: somebody new, whom the source itself describes) and what the model sees of it."""

    holder: str | None
    features: Features


@dataclass(frozen=True, slots=True)
class _Seen:
    """How near a stakeholder was named: where last, with which mention (None for one known by a description),
    and its rank by nearness among those of its kind; 0 for one named behind the source.
    """

    start: int
    end: int
    mention: Mention | None
    rank: int
    count: int


class Resolver:
    """Resolves the sources of one article."""

    def __init__(self, article: Article, model: LinearModel, told: Sequence[Sentence] | None = None) -> None:
        self.model = model
        self.starts = [sentence.span.start for sentence in (sentences(article) if told is None else told)]

    def __call__(self, discourse: Discourse, unit: Unit, rule: Speaker) -> Speaker:
        """Who is likeliest, with that probability; the rules' reason stands where they agree."""
        if (fresh := _another(discourse, unit)) is not None:
            return replace(rule, id=fresh.id, confidence=AGAIN, reason="known by this description alone")
        options = self.options(discourse, unit, rule)
        if not options:
            return rule
        scored = [(self.model.probability(option.features), option) for option in options]
        likely, best = max(scored, key=lambda row: row[0])
        again = self._same_description(discourse, unit, options)
        if again is not None and likely < AGAIN:
            likely, best = AGAIN, again
        likely = round(likely, 4)
        if unit.id is not None and rule.id == unit.id and likely < OFFICER:
            return replace(rule, confidence=OFFICER)
        if likely < LEAST:
            return replace(rule, id=None, confidence=likely, reason=f"“{unit.text}” is not clear")
        if best.holder is None:
            new = describe_unit(discourse, unit)
            assert new is not None  # or somebody new would be no option
            # a group or body of that very name may be known, though it is not named near
            known = discourse.stakeholders.get(slug(new.name)) or _capitalised(discourse, unit)
            known = known or discourse.stakeholders.setdefault(new.id, new)
            return replace(rule, id=known.id, confidence=likely, reason="known by this description alone")
        if best.holder == rule.id:
            return replace(rule, confidence=likely)
        name = discourse.stakeholders[best.holder].name
        return replace(
            rule, id=best.holder, confidence=likely, reason=f"“{unit.text}” stands for {name}, named near it"
        )

    def _same_description(self, discourse: Discourse, unit: Unit, options: Sequence[Option]) -> Option | None:
        """Who is known by this very description: "a parish councillor", then "the parish councillor"."""
        new = describe_unit(discourse, unit)
        wanted = new.name.lower() if new else None
        known = [o for o in options if o.holder and discourse.stakeholders[o.holder].name.lower() == wanted]
        return known[0] if len(known) == 1 else None

    def options(self, discourse: Discourse, unit: Unit, rule: Speaker) -> list[Option]:
        """The candidates with their features; only one for a name."""
        if unit.form == "name":
            holder = rule.id or unit.id
            return [Option(holder, self._of_name(discourse, unit, rule, holder))] if holder else []
        if unit.form == "pronoun" and unit.text.lower() in {"i", "we"}:
            return []
        seen = dict(self._seen(discourse, unit))
        holders = list(dict.fromkeys([*([rule.id] if rule.id else []), *seen]))
        if unit.id is not None:  # "the chairman of the GPC" is nobody of another body
            holders = [h for h in holders if may_be_of(h, unit.id, discourse.stakeholders)]
        if field := field_of(discourse.article.text, unit.end) if unit.form == "description" else "":
            holders = [h for h in holders if _may_have(discourse.stakeholders[h], f"{unit.text}{field}", _noun(unit))]
        found = [Option(h, self._features(discourse, unit, rule, h, seen.get(h))) for h in holders]
        _mark_only(found)
        # of an office whose body is named nobody new is made: the body speaks
        new = describe_unit(discourse, unit) if unit.id is None else None
        if new is not None and not any(_is_named(discourse.stakeholders[h], new) for h in holders):
            found.append(Option(None, self._of_new(unit, rule, new)))
        return found

    def _sentence(self, at: int) -> int:
        return bisect_right(self.starts, at)

    def _sentence_start(self, at: int) -> int:
        number = self._sentence(at)
        return self.starts[number - 1] if number else 0

    def _seen(self, discourse: Discourse, unit: Unit) -> Iterator[tuple[str, _Seen]]:
        """The stakeholders named near the source; for a description those named right behind it too."""
        at = bisect_right(discourse.starts, unit.start - 1)
        before = discourse.mentions[max(0, at - BEFORE) : at]
        counts: dict[str, int] = {}
        for mention in before:
            counts[mention.stakeholder or ""] = counts.get(mention.stakeholder or "", 0) + 1
        ranks: dict[StakeholderKind, int] = {}
        done: set[str] = set()
        for mention in reversed(before):
            id_ = mention.stakeholder or ""
            if id_ not in done and mention.extent.end <= unit.start:
                done.add(id_)
                kind = discourse.kind(id_)
                ranks[kind] = ranks.get(kind, 0) + 1
                yield id_, _Seen(mention.extent.start, mention.extent.end, mention, ranks[kind], counts[id_])
        for spoke, id_ in reversed(discourse.holders[-6:]):
            if id_ not in done and spoke < unit.start:  # known by a description, which is no mention
                done.add(id_)
                kind = discourse.kind(id_)
                yield id_, _Seen(spoke, spoke, None, ranks.get(kind, 0) + 1, 1)
        if unit.form != "pronoun":
            for mention in discourse.mentions[at : at + AFTER]:
                id_ = mention.stakeholder or ""
                if id_ not in done and mention.span.start >= unit.end:
                    done.add(id_)
                    yield id_, _Seen(mention.extent.start, mention.extent.end, mention, 0, 0)

    def _of_name(self, discourse: Discourse, unit: Unit, rule: Speaker, holder: str) -> Features:
        kind = discourse.kind(holder).value
        names = ["name", f"name:{kind}", f"name*why={_why(rule)}"]
        names += ["name*several-words"] if " " in unit.text else []
        names += ["name*moved"] if rule.id != unit.id else []
        return dict.fromkeys(names, 1.0)

    def _of_new(self, unit: Unit, rule: Speaker, new: Stakeholder) -> Features:
        form = _form(unit)
        names = ["new", f"new*{form}", f"new*kind={new.kind.value}", f"new*{form}*kind={new.kind.value}"]
        names += [f"new*noun={_noun(unit)}", f"new*rule={'some' if rule.id else 'none'}*{form}"]
        words = unit.text.split()
        capitals = sum(word[:1].isupper() for word in words[1:])
        names += [f"new*words={min(6, len(words))}", f"new*capitals={min(2, capitals)}*{unit.form}"]
        names += [f"new*proper*{unit.form}"] if capitals and capitals == len(words) - 1 else []
        names += [f"new*head={unit.head.lower()}"] if unit.head else []
        names += ["new*article" if words and words[0].lower() in _ARTICLES else "new*bare"]
        return dict.fromkeys(names, 1.0)

    def _features(self, discourse: Discourse, unit: Unit, rule: Speaker, holder: str, seen: _Seen | None) -> Features:
        form, who = _form(unit), discourse.stakeholders[holder]
        kind = who.kind.value
        names = [f"{form}*kind={kind}"]
        if holder == rule.id:
            names += ["rule", f"rule*{form}", f"rule*why={_why(rule)}", f"rule*{form}*kind={kind}"]
        elif rule.id:
            names += ["other-than-rule", f"other-than-rule*{form}"]
        names += [f"{form}*{name}" for name in _agreement(unit, who)]
        if seen is None:
            names.append(f"{form}*unseen")
            return dict.fromkeys(names, 1.0)
        names += [f"{form}*{name}" for name in self._of_place(discourse, unit, holder, seen)]
        if unit.form != "pronoun":
            names += [f"{form}*{name}" for name in _of_words(unit, who, seen.mention)]
        return dict.fromkeys(names, 1.0)

    def _of_place(self, discourse: Discourse, unit: Unit, holder: str, seen: _Seen) -> Iterator[str]:
        """Where the candidate was named, and whether it spoke."""
        text = discourse.article.text
        if seen.rank == 0:
            yield "behind"
            yield f"behind-by={min(4, self._sentence(seen.start) - self._sentence(unit.start))}"
            return
        apart = self._sentence(unit.start) - self._sentence(seen.start)
        yield f"apart={min(apart, 6)}"
        yield f"rank={min(seen.rank, 4)}"
        yield f"named={min(seen.count, 3)}"
        opens = seen.start - self._sentence_start(seen.start) <= OPENS
        yield f"opens={opens}*apart={min(apart, 2)}"
        yield "same-paragraph" if "\n" not in text[seen.end : unit.start] else "other-paragraph"
        spoke = [at for at, id_ in discourse.holders[-6:] if id_ == holder]
        if spoke:
            yield f"spoke-apart={min(4, max(0, self._sentence(unit.start) - self._sentence(spoke[-1])))}"
            yield "spoke-last" if discourse.holders[-1][1] == holder else "spoke-before"
        else:
            yield "silent"


def _another(discourse: Discourse, unit: Unit) -> Stakeholder | None:
    """ "One chief executive", "another nurse": a person, and nobody who was named before."""
    first = unit.text.split()[0].lower()
    lay = first in {"a", "an"} and unit.head and speaks_for_nobody(unit.head)  # "a pupil at Marlbrook High"
    if unit.form != "description" or not (lay or first in {"one", "another"}):
        return None
    new = describe_unit(discourse, unit)
    if new is None or new.kind is not StakeholderKind.PERSON:
        return None
    return discourse.stakeholders.setdefault(new.id, new)


def _may_have(who: Stakeholder, told: str, noun: str) -> bool:
    """Whether somebody may be "the director of finance": a managing director is not."""
    roles = [a.role for a in who.affiliations if a.role and noun.lower() in held_offices(a.role)]
    return not roles or any(is_like_office(told, role, noun) for role in roles)


def _is_named(who: Stakeholder, new: Stakeholder) -> bool:
    """Whether somebody known bears the very words of a description: then it describes nobody new."""
    return new.name.lower() in {name.lower() for name in (who.name, *who.aliases)}


def _capitalised(discourse: Discourse, unit: Unit) -> Stakeholder | None:
    """ "The Department": with a capital it is the one body of the article that is so called."""
    match = _THE_BODY.fullmatch(unit.text)
    if match is None:
        return None
    bodies = [who for who in discourse.stakeholders.values() if who.kind is StakeholderKind.ORGANISATION]
    called = [who for who in bodies if is_called(who, match["noun"])]
    return called[0] if len(called) == 1 else None


def _mark_only(options: Sequence[Option]) -> None:
    """Mark the candidate that alone agrees with the source in a word: the only council, the only "she"."""
    signs = "*called", "*agrees", "*in-role", "*same-words"
    having = [(option, name) for option in options for name in option.features if name.endswith(signs)]
    for sign in signs if having else ():
        alone = [(option, name) for option, name in having if name.endswith(sign)]
        if len(alone) == 1:
            option, name = alone[0]
            option.features[f"{name}*only"] = 1.0


def _form(unit: Unit) -> str:
    if unit.form == "pronoun":
        return unit.text.lower()
    first = unit.text.split()[0].lower() if unit.text.split() else ""
    article = "indefinite" if first in _INDEFINITE or first.isdigit() else "definite"
    owned = "owned" if first in {"its", "their", "his", "her", "my", "our"} or "’s " in unit.text else article
    return f"{owned}:{noun_sort(_noun(unit)) or 'other'}"


def _noun(unit: Unit) -> str:
    """The last word of the description before "of", "for", "at" …: its head, nearly always."""
    head = re.split(r"\s(?:of|for|at|in|from|on|to|who|which|that|with)\s|,", unit.text)[0]
    words = _WORD.findall(head)
    return words[-1] if words else ""


def _why(rule: Speaker) -> str:
    """The rules' reason without the words of the text."""
    return re.sub(r"“[^”]*”", "…", rule.reason) if rule.id else "none"


def _agreement(unit: Unit, who: Stakeholder) -> Iterator[str]:
    word = unit.text.lower()
    if word in {"he", "she"} and who.kind is StakeholderKind.PERSON:
        pronoun = pronoun_of(who)
        yield "unsexed" if pronoun is None else ("agrees" if pronoun == word else "disagrees")


def _of_words(unit: Unit, who: Stakeholder, mention: Mention | None) -> Iterator[str]:
    """Whether the description's noun is in the candidate's names or in its role."""
    noun = _noun(unit).lower()
    if noun and who.kind is not StakeholderKind.PERSON:
        yield "called" if is_called(who, noun) else "not-called"
        bare = without_pointer(unit.text).lower()
        yield "same-words" if bare in {name.lower() for name in (who.name, *who.aliases)} else "other-words"
    said = [mention.affiliation] if mention and mention.affiliation else []
    roles = [a.role for a in (*who.affiliations, *said) if a.role]
    if who.kind is StakeholderKind.PERSON:
        words = {word.lower() for role in roles for word in _WORD.findall(role)}
        yield "in-role" if noun and noun in words else ("other-role" if roles else "no-role")
        own = {word.lower() for word in _WORD.findall(unit.text)} - {"the", "a", "an", "of", "its"}
        if own and own <= words:
            yield "whole-role"
