"""Judgements in words, for pages and the command line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from api.pages.paths import stakeholder_path
from api.store.judging import GONE
from api.store.licences import NO_REASON
from api.words import STANCES, confidence_words
from nlp.judgements import CONFIRMED, CORRECTED, IN_ARTICLE, Item, Judged, Judgement, Values, Verdict
from nlp.records import Evidence, Figure, Stance, StanceLabel, Statement

VERDICTS: Mapping[Verdict, str] = {
    Verdict.CONFIRM: "confirmed",
    Verdict.CORRECT: "corrected",
    Verdict.REJECT: "rejected",
}
KINDS: Mapping[Judged, str] = {
    Judged.HOLDER: "holder",
    Judged.STANCE: "stance",
    Judged.FIGURE: "figure",
    Judged.MERGE: "merge",
    Judged.SPLIT: "split",
}


def sure_words(evidence: Evidence) -> str:
    """How sure an item is: the tier with its number, or that a person said so."""
    return evidence.method if evidence.method in (CONFIRMED, CORRECTED) else confidence_words(evidence.confidence)


def values_words(values: Values) -> str:
    """Values by name: "stance oppose, strength plain"; empty ones are "none"."""
    return ", ".join(f"{name.replace('_', ' ')} {value or 'none'}" for name, value in values.items())


def item_words(item: Item) -> str:
    """What the program says of an item, in few words."""
    match item:
        case Statement():
            return f"held by {item.holder or 'nobody'}"
        case Stance():
            return f"{STANCES[StanceLabel(item.label)].word.lower()} {item.topic}, held by {item.holder}"
        case Figure():
            return f"{item.spans[0].text if item.spans else 'a figure'}, {item.kind}, {item.status}"


def what_words(judgement: Judgement) -> str:
    """What is judged: "stance on pooling in 3f2a…", "person:j-tarn is person:jo-tarn"."""
    target = judgement.target
    if target.kind is Judged.MERGE:
        return f"{target.stakeholder} is {judgement.correction.get('into')}"
    if target.kind is Judged.SPLIT:
        where = "all articles but" if judgement.correction.get("keeps") == "yes" else "the articles"
        return f"{target.stakeholder} is {judgement.correction.get('to')} in {where} {', '.join(target.quote)}"
    topic = f" on {target.topic}" if target.topic else ""
    return f"{KINDS[target.kind]}{topic} in article {target.article}"


@dataclass(frozen=True, slots=True)
class JudgementView:
    """A judgement as a page shows it; ``href`` leads to its article, where that is stored.

    ``wordless`` says why the words that it is of are not shown.
    """

    id: str
    verdict: str
    what: str
    href: str
    quote: str
    found: str
    correction: str
    by: str
    at: date
    note: str
    drawn: bool
    withdrawn: str
    orphaned: str
    wordless: str
    article: str = ""


def judgement_view(judgement: Judgement) -> JudgementView:
    """What a page shows of a judgement."""
    target, gone = judgement.target, judgement.withdrawn_at
    in_article = target.kind in IN_ARTICLE
    href = (
        f"/articles/{quote(target.article or '', safe='')}"
        if in_article
        else stakeholder_path(target.stakeholder or "")
    )
    return JudgementView(
        id=judgement.id,
        verdict=VERDICTS[judgement.verdict],
        what=what_words(judgement),
        href="" if in_article and judgement.orphaned == GONE else href,
        quote=" … ".join(target.quote) if in_article else "",
        wordless=NO_REASON if in_article and not target.quote else "",
        found=values_words(judgement.found),
        correction=values_words(judgement.correction) if in_article else "",
        by=judgement.by,
        at=judgement.at.date(),
        note=judgement.note,
        drawn=judgement.drawn,
        withdrawn=f"{judgement.withdrawn_by}, {gone.date().isoformat()}" if gone else "",
        orphaned=judgement.orphaned or "",
        article=target.article or "" if judgement.verdict is not Verdict.CONFIRM else "",
    )


def judgement_words(judgement: Judgement) -> Iterator[str]:
    """A judgement in lines: what, who and when, the words, and what became of it."""
    said = VERDICTS[judgement.verdict]
    yield f"{judgement.id}  {said} by {judgement.by}, {judgement.at.date().isoformat()}: {what_words(judgement)}"
    if judgement.target.kind in IN_ARTICLE:
        yield f"    “{' … '.join(judgement.target.quote)}”" if judgement.target.quote else f"    ({NO_REASON})"
        if judgement.found:
            yield f"    the program had: {values_words(judgement.found)}"
        if judgement.correction:
            yield f"    right is: {values_words(judgement.correction)}"
    if judgement.note:
        yield f"    note: {judgement.note}"
    if judgement.withdrawn_at:
        yield f"    withdrawn by {judgement.withdrawn_by}, {judgement.withdrawn_at.date().isoformat()}"
    elif judgement.orphaned:
        yield f"    orphaned: {judgement.orphaned}"
