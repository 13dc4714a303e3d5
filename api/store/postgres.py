"""PostgreSQL: its address, its connections, and what a server must be to be used. No message holds a password."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from json import dumps

from pydantic_core import from_json
from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, ProgrammingError

from nlp.errors import NotSetUpError, UsageError

#: The oldest major version whose collations, generated columns and rights the store was built for.
OLDEST_POSTGRESQL = 15
#: A connection is waited for so long, in seconds; the address may say otherwise (?connect_timeout=3).
CONNECT_SECONDS = 10
#: The transaction lock that all writers take: "standpnt" read as a number. Locks are per database.
WRITER_LOCK = int.from_bytes(b"standpnt")
#: Compiling a query takes longer than most of ours run. Lists of ids past PostgreSQL's 4 MB, when they
#: are looked up with NOT IN, are searched anew for each row: 64 MB hold a million of them.
SESSION = "-c jit=off -c work_mem=64MB"

_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")
_WRONG_ADDRESS = "STANDPOINT_DATABASE_URL is no address of a PostgreSQL database"
_RIGHT_ADDRESS = (
    "write postgresql://USER:PASSWORD@HOST:5432/DATABASE, other characters than letters and digits in USER "
    "and PASSWORD as %XX"
)
#: What each class of failure asks of the person; the key begins the SQLSTATE (PostgreSQL manual, appendix A).
_REMEDIES = {
    "42501": "let the owner of the database run: GRANT ALL ON DATABASE … TO the user, "
    "and GRANT ALL ON SCHEMA public TO the user",
    "25006": "name a server that takes writes, not its copy",
    "55P03": "wait for the other writer, or see who it is in pg_stat_activity",
    "53": "check the server's disk, memory and number of connections",
}
_REACH = "check that the server runs, and user, password and database in STANDPOINT_DATABASE_URL"


@dataclass(frozen=True, slots=True)
class Server:
    """What a connection leads to; ``vector`` is pgvector's version here, or why it cannot be used."""

    version: str
    vector: str


def read_address(given: str) -> URL:
    """The address with our driver. Raises NotSetUpError, which repeats nothing of what was given."""
    try:
        url = make_url(given.strip())
    except (ArgumentError, ValueError):
        # The parser's message may hold a part of the password: it is not passed on, nor chained.
        url = None
    if url is None or not given.isprintable() or "@" in (url.host or ""):
        raise NotSetUpError(_WRONG_ADDRESS, do=_RIGHT_ADDRESS)
    if url.drivername not in _SCHEMES:
        raise NotSetUpError(f"{_WRONG_ADDRESS}: it begins with another word", do=_RIGHT_ADDRESS)
    if not url.database:
        raise NotSetUpError(f"{_WRONG_ADDRESS}: it names no database", do=_RIGHT_ADDRESS)
    return url.set(drivername="postgresql+psycopg")


def open_postgresql(url: URL, *, wait: int) -> Engine:
    """An engine on the database at ``url``; a statement waits ``wait`` seconds for a lock before it fails."""
    given = str(url.query.get("options", ""))
    options = {
        "options": f"{SESSION} -c lock_timeout={wait * 1000} {given}".strip(),
        "application_name": "standpoint",
        "connect_timeout": str(CONNECT_SECONDS),
    }
    return create_engine(
        url.set(query={**options, **url.query, "options": options["options"]}),
        pool_size=8,
        max_overflow=-1,
        # A server that was started anew leaves dead connections in the pool.
        pool_pre_ping=True,
        json_serializer=partial(dumps, ensure_ascii=False, separators=(",", ":")),
        json_deserializer=from_json,
        use_native_hstore=False,
    )


def place_of(url: URL) -> str:
    """The database in words for a person, without user and password."""
    host = url.host or url.query.get("host") or "this machine"
    where = host if isinstance(host, str) else ", ".join(host)
    return f"PostgreSQL database {url.database} at {where}{f':{url.port}' if url.port else ''}"


def check_server(connection: Connection) -> None:
    """Raises NotSetUpError for a server that is too old and for a database that cannot hold every text."""
    number = int(connection.scalar(text("SHOW server_version_num")) or 0)
    if number // 10_000 < OLDEST_POSTGRESQL:
        version = connection.scalar(text("SHOW server_version"))
        raise NotSetUpError(
            f"PostgreSQL {version} is too old, {OLDEST_POSTGRESQL} or newer is needed",
            do="upgrade the server, or name another in STANDPOINT_DATABASE_URL",
        )
    encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise NotSetUpError(
            f"the database keeps text as {encoding}, which lacks letters", do="make one with: createdb -E UTF8 NAME"
        )


def describe_server(connection: Connection) -> Server:
    """Version and pgvector of the server; nothing uses the extension: vectors are scanned in memory."""
    version = str(connection.scalar(text("SHOW server_version"))).split()[0]
    query = text("SELECT default_version, installed_version FROM pg_available_extensions WHERE name = 'vector'")
    found = connection.execute(query).one_or_none()
    if found is None:
        return Server(version, "not on this server")
    return Server(version, found.installed_version or f"{found.default_version} on the server, not in this database")


def explain(error: DBAPIError, url: URL) -> Exception:
    """What a failure of the database means for a person, without a password that its message may hold."""
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if _is_unfit(error, state):
        return UsageError(_unfit(str(error.orig)))
    if (state[:2] in ("23", "42") and state != "42501") or (not state and isinstance(error, ProgrammingError)):
        return error
    remedy = next((do for key, do in _REMEDIES.items() if state.startswith(key)), _REACH)
    return NotSetUpError(f"the database cannot be used: {_clean(error, url)}", where=place_of(url), do=remedy)


def _is_unfit(error: DBAPIError, state: str) -> bool:
    # 22: data exceptions; 54000: an indexed text longer than an index entry can be (2.7 kB).
    return state.startswith("22") or state == "54000" or type(error.orig).__name__ == "DataError"


def _unfit(message: str) -> str:
    if "NUL" in message or "0x00" in message:
        return "a text holds a NUL character, which no database keeps"
    return "a value is larger or longer than the database keeps"


def _clean(error: DBAPIError, url: URL) -> str:
    message = " ".join(str(error.orig).split())
    secrets = [url.password, *(value for key, value in url.query.items() if "pass" in key.lower())]
    for secret in secrets:
        if secret:
            message = message.replace(str(secret), "***")
    # A server that several addresses lead to answers once for each: the first answer is enough.
    return re.split(r" Multiple connection attempts failed", message)[0].rstrip(". ")
