"""The stakeholder register: who is meant by a name, and who came before and after.

Names are matched exactly once case, apostrophes, "&" and a leading "the" are out of the way; nothing
is fuzzy. Bodies that no list holds ("Nottinghamshire LMC", "Cumbria PCT") are built from the shape of
their name, with a stable id. The data, and what its keys mean, are in ``corpora/register``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.resources.abc import Traversable
from typing import NamedTuple

import corpora
from nlp.records import Stakeholder
from nlp.register.context import is_part_of_longer, shows_body
from nlp.register.data import (
    TABLES,
    check_links,
    check_parents,
    check_shared,
    parse_toml,
    read_aliases,
    read_entries,
    read_file,
    read_head,
    read_renames,
    refuse,
)
from nlp.register.history import DatedName, find_renames, names_in_turn
from nlp.register.places import REACH, Spot, find_first, find_furthest, find_last
from nlp.register.spellings import Alias, Head, Node
from nlp.register.words import (
    Gap,
    Passage,
    Token,
    Words,
    fold,
    fold_bare,
    fold_name,
    initials,
    split_words,
    straighten,
)

__all__ = ["DatedName", "NameMatch", "Register", "fold_name", "initials", "load", "register"]


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A name in a text: half-open code-point offsets, without "the" or a possessive ending, and who it names."""

    start: int
    end: int
    stakeholder: Stakeholder


def _alive(body: Stakeholder, on: date | None) -> bool:
    return on is None or ((body.start is None or body.start <= on) and (body.end is None or on <= body.end))


class _Found(NamedTuple):
    first: int
    stop: int
    end: int
    stakeholder: Stakeholder


