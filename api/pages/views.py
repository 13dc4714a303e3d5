"""The addresses of the pages; each gathers records, turns them into a view and renders it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.responses import Response

from api.cursors import fingerprint
from api.dependencies import ServicesDep
from api.exports.csv_table import Cell
from api.pages import quotes_export
from api.pages.article_view import block_views, copy_views, limit_words, position_views, quote_views
from api.pages.carried_view import carried_views
from api.pages.evidence_view import quote_of
from api.pages.files import csv_file, json_file, made_now
from api.pages.judgement_words import JudgementView, judgement_view
from api.pages.map_view import CONFIDENCES, GROUPS, SORTS, WHOLE, MapForm, map_table, sorted_rows
from api.pages.moved import moved
from api.pages.paths import evidence_path, exports_path, stakeholder_path, topic_path
from api.pages.positions_export import COLUMNS, position_rows
from api.pages.reference import reference, schemas
from api.pages.templating import render, render_problem
from api.problems import ProblemError, not_found, problem_of
from api.services import Services, in_topic_order
from api.store import Filters, StanceRow
from api.store.analyst import Question
from api.store.judging import Asked
from api.store.licences import today
from api.words import STANCES, STRENGTHS, confidence_words, story_count
from nlp.cells import Grouping
from nlp.errors import UsageError, WithdrawnError
from nlp.judgements import CORRECTED, Judged, Verdict
from nlp.records import StakeholderKind

#: How many quotes a page of evidence shows.
QUOTES = 20

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/")
def map_page(request: Request, services: ServicesDep) -> HTMLResponse:
    """The map: stakeholders x topics, every cell a link to its quotes."""
    reader, topics = services.store.reader, services.topics()
    form = MapForm.read(request.query_params.multi_items(), default=services.settings.min_confidence)
    analyst = services.store.analyst
    table = map_table(analyst.sheet(form.to_question()), form, topics, services.store.judging.cells())
    return render(
        "map.html",
        status=422 if form.errors else 200,
        here="map",
        form=form,
        table=table,
        topics=topics,
        kinds=list(StakeholderKind),
        publishers=reader.publishers(),
        confidences=CONFIDENCES,
        groups=GROUPS,
        sorts=SORTS,
        counts=reader.counts(min_confidence=form.confidence),
        most_rows=WHOLE,
    )


def _map_rows(request: Request, services: Services) -> Iterable[dict[str, Cell]]:
    form = MapForm.read(request.query_params.multi_items(), default=services.settings.min_confidence)
    sheet, topics = services.store.analyst.sheet(form.to_question()), services.topics()
    codes = sorted_rows(sheet, form.sort, in_topic_order(sheet.topics(), topics))
    return position_rows(sheet, codes, topics, services, form.evidence_query())


@router.get("/map.csv")
def map_csv(request: Request, services: ServicesDep) -> Response:
    """The positions that fit the form, on all pages, one a line."""
    return csv_file("map", COLUMNS, _map_rows(request, services))


@router.get("/map.json")
def map_json(request: Request, services: ServicesDep) -> JSONResponse:
    """The same as a document."""
    return json_file("map", {"positions": _map_rows(request, services)})


@router.get("/positions/{holder}/{topic}")
def evidence_page(holder: str, topic: str, request: Request, services: ServicesDep) -> Response:
    """The quotes behind one position, newest first."""
    (stands,) = services.store.judging.stands_for([holder])
    if stands != holder:
        return moved(evidence_path(stands, topic), request)
    reader, known = services.store.reader, services.topics()
    stakeholder = reader.stakeholders_by_id([holder]).get(holder)
    if stakeholder is None:
        raise not_found("stakeholder")
    if topic not in known:
        raise not_found("topic")
    form = MapForm.read(request.query_params.multi_items(), default=services.settings.min_confidence)
    own = replace(form.to_filters(), stakeholder=(holder,), topic=(topic,))
    sheet = services.store.analyst.sheet(Question(filters=own, group=form.group))
    position = next((cell.position for code in sheet.holders for cell in sheet.row(code)), None)
    filters = _quoted(services, form, holder, topic)
    query = fingerprint(request.url.path, [("form", form.evidence_query())])
    try:
        given = request.query_params.get("after")
        after = services.signer.open(given, query) if given else None
        page = reader.stances(filters, after=after, limit=QUOTES, once=True)
    except (ProblemError, UsageError):
        raise not_found("page of quotes") from None
    analyses = {id: reader.shown(id).analysis for id in {row.article.id for row in page.items}}
    ids = {id for row in page.items for id in (row.stance.holder, row.stance.on_behalf_of) if id}
    names = reader.stakeholders_by_id({holder, *ids})
    # Only what was changed by hand: whoever was told it reads what it was.
    changed = {row.statement.id for row in page.items if row.statement and _corrected(row)}
    rejected = _rejected(services, holder, topic)
    told = carried_views(services.store.briefings, changed | {each.article for each in rejected if each.article})
    return render(
        "evidence.html",
        status=422 if form.errors else 200,
        here="",
        stakeholder=stakeholder,
        topic=known[topic],
        holder_path=stakeholder_path(holder) + form.evidence_query(),
        topic_path=topic_path(topic) + form.evidence_query(),
        quotes_path=evidence_path(holder, topic) + "/quotes",
        formats_path=_formats_path(filters, form),
        position=position,
        stance=STANCES[position.label] if position else None,
        strength=STRENGTHS[position.strength] if position else "",
        count=story_count(position) if position else 0,
        confidence=confidence_words(position.confidence) if position else "",
        checked=services.store.judging.cells().get((holder, topic), 0),
        quotes=[quote_of(row, analyses[row.article.id], names, on=today()) for row in page.items],
        form=form,
        carried=told,
        rejected=rejected,
        next=services.signer.seal(page.next, query) if page.next else None,
    )


def _corrected(row: StanceRow) -> bool:
    """Whether a reviewer put something else in the place of a stance or of its holder."""
    said = row.statement.evidence.method if row.statement else ""
    return CORRECTED in (row.stance.evidence.method, said)


def _rejected(services: Services, holder: str, topic: str) -> list[JudgementView]:
    """What reviewers took out of a cell, which the page shows folded away."""
    judging = services.store.judging
    asked = Asked(kind=(Judged.STANCE,), verdict=(Verdict.REJECT,), topic=(topic,), standing=True)
    identities = judging.identities()
    own = (
        each
        for each in judging.all(asked)
        if identities.resolve(each.found.get("holder") or "", each.target.article) == holder
    )
    return [judgement_view(each) for each in own]


def _formats_path(filters: Filters, form: MapForm) -> str:
    """All formats of the quotes, those of officers among them where rows are grouped so."""
    pairs = [("stakeholder", id) for id in filters.stakeholder] + [("topic", id) for id in filters.topic]
    return f"{exports_path('statements', replace(form, group=None).evidence_query())}&{urlencode(pairs)}"


def _quoted(services: Services, form: MapForm, holder: str, topic: str) -> Filters:
    """What the quotes of a position pass: its holder's and, where rows are grouped so, those of its officers."""
    together = form.group is Grouping.BODY_AND_ITS_OFFICERS
    officers = services.store.analyst.officers(holder) if together else ()
    return replace(form.to_filters(), stakeholder=(holder, *officers), topic=(topic,))


