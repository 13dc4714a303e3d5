"""What PostgreSQL alone can do wrong: addresses, servers, rights, orders and words. No message holds a password."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from api.settings import Settings
from api.store import Filters, Fragment, Store, engines
from api.store import postgres as server
from api.store.lexemes import fold, make_snippet, render_tsquery
from api.store.passages import PassageKind
from api.store.questions import Mode, Question
from api.store.search import parse_query
from api.store.stems import stem
from api.store.upkeep import back_up, describe_store, migrate_store
from nlp.errors import NotSetUpError, UsageError
from nlp.records import Analysis

ROOT = Path(__file__).resolve().parents[2]
SECRET = "h0rse-battery"
Make = Callable[..., Analysis]


def statements_with(query: str) -> Question:
    return Question(query=query, mode=Mode.LEXICAL, within=(PassageKind.STATEMENT,))


@pytest.fixture
def url(postgres: Any) -> Iterator[str]:
    """The address of a database with our tables."""
    with postgres.database(migrated=True) as address:
        yield address


def refusal(address: str, *, create: bool = True) -> str:
    """The one line with which an address is refused; it may not hold the password."""
    with pytest.raises(NotSetUpError) as refused:
        Store.open(Path("nowhere"), create=create, database_url=address)
    line = str(refused.value)
    assert SECRET not in line and "\n" not in line
    return line


@pytest.mark.parametrize(
    "address",
    [
        "",
        SECRET,
        f"postgresql://jo:{SECRET}@host:port/press",
        f"postgresql://jo:{SECRET}@{SECRET}@host/press",
        f"postgresql://jo:{SECRET}@host/press\n",
        f"mysql://jo:{SECRET}@host/press",
        f"sqlite:///{SECRET}",
        f"postgresql://jo:{SECRET}@host",
        f"postgresql+asyncpg://jo:{SECRET}@host/press",
    ],
)
def test_bad_address_is_refused_without_a_word_of_it(address: str) -> None:
    if address.endswith("\n"):
        address = address.replace("host", "ho\nst")
    line = refusal(address)
    assert "STANDPOINT_DATABASE_URL is no address of a PostgreSQL database" in line
    assert "postgresql://USER:PASSWORD@HOST:5432/DATABASE" in line


def test_server_that_does_not_answer_is_named_without_the_password() -> None:
    line = refusal(f"postgresql://jo:{SECRET}@127.0.0.1:1/press")
    assert "PostgreSQL database press at 127.0.0.1:1" in line and "check that the server runs" in line


def test_password_among_the_options_of_the_address_is_kept_too() -> None:
    assert "press" in refusal(f"postgresql://127.0.0.1:1/press?user=jo&password={SECRET}")


def test_option_that_is_none_is_refused(url: str) -> None:
    assert "holds an option that is none" in refusal(f"{url}&colour=red")


def test_settings_do_not_show_the_address() -> None:
    assert SECRET not in repr(Settings(database_url=f"postgresql://jo:{SECRET}@host/press"))


def test_missing_database_is_named(url: str) -> None:
    assert 'database "nowhere" does not exist' in refusal(re.sub(r"/test_\d+\?", "/nowhere?", url))


def test_old_server_is_refused_by_name(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "OLDEST_POSTGRESQL", 99)
    assert re.search(r"PostgreSQL \d+\.\d+ is too old, 99 or newer is needed", refusal(url))


def test_database_that_lacks_letters_is_refused(postgres: Any) -> None:
    latin = "TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'"
    with postgres.database(migrated=False, options=latin) as address:
        assert "keeps text as LATIN1" in refusal(address)


def test_empty_database_is_not_taken_for_one_with_nothing_found(postgres: Any) -> None:
    with postgres.database(migrated=False) as address:
        assert "nothing in the database yet" in refusal(address, create=False)
        assert postgres.run("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", address) == []


def test_database_of_another_program_is_refused_and_left_alone(postgres: Any) -> None:
    with postgres.database(migrated=False) as address:
        postgres.run("CREATE TABLE recipes (name TEXT)", address)
        line = refusal(address)
        assert "another program" in line and "name another database in STANDPOINT_DATABASE_URL" in line
        assert postgres.run("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", address) == [("recipes",)]


@contextmanager
def as_user(postgres: Any, address: str, grants: str = "") -> Iterator[str]:
    """The address for a user who may connect and, beside that, only what is granted."""
    postgres.run(f"CREATE ROLE clerk LOGIN PASSWORD '{SECRET}'")
    if grants:
        postgres.run(grants, address)
    try:
        yield address.replace("postgres:@", f"clerk:{SECRET}@", 1)
    finally:
        postgres.run("DROP OWNED BY clerk", address)
        postgres.run("DROP ROLE clerk")


def test_missing_right_to_make_tables_is_said(postgres: Any) -> None:
    with postgres.database(migrated=False) as address, as_user(postgres, address) as clerk:
        line = refusal(clerk)
        assert "permission denied for schema public" in line and "GRANT ALL ON SCHEMA public" in line


def test_missing_right_to_write_is_said_when_it_is_needed(postgres: Any, url: str, analysis: Analysis) -> None:
    grant = "GRANT SELECT ON ALL TABLES IN SCHEMA public TO clerk"
    with as_user(postgres, url, grant) as clerk, Store.open(Path("nowhere"), database_url=clerk) as store:
        assert store.reader.counts().articles == 0
        with pytest.raises(NotSetUpError, match="permission denied") as refused:
            store.writer.write_analysis(analysis)
        assert SECRET not in str(refused.value)


def test_connections_that_the_server_ended_are_made_anew(postgres: Any, url: str) -> None:
    with Store.open(Path("nowhere"), database_url=url) as store:
        store.reader.counts()
        ours = "datname = current_database() AND pid <> pg_backend_pid()"
        postgres.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {ours}", url)
        assert store.reader.counts().articles == 0


def test_one_question_sees_one_state_and_cannot_write(url: str, make_analysis: Make) -> None:
    counted = text("SELECT count(*) FROM articles")
    with Store.open(Path("nowhere"), database_url=url) as store:
        with engines.reading(store._engine) as connection:
            assert connection.scalar(counted) == 0
            store.writer.write_analysis(make_analysis())
            assert connection.scalar(counted) == 0
        with pytest.raises(NotSetUpError, match="read-only"), engines.reading(store._engine) as connection:
            connection.execute(text("DELETE FROM articles"))
        with engines.reading(store._engine) as connection:
            assert connection.scalar(counted) == 1


def test_nul_is_refused_in_words(url: str, make_analysis: Make) -> None:
    made = make_analysis()
    with Store.open(Path("nowhere"), database_url=url) as store:
        with pytest.raises(UsageError, match="NUL character"):
            store.reader.statements(Filters(publisher=("a\0b",)))
        with pytest.raises(Exception, match="NUL character"):
            store.writer.write_analysis(replace(made, article=replace(made.article, author="a\0b")))


def test_name_too_long_for_an_index_is_refused_in_words(url: str, make_analysis: Make) -> None:
    made = make_analysis()
    # Incompressible, or the index would take it.
    publisher = "".join(chr(0x4E00 + (number * 7919) % 20_000) for number in range(9000))
    with Store.open(Path("nowhere"), database_url=url) as store:
        with pytest.raises(UsageError, match="longer than the database keeps"):
            store.writer.write_analysis(replace(made, article=replace(made.article, publisher=publisher)))
        assert store.reader.counts().articles == 0


def test_every_text_is_ordered_by_code_point_whatever_the_server_speaks(url: str) -> None:
    query = text(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
        "AND data_type IN ('text', 'character varying') AND table_name <> 'alembic_version' "
        "AND collation_name IS DISTINCT FROM 'C' AND table_name NOT LIKE '%_fts'"
    )
    with Store.open(Path("nowhere"), database_url=url) as store, store._engine.connect() as connection:
        assert connection.execute(query).all() == []


def test_database_without_a_language_finds_and_orders_the_same(postgres: Any, make_analysis: Make) -> None:
    with (
        postgres.database(migrated=False, options="TEMPLATE template0 LOCALE 'C'") as address,
        Store.open(Path("nowhere"), create=True, database_url=address) as store,
    ):
        store.writer.write_analysis(make_analysis(words="GPs’ cafés “at Ŵrexham” paid 1.5m – no more"))
        for query in ("gps", "cafe", "CAFÉS", "wrexham", "5m", '"paid 1 5m no more"'):
            assert store.searcher.search(statements_with(query)).total == 1, query


def test_tags_addresses_and_hyphens_are_words_as_in_fts5(url: str, store: Store, make_analysis: Make) -> None:
    said = "co-commissioning <b>a relic</b> on www.example.org/a_b at £1.20 &amp; the 2e5 or 10% of R&D"
    with Store.open(Path("nowhere"), database_url=url) as other:
        for each in (store, other):
            each.writer.write_analysis(make_analysis(words=said))
        for query in (
            *(
                "commissioning",
                "co",
                '"co commissioning"',
                "b",
                "relic",
                "example",
                '"example org"',
                "20",
                "amp",
                "2e5",
            ),
            *("the", "or", "10", '"R D"', "commission", "relics", "relicts", "examples -org", "nothing OR relic"),
        ):
            found = [each.searcher.search(statements_with(query)).total for each in (store, other)]
            assert found[0] == found[1], query


def test_article_too_long_for_the_index_is_found_by_its_beginning(url: str, make_analysis: Make) -> None:
    words = " ".join(f"w{number:x}" for number in range(150_000))
    made = make_analysis(words="a relic of the old days")
    article = replace(made.article, text=f"{made.article.text}\n\n{words}")
    with Store.open(Path("nowhere"), database_url=url) as store:
        store.writer.write_analysis(replace(made, article=article))
        assert store.reader.articles(Filters(q="relic")).items
        assert store.reader.articles(Filters(q="w64")).items


def vocabulary() -> set[str]:
    files = [*(ROOT / "corpora" / "samples").glob("*.txt"), *ROOT.glob("*.md")]
    return {word for file in files for word in re.findall(r"[a-z]+", file.read_text(encoding="utf-8").lower())}


def test_stems_are_those_of_the_server(url: str) -> None:
    words = sorted(
        word for word in vocabulary() | {"relational", "skies", "agreed", "hopping", "sensibiliti"} if word[2:]
    )
    query = text("SELECT word, ts_lexize('standpoint_stem', word) AS stems FROM unnest(CAST(:words AS text[])) AS word")
    with Store.open(Path("nowhere"), database_url=url) as store, store._engine.connect() as connection:
        stems = {row.word: row.stems[0] for row in connection.execute(query, {"words": words})}
    assert len(stems) > 1000
    assert {word: stem(word) for word in words} == stems


def test_rendered_query_holds_only_quoted_terms() -> None:
    query = parse_query("""NOT "a b" OR c -d' x:*&|!<->(\\ -"é f\"""")
    assert render_tsquery(query) == "('NOT') & ('a b' | 'c') & ('x') & !'d' & !'e f'"


