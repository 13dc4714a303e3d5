"""``standpoint skipped``: what came in and gave no article."""

from __future__ import annotations

from api.commands.output import note, one_line, say, say_json
from api.services import Services
from api.words import count_words


def show_skipped(services: Services, *, as_json: bool) -> int:
    """Print all faults of files and their items, as they were told when the files came in."""
    faults = services.store.intake.every_fault()
    if as_json:
        say_json({"skipped": [fault._asdict() for fault in faults]})
        return 0
    count = 0
    for fault in faults:
        say(one_line(f"{fault.path}: {f'{fault.place}: ' if fault.place else ''}{fault.reason}"))
        count += 1
    note(f"{count_words(count, 'fault')}; standpoint ingest PATH --retry-failed tries them again")
    return 0
