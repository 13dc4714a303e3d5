"""The addresses of a stakeholder's page and of what it exports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.responses import Response

from api.claims import parties
from api.dependencies import ServicesDep
from api.exports.csv_table import Cell
from api.pages import figures_export, positions_export
from api.pages.figures_view import Entry
from api.pages.files import csv_file, json_file, made_now
from api.pages.map_view import CONFIDENCES, MapForm
from api.pages.moved import moved
from api.pages.paths import stakeholder_path
from api.pages.stakeholder_view import Ally, Turn, allies, history, kin_of, stands, sums, turns, who_view
from api.pages.templating import render
from api.problems import not_found
from api.services import Services
from api.store import FigureRow
from api.store.analyst import Question, Sheet
from api.words import kinds_told
from nlp.alliances import find_ties_with
from nlp.cells import Grouping
from nlp.records import Stakeholder, Topic
from nlp.register import register

#: So many changes, figures and others who stand alike are on the page; files have all.
TURNS, SUMS, ALLIES = 10, 10, 8
ALIKE_COLUMNS = ("stakeholder", "stakeholder_id", "kind", "alike", "opposed", "made_by")
CHANGE_COLUMNS = (
    "topic", "kind", "before", "after", "published", "old_sentence", "old_page", "new_sentence", "new_page", "made_by",
)  # fmt: skip

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


class Table(StrEnum):
    """What is exported of a stakeholder."""

    POSITIONS = "positions"
    CHANGES = "changes"
    FIGURES = "figures"
    ALIKE = "alike"


@dataclass(frozen=True, slots=True)
class Asked:
    """A stakeholder, and the coverage in which it is looked at."""

    services: Services
    stakeholder: Stakeholder
    form: MapForm
    topics: dict[str, Topic]

    @classmethod
    def of(cls, id: str, request: Request, services: Services) -> Asked:
        """Raises ProblemError where neither the database nor the register knows the id."""
        stakeholder = services.store.reader.stakeholders_by_id([id]).get(id) or register().get(id)
        if stakeholder is None:
            raise not_found("stakeholder")
        form = MapForm.read(request.query_params.multi_items(), default=services.settings.min_confidence)
        return cls(services, stakeholder, form, services.topics())

    @property
    def question(self) -> Question:
        filters = replace(self.form.to_filters(), stakeholder=(self.stakeholder.id,), topic=())
        together = self.form.group is Grouping.BODY_AND_ITS_OFFICERS
        return Question(filters=filters, group=Grouping.BODY_AND_ITS_OFFICERS if together else None)

    @property
    def query(self) -> str:
        return self.form.evidence_query()

    def sheet(self) -> Sheet:
        return self.services.store.analyst.sheet(self.question)

    def turns(self, most: int | None = None) -> tuple[list[Turn], int]:
        """The changes, the latest first, and how many there are."""
        analyst = self.services.store.analyst
        snapshot, found = analyst.changes(self.question)
        shown = found[: len(found) if most is None else most]
        rows = [row for each in shown for row in (each.old, each.new) if row is not None]
        return turns(shown, analyst.read_rows(found.columns, snapshot, rows), self.topics), len(found)

    def quoted(self) -> list[FigureRow]:
        """The figures that the stakeholder gives, the newest first."""
        reader, filters = self.services.store.reader, replace(self.question.filters, topic=())
        return [row for row in reader.all_figures(filters) if row.figure.cited_by == self.stakeholder.id]

    def allies(self, own: Sheet) -> list[Ally]:
        """Everybody with a position on the same proposals, those who stand alike first."""
        wanted = own.topics()
        if not wanted:
            return []
        filters = replace(self.question.filters, stakeholder=(), topic=wanted)
        sheet = self.services.store.analyst.sheet(replace(self.question, filters=filters))
        id = self.stakeholder.id
        return allies(find_ties_with(sheet.labels(), id), sheet, id, self.topics, self.query)


@router.get("/stakeholders/{id}")
def stakeholder_page(id: str, request: Request, services: ServicesDep) -> Response:
    """Who somebody is, where they stand, since when, how that changed, and who stands alike."""
    (other,) = services.store.judging.stands_for([id])
    if other != id:
        return moved(stakeholder_path(other), request)
    asked = Asked.of(id, request, services)
    reader, sheet = services.store.reader, asked.sheet()
    posts = [*reader.posts(person=id), *reader.posts(organisation=id)]
    names = reader.stakeholders_by_id(
        {*kin_of(asked.stakeholder), *(p.person for p in posts), *(p.organisation for p in posts)}
    )
    changes, all_changes = asked.turns(TURNS)
    figures, others = asked.quoted(), asked.allies(sheet)
    alike, against = _alike(others), _against(others)
    return render(
        "stakeholder.html",
        status=422 if asked.form.errors else 200,
        here="",
        stakeholder=asked.stakeholder,
        who=who_view(asked.stakeholder, posts, names),
        form=asked.form,
        stands=stands(sheet, asked.topics, asked.query, services.store.judging.cells()),
        history=history(sheet, asked.topics, asked.stakeholder.name, asked.query),
        turns=changes,
        all_turns=all_changes,
        sums=sums(figures[:SUMS]),
        all_sums=len(figures),
        alike=alike,
        against=against,
        kinds=kinds_told(((each.id, each.name, each.kind) for each in (*alike, *against)), sheet.name_of),
        others=len(others),
        publishers=reader.publishers(),
        confidences=CONFIDENCES,
    )


def _alike(others: Sequence[Ally]) -> list[Ally]:
    return [each for each in others if len(each.alike) > len(each.opposed)][:ALLIES]


def _against(others: Sequence[Ally]) -> list[Ally]:
    return [each for each in reversed(others) if len(each.opposed) > len(each.alike)][:ALLIES]


@router.get("/stakeholders/{id}/{table}.csv")
def stakeholder_csv(id: str, table: Table, request: Request, services: ServicesDep) -> Response:
    """One table of the page, whole."""
    asked = Asked.of(id, request, services)
    return csv_file(f"stakeholder-{table}", _COLUMNS[table], _rows(asked, table))


@router.get("/stakeholders/{id}/all.json")
def stakeholder_json(id: str, request: Request, services: ServicesDep) -> JSONResponse:
    """All tables of the page, whole."""
    asked = Asked.of(id, request, services)
    return json_file("stakeholder", {table.value: _rows(asked, table) for table in Table})


_COLUMNS = {
    Table.POSITIONS: positions_export.COLUMNS,
    Table.CHANGES: CHANGE_COLUMNS,
    Table.FIGURES: figures_export.COLUMNS,
    Table.ALIKE: ALIKE_COLUMNS,
}


def _rows(asked: Asked, table: Table) -> Iterable[dict[str, Cell]]:
    match table:
        case Table.POSITIONS:
            sheet = asked.sheet()
            return positions_export.position_rows(sheet, sheet.holders, asked.topics, asked.services, asked.query)
        case Table.CHANGES:
            return map(_turn_row, asked.turns()[0])
        case Table.FIGURES:
            reader, figures = asked.services.store.reader, asked.quoted()
            names = reader.stakeholders_by_id({id for row in figures for id in parties(row.figure)})
            entries = [Entry(row, copies=1, stories=1, articles=1) for row in figures]
            return figures_export.export_rows(entries, names, reader, made_now())
        case Table.ALIKE:
            return map(_ally_row, asked.allies(asked.sheet()))


def _turn_row(turn: Turn) -> dict[str, Cell]:
    old, new = turn.old, turn.new
    return {
        "topic": turn.topic,
        "kind": turn.kind,
        "before": turn.before,
        "after": turn.after,
        "published": turn.when,
        "old_sentence": "".join(piece.text for piece in old.pieces) if old else None,
        "old_page": old.href if old else None,
        "new_sentence": "".join(piece.text for piece in new.pieces),
        "new_page": new.href,
        "made_by": made_now(),
    }


def _ally_row(ally: Ally) -> dict[str, Cell]:
    return {
        "stakeholder": ally.name,
        "stakeholder_id": ally.id,
        "kind": ally.kind,
        "alike": "; ".join(ally.alike),
        "opposed": "; ".join(ally.opposed),
        "made_by": made_now(),
    }
