"""What a document says is said by whoever it is from, as far as the text says who that is."""

from __future__ import annotations

import pytest

from nlp.pipeline import analyse
from nlp.records import Article, Hint


def told(text: str) -> dict[str, str | None]:
    """Each statement of a one-paragraph article with its holder."""
    hints = (Hint("paragraph", 0, len(text)),)
    found = analyse(Article(Article.identify("document", text), "document", text, "document", hints=hints), [])
    return {statement.text: statement.holder for statement in found.statements}


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        ("A report by the Nuffield Trust is out. The report says practices would close.", "nuffield-trust"),
        (
            "The Nuffield Trust published a report on Monday. It is long. The report says practices would close.",
            "nuffield-trust",
        ),
        ("The King's Fund report was sent to NHS England. The paper says practices would close.", "kings-fund"),
        ("The BMA met MPs on Monday. Its submission says practices would close.", "bma"),
    ],
)
def test_a_document_speaks_for_whoever_it_is_from(text: str, holder: str) -> None:
    assert told(text)["practices would close"] == holder


def test_what_is_according_to_a_report_is_said_by_whoever_wrote_it() -> None:
    found = told("The plan would cost £3m, according to a report out today from the Hazel Trust.")
    assert found == {"The plan would cost £3m": "hazel-trust"}
