"""The fields of the figures of sixty flat sentences of the health press, each with what the annotation guide gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from nlp.language import load_figure_models
from nlp.records import Article, Block, BlockKind, Figure, Genre
from nlp.sentences import sentences
from nlp.steps.figure_labels import labeller_of
from nlp.steps.figures import find_figures

TABLE = Path(__file__).parent / "figure_fields.txt"
#: What the shipped models and rules must reach here, somewhat under what they were measured at.
FLOORS = {"kind": 0.80, "status": 0.86, "direction": 0.89, "per": 0.95, "period": 0.95}


def rows() -> Iterator[tuple[str, Sequence[Mapping[str, str | None]]]]:
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            text, _, told = line.partition(" => ")
            yield text, [wanted(one.strip()) for one in told.split(";")]


def wanted(told: str) -> Mapping[str, str | None]:
    plain, _, period = told.partition(" in:")
    kind, status, *rest = plain.split()
    per = next((word[4:] for word in rest if word.startswith("per:")), None)
    direction = next((word for word in rest if not word.startswith("per:")), "none")
    return {"kind": kind, "status": status, "direction": direction, "per": per, "period": period or None}


def found(figure: Figure) -> Mapping[str, str | None]:
    return {
        "kind": str(figure.kind),
        "status": str(figure.status),
        "direction": str(figure.direction),
        "per": figure.per,
        "period": figure.period.text if figure.period else None,
    }


def test_fields_of_flat_sentences_are_read() -> None:
    models, _ = load_figure_models()
    label, right, total = labeller_of(models), Counter[str](), 0
    wrong: list[str] = []
    for text, want in rows():
        blocks = (Block(BlockKind.PARAGRAPH, 0, len(text)),)
        article = Article("flat", "flat", text, "test", blocks=blocks, genre=Genre.NEWS)
        figures = find_figures(article, sentences(article), (), (), label=label)
        got = [found(figure) for figure in sorted(figures, key=lambda figure: figure.spans[0].start)]
        if len(got) != len(want):
            wrong.append(f"{len(got)} figures in place of {len(want)}: {text}")
            got = [dict.fromkeys(FLOORS)] * len(want)
        for expected, read in zip(want, got, strict=True):
            total += 1
            right.update(name for name in FLOORS if expected[name] == read[name])
            wrong += [f"{n}: {expected[n]} read as {read[n]}: {text}" for n in FLOORS if expected[n] != read[n]]
    missed = {name: right[name] / total for name, floor in FLOORS.items() if right[name] / total < floor}
    assert not missed, "\n".join([str({name: right[name] / total for name in FLOORS}), *wrong])