def test_marks_are_taken_off_letters() -> None:
    assert fold("Ŵrexham café cafe\u0301 ﬁve") == "Wrexham cafe cafe five"


def test_snippet_marks_words_in_all_their_forms_and_phrases_as_a_whole() -> None:
    marked = make_snippet(
        "The relics of a single budgét, and a budget.", parse_query('relic "single budget"'), words=32
    )
    assert [piece.text for piece in marked if piece.match] == ["relics", "single budgét"]
    assert "".join(piece.text for piece in marked) == "The relics of a single budgét, and a budget."


def test_snippet_of_a_long_text_is_cut_round_what_matched_most() -> None:
    long = " ".join(f"word{number}" for number in range(200))
    body = f"relic {long} relic and tariff {long}"
    marked = make_snippet(body, parse_query("relic tariff"), words=32)
    assert [piece.text for piece in marked if piece.match] == ["relic", "tariff"]
    assert marked[0] == marked[-1] == Fragment(text="…", match=False)
    assert 28 <= len("".join(piece.text for piece in marked).split()) <= 34


@pytest.mark.parametrize("body", ["", "…", "nothing of it"])
def test_snippet_of_a_text_without_a_match_is_its_beginning(body: str) -> None:
    assert "".join(piece.text for piece in make_snippet(body, parse_query("relic"), words=32)) == body


