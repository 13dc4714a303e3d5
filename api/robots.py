"""What a site lets programs fetch: its robots.txt (RFC 9309), asked once an hour."""

from __future__ import annotations

import time
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from api.outside import Outside, OutsideError

#: What robots.txt names this program by.
NAME = "Standpoint"
KEPT = 3600.0
#: Seconds between two pages of one site, at least and at most, whatever it asks for.
LEAST_DELAY, MOST_DELAY = 1.0, 30.0


class Robots:
    """Knows what may be fetched from where."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside
        self._known: dict[str, tuple[float, RobotFileParser]] = {}

    def allows(self, url: str) -> bool:
        """Whether a page may be fetched. Where robots.txt cannot be read (5xx, no answer) nothing may."""
        return self._of(url).can_fetch(NAME, url)

    def delay(self, url: str) -> float:
        """The seconds to wait before the next page of the same site."""
        asked = self._of(url).crawl_delay(NAME)
        return min(max(float(asked or 0), LEAST_DELAY), MOST_DELAY)

    def _of(self, url: str) -> RobotFileParser:
        site = origin_of(url)
        at, found = self._known.get(site, (0.0, None))
        if found is None or time.monotonic() - at > KEPT:
            found = self._read(site)
            self._known[site] = (time.monotonic(), found)
        return found

    def _read(self, site: str) -> RobotFileParser:
        parser = RobotFileParser()
        try:
            answer = self._outside.get(f"{site}/robots.txt")
        except OutsideError:
            parser.parse(["User-agent: *", "Disallow: /"])
            return parser
        if 400 <= answer.status < 500:
            parser.parse([])
        elif answer.status == 200:
            parser.parse(answer.body.decode("utf-8", "replace").splitlines())
        else:
            parser.parse(["User-agent: *", "Disallow: /"])
        return parser


def origin_of(url: str) -> str:
    """Scheme, host and port of an address."""
    found = urlsplit(url)
    return f"{found.scheme}://{found.netloc}"
