"""The page of exports: every format that holds what is wanted, under the filters of the page that led here."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.exports.formats import FILTERS, FORMS, Format, What
from api.pages.paths import exports_path
from api.pages.templating import render
from api.problems import not_found

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
WORDS = {
    What.STATEMENTS: "Statements with their stances: a row for everything that somebody is shown to say",
    What.POSITIONS: "Positions: a row for each stakeholder and proposal, with the words that show it best",
    What.FIGURES: "Figures: a row for every sum that is quoted",
    What.MAP: "The map: a row for each stakeholder, two columns for each proposal",
}
#: Formats whose name is more than letters.
_NAMES = {
    Format.PARQUET: "Parquet",
    Format.SQLITE: "SQLite",
    Format.GRAPHML: "GraphML",
    Format.JSONL: "JSON Lines",
    Format.JSON_LD: "JSON-LD",
    Format.ANNOTATIONS: "Web Annotation",
    Format.CSL: "CSL-JSON",
    Format.DNA_EVENTS: "DNA event list",
    Format.LABEL_STUDIO: "Label Studio",
    Format.DOCCANO: "doccano",
}
#: Filters that ask for nothing of what is exported: they are left out of its links.
_IDLE = {
    What.STATEMENTS: {"kind", "group"},
    What.FIGURES: {"kind", "group", "stance", "manner"},
    What.POSITIONS: set[str](),
    What.MAP: set[str](),
}
#: What says where in a page one is, and not which rows are wanted.
_PLACES = {"what", "page", "rivals", "sort", "after", "camp", "conditions", "mode"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A format: its name, what it is for, and the address of the file."""

    name: str
    words: str
    href: str


@router.get("/exports")
def exports_page(request: Request) -> HTMLResponse:
    """Formats of what is asked for (``what``), and links to the other kinds of rows."""
    given = request.query_params.get("what", What.STATEMENTS.value)
    if given not in list(What):
        raise not_found("export")
    what = What(given)
    given_pairs = [pair for pair in request.query_params.multi_items() if pair[1].strip() and pair[0] not in _PLACES]
    sent = set(FILTERS) - _IDLE[what]
    pairs = [pair for pair in given_pairs if pair[0] in sent]
    return render(
        "exports.html",
        here="",
        what=what,
        words=WORDS[what],
        pairs=pairs,
        idle=[pair for pair in given_pairs if pair[0] not in sent],
        others=[(WORDS[each], exports_path(each.value, urlencode(given_pairs))) for each in What if each != what],
        choices=_choices(what, pairs),
    )


def _choices(what: What, pairs: list[tuple[str, str]]) -> list[Choice]:
    held = {format: form for format, form in FORMS.items() if what in form.holds}
    return [
        Choice(_NAMES.get(format, format.value.upper()), form.words, _address(what, format, pairs))
        for format, form in held.items()
    ]


def _address(what: What, format: Format, pairs: list[tuple[str, str]]) -> str:
    return f"/v1/exports?{urlencode([('what', what.value), ('format', format.value), *pairs])}"
