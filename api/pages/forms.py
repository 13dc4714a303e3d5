"""A form that is sent: read, seen to be one of our own pages, and what is wrong said beside each field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from api.problems import Problem, ProblemError

#: The largest text field in bytes; a form has more room for files.
MAX_FIELD = 4 * 1024 * 1024
#: The most files in a form that takes several.
MAX_FILES = 1_000
#: Whom browsers name as the sender of a form of our own (Fetch Metadata, section 2.4).
_OURS = frozenset({"same-origin", "none"})


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field, in a sentence that says what to do; the summary links to the field."""

    field: str
    text: str


def by_field(faults: Iterable[Fault]) -> dict[str, str]:
    """The first fault of each field, as it is shown beside it."""
    found: dict[str, str] = {}
    for fault in faults:
        found.setdefault(fault.field, fault.text)
    return found


def require_own_form(headers: Mapping[str, str]) -> None:
    """Raise ProblemError (403) for a form that a page of another site, or of another port of this machine, sends.

    ``guard.Gate`` has compared the names in Origin and Host by then; it knows no ports, and a browser says by
    Sec-Fetch-Site whether it was this very origin. Programs do not send that header, and carry no form of a page.
    """
    if headers.get("sec-fetch-site", "none") not in _OURS:
        raise ProblemError(Problem.of(403, "Forms that come from pages of another site are refused."))


async def _posted(request: Request) -> FormData:
    return await _read_form(request, files=1)


async def _posted_files(request: Request) -> FormData:
    return await _read_form(request, files=MAX_FILES)


async def _read_form(request: Request, *, files: int) -> FormData:
    require_own_form(request.headers)
    try:
        return await request.form(max_files=files, max_fields=50, max_part_size=MAX_FIELD)
    except HTTPException as error:
        if error.status_code != 400:
            raise
        what = f"a field is longer than {MAX_FIELD:,} bytes, there are too many files, or it was cut off"
        detail = f"The form could not be read: {what}."
        raise ProblemError(Problem.of(413, detail)) from None


def text_in(form: FormData, name: str) -> str:
    """The text of a field with line ends as "\\n"; empty where there is none."""
    value = form.get(name)
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else ""


def file_in(form: FormData, name: str) -> UploadFile | None:
    """The file that was chosen; None where none was."""
    value = form.get(name)
    return value if isinstance(value, UploadFile) and value.filename else None


PostedFilesDep = Annotated[FormData, Depends(_posted_files)]
PostedDep = Annotated[FormData, Depends(_posted)]
