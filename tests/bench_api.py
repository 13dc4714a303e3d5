"""What the server must bear: ``make bench-api``, or ``python tests/bench_api.py [sqlite|postgresql] --statements N``.

Eight clients ask one server, with a process for each core (``--workers``), for what the pages, programs and exports
ask for, each as soon as its last answer is there. Half of the questions differ from all before, so that no answer
that is kept serves them.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import os
import socket
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from api.seeding import synthetic_articles
from api.store import Store
from nlp.topics import shipped_topics

CLIENTS, SECONDS = 8, 60
#: Requests a second at least, and milliseconds at the 99th percentile at most.
RATE, P99 = 150, 200
#: The map page: milliseconds to the first byte, and bytes as they are sent.
FIRST_BYTE, PAGE = 200, 300_000
TOPICS = [topic.id for topic in shipped_topics()][:12]
WORDS = ("funding", "budget", "patients", "contract", "hospital", "practices", "commissioning", "winter")


def questions(random: Random, holders: Sequence[str]) -> dict[str, tuple[int, Callable[[], str]]]:
    """What is asked: its share of all requests, and an address."""

    def topic() -> str:
        return random.choice(TOPICS)

    def floor() -> str:
        return f"{random.random() * 0.6:.3f}"

    def statements() -> str:
        year = random.randrange(2014, 2023)
        asked = {"topic": topic(), "stance": random.choice(("support", "oppose")), "from": f"{year}-01-01"}
        return f"/v1/statements?{urlencode(asked)}"

    def pages(path: str) -> Callable[[], str]:
        return lambda: f"{path}?{urlencode({'topic': topic()})}"

    return {
        "/v1/statements": (25, statements),
        "/v1/positions": (15, lambda: f"/v1/positions?{urlencode({'topic': topic(), 'min_confidence': floor()})}"),
        "/v1/map": (10, lambda: f"/v1/map?{urlencode({'topic': topic(), 'min_confidence': floor()})}"),
        "/v1/search": (
            10,
            lambda: f"/v1/search?{urlencode({'q': ' '.join(random.sample(WORDS, 2)), 'mode': 'lexical'})}",
        ),
        "/v1/stakeholders/{id}": (15, lambda: f"/v1/stakeholders/{random.choice(holders)}"),
        "/v1/figures": (10, pages("/v1/figures")),
        "/v1/articles": (10, lambda: f"/v1/articles?{urlencode({'topic': topic()})}"),
        "/ (page)": (5, lambda: f"/?{urlencode({'topic': topic()})}"),
    }


def ask(connection: http.client.HTTPConnection, path: str) -> tuple[int, float]:
    """The status, and the milliseconds to the last byte."""
    begun = time.perf_counter()
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    answer.read()
    return answer.status, 1000 * (time.perf_counter() - begun)


def client(port: int, seed: int, holders: Sequence[str], until: float) -> list[tuple[str, int, float]]:
    """What one client asked until the moment: the kind of question, the status, the milliseconds."""
    random, done = Random(seed), []
    asked = questions(random, holders)
    names, weights = list(asked), [share for share, _ in asked.values()]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while time.monotonic() < until:
        name = random.choices(names, weights)[0]
        try:
            status, taken = ask(connection, asked[name][1]())
        except (OSError, http.client.HTTPException):
            connection.close()
            status, taken = 0, 0.0
        done.append((name, status, taken))
    connection.close()
    return done


@contextmanager
def serving(data: Path, url: str | None, workers: int = 1) -> Iterator[int]:
    """A server over the data: its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, **({"STANDPOINT_DATABASE_URL": url} if url else {}), "STANDPOINT_RATE_LIMIT": "0"}
    command = [sys.executable, "-m", "api.cli", "serve", "--data", str(data), "--port", str(port)]
    command += ["--workers", str(workers)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as server:
        try:
            _wait(port)
            yield port
        finally:
            server.terminate()


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def measure(name: str, data: Path, url: str | None, statements: int, seconds: int, workers: int) -> bool:
    """Fill, serve, ask, and print; whether everything is as asked."""
    with Store.open(data, create=True, database_url=url) as store:
        made = synthetic_articles(statements, TOPICS, seed=1)
        while lot := tuple(islice(made, 1000)):
            store.writer.write_new(lot)
        holders = [row.stakeholder.id for row in store.reader.stakeholders(limit=200).items]
    with serving(data, url, workers) as port:
        first = _page(port)
        for seed in range(901, 901 + 2 * workers):
            client(port, seed, holders, time.monotonic() + 3)
        page = _page(port)
        until = time.monotonic() + seconds
        with ThreadPoolExecutor(CLIENTS) as pool:
            done = [
                row
                for rows in pool.map(lambda seed: client(port, seed, holders, until), range(CLIENTS))
                for row in rows
            ]
    return _report(name, done, seconds, first, page)


def _page(port: int) -> tuple[float, int, int]:
    """The map page: milliseconds to its first byte, bytes as sent, and unpacked."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    begun = time.perf_counter()
    connection.request(
        "GET", f"/?{urlencode([('topic', each) for each in TOPICS])}", headers={"Accept-Encoding": "gzip"}
    )
    answer = connection.getresponse()
    first = 1000 * (time.perf_counter() - begun)
    body = answer.read()
    whole = gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body
    return first, len(body), len(whole)


def _report(
    name: str,
    done: Sequence[tuple[str, int, float]],
    seconds: int,
    first: tuple[float, int, int],
    page: tuple[float, int, int],
) -> bool:
    taken: dict[str, list[float]] = defaultdict(list)
    for what, status, milliseconds in done:
        if status == 200:
            taken[what].append(milliseconds)
    errors = Counter(status for _, status, _ in done if status != 200)
    every = sorted(each for times in taken.values() for each in times)
    rate, p99 = len(every) / seconds, every[int(len(every) * 0.99)] if every else float("inf")
    print(
        f"{name}: {CLIENTS} clients, {seconds} s: {rate:.0f} requests/s (asked {RATE}), "
        f"p50 {every[len(every) // 2]:.0f} ms, p99 {p99:.0f} ms (asked {P99}), errors {dict(errors) or 0}"
    )
    for what, times in sorted(taken.items(), key=lambda row: -sum(row[1])):
        times.sort()
        print(
            f"  {what:24}{len(times):7} p50 {times[len(times) // 2]:6.0f}  p99 {times[int(len(times) * 0.99)]:6.0f} ms"
        )
    print(
        f"  map page: first byte {page[0]:.0f} ms warm (asked {FIRST_BYTE}), {first[0]:.0f} ms at first, "
        f"{page[1]:,} bytes sent (asked {PAGE:,}), {page[2]:,} unpacked"
    )
    return rate >= RATE and p99 <= P99 and not errors and page[0] <= FIRST_BYTE and page[1] <= PAGE


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engines", nargs="*", metavar="ENGINE", help="sqlite, postgresql or (none named) both")
    parser.add_argument("--statements", type=int, default=200_000)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    from bench_store import ENGINES, databases

    with TemporaryDirectory(prefix="standpoint-") as scratch, databases(given.engines or ENGINES) as found:
        right = [
            measure(
                name,
                folder if url is None else Path(scratch) / "data",
                url,
                given.statements,
                given.seconds,
                given.workers,
            )
            for name, folder, url in found
        ]
    return 0 if all(right) else 1


if __name__ == "__main__":
    sys.exit(main())
