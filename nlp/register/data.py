"""Reads and checks the data files of the register."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from importlib.resources.abc import Traversable
from io import StringIO
from itertools import combinations
from typing import Any

from nlp.errors import DataError
from nlp.records import Stakeholder, StakeholderKind, Succession
from nlp.register.spellings import Alias, Head
from nlp.register.words import Gap, split_words

TABLES = ("icbs.csv", "ccgs.csv", "health_boards.csv", "trusts.csv")
_COLUMNS = ["id", "name", "aliases", "ods", "start", "end", "successors", "successors_on", "source"]
_MANNERS = ("cautious", "opening", "voice", "told", "party", "bracket")
_TYPES: Mapping[str, type] = {
    **dict.fromkeys(("id", "name", "kind", "parent"), str),
    **dict.fromkeys(("aliases", "called", "successors", *_MANNERS), list),
    **dict.fromkeys(("start", "end"), date),
}


def refuse(what: str, where: str) -> DataError:
    return DataError(what, where=f"corpora/register/{where}", do="correct the data file")


def _checked(entry: Mapping[str, Any], file: str) -> Mapping[str, Any]:
    """The entry, if its keys and types are those of the register. Raises DataError."""
    who = entry.get("id", entry.get("name", "?"))
    for key, value in entry.items():
        if key not in _TYPES:
            raise refuse(f'unknown key "{key}" in body "{who}"', file)
        if not isinstance(value, _TYPES[key]):
            raise refuse(f'"{key}" of body "{who}" is {value!r}, not of type {_TYPES[key].__name__}', file)
        if (
            isinstance(value, list)
            and key != "successors"
            and not all(isinstance(item, str) and item for item in value)
        ):
            raise refuse(f'"{key}" of body "{who}" is {value!r}, not a list of names', file)
    for key in ("id", "name"):
        if not entry.get(key):
            raise refuse(f'body "{who}" has no "{key}"', file)
    for item in entry.get("successors", ()):
        if not isinstance(item, dict) or "id" not in item or item.keys() - {"id", "on", "renamed"}:
            raise refuse(f'"successors" of body "{who}" has {item!r}, not an id and perhaps a day "on"', file)
    if entry.get("kind", "organisation") not in {kind.value for kind in StakeholderKind}:
        raise refuse(f'"kind" of body "{who}" is "{entry["kind"]}"', file)
    return entry


def _stakeholder(entry: Mapping[str, Any]) -> Stakeholder:
    spelt = [alias for key in ("aliases", *_MANNERS) for alias in entry.get(key, ())]
    return Stakeholder(
        id=entry["id"],
        name=entry["name"],
        kind=StakeholderKind(entry.get("kind", "organisation")),
        aliases=tuple(alias for alias in dict.fromkeys(spelt) if alias != entry["name"]),
        parent=entry.get("parent"),
        successors=tuple(Succession(next["id"], next.get("on")) for next in entry.get("successors", ())),
        start=entry.get("start"),
        end=entry.get("end"),
    )


def _alias(text: str, body: Stakeholder, manner: str = "", called: Iterable[str] = (), short: bool = False) -> Alias:
    tokens = split_words(text, 0, len(text))
    the = tokens[0].key == "the" and len(tokens) > 1
    tokens = tokens[the:]
    commas = frozenset(at for at, token in enumerate(tokens) if token.gap is Gap.COMMA)
    after_the = the and (text[0] == "t" or len(tokens) == 1)
    words = tuple(token.text for token in tokens)
    return Alias(text, words, commas, body, manner, after_the, frozenset(called), short)


def read_aliases(entry: Mapping[str, Any]) -> Iterator[Alias]:
    """Every spelling of a body, each in the narrowest manner the data give it."""
    body = _stakeholder(entry)
    manners = {alias: manner for manner in _MANNERS for alias in entry.get(manner, ())}
    bare = {alias.removeprefix("the ").removeprefix("The ") for alias in manners}
    for text in (body.name, *body.aliases):
        if text in manners or text.removeprefix("the ").removeprefix("The ") not in bare:
            yield _alias(text, body, manners.get(text, ""), entry.get("called", ()))
    if body.id.endswith(("-ccg", "-icb")):
        yield _alias("NHS " + body.name.rsplit(" ", 1)[0], body, short=True)


def read_renames(entry: Mapping[str, Any]) -> set[tuple[str, str]]:
    """The successions of a body that were a change of name alone, as pairs of ids."""
    return {(entry["id"], item["id"]) for item in entry.get("successors", ()) if item.get("renamed")}


def _table_entry(row: Mapping[str, str], file: str) -> Mapping[str, Any]:
    """A row of a table with the keys of the hand-written list."""
    try:
        days = {key: date.fromisoformat(row[key]) for key in ("start", "end", "successors_on") if row[key]}
    except ValueError as error:
        raise refuse(f'a date of body "{row["id"]}" is wrong: {error}', file) from error
    on = days.pop("successors_on", None)
    entry: dict[str, Any] = {"id": row["id"], "name": row["name"], **days}
    entry["aliases"] = row["aliases"].split("|") if row["aliases"] else []
    entry["successors"] = [{"id": id, "on": on} for id in row["successors"].split("|") if id]
    return entry


def read_file(folder: Traversable, file: str) -> str:
    try:
        return (folder / file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise refuse(f"not readable: {error}", file) from error


def parse_toml(text: str, file: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise refuse(f"not readable as TOML: {error}", file) from error


def read_entries(file: str, text: str) -> list[Mapping[str, Any]]:
    if file.endswith(".toml"):
        return [_checked(entry, file) for entry in parse_toml(text, file).get("body", [])]
    rows = csv.DictReader(StringIO(text))
    if rows.fieldnames != _COLUMNS:
        raise refuse(f"the columns are {rows.fieldnames}, not {_COLUMNS}", file)
    return [_checked(_table_entry(row, file), file) for row in rows]


def check_links(bodies: Mapping[str, Stakeholder], files: Mapping[str, str]) -> None:
    for body in bodies.values():
        links = [("parent", body.parent)] if body.parent else []
        for key, id in [*links, *(("successors", succession.id) for succession in body.successors)]:
            if id not in bodies:
                raise refuse(f'"{key}" of body "{body.id}" names "{id}", which is no body', files[body.id])
        days = [day for day in (body.start, body.end, *(next.on for next in body.successors)) if day]
        if body.start and any(day < body.start for day in days):
            raise refuse(f'"start" of body "{body.id}" is {body.start}, after its end or its successor', files[body.id])
        for next in body.successors:
            if body.end and next.on and next.on <= body.end:
                raise refuse(
                    f'"successors" of body "{body.id}" has {next.on}, before its end {body.end}', files[body.id]
                )


def check_parents(bodies: Mapping[str, Stakeholder], files: Mapping[str, str]) -> None:
    for id, body in bodies.items():
        seen = {id}
        while body.parent:
            if body.parent in seen:
                raise refuse(f'"parent" of body "{body.id}" is "{body.parent}", which stands below it', files[body.id])
            seen.add(body.parent)
            body = bodies[body.parent]


def check_shared(aliases: Iterable[Alias], files: Mapping[str, str]) -> None:
    """Refuse a name of two bodies that lived at one time, unless one of them has it in a narrower manner."""
    sharing: dict[str, list[Alias]] = {}
    for alias in aliases:
        if not alias.manner:
            sharing.setdefault(alias.exact, []).append(alias)
    for group in sharing.values():
        for one, two in combinations(group, 2):
            if one.body.id != two.body.id and _overlap(one.body, two.body):
                raise refuse(
                    f'"aliases" of body "{two.body.id}" has "{two.text}", a name of "{one.body.id}" at the same time',
                    files[two.body.id],
                )


def _overlap(one: Stakeholder, two: Stakeholder) -> bool:
    starts, ends = (one.start or date.min, two.start or date.min), (one.end or date.max, two.end or date.max)
    return max(starts) <= min(ends)


def read_head(table: Mapping[str, Any]) -> Head:
    unknown = set(table) - set(Head.__slots__)
    if unknown:
        raise refuse(f'unknown key "{min(unknown)}" in the head {table.get("forms")}', "patterns.toml")
    lists = {"forms": tuple(table["forms"]), "names": tuple(table["names"])}
    return Head(**{**table, **lists, "not_before": frozenset(table.get("not_before", ()))})
