"""Files that were sent, taken in by a job: whoever sent them, a program or the form of a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from api.applying import Step
from api.batch import Progress
from api.batch_report import to_json
from api.ingest import Wanted, ingest_sources, own_work
from api.jobs import JobRunner
from api.pools import OwnPool
from api.services import Services
from api.sources import uploaded
from api.store.jobs import Job
from api.store.uploads import Upload

INGEST = "articles.ingest"
#: So many files may be sent at once.
MOST_FILES = 1_000
#: Faults and files that a job names one by one; it counts all.
MOST = 500


def start_intake(services: Services, runner: JobRunner, files: Sequence[Upload]) -> Job:
    """Keep the files, and take on the job of reading them."""
    id = services.store.uploads.add(files)
    return runner.submit(INGEST, {"upload": id, "files": len(files)}, total=len(files))


def do_intake(services: Services, body: Mapping[str, Any], progress: Callable[[Step], None]) -> Mapping[str, Any]:
    """Read what was sent, with the models that the server holds; what came of it, as JSON."""

    def show(step: Progress) -> None:
        progress(Step(done=step.done, total=step.total, article=step.file))

    uploads, work = services.store.uploads, own_work(services, tuple(services.topics().values()))
    wanted = Wanted(every_file=True, max_bytes=services.settings.max_file_bytes)
    sources = uploaded(uploads.files(body["upload"]))
    report = ingest_sources(sources, body["files"], services.store, OwnPool(work), wanted=wanted, progress=show)
    uploads.drop(body["upload"])
    return to_json(report, most=MOST)
