"""``standpoint seed``: a synthetic store, to measure and to try out."""

from __future__ import annotations

from itertools import islice

from api.commands.output import ProgressBar, say, say_json
from api.seeding import synthetic_articles
from api.services import Services
from nlp.errors import UsageError
from nlp.topics import shipped_topics

#: Articles a transaction, and topics that synthetic statements are on.
LOT, TOPICS = 1000, 12


def seed_store(services: Services, *, statements: int, seed: int, as_json: bool) -> int:
    """Fill an empty store. Raises UsageError, and writes nothing, when it holds an article."""
    store = services.store
    if store.reader.counts().articles:
        raise UsageError(
            "the database is not empty", where=str(store.path), do="name another folder with --data: nothing is mixed"
        )
    topics = [topic.id for topic in shipped_topics()][:TOPICS]
    made = synthetic_articles(statements, topics, seed=seed)
    articles = done = 0
    with ProgressBar("Seeding") as bar:
        while lot := tuple(islice(made, LOT)):
            store.writer.write_new(lot)
            articles += len(lot)
            done += sum(len(each.analysis.statements) for each in lot)
            bar.show(done, statements, f"{articles:,} articles")
    counts = {"articles": articles, "statements": done, "seed": seed}
    if as_json:
        say_json(counts)
    else:
        say(f"{done:,} synthetic statements in {articles:,} articles (seed {seed}) are in {store.path}.")
    return 0
