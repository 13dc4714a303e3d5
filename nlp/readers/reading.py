"""What reading a file gives: its articles, what was skipped and why, and how many the file said it held."""

from __future__ import annotations

from dataclasses import dataclass

from nlp.records import Article


@dataclass(frozen=True, slots=True)
class SkippedItem:
    """An item of a file that gave no article: where it stands in the file ("item 3", a member's name), and why."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that one file held; every item of it is an article, skipped, or withdrawn.

    ``format`` is the name of the format it was read as. ``declared`` is how many items the file itself says that it
    holds, None where it does not say. ``withdrawn`` are the sources (addresses or ids) of articles that their
    publisher takes back.
    """

    format: str
    articles: tuple[Article, ...] = ()
    skipped: tuple[SkippedItem, ...] = ()
    declared: int | None = None
    withdrawn: tuple[str, ...] = ()

    @property
    def parsed(self) -> int:
        """How many items were read, whatever came of them."""
        return len(self.articles) + len(self.withdrawn) + len(self.skipped)

    @property
    def agrees(self) -> bool:
        """Whether as many items were found as the file says it holds."""
        return self.declared is None or self.declared == self.parsed
