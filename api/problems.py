"""Errors as RFC 9457 problems: one table from exceptions to answers, and no answer echoes input."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from types import MappingProxyType

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from nlp.errors import (
    NotFoundError,
    NotSetUpError,
    StandpointError,
    UnreadableError,
    UsageError,
    WithdrawnError,
)

MEDIA_TYPE = "application/problem+json"
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,39}")
_STATUS: tuple[tuple[type[StandpointError], int], ...] = (
    (WithdrawnError, 410),
    (NotFoundError, 404),
    (UsageError, 422),
    (UnreadableError, 422),
    (NotSetUpError, 503),
)
_DETAILS = {
    404: "Nothing is stored under this address.",
    405: "This address does not take this method.",
}
#: As RFC 9110 has them; Python says so from 3.13 on.
_PHRASES = {413: "Content Too Large", 422: "Unprocessable Content"}
UNFORESEEN = "Something went wrong here; the log of the server says what."


class FieldProblem(BaseModel):
    """One part of the request that is wrong: where it stands and what to change."""

    field: str = Field(examples=["query.from"])
    detail: str = Field(examples=["Input should be a valid date"])


class Problem(BaseModel):
    """An RFC 9457 problem."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank",
                    "title": "Unprocessable Content",
                    "status": 422,
                    "detail": "The request has a part that cannot be used.",
                    "errors": [{"field": "query.colour", "detail": "There is no such parameter."}],
                }
            ]
        }
    )

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] = []

    @classmethod
    def of(cls, status: int, detail: str, errors: Sequence[FieldProblem] = ()) -> Problem:
        """A problem whose title is the phrase of its HTTP status."""
        return cls(title=_phrase(status), status=status, detail=detail, errors=list(errors))


class ProblemError(Exception):
    """Carries a problem from the code that sees it to the handler that answers it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.detail)


def bad_field(field: str, detail: str) -> ProblemError:
    """A 422 about one field of the request, such as "query.from"."""
    return ProblemError(
        Problem.of(422, "The request has a part that cannot be used.", [FieldProblem(field=field, detail=detail)])
    )


def not_found(what: str) -> ProblemError:
    """A 404 for ``what``, such as "article"."""
    return ProblemError(Problem.of(404, f"There is no such {what}."))


def problem_response(problem: Problem, headers: Mapping[str, str] = _NO_HEADERS) -> Response:
    return Response(
        problem.model_dump_json(exclude_defaults=False),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", **headers},
    )


def problem_of(error: Exception) -> Problem:
    """The problem that answers an exception; what nobody foresaw is a 500 without a word of its cause."""
    match error:
        case ProblemError():
            return error.problem
        case RequestValidationError():
            return Problem.of(422, "The request has a part that cannot be used.", field_problems(error.errors()))
        case HTTPException():
            return Problem.of(error.status_code, _http_detail(error))
        case StandpointError():
            return _standpoint_problem(error)
        case _:
            return Problem.of(500, UNFORESEEN)


def field_problems(errors: Sequence[dict[str, object]]) -> list[FieldProblem]:
    """The fields and messages of a validation error, without the values that were sent."""
    return [FieldProblem(field=_field(error), detail=_message(error)) for error in errors]


def _field(error: dict[str, object]) -> str:
    location = error.get("loc", ())
    parts = location if isinstance(location, tuple | list) else (location,)
    return ".".join(safe_name(str(part)) for part in parts)


def safe_name(name: str) -> str:
    """A parameter's name if it looks like one; a name that does not is not repeated."""
    return name if _NAME.fullmatch(name) or name.isdecimal() else "(a name that is not one)"


def _message(error: dict[str, object]) -> str:
    if error.get("type") == "extra_forbidden":
        return "There is no such parameter."
    if error.get("type") == "json_invalid":
        return "The body is not JSON."
    return str(error.get("msg", "")).removeprefix("Value error, ")


def _http_detail(error: HTTPException) -> str:
    phrase = _phrase(error.status_code)
    own = error.detail if error.detail and error.detail != phrase else ""
    return own or _DETAILS.get(error.status_code, f"{phrase}.")


def _standpoint_problem(error: StandpointError) -> Problem:
    """What is wrong and what to do; ``where`` is left out, because it may hold what was sent."""
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 500)
    if status == 500:
        return Problem.of(500, UNFORESEEN)
    text = f"{error.what[:1].upper()}{error.what[1:]}"
    return Problem.of(status, f"{text} ({error.do})." if error.do else f"{text}.")


def _phrase(status: int) -> str:
    try:
        return _PHRASES.get(status) or HTTPStatus(status).phrase
    except ValueError:
        return "Error"
