"""What routes, pages and commands stand on, built once and passed down: settings, store, topics, pipeline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache, partial
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from threading import Event, Lock
from typing import TYPE_CHECKING, Protocol, Self

from api.cursors import Signer, read_secret
from api.settings import Settings
from api.store import Store
from api.store.vectors import Embedder
from nlp.errors import NotSetUpError
from nlp.records import Analysis, Article, Run, Topic
from nlp.topics import load_topics

if TYPE_CHECKING:
    from nlp.explanations import Reading
    from nlp.language import Models
    from nlp.matching import Candidate
    from nlp.positions import Observation
    from nlp.topic_check import Catch

Analyse = Callable[[Article, Sequence[Topic]], Analysis]
RunOf = Callable[[Sequence[Topic]], Run]
_LOADING = Lock()


class Engine(Protocol):
    """What is asked of the models beside ``Analyse``; tests put a stand-in in its place."""

    def apply(self, analysis: Analysis, topics: Sequence[Topic], before: Sequence[Topic] | None) -> Analysis:
        """The analysis with these topics in place of those ``before`` (None: whatever they were)."""
        ...

    def check(self, analysis: Analysis, topic: Topic, topics: Sequence[Topic]) -> tuple[Catch, ...]:
        """What a topic would catch in the article, and what it would narrowly miss."""
        ...

    def read(self, article: Article, observation: Observation, topic: Topic, holder: str) -> Reading | None:
        """What the cross-encoder reads in an utterance; None without one, or where the words are not known."""
        ...


class ModelEngine:
    """The engine with the models that the settings name; they are loaded when first asked."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def apply(self, analysis: Analysis, topics: Sequence[Topic], before: Sequence[Topic] | None) -> Analysis:
        from nlp.pipeline import apply_topics

        return apply_topics(analysis, topics, self._models(), before=before)

    def check(self, analysis: Analysis, topic: Topic, topics: Sequence[Topic]) -> tuple[Catch, ...]:
        from nlp.topic_check import check_topic_on

        return check_topic_on(analysis, topic, topics, self._models())

    def read(self, article: Article, observation: Observation, topic: Topic, holder: str) -> Reading | None:
        from nlp.explanations import read_words

        reader = self._models().reader
        if reader is None or not observation.spans:
            return None
        return read_words(article, observation.spans, observation.stance.label, topic, holder, reader)

    def _models(self) -> Models:
        return models_of(self._settings)


def models_of(settings: Settings) -> Models:
    """The models that the settings name, loaded at the first question; who asks meanwhile waits, and loads none."""
    from nlp.language import load_models

    with _LOADING:
        return load_models(settings.language, settings.encoder)


@cache
def version() -> str:
    """The version of the installed package; a tree that was never installed has none."""
    try:
        return installed_version("standpoint")
    except PackageNotFoundError:
        return "0.0.0 (not installed)"


def pipeline_of(settings: Settings) -> Analyse:
    """The pipeline with the models that the settings name; imported and loaded when first used."""

    def analyse(article: Article, topics: Sequence[Topic]) -> Analysis:
        from nlp.pipeline import analyse as read

        return read(article, tuple(topics), models_of(settings))

    return analyse


def in_topic_order(found: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """Ids of topics in the order in which the known ones stand, then the others as they come."""
    waiting = dict.fromkeys(found)
    first = [topic for topic in known if topic in waiting]
    return tuple(dict.fromkeys([*first, *waiting]))


def pipeline_run(topics: Sequence[Topic], settings: Settings) -> Run:
    """The versions behind what the pipeline finds now, with these topics and models."""
    from nlp.language import load_models
    from nlp.pipeline import run

    return run(tuple(topics), load_models(settings.language, settings.encoder))


class Services:
    """Opens the store at the first question, so that a server starts and says what is missing."""

    def __init__(
        self,
        settings: Settings,
        *,
        store: Store | None = None,
        analyse: Analyse | None = None,
        engine: Engine | None = None,
        create: bool = False,
        run: RunOf | None = None,
    ) -> None:
        self.settings, self.analyse = settings, analyse or pipeline_of(settings)
        #: The run behind what ``analyse`` finds now.
        self.run = run or partial(pipeline_run, settings=settings)
        self.engine: Engine = engine or ModelEngine(settings)
        #: One change of topics at a time is applied to what is stored; set when the server stops.
        self.applying, self.stopping = Lock(), Event()
        self._store, self._create, self._lock = store, create, Lock()
        self._signer: Signer | None = None

    @property
    def store(self) -> Store:
        """The open store. Raises NotSetUpError when there is none or it cannot be used."""
        with self._lock:
            if self._store is None:
                settings = self.settings
                self._store = Store.open(settings.data, create=self._create, database_url=settings.database_url)
                self._store.searcher.load_encoder = self.encoder
            return self._store

    @property
    def signer(self) -> Signer:
        """What signs cursors: with the secret of the settings or, without one, of the data folder."""
        with self._lock:
            if self._signer is None:
                given = self.settings.secret
                self._signer = Signer(given.encode() if given else read_secret(self.settings.data))
            return self._signer

    def encoder(self) -> Embedder:
        """The sentence encoder alone, loaded when first asked. Raises NotSetUpError where it cannot be."""
        from nlp.sentence_encoder import load_encoder

        return load_encoder(self.settings.encoder)

    def topics(self) -> dict[str, Topic]:
        """Every known topic by id: the shipped ones, then those that users added or replaced."""
        return {topic.id: topic for topic in (*load_topics(None), *self._added_topics())}

    def match(self, name: str, *, on: date | None = None, limit: int = 10) -> tuple[Candidate, ...]:
        """Who may be meant by a name, out of the register and the database; without one, the register alone.

        Raises UsageError when the name is empty or too long.
        """
        from nlp.matching import match_name
        from nlp.register import register

        try:
            reader = self.store.reader
            known = reader.names()
        except NotSetUpError:
            return match_name(name, register(), on=on, limit=limit)
        return match_name(name, register(), known=known, describe=reader.stakeholders_by_id, on=on, limit=limit)

    def _added_topics(self) -> tuple[Topic, ...]:
        try:
            return self.store.reader.topics()
        except NotSetUpError:
            # A text can be analysed without a database, on the shipped topics.
            return ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.stopping.set()
        with self._lock:
            if self._store is not None:
                self._store.close()
                self._store = None
