"""The addresses of the figures page and of what it exports."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.responses import Response

from api.claims import parties, sentences_of
from api.dependencies import ServicesDep
from api.exports.csv_table import Cell
from api.pages import figures_export as export
from api.pages.figures_form import FiguresForm
from api.pages.figures_view import PAGE, RIVALS, Money, money_for, newest, rival_views, row_views, shown_rivalries
from api.pages.files import csv_file, json_file, made_now
from api.pages.map_view import CONFIDENCES
from api.pages.templating import render
from api.schemas import Names
from api.services import Services
from api.store import Filters
from nlp.figure_groups import PrintedFigure
from nlp.records import Figure, FigureKind

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


def _asked(request: Request, services: Services) -> tuple[FiguresForm, Money]:
    reader = services.store.reader
    default = services.settings.min_confidence
    form = FiguresForm.read(request.query_params.multi_items(), reader, default=default)
    return form, money_for(reader.all_figures(form.to_filters()), form)


@router.get("/figures")
def figures_page(request: Request, services: ServicesDep) -> HTMLResponse:
    """The money that articles quote: who says so, for what, for when, how firm, and which sums are rivals."""
    form, money = _asked(request, services)
    reader = services.store.reader
    entries = money.entries[(form.shared.page - 1) * PAGE : form.shared.page * PAGE]
    rivalries = shown_rivalries(money, form)
    names = _names(services, [e.row.figure for e in entries], [f for r in rivalries for f in r.figures])
    sentences = sentences_of(reader, [newest(claim) for each in rivalries for claim in each.amounts])
    return render(
        "figures.html",
        status=422 if form.errors else 200,
        here="figures",
        form=form,
        shared=form.shared,
        rows=row_views(money, form, names),
        total=len(money.entries),
        articles=money.articles,
        rivals=rival_views(money, form, names, sentences),
        rivalries=len(money.rivalries),
        pages=-(-len(money.entries) // PAGE),
        rival_pages=-(-len(money.rivalries) // RIVALS),
        any_article=bool(money.rows) or bool(reader.articles(Filters(min_confidence=0), limit=1).items),
        topics=services.topics(),
        kinds=list(FigureKind),
        publishers=reader.publishers(),
        confidences=CONFIDENCES,
    )


@router.get("/figures.csv")
def figures_csv(request: Request, services: ServicesDep) -> Response:
    """The rows that fit the form, on all pages, with their sentences."""
    _, money = _asked(request, services)
    return csv_file("figures", export.COLUMNS, _rows(services, money))


@router.get("/figures/rivals.csv")
def rivals_csv(request: Request, services: ServicesDep) -> Response:
    """The rival sums that fit the form, on all pages."""
    _, money = _asked(request, services)
    return csv_file("rivals", export.RIVAL_COLUMNS, _rival_rows(services, money))


@router.get("/figures.json")
def figures_json(request: Request, services: ServicesDep) -> JSONResponse:
    """Both tables as one document."""
    _, money = _asked(request, services)
    return json_file("figures", {"figures": _rows(services, money), "rivals": _rival_rows(services, money)})


def _rows(services: Services, money: Money) -> Iterable[dict[str, Cell]]:
    names = _names(services, [entry.row.figure for entry in money.entries], [])
    return export.export_rows(money.entries, names, services.store.reader, made_now())


def _rival_rows(services: Services, money: Money) -> Iterable[dict[str, Cell]]:
    names = _names(services, [], [figure for each in money.rivalries for figure in each.figures])
    return export.rival_rows(money, names, made_now())


def _names(services: Services, figures: Iterable[Figure], quoted: Iterable[PrintedFigure]) -> Names:
    every = [*figures, *(each.figure for each in quoted)]
    return services.store.reader.titles({id for figure in every for id in parties(figure)})
