"""Whoever is killed, and however many work: what is stored is the same, each article once, in order of the files."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from api.contained import ContainedReader, ReaderEndedError
from api.ingest import Wanted, ingest
from api.pools import OwnPool, Pool, run_of
from api.store import Store
from api.workers import LocalPool
from nlp.errors import NotSetUpError
from nlp.readers.reading import Reading

# Workers import the stub by its name, in processes of their own.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import stub_work
import torture_ingest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    stub_work.write_texts(tmp_path / "in", 40)
    return tmp_path / "in"


@pytest.fixture
def pool_of() -> Iterator[Callable[..., LocalPool]]:
    opened: list[LocalPool] = []

    def make(workers: int = 1, *, patience: float = 60, **work: Any) -> LocalPool:
        opened.append(LocalPool(stub_work.StubWork(**work), workers, patience=patience))
        return opened[-1]

    yield make
    for pool in opened:
        pool.close()


def own() -> Pool:
    return OwnPool(stub_work.StubWork().load())


def answers(pool: Pool, count: int) -> dict[int, bytes | None]:
    found: dict[int, bytes | None] = {}
    while len(found) < count:
        found |= {each.number: each.body for each in pool.wait(10)}
    return found


def test_any_number_of_workers_stores_the_same_rows(
    folder: Path, store: Store, tmp_path: Path, pool_of: Callable[..., LocalPool]
) -> None:
    ingest([folder], store, own())
    wanted = torture_ingest.content_of(store)
    assert len(wanted["articles"]) == 40
    for workers in (1, 3):
        with Store.open(tmp_path / str(workers), create=True) as another:
            report = ingest([folder], another, pool_of(workers), wanted=Wanted(readers=workers))
            assert (report.stored, report.exit_code) == (40, 0)
            assert torture_ingest.content_of(another) == wanted


def test_killed_worker_is_replaced_and_its_article_done_by_another(
    folder: Path, store: Store, pool_of: Callable[..., LocalPool]
) -> None:
    pool, killed = pool_of(2, seconds=0.02), list[int]()

    def kill(step: Any) -> None:
        if step.done in (5, 15, 25):
            killed.append(next(pid for pid in pool.pids if pid not in killed))
            os.kill(killed[-1], signal.SIGKILL)

    assert ingest([folder], store, pool, progress=kill).stored == 40
    assert len(set(killed)) == 3 and not set(killed) & set(pool.pids)


def test_article_that_ends_every_worker_is_given_up_and_the_others_are_stored(
    folder: Path, store: Store, pool_of: Callable[..., LocalPool]
) -> None:
    (folder / "000" / "00007.txt").write_text("Headline\n\nThis text is deadly.\n")
    report = ingest([folder], store, pool_of())
    assert report.stored == 39
    assert [(Path(each.file).name, each.reason) for each in report.skipped] == [
        ("00007.txt", "its analysis ended the worker again and again")
    ]


def test_article_that_takes_for_ever_is_given_up(
    tmp_path: Path, store: Store, pool_of: Callable[..., LocalPool]
) -> None:
    for name, words in (("a.txt", "Head\n\nAn endless text."), ("b.txt", "Head\n\nA short text.")):
        (tmp_path / name).write_text(words)
    report = ingest([tmp_path / "a.txt", tmp_path / "b.txt"], store, pool_of(patience=0.5))
    assert (report.stored, report.skipped_count) == (1, 1)


def test_missing_model_in_a_worker_stops_the_batch_at_once(
    folder: Path, store: Store, pool_of: Callable[..., LocalPool]
) -> None:
    with pytest.raises(NotSetUpError, match="the model is missing"):
        ingest([folder], store, pool_of(missing=True))


def test_worker_with_other_models_than_the_first_is_refused(
    folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.ingest.run_of", lambda pool: "another")
    with pytest.raises(NotSetUpError, match="other code or models"):
        ingest([folder], store, own())
    assert store.reader.counts().articles == 0


def test_failures_of_single_articles_come_back_from_workers(
    folder: Path, store: Store, pool_of: Callable[..., LocalPool]
) -> None:
    (folder / "000" / "00007.txt").write_text("Headline\n\nThis text is unlucky.\n")
    report = ingest([folder], store, pool_of(2))
    assert (report.stored, [each.reason for each in report.skipped]) == (39, ["00007.txt: no analysis today"])


def test_large_tasks_and_answers_block_neither_side(pool_of: Callable[..., LocalPool]) -> None:
    pool, task = pool_of(1), b"x" * 3_000_000
    for number in range(4):
        pool.submit(number, task)
    assert sorted(answers(pool, 4)) == [0, 1, 2, 3]


def test_workers_say_the_run_behind_what_they_find(pool_of: Callable[..., LocalPool]) -> None:
    assert run_of(pool_of(digest="d7")) == run_of(OwnPool(stub_work.StubWork(digest="d7").load())) == "d7"


class Ending:
    """A reader in whose place a list stands: what it raises, until nothing is left."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *ends: bool) -> None:
        self.left, self.real, self.reads = list(ends), ContainedReader.read, 0
        monkeypatch.setattr(ContainedReader, "read", lambda reader, data, **more: self.read(reader, data, **more))

    def read(self, reader: ContainedReader, data: bytes, **more: Any) -> Any:
        if b"bomb" not in data:
            return self.real(reader, data, **more)
        self.reads += 1
        if self.left:
            raise ReaderEndedError("ends its reader", blamed=self.left.pop(0))
        return self.real(reader, data, **more)


