"""Why a statement was taken to stand where it does, in plain words: what is stored with it and shown to readers.

The numbers behind it stand beside it in the records: a reader who is no statistician is told how likely in words.
"""

from __future__ import annotations

from collections.abc import Sequence

from nlp.records import StanceLabel

#: What a statement of each stance does, and what words do that show it.
_DOES = {
    StanceLabel.SUPPORT: "speaks for the proposal",
    StanceLabel.OPPOSE: "speaks against the proposal",
    StanceLabel.CONDITIONAL: "makes it depend on a condition",
    StanceLabel.MIXED: "gives weight to both sides",
    StanceLabel.NEUTRAL: "speaks of the proposal and takes no side",
}
_DO = {
    StanceLabel.SUPPORT: "speak for the proposal",
    StanceLabel.OPPOSE: "speak against the proposal",
    StanceLabel.CONDITIONAL: "set a condition",
    StanceLabel.MIXED: "give weight to both sides",
    StanceLabel.NEUTRAL: "take no side",
}
#: How likely in words, from these probabilities on: the tiers of a confidence, and an even chance.
_LIKELY = ((0.9, "almost certainly "), (0.7, "very likely "), (0.5, "probably "), (0.0, "perhaps "))


def words_show(words: Sequence[str], label: StanceLabel) -> str:
    """ "the words “wrong”, “risk” speak against the proposal"; ``words`` as printed, without those that are empty."""
    shown = ", ".join(f"“{word}”" for word in dict.fromkeys(" ".join(word.split()) for word in words) if word)
    return f"the words {shown} {_DO[label]}" if shown else f"the wording {_DOES[label]}"


def read_as(
    label: StanceLabel, likely: float, *, rule: StanceLabel | None = None, why: str = "", alone: bool = True
) -> str:
    """How a statement was read with this probability; ``why`` is what the rules found, and ``rule`` their stance.
    Unless ``alone``, it is what the holder says elsewhere that makes it so.

    >>> read_as(StanceLabel.OPPOSE, 0.93, rule=StanceLabel.OPPOSE, why="the words “wrong” speak against the proposal")
    'the words “wrong” speak against the proposal, and so, almost certainly, does the statement as a whole'
    """
    surely = next(word for least, word in _LIKELY if likely >= least)
    if rule is label:
        return f"{why}, and so, {surely.strip()}, does the statement as a whole"
    how = "read as a whole" if alone else "taken with what else is said for its holder"
    whole = f"{how}, the statement {surely}{_DOES[label]}"
    return f"{whole}, although {why}" if why else whole
