"""``standpoint verify``: everything that is checked of a database, and what is wrong with it."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict

from api.commands.output import note, one_line, say, say_json
from api.services import Services
from api.store.verifying import CHECKS, Fault, extent
from api.words import count_words
from nlp.errors import UnreadableError

#: So many faults are told of each check; the others are counted.
MOST = 100


def verify_store(services: Services, *, as_json: bool) -> int:
    """Print what is wrong, as it is found; the exit code is 3 when anything is."""
    store = services.store
    counts: Counter[str] = Counter()
    told: list[Fault] = []
    for fault in store.faults():
        counts[fault.check] += 1
        if counts[fault.check] > MOST:
            continue
        if as_json:
            told.append(fault)
        else:
            say(one_line(f"{fault.check}: {fault.where}: {fault.what} ({fault.do})"))
    size = extent(store.engine)
    if as_json:
        checks = {name: counts[name] for name in CHECKS}
        document = {"ok": not told, "faults": checks, "told": [asdict(fault) for fault in told]}
        say_json({**document, "extent": asdict(size), "database": str(store.path)})
    else:
        for name, count in counts.items():
            if count > MOST:
                say(f"{name}: … and {count - MOST} more")
        checked = f"{count_words(size.articles, 'article')}, {count_words(size.statements, 'statement')}"
        result = f"{count_words(counts.total(), 'fault')} found" if counts else "nothing is wrong"
        if size.purged:
            checked += f" (of {size.purged} the text was purged: their spans were not checked)"
        note(f"{result} in {store.path}: {checked}, {count_words(size.audit, 'audit row')} (the last is {size.head})")
    return UnreadableError.exit_code if counts else 0
