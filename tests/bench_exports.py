"""Times exports of a synthetic store: ``python tests/bench_exports.py [ROWS] [DATA]``.

The CSV of all statements is streamed as the API does; the other formats follow with a tenth of the rows, by their
dates. Memory is the largest that the process has held since it began, in MiB; the store is filled by another process.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from api.exports.export import export
from api.exports.formats import FORMS, Format, What
from api.services import Services
from api.settings import Settings
from api.store import Filters
from api.store.analyst import Question

EVERYTHING = Question(filters=Filters(min_confidence=0))
#: About a tenth of ten years of articles.
RECENT = Question(filters=Filters(min_confidence=0, since=date(2022, 4, 1)))


def measure(services: Services, what: What, format: Format, question: Question) -> None:
    """Print rows a second, seconds, size and memory of one export."""
    started, used = time.perf_counter(), time.process_time()
    size = lines = 0
    for piece in export(services, what, format, question).pieces:
        size += len(piece)
        lines += piece.count(b"\n") if not FORMS[format].binary else 0
    seconds, busy = time.perf_counter() - started, time.process_time() - used
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = f"{lines:>11,}" if lines else f"{'':>11}"
    print(f"{what.value:11}{format.value:13}{told}{seconds:9.1f}{busy:9.1f}{size / 1e6:9.1f}{memory:9.0f}", flush=True)


def main(rows: int, folder: Path) -> None:
    if not (folder / "standpoint.sqlite").exists():
        started = time.perf_counter()
        seed = (sys.executable, "-m", "api.cli", "--data", str(folder), "seed", "--statements", str(rows))
        subprocess.run(seed, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        print(f"seeded {rows:,} statements in {time.perf_counter() - started:.0f} s", flush=True)
    with Services(Settings(data=folder)) as services:
        print(f"{'what':11}{'format':13}{'lines':>11}{'seconds':>9}{'CPU':>9}{'MB':>9}{'MiB held':>9}")
        measure(services, What.STATEMENTS, Format.CSV, EVERYTHING)
        for format, form in FORMS.items():
            if What.STATEMENTS in form.holds:
                measure(services, What.STATEMENTS, format, RECENT)
        for what in (What.FIGURES, What.POSITIONS, What.MAP):
            measure(services, what, Format.CSV, EVERYTHING)
        measure(services, What.POSITIONS, Format.GEXF, EVERYTHING)


if __name__ == "__main__":
    with ExitStack() as stack:
        wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
        place = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(stack.enter_context(TemporaryDirectory()))
        main(wanted, place)