def test_file_that_ends_its_reader_twice_is_quarantined_and_stays_so(
    folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = folder / "000" / "00003.txt"
    bomb.write_text("Headline\n\nThis is a bomb.\n")
    ending = Ending(monkeypatch, True, True)
    for stored, unchanged in ((39, 0), (0, 39)):
        report = ingest([folder], store, own())
        assert (report.stored, report.unchanged, report.exit_code) == (stored, unchanged, 3)
        assert [(Path(each.file).name, each.reason) for each in report.skipped] == [("00003.txt", "ends its reader")]
    assert ending.reads == 2, "it is not read again"
    assert ingest([folder], store, own(), wanted=Wanted(retry=True)).stored == 1


def test_file_that_ended_its_reader_once_is_read_again(
    folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "000" / "00003.txt").write_text("Headline\n\nThis is a bomb.\n")
    Ending(monkeypatch, True)
    assert ingest([folder], store, own()).stored == 40


def test_reader_killed_from_outside_is_no_fault_of_the_file(
    folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "000" / "00003.txt").write_text("Headline\n\nThis is a bomb.\n")
    Ending(monkeypatch, False, False, False, True)
    assert ingest([folder], store, own()).stored == 40


def test_withdrawal_takes_away_what_came_before_it(folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    real = ContainedReader.read

    def read(self: ContainedReader, data: bytes, *, source: str, only: str | None = None) -> Any:
        if source == "00020.txt":
            return Reading(format="feed", withdrawn=("00003.txt",), declared=1)
        return real(self, data, source=source, only=only)

    monkeypatch.setattr(ContainedReader, "read", read)
    report = ingest([folder], store, own())
    assert (report.stored, report.withdrawn, report.skipped_count) == (39, 1, 0)
    assert store.reader.article_count() == 38


def test_file_in_the_hands_of_another_process_is_waited_for(
    folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest([folder], store, own())
    before = torture_ingest.content_of(store)
    torture_ingest.hand_over(store, "elsewhere:7")

    def finish() -> None:
        torture_ingest.hand_over(store, None)

    threading.Timer(0.2, finish).start()
    monkeypatch.setattr("api.batch.PAUSE", 0.05)
    report = ingest([folder], store, own())
    assert (report.stored, report.unchanged) == (0, 40)
    assert torture_ingest.content_of(store) == before


def test_broken_files_are_read_or_refused_with_a_reason() -> None:
    found = torture_ingest.torture_malformed(torture_ingest.malformed_sources(), files=100, seed=5)
    assert (found.files, found.faults) == (100, [])
    assert found.read + sum(found.reasons.values()) == 100


def test_torture_in_small(tmp_path: Path) -> None:
    outcome = torture_ingest.torture_local(tmp_path, articles=40, kills=5, workers=2, seconds=0.03, seed=7)
    assert outcome.kills == 5
    assert outcome.faults == []
