"""The same work on a Dask cluster: the same rows, whichever worker or scheduler is killed, and nothing in the clear."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from api.cluster import ClusterPool, check_address
from api.ingest import ingest
from api.pools import OwnPool
from api.store import Store
from nlp.errors import NotSetUpError, UsageError

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import stub_work
import torture_ingest

pytestmark = pytest.mark.cluster


@pytest.fixture
def dask() -> None:
    if importlib.util.find_spec("distributed") is None:
        message = "Dask is missing: pip install 'dask[distributed]'"
        if "cluster" in os.environ.get("STANDPOINT_REQUIRE", "").split(","):
            pytest.fail(message)
        pytest.skip(message)


@pytest.fixture
def cluster(dask: None, tmp_path: Path) -> Iterator[torture_ingest.Cluster]:
    with torture_ingest.Cluster(tmp_path) as started:
        started.ensure()
        yield started


def test_cluster_stores_what_one_process_does(cluster: torture_ingest.Cluster, store: Store, tmp_path: Path) -> None:
    stub_work.write_texts(tmp_path / "in", 20)
    (tmp_path / "in" / "000" / "00007.txt").write_text("Headline\n\nThis text is unlucky.\n")
    pool = ClusterPool(stub_work.StubWork(), cluster.address)
    try:
        report = ingest([tmp_path / "in"], store, pool)
    finally:
        pool.close()
    assert (report.stored, [each.reason for each in report.skipped]) == (19, ["00007.txt: no analysis today"])
    with Store.open(tmp_path / "own", create=True) as own:
        ingest([tmp_path / "in"], own, OwnPool(stub_work.StubWork().load()))
        assert torture_ingest.content_of(own) == torture_ingest.content_of(store)


def test_missing_model_on_a_worker_is_said_here(cluster: torture_ingest.Cluster, store: Store, tmp_path: Path) -> None:
    stub_work.write_texts(tmp_path / "in", 2)
    pool = ClusterPool(stub_work.StubWork(missing=True), cluster.address)
    try:
        with pytest.raises(NotSetUpError, match="the model is missing"):
            ingest([tmp_path / "in"], store, pool)
    finally:
        pool.close()


def test_killed_worker_and_killed_scheduler_lose_nothing(dask: None, tmp_path: Path) -> None:
    outcome = torture_ingest.torture_cluster(tmp_path, articles=20, kills=2, seconds=0.05, seed=3)
    assert (outcome.kills, outcome.faults) == (2, [])


def test_scheduler_that_is_not_there_is_not_set_up(dask: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.cluster.CONNECT", 0.5)
    with pytest.raises(NotSetUpError, match="cannot be reached"):
        ClusterPool(stub_work.StubWork(), "tcp://127.0.0.1:9")


def test_without_dask_it_is_said_how_to_get_it(run: Callable[..., Any], tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "a.txt").write_text("Head\n\nWords of a board.")
    monkeypatch.setitem(sys.modules, "distributed", None)
    found = run("ingest", "a.txt", "--scheduler", "tcp://127.0.0.1:8786")
    assert found.code == 5 and "pip install 'standpoint[cluster]'" in found.err


@pytest.mark.parametrize(
    "address", ["tcp://192.0.2.7:8786", "tcp://cluster.example:8786", "http://127.0.0.1:1", "8786", "", "tcp://[::]:1"]
)
def test_only_tls_or_this_machine_is_talked_to(address: str) -> None:
    with pytest.raises(UsageError):
        check_address(address)


@pytest.mark.parametrize(
    "address", ["tls://cluster.example:8786", "tcp://127.0.0.1:1", "tcp://[::1]:1", "tcp://localhost:1"]
)
def test_tls_and_loopback_are_fine(address: str) -> None:
    check_address(address)
