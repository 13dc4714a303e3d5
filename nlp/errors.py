"""The one error family: every message says what is wrong, where, and what to do."""

from __future__ import annotations


class StandpointError(Exception):
    """A failure that a person can act on.

    ``exit_code`` is what the command line returns for it (0 ok, 1 unexpected, 2 usage,
    3 some documents failed, 4 nothing to do, 5 not set up).
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", do: str = "") -> None:
        self.what, self.where, self.do = what, where, do
        super().__init__(what)

    def __str__(self) -> str:
        where = f"{self.where}: " if self.where else ""
        do = f" ({self.do})" if self.do else ""
        return f"{where}{self.what}{do}"


class UsageError(StandpointError):
    """The caller asked for something that does not exist or makes no sense."""

    exit_code = 2


class NotFoundError(UsageError):
    """An unknown topic, stakeholder, article or statement."""


class WithdrawnError(NotFoundError):
    """An article that was taken away; the message says when and why."""


class TopicError(UsageError):
    """A topic that somebody gave breaks a rule."""


class UnreadableError(StandpointError):
    """A file that cannot be turned into an article; the batch goes on without it."""

    exit_code = 3


class ExpiredError(UnreadableError):
    """An article whose text was purged because its licence ended, and may not come back."""


class NothingToDoError(StandpointError):
    """No input was found."""

    exit_code = 4


class NotSetUpError(StandpointError):
    """Something the program stands on is missing, broken or of another version."""

    exit_code = 5


class DataError(NotSetUpError):
    """A data file (register, topic, lexicon, gold) breaks its own rules."""
