"""The pages where files are sent to be kept, and where one sees what came of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from api.dependencies import RunnerDep, ServicesDep
from api.intake_work import INGEST, MOST_FILES, start_intake
from api.pages.analyse_form import size_words
from api.pages.forms import Fault, PostedFilesDep, by_field
from api.pages.templating import render
from api.problems import not_found
from api.services import Services
from api.store.jobs import JobState
from api.store.uploads import Upload
from nlp.errors import NotFoundError

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


#: The formats that are read, in words; a test holds that none of ``FORMATS`` is missing.
FORMAT_WORDS = {
    "Word": ("docx",),
    "OpenDocument": ("odt",),
    "PDF": ("pdf",),
    "RTF": ("rtf",),
    "web pages": ("html", "mhtml"),
    "plain text": ("text", "markdown"),
    "e-mail": ("eml",),
    "exports of Factiva, LexisNexis and ProQuest": ("factiva", "lexisnexis", "proquest"),
    "references (RIS)": ("ris",),
    "feeds (RSS, Atom, JSON)": ("feed", "json-feed"),
    "news agencies’ files (NewsML-G2, ninjs)": ("newsml-g2", "ninjs"),
    "tables (CSV, JSON Lines)": ("csv", "jsonl"),
    "web archives (WARC)": ("warc",),
    "ZIP files of any of these": ("zip",),
}
_FORMATS = ", ".join(FORMAT_WORDS)
_SHOWN = ("format", "declared", "parsed", "articles")


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """What came of one file: how it was read, and what in it was skipped and why."""

    name: str
    format: str
    declared: int | None
    parsed: int
    articles: int
    reasons: tuple[str, ...]


@router.get("/upload")
def upload_page(services: ServicesDep) -> HTMLResponse:
    """The empty form."""
    return _form_page(services)


@router.post("/upload")
def post_upload(posted: PostedFilesDep, services: ServicesDep, runner: RunnerDep) -> Response:
    """Take the files on; then another page, so that reloading sends nothing twice."""
    files = _files(posted)
    if not files:
        return _form_page(services, Fault("files", "Choose at least one file."))
    return RedirectResponse(f"/upload/{start_intake(services, runner, files).id}", status_code=303)


@router.get("/upload/{id}")
def job_page(id: str, services: ServicesDep) -> HTMLResponse:
    """How far the files are read and, in the end, what was stored, what was skipped, and why."""
    try:
        job = services.store.jobs.get(id)
    except NotFoundError:
        raise not_found("piece of work; what is done is kept for 30 days") from None
    if job.kind != INGEST:
        raise not_found("piece of work")
    ended = job.state in (JobState.DONE, JobState.FAILED)
    return render("uploaded.html", here="upload", job=job, ended=ended, files=_sent_files(job.result))


def _form_page(services: Services, *faults: Fault) -> HTMLResponse:
    most = services.settings.max_upload_bytes
    return render(
        "upload.html",
        status=422 if faults else 200,
        here="upload",
        faults=faults,
        errors=by_field(faults),
        formats=_FORMATS,
        most=most,
        most_words=size_words(most // 1_000_000 * 1_000_000) if most >= 1_000_000 else f"{most:,} bytes",
        most_files=MOST_FILES,
    )


def _files(posted: FormData) -> list[Upload]:
    sent = [value for value in posted.getlist("files") if isinstance(value, UploadFile) and value.filename]
    # A browser may send the path of a file in a folder; where it lies on somebody's disk is nobody's business.
    names = [PurePath((file.filename or "").replace("\\", "/")).name or "file" for file in sent]
    return [Upload(name, file.file.read()) for name, file in zip(names, sent, strict=True)]


def _sent_files(result: Mapping[str, Any] | None) -> list[SentFile]:
    """Each file once, also those that could not be read at all."""
    if result is None:
        return []
    reasons: dict[str, list[str]] = {}
    for skipped in result["skipped"]:
        reasons.setdefault(skipped["file"], []).append(skipped["reason"])
    found = [
        SentFile(**{name: row[name] for name in _SHOWN}, name=row["file"], reasons=tuple(reasons.pop(row["file"], ())))
        for row in result["files"]
    ]
    nothing: dict[str, Any] = {"format": "", "declared": None, "parsed": 0, "articles": 0}
    return found + [SentFile(**nothing, name=name, reasons=tuple(why)) for name, why in reasons.items()]
