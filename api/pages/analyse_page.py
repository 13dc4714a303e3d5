"""The page that analyses a text: everything that would be found, marked in place, and nothing of it kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.dependencies import ServicesDep
from api.pages.analyse_form import MAX_FILE, MAX_TEXT, AnalyseForm, read_given, size_words
from api.pages.article_view import block_views, position_views
from api.pages.evidence_view import name_of, role_of
from api.pages.forms import Fault, PostedDep, by_field
from api.pages.templating import render
from nlp.records import Analysis, Article, BlockKind, Issue

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@dataclass(frozen=True, slots=True)
class Found:
    """A statement, figure or stakeholder of the summary; ``anchor`` is its place in the text below."""

    name: str
    detail: str
    anchor: str = ""


@router.get("/analyse")
def analyse_page() -> HTMLResponse:
    """The empty form."""
    return _form_page(AnalyseForm())


@router.post("/analyse")
def post_analyse(posted: PostedDep, services: ServicesDep) -> HTMLResponse:
    """What is found in a text or file. It is shown at once and has no address: nothing of it may be kept."""
    form, given = AnalyseForm.read(posted), read_given(posted)
    faults = [*given.faults, *form.faults()]
    if given.article is None or faults:
        return _form_page(form, faults)
    topics = services.topics()
    analysis = services.analyse(form.complete(given.article), tuple(topics.values()))
    skipped = (Issue("skipped-item", f"{each.where}: {each.reason}") for each in given.skipped)
    analysis = replace(analysis, issues=(*skipped, *analysis.issues))
    answer = render(
        "analysed.html",
        here="analyse",
        article=analysis.article,
        title=_title(analysis.article),
        analysis=analysis,
        blocks=block_views(analysis, topics),
        positions=position_views(analysis, topics),
        statements=_statements(analysis),
        figures=_figures(analysis),
        stakeholders=_stakeholders(analysis),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _form_page(form: AnalyseForm, faults: Sequence[Fault] = ()) -> HTMLResponse:
    return render(
        "analyse.html",
        status=422 if faults else 200,
        here="analyse",
        form=form,
        faults=faults,
        errors=by_field(faults),
        most_text=MAX_TEXT,
        most_file=MAX_FILE,
        file_words=size_words(MAX_FILE),
    )


def _title(article: Article) -> str:
    """The title that is known, else the first headline of the text."""
    lines = (article.text[block.start : block.end] for block in article.blocks if block.kind is BlockKind.HEADLINE)
    return article.title or next(lines, "A text without a headline")


def _statements(analysis: Analysis) -> list[Found]:
    known = {stakeholder.id: stakeholder for stakeholder in analysis.stakeholders}
    return [
        Found(name_of(each.holder, known) or "unattributed", " … ".join(span.text for span in each.spans), each.id)
        for each in analysis.statements
    ]


def _figures(analysis: Analysis) -> list[Found]:
    return [
        Found(each.spans[0].text, ", ".join([each.kind.value, *([each.what.text] if each.what else [])]), each.id)
        for each in analysis.figures
        if each.spans
    ]


def _stakeholders(analysis: Analysis) -> list[Found]:
    known = {stakeholder.id: stakeholder for stakeholder in analysis.stakeholders}
    return [Found(each.name, role_of(each, known) or each.kind.value) for each in analysis.stakeholders]
