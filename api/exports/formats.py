"""The formats that there are, what each can hold, and how a file of it is called."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from nlp.errors import UsageError


class What(StrEnum):
    """What is exported."""

    STATEMENTS = "statements"
    POSITIONS = "positions"
    FIGURES = "figures"
    MAP = "map"


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    ODS = "ods"
    PARQUET = "parquet"
    JSONL = "jsonl"
    SQLITE = "sqlite"
    JSON_LD = "jsonld"
    ANNOTATIONS = "annotations"
    RIS = "ris"
    CSL = "csl"
    GRAPHML = "graphml"
    GEXF = "gexf"
    DNA_EVENTS = "dna-events"
    DNA = "dna"
    LABEL_STUDIO = "label-studio"
    DOCCANO = "doccano"


@dataclass(frozen=True, slots=True)
class Form:
    """``binary``: it is written to a file first, and the answer begins when that is whole."""

    media_type: str
    ending: str
    holds: tuple[What, ...]
    words: str
    binary: bool = False


#: The filters that an export takes, by their names in addresses.
FILTERS = (
    *("stakeholder", "topic", "stance", "manner", "publisher", "article", "from", "to", "as_of", "q", "kind", "group"),
    "min_confidence",
)
_ALL = tuple(What)
_SAID, _NETWORK, _PRINTED = (What.STATEMENTS,), (What.POSITIONS, What.MAP), (What.STATEMENTS, What.FIGURES)
_LINES, _SQLITE = "application/x-ndjson", "application/vnd.sqlite3"
_OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ANNOTATIONS = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
FORMS = {
    Format.CSV: Form("text/csv; charset=utf-8", "csv", _ALL, "a table for any program"),
    Format.XLSX: Form(_OFFICE, "xlsx", _ALL, "a spreadsheet for Excel", binary=True),
    Format.ODS: Form(
        "application/vnd.oasis.opendocument.spreadsheet", "ods", _ALL, "a spreadsheet for LibreOffice", binary=True
    ),
    Format.PARQUET: Form(
        "application/vnd.apache.parquet", "parquet", _ALL, "a typed table for pandas, R, DuckDB", binary=True
    ),
    Format.JSONL: Form(_LINES, "jsonl", _ALL, "a JSON object a line, for programs"),
    Format.SQLITE: Form(_SQLITE, "sqlite", _ALL, "a database for Datasette, with search", binary=True),
    Format.JSON_LD: Form("application/ld+json", "jsonld", _SAID, "schema.org quotations with their provenance"),
    Format.ANNOTATIONS: Form(_ANNOTATIONS, "jsonld", _PRINTED, "W3C Web Annotations"),
    Format.RIS: Form(
        "application/x-research-info-systems; charset=utf-8", "ris", _PRINTED, "the articles, for Zotero and others"
    ),
    Format.CSL: Form("application/vnd.citationstyles.csl+json", "json", _PRINTED, "the articles as CSL-JSON"),
    Format.GRAPHML: Form("application/graphml+xml", "graphml", _NETWORK, "a network for Gephi, yEd, R", binary=True),
    Format.GEXF: Form("application/gexf+xml", "gexf", _NETWORK, "a network with dates for Gephi", binary=True),
    Format.DNA_EVENTS: Form("text/csv; charset=utf-8", "csv", _SAID, "an event list as Discourse Network Analyzer's"),
    Format.DNA: Form(_SQLITE, "dna", _SAID, "a database in the schema of Discourse Network Analyzer 3", binary=True),
    Format.LABEL_STUDIO: Form(_LINES, "jsonl", _SAID, "articles to correct in Label Studio"),
    Format.DOCCANO: Form(_LINES, "jsonl", _SAID, "articles for doccano"),
}
#: Formats of the same ending tell themselves apart in the file's name.
_MARKED = {Format.ANNOTATIONS, Format.DNA_EVENTS, Format.LABEL_STUDIO, Format.DOCCANO, Format.CSL}


def file_name(what: What, format: Format, day: str) -> str:
    """The name of a file; ``day`` in ISO 8601."""
    mark = f"-{format.value}" if format in _MARKED else ""
    return f"standpoint-{what.value}{mark}-{day}.{FORMS[format].ending}"


def check_format(what: What, format: Format) -> None:
    """Raises UsageError where a format cannot hold what is wanted."""
    holds = FORMS[format].holds
    if what not in holds:
        wanted = " or ".join(holds)
        raise UsageError(f"the format {format.value} holds {wanted}, no {what.value}", do=f"ask for {wanted}")
