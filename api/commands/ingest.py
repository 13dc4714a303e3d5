"""``standpoint ingest``: files and folders into the store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from api.commands.output import ProgressBar, note, say_json
from api.ingest import IngestReport, ingest, require_files
from api.services import Services, pipeline_run
from api.settings import Settings
from api.words import count_words
from nlp.records import Analysis, Article, Run, Topic

Read = Callable[[Path], tuple[Article, ...]]


def ingest_paths(
    services: Services,
    paths: Sequence[Path],
    *,
    read: Read,
    as_json: bool,
    forced: bool = False,
    run: Callable[[Sequence[Topic], Settings], Run] = pipeline_run,
) -> int:
    """Store what the files hold; the exit code is 3 when some could not be read."""
    require_files(paths)
    topics = tuple(services.topics().values())
    # The pipeline loads the same encoder: what is written can be found by its meaning at once.
    services.store.writer.load_embedder = services.encoder
    with ProgressBar("Ingesting") as bar:
        report = ingest(
            paths,
            services.store,
            analyse=partial(_analyse, services, topics),
            read=read,
            run_digest=run(topics, services.settings).digest,
            forced=forced,
            progress=lambda step: bar.show(step.done, step.total, step.file.name),
        )
    for file, reason in report.skipped:
        note(f"standpoint: {reason if str(file) in reason else f'{file}: {reason}'}")
    if as_json:
        say_json(_document(report))
    else:
        stored = f"{count_words(report.stored, 'article')} stored, {report.unchanged} unchanged"
        note(f"{stored}, {len(report.skipped)} skipped, in {services.store.place}")
    return report.exit_code


def _analyse(services: Services, topics: tuple[Topic, ...], article: Article) -> Analysis:
    return services.analyse(article, topics)


def _document(report: IngestReport) -> dict[str, object]:
    skipped = [{"file": str(file), "reason": reason} for file, reason in report.skipped]
    return {"stored": report.stored, "unchanged": report.unchanged, "skipped": skipped}
