"""The list of judgements, and what the forms on other pages send."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.responses import RedirectResponse, Response

from api import judging
from api.cursors import fingerprint
from api.dependencies import ServicesDep
from api.exports.csv_table import Cell
from api.pages.carried_view import carried_views
from api.pages.files import csv_file, json_file, made_now
from api.pages.forms import PostedDep, text_in
from api.pages.judge_form import JudgeForm, own_address
from api.pages.judgement_words import KINDS, VERDICTS, judgement_view, values_words
from api.pages.paths import stakeholder_path
from api.pages.templating import render
from api.problems import ProblemError, not_found
from api.reviewers import Reviewer, reviewer_of
from api.services import Services
from api.store.judging import Asked
from nlp.errors import NotFoundError, UsageError
from nlp.judged_accuracy import BIAS, measure
from nlp.judgements import IN_ARTICLE, Judged, Verdict

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

SHOWN = 50
STATES = (("standing", "Standing"), ("withdrawn", "Withdrawn"), ("orphaned", "Orphaned: words not found any more"))
_NO_NAME = UsageError("Say who judges: the name is kept with the judgement")


@dataclass(frozen=True, slots=True)
class ListForm:
    """Which judgements the page shows; what is no choice of ours asks nothing."""

    kind: str = ""
    verdict: str = ""
    state: str = ""

    @classmethod
    def read(cls, request: Request) -> ListForm:
        given = request.query_params
        kind, verdict, state = (given.get(name, "") for name in ("kind", "verdict", "state"))
        return cls(
            kind=kind if kind in list(Judged) else "",
            verdict=verdict if verdict in list(Verdict) else "",
            state=state if state in dict(STATES) else "",
        )

    def to_asked(self) -> Asked:
        return Asked(
            kind=(Judged(self.kind),) if self.kind else (),
            verdict=(Verdict(self.verdict),) if self.verdict else (),
            orphaned=True if self.state == "orphaned" else None,
            standing={"standing": True, "withdrawn": False}.get(self.state),
        )

    @property
    def query(self) -> str:
        """The query of this list."""
        given = {"kind": self.kind, "verdict": self.verdict, "state": self.state}
        return urlencode({name: value for name, value in given.items() if value})


@router.get("/judgements")
def judgements_page(request: Request, services: ServicesDep) -> HTMLResponse:
    """Everything that reviewers said, the newest first, and what has lost its words."""
    form, store = ListForm.read(request), services.store
    query = fingerprint(request.url.path, [("form", form.query)])
    given = request.query_params.get("after")
    try:
        after = services.signer.open(given, query) if given else None
        page = store.judging.page(form.to_asked(), after=after, limit=SHOWN)
    except (ProblemError, UsageError):
        raise not_found("page of judgements") from None
    rows = [judgement_view(each) for each in page.items]
    return render(
        "judgements.html",
        here="judgements",
        form=form,
        rows=rows,
        carried=carried_views(store.briefings, {row.article for row in rows if row.article}),
        next=services.signer.seal(page.next, query) if page.next else None,
        total=store.judging.count(form.to_asked()),
        orphaned=store.judging.count(Asked(orphaned=True)),
        kinds=KINDS,
        verdicts=VERDICTS,
        states=STATES,
        shares=[share for share in measure(store.judging.all()) if share.tier is None and share.judged],
        bias=BIAS,
    )


COLUMNS = (
    "judgement", "verdict", "kind", "article", "topic", "stakeholder", "words", "found", "correction", "by", "at",
    "note", "drawn", "right", "confidence", "withdrawn_by", "withdrawn_at", "orphaned", "made_by",
)  # fmt: skip


def _rows(request: Request, services: Services) -> Iterator[dict[str, Cell]]:
    made = made_now()
    for each in services.store.judging.all(ListForm.read(request).to_asked()):
        target, gone = each.target, each.withdrawn_at
        yield {
            "judgement": each.id,
            "verdict": each.verdict.value,
            "kind": target.kind.value,
            **{name: getattr(target, name) for name in ("article", "topic", "stakeholder")},
            "words": " … ".join(target.quote) if target.kind in IN_ARTICLE else None,
            "found": values_words(each.found) or None,
            "correction": values_words(each.correction) or None,
            "by": each.by,
            "at": each.at.isoformat(timespec="seconds"),
            "note": each.note or None,
            "drawn": "yes" if each.drawn else "no",
            "right": None if each.right is None else "yes" if each.right else "no",
            "confidence": each.confidence,
            "withdrawn_by": each.withdrawn_by,
            "withdrawn_at": gone.isoformat(timespec="seconds") if gone else None,
            "orphaned": each.orphaned,
            "made_by": made,
        }


@router.get("/judgements.csv")
def judgements_csv(request: Request, services: ServicesDep) -> Response:
    """The judgements that fit the form, on all pages, one a line."""
    return csv_file("judgements", COLUMNS, _rows(request, services))


@router.get("/judgements.json")
def judgements_json(request: Request, services: ServicesDep) -> JSONResponse:
    """The same as a document."""
    return json_file("judgements", {"judgements": _rows(request, services)})


@router.post("/judgements")
def post_judgement(posted: PostedDep, request: Request, services: ServicesDep) -> Response:
    """Keep a verdict and go back to the page that it was given on."""
    form = JudgeForm.read(posted)
    try:
        who = _reviewer(request, services, form.by)
        judging.judge(services, form.to_given(who.name, who.key))
    except UsageError as error:
        return _refused(form, error)
    return RedirectResponse(form.back, status_code=303)


@router.post("/judgements/{id}/withdraw")
def post_withdraw(id: str, posted: PostedDep, request: Request, services: ServicesDep) -> Response:
    """Take a verdict back; what the program found, or an earlier verdict, holds again."""
    back = own_address(text_in(posted, "back"))
    try:
        who = _reviewer(request, services, text_in(posted, "by"))
        judging.withdraw(services, id, by=who.name, actor=who.key)
    except NotFoundError:
        raise not_found("judgement") from None
    except UsageError as error:
        return _told(error, back)
    return RedirectResponse(back, status_code=303)


@router.post("/stakeholders/{id}/merge")
def post_merge(id: str, posted: PostedDep, request: Request, services: ServicesDep) -> Response:
    """Say that a stakeholder is another one, and show that one."""
    try:
        who = _reviewer(request, services, text_in(posted, "by"))
        note = text_in(posted, "note")
        stored = judging.merge(services, id, text_in(posted, "into"), by=who.name, note=note, actor=who.key)
    except UsageError as error:
        return _told(error, stakeholder_path(id))
    return RedirectResponse(stakeholder_path(stored.judgement.correction["into"] or id), status_code=303)


@router.post("/stakeholders/{id}/split")
def post_split(id: str, posted: PostedDep, request: Request, services: ServicesDep) -> Response:
    """Say that a stakeholder is somebody else in some articles, and show that one."""
    more: dict[str, Any] = {"note": text_in(posted, "note"), "name": text_in(posted, "name")}
    try:
        who = _reviewer(request, services, text_in(posted, "by"))
        articles = text_in(posted, "articles").split()
        keeps = text_in(posted, "keeps") == "yes"
        stored = judging.split(services, id, articles, by=who.name, keeps=keeps, actor=who.key, **more)
    except UsageError as error:
        return _told(error, stakeholder_path(id))
    return RedirectResponse(stakeholder_path(stored.judgement.correction["to"] or id), status_code=303)


def _reviewer(request: Request, services: Services, given: str) -> Reviewer:
    who = reviewer_of(request, services, given)
    if who is None:
        raise _NO_NAME
    return who


def _refused(form: JudgeForm, error: UsageError) -> HTMLResponse:
    """The form once more, with what is wrong."""
    return render("judge.html", status=422, here="judgements", form=form, fault=_words(error), back=form.back)


def _told(error: UsageError, back: str) -> HTMLResponse:
    return render("judge.html", status=422, here="judgements", form=None, fault=_words(error), back=back)


def _words(error: UsageError) -> str:
    what = f"{error.what[:1].upper()}{error.what[1:]}"
    return f"{what} ({error.do})." if error.do else f"{what}."
