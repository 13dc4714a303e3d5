"""What the server tells of itself: Prometheus metrics, one log line a request, and the request's id.

Labels and log lines hold addresses as in the document ("/v1/topics/{id}"), never what was asked or what stands
in an article.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
import time
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.addresses import Addresses
from api.callers import ASKED, Asked
from api.services import Services
from nlp.errors import StandpointError

REQUEST_ID = "X-Request-ID"
#: Names the folder in which several processes add up their metrics; prometheus-client reads it when it is imported.
SHARED_METRICS = "PROMETHEUS_MULTIPROC_DIR"
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10, 30, 60)

_log = logging.getLogger("standpoint.requests")


class _Sizes(Collector):
    """How much is stored, counted when asked; nothing where there is no database."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            sizes = self._services.store.access.sizes()
        except StandpointError:
            return
        for name, count in sizes.items():
            yield GaugeMetricFamily(f"standpoint_{name}", f"Number of {name} stored", value=count)


class Metrics:
    """The metrics of one application."""

    def __init__(self, services: Services) -> None:
        self._registry = CollectorRegistry()
        labels = ("method", "route")
        self._requests = Counter(
            "standpoint_requests", "Requests answered", (*labels, "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "standpoint_request_seconds",
            "Seconds until the answer was sent",
            labels,
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._sizes = _Sizes(services)
        self._registry.register(self._sizes)

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def text(self) -> bytes:
        """All of them in the text format of Prometheus, those of all processes of the server added up."""
        if SHARED_METRICS not in os.environ:
            return generate_latest(self._registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        together.register(self._sizes)
        return generate_latest(together)


class Observe:
    """Counts, times and logs every request, and gives it an id, that of the proxy before it if there is one."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, addresses: Addresses) -> None:
        self.app, self._metrics, self._addresses = app, metrics, addresses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get(REQUEST_ID, "")
        asked = scope[ASKED] = Asked(given if _ID.fullmatch(given) else secrets.token_hex(8))
        start, status, sent = time.perf_counter(), 500, 0.0

        async def send_observed(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID] = asked.id
            await send(message)
            sent = time.perf_counter()

        try:
            await self.app(scope, receive, send_observed)
        finally:
            self._tell(scope, asked, status, (sent or time.perf_counter()) - start)

    def _tell(self, scope: Scope, asked: Asked, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        route = self._addresses.template(scope["path"])
        self._metrics.count(method, route, status, seconds)
        fields = {
            "request_id": asked.id,
            "method": method,
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 1),
            "key": asked.key,
        }
        level = logging.ERROR if status >= 500 else logging.INFO
        _log.log(level, "%s %s %d", method, route, status, extra={"fields": fields})