class Register:
    """Every body Standpoint knows. Iterates in the order of the data; ``version`` is the SHA-256 of the files."""

    def __init__(
        self,
        aliases: Sequence[Alias],
        heads: Sequence[Head],
        words: Words,
        version: str,
        renamed: frozenset[tuple[str, str]] = frozenset(),
    ) -> None:
        self.version = version
        self._bodies = {alias.body.id: alias.body for alias in aliases}
        self._names, self._heads = Node(), Node()
        for alias in aliases:
            self._names.grow(map(fold, alias.words)).aliases.append(alias)
        for head in heads:
            for form in head.forms:
                self._heads.grow(map(fold, form.split())).heads.append((form, head))
        listed = {fold(word) for alias in aliases if alias.short for word in alias.words}
        self._words = {**words, "places": (words["places"] | listed) - words["connectors"] - {"nhs"}}
        self._before: dict[str, list[str]] = {}
        for body in self:
            for succession in body.successors:
                self._before.setdefault(succession.id, []).append(body.id)
        self._renames = find_renames(self._bodies, renamed)

    def __len__(self) -> int:
        return len(self._bodies)

    def __iter__(self) -> Iterator[Stakeholder]:
        return iter(self._bodies.values())

    def get(self, id: str) -> Stakeholder | None:
        """The body with this id in the data; None for one built from its name, whose record says all there is."""
        return self._bodies.get(id)

    def parents(self, id: str) -> tuple[str, ...]:
        """The ids above this body, nearest first."""
        above: list[str] = []
        body = self.get(id)
        while body and body.parent:
            above.append(body.parent)
            body = self.get(body.parent)
        return tuple(above)

    def successors(self, id: str) -> tuple[str, ...]:
        """The ids of the bodies that took over directly from this one."""
        body = self.get(id)
        return tuple(succession.id for succession in body.successors) if body else ()

    def predecessors(self, id: str) -> tuple[str, ...]:
        """The ids of the bodies that this one took over from directly."""
        return tuple(self._before.get(id, ()))

    def children(self, id: str) -> tuple[str, ...]:
        """The ids of the bodies directly below this one."""
        return tuple(body.id for body in self if body.parent == id)

    def names_of(self, id: str) -> tuple[DatedName, ...]:
        """The name of a body, former and later names with it, oldest first, each with the days it was valid.

        A change of name is none of hands: bodies that took over from others have names of their own.
        """
        return names_in_turn(id, self._bodies, self._renames) if id in self._bodies else ()

    def name_on(self, id: str, on: date) -> DatedName | None:
        """The one of its names that the body went by on a day; None where it is not there or the days are not known."""
        named = [each for each in self.names_of(id) if each.since or each.until]
        return next((n for n in named if (n.since or date.min) <= on <= (n.until or date.max)), None)

    def resolve(self, name: str, on: date | None = None) -> Stakeholder | None:
        """Who the whole of ``name`` means on a date, or None; never a guess.

        Case counts for acronyms and for names of one word only. Of several bodies of one name the one
        alive on ``on`` is meant, else the first in the data.
        """
        tokens = split_words(name, 0, len(name))
        for part in (tokens, tokens[1:] if tokens and tokens[0].key == "the" else []):
            if part and (body := self._listed(part, on) or self._shaped(Passage(name, part, self._words), on)):
                return body
        return None

    def find(self, text: str, start: int, end: int, on: date | None = None) -> Iterator[NameMatch]:
        """Yield the names in ``text[start:end]``, left to right, the longest at each place, none overlapping.

        ``on``, the date of the text, decides between bodies of one name. Time is linear in the text.
        """
        passage = Passage(text, split_words(text, start, end), self._words)
        spelt = list(self._spelt(passage, on))
        taken = {at for found in spelt for at in range(found.first, found.stop)}
        for found in sorted([*spelt, *self._shapes(passage, taken, on)], key=lambda found: found.first):
            yield NameMatch(passage.tokens[found.first].start, found.end, found.stakeholder)

    def _choose(self, aliases: Sequence[Alias], on: date | None, near: frozenset[str] = frozenset()) -> Stakeholder:
        """The body meant: alive on the date, then called what the text calls it, then first in the data."""
        alive = [alias for alias in aliases if _alive(alias.body, on)] or aliases
        best = next((alias for alias in alive if alias.called & near), alive[0])
        first = min((alias.body.start for alias in aliases if alias.body.start), default=None)
        if best.short and on and first and on < first:
            # "NHS Dorset" was the primary care trust before it was anything else.
            return self._heads.next["pct"].heads[0][1].build(best.text.removeprefix("NHS "))
        return best.body

    def _listed(self, tokens: Sequence[Token], on: date | None) -> Stakeholder | None:
        node = self._names.reach(token.key for token in tokens)
        alone = straighten(tokens[0].text) if len(tokens) == 1 else None
        fits = [alias for alias in (node.aliases if node else ()) if alone in (None, alias.exact)]
        return self._choose(fits, on) if fits else None

    def _shaped(self, passage: Passage, on: date | None) -> Stakeholder | None:
        """Who a whole name means by its shape: a known place and head in any case, else as in a text."""
        keys = [token.key for token in passage.tokens]
        for first in range(max(1, len(keys) - REACH), len(keys)):
            ends = self._heads.reach(keys[first:])
            for _, head in ends.heads if ends else ():
                place = keys[1 if head.nhs and keys[0] == "nhs" else 0 : first]
                if head.side == "before" and (known := self._known(head, place, on)):
                    return known
        found = next(self._shapes(passage, set(), on), None)
        whole = found and found.first == 0 and found.end == passage.tokens[-1].end
        return found.stakeholder if found and whole else None

    def _spelt(self, passage: Passage, on: date | None) -> Iterator[_Found]:
        """The names that the data spell out."""
        last = 0
        for at in self._names.starts(passage.tokens):
            if at >= last and (found := self._spelt_at(passage, at, last, on)):
                yield found
                last = found.stop

    def _spelt_at(self, passage: Passage, at: int, last: int, on: date | None) -> _Found | None:
        for stop, end, node in self._names.paths(passage.tokens, at):
            fits = [alias for alias in node.aliases if self._counts(passage, alias, at, stop, end)]
            if not fits or passage.in_address(passage.tokens[at].start, end):
                continue
            if not is_part_of_longer(passage, at, stop, end, last):
                near = frozenset([*passage.left(at)[:2], *passage.right(stop)])
                return _Found(at, stop, end + len(fits[0].mark), self._choose(fits, on, near))
        return None

    def _counts(self, passage: Passage, alias: Alias, at: int, stop: int, end: int) -> bool:
        """Whether the words from ``at`` to ``stop`` are this spelling, used as a name."""
        before, own = passage.tokens[at - 1 : at], passage.tokens[at:stop]
        if not alias.spells(own, end, self._words["common"]) or self._begins_shape(passage, alias, stop, end):
            return False
        the = bool(before) and before[0].key == "the" and own[0].gap is not Gap.BREAK
        if alias.after_the and (not the or passage.right(stop)[:1] == ["of"]):
            return False
        if self._shouted(passage, alias, at, stop) or not passage.text.startswith(alias.mark, end):
            return False
        return not alias.manner or shows_body(passage, alias, at, stop, end)

    def _shouted(self, passage: Passage, alias: Alias, at: int, stop: int) -> bool:
        """Whether an acronym that is also a word stands among other words in capitals: "GPS WHO REFUSE"."""
        if alias.exact.lower() not in self._words["shouted"]:
            return False
        around = [*passage.tokens[max(0, at - 1) : at], *passage.tokens[stop : stop + 1]]
        return any(len(token.text) > 3 and token.text.isupper() for token in around)

    def _begins_shape(self, passage: Passage, alias: Alias, stop: int, end: int) -> bool:
        """Whether a name is only the front of the name of a trust, or the place of a commissioner."""
        tokens = passage.tokens
        if stop == len(tokens) or tokens[stop].gap is not Gap.PLAIN or end < tokens[stop - 1].end:
            return False
        heads = [head for _, _, node in self._heads.paths(tokens, stop) for _, head in node.heads]
        return any(head.any for head in heads) or (alias.short and (bool(heads) or tokens[stop].capital))

    # A name that no list holds is a place and a head.

    def _shapes(self, passage: Passage, taken: set[int], on: date | None) -> Iterator[_Found]:
        taken, last = set(taken), 0
        for at in self._heads.starts(passage.tokens):
            if at >= last and (found := self._shape_at(passage, taken, at, on)):
                yield found
                taken.update(range(found.first, found.stop))
                last = found.stop

    def _shape_at(self, passage: Passage, taken: set[int], at: int, on: date | None) -> _Found | None:
        for stop, end, node in self._heads.paths(passage.tokens, at):
            after = passage.right(stop)[:1]
            for form, head in node.heads if taken.isdisjoint(range(at, stop)) else ():
                how = head.printed(form, passage.tokens[at:stop], end)
                if not how or passage.goes_on(stop, end) or not head.not_before.isdisjoint(after):
                    continue
                spot = Spot(head, at, stop, end, places=head.places or how == "small")
                find = self._place_after if head.side == "after" else self._place_before
                if found := find(passage, taken, spot, on):
                    return found
        return None

    def _known(self, head: Head, place: Sequence[str], on: date | None) -> Stakeholder | None:
        """The body in the data that a head and the folded words of a place name."""
        for name in head.names if place else ():
            before, after = (part.split() for part in name.split("{place}"))
            node = self._names.reach([*map(fold, before), *place, *map(fold, after)])
            if node and node.aliases:
                return self._choose(node.aliases, on)
        return None

    def _place_before(self, passage: Passage, taken: set[int], spot: Spot, on: date | None) -> _Found | None:
        furthest = find_furthest(passage, taken, spot)
        keys = [token.key for token in passage.tokens[furthest : spot.at]]
        for skip in range(len(keys)):
            if keys[skip] != "nhs" and (known := self._known(spot.head, keys[skip:], on)):
                nhs = spot.head.nhs and skip > 0 and keys[skip - 1] == "nhs"
                return _Found(furthest + skip - nhs, spot.stop, spot.end, known)
        first = find_first(passage, spot, furthest)
        if first is None:
            return None
        nhs = spot.head.nhs and first > furthest and passage.tokens[first - 1].key == "nhs"
        return _Found(first - nhs, spot.stop, spot.end, spot.head.build(passage.name(first, spot.at)))

    def _place_after(self, passage: Passage, taken: set[int], spot: Spot, on: date | None) -> _Found | None:
        first = spot.stop + (passage.right(spot.stop)[:1] == ["the"])
        before = passage.tokens[spot.at - 1] if spot.at and passage.tokens[spot.at].gap is Gap.PLAIN else None
        if before and before.capital and not before.opens and before.key not in self._words["never"]:
            return None
        last = find_last(passage, taken, spot, first)
        if last is None or passage.goes_on(last + 1, passage.tokens[last].end):
            return None
        end = passage.tokens[last].end - 2 * passage.tokens[last].possessive
        known = self._known(spot.head, [fold_bare(token) for token in passage.tokens[first : last + 1]], on)
        return _Found(spot.at, last + 1, end, known or spot.head.build(passage.name(spot.stop, last + 1)))