def test_server_is_described_with_and_without_pgvector(postgres: Any, url: str) -> None:
    found = describe_store(Path("nowhere"), database_url=url)
    assert re.fullmatch(r"PostgreSQL \d+\.\d+", found.engine) and "PostgreSQL database test_" in found.place
    assert "on the server, not in this database" in found.extension
    postgres.run("CREATE EXTENSION vector", url)
    assert re.fullmatch(r"[\d.]+", describe_store(Path("nowhere"), database_url=url).extension)
    # With the extension, whose types are no tables of ours, everything opens as before.
    assert migrate_store(Path("nowhere"), database_url=url).before is not None


@pytest.fixture
def programs(postgres: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump and pg_restore of the server's own version come first."""
    monkeypatch.setenv("PATH", str(postgres.programs), prepend=":")


@pytest.mark.usefixtures("programs")
def test_backup_can_be_restored(postgres: Any, url: str, tmp_path: Path, analysis: Analysis) -> None:
    with Store.open(tmp_path, database_url=url) as store:
        store.writer.write_analysis(analysis)
    done = back_up(tmp_path / "copy.dump", tmp_path, database_url=url)
    assert done.size == done.path.stat().st_size > 1000
    with postgres.database(migrated=False) as address:
        restore_with("pg_restore", f"--dbname={address}", str(done.path))
        with Store.open(tmp_path, database_url=address) as store:
            assert store.reader.article(analysis.article.id) == analysis
            assert store.searcher.search(statements_with("blame")).total == 1
            store.writer.write_analysis(replace(analysis, figures=()))


def restore_with(program: str, *arguments: str) -> None:
    found = shutil.which(program)
    assert found
    done = subprocess.run([found, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_backup_without_pg_dump_says_what_to_run(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotSetUpError, match=r"pg_dump is not on the PATH.*") as refused:
        back_up(tmp_path / "copy.dump", tmp_path, database_url=url)
    assert "pg_dump --format=custom" in refused.value.do and list(tmp_path.iterdir()) == []


def test_failing_pg_dump_leaves_no_file(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "bin" / "pg_dump"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\necho "$@" "$PGPASSWORD" > "$(dirname "$0")/asked"\necho too old >&2\nexit 1\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    with pytest.raises(NotSetUpError, match="pg_dump failed: too old"):
        back_up(tmp_path / "copy.dump", tmp_path, database_url=url.replace("postgres:@", f"postgres:{SECRET}@"))
    assert not (tmp_path / "copy.dump").exists()
    arguments, _, password = (program.parent / "asked").read_text().strip().rpartition(" ")
    assert password == SECRET and SECRET not in arguments


def test_password_is_kept_out_of_a_message_of_the_driver() -> None:
    class Failure(Exception):
        sqlstate = None

    error = OperationalError("SELECT 1", {}, Failure(f"could not send {SECRET} to the server"))
    explained = server.explain(error, make_url(f"postgresql://jo:{SECRET}@host/press"))
    assert isinstance(explained, NotSetUpError) and "could not send *** to the server" in str(explained)
