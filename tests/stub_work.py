"""Work that needs no model, for processes that import it by name: what it finds hangs on the text alone."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass, replace
from pathlib import Path

from api.analysing import Loaded
from nlp.errors import NotSetUpError, StandpointError
from nlp.records import (
    Analysis,
    Article,
    Evidence,
    Manner,
    Run,
    Span,
    Stakeholder,
    StakeholderKind,
    Stance,
    StanceLabel,
    Statement,
)

DIGEST = "stub"


@dataclass(frozen=True)
class StubWork:
    """Takes ``seconds`` an article. Some words in a text have it fail, or end whoever reads it."""

    seconds: float = 0.0
    missing: bool = False
    digest: str = DIGEST

    def load(self) -> Loaded:
        if self.missing:
            raise NotSetUpError("the model is missing", do="install it")
        return Loaded(self.analyse, self.digest)

    def analyse(self, article: Article) -> Analysis:
        time.sleep(self.seconds)
        if "unlucky" in article.text:
            raise StandpointError("no analysis today", where=article.source)
        if "deadly" in article.text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "endless" in article.text:
            time.sleep(600)
        return stub_analysis(article, self.digest)


def stub_analysis(article: Article, digest: str = DIGEST) -> Analysis:
    """One of seven holders says the last line; what the store knows of a holder is what the last article says."""
    words = article.text.rstrip("\n").rpartition("\n")[2]
    start = article.text.rindex(words)
    span = Span(start, start + len(words), words)
    number = sum(map(ord, words)) % 7
    holder = Stakeholder(f"group:holder-{number}", f"Holder {number} of {article.source}", StakeholderKind.GROUP)
    shown = Evidence(0.9, "stub", "said so", (span,))
    return Analysis(
        article=replace(article, title=article.title or "Found by the stub"),
        run=Run("0.1.0", digest),
        stakeholders=(holder,),
        statements=(Statement("s1", holder.id, Manner.DIRECT, (span,), shown),),
        stances=(Stance(holder.id, "pooling", StanceLabel.SUPPORT, shown, statement="s1"),),
    )


def write_texts(folder: Path, count: int) -> None:
    """So many short texts, a hundred a folder."""
    for number in range(count):
        path = folder / f"{number // 100:03}" / f"{number:05}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Headline {number}\n\nThe board met on day {number}.\n\nWe back plan {number * 37 % 1009}.\n")
