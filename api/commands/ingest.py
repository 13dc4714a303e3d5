"""``standpoint ingest``: files and folders into the store."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from api.analysing import ModelWork
from api.batch import Progress
from api.batch_report import Report, to_json
from api.commands.output import ProgressBar, note, say_json
from api.ingest import Wanted, find_files, ingest, own_work, require_files
from api.looking import look_through
from api.pools import OwnPool, Pool
from api.services import Services
from api.words import count_words
from nlp.errors import NotSetUpError, UsageError
from nlp.readers.formats import FORMATS
from nlp.records import Topic

#: Fewer and smaller files than this are analysed in this process: other ones load the models first, some seconds each.
MANY_FILES, MANY_BYTES = 32, 2_000_000
#: One process reads files for so many that analyse what they hold.
WORKERS_A_READER = 3
#: Faults that are told one by one on a terminal.
MOST_TOLD = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The options of the command; ``workers`` None is as many as the work is worth."""

    workers: int | None = None
    scheduler: str | None = None
    dry_run: bool = False
    retry_failed: bool = False
    force: bool = False
    only_format: str | None = None
    as_json: bool = False


def ingest_paths(services: Services, paths: Sequence[Path], asked: Asked) -> int:
    """Store what the files hold; the exit code is 3 when some could not be read."""
    _check(asked)
    require_files(paths)
    topics = tuple(services.topics().values())
    if asked.dry_run:
        return _look(services, paths, asked)
    workers = _workers(paths) if asked.workers is None else asked.workers
    with _pool(services, topics, workers, asked.scheduler) as pool, _bar("Ingesting") as show:
        readers = max(1, pool.window // (8 * WORKERS_A_READER))
        report = ingest(paths, services.store, pool, wanted=_wanted(services, asked, readers), progress=show)
    _tell(report, asked, f"in {services.store.place}", "stored", "unchanged")
    return report.exit_code


def _look(services: Services, paths: Sequence[Path], asked: Asked) -> int:
    try:
        store = services.store
    except NotSetUpError:
        store = None
    with _bar("Reading") as show:
        report = look_through(paths, store, wanted=_wanted(services, asked, 1), progress=show)
    _tell(report, asked, "and nothing was stored", "would be stored", "there already")
    return report.exit_code


def _check(asked: Asked) -> None:
    known = [format.name for format in FORMATS]
    if asked.only_format is not None and asked.only_format not in known:
        raise UsageError("is no format", where=asked.only_format, do=f"the formats are {', '.join(known)}")
    if asked.scheduler is not None and asked.workers is not None:
        raise UsageError("--workers and --scheduler exclude each other", do="a cluster has workers of its own")


def _wanted(services: Services, asked: Asked, readers: int) -> Wanted:
    most = services.settings.max_file_bytes
    return Wanted(only=asked.only_format, retry=asked.retry_failed, forced=asked.force, readers=readers, max_bytes=most)


def _workers(paths: Sequence[Path]) -> int:
    """A process a core where there is much to do, else none but this one."""
    size = 0
    for files, file in enumerate(find_files(paths, on_error=lambda path, reason: None), 1):
        size += file.stat().st_size
        if files >= MANY_FILES or size >= MANY_BYTES:
            return len(os.sched_getaffinity(0))
    return 0


@contextmanager
def _pool(services: Services, topics: tuple[Topic, ...], workers: int, scheduler: str | None) -> Iterator[Pool]:
    work = ModelWork(services.settings.language, services.settings.encoder, topics)
    pool: Pool
    if scheduler is not None:
        from api.cluster import ClusterPool

        pool = ClusterPool(work, scheduler)
    elif workers:
        from api.workers import LocalPool

        pool = LocalPool(work, workers)
    else:
        pool = OwnPool(own_work(services, topics))
    try:
        yield pool
    finally:
        pool.close()


@contextmanager
def _bar(what: str) -> Iterator[Callable[[Progress], None]]:
    began = time.monotonic()
    with ProgressBar(what) as bar:

        def show(step: Progress) -> None:
            rate = step.articles / max(0.001, time.monotonic() - began)
            bar.show(step.done, step.total, Path(step.file).name, f"{rate:,.1f} articles/s")

        yield show


def _tell(report: Report, asked: Asked, where: str, new: str, old: str) -> None:
    for file, reason in report.skipped[:MOST_TOLD]:
        note(f"standpoint: {reason if file in reason else f'{file}: {reason}'}")
    if report.skipped_count > MOST_TOLD:
        note(f"… and {report.skipped_count - MOST_TOLD} more; standpoint skipped lists them all")
    if asked.as_json:
        say_json(to_json(report))
        return
    for count in report.counts[:MOST_TOLD]:
        says = f"declares {count.declared}, " if count.declared is not None else ""
        note(f"{count.file}: {count.format}, {says}{count.parsed} found, {count.skipped} skipped")
    if report.files > 1:
        _tell_formats(report)
    counted = f"{count_words(report.stored, 'article')} {new}, {report.unchanged} {old}"
    more = [f"{report.withdrawn} withdrawn"] if report.withdrawn else []
    more += [f"{count_words(report.left_out, 'file')} of other formats left out"] if report.left_out else []
    note(", ".join([counted, *more, f"{report.skipped_count} skipped", where]))


def _tell_formats(report: Report) -> None:
    for name, count in sorted(report.formats.items()):
        files = count_words(count.files, "file") if count.files else "files that cannot be read"
        note(f"{name}: {files}, {count_words(count.articles, 'article')}, {count.skipped} skipped")
    for (name, reason), times in report.reasons.most_common(10):
        if times > 1:
            note(f"{times} times ({name}): {reason}")
