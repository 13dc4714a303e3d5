"""How commands speak: data to stdout, everything else to stderr, and files whole or not at all."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import typer

from nlp.errors import NotSetUpError, UsageError

if TYPE_CHECKING:
    from rich.progress import Progress
    from rich.table import Table

#: Wide enough that nothing is cut where no terminal sets a width.
PIPE_WIDTH = 1000
#: What a terminal would obey rather than print; the text of an article may hold any of it.
_CONTROLS = {code: "\N{REPLACEMENT CHARACTER}" for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}


def plain(text: str) -> str:
    """The text without control characters, so that an article cannot steer the terminal."""
    return text.translate(_CONTROLS)


def one_line(text: str) -> str:
    """The same, with every stretch of white space as one space."""
    return plain(" ".join(text.split()))


def say(text: str = "") -> None:
    """Print data on stdout; a reader that went away ends the program quietly."""
    with _quiet_when_closed():
        print(plain(text), flush=True)


def say_json(document: Mapping[str, Any]) -> None:
    """Print the one JSON document of a command."""
    with _quiet_when_closed():
        print(json.dumps(document, ensure_ascii=False, indent=2), flush=True)


def say_table(table: Table) -> None:
    """Print a table: in colour on a terminal, plain and as wide as it needs elsewhere."""
    from rich.console import Console

    console = Console() if sys.stdout.isatty() else Console(width=PIPE_WIDTH, no_color=True, highlight=False)
    with console.capture() as captured:
        console.print(table)
    with _quiet_when_closed():
        print("\n".join(line.rstrip() for line in captured.get().splitlines()), flush=True)


def note(text: str) -> None:
    """Tell the person something that is no data."""
    print(one_line(text), file=sys.stderr, flush=True)


@contextmanager
def _quiet_when_closed() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        # The interpreter flushes stdout once more at its end: let that go nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None


class ProgressBar:
    """A bar on stderr for more than one file; it begins when the first file is done or announced."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._bar: Progress | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def show(self, done: int, total: int, name: str, rate: str = "") -> None:
        """Say that ``done`` of ``total`` files are done, the last of which is ``name``, at which rate."""
        if total < 2:
            return
        if self._bar is None:
            self._bar = _start_bar(self._what, total)
        self._bar.update(self._bar.task_ids[0], completed=done, file=one_line(name), rate=rate)


def _start_bar(what: str, total: int) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
    from rich.table import Column

    # The name alone is cut where a line is too short.
    name = TextColumn("{task.fields[file]}", markup=False, table_column=Column(no_wrap=True, ratio=1))
    fixed = [Column(no_wrap=True, min_width=width) for width in (11, 8, 16)]
    done, left = MofNCompleteColumn(table_column=fixed[0]), TimeRemainingColumn(table_column=fixed[1])
    rate = TextColumn("{task.fields[rate]}", markup=False, table_column=fixed[2])
    columns = (TextColumn(what), BarColumn(20), done, left, rate, name)
    # Rich would send stdout to stderr while the bar runs: only where both are the same terminal may it.
    bar = Progress(*columns, console=Console(stderr=True), redirect_stdout=sys.stdout.isatty())
    bar.add_task(what, total=total, file="", rate="")
    bar.start()
    return bar


def make_folder(folder: Path) -> None:
    """Make the folder that results go to. Raises UsageError when there can be none."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise UsageError("is a file, not a folder", where=str(folder), do="name another folder with --out") from None
    except OSError as error:
        raise _unwritable(folder, error) from None


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    """Write the document as JSON, whole or not at all."""
    write_file(path, (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode())


def write_file(path: Path, content: bytes) -> None:
    """Write the file whole or not at all: a temporary file beside it takes its name at the end."""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
            temporary = Path(file.name)
            try:
                file.write(content)
                file.close()
                temporary.chmod(0o644)
                temporary.replace(path)
            finally:
                temporary.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError) -> NotSetUpError:
    return NotSetUpError(f"cannot be written: {error.strerror}", where=str(path), do="check the folder and the disk")


def joined(words: Iterable[str | None]) -> str:
    """The words that are not empty, apart by commas."""
    return ", ".join(filter(None, words))
