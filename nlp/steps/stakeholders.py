"""Who is named in the article, and with which office?

Bodies come from the register and from the shape of names, people from titles, given names and the
words beside them, groups from a small grammar. A surname points to the person introduced last with it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from nlp.acronyms import letters_in, short_name_behind, spelt_out
from nlp.acting_groups import add_acting
from nlp.affiliations import introduce
from nlp.bodies import SPEAKS, names_by_office, speaking_names, unknown_bodies, whole_name
from nlp.called import is_called, parties
from nlp.committees import is_local, is_short
from nlp.found import MANY_NAMES, Found, add, add_everywhere
from nlp.given_names import called_by_given, find_given_names
from nlp.groups import find_groups
from nlp.identities import id_within, slug, tell_people_apart, with_affiliations
from nlp.initials import find_initials
from nlp.intervals import Intervals
from nlp.introductions import Body, Introduction
from nlp.listed_offices import find_listed_offices, with_issuer
from nlp.mastheads import masthead
from nlp.named_bodies import names_by_context
from nlp.nameless import find_nameless
from nlp.names import PersonName, by_given_name, find_people, find_surnames, not_a_name
from nlp.office_bodies import OfficeBodies
from nlp.owners import owner_before
from nlp.paid_groups import add_paid
from nlp.records import (
    EVIDENCE_KINDS,
    Affiliation,
    Article,
    Block,
    BlockKind,
    Evidence,
    Genre,
    Mention,
    Name,
    NameKind,
    Stakeholder,
    StakeholderKind,
)
from nlp.register import Register
from nlp.short_bodies import find_heads, join_short, single_heads
from nlp.speakers import MEMORY
from nlp.voice import head_lines, read_lines
from nlp.whole_names import acting_bodies, longer_names, printed_longer

_GROUP = re.compile(r" group(?! (?:leader|chair|whip|spokes|deputy|secretary|member|colleague))")
#: "Our new medical director, Dr A": what stands before a name.
_OUR = re.compile(r"\b(?:[Oo]ur|[Mm]y)\s(?:[\w-]+\s){1,5}[\w-]+,?\s$")
#: Titles that tell Mr Cobb from Mrs Cobb.
_FORMS = {"Mr": "he", "Sir": "he", "Lord": "he", "Mrs": "she", "Ms": "she", "Miss": "she", "Dame": "she", "Lady": "she"}


def find_stakeholders(
    article: Article, register: Register, names: Sequence[Name] = ()
) -> tuple[tuple[Stakeholder, ...], tuple[Mention, ...]]:
    """The stakeholders of a segmented article and every mention of them, in the order of the text.

    ``names`` are those that the language pipeline sees: they add people whom the rules miss and make bodies'
    names whole. Bodies that the rules miss are left out: a third of them were places.
    """
    blocks = [block for block in article.blocks if block.kind in EVIDENCE_KINDS]
    when = article.published.value if article.published else None
    found, subjects = _read(article, blocks, register, names, when, {})
    whole = {name: body for name, body in subjects.items() if " " in name}
    if whole:  # "Its chair" may be of one of them, and people are read before them
        found, _ = _read(article, blocks, register, names, when, whole)
    mentions = tuple(sorted(found.mentions, key=lambda m: m.span))
    return tell_people_apart(with_affiliations(found.stakeholders.values(), mentions), mentions, register)


def _read(
    article: Article,
    blocks: Sequence[Block],
    register: Register,
    names: Sequence[Name],
    when: date | None,
    speaking: Mapping[str, Stakeholder],
) -> tuple[Found, dict[str, Stakeholder]]:
    """What the article shows, and names of bodies that only their speaking shows; ``speaking`` are known to be such."""
    found = Found()
    _add_bodies(found, article, blocks, register, names, when)
    _add_unknown(found, article, blocks, register, names, when)
    add_everywhere(found, article, blocks, speaking, "a name that is said to speak")
    _add_acronyms(found, article, blocks)
    found.mentions = join_short(article.text, found.stakeholders, found.mentions, register)
    heads = single_heads(found.stakeholders)
    for block in blocks:
        for start, end, id_ in find_heads(article.text, block.start, block.end, heads):
            if not found.taken.overlaps(start, end):
                add(found, article, start, end, found.stakeholders[id_], "the head of the name of one body")
    _add_people(found, article, blocks, register, names, when)
    _add_called(found, article, blocks)
    _add_nameless(found, article)
    _add_groups(found, article, blocks)
    add_acting(found, article, blocks)
    add_paid(found, article, blocks)
    subjects = _add_subjects(found, article, blocks)
    found.mentions = join_short(article.text, found.stakeholders, found.mentions, register)
    found.mentions = _file_officers(found, article)
    return found, subjects


def _file_officers(found: Found, article: Article) -> list[Mention]:
    """In minutes, officers whom the list of those present gives no body are of the one whose minutes they are."""
    if article.genre is not Genre.BOARD_PAPER:
        return found.mentions
    body = masthead(head_lines(read_lines(article)), tuple(found.stakeholders.values()))
    if body is None:
        return found.mentions
    found.stakeholders.setdefault(body.id, body)
    return with_issuer(article, found.mentions, body.id)


def _add_bodies(
    found: Found,
    article: Article,
    blocks: Sequence[Block],
    register: Register,
    names: Sequence[Name],
    when: date | None,
) -> None:
    seen = [name.span for name in names if name.kind is NameKind.ORGANISATION]
    local = is_local(article.text)
    matches = [
        (block, [m for m in register.find(article.text, block.start, block.end, when) if not (local and is_short(m))])
        for block in blocks
    ]
    longer = dict(printed_longer(article.text, (match for _, known in matches for match in known)))
    longer |= {
        whole: register.resolve(whole, when) or body
        for block, known in matches
        for whole, body in longer_names(article.text, block.start, block.end, known, names)
    }
    add_everywhere(found, article, blocks, longer, "a known name goes on")
    for block, here in matches:
        for match in here:
            group = match.stakeholder.id in parties() and _GROUP.match(article.text, match.end)
            # the Labour group of a council is not the party
            if not group and not found.taken.overlaps(match.start, match.end):
                add(found, article, match.start, match.end, match.stakeholder, "known name")
        for start, end in [
            whole_name(*place, seen, found.taken) for place in unknown_bodies(article.text, block, found.taken)
        ]:
            if found.taken.overlaps(start, end):
                continue
            name = re.sub(r"^the\s+", "", " ".join(article.text[start:end].split()), flags=re.IGNORECASE)
            known = register.resolve(name, when)
            body = known or Stakeholder(slug(name), name, StakeholderKind.ORGANISATION)
            add(found, article, start, end, body, "a name that ends as bodies' names do")


def _add_unknown(
    found: Found,
    article: Article,
    blocks: Sequence[Block],
    register: Register,
    seen: Sequence[Name],
    when: date | None,
) -> None:
    """Bodies by what stands beside their names: what they are called, an office, a sentence that is about them."""
    bodies = [name.span for name in seen if name.kind is NameKind.ORGANISATION]
    towns = {name.span.text for name in seen if name.kind is NameKind.PLACE and " " not in name.span.text}
    ways: tuple[tuple[str, Callable[[Block], Iterable[str]]], ...] = (
        (
            "a name that the words beside it call a body",
            lambda block: names_by_context(article.text, block, seen, found.taken),
        ),
        ("a name behind an office", lambda block: names_by_office(article.text, block, bodies, found.taken)),
        ("a name that a sentence is about", lambda block: acting_bodies(article.text, block, seen, found.taken)),
    )
    for reason, names_in in ways:
        names: dict[str, Stakeholder] = {}
        for name in (name for block in blocks for name in names_in(block)):
            if name not in names and name not in towns:
                known = register.resolve(name, when)
                names[name] = known or Stakeholder(slug(name), name, StakeholderKind.ORGANISATION)
        add_everywhere(found, article, blocks, names, reason)


def _add_acronyms(found: Found, article: Article, blocks: Sequence[Block]) -> None:
    """ "the Fairfield Landlords Federation (FLF)" makes FLF its name from there on."""
    shorts: dict[str, str] = {}
    spelt = [name for block in blocks for name in spelt_out(article.text, block.start, block.end)][:MANY_NAMES]
    speaking = _speaking(article, blocks, [part for name in spelt for part in (name.name, name.short)])
    for name in spelt:
        if {name.name, name.short} & speaking and not found.taken.overlaps(name.start, name.end):
            body = Stakeholder(slug(name.name), name.name, StakeholderKind.ORGANISATION)
            add(found, article, name.start, name.end, body, "a name with its acronym, said to speak")
    for mention in found.mentions:
        short = short_name_behind(article.text, mention.span.text, mention.span.end)
        if short and mention.stakeholder:
            shorts.setdefault(short, mention.stakeholder)
    shorts = letters_in(article.text, blocks, found.stakeholders.values()) | shorts
    bodies = {short: found.stakeholders[id_] for short, id_ in shorts.items()}
    add_everywhere(found, article, blocks, bodies, "short name introduced in the text")


def _speaking(article: Article, blocks: Sequence[Block], names: Sequence[str]) -> set[str]:
    """Which of the names are said to speak: a fund or a plan has an acronym too, and says nothing."""
    if not names:
        return set()
    acts = re.compile(rf"(?<![\w-])(?P<name>{'|'.join(map(re.escape, names))})(?: \(\w+\))?{SPEAKS}")
    return {match["name"] for b in blocks for match in acts.finditer(article.text, b.start, b.end)}


def _add_people(
    found: Found,
    article: Article,
    blocks: Sequence[Block],
    register: Register,
    seen: Sequence[Name],
    when: date | None,
) -> None:
    names: list[tuple[Block, PersonName]] = []
    for block in blocks:
        taken = found.taken.between(block.start, block.end)
        known = list(find_people(article.text, block.start, block.end, taken))
        names += [
            (block, name) for name in sorted([*known, *_more_people(block, seen, known, found.taken)], key=_place)
        ]
    full = {name.name: slug(name.name) for _, name in names if name.full}
    bodies = [
        Body(m.span.start, m.span.end, m.stakeholder)
        for m in sorted(found.mentions, key=lambda m: m.span)
        if m.stakeholder
    ]
    starts = [body.start for body in bodies]
    offices = OfficeBodies(found.stakeholders, register, when)

    def called(id_: str, noun: str) -> bool:
        return is_called(found.stakeholders[id_], noun)

    people = [name.start for _, name in names]
    for block, name in names:
        at, opening = bisect_left(starts, name.start), bisect_left(starts, block.start)
        inside = [b for b in bodies[max(opening, at - 8) : at + 8] if b.end <= block.end]
        before = owner_before(article.text, name.start, block.start, bodies, starts, called)
        sentence = max(article.text.rfind(mark, block.start, name.start) for mark in (". ", "? ", "! ", "\n"))
        # "A said …, and its chair, B"; "its chair, Tory peer B" is no chair of the Tories
        own = [b.id for b in inside if sentence <= b.start and b.end < name.start - 1 and b.id not in parties()]
        before = before if own else offices.unless_described(article.text, block.start, name.start, before)
        near = own[-1] if own else before
        if _OUR.search(article.text, max(block.start, name.start - 80), name.start):
            before = near = None  # "our medical director, Dr A" is the writer's, and of no body named before
        high = min([block.end, *people[(after := bisect_right(people, name.end)) : after + 1]])
        intro = introduce(article.text, name.start, name.end, inside, block.start, high, near)
        _add_person(found, article, name, full, offices.fill(intro, bodies[max(0, at - MEMORY) : at], before))
    _add_bare_surnames(found, article, blocks)
    whole = {n.name: (n.start, full[n.name]) for _, n in reversed(names) if n.full}
    given = called_by_given(whole)
    for block in blocks:
        for start, end, id_ in find_given_names(article.text, block.start, block.end, given):
            if not found.taken.overlaps(start, end):
                add(found, article, start, end, found.stakeholders[id_], "the given name of a person named in full")


def _place(name: PersonName) -> int:
    return name.start


def _more_people(
    block: Block, seen: Sequence[Name], known: Sequence[PersonName], taken: Intervals
) -> Iterator[PersonName]:
    """People that the language pipeline names in full and the rules do not see."""
    first = bisect_left(seen, block.start, key=lambda name: name.span.start)
    ends = [person.end for person in known]
    for name in seen[first:]:
        span = name.span
        if span.start >= block.end:
            return
        words = span.text.split()
        whole = 2 <= len(words) <= 4 and all(w[:1].isupper() or w.islower() for w in words) and words[-1][:1].isupper()
        after = bisect_right(ends, span.start)
        apart = after == len(known) or known[after].start >= span.end
        free = apart and not taken.overlaps(span.start, span.end)
        if name.kind is NameKind.PERSON and whole and free and not any(not_a_name(word) for word in words):
            yield PersonName(span.start, span.end, " ".join(words), None)


def _add_person(found: Found, article: Article, name: PersonName, full: dict[str, str], intro: Introduction) -> None:
    id_ = _identify(found, name, full)
    known = found.stakeholders.get(id_)
    if known is None or len(name.name.split()) > len(known.name.split()):
        # "Dr Vane" may come before "Dr Ann Vane": the fullest name is the person's
        aliases = known.aliases if known else ()
        known = found.stakeholders[id_] = Stakeholder(id_, name.name, StakeholderKind.PERSON, aliases)
    if name.styled and name.styled not in known.aliases:
        found.stakeholders[id_] = replace(known, aliases=(*known.aliases, name.styled))
    found.people.setdefault(name.surname, []).append((name.start, id_))
    form = _FORMS.get((name.title or "").split(".")[0].split(" ")[0])
    if form:
        found.forms.setdefault(id_, form)
    office = Affiliation(intro.organisation, intro.role) if intro.organisation or intro.role else None
    phrase = (
        article.span(intro.start, max(intro.end, name.end))
        if intro.start < name.start or intro.end > name.end
        else None
    )
    reason = f"introduced as {phrase.text!r}" if phrase else "named with a title or a given name"
    evidence = Evidence(0.95, "name", reason, (phrase,) if phrase else ())
    found.mention(Mention(article.span(name.start, name.end), id_, office, evidence))


def _identify(found: Found, name: PersonName, full: dict[str, str]) -> str:
    """The id of the person: by full name, else by the surname of somebody introduced in the article."""
    if name.full:
        initial = re.fullmatch(r"[A-Z]\.?", name.name.split()[0])
        if not initial:
            return full[name.name]
    manner = _FORMS.get((name.title or "").split(".")[0].split(" ")[0])

    def may_be(id_: str) -> bool:  # "Dr Simon" may be who was "Ms Simon" before
        return manner is None or found.forms.get(id_) in (manner, None)

    known = next((id_ for _, id_ in reversed(found.people.get(name.surname, ())) if may_be(id_)), None)
    if known:
        return known
    if called := by_given_name(name, full):
        return full[called]
    later = [id_ for other, id_ in full.items() if other.split()[-1] == name.surname]
    fresh = later[0] if later and may_be(later[0]) else slug(name.name)
    return fresh if may_be(fresh) else f"{fresh}-{slug(name.title or '')}"


def _add_bare_surnames(found: Found, article: Article, blocks: Sequence[Block]) -> None:
    surnames = frozenset(s for s in found.people if not not_a_name(s) and len(s) > 2)
    if not surnames:
        return
    for block in blocks:
        for start, end, surname in find_surnames(article.text, block.start, block.end, surnames):
            if not found.taken.overlaps(start, end):
                earlier = [id_ for at, id_ in found.people[surname] if at < start]
                id_ = earlier[-1] if earlier else found.people[surname][0][1]
                evidence = Evidence(0.9, "surname", "the surname of a person named in full elsewhere")
                found.mention(Mention(article.span(start, end), id_, None, evidence))


def _add_called(found: Found, article: Article, blocks: Sequence[Block]) -> None:
    """Who is meant by initials, and in minutes by an office that the list of those present gives."""
    known = sorted(found.mentions, key=lambda m: m.span)
    short = find_initials(article, blocks, known, found.stakeholders)
    listed = find_listed_offices(article, blocks, known, found.stakeholders)
    for reason, places in (("the initials of a person named in full", short), ("an office listed at the head", listed)):
        for place in places:
            if not found.taken.overlaps(place.start, place.end):
                add(found, article, place.start, place.end, found.stakeholders[place.person], reason)


def _add_nameless(found: Found, article: Article) -> None:
    """People without a name. Their ids hold within the article: two papers' "a councillor" are two people."""
    people = sorted(
        (
            m
            for m in found.mentions
            if m.stakeholder and found.stakeholders[m.stakeholder].kind is StakeholderKind.PERSON
        ),
        key=lambda m: m.span,
    )
    for role in find_nameless(article, people, found.taken):
        if not found.taken.overlaps(role.start, role.end):
            person = Stakeholder(id_within(article.id, role.name), role.name, StakeholderKind.PERSON)
            add(found, article, role.start, role.end, person, "an office that stands for its holder")


