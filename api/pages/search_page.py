"""The search page: words, mode, filters with counts, and marked results; all of it in the address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.responses import Response

from api.dependencies import ServicesDep
from api.exports.csv_table import Cell
from api.pages import search_export
from api.pages.files import csv_file, json_file, made_now
from api.pages.map_view import CONFIDENCES
from api.pages.search_form import FILTERS, LISTS, SearchForm
from api.pages.templating import render
from api.schemas import Names
from api.services import Services
from api.store.questions import Answer, Facet, FoundHit, Mode
from api.store.views import Fragment
from api.words import MANNERS, STANCES, TIERS, StanceWord, confidence_words, date_words
from nlp.errors import NotSetUpError, UsageError
from nlp.records import StanceLabel, Tier

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

SHOWN = 20
MODES = (
    (Mode.HYBRID, "words and meaning"),
    (Mode.LEXICAL, "words only"),
    (Mode.SEMANTIC, "meaning only"),
)
TITLES = {
    "stakeholder": "Who",
    "kind": "Kind of stakeholder",
    "topic": "Proposal",
    "stance": "Stance",
    "strength": "Strength",
    "publisher": "Publisher",
    "year": "Year",
    "tier": "Confidence",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter: its words, how many hits have it, and the address that adds or removes it."""

    text: str
    count: int | None
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Result:
    """One hit in the words of the page."""

    kind: str
    who: str
    snippet: tuple[Fragment, ...]
    title: tuple[Fragment, ...]
    about: str
    details: str
    stances: tuple[tuple[str, StanceWord], ...]
    href: str


@router.get("/search")
def search_page(request: Request, services: ServicesDep) -> HTMLResponse:
    """What is said on something, by whom, and how often."""
    form = SearchForm.read(request.query_params.multi_items())
    topics = {id: topic.name for id, topic in services.topics().items()}
    answer, form = _answer(services, form, topics)
    names = services.store.reader.titles(_ids(answer, form))
    return render(
        "search.html",
        status=422 if form.errors else 200,
        here="search",
        form=form,
        modes=MODES,
        lists=LISTS,
        confidences=CONFIDENCES,
        confidence=services.settings.min_confidence if form.confidence is None else form.confidence,
        answer=answer,
        most_hits=search_export.MOST,
        results=[_result(hit, names) for hit in answer.items] if answer else [],
        chosen=_chosen(form, names, topics),
        facets=_facets(answer, form, names) if answer else [],
    )


def _hits(request: Request, services: Services) -> Iterable[dict[str, Cell]]:
    form = SearchForm.read(request.query_params.multi_items())
    if not form.q or "q" in form.errors:
        return ()
    reader = services.store.reader
    question = form.to_question(reader, confidence=services.settings.min_confidence)
    topics = {id: topic.name for id, topic in services.topics().items()}
    return search_export.hit_rows(services.store.searcher, reader, question, topics, made_now())


@router.get("/search.csv")
def search_csv(request: Request, services: ServicesDep) -> Response:
    """The best results, on all pages, one a line."""
    return csv_file("search", search_export.COLUMNS, _hits(request, services))


@router.get("/search.json")
def search_json(request: Request, services: ServicesDep) -> JSONResponse:
    """The same as a document."""
    return json_file("search", {"results": _hits(request, services)})


def _answer(services: Services, form: SearchForm, topics: Mapping[str, str]) -> tuple[Answer | None, SearchForm]:
    if not form.q or "q" in form.errors:
        return None, form
    question = form.to_question(services.store.reader, confidence=services.settings.min_confidence)
    searcher = services.store.searcher
    try:
        return searcher.search(question, after=form.after, limit=SHOWN, names=topics), form
    except UsageError:
        # The cursor of another list: its first page is a better answer than none.
        return searcher.search(question, limit=SHOWN, names=topics), replace(form, after=None)
    except NotSetUpError as error:
        return None, replace(form, errors={**form.errors, "mode": f"{error.what[:1].upper()}{error.what[1:]}."})


def _ids(answer: Answer | None, form: SearchForm) -> set[str]:
    found = set(form.values.get("stakeholder", ()))
    if answer:
        found |= {facet.value for facet in answer.facets["stakeholder"]}
        for hit in answer.items:
            parts = (hit.statement.holder, hit.statement.on_behalf_of) if hit.statement else ()
            found |= {id for id in parts if id}
    return found


def _result(hit: FoundHit, names: Names) -> Result:
    head, anchor = hit.article, ""
    about = ", ".join(filter(None, (head.publisher, date_words(head.published))))
    who, details = "The article", ""
    if hit.statement:
        anchor = hit.statement.id.removeprefix(f"{head.id}:")
        who = _name(hit.statement.holder, names) if hit.statement.holder else "Nobody named"
        details = f"{MANNERS[hit.statement.manner]}; {confidence_words(hit.statement.evidence.confidence)}"
    elif hit.figure:
        anchor = hit.figure.id.removeprefix(f"{head.id}:")
        who = hit.figure.spans[0].text if hit.figure.spans else "A figure"
        details = f"{hit.figure.kind.value}; {confidence_words(hit.figure.evidence.confidence)}"
    return Result(
        kind=hit.kind.value,
        who=who,
        snippet=hit.snippet,
        title=hit.title or (Fragment(text=head.source, match=False),),
        about=about,
        details=details,
        stances=tuple((stance.label.value, STANCES[stance.label]) for stance in hit.stances),
        href=f"/articles/{quote(head.id, safe='')}{f'#{anchor}' if anchor else ''}",
    )


def _facets(answer: Answer, form: SearchForm, names: Names) -> list[tuple[str, list[Choice]]]:
    found = []
    for name in FILTERS:
        choices = [_choice(form, name, facet, names) for facet in answer.facets[name]]
        if choices:
            found.append((TITLES[name], choices))
    return found


def _choice(form: SearchForm, name: str, facet: Facet, names: Names) -> Choice:
    text = _words(name, facet.value, facet.name, names)
    return Choice(text, facet.count, form.toggled(name, facet.value), form.has(name, facet.value))


def _chosen(form: SearchForm, names: Names, topics: Mapping[str, str]) -> list[Choice]:
    """The filters that are on, each with the address without it."""
    return [
        Choice(f"{TITLES[name]}: {_words(name, value, topics.get(value, value), names)}", None, address, True)
        for name, value in form.carried()
        for address in (form.toggled(name, value),)
    ]


def _words(name: str, value: str, known: str, names: Names) -> str:
    if name == "stakeholder":
        return _name(value, names)
    if name == "stance":
        return STANCES[StanceLabel(value)].word
    return TIERS[Tier(value)] if name == "tier" else known


def _name(id: str, names: Names) -> str:
    return names[id].name if id in names else id
