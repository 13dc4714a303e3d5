"""How well are blocks told apart on a folder of pages? `python -m nlp.learn.blocks_report FOLDER`.

Each page is NAME.txt or NAME.html with NAME.json beside it: `{"blocks": [{"text": …, "kind": …}, …]}`, kinds as in the
annotation guide ("comment" and "pull_quote" will do); white space in texts does not count. The page is read and
segmented as the program does it; a line that the reader of web pages left out counts as told from the article.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlp.block_model import GROUPS
from nlp.errors import DataError, NothingToDoError, StandpointError, UnreadableError
from nlp.learn.blocks import Scores
from nlp.learn.blocks_data import group_of
from nlp.readers import read_file
from nlp.records import Article, BlockKind
from nlp.steps.segment import segment

_ALSO = {"comment": BlockKind.READER_COMMENT, "pull_quote": BlockKind.PULL_QUOTE}


@dataclass(frozen=True, slots=True)
class Told:
    """A line of a page: what it is, and what the program took it for, as places in ``GROUPS``; None where it is gone.

    ``predicted`` counts a line that is gone as what it is, or as furniture where it was the article.
    """

    text: str
    true: int
    found: int | None

    @property
    def predicted(self) -> int:
        return self.found if self.found is not None else self.true or GROUPS.index("furniture")


def read_folder(folder: Path) -> dict[str, list[Told]]:
    """The lines of every page in a folder. Raises NothingToDoError, DataError or UnreadableError."""
    pages = sorted(path for path in folder.glob("*") if path.suffix in (".txt", ".html", ".htm"))
    if not pages:
        raise NothingToDoError("holds no page", where=str(folder), do="give NAME.txt or NAME.html with NAME.json")
    return {path.name: compare(path) for path in pages}


def compare(path: Path) -> list[Told]:
    """The lines of one page; all are gone where the reader finds no article in it."""
    labels = list(_labels(path.with_suffix(".json")))
    try:
        (article,) = read_file(path)
    except UnreadableError:
        return [Told(text, group_of(kind), None) for text, kind in labels]
    article, told, at = segment(article), [], 0
    letters = [i for i, character in enumerate(article.text) if not character.isspace()]
    flat = "".join(article.text[i] for i in letters)
    for text, kind in labels:
        wanted = "".join(text.split())
        start = _find(article, flat, wanted, at)
        found = None if start < 0 else _group_at(article, letters[start])
        told.append(Told(text, group_of(kind), found))
        at = at if start < 0 else start + len(wanted)
    return told


def _group_at(article: Article, offset: int) -> int:
    return group_of(next(block.kind for block in article.blocks if offset < block.end))


def _find(article: Article, flat: str, wanted: str, at: int) -> int:
    """Where a line stands from ``at`` on; a web page's line may stand earlier, as its headline is put first."""
    start = flat.find(wanted, at)
    return flat.find(wanted) if start < 0 and not article.reader.startswith("text") else start


def _labels(path: Path) -> Iterator[tuple[str, BlockKind]]:
    try:
        for row in json.loads(path.read_bytes())["blocks"]:
            yield row["text"], _ALSO.get(row["kind"]) or BlockKind(row["kind"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"is no list of blocks: {error}", where=str(path), do="see corpora/blocks/README.md") from error


def report(pages: dict[str, list[Told]], *, errors: bool = False) -> Iterator[str]:
    """The table, line by line; with ``errors`` every line that was taken for something else."""
    everything = [told for page in pages.values() for told in page]
    for name, page in [*pages.items(), ("all pages", everything)]:
        yield _row(name, page)
    for name, page in pages.items() if errors else ():
        for told in page:
            if told.predicted != told.true:
                yield f"{name}: {GROUPS[told.true]} taken for {GROUPS[told.predicted]}: {told.text[:100]}"


def _row(name: str, page: Sequence[Told]) -> str:
    scores = Scores.of([told.true for told in page], [told.predicted for told in page])
    return (
        f"{name}: {scores.lines} lines, F1 of comments and furniture {scores.excluded:.3f}, furniture "
        f"{scores.furniture:.3f}, comments {scores.comment:.3f}, article {scores.evidence:.3f}; "
        f"comments taken for the article {scores.comments_in_body}, lines of the article lost {scores.body_lost}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--errors", action="store_true", help="list every line that was taken for something else")
    options: Any = parser.parse_args(arguments)
    try:
        for line in report(read_folder(options.folder), errors=options.errors):
            print(line)
    except StandpointError as error:
        print(f"blocks_report: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
