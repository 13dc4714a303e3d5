"""``standpoint analyse``: files in, what was found out; nothing is stored."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.commands.output import ProgressBar, joined, make_folder, note, one_line, say, say_json, write_json
from api.words import (
    CAPACITIES,
    MANNERS,
    RECURRENCES,
    STANCES,
    STATUSES,
    STRENGTHS,
    TERMS,
    confidence_words,
    date_words,
    links_words,
    printed_figures,
)
from nlp.errors import StandpointError, UnreadableError, UsageError
from nlp.positions import article_positions
from nlp.prediction import to_prediction
from nlp.readers import Reading, is_file_text
from nlp.records import Analysis, Article, Figure, Manner, Position, Stakeholder, Statement, Topic

Read = Callable[[Path], Reading]
Analyse = Callable[[Article, Sequence[Topic]], Analysis]

_NUMBERED = re.compile(r"(?P<stem>.+)-\d{4}")


@dataclass(frozen=True, slots=True)
class Done:
    """One analysed article of a file; ``name`` is that of its result."""

    file: Path
    name: str
    analysis: Analysis


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file, or what it should have held, that gave no result."""

    file: Path
    reason: str


def analyse_files(
    files: Sequence[Path], *, topics: Sequence[Topic], out: Path | None, as_json: bool, read: Read, analyse: Analyse
) -> int:
    """Analyse the files one after the other and give the exit code: 3 when some could not be read."""
    files = list(dict.fromkeys(files))
    if out is not None:
        refuse_same_names(files, read)
        make_folder(out)
    skipped: list[Skipped] = []
    predictions: list[dict[str, Any]] = []
    with ProgressBar("Analysing") as bar:
        for outcome in _outcomes(files, topics, read, analyse, bar):
            if isinstance(outcome, Skipped):
                skipped.append(outcome)
                note(f"standpoint: {outcome.reason}")
                continue
            predictions += _deliver(outcome, out, as_json)
    if as_json:
        say_json({"articles": predictions, "skipped": [{"file": str(s.file), "reason": s.reason} for s in skipped]})
    elif out is not None:
        note(f"{len(files) - len({s.file for s in skipped})} of {len(files)} files analysed into {out}")
    return UnreadableError.exit_code if skipped else 0


def _deliver(done: Done, out: Path | None, as_json: bool) -> list[dict[str, Any]]:
    """Write or print one result; the rows for the JSON document of the command, if it prints one."""
    prediction = to_prediction(done.analysis, text_in_file=is_file_text(done.analysis.article))
    if out is not None:
        target = out / f"{done.name}.json"
        write_json(target, prediction)
        return [{"file": str(done.file), "written": str(target)}] if as_json else []
    if as_json:
        return [{"file": str(done.file), **prediction}]
    say("\n".join(describe(done.analysis)))
    return []


def refuse_same_names(files: Iterable[Path], read: Read) -> None:
    """Raise UsageError, before anything is written, when two inputs would write the same result."""
    by_stem: dict[str, list[Path]] = defaultdict(list)
    for file in files:
        by_stem[file.stem].append(file)
    for stem, same in by_stem.items():
        if len(same) > 1:
            raise _same_name(same[0], same[1], stem)
        numbered = _NUMBERED.fullmatch(stem)
        if numbered and numbered["stem"] in by_stem and _holds_several(by_stem[numbered["stem"]][0], read):
            raise _same_name(by_stem[numbered["stem"]][0], same[0], stem)


def _holds_several(file: Path, read: Read) -> bool:
    try:
        return len(read(file).articles) > 1
    except UnreadableError:
        return False


def _same_name(first: Path, second: Path, stem: str) -> UsageError:
    return UsageError(
        f"{first} and {second} would both write {stem}.json", do="rename one, or analyse them into two folders"
    )


def _outcomes(
    files: Sequence[Path], topics: Sequence[Topic], read: Read, analyse: Analyse, bar: ProgressBar
) -> Iterator[Done | Skipped]:
    for done, file in enumerate(files, 1):
        try:
            reading = read(file)
        except UnreadableError as error:
            yield Skipped(file, str(error))
        else:
            several = len(reading.articles) > 1
            for index, article in enumerate(reading.articles, 1):
                name = f"{file.stem}-{index:04}" if several else file.stem
                yield _attempt(file, name, article, topics, analyse)
            yield from (Skipped(file, f"{file}: {reason}") for reason in _left_out(reading))
        bar.show(done, len(files), file.name)


