"""Jinja, set up once: everything is escaped, and what is missing is an error."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from api import words
from api.pages import judge_form, paths
from api.problems import Problem
from api.schemas import web_url
from api.services import version
from api.store.licences import today
from nlp.cells import THIN_STORIES, TREND_DAYS
from nlp.records import MEDIUM, SURE, PartialDate, Precision

FOLDER = Path(__file__).parent

TITLES = {
    400: "The request could not be read",
    401: "This server asks for a key",
    403: "This is not allowed",
    404: "There is no such page",
    405: "This page cannot be asked in this way",
    409: "This cannot be done",
    410: "This article was withdrawn",
    413: "That was too much at once",
    421: "This server goes by another name",
    422: "The address has a part that cannot be used",
    429: "Too many requests in a short time",
    500: "Something went wrong here",
    503: "There is nothing to show just now",
}


@cache
def environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters.update(web_url=web_url, sentence=words.sentence, day=day_words, code=code, pair=pair)
    found.filters.update(stakeholder_path=paths.stakeholder_path, topic_path=paths.topic_path)
    found.globals.update(exports_path=paths.exports_path)
    found.filters.update(date_words=words.date_words, count_words=words.count_words)
    found.globals.update(judge_forms={each.value: judge_form.blank(each) for each in judge_form.KINDS})
    found.globals.update(legend=words.LEGEND, stances=words.STANCES, version=version, today=today)
    found.globals.update(medium=MEDIUM, sure=SURE, thin_stories=THIN_STORIES, trend_days=TREND_DAYS)
    return found


def pair(thing: Any) -> tuple[str, str]:
    """The value and the words of a choice: of a text both are it, of anything else its id and name."""
    return (thing, thing) if isinstance(thing, str) else (thing.id, thing.name)


def code(text: str) -> Markup:
    """The text, escaped, with what stands between backticks as code."""
    parts = text.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if index % 2 else escape(part) for index, part in enumerate(parts)
    )


def day_words(day: date) -> str:
    """A day in words: "4 May 2014"."""
    return words.date_words(PartialDate(day, Precision.DAY))


def render(template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page; ``values`` are what its template names."""
    return HTMLResponse(environment().get_template(template).render(**values), status_code=status)


def render_problem(problem: Problem, *, carried: Sequence[object] = ()) -> HTMLResponse:
    """An error in plain words, with the way on; ``carried`` are the briefings that told what is gone."""
    title = TITLES.get(problem.status, "This did not work")
    return render("error.html", status=problem.status, title=title, problem=problem, here="", carried=carried)
