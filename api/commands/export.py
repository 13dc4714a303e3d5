"""``standpoint export``: everything that passes the filters, as one file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from api.commands.output import note, say_json
from api.exports.export import export
from api.exports.formats import FORMS, Format, What
from api.services import Services
from api.store import Filters
from api.store.analyst import Question
from api.store.search import parse_query
from nlp.cells import Grouping
from nlp.errors import NotFoundError, NotSetUpError, UsageError
from nlp.records import Manner, StakeholderKind, StanceLabel

Choice = TypeVar("Choice", bound=StrEnum)
#: What an ending means where no format is named: the plainest of its formats.
_ENDINGS = {form.ending: format for format, form in reversed(FORMS.items())}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The options of the command as they were given."""

    what: str = What.STATEMENTS
    format: str | None = None
    lists: Mapping[str, Iterable[str] | None]
    days: Mapping[str, str | None]
    query: str | None = None
    group: str | None = None
    min_confidence: float | None = None


def export_file(services: Services, wanted: Wanted, out: Path, *, as_json: bool) -> int:
    """Write the file whole or not at all: a temporary one beside it takes its name at the end."""
    what, format = _one(What, "--what", wanted.what), _format(wanted.format, out)
    question = _question(services, wanted)
    ready = export(services, what, format, question)
    size = 0
    try:
        with tempfile.NamedTemporaryFile("wb", dir=out.parent, prefix=".", delete=False) as file:
            temporary = Path(file.name)
            try:
                for piece in ready.pieces:
                    size += file.write(piece)
                file.close()
                temporary.chmod(0o644)
                temporary.replace(out)
            finally:
                temporary.unlink(missing_ok=True)
    except OSError as error:
        raise NotSetUpError(
            f"cannot be written: {error.strerror}", where=str(out), do="check the folder and the disk"
        ) from None
    if as_json:
        say_json({"file": str(out), "what": what.value, "format": format.value, "bytes": size})
    else:
        note(f"{out}: {what.value} as {format.value}, {size:,} bytes.")
    return 0


def _format(given: str | None, out: Path) -> Format:
    if given is not None:
        return _one(Format, "--format", given)
    ending = out.suffix.removeprefix(".").lower()
    if ending not in _ENDINGS:
        raise UsageError("the ending tells no format", where=str(out), do=f"give --format {' or '.join(Format)}")
    return _ENDINGS[ending]


def _question(services: Services, wanted: Wanted) -> Question:
    known = services.topics()
    for topic in wanted.lists.get("topic") or ():
        if topic not in known:
            raise NotFoundError(f"there is no topic {topic}", do=f"the topics are {', '.join(known)}")
    if wanted.query is not None:
        parse_query(wanted.query)
    texts = {name: tuple(wanted.lists.get(name) or ()) for name in ("topic", "stakeholder", "publisher", "article")}
    filters = Filters(
        **texts,
        stance=_several(StanceLabel, "stance", wanted),
        manner=_several(Manner, "manner", wanted),
        since=_day("from", wanted),
        until=_day("to", wanted),
        as_of=_day("as_of", wanted),
        q=wanted.query,
        min_confidence=services.settings.min_confidence if wanted.min_confidence is None else wanted.min_confidence,
    )
    if filters.since and filters.until and filters.until < filters.since:
        raise UsageError("--to lies before --from", do="turn them round")
    group = _one(Grouping, "--group", wanted.group) if wanted.group else None
    return Question(filters=filters, kind=_several(StakeholderKind, "kind", wanted), group=group)


def _several(choices: type[Choice], name: str, wanted: Wanted) -> tuple[Choice, ...]:
    return tuple(_one(choices, f"--{name}", each) for each in wanted.lists.get(name) or ())


def _one(choices: type[Choice], option: str, value: str) -> Choice:
    try:
        return choices(value)
    except ValueError:
        raise UsageError(f"{option} has no {value}", do=f"give {' or '.join(choices)}") from None


def _day(name: str, wanted: Wanted) -> date | None:
    given = wanted.days.get(name)
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise UsageError(f"--{name.replace('_', '-')} is no day", do="write it as 2014-05-21") from None
