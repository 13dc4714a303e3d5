"""Files and folders into the store: what they hold is found here, and read, analysed and kept by ``api.batch``."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from secrets import token_hex

from api.analysing import Loaded
from api.batch import Batch, Progress
from api.batch_report import Report
from api.contained import Limits
from api.pools import Pool, run_of
from api.reading_ahead import Ahead, Order
from api.services import Services
from api.sources import FileSource, Source
from api.store import Store
from nlp.errors import NothingToDoError, UnreadableError
from nlp.readers import MAX_BYTES
from nlp.records import Analysis, Article, Topic

Fault = Callable[[Path, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How files are taken in: of one format alone, what failed before once more, what was withdrawn too."""

    only: str | None = None
    retry: bool = False
    forced: bool = False
    readers: int = 1
    max_bytes: int = MAX_BYTES
    limits: Limits | None = None
    every_file: bool = False


AS_USUAL = Wanted()


def find_files(paths: Iterable[Path], *, on_error: Fault | None = None) -> Iterator[Path]:
    """Every file that is named or stands below a named folder: sorted, once, hidden ones left out.

    Links to folders are not followed, and in a folder NAME.json beside NAME.txt is taken for what it is
    everywhere in Standpoint, the annotation or prediction of that text, and left out.
    A path that is missing or a folder that cannot be read goes to ``on_error``; without it, UnreadableError.
    """
    report = on_error or _refuse
    seen: set[Path] = set()
    for path in paths:
        for file in _walk(path, report):
            if (real := file.resolve()) not in seen:
                seen.add(real)
                yield file


def _refuse(path: Path, reason: str) -> None:
    raise UnreadableError(reason, where=str(path))


def _walk(path: Path, report: Fault) -> Iterator[Path]:
    try:
        folder = path.is_dir()
        if not folder:
            path.stat()
    except FileNotFoundError:
        report(path, "there is no such file or folder")
    except OSError as error:
        report(path, f"it cannot be reached: {error.strerror}")
    else:
        yield from _below(path, report) if folder else (path,)


def _below(top: Path, report: Fault) -> Iterator[Path]:
    def fail(error: OSError) -> None:
        report(Path(error.filename), f"the folder cannot be read: {error.strerror}")

    for folder, folders, names in os.walk(top, onerror=fail):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        texts = {name.removesuffix(".txt") for name in names if name.endswith(".txt")}
        beside = {f"{stem}.json" for stem in texts}
        shown = (name for name in sorted(names) if not name.startswith(".") and name not in beside)
        for file in (Path(folder, name) for name in shown):
            # Reading a pipe or a socket that somebody left in a folder would wait for ever.
            if file.is_file():
                yield file
            else:
                report(file, "this is no regular file")


def ingest(
    paths: Iterable[Path],
    store: Store,
    pool: Pool,
    *,
    wanted: Wanted = AS_USUAL,
    progress: Callable[[Progress], None] | None = None,
) -> Report:
    """Read, analyse and keep every article of the files; it may be stopped and started again.

    Raises NothingToDoError when the folders hold nothing that can be read, and NotSetUpError at once, because what is
    not set up fails for every file.
    """
    named, lost = list(paths), list[tuple[Path, str]]()
    files = [str(file) for file in find_files(named, on_error=lambda path, reason: lost.append((path, reason)))]
    report = ingest_sources(
        (FileSource(file) for file in files), len(files), store, pool, wanted=wanted, progress=progress
    )
    nothing = not (report.stored or report.unchanged or report.withdrawn or report.left_out or lost)
    if nothing and not any(path.is_file() for path in named):
        raise _nothing_to_do(named, report)
    for path, reason in lost:
        report.skip(str(path), reason)
    return report


def ingest_sources(
    sources: Iterable[Source],
    total: int,
    store: Store,
    pool: Pool,
    *,
    wanted: Wanted = AS_USUAL,
    progress: Callable[[Progress], None] | None = None,
) -> Report:
    """The same for files wherever they are, ``total`` of them."""
    batch = token_hex(8)
    order = Order(
        batch=batch,
        stamp=run_of(pool),
        only=wanted.only,
        retry=wanted.retry,
        forced=wanted.forced,
        max_bytes=wanted.max_bytes,
    )
    ahead = Ahead(order, store.intake, readers=wanted.readers, limits=wanted.limits)

    def withdraw(withdrawn: Iterable[str]) -> None:
        for source in withdrawn:
            store.holdings.withdraw_source(source, reason="Its publisher took it back.")

    work = Batch(store, pool, ahead, order, total=total, progress=progress, withdraw=withdraw)
    work.report.every_file = wanted.every_file
    return work.run(sources)


def require_files(paths: Iterable[Path]) -> None:
    """Raise NothingToDoError when the paths hold no file at all, before anything is made for them.

    A path that cannot be reached is not nothing: ``ingest`` reports it.
    """
    named, faults = list(paths), list[str]()
    found = next(find_files(named, on_error=lambda path, reason: faults.append(reason)), None)
    if found is None and not faults:
        raise _nothing_to_do(named, None)


def _nothing_to_do(named: Sequence[Path], report: Report | None) -> NothingToDoError:
    skipped = report.skipped if report else []
    found = f", only {len(skipped)} that cannot; the first: {skipped[0].file}: {skipped[0].reason}" if skipped else ""
    where = ", ".join(map(str, named))
    return NothingToDoError(f"there is no file that can be read{found}", where=where, do="name files or another folder")


def own_work(services: Services, topics: tuple[Topic, ...]) -> Loaded:
    """The work as this process does it, with the models that it holds already."""
    return Loaded(partial(_analyse, services, topics), services.run(topics).digest, services.encoder)


def _analyse(services: Services, topics: tuple[Topic, ...], article: Article) -> Analysis:
    return services.analyse(article, topics)
