"""One export from a question to bytes: the same for the API, the pages and the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedReader
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from api.exports import citations, csv_table, dna, dna_events, doccano, json_ld, jsonl, label_studio
from api.exports.about import About, about
from api.exports.annotations import stream_annotations
from api.exports.figures import figure_table
from api.exports.formats import FORMS, Format, What, check_format, file_name
from api.exports.positions import Standing, map_table, position_table, standings
from api.exports.regions import marked
from api.exports.statements import statement_table
from api.exports.tables import Table
from api.services import Services
from api.store.analyst import Question
from api.store.export_rows import Line, Money
from api.store.exporting import Exporter
from nlp.errors import UsageError

#: Bytes of a file that are sent at a time.
_PIECE = 256 * 1024


@dataclass(frozen=True, slots=True)
class Ready:
    """A file to be sent: ``pieces`` are walked through once; ``size`` in bytes where it is known beforehand."""

    name: str
    media_type: str
    pieces: Iterator[bytes]
    size: int | None = None


def export(services: Services, what: What, format: Format, question: Question, *, actor: str = "") -> Ready:
    """Everything that answers the question, in a format; a row in the audit chain says that it was given.

    Raises UsageError where the format cannot hold it, or the question asks for what it has not.
    """
    check_format(what, format)
    _check_question(what, question)
    run = _Run(services, what, question)
    run.exporter.note(what.value, {"format": format.value, "filters": dict(run.about.filters)}, actor=actor)
    form = FORMS[format]
    name = file_name(what, format, datetime.now(UTC).date().isoformat())
    if form.binary:
        file, size = _written(lambda path: run.write(format, path))
        return Ready(name, form.media_type, _pieces(file), size)
    pieces = run.stream(format)
    # What cannot be read at all is an error and no file that breaks off.
    first = next(pieces, "")
    return Ready(name, form.media_type, (piece.encode() for piece in chain((first,), pieces)))


def _check_question(what: What, question: Question) -> None:
    filters = question.filters
    computed = what in (What.POSITIONS, What.MAP)
    if not computed and (question.kind or question.group):
        raise UsageError(f"{what.value} have no kind and no group", do="ask for positions or the map")
    if what is What.FIGURES and (filters.stance or filters.manner):
        raise UsageError("figures have no stance and no manner", do="filter them by topic, stakeholder or article")


def _written(write: Callable[[Path], object]) -> tuple[BufferedReader, int]:
    """A file that is written and open, and has no name any more: it goes when it is closed, whoever closes it."""
    with TemporaryDirectory(prefix="standpoint-export-") as folder:
        path = Path(folder) / "export"
        write(path)
        return path.open("rb"), path.stat().st_size


def _pieces(file: BufferedReader) -> Iterator[bytes]:
    with closing(file):
        while piece := file.read(_PIECE):
            yield piece


class _Run:
    """What one export is made from; rows are read when a format asks for them."""

    def __init__(self, services: Services, what: What, question: Question) -> None:
        self._analyst, self.exporter = services.store.analyst, Exporter(services.store.engine)
        self._what, self._question = what, question
        self._checked = services.store.judging.cells
        self._topics: Mapping[str, str] = {id: topic.name for id, topic in services.topics().items()}
        beside: list[tuple[str, Any]] = [("kind", question.kind), ("group", question.group)]
        self.about: About = about(what.value, question.filters, beside)

    def stream(self, format: Format) -> Iterator[str]:
        """The file piece by piece."""
        match format:
            case Format.CSV:
                return csv_table.stream_csv(self._table())
            case Format.JSONL:
                return jsonl.stream_jsonl(self._table())
            case Format.JSON_LD:
                return json_ld.stream_json_ld(self._lines(), self._topics, self.about)
            case Format.ANNOTATIONS:
                return stream_annotations(self._printed(), self._topics, self.exporter.texts, self.about)
            case Format.RIS:
                return citations.stream_ris(self._printed(), self.about)
            case Format.CSL:
                return citations.stream_csl(self._printed(), self.about)
            case Format.DNA_EVENTS:
                return dna_events.stream_events(self._events())
            case Format.LABEL_STUDIO:
                return label_studio.stream_label_studio(self._marked(), self._topics, self.about)
            case _:
                return doccano.stream_doccano(self._marked(), self.about)

    def write(self, format: Format, path: Path) -> int:
        """The file, whole; returns how many rows it has. What only some exports need is imported here."""
        match format:
            case Format.XLSX:
                from api.exports.xlsx import write_xlsx

                return write_xlsx(path, self._table(), self.about)
            case Format.ODS:
                from api.exports.ods import write_ods

                return write_ods(path, self._table(), self.about)
            case Format.PARQUET:
                from api.exports.parquet import write_parquet

                return write_parquet(path, self._table(), self.about)
            case Format.SQLITE:
                return self._write_sqlite(path)
            case Format.DNA:
                from api.exports.dna_file import write_dna

                return write_dna(path, self._events(), self.about)
            case _:
                from api.exports import graphs

                write = graphs.write_gexf if format is Format.GEXF else graphs.write_graphml
                return write(path, self._standings(), self._topics, self.about)

    def _write_sqlite(self, path: Path) -> int:
        from api.exports import sqlite_file

        match self._what:
            case What.STATEMENTS:
                return sqlite_file.write_statements(path, self._lines(), self._topics, self.about)
            case What.FIGURES:
                return sqlite_file.write_figures(path, self._money(), self.about)
            case What.POSITIONS:
                return sqlite_file.write_positions(path, self._standings(), self._topics, self.about)
            case What.MAP:
                return sqlite_file.write_table(path, self._table(), self.about)

    def _table(self) -> Table:
        match self._what:
            case What.STATEMENTS:
                return statement_table(self._lines(), self._topics)
            case What.FIGURES:
                return figure_table(self._money())
            case What.POSITIONS:
                return position_table(self._standings(), self._topics)
            case What.MAP:
                return map_table(self._analyst.sheet(self._question), self._topics)

    def _lines(self) -> Iterator[Line]:
        return self.exporter.lines(self._question.filters)

    def _money(self) -> Iterator[Money]:
        return self.exporter.money(self._question.filters)

    def _printed(self) -> Iterable[Line | Money]:
        return self._money() if self._what is What.FIGURES else self._lines()

    def _standings(self) -> Iterator[Standing]:
        return standings(self._analyst, self.exporter, self._question, self._checked())

    def _events(self) -> Iterator[dna.Event]:
        return dna.events(self._lines(), self._topics, self.exporter.texts)

    def _marked(self) -> Iterator[Any]:
        return marked(self._lines(), self.exporter)