def _add_groups(found: Found, article: Article, blocks: Sequence[Block]) -> None:
    told: dict[str, str] = {}  # the head of a group -> the last one so called that was told of with more words
    for block in blocks:
        for group in find_groups(article.text, block.start, block.end):
            if not found.taken.overlaps(group.start, group.end):
                stakeholder = Stakeholder(slug(group.name), group.name, StakeholderKind.GROUP)
                head = group.name.split()[-1]
                if head != group.name:
                    told[head] = stakeholder.id
                elif head in told and (group.quantifier or "").lower().startswith("the"):
                    stakeholder = found.stakeholders[told[head]]  # "Two Kent practices … The practices said"
                phrase = article.span(group.start, group.phrase_end) if group.phrase_end > group.end else None
                add(found, article, group.start, group.end, stakeholder, "a group by its head noun", phrase)


def _add_subjects(found: Found, article: Article, blocks: Sequence[Block]) -> dict[str, Stakeholder]:
    """A capitalised name nobody knows that is said to speak is taken for a body."""
    names: dict[str, Stakeholder] = {}
    for block in blocks:
        if block.kind is BlockKind.HEADLINE:
            continue
        for name in speaking_names(article.text, block, found.taken):
            names.setdefault(name, Stakeholder(slug(name), name, StakeholderKind.ORGANISATION))
    add_everywhere(found, article, blocks, names, "a name that is said to speak")
    return names
