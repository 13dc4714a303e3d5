"""A typed client of the API, thin over httpx.

::

    with Standpoint("https://standpoint.example.org", key="sp_…") as map:
        for statement in map.statements(topic="pooling", stance="oppose", since=date(2015, 1, 1)):
            print(statement.holder, statement.text)

Lists are read page by page while they are walked through. A problem that the server answers is a child of
StandpointError, with the problem in ``problem``.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Self, TypeVar, Unpack
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from api.client_filters import (
    Asked,
    AskedOfMap,
    AskedOfMoney,
    AskedOfStances,
    Covered,
    CoveredCamps,
    CoveredChanges,
    CoveredTies,
    Judged,
    Searched,
    Values,
)
from api.problems import Problem
from api.routes.bodies import AnalyseIn, AnalysisOut, HealthOut, StakeholderDetail, TopicIn, VersionOut
from api.routes.claim_bodies import ClaimOut, RivalryOut
from api.routes.intake_bodies import ArticleIn
from api.routes.judgement_bodies import JudgementIn, JudgementOut, LaidOut
from api.routes.map_bodies import (
    AlliancesOut,
    ChangeOut,
    ConditionOut,
    ConditionsOut,
    DividesOut,
    MapOut,
    SilentOut,
    SpeakerOut,
    TieOut,
)
from api.routes.match_bodies import MatchOut
from api.routes.search_bodies import HitOut
from api.routes.topic_jobs import JobOut
from api.routes.why_bodies import CheckOut, TopicState, WhyOut
from api.schemas import ArticleRowOut, FigureOut, Items, PositionOut, StakeholderRowOut, StatementOut, TopicOut
from api.signing import TOLERANCE, is_signed
from api.updates import UpdateOut, UpdatesOut
from nlp.errors import NotFoundError, NotSetUpError, StandpointError, UsageError

Out = TypeVar("Out", bound=BaseModel)
LOCAL = "http://127.0.0.1:8000"


class Refused(StandpointError):
    """What the server answered instead; ``status`` is that of HTTP."""

    def __init__(self, problem: Problem, retry_after: float | None = None) -> None:
        fields = "; ".join(f"{each.field}: {each.detail}" for each in problem.errors)
        super().__init__(f"{problem.detail} {fields}".strip())
        self.problem, self.status, self.retry_after = problem, problem.status, retry_after


class RefusedRequest(Refused, UsageError):
    """The request has a part that cannot be used, or clashes with what is there (400, 409, 413, 422)."""


class Missing(Refused, NotFoundError):
    """Nothing is stored under this id (404)."""


class NotAllowed(Refused):
    """The key is missing, revoked or lacks the scope (401, 403)."""


class TooOften(Refused):
    """There were too many requests; ``retry_after`` says for how many seconds to wait (429)."""


class Unready(Refused, NotSetUpError):
    """The server has no database, or took too long (503)."""


class Unreached(NotSetUpError):
    """No answer came: the server is not there, or what answers is no Standpoint."""


class BadSignature(StandpointError):
    """What came is not what a webhook of this secret sends, or it is too old."""


def verify_webhook(secret: str, body: bytes, signature: str, *, tolerance: float = TOLERANCE) -> dict[str, Any]:
    """The delivery in the body of a webhook, if the header ``Standpoint-Signature`` is of it. Raises BadSignature.

    ``body`` is what came, byte by byte; ``tolerance`` is in seconds. The same ``id`` may come twice: do it once.
    """
    if not is_signed(secret, body, signature, now=time.time(), tolerance=tolerance):
        raise BadSignature("the signature is not of this body, or too old", do="answer 400 and do nothing")
    found: dict[str, Any] = json.loads(body)
    return found


_KINDS: Mapping[int, type[Refused]] = {
    400: RefusedRequest,
    401: NotAllowed,
    403: NotAllowed,
    404: Missing,
    409: RefusedRequest,
    413: RefusedRequest,
    422: RefusedRequest,
    429: TooOften,
    503: Unready,
}


class Standpoint:
    """One server; close it, or use it in a ``with``. ``key`` is an API key, not needed on the server's machine.

    ``timeout`` is in seconds, for each request. ``http`` replaces the client of httpx, as tests do.
    """

    def __init__(
        self, url: str = LOCAL, *, key: str | None = None, timeout: float = 90, http: httpx.Client | None = None
    ) -> None:
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._http = http or httpx.Client(base_url=url, timeout=timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def articles(self, **asked: Unpack[AskedOfStances]) -> Iterator[ArticleRowOut]:
        """Articles, newest first."""
        return self._walk("articles", Items[ArticleRowOut], asked)

    def article(self, id: str) -> AnalysisOut:
        """One article with its text and everything found in it."""
        return self._get(f"articles/{_part(id)}", AnalysisOut)

    def statements(self, **asked: Unpack[AskedOfStances]) -> Iterator[StatementOut]:
        """Statements with their stances, newest article first."""
        return self._walk("statements", Items[StatementOut], asked)

    def statement(self, id: str) -> StatementOut:
        return self._get(f"statements/{_part(id)}", StatementOut)

    def stakeholders(self, **asked: Unpack[Asked]) -> Iterator[StakeholderRowOut]:
        """Stakeholders by name."""
        return self._walk("stakeholders", Items[StakeholderRowOut], asked)

    def stakeholder(self, id: str) -> StakeholderDetail:
        """One stakeholder with its relatives and its positions."""
        return self._get(f"stakeholders/{_part(id)}", StakeholderDetail)

    def match(self, name: str, *, on: date | None = None, limit: int = 10) -> MatchOut:
        """Who may be meant by a name, best first."""
        body = {"name": name, "on": on.isoformat() if on else None, "limit": limit}
        return self._read("POST", "stakeholders/match", MatchOut, json=body)

    def figures(self, **asked: Unpack[Asked]) -> Iterator[FigureOut]:
        """Quoted money, newest article first."""
        return self._walk("figures", Items[FigureOut], asked)

    def claims(self, **asked: Unpack[AskedOfMoney]) -> Iterator[ClaimOut]:
        """Sums that more than one article quotes."""
        return self._walk("figures/claims", Items[ClaimOut], asked)

    def rivals(self, **asked: Unpack[AskedOfMoney]) -> Iterator[RivalryOut]:
        """The different amounts quoted for one purpose and period."""
        return self._walk("figures/rivals", Items[RivalryOut], asked)

    def positions(self, **asked: Unpack[AskedOfMap]) -> Iterator[PositionOut]:
        """Who stands where: one position a stakeholder and topic."""
        return self._walk("positions", Items[PositionOut], asked)

    def why(self, holder: str, topic: str, *, min_confidence: float | None = None) -> WhyOut:
        """What a position was computed from."""
        params = {} if min_confidence is None else {"min_confidence": min_confidence}
        return self._get(f"positions/{_part(holder)}/{_part(topic)}", WhyOut, params=params)

    def map(self, **asked: Unpack[AskedOfMap]) -> MapOut:
        """The whole map, all of its pages as one."""
        pages = list(self._pages("map", MapOut, asked))
        topics = {topic.id: topic for page in pages for topic in page.topics}
        rows = [row for page in pages for row in page.rows]
        return MapOut(topics=list(topics.values()), rows=rows, total=len(rows))

    def changes(self, **asked: Unpack[CoveredChanges]) -> Iterator[ChangeOut]:
        """Who turned, the latest first, with the two sentences."""
        return self._walk("changes", Items[ChangeOut], asked)

    def divides(self, topic: str, **asked: Unpack[CoveredCamps]) -> DividesOut:
        """The camps of a topic with everybody in them, and how far apart they are."""
        pages = list(self._pages("divides", DividesOut, {**asked, "topic": topic}))
        return pages[0].model_copy(update={"items": [member for page in pages for member in page.items], "next": None})

    def alliances(self, **asked: Unpack[CoveredTies]) -> Iterator[TieOut]:
        """Stakeholders who stand alike, two by two, the strongest ties first."""
        return self._walk("alliances", AlliancesOut, asked)

    def silent(self, topic: str, **asked: Unpack[Covered]) -> Iterator[SpeakerOut]:
        """Who speaks in the coverage and never on a topic."""
        return self._walk("silent", SilentOut, {**asked, "topic": topic})

    def conditions(self, topic: str, **asked: Unpack[Covered]) -> Iterator[ConditionOut]:
        """What would win the conditional ones over, the newest first."""
        return self._walk("conditions", ConditionsOut, {**asked, "topic": topic})

    def search(self, q: str, **asked: Unpack[Searched]) -> Iterator[HitOut]:
        """Statements and articles that match, best first: words, "phrases", -not, OR."""
        return self._walk("search", Items[HitOut], {**asked, "q": q})

    def updates(self, since: str | None = None, *, kind: Values = ()) -> Iterator[UpdateOut]:
        """What is new, changed or withdrawn behind a cursor; keep the last row's, and give it the next time."""
        params: dict[str, Any] = {"kind": kind, "limit": 1000} | ({"since": since} if since else {})
        more = True
        while more:
            page = self._get("updates", UpdatesOut, params=params)
            yield from page.items
            params["since"], more = page.next, page.more

    def topics(self) -> Iterator[TopicOut]:
        """The shipped topics, then those that users added."""
        return self._walk("topics", Items[TopicOut], {})

    def topic(self, id: str) -> TopicState:
        """A topic, and how many articles still wait for it."""
        return self._get(f"topics/{_part(id)}", TopicState)

    def check_topic(self, topic: TopicIn, *, articles: int = 500, limit: int = 50) -> CheckOut:
        """Which stored statements a topic would catch; nothing is written."""
        params = {"articles": articles, "limit": limit}
        return self._read("POST", "topics/check", CheckOut, json=_sent(topic), params=params)

    def add_topic(self, topic: TopicIn, *, idempotency_key: str | None = None) -> TopicState:
        """Keep a topic and apply it to what is stored, which goes on after the answer."""
        return self._parse(self._write("POST", "topics", json=_sent(topic), key=idempotency_key), TopicState)

    def remove_topic(self, id: str, *, idempotency_key: str | None = None) -> None:
        """Take a topic that users added away, with every stance on it."""
        self._write("DELETE", f"topics/{_part(id)}", key=idempotency_key)

    def add_article(self, article: ArticleIn, *, idempotency_key: str | None = None) -> JobOut:
        """Send an article to be kept; ``job`` tells what came of it."""
        return self._parse(self._write("POST", "articles", json=_sent(article), key=idempotency_key), JobOut)

    def add_files(self, files: Iterable[tuple[str, bytes]], *, idempotency_key: str | None = None) -> JobOut:
        """Send files of any format that is read, each with its name."""
        parts = [("files", (name, content)) for name, content in files]
        return self._parse(self._write("POST", "articles", files=parts, key=idempotency_key), JobOut)

    def job(self, id: str) -> JobOut:
        """How far long work is, and what came of it."""
        return self._get(f"jobs/{_part(id)}", JobOut)

    def withdraw_article(self, id: str, *, reason: str | None = None, idempotency_key: str | None = None) -> None:
        """Take an article away; it is not taken in again."""
        params = {"reason": reason} if reason else {}
        self._write("DELETE", f"articles/{_part(id)}", params=params, key=idempotency_key)

    def judgements(self, **asked: Unpack[Judged]) -> Iterator[JudgementOut]:
        """What reviewers said, the newest first."""
        return self._walk("judgements", Items[JudgementOut], asked)

    def judge(self, judgement: JudgementIn, *, idempotency_key: str | None = None) -> LaidOut:
        """Confirm, correct or reject what was found; the scope is ``review``."""
        return self._parse(self._write("POST", "judgements", json=_sent(judgement), key=idempotency_key), LaidOut)

    def withdraw_judgement(self, id: str, *, by: str | None = None, idempotency_key: str | None = None) -> LaidOut:
        """Take a judgement back."""
        params = {"by": by} if by else {}
        answer = self._write("DELETE", f"judgements/{_part(id)}", params=params, key=idempotency_key)
        return self._parse(answer, LaidOut)

    def export(self, what: str = "statements", format: str = "csv", **asked: Unpack[AskedOfMap]) -> Iterator[bytes]:
        """Everything that passes the filters as a file, piece by piece: ``GET /v1/exports`` lists the formats."""
        params = {**_params(asked), "what": what, "format": format}
        with self._http.stream("GET", "/v1/exports", params=params, headers=self._headers) as answer:
            if answer.status_code >= 400:
                answer.read()
                raise _error(answer)
            yield from answer.iter_bytes()

    def analyse(self, text: AnalyseIn) -> AnalysisOut:
        """Everything found in a text; nothing of it is stored."""
        return self._read("POST", "analyse", AnalysisOut, json=_sent(text))

    def ready(self) -> bool:
        """Whether the server can answer from its database."""
        try:
            return self._parse(self._send("GET", "/readyz"), HealthOut).status == "ready"
        except (Unready, Unreached):
            return False

    def version(self) -> VersionOut:
        return self._parse(self._send("GET", "/version"), VersionOut)

    def _walk(self, path: str, kind: type[Items[Out]], asked: Mapping[str, Any]) -> Iterator[Out]:
        for page in self._pages(path, kind, asked):
            yield from page.items

    def _pages(self, path: str, kind: type[Out], asked: Mapping[str, Any]) -> Iterator[Out]:
        params = _params(asked)
        while True:
            page = self._get(path, kind, params=params)
            yield page
            following: str | None = getattr(page, "next", None)
            if following is None:
                return
            params["after"] = following

    def _get(self, path: str, kind: type[Out], *, params: Mapping[str, Any] | None = None) -> Out:
        return self._read("GET", path, kind, params=params or {})

    def _read(self, method: str, path: str, kind: type[Out], **more: Any) -> Out:
        return self._parse(self._send(method, f"/v1/{path}", **more), kind)

    def _write(self, method: str, path: str, *, key: str | None, **more: Any) -> httpx.Response:
        headers = {"Idempotency-Key": key or uuid.uuid4().hex}
        try:
            return self._send(method, f"/v1/{path}", headers=headers, **more)
        except Unreached:
            # Once more when the connection breaks: the key keeps the server from doing it twice.
            return self._send(method, f"/v1/{path}", headers=headers, **more)

    def _send(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> httpx.Response:
        try:
            answer = self._http.request(method, path, headers={**self._headers, **(headers or {})}, **more)
        except httpx.TransportError as error:
            raise Unreached(f"no answer came ({type(error).__name__})", do="see that the server runs") from error
        if answer.status_code >= 400:
            raise _error(answer)
        return answer

    def _parse(self, answer: httpx.Response, kind: type[Out]) -> Out:
        try:
            return kind.model_validate_json(answer.content)
        except ValidationError as error:
            raise Unreached("what came is no answer of this version", do="update the client or the server") from error


def _part(id: str) -> str:
    return quote(id, safe="")


def _sent(body: BaseModel) -> Any:
    return body.model_dump(mode="json", by_alias=True, exclude_unset=True)


def _params(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Filters as the address takes them: days in ISO form, under the names ``from`` and ``to``."""
    names = {"since": "from", "until": "to", "within": "in"}
    return {
        names.get(name, name): value.isoformat() if isinstance(value, date) else value
        for name, value in asked.items()
        if value is not None
    }


def _error(answer: httpx.Response) -> StandpointError:
    try:
        problem = Problem.model_validate_json(answer.content)
    except ValidationError:
        return Unreached(f"the answer {answer.status_code} is no problem document", do="see what answers there")
    wait = answer.headers.get("Retry-After", "")
    return _KINDS.get(problem.status, Refused)(problem, float(wait) if wait.isdecimal() else None)
