"""The addresses of the list of topics, of a topic's page, and of what both export."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.responses import Response

from api.comparing import CAMPS, divide
from api.cursors import fingerprint
from api.dependencies import ServicesDep
from api.exports.csv_table import Cell
from api.pages import positions_export
from api.pages.files import csv_file, json_file, made_now
from api.pages.map_view import CONFIDENCES, GROUPS, MapForm
from api.pages.templating import render
from api.pages.topic_view import (
    CAMP_PAGE,
    TopicRow,
    camp_views,
    condition_views,
    sides,
    topic_rows,
    years,
    years_chart,
)
from api.problems import ProblemError, not_found
from api.services import Services
from api.store import Page
from api.store.analyst import Question
from api.store.evidence import Speaker, Told
from api.words import divided_words
from nlp.divides import DEFINITION
from nlp.errors import UsageError
from nlp.records import StanceLabel, Topic

#: So many conditions and silent stakeholders are on the page; files have all, or the newest so many conditions.
CONDITIONS, SILENT, MOST_CONDITIONS = 10, 15, 1000
TOPIC_COLUMNS = ("topic", "topic_id", "claim", *CAMPS, "polarization", "latest", "made_by")
ARGUMENT_COLUMNS = ("side", "argument", "stakeholder", "stakeholder_id", "words", "source", "page", "made_by")
CONDITION_COLUMNS = ("stakeholder", "stakeholder_id", "condition", "sentence", "source", "page", "made_by")
SILENT_COLUMNS = ("stakeholder", "stakeholder_id", "kind", "statements", "stories", "first", "last", "made_by")
YEAR_COLUMNS = ("year", *CAMPS, "polarization", "made_by")

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


class Table(StrEnum):
    """What is exported of a topic."""

    POSITIONS = "positions"
    ARGUMENTS = "arguments"
    CONDITIONS = "conditions"
    SILENT = "silent"
    YEARS = "years"


def _form(request: Request, services: Services) -> MapForm:
    return MapForm.read(request.query_params.multi_items(), default=services.settings.min_confidence)


@dataclass(frozen=True, slots=True)
class Asked:
    """A topic, and the coverage in which it is looked at."""

    services: Services
    topic: Topic
    form: MapForm
    topics: Mapping[str, Topic]

    @classmethod
    def of(cls, id: str, request: Request, services: Services) -> Asked:
        """Raises ProblemError where the server knows no such topic."""
        topics = services.topics()
        if id not in topics:
            raise not_found("topic")
        return cls(services, topics[id], _form(request, services), topics)

    @property
    def question(self) -> Question:
        filters = replace(self.form.to_filters(), topic=(self.topic.id,))
        return replace(self.form.to_question(), filters=filters)

    @property
    def query(self) -> str:
        return self.form.evidence_query()

    def silent(self) -> list[Speaker]:
        return self.services.store.analyst.silent(self.question, self.topic.id)


@router.get("/topics")
def topics_page(request: Request, services: ServicesDep) -> HTMLResponse:
    """Every proposal with its camps, and how far apart they are."""
    form = _form(request, services)
    return render(
        "topics.html",
        status=422 if form.errors else 200,
        here="topics",
        form=form,
        rows=_topic_rows(services, form),
        camps=CAMPS,
        publishers=services.store.reader.publishers(),
        confidences=CONFIDENCES,
        groups=GROUPS,
        definition=DEFINITION,
    )


def _topic_rows(services: Services, form: MapForm) -> list[TopicRow]:
    question = replace(form.to_question(), filters=replace(form.to_filters(), topic=()))
    rows = topic_rows(services.store.analyst.sheet(question), services.topics(), form.evidence_query())
    return sorted(rows, key=lambda row: -sum(count for _, count in row.counts))


@router.get("/topics.csv")
def topics_csv(request: Request, services: ServicesDep) -> Response:
    return csv_file("topics", TOPIC_COLUMNS, _topics_as_rows(request, services))


@router.get("/topics.json")
def topics_json(request: Request, services: ServicesDep) -> JSONResponse:
    return json_file("topics", {"topics": _topics_as_rows(request, services)})


def _topics_as_rows(request: Request, services: Services) -> Iterable[dict[str, Cell]]:
    for row in _topic_rows(services, _form(request, services)):
        counts = {label.value: count for label, count in row.counts}
        own = {"topic": row.name, "topic_id": row.id, "claim": row.claim}
        yield {**own, **counts, "polarization": row.index, "latest": row.last or None, "made_by": made_now()}


@router.get("/topics/{id}")
def topic_page(id: str, request: Request, services: ServicesDep) -> HTMLResponse:
    """A proposal: its camps, how far apart they are, with which arguments, on which conditions, and who is silent."""
    asked = Asked.of(id, request, services)
    camp = _camp(request)
    analyst, reader = services.store.analyst, services.store.reader
    found, people = divide(analyst, asked.question), analyst.names()
    if camp is not None:
        shown = camp_views(found, id, asked.query, people, only=camp, page=asked.form.page)[0]
        pages = -(-shown.stakeholders // CAMP_PAGE)
        return render("camp.html", here="", topic=asked.topic, form=asked.form, camp=shown, pages=pages)
    conditions, older = _conditions(asked, request)
    silent, over_time = asked.silent(), years(analyst, asked.question)
    return render(
        "topic.html",
        status=422 if asked.form.errors else 200,
        here="",
        topic=asked.topic,
        form=asked.form,
        camps=camp_views(found, id, asked.query, people),
        total=len(found.members),
        divided=divided_words(found.polarization),
        definition=DEFINITION,
        sides=sides(analyst.reasons(asked.question), people, asked.query),
        conditions=condition_views(conditions.items, people, asked.query),
        older=older,
        silent=silent[:SILENT],
        all_silent=len(silent),
        years=over_time,
        chart=years_chart(asked.topic.name, over_time),
        labels=CAMPS,
        publishers=reader.publishers(),
        confidences=CONFIDENCES,
        groups=GROUPS,
    )


def _camp(request: Request) -> StanceLabel | None:
    """The camp that is asked for by itself. Raises ProblemError for one that there is not."""
    given = request.query_params.get("camp")
    if not given:
        return None
    if given not in CAMPS:
        raise not_found("camp")
    return StanceLabel(given)


def _conditions(asked: Asked, request: Request) -> tuple[Page[Told], str | None]:
    """A page of conditions and the cursor of the next. Raises ProblemError for a cursor of another list."""
    services = asked.services
    query = fingerprint(request.url.path, [("conditions", asked.query)])
    given = request.query_params.get("conditions")
    try:
        after = services.signer.open(given, query) if given else None
        page = services.store.analyst.conditions(asked.question, after, CONDITIONS)
    except (ProblemError, UsageError):
        raise not_found("page of conditions") from None
    return page, services.signer.seal(page.next, query) if page.next else None


@router.get("/topics/{id}/all.json")
def topic_json(id: str, request: Request, services: ServicesDep) -> JSONResponse:
    """All tables of the page, whole."""
    asked = Asked.of(id, request, services)
    return json_file("topic", {table.value: _rows(asked, table) for table in Table})


@router.get("/topics/{id}/{table}.csv")
def topic_csv(id: str, table: Table, request: Request, services: ServicesDep) -> Response:
    """One table of the page, whole."""
    return csv_file(f"topic-{table}", _COLUMNS[table], _rows(Asked.of(id, request, services), table))


_COLUMNS = {
    Table.POSITIONS: positions_export.COLUMNS,
    Table.ARGUMENTS: ARGUMENT_COLUMNS,
    Table.CONDITIONS: CONDITION_COLUMNS,
    Table.SILENT: SILENT_COLUMNS,
    Table.YEARS: YEAR_COLUMNS,
}


def _rows(asked: Asked, table: Table) -> Iterable[dict[str, Cell]]:
    analyst = asked.services.store.analyst
    match table:
        case Table.POSITIONS:
            sheet = analyst.sheet(asked.question)
            return positions_export.position_rows(sheet, sheet.holders, asked.topics, asked.services, asked.query)
        case Table.ARGUMENTS:
            return _argument_rows(asked)
        case Table.CONDITIONS:
            return _condition_rows(asked)
        case Table.SILENT:
            return map(_silent_row, asked.silent())
        case Table.YEARS:
            return _year_rows(asked)


def _argument_rows(asked: Asked) -> Iterable[dict[str, Cell]]:
    analyst = asked.services.store.analyst
    for side in sides(analyst.reasons(asked.question), analyst.names(), asked.query):
        for argument in side.arguments:
            for voice in argument.voices:
                yield {
                    "side": side.key,
                    "argument": argument.words,
                    "stakeholder": voice.name,
                    "stakeholder_id": voice.id,
                    "words": voice.words,
                    "source": voice.where,
                    "page": voice.article,
                    "made_by": made_now(),
                }


def _condition_rows(asked: Asked) -> Iterable[dict[str, Cell]]:
    analyst = asked.services.store.analyst
    page = analyst.conditions(asked.question, None, MOST_CONDITIONS)
    for each in condition_views(page.items, analyst.names(), asked.query):
        yield {
            "stakeholder": each.name,
            "stakeholder_id": each.id,
            "condition": each.words,
            "sentence": "".join(piece.text for piece in each.said.pieces),
            "source": each.said.source,
            "page": each.said.href,
            "made_by": made_now(),
        }


def _silent_row(speaker: Speaker) -> dict[str, Cell]:
    return {
        "stakeholder": speaker.name,
        "stakeholder_id": speaker.id,
        "kind": speaker.kind.value,
        "statements": speaker.statements,
        "stories": speaker.stories,
        "first": speaker.first,
        "last": speaker.last,
        "made_by": made_now(),
    }


def _year_rows(asked: Asked) -> Iterable[dict[str, Cell]]:
    for year in years(asked.services.store.analyst, asked.question):
        counts = {label.value: count for label, count in year.counts}
        index = None if year.index is None else round(year.index, 4)
        yield {"year": year.name, **counts, "polarization": index, "made_by": made_now()}
