"""An export that was coded in another program comes back in as judgements, which are laid over the store."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.exports.export import export
from api.exports.formats import Format, What
from api.importing import import_file
from api.services import Services
from api.settings import Settings
from api.store import Store
from api.store.analyst import Question
from nlp.errors import UnreadableError, UsageError
from nlp.records import Analysis, StanceLabel

Make = Callable[..., Analysis]


@pytest.fixture
def told(store: Store, make_analysis: Make) -> Analysis:
    analysis = make_analysis("one.txt", confidence=0.6)
    store.writer.write_analysis(analysis)
    return analysis


@pytest.fixture
def services(settings: Settings, store: Store) -> Services:
    return Services(settings, store=store)


def exported(services: Services, format: Format) -> str:
    return b"".join(export(services, What.STATEMENTS, format, Question()).pieces).decode("utf-8-sig")


def turned(text: str) -> str:
    """An event list with the agreement of every row turned round."""
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys(), delimiter=";")
    writer.writeheader()
    for row in rows:
        writer.writerow({**row, "agreement": "0" if row["agreement"].lower() in {"1", "true"} else "1"})
    return out.getvalue()


def test_an_event_list_that_was_coded_anew_is_laid_over_the_store(
    services: Services, told: Analysis, tmp_path: Path
) -> None:
    path = tmp_path / "coded.csv"
    path.write_text(turned(exported(services, Format.DNA_EVENTS)), encoding="utf-8")
    assert told.stances[0].label is StanceLabel.SUPPORT
    found = import_file(services, path, by="Ann Orrell")
    assert len(found.stored) == 1 and found.faults == () == found.orphaned
    stance = services.store.reader.article(told.article.id).stances[0]
    assert stance.label is StanceLabel.OPPOSE and "Ann Orrell" in stance.evidence.reason


def test_the_same_file_is_taken_in_once(services: Services, told: Analysis, tmp_path: Path) -> None:
    path = tmp_path / "coded.csv"
    path.write_text(turned(exported(services, Format.DNA_EVENTS)), encoding="utf-8")
    import_file(services, path, by="Ann Orrell")
    again = import_file(services, path, by="Ann Orrell")
    assert again.stored == () and [fault.line for fault in again.faults] == [2]
    assert len(list(services.store.judging.all())) == 1


def test_tasks_of_label_studio_come_back_with_their_reviewer(
    services: Services, told: Analysis, tmp_path: Path
) -> None:
    task: dict[str, Any] = json.loads(exported(services, Format.LABEL_STUDIO).splitlines()[0])
    result = task["predictions"][0]["result"] if task.get("predictions") else task["annotations"][0]["result"]
    task["annotations"] = [{"result": result, "completed_by": {"email": "ann@example.org"}, "was_cancelled": False}]
    path = tmp_path / "tasks.jsonl"
    path.write_text(json.dumps(task) + "\n", encoding="utf-8")
    found = import_file(services, path, by="nobody")
    assert found.faults == () and {each.by for each in services.store.judging.all()} == {"ann@example.org"}


def test_what_is_no_verdict_is_told_by_its_line(services: Services, told: Analysis, tmp_path: Path) -> None:
    path = tmp_path / "coded.csv"
    path.write_text(
        exported(services, Format.DNA_EVENTS).replace(told.article.id, "0" * len(told.article.id)), encoding="utf-8"
    )
    found = import_file(services, path, by="Ann Orrell")
    assert found.stored == () and [fault.line for fault in found.faults] == [2]


def test_a_file_of_neither_kind_is_refused(services: Services, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a letter", encoding="utf-8")
    (tmp_path / "b.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError):
        import_file(services, tmp_path / "a.txt", by="x")
    for name in ("b.csv", "none.csv"):
        with pytest.raises(UnreadableError, match="cannot be read"):
            import_file(services, tmp_path / name, by="x")