def _quote_rows(holder: str, topic: str, request: Request, services: Services) -> Iterable[dict[str, Cell]]:
    reader = services.store.reader
    if holder not in reader.stakeholders_by_id([holder]):
        raise not_found("stakeholder")
    form = MapForm.read(request.query_params.multi_items(), default=services.settings.min_confidence)
    return quotes_export.quote_rows(reader, _quoted(services, form, holder, topic), made_now())


@router.get("/positions/{holder}/{topic}/quotes.csv")
def quotes_csv(holder: str, topic: str, request: Request, services: ServicesDep) -> Response:
    """All quotes behind a position, one a line."""
    return csv_file("quotes", quotes_export.COLUMNS, _quote_rows(holder, topic, request, services))


@router.get("/positions/{holder}/{topic}/quotes.json")
def quotes_json(holder: str, topic: str, request: Request, services: ServicesDep) -> JSONResponse:
    """The same as a document."""
    return json_file("quotes", {"quotes": _quote_rows(holder, topic, request, services)})


@router.get("/articles/{id}")
def article_page(id: str, services: ServicesDep) -> HTMLResponse:
    """One article with everything found in it marked in place."""
    carried = carried_views(services.store.briefings, [id]).get(id, ())
    try:
        found = services.store.reader.shown(id)
    except WithdrawnError as error:
        return render_problem(problem_of(error), carried=carried)
    analysis, topics = found.analysis, services.topics()
    return render(
        "article.html",
        here="",
        article=analysis.article,
        analysis=analysis,
        added=found.added.date(),
        limit=limit_words(found),
        copies=copy_views(found),
        more_copies=found.copy_count - len(found.copies),
        blocks=quote_views(analysis, topics) if limit_words(found) else block_views(analysis, topics),
        positions=position_views(analysis, topics),
        judged=[judgement_view(each) for each in reversed(services.store.judging.of_article(id))],
        carried=carried,
    )


@router.get("/docs")
def docs_page(request: Request) -> HTMLResponse:
    """The reference of the API, made from its OpenAPI document, with a form to try each address."""
    document = request.app.openapi()
    groups = reference(document)
    return render("docs.html", here="docs", groups=groups, schemas=schemas(document), info=document["info"])
