"""Times the map page in a browser, over a synthetic store: ``python tests/bench_pages.py [STATEMENTS] [DATA]``.

The server runs in a process of its own, as it does for users. The largest paint is what Chromium reports of itself
(PerformanceObserver, largest-contentful-paint); first byte and compressed size are those of the same load. Every round
asks another question, so that no answer is taken from those that are kept.
"""

from __future__ import annotations

import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bench_map import seeded

from api.store import Store
from api.store.analyst import Question

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROUNDS = 9
#: What issue 10 asks for: first byte and largest paint in milliseconds, compressed page in bytes.
LIMITS = (200, 1500, 300_000)
MEASURE = """() => new Promise((done) => {
  const [load] = performance.getEntriesByType("navigation");
  new PerformanceObserver((list, observer) => {
    observer.disconnect();
    const paints = list.getEntries();
    done([load.responseStart - load.requestStart, paints[paints.length - 1].startTime, load.encodedBodySize]);
  }).observe({ type: "largest-contentful-paint", buffered: true });
})"""
PAGES = {
    "map, first 100 rows": "/?min_confidence={floor}",
    "map, all rows": "/?rows=all&min_confidence={floor}",
    "map, all rows, bodies with officers": "/?rows=all&group=body-and-its-officers&min_confidence={floor}",
    "a proposal": "/topics/pooling?min_confidence={floor}",
    "all proposals": "/topics?min_confidence={floor}",
}


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a server over the store, with its first map made."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "api.cli", "serve", "--data", str(folder), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address)
        yield address
    finally:
        process.terminate()
        process.wait(30)


def wait_for(address: str) -> None:
    """Wait until the map answers, and say how long its first answer took."""
    for _ in range(600):
        try:
            started = time.perf_counter()
            with urllib.request.urlopen(address, timeout=120) as answer:
                answer.read()
        except OSError:
            time.sleep(0.1)
        else:
            print(f"first map of the server: {time.perf_counter() - started:.1f} s")
            return
    raise SystemExit("the server did not start")


def measure(page: Page, path: str) -> list[list[float]]:
    """First byte, largest paint and bytes of each round."""
    found = []
    for turn in range(ROUNDS):
        page.goto(path.format(floor=round(0.3 + turn / 100, 2)))
        page.wait_for_load_state("networkidle")
        found.append(page.evaluate(MEASURE))
    return found


def main(statements: int, folder: Path) -> int:
    """Print the medians and the worst; 1 when the worst is over a limit."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    if chromium is None:
        print("Chromium is missing, so nothing is measured: apt-get install chromium", file=sys.stderr)
        return 0
    with Store.open(folder, create=True) as store:
        if not store.reader.articles(limit=1).items:
            seeded(store, statements)
        counts = store.analyst.sheet(Question())
        print(f"{statements:,} statements, {len(counts.holders)} stakeholders, {counts.size:,} cells")
    over = 0
    with served(folder) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(base_url=address, viewport={"width": 1440, "height": 900})
        print(f"{'median (worst)':36}{'first byte, ms':>18}{'largest paint, ms':>20}{'compressed, KB':>18}")
        for name, path in PAGES.items():
            columns = list(zip(*measure(page, path), strict=True))
            told = [(statistics.median(column), max(column)) for column in columns]
            over += any(worst > limit for (_, worst), limit in zip(told, LIMITS, strict=True))
            byte, paint, size = told
            print(
                f"{name:36}{byte[0]:9.0f} ({byte[1]:5.0f}){paint[0]:11.0f} ({paint[1]:5.0f})"
                f"{size[0] / 1000:9.0f} ({size[1] / 1000:5.0f})"
            )
        browser.close()
    return 1 if over else 0


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with TemporaryDirectory() as place:
        raise SystemExit(main(wanted, Path(sys.argv[2]) if len(sys.argv) > 2 else Path(place)))
