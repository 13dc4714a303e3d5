"""The statement bank: statements as articles print them, each with a claim and the stance of its holder on it.

One JSON object a line, one file a batch. A row that breaks a rule is refused with file, line, key and
value: what the models learn from is read as strictly as what they are judged by.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from nlp.artifacts import digest_of_all
from nlp.errors import DataError, NothingToDoError

StanceWord = Literal["support", "oppose", "conditional", "mixed", "neutral", "none"]
STANCES: tuple[str, ...] = get_args(StanceWord)
#: The proposals that the product must know best.
CORE = frozenset({"co-commissioning", "pooling", "capitation"})
#: What makes a row hard: every tag that is no genre.
HARD = frozenset(
    [
        "negation",
        "double-negation",
        "condition",
        "concession",
        "aim-not-means",
        "objection-of-others",
        "change-of-mind",
        "question",
        "irony",
        "hedge",
        "comparison",
        "against-alternative",
        "description",
        "pronoun",
        "metaphor",
        "money",
    ]
)
GENRES = frozenset(
    [
        "news",
        "headline",
        "comment",
        "leader",
        "letter",
        "minutes",
        "board-paper",
        "hearing",
        "press-release",
        "newsletter",
        "speech",
        "report",
        "interview",
        "consultation",
        "live-blog",
        "blog",
    ]
)


class BankRow(BaseModel):
    """A text and a claim. ``topic`` is the claim as worded here, ``proposal`` the id of what it proposes."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)

    id: str = Field(pattern=r"^b\d{2}-[a-z0-9-]+$")
    batch: str = Field(pattern=r"^b\d{2}$")
    proposal: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    topic: str = Field(min_length=8)
    counter: str = Field(min_length=8)
    text: str = Field(min_length=12)
    before: str
    after: str
    holder: str = Field(min_length=1)
    manner: Literal["direct", "indirect", "mixed", "authorial"]
    stance: StanceWord
    strength: Literal["strong", "plain", "hedged"] | None
    condition: str | None
    earlier: Literal["support", "oppose", "conditional", "mixed", "neutral"] | None
    tags: tuple[str, ...]
    split: Literal["train", "dev", "test"]

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if (self.strength is None) != (self.stance in ("neutral", "none")):
            raise ValueError(f"strength = {self.strength!r}: null for neutral and none, and for nothing else")
        if (self.condition is not None) != (self.stance == "conditional"):
            raise ValueError(f"condition = {self.condition!r}: given for conditional, and for nothing else")
        if self.condition is not None and self.condition not in self.text:
            raise ValueError(f"condition = {self.condition!r} does not stand in the text")
        if unknown := sorted(set(self.tags) - HARD - GENRES):
            raise ValueError(f"tags = {unknown[0]!r} is unknown")
        if not self.id.startswith(f"{self.batch}-"):
            raise ValueError(f"id = {self.id!r} does not begin with its batch")
        return self

    @property
    def hard(self) -> bool:
        return bool(HARD & set(self.tags))


def read_bank(folder: Path) -> tuple[BankRow, ...]:
    """Every row of the batches (``b*.jsonl``) of a folder.

    Raises NothingToDoError where there is no batch, and DataError where a row breaks a rule, an id or
    a text with its proposal and holder stands twice, or a text stands in two splits.
    """
    rows: list[BankRow] = []
    for path in sorted(folder.glob("b*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if line.strip():
                rows.append(_row(line, f"{path}, line {number}"))
    if not rows:
        raise NothingToDoError("holds no batch", where=str(folder), do="name a folder of b01.jsonl, b02.jsonl, …")
    _refuse_leaks(rows, str(folder))
    return tuple(rows)


def bank_digest(folder: Path) -> str:
    """SHA-256 over the batches: it changes when any row does."""
    return digest_of_all(sorted(folder.glob("b*.jsonl")))


def _row(line: str, where: str) -> BankRow:
    try:
        return BankRow.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"])) or "row"
        shown = "" if key == "row" else f" = {first['input']!r}"
        raise DataError(f"{key}{shown}: {first['msg']}", where=where) from error


def _refuse_leaks(rows: Iterable[BankRow], where: str) -> None:
    ids: set[str] = set()
    splits: dict[str, str] = {}
    claims: set[tuple[str, str, str]] = set()
    for row in rows:
        text = " ".join(row.text.casefold().split())
        if row.id in ids:
            raise DataError(f"id = {row.id!r} stands twice", where=where)
        if (text, row.proposal, row.holder) in claims:  # two people may be reported in one sentence
            raise DataError(f"{row.id}: its text stands twice with proposal = {row.proposal!r}", where=where)
        if splits.setdefault(text, row.split) != row.split:
            raise DataError(f"{row.id}: its text stands in {splits[text]} and in {row.split}", where=where)
        ids.add(row.id)
        claims.add((text, row.proposal, row.holder))
