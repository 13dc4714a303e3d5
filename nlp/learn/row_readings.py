"""Single texts as the stance head sees them: a row of the bank or of the minimal pairs as a very short article.

The claim is the only topic and is taken to bear on the text, as in the bank it is asked about; there is nothing else
of the holder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nlp.bank import BankRow
from nlp.bearing import Bearing
from nlp.model_stances import read_statements
from nlp.records import (
    Article,
    Block,
    BlockKind,
    Evidence,
    Genre,
    Manner,
    Stakeholder,
    StakeholderKind,
    Statement,
    Topic,
)
from nlp.relevance import sentence_relevance
from nlp.sentences import sentences
from nlp.stance_features import Reading
from nlp.stance_reader import StanceReader
from nlp.steps.stance import stances_by_rule


@dataclass(frozen=True, slots=True)
class Row:
    """A text between two others, by whom, and the claim it is read against."""

    text: str
    claim: str
    counter: str = ""
    holder: str = ""
    before: str = ""
    after: str = ""
    manner: Manner = Manner.INDIRECT


def row_of(row: BankRow) -> Row:
    """A row of the bank."""
    return Row(row.text, row.topic, row.counter, row.holder, row.before, row.after, Manner(row.manner))


def read_row(row: Row, reader: StanceReader) -> Reading:
    """One row against its claim."""
    whole = " ".join(part for part in (row.before, row.text, row.after) if part.strip())
    start = whole.index(row.text)
    body = (Block(BlockKind.PARAGRAPH, 0, len(whole)),)
    article = Article(Article.identify("row", whole), "row", whole, "row", genre=Genre.NEWS, blocks=body)
    topic = Topic("row", row.claim, row.claim, row.counter)
    inside = sentences(article)
    statement = Statement(
        "s1", "holder", row.manner, (article.span(start, start + len(row.text)),), Evidence(1.0, "row", "given", ())
    )
    near = reader.likeness([sentence.span.text for sentence in inside], [topic.claim])[:, 0].tolist()
    named = sentence_relevance(article, inside, topic)
    bearing = Bearing(topic, named, near)
    rules = stances_by_rule(article, inside, (), [statement], [(topic, named)])
    holder = Stakeholder("holder", row.holder, StakeholderKind.PERSON)
    (reading,) = read_statements(article, inside, [statement], [bearing], rules, reader, {"holder": holder})
    return reading


def read_rows(rows: Sequence[Row], reader: StanceReader) -> list[Reading]:
    """Many rows, each by itself."""
    return [read_row(row, reader) for row in rows]
