"""``standpoint search``: what the store says about something, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from api.commands.output import joined, note, one_line, say, say_json
from api.routes.search_bodies import SearchOut, ids_in
from api.services import Services
from api.store import Filters
from api.store.passages import PassageKind
from api.store.questions import EVERYTHING, FoundHit, Mode, Question
from api.store.views import Fragment
from api.words import count_words, date_words
from nlp.errors import UsageError
from nlp.records import Stakeholder


def ask(services: Services, query: str, mode: str, within: Iterable[str]) -> Question:
    """The question of the command line. Raises UsageError for a mode or a list that there is not."""
    modes, lists = [mode.value for mode in Mode], [f"{kind}s" for kind in PassageKind]
    if mode not in modes:
        raise UsageError("there is no such mode", where=f"--mode {mode}", do=f"say {', '.join(modes)}")
    chosen = tuple(dict.fromkeys(within))
    if unknown := [name for name in chosen if name not in lists]:
        raise UsageError("there is no such list", where=f"--in {unknown[0]}", do=f"say {', '.join(lists)}")
    return Question(
        query=query,
        mode=Mode(mode),
        within=tuple(PassageKind(name.removesuffix("s")) for name in chosen) or EVERYTHING,
        filters=Filters(min_confidence=services.settings.min_confidence),
    )


def search_store(services: Services, question: Question, *, limit: int, as_json: bool) -> int:
    """Print what matches, best first."""
    topics = {id: topic.name for id, topic in services.topics().items()}
    found = services.store.searcher.search(question, limit=limit, names=topics)
    names = services.store.reader.stakeholders_by_id(ids_in(found))
    if as_json:
        say_json(SearchOut.from_record(found, names).model_dump(mode="json", by_alias=True))
        return 0
    for hit in found.items:
        say(_lines(hit, names))
    if found.note:
        note(f"Only {found.note.removeprefix('looked for ')}.")
    if found.items:
        note(f"{count_words(found.total, 'hit')}, {len(found.items)} shown.")
    else:
        note("Nothing found; fewer or other words may help.")
    return 0


def _lines(hit: FoundHit, names: Mapping[str, Stakeholder]) -> str:
    head = hit.article
    source = joined([_marked(hit.title) or head.source, head.publisher or "", date_words(head.published), head.id])
    return f"{one_line(_who(hit, names))}: {one_line(_marked(hit.snippet))}\n  {one_line(source)}\n"


def _who(hit: FoundHit, names: Mapping[str, Stakeholder]) -> str:
    if hit.figure:
        return hit.figure.spans[0].text if hit.figure.spans else "a figure"
    if hit.statement is None:
        return "in the article"
    id = hit.statement.holder
    return "unattributed" if id is None else names[id].name if id in names else id


def _marked(fragments: Iterable[Fragment]) -> str:
    return "".join(f"[{piece.text}]" if piece.match else piece.text for piece in fragments)
