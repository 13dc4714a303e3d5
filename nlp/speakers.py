"""Who the subject of a cue is: names, pronouns and descriptions, and whom they stand for."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import corpora
from nlp.called import is_called, is_public, may_be_of
from nlp.described import (
    SPOKES,
    description,
    field_of,
    held_offices,
    is_like_office,
    is_office_at,
    names_field,
    noun_sort,
    nouns,
)
from nlp.documents import author_behind, author_of, writer_of_words, written
from nlp.identities import is_nameless
from nlp.leads import body_of_officer, described_subject, interviewee, is_of_unnamed, last_subject, named_ahead, of_one
from nlp.newcomers import NEXT, just_spoke, newcomer, opened_last
from nlp.officers import find_officer, is_of_another, office_noun, spoke_before, with_offices, without_name
from nlp.pronouns import PRONOUN, by_title, pronoun_of
from nlp.qualified import find_qualified, party_descriptions
from nlp.records import Article, Mention, Stakeholder, StakeholderKind
from nlp.spokesmen import body_above, house_of
from nlp.titled import age_descriptions, body_called, find_titled
from nlp.units import (
    HAS_ROLE,
    NAMED_NEXT,
    OF_HOUSE,
    OF_OFFICER,
    OPENED,
    SPOKESMAN,
    SURE,
    TOLD_OF,
    UNNAMED,
    WROTE,
    outermost,
    with_kinds,
)
from nlp.units import Speaker as Speaker
from nlp.units import Unit as Unit

_PERSONAL = {"he", "she"}
_OWN = {"his": "he", "her": "she"}
#: So many names and holders, and so many characters, are looked back on: nearer ones decide, and time stays linear.
MEMORY = 200
NEAR = 1500


#: Whether the stakeholder with an id is one that is looked for.
Fits = Callable[[str], bool]


@dataclass(slots=True)
class Discourse:
    """What the article has named and who spoke, as far as it has been read."""

    article: Article
    mentions: Sequence[Mention]
    stakeholders: dict[str, Stakeholder]
    holders: list[tuple[int, str]] = field(default_factory=list)
    left_out: list[tuple[int, int]] = field(default_factory=list)
    #: The body of an office by which somebody was told before being named.
    offices: dict[str, str] = field(default_factory=dict)
    #: Where such an office stands; it counts once who is told by it has spoken.
    told: dict[tuple[int, int], str] = field(default_factory=dict)
    #: Where a document spoke last, and whose it is; None as soon as somebody else speaks.
    wrote: tuple[int, str] | None = None
    starts: list[int] = field(init=False)
    read: dict[tuple[int, int], tuple[Unit, ...]] = field(default_factory=dict)
    pronouns: dict[str, str] = field(default_factory=dict)
    state: tuple[int, int] = (0, 0)
    resolved: dict[Unit, Speaker] = field(default_factory=dict)
    resolver: Callable[[Discourse, Unit, Speaker], Speaker] | None = None

    def __post_init__(self) -> None:
        self.mentions = [m for m in self.mentions if m.stakeholder]
        self.starts = [m.span.start for m in self.mentions]

    def kind(self, id_: str) -> StakeholderKind:
        return self.stakeholders[id_].kind

    def between(self, start: int, end: int) -> Sequence[Mention]:
        return self.mentions[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    def units(self, start: int, end: int) -> tuple[Unit, ...]:
        """Names with their introductions, pronouns and descriptions in the stretch, by place; inner ones dropped."""
        units = self.read.get((start, end))
        if units is None:  # rules, candidates and quotations all ask for those of a sentence
            units = self.read[start, end] = self._units(start, end)
        return units

    def _units(self, start: int, end: int) -> tuple[Unit, ...]:
        text = self.article.text
        found = [
            Unit(max(start, m.extent.start), min(end, m.extent.end), m.stakeholder, m.span.text, "name")
            for m in self.between(start, end)
            if not (self.kind(m.stakeholder or "") is StakeholderKind.GROUP and names_field(text, m.span.end))
        ]
        found += [Unit(m.start(), m.end(), None, m.group(), "pronoun") for m in PRONOUN.finditer(text, start, end)]
        told = party_descriptions(text, start, end) + age_descriptions(
            text, start, end
        )  # "the Labour councillor" is no party
        found = [unit for unit in found if not any(low <= unit.start and unit.end <= high for low, high in told)]
        found += [Unit(low, high, None, text[low:high], "description") for low, high in told]
        found += [
            Unit(m.start(), m.end(), None, m.group(), "description") for m in description().finditer(text, start, end)
        ]
        whole = with_kinds(text, outermost(found))
        return tuple(with_offices(text, whole, self.of_kind(StakeholderKind.ORGANISATION), end))

    def spoke(self, offset: int, speaker: Speaker) -> None:
        """Somebody known has spoken; by which pronoun they were told is remembered."""
        if speaker.id is None:
            return
        self.holders.append((offset, speaker.id))
        if body := self.told.get((speaker.start, speaker.end)):
            self.offices.setdefault(speaker.id, body)
        self.wrote = (offset, speaker.id) if speaker.reason.endswith(WROTE) else None
        word = self.article.text[speaker.start : speaker.end].lower()
        if word in _PERSONAL and not self._pronouns_known().get(speaker.id):
            self.pronouns[speaker.id] = word

    def last_named(self, offset: int, fits: Fits) -> Mention | None:
        """The subject-like mention before ``offset``: the first of its kind in the nearest paragraph that has one."""
        at = bisect_right(self.starts, offset - 1)
        near = reversed(self.mentions[max(0, at - 39) : at])
        return next((mention for mention in near if mention.stakeholder and fits(mention.stakeholder)), None)

    def first_named(self, offset: int, fits: Fits, limit: int) -> Mention | None:
        return next((m for m in self.between(offset, limit) if m.stakeholder and fits(m.stakeholder)), None)

    def resolve(self, unit: Unit) -> Speaker:
        """Whom a unit stands for: by the rules, and by the resolver where there is one."""
        if self.resolver is None:
            return of_one(self, unit, self.resolve_by_rule(unit))
        # rules and candidates ask for the same units, and who has spoken and is known decides
        state = len(self.holders), len(self.stakeholders)
        if state != self.state:
            self.state, self.resolved = state, {}
        speaker = self.resolved.get(unit)
        if speaker is None:
            rule = self.resolve_by_rule(unit)
            known = rule if rule.reason.endswith(SURE) else self.resolver(self, unit, rule)
            speaker = without_name(self, unit, of_one(self, unit, known))
            by_office = unit.id is not None and unit.form == "description"
            if by_office and speaker.id and self.kind(speaker.id) is StakeholderKind.PERSON:
                self.told[unit.start, unit.end] = unit.id or ""  # "the head of the RCN", who is named next
            self.resolved[unit] = speaker
        return speaker

    def resolve_by_rule(self, unit: Unit) -> Speaker:
        """Whom a unit stands for by the rules alone."""
        at = bisect_left(self.starts, unit.start)
        near, place = self.mentions[max(0, at - MEMORY) : at], (unit.start, unit.end)
        by_words = unit.form in {"description", "phrase"}
        spoke = self.holders[-1:]
        if by_words and (
            told := find_qualified(self.article.text, place, near, self.stakeholders, spoke)
            or find_titled(self.article.text, place, near, self.stakeholders, spoke)
            or find_officer(self, unit)
        ):
            return Speaker(told, 0.9, f"“{unit.text}” stands for {TOLD_OF}", unit.start, unit.end, unit.form)
        if unit.form == "phrase":
            return Speaker(None, 0.3, "a description", unit.start, unit.end, unit.form)
        if unit.form == "name":
            return Speaker(unit.id, 0.95, "named as the subject of the cue", unit.start, unit.end, "name")
        office = unit.form == "description" and unit.id and unit.head  # "the GPC deputy chair"
        read = self._pronoun if unit.form == "pronoun" else self._officer if office else self._describe
        id_, confidence, reason = read(unit)
        if unit.id and self.kind(unit.id) is StakeholderKind.PERSON:
            return Speaker(None, 0.3, "somebody of whom only the other is named", unit.start, unit.end, unit.form)
        if unit.id and (id_ is None or not (office or is_office_at(self.article.text, unit.start))):
            # "a spokesman for NHS England", "the chairman of the GPC" of whom no name is given: the body speaks
            id_, confidence, reason = unit.id, 0.9, "an unnamed officer of the body"
        return Speaker(id_, confidence if id_ else 0.3, reason, unit.start, unit.end, unit.form)

    def _officer(self, unit: Unit) -> tuple[str | None, float, str]:
        return named_ahead(self, unit, office_noun(unit), f"“{unit.text}” stands for")

    def _pronoun(self, unit: Unit) -> tuple[str | None, float, str]:
        word = unit.text.lower()
        if word in {"i", "we"}:
            return None, 0.3, "the writer's own voice"
        if about := described_subject(self, unit, NEAR):
            return self.resolve(about).id, 0.8, f"“{unit.text}” stands for {OPENED}"
        if word in _PERSONAL:
            fits = self.called(word)
            if ahead := interviewee(self, unit, fits):
                return ahead, 0.8, f"“{unit.text}” stands for {NAMED_NEXT}"
            spokesman = None if self._named_since_spoken(unit, fits) else self._through_spokesman(unit)
            if spokesman:
                return spokesman, 0.85, f"“{unit.text}” stands for {SPOKESMAN}"
        elif word == "it":
            bodies = self.of_kind(StakeholderKind.ORGANISATION)
            behind = self.between(self.wrote[0], unit.start) if self.wrote else ()
            since, low = opened_last(self.article.text, behind, bodies), max(0, unit.start - NEAR)
            if author := writer_of_words(self.article.text, low, unit.start, self.between(low, unit.start)):
                return author, 0.85, f"“{unit.text}” stands for what was put out, {WROTE}"
            if self.wrote and self._is_near(self.wrote[0], unit.start) and since in (None, self.wrote[1]):
                return self.wrote[1], 0.8, f"“{unit.text}” stands for what was quoted last, {WROTE}"
            if body := body_of_officer(self, unit, NEAR):
                return body, 0.8, f"“{unit.text}” stands for {OF_OFFICER}"
            spoke = self.holders[-1][1] if self.holders else None
            group = spoke is not None and self.kind(spoke) is StakeholderKind.GROUP
            fits = self.of_kind(StakeholderKind.ORGANISATION, *([StakeholderKind.GROUP] if group else []))
        else:
            last = self.holders[-1] if self.holders else (0, "")
            if (
                is_nameless(last[1])
                and self.kind(last[1]) is StakeholderKind.PERSON
                and self._is_near(last[0], unit.start)
            ):
                return last[1], 0.8, f"“{unit.text}” stands for {UNNAMED}"
            fits = self.of_kind(StakeholderKind.GROUP, StakeholderKind.ORGANISATION)
        return self._nearest(unit.start, fits, f"“{unit.text}” stands for who spoke or was named last")

    def _named_since_spoken(self, unit: Unit, fits: Fits) -> bool:
        since = max(self.holders[-1][0] if self.holders else 0, unit.start - NEAR)
        return self.first_named(since, fits, unit.start) is not None

    def _through_spokesman(self, unit: Unit) -> str | None:
        """The body whose unnamed spokesman spoke last, not far before, where nobody else was named since."""
        if not self.holders:
            return None
        at, id_ = self.holders[-1]
        named = any(mention.stakeholder != id_ for mention in self.between(at, unit.start))
        far = self.article.text.count("\n", at, unit.start) > (2 if named else 4)
        if self.kind(id_) is StakeholderKind.PERSON or far:
            return None
        return id_ if SPOKES.search(self.article.text, max(0, at - 120), unit.start) else None

    def of_kind(self, *kinds: StakeholderKind) -> Fits:
        return lambda id_: self.kind(id_) in kinds

    def called(self, pronoun: str) -> Fits:
        """Whether a stakeholder is a person whom no title or given name shows to be called by the other pronoun."""
        known, person = self._pronouns_known(), StakeholderKind.PERSON
        return lambda id_: self.kind(id_) is person and known.get(id_, "") in ("", pronoun)

    def _pronouns_known(self) -> dict[str, str]:
        """The pronoun of every person named, "" where nothing shows it."""
        if not self.pronouns:
            for mention in self.mentions:
                who = self.stakeholders[mention.stakeholder or ""]
                if who.kind is StakeholderKind.PERSON:
                    found = by_title(mention) or self.pronouns.get(who.id) or pronoun_of(who) or ""
                    self.pronouns[who.id] = found
        return self.pronouns

    def _nearest(self, offset: int, fits: Fits, reason: str) -> tuple[str | None, float, str]:
        named, text = self.last_named(offset, fits), self.article.text
        spoken = [(at, id_) for at, id_ in self.holders[-MEMORY:] if fits(id_)]
        if spoken and (named is None or not named.stakeholder):
            return spoken[-1][1], 0.75, reason
        if named is None or named.stakeholder is None:
            return None, 0.3, reason
        if spoken and spoken[-1][1] == named.stakeholder:
            return named.stakeholder, 0.93, reason
        subject = last_subject(self, offset, fits, NEAR)
        # who opened the sentence before and spoke in it goes on, whomever it names besides
        goes_on = bool(spoken) and spoken[-1][1] == subject
        if subject and (goes_on or not (spoken and "\n" not in text[spoken[-1][0] : offset])):
            return subject, 0.88, reason
        if spoken and spoken[-1][0] < named.span.start and "\n" not in text[named.span.start : offset]:
            return named.stakeholder, 0.85, reason
        fresh = opened_last(text, self.between(spoken[-1][0] if spoken else 0, offset), fits)
        if spoken and fresh is None:
            return spoken[-1][1], 0.85, reason
        return (fresh or named.stakeholder), 0.8, reason

    def _is_near(self, start: int, end: int) -> bool:
        """Whether no more than one paragraph ends between."""
        return end - start <= NEAR and self.article.text.count("\n", start, end) <= 2

    def _describe(self, unit: Unit) -> tuple[str | None, float, str]:
        match = description().match(self.article.text, unit.start)
        if match is None:
            return None, 0.3, "a description"
        noun = (match["owned"] or match["noun"]).split()[-1]
        sort = nouns().get(noun, "role")
        reason = f"“{match.group()}” stands for"
        if match["det"].lower() in _OWN:
            return self._of_person(unit, match, noun, reason)
        definite = match["det"].lower() not in {"a", "an", "one", "another"}
        if noun.lower() in written() and definite:
            author = self._author(unit, match, noun)
            if author or match["owned"] or noun.lower() in corpora.lexicon("cues")["documents"]["signed"]:
                return author, 0.85, f"{reason} {WROTE}"
        if sort == "spokes" and match[0].lower() == f"the {noun}" and (body := self._through_spokesman(unit)):
            return body, 0.85, f"{reason} {SPOKESMAN}"
        if sort == "role" and (not definite or is_of_unnamed(self.article.text, unit)):
            return named_ahead(self, unit, noun.lower(), reason)
        if sort == "role":
            return self._by_role(unit, match, reason)
        if sort == "spokes" and (house := house_of(match.group())):  # "a council spokesman" is of a council or nobody
            return *self._by_body(unit, house, definite=True, reason=reason)[:2], f"{reason} {OF_HOUSE}"
        return self._by_body(unit, noun if sort == "body" else "", definite, reason)

    def _of_person(self, unit: Unit, match: re.Match[str], noun: str, reason: str) -> tuple[str | None, float, str]:
        """ "Her report", "his union": hers, and the body that he has an office in; "her deputy" is another."""
        owner, _, _ = self._nearest(unit.start, self.called(_OWN[match["det"].lower()]), "")
        if owner is None:
            return None, 0.3, f"{reason} what is of nobody named"
        if noun.lower() in written():
            return owner, 0.85, f"{reason} {WROTE}"
        bodies = [a.organisation for a in self.stakeholders[owner].affiliations if a.organisation]
        called = [body for body in bodies if is_called(self.stakeholders[body], noun)]
        if called or (bodies and noun in corpora.lexicon("roles")["bodies"]["loose"]):
            return [*called, *bodies][0], 0.85, f"{reason} the body that the person named last is of"
        at = bisect_left(self.starts, unit.end)
        near = self.mentions[max(0, at - MEMORY) : at], self.mentions[at : at + NEXT]
        fresh = newcomer(self.article.text, unit.end, *near, self.stakeholders)
        return fresh, 0.8 if fresh else 0.3, f"{reason} the person introduced next" if fresh else f"{reason} another"

    def _author(self, unit: Unit, match: re.Match[str], noun: str) -> str | None:
        """Whose document it is: "the department’s report", "its report", "the report" that somebody has published."""
        at = bisect_left(self.starts, unit.end)
        if behind := author_behind(self.article.text, unit.end, self.mentions[at : at + 2]):
            return behind
        if match["owned"]:
            body, _, _ = self._by_body(unit, match["noun"], definite=True, reason="")
            return body if body and is_called(self.stakeholders[body], match["noun"]) else None
        if match["det"].lower() in {"its", "their"}:
            return last_subject(self, unit.start, self.of_kind(StakeholderKind.ORGANISATION), NEAR)
        at = bisect_left(self.starts, unit.start)
        return author_of(self.article.text, noun, unit.start, self.mentions[max(0, at - MEMORY) : at])

    def _by_role(self, unit: Unit, match: re.Match[str], reason: str) -> tuple[str | None, float, str]:
        noun = (match["owned"] or match["noun"]).split()[-1]
        owner = match["noun"] if match["owned"] and noun_sort(match["noun"]) == "body" else ""
        at = bisect_left(self.starts, unit.start)
        named = [*reversed(self.mentions[max(0, at - MEMORY) : at]), *self.mentions[at : at + MEMORY]]
        other, told = False, f"{match[0]}{field_of(self.article.text, match.end())}"
        holders: list[str] = []
        for mention in named:
            role = mention.affiliation.role if mention.affiliation else None
            if role and noun.lower() in held_offices(role):
                body = self.stakeholders.get((mention.affiliation and mention.affiliation.organisation) or "")
                if unit.id and not may_be_of(mention.stakeholder or "", unit.id, self.stakeholders):
                    continue
                if unit.id and body is None and is_of_another(self.article.text, mention, role):
                    continue
                if (not (owner and body) or is_called(body, owner)) and is_like_office(told, role, noun):
                    holders.append(mention.stakeholder or "")
                    continue
                other = True
        if holders:
            sole = len(set(holders)) == 1 and not other
            return holders[0], 0.85, f"{reason} {HAS_ROLE if sole else 'the person with that role'}"
        if spoke := spoke_before(self, noun.lower()):
            return spoke, 0.85, f"{reason} {HAS_ROLE}"
        if other:
            return None, 0.3, f"{reason} somebody not named"
        person = self.of_kind(StakeholderKind.PERSON)
        if self.last_named(unit.start, person) is None:
            return named_ahead(self, unit, noun.lower(), reason)
        at = bisect_left(self.starts, unit.end)
        near = self.mentions[max(0, at - MEMORY) : at], self.mentions[at : at + NEXT]
        if last := just_spoke(self.article.text, unit.start, self.holders[-1:], self.stakeholders):
            return last, 0.8, f"{reason} {TOLD_OF if ' former ' in unit.text else 'the person named last'}"
        if fresh := newcomer(self.article.text, unit.end, *near, self.stakeholders):
            return fresh, 0.8, f"{reason} the person introduced next"
        return self._nearest(unit.start, person, f"{reason} the person named last")

    def _by_body(self, unit: Unit, noun: str, definite: bool, reason: str) -> tuple[str | None, float, str]:
        lexicon = corpora.lexicon("roles")["bodies"]
        at = bisect_left(self.starts, unit.start)
        bodies = [
            m
            for m in self.mentions[max(0, at - MEMORY) : at]
            if m.stakeholder and self.kind(m.stakeholder) is StakeholderKind.ORGANISATION
        ]
        if noun and (named := body_called(self.article.text, noun, bodies, self.stakeholders)):
            return named[0], named[1], f"{reason} {named[2]}"
        if noun in lexicon["private"]:  # "the charity" is no ministry, whichever was named last
            bodies = [m for m in bodies if not is_public(self.stakeholders[m.stakeholder or ""])]
        if bodies and (not noun or noun in lexicon["loose"]):
            subject = last_subject(self, unit.start, self.of_kind(StakeholderKind.ORGANISATION), NEAR)
            if subject:
                return subject, 0.8, f"{reason} the body that the sentence before is about"
            if not noun and (above := body_above(self, unit, self.of_kind(StakeholderKind.ORGANISATION))):
                return above, 0.8, f"{reason} {OPENED}"
            return bodies[-1].stakeholder, 0.7, f"{reason} the body named last"
        later = self.mentions[at : at + MEMORY] if definite and noun and not bodies else ()
        ahead = (self.stakeholders[mention.stakeholder or ""] for mention in later)
        if found := next((b for b in ahead if b.kind is StakeholderKind.ORGANISATION and is_called(b, noun)), None):
            return found.id, 0.8, f"{reason} the body of that name, named later"
        return None, 0.3, f"{reason} a body not named"
