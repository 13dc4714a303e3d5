"""Trains the linear models of attribution on the gold corpus: which readings report something, who wrote what, and
who is meant.

Every model is a logistic regression on named features (``nlp.candidate_features``, …), fitted on the train split,
chosen in six parts of it by article, and written as JSON.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from spacy.language import Language

from nlp.annotations import GoldDocument, Places, StatementRow, corpus_digest, fold_name, read_gold
from nlp.artifacts import seal
from nlp.candidate_features import Surroundings, share
from nlp.candidates import Candidate, Place
from nlp.contents import Piece
from nlp.encoders import MiniLM
from nlp.evaluate import evaluate, predict
from nlp.language import HEADS, Models, Read, find_names, folder_of, load_language, read_blocks
from nlp.learn.cards import ATTRIBUTION, write_card
from nlp.learn.regression import fit_linear
from nlp.linear import Features, LinearModel, read_linear, write_linear
from nlp.phrases import describe_unit
from nlp.pipeline import analyse
from nlp.pipeline import prepare as prepare_article
from nlp.readers import read_bytes
from nlp.records import Article, BlockKind, Manner, Mention, Stakeholder
from nlp.register import register
from nlp.reported import Reported
from nlp.reporting import Reporter, report_by_rule, source_features, sources_of, speaker_of
from nlp.resolving import Resolver
from nlp.sentence_encoder import ENCODER
from nlp.speakers import Discourse, Speaker, Unit
from nlp.steps.attribution import attribute
from nlp.steps.stakeholders import find_stakeholders
from nlp.topics import load_topics

#: Least number of cases that a feature must be seen in, and the strength of the penalty (inverse).
SEEN, PENALTY = 3, 0.15
#: Parts of the train split for what is fitted on the answers of another model.
PARTS = 3
#: From this likeness (Jaccard, in characters) on a reading is the gold statement.
SAME = 0.5


@dataclass(frozen=True, slots=True)
class Case:
    """One thing to decide: its features, whether the answer is yes, and how much it counts."""

    article: str
    features: Features
    answer: bool
    weight: float = 1.0


def fit(cases: Sequence[Case]) -> LinearModel:
    """A logistic regression on the features that are seen often enough."""
    rows, answers = [case.features for case in cases], [case.answer for case in cases]
    return fit_linear(rows, answers, penalty=PENALTY, seen=SEEN, weights=[case.weight for case in cases])


_NOTHING = LinearModel(0.0, {})


class Recorder:
    """Stands in for the reporter: notes every reading of every piece, and lets the rules answer."""

    def __init__(self, reads: Sequence[Read]) -> None:
        self.reporter = Reporter(reads, _NOTHING, _NOTHING)
        self.noted: list[tuple[Candidate, Features]] = []

    def __call__(self, discourse: Discourse, piece: Piece, block: BlockKind, taken: Sequence[Place]) -> list[Reported]:
        rules = report_by_rule(discourse, piece, block, taken)
        self.noted += self.reporter.cases(Surroundings(discourse, piece, rules, block.value), taken)
        return rules


def names_of(who: Stakeholder | None) -> frozenset[str]:
    """Every name of a stakeholder, folded as the scores fold them."""
    return frozenset(map(fold_name, (who.name, *who.aliases))) if who else frozenset()


def reported_cases(gold: GoldDocument, language: Language) -> list[Case]:
    """Every reading of an article: it reports something when it is like an indirect or mixed statement of gold."""
    article, reads, stakeholders, mentions = prepare(gold, language)
    recorder = Recorder(reads)
    attribute(Discourse(article, mentions, {s.id: s for s in stakeholders}), recorder)
    first, last = gold.headline
    wanted = [
        row.places
        for row in gold.annotation.statements
        if row.manner in ("indirect", "mixed") and not first <= row.places[0][0] < last
    ]
    return [_reported_case(gold.name, *noted, wanted) for noted in recorder.noted]


def _reported_case(name: str, candidate: Candidate, features: Features, wanted: Sequence[Places]) -> Case:
    """A reading is right when its content is like that of a statement, and its source stands outside the statement:
    a verb inside what somebody says reports nothing of its own, however much it governs.

    One that only just holds the statement counts less, as the better one should win.
    """
    likeness, places = max(((share(candidate.spans, places), places) for places in wanted), default=(0.0, ()))
    start, end = candidate.source
    inner = any(first <= start and end <= last for first, last in places)
    if likeness < SAME or (inner and candidate.rule is None and candidate.relation != "agent"):
        return Case(name, features, False)
    return Case(name, features, True, 0.3 + 1.4 * (likeness - SAME))


class Noter:
    """Stands in for the resolver: notes the candidates of every source by its end, and lets the rules answer."""

    def __init__(self, article: Article) -> None:
        self.resolver = Resolver(article, _NOTHING)
        self.noted: dict[int, list[tuple[Features, frozenset[str]]]] = {}

    def __call__(self, discourse: Discourse, unit: Unit, rule: Speaker) -> Speaker:
        self.noted[unit.end] = [
            (
                option.features,
                names_of(discourse.stakeholders[option.holder] if option.holder else describe_unit(discourse, unit)),
            )
            for option in self.resolver.options(discourse, unit, rule)
        ]
        return rule


def holder_cases(gold: GoldDocument, language: Language, model: LinearModel) -> list[Case]:
    """The candidates of every source whose statement gold has: right is whoever bears a name of its holder."""
    article, reads, stakeholders, mentions = prepare(gold, language)
    noter, reporter = Noter(article), Keeper(reads, model, _NOTHING)
    discourse = Discourse(article, mentions, {s.id: s for s in stakeholders}, resolver=noter)
    statements = attribute(discourse, reporter)
    quoted = [s for s in statements if s.manner is Manner.DIRECT and s.evidence.spans]
    sources = [(tuple((span.start, span.end) for span in s.spans), s.evidence.spans[0].end) for s in quoted]
    found: list[Case] = []
    for places, end in (*sources, *reporter.sources):
        row = _statement_like(gold, places)
        if row is not None and row.holder:
            found += _holder_cases(gold.name, noter.noted.get(end, ()), gold.annotation.names[row.holder])
    return found


def _holder_cases(
    name: str, options: Sequence[tuple[Features, frozenset[str]]], holder: frozenset[str]
) -> Iterator[Case]:
    known = any(names & holder for features, names in options if "new" not in features)
    for features, names in options:
        right = _is_new(names, holder) and not known if "new" in features else bool(names & holder)
        yield Case(name, features, right)


class Keeper(Reporter):
    """A reporter that keeps where the content and the source of every clause stand, also of those of nobody known."""

    def __init__(self, reads: Sequence[Read], model: LinearModel, source: LinearModel) -> None:
        super().__init__(reads, model, source)
        self.sources: list[tuple[Places, int]] = []

    def __call__(self, discourse: Discourse, piece: Piece, block: BlockKind, taken: Sequence[Place]) -> list[Reported]:
        found = super().__call__(discourse, piece, block, taken)
        self.sources += [(r.spans, r.speaker.end) for r in found]
        return found


class Sourcer(Reporter):
    """A reporter that notes the sources of every clause that it reports."""

    def __init__(self, reads: Sequence[Read], model: LinearModel) -> None:
        super().__init__(reads, model, _NOTHING)
        self.noted: list[tuple[Places, Features, frozenset[str]]] = []

    def _speaker(self, chosen: Candidate, candidates: Sequence[Candidate], around: Surroundings) -> Speaker:
        for one in sources_of(chosen, candidates):
            speaker = speaker_of(around.discourse, one, around.rules)
            names = names_of(around.discourse.stakeholders.get(speaker.id or ""))
            self.noted.append((chosen.spans, source_features(one, around, speaker), names))
        return speaker_of(around.discourse, chosen, around.rules)


def source_cases(gold: GoldDocument, language: Language, reported: LinearModel, holder: LinearModel) -> list[Case]:
    """The sources of every clause that gold has: right is the one that stands for its holder."""
    article, reads, stakeholders, mentions = prepare(gold, language)
    sourcer = Sourcer(reads, reported)
    known = {s.id: s for s in stakeholders}
    attribute(Discourse(article, mentions, known, resolver=Resolver(article, holder)), sourcer)
    found = []
    for places, features, names in sourcer.noted:
        row = _statement_like(gold, places)
        if row is not None and row.holder:
            right = names & gold.annotation.names[row.holder]
            found.append(Case(gold.name, features, bool(right)))
    return found


def prepare(
    gold: GoldDocument, language: Language
) -> tuple[Article, tuple[Read, ...], tuple[Stakeholder, ...], tuple[Mention, ...]]:
    """A gold article as the attribution step gets it."""
    (article,) = read_bytes(gold.text.encode(), source=gold.name)
    article = prepare_article(article)
    reads = read_blocks(language, article)
    return (article, reads, *find_stakeholders(article, register(), find_names(article, reads)))


def _is_new(names: frozenset[str], holder: frozenset[str]) -> bool:
    """Whether a description may be that of a holder whom no name stands for: gold and text word them differently
    ("employees at one team", "area team staff"), so that one word in common is enough.

    "The council" describes somebody new only where no council is known; the caller sees to that.
    """
    return bool(names & holder) or bool(
        {word for name in names for word in name.split()} & {word for name in holder for word in name.split()}
    )


def _statement_like(gold: GoldDocument, places: Places) -> StatementRow | None:
    rows = [(share(places, row.places), row) for row in gold.annotation.statements]
    likeness, row = max(rows, default=(0.0, None), key=lambda found: found[0])
    return row if likeness >= SAME else None


def train(gold_dir: Path, out: Path) -> None:
    """Fit every model on the train split and seal the folder.

    What ranks the sources sees how sure the holder model is: of articles that it was not fitted on, in parts.
    """
    language = load_language()
    documents = read_gold(gold_dir, "train")
    cases = [case for document in documents for case in reported_cases(document, language)]
    reported = fit(cases)
    holders = [case for document in documents for case in holder_cases(document, language, reported)]
    parts = {document.name: i % PARTS for i, document in enumerate(documents)}
    sources: list[Case] = []
    for part in range(PARTS):
        one, other = (fit([c for c in rows if parts[c.article] != part]) for rows in (cases, holders))
        for document in documents:
            if parts[document.name] == part:
                sources += source_cases(document, language, one, other)
    out.mkdir(parents=True, exist_ok=True)
    for name, model in (("reported", reported), ("holder", fit(holders)), ("source", fit(sources))):
        write_linear(out / f"{name}.json", model)
    heads = {name: read_linear(out / f"{name}.json") for name in HEADS}
    scores, digests = scores_of(gold_dir, heads), {"gold/train": corpus_digest(documents)}
    write_card(out, ATTRIBUTION, scores, digests)
    seal(out, name="attribution", kind="attribution", version="1", features=HEADS, scores=scores, corpora=digests)


def scores_of(gold_dir: Path, heads: Mapping[str, LinearModel]) -> dict[str, float]:
    """Statements of gold dev as the pipeline reads them with these models. Their topics: the writer's own."""
    topics = load_topics(gold_dir / "topics.json")
    models = Models(load_language(), MiniLM(folder_of(ENCODER)), None, heads, ())
    total = evaluate(gold_dir, predict(gold_dir, lambda a: analyse(a, topics, models), "dev"), split="dev").total
    spans = total.counts["statement_spans"]
    return {
        "statements.f1": round(total.counts["statements"].f1, 4),
        "spans.precision": round(spans.precision, 4),
        "spans.recall": round(spans.recall, 4),
        "holder.accuracy": round(total.accuracies["holder"].value or 0.0, 4),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, default=Path("corpora/gold"))
    parser.add_argument("--out", type=Path, default=Path("models/attribution-1"))
    options = parser.parse_args()
    train(options.gold, options.out)
