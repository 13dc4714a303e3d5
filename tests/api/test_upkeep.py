"""``standpoint migrate``, ``backup`` and what ``doctor`` says of the engine; and the whole program on PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.store import DATABASE_NAME, Store
from api.store.migrations import REVISIONS
from api.store.passages import PassageKind
from api.store.questions import Mode, Question
from nlp.errors import StandpointError
from nlp.records import Analysis, Article, StanceLabel

Make = Callable[..., Analysis]
Run_ = Callable[..., Any]
LAST = REVISIONS[-1]


def statements_with(query: str) -> Question:
    return Question(query=query, mode=Mode.LEXICAL, within=(PassageKind.STATEMENT,))


@pytest.fixture
def folder(store: Store, analysis: Analysis) -> Path:
    store.writer.write_analysis(analysis)
    assert store.path
    return store.path.parent


@pytest.fixture
def url(postgres: Any) -> Iterator[str]:
    with postgres.database(migrated=True) as address:
        yield address


def test_backup_is_a_database_of_its_own(run: Run_, folder: Path, tmp_path: Path, analysis: Analysis) -> None:
    copy = tmp_path / "kept" / DATABASE_NAME
    copy.parent.mkdir()
    assert run("backup", str(copy), "--data", str(folder)).code == 0
    assert [path.name for path in copy.parent.iterdir()] == [DATABASE_NAME]
    with Store.open(copy.parent) as store:
        assert store.reader.article(analysis.article.id) == analysis
        assert store.searcher.search(statements_with("blame")).total == 1


def test_backup_while_others_write_is_whole(folder: Path, tmp_path: Path, store: Store, make_analysis: Make) -> None:
    from api.store.upkeep import back_up

    done = Event()

    def write() -> None:
        for number in range(300):
            if done.is_set():
                return
            store.writer.write_analysis(make_analysis(f"{number}.txt"))

    writer = Thread(target=write)
    writer.start()
    for number in range(3):
        (tmp_path / f"{number}").mkdir()
        back_up(tmp_path / f"{number}" / DATABASE_NAME, folder)
    done.set()
    writer.join()
    with Store.open(tmp_path / "2") as copy:
        counts = copy.reader.counts()
        assert counts.articles == counts.statements - 1 == counts.figures - 1 >= 1


def test_backup_overwrites_nothing(run: Run_, folder: Path) -> None:
    before = (folder / DATABASE_NAME).read_bytes()
    result = run("backup", str(folder / DATABASE_NAME), "--data", str(folder))
    assert result.code == 2 and "overwrites nothing" in result.err
    assert (folder / DATABASE_NAME).read_bytes() == before


@pytest.mark.parametrize("target", ["missing/copy.sqlite", "file/copy.sqlite"])
def test_backup_that_cannot_be_written_says_so(run: Run_, folder: Path, tmp_path: Path, target: str) -> None:
    (tmp_path / "file").touch()
    result = run("backup", str(tmp_path / target), "--data", str(folder))
    assert result.code == 5 and "cannot be written" in result.err


def test_backup_without_a_database_says_so(run: Run_, tmp_path: Path) -> None:
    result = run("backup", str(tmp_path / "copy.sqlite"), "--data", str(tmp_path / "none"))
    assert result.code == 5 and "there is no database" in result.err and not (tmp_path / "copy.sqlite").exists()


def test_backup_of_a_damaged_database_keeps_no_copy(folder: Path, tmp_path: Path, store: Store) -> None:
    from api.store.upkeep import back_up

    store.close()
    path = folder / DATABASE_NAME
    with sqlite3.connect(path) as other:
        (page,) = other.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ix_statements_holder'").fetchone()
        (size,) = other.execute("PRAGMA page_size").fetchone()
    other.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    with pytest.raises(StandpointError, match=r"damaged|cannot be copied|malformed"):
        back_up(tmp_path / "copy.sqlite", folder)
    assert not (tmp_path / "copy.sqlite").exists()


def test_backup_counts_what_it_copied(run: Run_, folder: Path, tmp_path: Path) -> None:
    document = run("backup", str(tmp_path / "copy.sqlite"), "--json", "--data", str(folder)).document
    assert document == {
        "file": str(tmp_path / "copy.sqlite"),
        "bytes": (tmp_path / "copy.sqlite").stat().st_size,
        "checked": True,
    }


def test_migrate_goes_down_and_up(run: Run_, folder: Path, store: Store) -> None:
    store.close()
    down = run("migrate", "--down", "0001", "--json", "--data", str(folder))
    assert down.code == 0 and (down.document["before"], down.document["now"]) == (LAST, "0001")
    up = run("migrate", "--data", str(folder))
    assert up.code == 0 and f"schema 0001 -> {LAST}" in up.out
    assert "already" in run("migrate", "--data", str(folder)).out


def test_migrate_down_to_no_schema_is_a_matter_of_usage(run: Run_, folder: Path) -> None:
    result = run("migrate", "--down", "7", "--data", str(folder))
    assert result.code == 2 and "is no schema" in result.err


def test_doctor_says_engine_version_and_schema(run: Run_, folder: Path) -> None:
    from pysqlite3 import dbapi2

    checks = {each["name"]: each for each in run("doctor", "--json", "--data", str(folder)).document["checks"]}
    assert checks["engine"]["detail"] == f"SQLite {dbapi2.sqlite_version}, schema {LAST}"


def test_doctor_says_whether_pgvector_is_there_and_never_the_password(
    run: Run_, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANDPOINT_DATABASE_URL", url.replace("postgres:@", "postgres:h0rse@"))
    result = run("doctor", "--data", str(tmp_path / "none"), "--json")
    checks = {each["name"]: each for each in result.document["checks"]}
    assert result.code == 0, checks
    assert "PostgreSQL" in checks["engine"]["detail"] and "pgvector" in checks["engine"]["detail"]
    assert "data folder" not in checks and "h0rse" not in result.out + result.err


def test_commands_work_on_postgresql(run: Run_, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANDPOINT_DATABASE_URL", url)
    assert "schema" in run("migrate").out
    assert run("map").code in (0, 4)
    assert not (tmp_path / "standpoint-data").exists()


ROUTES = (
    *("/readyz", "/v1/articles", "/v1/statements", "/v1/stakeholders", "/v1/topics", "/v1/positions", "/v1/map"),
    *("/v1/figures", "/v1/search?q=budget", "/v1/statements?q=budget&topic=pooling", "/"),
)


def test_routes_answer_the_same_from_both_engines(
    postgres: Any, settings: Settings, store: Store, analysis: Analysis, make_analysis: Make
) -> None:
    def answers(opened: Store) -> dict[str, Any]:
        opened.writer.write_analysis(analysis)
        for number in range(4):
            label = StanceLabel.OPPOSE if number % 2 else StanceLabel.SUPPORT
            made = make_analysis(f"{number}.txt", holder=f"person:h{number}", label=label, published=f"201{number}")
            opened.writer.write_analysis(made)
        app = create_app(settings, store=opened, analyse=never)
        with TestClient(app, base_url="http://127.0.0.1") as client:
            found = {path: client.get(path) for path in ROUTES}
        assert {path: answer.status_code for path, answer in found.items()} == dict.fromkeys(ROUTES, 200)
        read = {path: without_moments(answer.json()) for path, answer in found.items() if path.startswith("/v1")}
        # Lengths are counted in another way: what matches nearly as well as its neighbour may change places with it.
        read["/v1/search?q=budget"]["items"].sort(key=str)
        return read

    def never(article: Article, topics: object) -> Analysis:
        raise AssertionError

    with postgres.database(migrated=True) as address, Store.open(Path("nowhere"), database_url=address) as other:
        assert answers(store) == answers(other)


#: When it was stored, how it scored, and where the snippet of a long text is cut.
LEFT_OUT = ("added", "score", "snippet")


def without_moments(value: Any) -> Any:
    """The answer without what two runs, or two engines, may differ in."""
    if isinstance(value, dict):
        return {key: without_moments(each) for key, each in value.items() if key not in LEFT_OUT}
    return [without_moments(each) for each in value] if isinstance(value, list) else value


def test_server_that_went_away_is_a_503(url: str, settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"database_url": "postgresql://jo:h0rse@127.0.0.1:1/press"}))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        answer = client.get("/v1/map")
    assert answer.status_code == 503 and "h0rse" not in answer.text
