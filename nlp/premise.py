"""What the stance cross-encoder reads of a statement: one line of text, the same in training and in use."""

from __future__ import annotations

#: Stands between the statement and what the article prints around it.
CONTEXT = " || "


def premise(text: str, *, holder: str = "", before: str = "", after: str = "") -> str:
    """The statement, who holds it, and the sentences around it.

    The statement comes first: where the line is too long for the encoder, it is the context that is cut, and then
    the end of a long statement (one in twenty-five of the bank). White space is folded, as the encoder's
    tokenizer does not see it.
    """
    head = f"{holder}: {text}" if holder else text
    return " ".join(CONTEXT.join(part for part in (head, before, after) if part.strip()).split())
