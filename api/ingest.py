"""Files -> pipeline -> store, one transaction an article; what fails is named and counted, never lost."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from api.store import Store, Stored, Written
from nlp.errors import NothingToDoError, NotSetUpError, StandpointError, UnreadableError
from nlp.records import Analysis, Article

T = TypeVar("T")
Read = Callable[[Path], tuple[Article, ...]]
Analyse = Callable[[Article], Analysis]
Report = Callable[[Path, str], None]
#: What a reader knows of an article; the pipeline may fill what the reader leaves empty.
READ_FIELDS = ("reader", "title", "publisher", "published", "author", "url", "genre", "licence", "expires", "hints")


class Skipped(NamedTuple):
    """A file, or an article in it, that was not stored, and why."""

    file: Path
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a batch is, after each file; ``skipped`` says what went wrong with it."""

    done: int
    total: int
    file: Path
    skipped: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """``stored`` counts articles that are new or changed, ``unchanged`` those that were there like this."""

    stored: int
    unchanged: int
    skipped: tuple[Skipped, ...]

    @property
    def exit_code(self) -> int:
        return UnreadableError.exit_code if self.skipped else 0


def find_files(paths: Iterable[Path], *, on_error: Report | None = None) -> Iterator[Path]:
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


def _walk(path: Path, report: Report) -> Iterator[Path]:
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


def _below(top: Path, report: Report) -> Iterator[Path]:
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
    *,
    analyse: Analyse,
    read: Read,
    progress: Callable[[Progress], None] | None = None,
    run_digest: str | None = None,
    forced: bool = False,
) -> IngestReport:
    """Read, analyse and keep every article of the files; it may be stopped and started again.

    ``run_digest`` is the ``Run.digest`` that ``analyse`` gives now: articles stored under it are not
    analysed again. What was withdrawn is skipped with the reason, unless it is ``forced``. Raises
    NothingToDoError when the folders hold nothing that can be read, and NotSetUpError at once, because
    what is not set up fails for every file.
    """
    named = list(paths)
    skipped: list[Skipped] = []
    files = list(find_files(named, on_error=lambda path, reason: skipped.append(Skipped(path, reason))))
    lost_paths = len(skipped)
    written: list[Written] = []
    for done, file in enumerate(files, 1):
        outcomes = list(_ingest_file(file, read, partial(_keep, store, analyse, run_digest, forced)))
        faults = [outcome for outcome in outcomes if isinstance(outcome, Skipped)]
        written += [outcome for outcome in outcomes if isinstance(outcome, Written)]
        skipped += faults
        if progress:
            reason = "; ".join(fault.reason for fault in faults) or None
            progress(Progress(done=done, total=len(files), file=file, skipped=reason))
    if not written and not lost_paths and not any(path.is_file() for path in named):
        raise _nothing_to_do(named, skipped)
    unchanged = written.count(Written.UNCHANGED)
    return IngestReport(stored=len(written) - unchanged, unchanged=unchanged, skipped=tuple(skipped))


def require_files(paths: Iterable[Path]) -> None:
    """Raise NothingToDoError when the paths hold no file at all, before anything is made for them.

    A path that cannot be reached is not nothing: ``ingest`` reports it.
    """
    named, faults = list(paths), list[str]()
    found = next(find_files(named, on_error=lambda path, reason: faults.append(reason)), None)
    if found is None and not faults:
        raise _nothing_to_do(named, [])


def _nothing_to_do(named: list[Path], skipped: list[Skipped]) -> NothingToDoError:
    found = f", only {len(skipped)} that cannot; the first: {skipped[0].reason}" if skipped else ""
    where = ", ".join(map(str, named))
    return NothingToDoError(f"there is no file that can be read{found}", where=where, do="name files or another folder")


def _ingest_file(file: Path, read: Read, keep: Callable[[Article], Written]) -> Iterator[Written | Skipped]:
    articles = _attempt(file, partial(read, file))
    if isinstance(articles, Skipped):
        yield articles
        return
    if not articles:
        yield Skipped(file, "there is no article in the file")
    for article in articles:
        yield _attempt(file, partial(keep, article))


def _keep(store: Store, analyse: Analyse, run_digest: str | None, forced: bool, article: Article) -> Written:
    # Before the analysis, which takes long; the write looks again.
    if not forced:
        store.holdings.refuse(article)
    if run_digest and _is_kept(article, store.reader.stored(article.id), run_digest):
        return Written.UNCHANGED
    return store.writer.write_analysis(analyse(article), forced=forced)


def _is_kept(article: Article, stored: Stored | None, run_digest: str) -> bool:
    if stored is None or stored.run.digest != run_digest:
        return False
    read = ((getattr(article, field), getattr(stored.article, field)) for field in READ_FIELDS)
    return all(new in (None, ()) or new == old for new, old in read)


def _attempt(file: Path, act: Callable[[], T]) -> T | Skipped:
    """The one place where a failure becomes a line of the report."""
    try:
        return act()
    except NotSetUpError:
        raise
    except (StandpointError, OSError) as error:
        return Skipped(file, str(error))