def load(folder: Traversable) -> Register:
    """Read and check the register in ``folder``. Raises DataError naming file, key and value."""
    data = {file: read_file(folder, file) for file in ("bodies.toml", *TABLES, "patterns.toml")}
    files: dict[str, str] = {}
    aliases: list[Alias] = []
    renamed: set[tuple[str, str]] = set()
    for file in ("bodies.toml", *TABLES):
        for entry in read_entries(file, data[file]):
            if entry["id"] in files:
                raise refuse(f'"id" is "{entry["id"]}" a second time (first in {files[entry["id"]]})', file)
            files[entry["id"]] = file
            aliases += read_aliases(entry)
            renamed |= read_renames(entry)
    bodies = {alias.body.id: alias.body for alias in aliases}
    check_links(bodies, files)
    check_parents(bodies, files)
    check_shared(aliases, files)
    patterns = parse_toml(data["patterns.toml"], "patterns.toml")
    words = {key: frozenset(words) for key, words in patterns["words"].items()}
    version = sha256("\0".join(data.values()).encode()).hexdigest()
    heads = [read_head(table) for table in patterns["head"]]
    return Register(aliases, heads, words, version, frozenset(renamed))


@cache
def register() -> Register:
    """The register that ships with Standpoint; loaded once. Raises DataError when its data are broken."""
    return load(corpora.folder("register"))
