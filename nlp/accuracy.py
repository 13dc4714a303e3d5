"""The table of measured accuracy, which the README and the page About show: one file, made from two evaluations.

``python -m nlp.accuracy TEST.json PRESS.json`` writes ``models/accuracy.toml`` from what ``standpoint evaluate --json``
prints of gold's test split and of the five press articles.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from nlp.errors import DataError, NotSetUpError

#: The metrics of the table in its order, with their words; F1 where things are found, else shares.
ROWS = {
    "figures": "figures",
    "statements": "statements with the right holder",
    "holder": "holder right, where the words are found",
    "capacity": "capacity right, where the words are found",
    "stakeholders": "stakeholders found",
    "positions": "positions (holder, topic, stance)",
    "stance": "stance right, where holder and topic are",
    "pairs": "minimal pairs, both sides right",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One metric: on the press articles and on gold test, each 0 to 1, with the 95 % interval of the latter.

    ``of`` is how many pairs were compared where the articles are not what is drawn, so that there is no interval.
    """

    what: str
    test: float
    press: float | None = None
    low: float | None = None
    high: float | None = None
    of: int | None = None

    @property
    def press_words(self) -> str:
        """The first column of the table: "0.82", or a dash."""
        return "–" if self.press is None else f"{self.press:.2f}"

    @property
    def test_words(self) -> str:
        """The second column: "0.62 (0.56–0.68)" or "0.09 of 70"."""
        if self.low is None or self.high is None:
            return f"{self.test:.2f}" if self.of is None else f"{self.test:.2f} of {self.of}"
        return f"{self.test:.2f} ({self.low:.2f}–{self.high:.2f})"


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The table, with the SHA-256 of the corpora and the number of their articles."""

    test_articles: int
    test_sha256: str
    press_articles: int
    press_sha256: str
    rows: tuple[Measured, ...]


def accuracy_file() -> Traversable:
    """Where the table is kept: inside the ``models`` package."""
    return files("models") / "accuracy.toml"


def read_accuracy(file: Traversable | None = None) -> Accuracy:
    """Read the table. Raises NotSetUpError where there is none and DataError where it is malformed."""
    file = file or accuracy_file()
    if not file.is_file():
        raise NotSetUpError("there is no table of accuracy", where=str(file), do="make accuracy")
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        return Accuracy(**{**data, "rows": tuple(Measured(**row) for row in data["rows"])})
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"is no table of accuracy: {error}", where=str(file), do="make accuracy") from error


def to_toml(test: Mapping[str, Any], press: Mapping[str, Any]) -> str:
    """The table as TOML, from the JSON of two evaluations."""
    lines = ["# Made by make accuracy; the README and the page About show it."]
    for name, scores in (("test", test), ("press", press)):
        lines += [
            f"{name}_articles = {scores['corpus']['articles']}",
            f'{name}_sha256 = "{scores["corpus"]["sha256"]}"',
        ]
    for name, words in ROWS.items():
        lines += ["", "[[rows]]", f'what = "{words}"', *_numbers(name, test, press)]
    return "\n".join([*lines, ""])


def _numbers(name: str, test: Mapping[str, Any], press: Mapping[str, Any]) -> list[str]:
    found = [f"test = {_headline(test[name]):.3f}"]
    if name in press:
        found += [f"press = {_headline(press[name]):.3f}"]
    if name in test["intervals"]:
        low, high = test["intervals"][name]
        return [*found, f"low = {low:.3f}", f"high = {high:.3f}"]
    return [*found, f"of = {test[name]['of']}"]


def _headline(scores: Mapping[str, Any]) -> float:
    return float(scores["f1"] if "f1" in scores else scores["accuracy"])


def main(arguments: list[str]) -> None:
    """Write the table from two files."""
    test, press = (json.loads(Path(name).read_text(encoding="utf-8")) for name in arguments)
    Path(str(accuracy_file())).write_text(to_toml(test, press), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
