"""What a batch would take in: everything is read, nothing analysed and nothing stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from secrets import token_hex

from api.batch import Progress
from api.batch_report import FileCount, Report
from api.contained import OtherFormat
from api.ingest import AS_USUAL, Wanted, find_files
from api.reading_ahead import Ahead, Order, Read, Refused
from api.sources import FileSource
from api.store import Store
from nlp.readers.reading import Reading


def look_through(
    paths: Iterable[Path],
    store: Store | None,
    *,
    wanted: Wanted = AS_USUAL,
    progress: Callable[[Progress], None] | None = None,
) -> Report:
    """Read every file: ``stored`` counts the articles that are new, ``unchanged`` those that are there already.

    Without a store every article is new. Whether one that is there would be analysed anew is not looked at.
    """
    report, lost = Report(), list[tuple[Path, str]]()
    files = [str(file) for file in find_files(paths, on_error=lambda path, reason: lost.append((path, reason)))]
    order = Order(batch=token_hex(8), stamp="", only=wanted.only, max_bytes=wanted.max_bytes)
    with Ahead(order, None, readers=wanted.readers, limits=wanted.limits).over(map(FileSource, files)) as reads:
        for done, read in enumerate(reads, 1):
            report.files += 1
            _count(report, read, store)
            if progress:
                articles = report.stored + report.unchanged
                where = read.source.where
                progress(Progress(done=done, total=len(files), articles=articles, file=where, skipped=None))
    for path, reason in lost:
        report.skip(str(path), reason)
    return report


def _count(report: Report, read: Read, store: Store | None) -> None:
    where = read.source.where
    match read.outcome:
        case Refused(reason):
            report.skip(where, reason)
        case OtherFormat():
            report.left_out += 1
        case Reading() as reading:
            _count_reading(report, where, reading, store)


def _count_reading(report: Report, where: str, reading: Reading, store: Store | None) -> None:
    known = sum(store is not None and store.reader.stored(article.id) is not None for article in reading.articles)
    report.unchanged += known
    report.stored += len(reading.articles) - known
    report.withdrawn += len(reading.withdrawn)
    report.of(reading.format).files += 1
    report.of(reading.format).articles += len(reading.articles)
    report.of(reading.format).withdrawn += len(reading.withdrawn)
    report.count_file(
        FileCount(
            file=where,
            format=reading.format,
            declared=reading.declared,
            parsed=reading.parsed,
            articles=len(reading.articles),
            skipped=len(reading.skipped),
        )
    )
    for item in reading.skipped:
        report.skip(where, item.reason, place=item.where, format=reading.format)
    if not reading.parsed:
        report.skip(where, "there is no article in the file", format=reading.format)
