"""Of which body an office is where the words beside the name do not say it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import corpora
from nlp.called import is_called, is_public, parties, unlike
from nlp.described import description, noun_sort
from nlp.introductions import Body, Introduction
from nlp.office_words import office_heads
from nlp.records import Stakeholder
from nlp.register import Register

#: What a paragraph describes is looked for so many characters before a name.
NEAR = 500
_OWNER = re.compile(r"(?:the |its |their )?(?:[\w-]+ ){0,3}?(?P<noun>[\w-]+)['’]s? (?P<role>.+)")
_NAMED = re.compile(r"\s[A-Z]")
_OF_PLACE = re.compile(r" (?:of|at|for) (?:the |an? )?(?:[a-z-]+ ){0,4}[A-Z]")
#: "ABC chair Ann Orde" is of a body that nobody knows; a "GP lead" may be of any.
_OF_LETTERS = re.compile(r"(?!(?:GP|NHS|PCN|CCG|LMC|ICB|ICS|STP|PCT|CEO|CFO|COO|EDI|ICT|SEND)\b)[A-Z]{3,7}\s")
_OF_THE = re.compile(
    r"\b(?:of|for) the (?:(?P<tier>county|city|borough|district|parish|town) |[a-z-]+ )?"
    r"(?P<noun>council|board|trust|committee|union|college|task ?force|commission|panel|inquiry|review|society"
    r"|association|federation|authority|charity|network|alliance|campaign|forum|partnership|group)$"
)
#: What tells two councils of a place apart.
_TIER = re.compile(r"\b(?:county|city|borough|district|parish|town)\b")
_PLACE = re.compile(r"(?:the )?(?P<place>[A-Z][\w-]+(?: [A-Z][\w-]+)*)['’]s? (?P<role>.+)")


@dataclass(frozen=True, slots=True)
class OfficeBodies:
    """The bodies of an article, by id, and those of the register as of its day; ``fill`` adds to ``known``."""

    known: dict[str, Stakeholder]
    register: Register
    when: date | None

    def fill(self, intro: Introduction, named: Sequence[Body], before: str | None) -> Introduction:
        """The introduction with the body of its office.

        That is the one that the office names by itself, the council of a place, the one so called, or for an office
        that is nothing without a body the one named ``before``. ``named`` are the bodies ahead of the name, in order.
        """
        role = (intro.role or "").lower()
        if "of governors" in role and not intro.organisation:  # of a school, whichever body was named before
            return intro
        of_party = intro.organisation in parties() and _OF_THE.search(role)
        if (intro.organisation and not of_party) or not intro.role or role.startswith(("shadow", "former", "ex-")):
            return intro
        ways: tuple[Callable[[], Introduction | None], ...] = (
            lambda: self._by_itself(intro, role),
            lambda: self._of_place(intro),
            lambda: self._of_owner(intro, named),
            lambda: self._of_sort(intro, role, named, before),
        )
        found = next((filled for way in ways if (filled := way())), None)
        return found or self._of_body_before(intro, role, before)

    def unless_described(self, text: str, start: int, end: int, before: str | None) -> str | None:
        """ "The Green group backed it. Its leader, Ann Orde": of what the paragraph describes, not the body before.

        "The union" may be the body before; "the students’ union" is another.
        """
        found = description().finditer(text, max(start, end - NEAR), end)
        # "the green group Clean Harbours" is named
        told = [m for m in found if noun_sort(m["noun"]) == "body" and not _NAMED.match(text, m.end())]
        if before is None or not told or is_called(self.known[before], told[-1]["noun"]):
            return before
        new = told[-1]["det"].lower() in {"a", "an", "one", "another"}  # "Marie House, a hospice in Hull, …"
        return before if len(told[-1].group().split()) == 2 and not new else None

    def _by_itself(self, intro: Introduction, role: str) -> Introduction | None:
        if of_nation := self._of_nation(intro, role):
            return of_nation
        for office, body in corpora.lexicon("roles")["office_bodies"].items():
            if re.search(rf"(?<![\w-]){office}(?![\w-])", role):  # a vice-chancellor is no chancellor
                return self._filed(intro, self.register.resolve(body, self.when))
        return None

    def _of_nation(self, intro: Introduction, role: str) -> Introduction | None:
        """ "Scottish health secretary": of its own government, unless the office names its body whole."""
        lexicon = corpora.lexicon("roles")
        nation = next((name for name in lexicon["nations"] if role.startswith(f"{name} ")), None)
        office = role.removeprefix(f"{nation} ")
        if nation is None or role in lexicon["office_bodies"] or office not in lexicon["office_bodies"]:
            return None
        return self._filed(intro, self.register.resolve(lexicon["nations"][nation], self.when))

    def _of_place(self, intro: Introduction) -> Introduction | None:
        place = _PLACE.match(intro.role or "")
        if place and any(office in place["role"].lower() for office in corpora.lexicon("roles")["local"]):
            council = self.register.resolve(f"{place['place']} Council", self.when)
            return self._filed(replace(intro, role=place["role"]), council)
        return None

    def _of_owner(self, intro: Introduction, named: Sequence[Body]) -> Introduction | None:
        """ "The CCG’s accountable officer": of a body so called, or of none that is known."""
        owner = _OWNER.match(intro.role or "")
        if owner is None or owner["noun"].lower() in corpora.lexicon("roles")["bodies"]["served"]:
            return None
        tier = _TIER.search((intro.role or "")[: owner.start("noun")])
        wanted = tier.group() if tier else None
        near = [*reversed(named)]
        near.sort(key=lambda body: unlike(self.known[body.id], owner["noun"]))
        so_called = (b.id for b in near if is_called(self.known[b.id], owner["noun"], wanted))
        body = next(so_called, None) or self._private(named, owner["noun"].lower())
        return replace(intro, organisation=body, role=owner["role"])

    def _of_sort(
        self, intro: Introduction, role: str, named: Sequence[Body], before: str | None
    ) -> Introduction | None:
        """ "Council leader Ann Orde" leads no charity, whichever was named last."""
        lexicon = corpora.lexicon("roles")
        if so_called := self._of_committee(intro, role, named):
            return so_called
        of_body = _OF_THE.search(role)
        sort = next((noun for noun in lexicon["bodies"]["told_by_office"] if role.startswith(f"{noun} ")), None)
        sort = of_body["noun"] if of_body else lexicon["of_office"].get(role, sort)
        if any(office in role for office in lexicon["cabinet"]):
            sort = "council"  # never of the party that was named last
        if sort is None:
            return None
        # the nearest; "the vice-chancellor" is of Kent University before one of the University Lecturers’ Union
        near = [*reversed(named)]
        near.sort(key=lambda body: unlike(self.known[body.id], sort))
        tier = of_body["tier"] if of_body else None
        body = next((b.id for b in near if is_called(self.known[b.id], sort, tier)), None)
        if body is None and sort in lexicon["bodies"]["within"]:
            # a committee or panel of the council before, and of no federation that was named there
            body = before if before and is_public(self.known[before]) else None
        return replace(intro, organisation=body)

    def _of_committee(self, intro: Introduction, role: str, named: Sequence[Body]) -> Introduction | None:
        """ "GP committee chair Dr Orde": of the body before whose name ends so ("the BMA’s GP committee")."""
        head = office_heads().search(role)
        of_what = role[: head.start()].removesuffix("deputy ").removesuffix("vice ").strip() if head else ""
        if " " not in of_what:
            return None
        for body in reversed(named):
            known = self.known[body.id]
            if any(name.lower().endswith(f" {of_what}") for name in (known.name, *known.aliases)):
                return replace(intro, organisation=body.id, role=role[len(of_what) :].strip())
        return None

    def _of_body_before(self, intro: Introduction, role: str, before: str | None) -> Introduction:
        lexicon = corpora.lexicon("roles")
        if before in lexicon["parliaments"]["ids"]:
            return intro  # a story of a debate names it, and nobody speaks for it
        bare = any(re.search(rf"(?<![\w-]){office}(?![\w-])", role) for office in lexicon["bodily"])
        party = before in parties() and not any(word in role for word in lexicon["parties"]["offices"])
        # "Headteacher of Moss Lane" and "director of the letting agency Castle Homes" say themselves of what
        placed = _OF_PLACE.search(intro.role or "") or _OF_LETTERS.match(intro.role or "")
        return replace(intro, organisation=before) if bare and before and not party and not placed else intro

    def _private(self, named: Sequence[Body], noun: str) -> str | None:
        """ "The think tank’s director": of the body named last, but for ministries, councils and parties."""
        if noun not in corpora.lexicon("roles")["bodies"]["private"]:
            return None
        return next((b.id for b in reversed(named[-3:]) if not is_public(self.known[b.id])), None)

    def _filed(self, intro: Introduction, body: Stakeholder | None) -> Introduction:
        if body is None:
            return intro
        self.known.setdefault(body.id, body)
        return replace(intro, organisation=body.id)
