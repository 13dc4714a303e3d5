"""``standpoint index``: the vectors that search by meaning needs."""

from __future__ import annotations

from dataclasses import asdict

from api.commands.output import ProgressBar, note, say_json
from api.indexing import index_store
from api.services import Services
from api.words import count_words


def index_vectors(services: Services, *, as_json: bool) -> int:
    """Make the vectors that are missing, and say how many."""
    with ProgressBar("Indexing") as bar:
        report = index_store(services.store, services.encoder(), progress=lambda done, total: bar.show(done, total, ""))
    if as_json:
        say_json(asdict(report))
    elif report.passages:
        note(f"{count_words(report.passages, 'vector')} made, of {count_words(report.articles, 'article')}")
    else:
        note("Nothing was missing.")
    return 0
