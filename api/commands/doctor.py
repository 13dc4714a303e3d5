"""``standpoint doctor``: versions, checks, settings and counts."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from api.commands.judge import share_line
from api.commands.output import one_line, say, say_json
from api.services import Services, pipeline_run, version
from api.settings import PREFIX, Settings
from api.store import Counts, Store
from api.store.engines import sqlite_driver
from api.store.migrations import REVISIONS
from api.store.upkeep import describe_store
from nlp.errors import NotSetUpError, StandpointError
from nlp.judged_accuracy import measure
from nlp.records import Article, Topic
from nlp.topics import load_topics

_PROBE = "Probe\n\nDr Asha Menon, chair of Fenland LMC, said a single budget would take money out of practices.\n"


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class ModelLine:
    """A shipped model: ``size`` in bytes, ``scores`` as they were measured when it was made."""

    name: str
    version: str
    size: int
    digest: str
    scores: dict[str, float]


def examine(
    make_settings: Callable[[], Settings], make_services: Callable[[Settings], Services], *, as_json: bool
) -> int:
    """Print what Standpoint stands on; the exit code is 5 when a check fails."""
    checks, settings = _settings_check(make_settings)
    services = make_services(settings)
    models, check = _models(settings)
    checks += [check]
    checks += [_attempt(name, check) for name, check in _checks(services)]
    counts = _counts(services)
    document: dict[str, Any] = {
        "versions": _versions(tuple(services.topics().values()), settings),
        "models": [asdict(model) for model in models],
        "checks": [asdict(check) for check in checks],
        "settings": {PREFIX + name.upper(): _shown(name, value) for name, value in settings.model_dump().items()},
        "counts": asdict(counts) if counts else None,
        "judged": _judged(services) if counts else [],
    }
    services.close()
    if as_json:
        say_json(document)
    else:
        say("\n".join(_lines(document)))
    return 0 if all(check.ok for check in checks) else NotSetUpError.exit_code


def _models(settings: Settings) -> tuple[list[ModelLine], Check]:
    """Every shipped model in use, and how long it takes to load them all."""
    from nlp.language import load_models

    load_models.cache_clear()
    start = time.perf_counter()
    try:
        loaded = load_models(settings.language, settings.encoder)
    except (StandpointError, ImportError) as error:
        return [], Check("models", False, one_line(str(error)))
    seconds = time.perf_counter() - start
    lines = [ModelLine(m.name, m.version, m.size, m.digest, dict(m.scores)) for m in loaded.manifests]
    own = [name for name in (settings.language, settings.encoder) if name]
    about = f"loaded in {seconds:.1f} s" + (f", with your own {' and '.join(own)}" if own else "")
    return lines, Check("models", True, about)


def _shown(name: str, value: object) -> str:
    """A setting's value; the address of a database may hold a password, and the secret is one."""
    if value is None:
        return ""
    return "(set)" if value and name in ("database_url", "secret") else str(value)


def _settings_check(make_settings: Callable[[], Settings]) -> tuple[list[Check], Settings]:
    try:
        settings = make_settings()
    except StandpointError as error:
        return [Check("settings", False, str(error))], Settings.model_construct()
    return [Check("settings", True, f"data folder {settings.data}")], settings


def _checks(services: Services) -> Iterator[tuple[str, Callable[[], str]]]:
    data = services.settings.data
    yield "sqlite", lambda: f"SQLite {sqlite_driver().sqlite_version}"
    yield "topics", lambda: f"{len(load_topics(None))} shipped"
    yield "pipeline", lambda: _analyse_probe(services)
    if services.settings.database_url is None:
        yield "data folder", lambda: _writable(data)
    yield "engine", lambda: _describe_engine(services.settings)
    yield "database", lambda: _open_database(services)


def _attempt(name: str, check: Callable[[], str]) -> Check:
    try:
        return Check(name, True, check())
    except (StandpointError, OSError, ImportError) as error:
        return Check(name, False, one_line(str(error)))


def _analyse_probe(services: Services) -> str:
    article = Article(Article.identify("probe", _PROBE), "probe", _PROBE, "text/1")
    start = time.perf_counter()
    analysis = services.analyse(article, load_topics(None))
    return f"analyses a short text in {time.perf_counter() - start:.2f} s (run {analysis.run.digest[:12]})"


def _writable(folder: Path) -> str:
    if not folder.exists():
        raise NotSetUpError("there is no such folder yet", where=str(folder), do="run standpoint ingest PATH")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise NotSetUpError("cannot be written", where=str(folder), do="check its permissions")
    return f"{folder} can be written"


def _describe_engine(settings: Settings) -> str:
    found = describe_store(settings.data, database_url=settings.database_url)
    extension = f", pgvector {found.extension}" if found.extension else ""
    return f"{found.engine}, schema {found.schema}{extension}"


def _open_database(services: Services) -> str:
    waiting = services.store.holdings.ungrouped()
    stories = f"; for the stories of {waiting} articles run standpoint regroup once" if waiting else ""
    return f"{services.store.place} has schema {REVISIONS[-1]}{stories}"


def _counts(services: Services) -> Counts | None:
    try:
        store: Store = services.store
    except NotSetUpError:
        return None
    return store.reader.counts(min_confidence=services.settings.min_confidence)


def _judged(services: Services) -> list[str]:
    """How often the program is right on what reviewers judged here, kind by kind."""
    shares = measure(services.store.judging.all())
    return [share_line(share) for share in shares if share.judged and share.tier is None]


def _versions(topics: Sequence[Topic], settings: Settings) -> dict[str, str]:
    versions = {
        "standpoint": version(),
        "python": platform.python_version(),
        "sqlite": _sqlite_version(),
        "schema": REVISIONS[-1],
    }
    try:
        return versions | dict(pipeline_run(topics, settings).models)
    except (StandpointError, ImportError):
        # The check of the pipeline says why.
        return versions | {"register": "unknown", "topics": "unknown"}


def _sqlite_version() -> str:
    try:
        return str(sqlite_driver().sqlite_version)
    except NotSetUpError:
        return "missing"


def _lines(document: dict[str, Any]) -> Iterator[str]:
    yield "Versions"
    yield from (f"  {name:12} {value}" for name, value in document["versions"].items())
    yield "\nModels"
    for model in document["models"]:
        yield f"  {model['name']}-{model['version']}: {model['size'] / 1e6:.1f} MB, SHA-256 {model['digest'][:12]}"
        yield from (f"    {name:40} {score:g}" for name, score in model["scores"].items())
    yield "\nChecks"
    yield from (f"  {'ok  ' if c['ok'] else 'FAIL'} {c['name']}: {one_line(c['detail'])}" for c in document["checks"])
    yield "\nSettings (set them in the environment)"
    for name, value in document["settings"].items():
        about = Settings.model_fields[name.removeprefix(PREFIX).lower()].description
        yield f"  {name}={one_line(value)}  # {about}"
    yield "\nCounts"
    counts = document["counts"]
    yield from (f"  {name:12} {number:,}" for name, number in counts.items()) if counts else ["  no database yet"]
    if document["judged"]:
        yield "\nRight, by what reviewers judged"
        yield from (f"  {line}" for line in document["judged"])
