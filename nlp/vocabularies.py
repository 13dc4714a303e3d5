"""The closed vocabularies of the records: what a field may say, in the words of the annotation guide."""

from __future__ import annotations

from enum import StrEnum


class BlockKind(StrEnum):
    HEADLINE = "headline"
    STANDFIRST = "standfirst"
    PARAGRAPH = "paragraph"
    CAPTION = "caption"
    PULL_QUOTE = "pull quote"
    READER_COMMENT = "reader comment"
    BOILERPLATE = "boilerplate"


#: Blocks in which a named stakeholder may speak.
EVIDENCE_KINDS = frozenset(set(BlockKind) - {BlockKind.READER_COMMENT, BlockKind.BOILERPLATE})
#: Blocks that are the article itself, rather than what points to it or repeats it.
BODY_KINDS = frozenset({BlockKind.STANDFIRST, BlockKind.PARAGRAPH})


class Genre(StrEnum):
    NEWS = "news"
    COMMENT = "comment"
    LEADER = "leader"
    INTERVIEW = "interview"
    LETTER = "letter"
    PRESS_RELEASE = "press release"
    BOARD_PAPER = "board paper"
    BRIEFING = "briefing"
    TRANSCRIPT = "transcript"


class Licence(StrEnum):
    """What may be shown of an article: its text; the words that prove something alone; or nothing but where it is."""

    FULL_TEXT = "full text"
    QUOTES_ONLY = "quotes only"
    LINKS_ONLY = "links only"


class StakeholderKind(StrEnum):
    PERSON = "person"
    ORGANISATION = "organisation"
    GROUP = "group"


class Manner(StrEnum):
    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"
    AUTHORIAL = "authorial"


class Capacity(StrEnum):
    OFFICIAL = "official"
    PERSONAL = "personal"
    UNSPECIFIED = "unspecified"


class StanceLabel(StrEnum):
    SUPPORT = "support"
    OPPOSE = "oppose"
    CONDITIONAL = "conditional"
    MIXED = "mixed"
    NEUTRAL = "neutral"
    UNCLEAR = "unclear"


class Strength(StrEnum):
    STRONG = "strong"
    PLAIN = "plain"
    HEDGED = "hedged"


class Precision(StrEnum):
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class FigureKind(StrEnum):
    ALLOCATION = "allocation"
    SPENDING = "spending"
    INCOME = "income"
    DEFICIT = "deficit"
    BAILOUT = "bailout"
    SAVING = "saving"
    COST = "cost"
    CHANGE = "change"
    SHARE = "share"
    OTHER = "other"


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"
    FLAT = "flat"
    NONE = "none"


class FigureStatus(StrEnum):
    ACTUAL = "actual"
    COMMITTED = "committed"
    PROPOSED = "proposed"
    CLAIMED = "claimed"
    HYPOTHETICAL = "hypothetical"


class Terms(StrEnum):
    """Whether a sum or change is told as paid, or with inflation taken out."""

    CASH = "cash"
    REAL = "real"
    UNSPECIFIED = "unspecified"


class Recurrence(StrEnum):
    """Whether money is paid once or again every year (month, week); a total over years is neither."""

    ONE_OFF = "one_off"
    RECURRING = "recurring"
    UNSPECIFIED = "unspecified"


class Relation(StrEnum):
    """What a figure is to the other figure of a link."""

    PART_OF = "part_of"
    CHANGED_FROM = "changed_from"
    CHANGED_TO = "changed_to"
    CHANGE_OF = "change_of"


#: The least confidence of a tier. What is at least medium is shown by default.
MEDIUM, SURE = 0.5, 0.9


class Tier(StrEnum):
    """Confidence in words; pages, map and exports show high and medium by default."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @classmethod
    def of(cls, confidence: float) -> Tier:
        return cls.HIGH if confidence >= SURE else cls.MEDIUM if confidence >= MEDIUM else cls.LOW
