"""One settings class, read from ``STANDPOINT_*``; built once and passed down."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from pydantic import ByteSize, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from nlp.errors import UsageError
from nlp.records import MEDIUM

PREFIX = "STANDPOINT_"
MEBIBYTE = 1024 * 1024
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/?")
#: Addresses that nobody beyond this machine can reach.
THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})


class Settings(BaseSettings):
    """What may be set from outside. Sizes are bytes; "20MB" and "20MiB" are accepted too."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True)

    data: Path = Field(default=Path("standpoint-data"), description="the folder that holds the database")
    host: str = Field(default="127.0.0.1", description="the address that the server listens on")
    port: int = Field(default=8000, ge=0, le=65535, description="the port that the server listens on")
    database_url: str | None = Field(
        default=None,
        repr=False,
        description="a PostgreSQL database in place of the file, as postgresql://USER:PASSWORD@HOST:5432/DATABASE",
    )
    language: str = Field(
        default="", description="an installed spaCy pipeline with tagger, parser and names, in place of the shipped one"
    )
    encoder: str = Field(
        default="", description="a sentence-transformers model on this machine, in place of the shipped one"
    )
    min_confidence: float = Field(default=MEDIUM, ge=0, le=1, description="the lowest confidence shown by default")
    max_upload_bytes: ByteSize = Field(
        default=ByteSize(20 * MEBIBYTE), ge=1, description="the largest request body that is accepted"
    )
    max_file_bytes: ByteSize = Field(default=ByteSize(20 * MEBIBYTE), ge=1, description="the largest file that is read")
    job_articles: int = Field(
        default=50, ge=0, description="a topic is checked or applied to more stored articles than this by a job"
    )
    quote_characters: int = Field(default=300, ge=40, le=5000, description="the longest quote of a briefing")
    quotes_per_source: int = Field(default=8, ge=1, le=100, description="quotes of one article in a briefing at most")
    require_keys: bool = Field(default=False, description="ask for an API key on this machine too, as behind a proxy")
    allowed_hosts: str = Field(
        default="",
        description="names that the server is called by elsewhere, separated by commas; keys are needed then",
    )
    allowed_origins: str = Field(
        default="", description="sites whose pages may read the API, such as https://example.org, separated by commas"
    )
    rate_limit: float = Field(
        default=20,
        ge=0,
        description="requests a second for each key, or address without one, where keys are needed; 0: any",
    )
    request_seconds: float = Field(default=60, gt=0, description="how long an answer may take before it is a problem")
    secret: str = Field(
        default="",
        description="what signs cursors and webhooks, the same for every server on one database; a file by default",
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="how the server logs requests: text or json"
    )
    outside_ports: str = Field(
        default="", description="ports of other machines that may be asked beside 80 and 443, separated by commas"
    )
    webhook_loopback: bool = Field(
        default=False, description="let webhooks be on this machine too, by plain HTTP: http://127.0.0.1:9000/hook"
    )
    shared: Path = Field(default=Path("../shared"), description="the folder with shared data, for checks that need it")
    require: str = Field(default="", description="optional parts that must be there, separated by commas")

    @field_validator("allowed_origins")
    @classmethod
    def _check_origins(cls, listed: str) -> str:
        if not all(_ORIGIN.fullmatch(each) for each in _parts(listed)):
            raise ValueError("must be sites such as https://example.org, separated by commas")
        return listed

    @field_validator("outside_ports")
    @classmethod
    def _check_ports(cls, listed: str) -> str:
        if not all(each.isdecimal() and 0 < int(each) < 65536 for each in _parts(listed)):
            raise ValueError("must be ports such as 8443, separated by commas")
        return listed

    @property
    def ports_outside(self) -> frozenset[int]:
        """The ports of other machines that may be asked."""
        return frozenset({80, 443, *map(int, _parts(self.outside_ports))})

    @property
    def hosts(self) -> frozenset[str]:
        """The names besides those of this machine that requests may be sent to."""
        return frozenset(name.lower() for name in _parts(self.allowed_hosts))

    @property
    def origins(self) -> tuple[str, ...]:
        """The origins of other sites whose pages may read the API."""
        return tuple(name.rstrip("/").lower() for name in _parts(self.allowed_origins))

    @property
    def keyed(self) -> bool:
        """Whether every caller needs a key: somebody beyond this machine may be one."""
        return self.require_keys or bool(self.hosts) or self.host.lower() not in THIS_MACHINE


def _parts(listed: str) -> list[str]:
    return [part.strip() for part in listed.split(",") if part.strip()]


def load_settings(**given: object) -> Settings:
    """The settings of this process; a given value that is not None wins over the environment.

    Raises UsageError, in one line, for an unknown STANDPOINT_ name and for a value that does not fit.
    """
    _refuse_unknown(os.environ)
    chosen: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    try:
        return Settings(**chosen)
    except ValidationError as error:
        raise UsageError(_faults(error), do="run standpoint doctor to see every setting") from error


def _refuse_unknown(names: Iterable[str]) -> None:
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    for name in sorted(names):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            near = get_close_matches(name.upper(), known, n=1, cutoff=0.8)
            hint = f"did you mean {near[0]}?" if near else f"the settings are {', '.join(known)}"
            raise UsageError("is no setting of this version", where=name, do=hint)


def _faults(error: ValidationError) -> str:
    return "; ".join(f"{PREFIX}{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors())