def _left_out(reading: Reading) -> Iterator[str]:
    """What of a file gave no article, and why."""
    yield from (f"{each.where}: {each.reason}" for each in reading.skipped)
    yield from (f"{source} was withdrawn by its publisher" for source in reading.withdrawn)
    if not reading.agrees:
        yield f"says that it holds {reading.declared} items, and {reading.parsed} were found"
    if not reading.parsed:
        yield "holds no article"


def _attempt(file: Path, name: str, article: Article, topics: Sequence[Topic], analyse: Analyse) -> Done | Skipped:
    try:
        return Done(file, name, analyse(article, topics))
    except StandpointError as error:
        # What is not set up fails for every file; what one document does to the pipeline is its own.
        if not isinstance(error, UnreadableError):
            raise
        return Skipped(file, str(error))


def describe(analysis: Analysis) -> Iterator[str]:
    """The lines that a person reads: headline, positions, statements, figures, what was skipped."""
    article = analysis.article
    known = {stakeholder.id: stakeholder for stakeholder in analysis.stakeholders}
    published = date_words(article.published)
    yield one_line(article.title or article.source)
    yield one_line(joined([article.publisher or "publisher unknown", published, article.source]))
    yield from _section("Positions", [_position_line(p, known) for p in article_positions(analysis)])
    yield from _section("Statements", [_statement_line(s, known) for s in analysis.statements])
    yield from _section(
        "Figures", [_figure_line(f, known, printed_figures(analysis.figures)) for f in analysis.figures]
    )
    yield from _section("Skipped", [one_line(issue.message) for issue in analysis.issues], empty="")
    yield f"\nMachine-extracted by Standpoint {analysis.run.version}; check a quotation before you rely on it.\n"


def _section(title: str, lines: Sequence[str], *, empty: str = "none found") -> Iterator[str]:
    if lines or empty:
        yield f"\n{title}"
        yield from (f"  {line}" for line in lines or [empty])


def _name(id: str | None, known: Mapping[str, Stakeholder]) -> str:
    return "" if id is None else known[id].name if id in known else id


def _position_line(position: Position, known: Mapping[str, Stakeholder]) -> str:
    stance = STANCES[position.label]
    behalf = f" (for {_name(position.on_behalf_of, known)})" if position.on_behalf_of else ""
    details = joined([STRENGTHS[position.strength], confidence_words(position.confidence)])
    words = f": “{position.evidence[0].text}”" if position.evidence else ""
    return one_line(
        f"{_name(position.holder, known)}{behalf} · {position.topic} · {stance.word} {stance.sign} · {details}{words}"
    )


def _statement_line(statement: Statement, known: Mapping[str, Stakeholder]) -> str:
    who = _name(statement.holder, known) or "unattributed"
    behalf = f"for {_name(statement.on_behalf_of, known)}" if statement.on_behalf_of else ""
    manner = joined([behalf, MANNERS[statement.manner], CAPACITIES[statement.capacity]])
    cue = f" {statement.cue.text}" if statement.cue and statement.manner is not Manner.DIRECT else ""
    return one_line(f"{who}{cue} ({manner}; {confidence_words(statement.evidence.confidence)}): “{statement.text}”")


def _figure_line(figure: Figure, known: Mapping[str, Stakeholder], printed_as: Mapping[str, str]) -> str:
    parties = [f"{word} {_name(id, known)}" for word, id in _parties(figure) if id]
    per = f"per {figure.per}" if figure.per else ""
    what = figure.what.text if figure.what else ""
    period = figure.period.text if figure.period else ""
    printed = figure.spans[0].text if figure.spans else ""
    said = [TERMS[figure.terms], RECURRENCES[figure.recurrence], *links_words(figure, printed_as)]
    details = joined([figure.kind, STATUSES[figure.status], per, what, *said, period, *parties])
    return one_line(f"{printed} · {details} · {confidence_words(figure.evidence.confidence)}")


def _parties(figure: Figure) -> tuple[tuple[str, str | None], ...]:
    return (("from", figure.payer), ("to", figure.recipient), ("cited by", figure.cited_by))
