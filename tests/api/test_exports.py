"""Every format is read back by a reader that did not write it, and compared with what was stored, on hostile rows.

``make test`` writes 160 rows; ``make fuzz-exports`` 2,000 (``ROWS``).
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import sqlite3
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice, pairwise
from pathlib import Path
from random import Random
from typing import Any

import networkx
import openpyxl
import pandas
import pytest
import rdflib
from jsonschema import Draft202012Validator
from odfdo import Document
from openpyxl.utils.escape import unescape

from api.exports.cleaning import LONGEST_CELL, Cleaner, is_address, utf16_length
from api.exports.csv_table import neutral
from api.exports.dna import AGREEMENT, short
from api.exports.dna_file import PASSWORD, password_digest
from api.exports.export import export
from api.exports.formats import FORMS, Format, What, check_format
from api.exports.label_studio import CONFIG
from api.exports.statements import COLUMNS, statement_table
from api.exports.tables import Kind, Value
from api.services import Services
from api.settings import Settings
from api.store import Filters, Store
from api.store.analyst import Question
from api.store.bulk import Fresh
from api.store.exporting import Exporter
from nlp.errors import UsageError
from nlp.records import (
    Analysis,
    Article,
    Evidence,
    Figure,
    Licence,
    Manner,
    Mention,
    PartialDate,
    Precision,
    Run,
    Span,
    Stakeholder,
    StakeholderKind,
    Stance,
    StanceLabel,
    Statement,
)

ROWS = int(os.environ.get("ROWS", "160"))
ANY = Question(filters=Filters(min_confidence=0))
HOSTILE = (
    '=HYPERLINK("http://evil.example","click")',
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    "=cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "{=1+1}",
    "'=1+1",
    "http://evil.example/a?b=c#d",
    "mailto:mallory@evil.example",
    "internal:README!A1",
    "javascript:alert(1)",
    "\x01\x02\x08\x0b\x0c\x0e\x1f\x7f\x85 control",
    "\ufffe and \uffff",
    "\u202egnol tfel\u202c \u2066isolated\u2069",
    "“curly”, \"double\", 'single'; `tick`",
    "a\r\nb\nc\rd",
    "\U0001f469\u200d⚕️ \U0001f3e5 emoji",
    "_x0041_ and _x000D_",
    "  two  spaces   three ",
    "tab\tinside",
    "<b>&amp;</b> ]]> <!-- -->",
    "line\u2028paragraph\u2029end",
    "é ß ẞ İ ﬁ",
    "\\N \\n \\x00 NULL None nan 1e999",
    "ER  - \r\nTY  - JOUR",
)
LONG = "x" * 99_000 + " \U0001f3e5" * 500
TOPICS = ("pooling", "capitation", "co-commissioning")
Rows = list[dict[str, Value]]


def _words(random: Random, number: int) -> str:
    parts = [HOSTILE[number % len(HOSTILE)], *random.sample(HOSTILE, random.randint(0, 2))]
    return " ".join(parts) if number % 40 else LONG


def _article(number: int, random: Random) -> Analysis:
    words, other = _words(random, number), random.choice(HOSTILE)
    name = f"{random.choice(HOSTILE)} {number}"
    parts = [f"{name} 🏥 said: ", words, ". It costs ", "£1.2m", f" {other}. She "]
    at = [sum(map(len, parts[:place])) for place in range(len(parts) + 1)]
    text = "".join(parts)
    span, money = Span(at[1], at[2], words), Span(at[3], at[4], "£1.2m")
    evidence = Evidence(round(random.random(), 4), "hand", f"because {other}", (span,))
    holder, body = f"person:{number % 50}", "ccg:hostile"
    labels = tuple(StanceLabel)
    statement = Statement(
        "s1", holder if number % 7 else None, Manner.DIRECT, (span,), evidence,
        on_behalf_of=body if number % 3 == 0 else None, cue=Span(at[1] - 6, at[1] - 2, "said"),
    )  # fmt: skip
    stances = [
        Stance(
            holder, topic, labels[(number + place) % len(labels)], evidence, statement="s1",
            condition=span if number % 5 == 0 else None, rationales=(span,) if number % 4 == 0 else (),
        )
        for place, topic in enumerate(TOPICS[: number % 3])
    ]  # fmt: skip
    if number % 11 == 0:
        stances.append(Stance(holder, TOPICS[0], StanceLabel.OPPOSE, Evidence(0.8, "told", other, (span,))))
    urls = (f"https://example.org/{number}", f"https://example.org/{number}?q={other}", f"javascript:{number}", None)
    precision = tuple(Precision)[number % 3]
    first = date(2014, 1, 1) if precision is Precision.YEAR else date(2014, 5, 1)
    source = f"{other} {number}"
    return Analysis(
        article=Article(
            id=Article.identify(source, text),
            source=source,
            text=text,
            reader="text 1",
            title=random.choice(HOSTILE),
            publisher=random.choice(HOSTILE),
            published=PartialDate(first, precision) if number % 9 else None,
            author=random.choice(HOSTILE),
            url=urls[number % 4],
            licence=random.choice((None, Licence.FULL_TEXT)),
            expires=date(2030, 12, 31) if number % 2 else None,
        ),
        run=Run("0.1.0", "d1"),
        stakeholders=(
            Stakeholder(holder, HOSTILE[number % 50 % len(HOSTILE)], StakeholderKind.PERSON),
            Stakeholder(body, "=1+1 CCG", StakeholderKind.ORGANISATION),
        ),
        mentions=(Mention(Span(0, len(name), name), holder),),
        statements=(statement,),
        stances=tuple(stances),
        figures=(
            Figure("f1", (money,), "GBP", evidence, value=Decimal("1200000.50") * number, cited_by=holder, what=span),
        ),
    )


@pytest.fixture(scope="module")
def analyses() -> list[Analysis]:
    random = Random(4)
    return [_article(number, random) for number in range(1, ROWS + 1)]


@pytest.fixture(scope="module")
def services(shared_store: Store, analyses: list[Analysis], tmp_path_factory: Any) -> Iterator[Services]:
    waiting = iter(Fresh(each, each.article.id, datetime(2026, 1, 1, tzinfo=UTC)) for each in analyses)
    while lot := tuple(islice(waiting, 100)):
        shared_store.writer.write_new(lot)
    yield Services(Settings(data=tmp_path_factory.mktemp("nothing")), store=shared_store)


@pytest.fixture(scope="module")
def rows(services: Services) -> Rows:
    """What the statements table must hold in every format, before the format's own mapping."""
    topics = {id: topic.name for id, topic in services.topics().items()}
    table = statement_table(Exporter(services.store.engine).lines(Filters(min_confidence=0)), topics)
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


@pytest.fixture
def written(services: Services, tmp_path: Path) -> Callable[..., Path]:
    """Writes an export to a file."""

    def write(format: Format, what: What = What.STATEMENTS, question: Question = ANY) -> Path:
        ready = export(services, what, format, question)
        path = tmp_path / ready.name
        path.write_bytes(b"".join(ready.pieces))
        return path

    return write


def test_the_table_holds_everything_that_is_stored(rows: Rows, analyses: list[Analysis]) -> None:
    expected = sum(max(1, sum(s.statement is not None for s in a.stances)) for a in analyses)
    expected += sum(stance.statement is None for each in analyses for stance in each.stances)
    assert len(rows) == expected
    quotes = {f"{each.article.id}:s1": each.statements[0].text for each in analyses}
    for row in rows:
        assert row["statement"] is None or row["quote"] == quotes[str(row["statement"])]
    by_article = {each.article.id: each for each in analyses}
    for row in rows:
        article = by_article[str(row["article"])].article
        assert article.text[row["start"] : row["end"]] == row["quote"]  # type: ignore[misc]
        assert (row["title"], row["author"], row["licence"]) == (article.title, article.author, article.licence)
        assert (row["url"] or "https").startswith("https"), "an address is one of the web"  # type: ignore[union-attr]
    assert len({row["article"] for row in rows}) == len(analyses)
    order = [row["article"] for row in rows]
    assert sum(a != b for a, b in pairwise(order)) == len(analyses) - 1, "articles stand together"


# Tables


def test_csv_holds_every_value_and_no_formula(written: Callable[..., Path], rows: Rows) -> None:
    with written(Format.CSV).open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file))
    assert len(read) == len(rows)
    for got, row in zip(read, rows, strict=True):
        assert got == {name: _in_csv(value) for name, value in row.items()}
        assert not [text for text in got.values() if text and text[0] in "=+-@\t\r\n＝＋－＠"]


def _in_csv(value: Value) -> str:
    if value is None:
        return ""
    return str(neutral(value))


def test_jsonl_holds_every_value_as_it_is(written: Callable[..., Path], rows: Rows) -> None:
    text = written(Format.JSONL).read_text(encoding="utf-8")
    read = [json.loads(line) for line in text.splitlines()]
    plain = [{n: v.isoformat() if isinstance(v, date) else v for n, v in row.items()} for row in rows]
    assert read == plain


def test_xlsx_holds_texts_as_texts_and_links_for_sources_alone(written: Callable[..., Path], rows: Rows) -> None:
    book = openpyxl.load_workbook(written(Format.XLSX))
    assert book.sheetnames == ["README", "statements"]
    sheet = book["statements"]
    names = [cell.value for cell in next(sheet.iter_rows(max_row=1))]
    assert names == [column.name for column in COLUMNS]
    cleaner, live = Cleaner(LONGEST_CELL), 0
    for cells, row in zip(sheet.iter_rows(min_row=2), rows, strict=True):
        for cell, name in zip(cells, names, strict=True):
            assert cell.data_type != "f", f"a live formula: {cell.value!r}"
            assert cell.hyperlink is None or name == "url"
            live += cell.hyperlink is not None
            assert _same(cell.value, row[name], cleaner), (name, cell.value, row[name])
    assert live == sum(is_address(str(row["url"])) for row in rows)
    told = {str(a.value): b.value for a, b in book["README"].iter_rows(max_col=2)}
    assert told["Rows"] == str(len(rows))
    assert told[next(key for key in told if key.startswith("Texts cut"))] == str(cleaner.cut) != "0"
    assert told["Control characters removed"] == str(cleaner.removed) != "0"
    assert {name for name in names if name} <= told.keys(), "every column is explained"


def _same(got: Any, value: Value, cleaner: Cleaner) -> bool:
    if isinstance(value, str):
        # openpyxl leaves the escapes of ST_Xstring in strings that stand in their cell.
        return unescape(got or "") == cleaner.clean(value)
    if isinstance(value, date):
        return isinstance(got, datetime) and got.date() == value
    return got == pytest.approx(value, rel=1e-14) if value is not None else got is None


def test_ods_holds_every_value(written: Callable[..., Path], rows: Rows) -> None:
    document = Document(str(written(Format.ODS)))
    readme, table = document.body.get_tables()
    assert (readme.name, table.name) == ("README", "statements")
    cleaner = Cleaner(LONGEST_CELL)
    for cells, row in zip(list(table.traverse())[1:], rows, strict=True):
        read = list(cells.traverse())
        for cell, (name, value) in zip(read, row.items(), strict=True):
            assert cell.formula is None
            assert not cell.get_elements("descendant::text:a") or name == "url"
            if isinstance(value, str):
                assert _odf_text(cell) == cleaner.clean(value), name
            elif isinstance(value, date):
                assert str(cell.value)[:10] == value.isoformat()
            else:
                assert cell.value is None if value is None else float(cell.value) == value
    told = {str(a.value): b.value for a, b in (list(row.traverse())[:2] for row in readme.traverse()) if a.value}
    assert told["Rows"] == str(len(rows)) and told["Control characters removed"] == str(cleaner.removed) != "0"


def _odf_text(cell: Any) -> str:
    return "\n".join(_odf_line(paragraph._xml_element) for paragraph in cell.get_elements("text:p"))


def _odf_line(element: Any) -> str:
    text = element.text or ""
    for child in element:
        tag = child.tag.rpartition("}")[2]
        own = " " * int(next(iter(child.attrib.values()))) if tag == "s" else "\t" if tag == "tab" else None
        text += (own if own is not None else _odf_line(child)) + (child.tail or "")
    return text


@pytest.fixture(scope="module")
def soffice() -> str:
    found = shutil.which("soffice")
    if found is None:
        message = "LibreOffice is missing: apt-get install libreoffice-calc-nogui"
        if "office" in os.environ.get("STANDPOINT_REQUIRE", "").split(","):
            pytest.fail(message)
        pytest.skip(message)
    return found


@pytest.mark.office
@pytest.mark.parametrize("format", [Format.XLSX, Format.ODS, Format.CSV])
def test_libreoffice_reads_texts_and_finds_no_formula(
    written: Callable[..., Path], rows: Rows, soffice: str, tmp_path: Path, format: Format
) -> None:
    # Of all that could be asked, what matters: what it takes for a formula it saves as one.
    path = written(format)
    there = tmp_path / "converted"
    command = [soffice, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to"]
    options = ["xlsx:Calc MS Excel 2007 XML", "--outdir", str(there), str(path)]
    if format is Format.CSV:
        options = ["--infilter=CSV:44,34,76,1", *options]
        command, options = [*command[:-1], options[0], command[-1]], options[1:]
    subprocess.run([*command, *options], check=True, capture_output=True, timeout=300)
    book = openpyxl.load_workbook(there / path.with_suffix(".xlsx").name)
    sheet = book[book.sheetnames[-1]]
    assert sheet.max_row >= len(rows)
    names = [cell.value for cell in next(sheet.iter_rows(max_row=1))]
    quotes: list[str] = []
    for cells in sheet.iter_rows(min_row=2):
        assert [cell.value for cell in cells if cell.data_type == "f"] == []
        assert [cell.value for cell, name in zip(cells, names, strict=True) if cell.hyperlink and name != "url"] == []
        quotes.append(str(cells[names.index("quote")].value or ""))
    if format is not Format.CSV:
        expected = [Cleaner(LONGEST_CELL).clean(str(row["quote"])) for row in rows]
        assert [_squeezed(quote) for quote in quotes] == [_squeezed(quote) for quote in expected]


def _squeezed(text: str) -> str:
    # What it writes for control characters beyond ASCII and for ends of lines is its own.
    return re.sub(r"[\s\x7f-\x9f]+|_x[0-9A-F]{4}_", "", text)


def test_parquet_holds_typed_columns(written: Callable[..., Path], rows: Rows) -> None:
    frame = pandas.read_parquet(written(Format.PARQUET))
    assert len(frame) == len(rows)
    for column in COLUMNS:
        got = [None if value is None or value != value else value for value in frame[column.name].tolist()]
        assert got == [row[column.name] for row in rows], column.name


def test_parquet_keeps_sums_exact_and_says_what_its_columns_mean(written: Callable[..., Path], analyses: Any) -> None:
    import pyarrow.parquet as pq

    table = pq.read_table(written(Format.PARQUET, What.FIGURES))
    assert sorted(table["value"].to_pylist()) == sorted(each.figures[0].value for each in analyses)
    assert all(field.metadata[b"about"] for field in table.schema)
    path = written(Format.PARQUET, What.FIGURES)
    assert pq.ParquetFile(path).metadata.metadata[b"standpoint.left_out"] == b"0"


def test_sqlite_has_tables_keys_search_and_metadata(written: Callable[..., Path], rows: Rows, analyses: Any) -> None:
    with closing(sqlite3.connect(written(Format.SQLITE))) as database:
        run = database.execute
        assert run("PRAGMA integrity_check").fetchone() == ("ok",) and run("PRAGMA foreign_key_check").fetchall() == []
        joined = """SELECT s.id, s.quote, h.name, a.title, t.stance, t.confidence FROM statements s
            JOIN articles a ON a.id = s.article LEFT JOIN stakeholders h ON h.id = s.holder
            LEFT JOIN stances t ON t.statement = s.id AND t.topic IS ?"""
        for row in rows:
            if row["statement"]:
                found = run(f"{joined} WHERE s.id = ?", (row["topic_id"], row["statement"])).fetchone()
                names = ("statement", "quote", "holder", "title", "stance", "stance_confidence")
                assert found == tuple(row[name] for name in names)
        assert run("SELECT count(*) FROM stances").fetchone()[0] == sum(row["stance"] is not None for row in rows)
        assert run("SELECT count(*) FROM articles").fetchone()[0] == len(analyses)
        assert run("SELECT count(*) FROM statements_fts WHERE statements_fts MATCH 'emoji'").fetchone()[0] > 0
        assert run("SELECT value FROM metadata WHERE key = 'made'").fetchone()[0].startswith("machine-extracted")
        for table in ("articles", "statements", "stances"):
            described = {name for (name,) in run("SELECT of_column FROM columns WHERE of_table = ?", (table,))}
            assert described == {each[1] for each in run(f"PRAGMA table_info({table})")}


@pytest.mark.parametrize("what", [What.POSITIONS, What.FIGURES, What.MAP])
def test_all_tables_hold_the_same_rows_in_every_format(
    written: Callable[..., Path], services: Services, what: What
) -> None:
    with written(Format.CSV, what).open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file))
    objects = [json.loads(line) for line in written(Format.JSONL, what).read_text("utf-8").splitlines()]
    assert len(read) == len(objects) > 5 and [list(each) for each in objects] == [list(each) for each in read]
    assert len(pandas.read_parquet(written(Format.PARQUET, what))) == len(read)
    sheet = openpyxl.load_workbook(written(Format.XLSX, what))[what.value]
    assert sheet.max_row == len(read) + 1
    with closing(sqlite3.connect(written(Format.SQLITE, what))) as database:
        assert database.execute(f'SELECT count(*) FROM "{what.value}"').fetchone() == (len(read),)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_position_carries_the_words_that_show_it_and_where_they_stand(
    written: Callable[..., Path], rows: Rows
) -> None:
    found = [json.loads(line) for line in written(Format.JSONL, What.POSITIONS).read_text("utf-8").splitlines()]
    said = {(row["statement"], row["topic_id"]): row for row in rows}
    told = [each for each in found if each["statement"]]
    assert told
    for each in told:
        row = said[each["statement"], each["topic_id"]]
        assert (each["quote"], each["title"], each["article"]) == (row["quote"], row["title"], row["article"])
        assert each["stance"] == row["stance"] or each["stance"] == "mixed"


# Provenance and annotations


def test_json_ld_is_a_graph_of_quotations_with_their_provenance(written: Callable[..., Path], rows: Rows) -> None:
    graph = rdflib.Graph().parse(written(Format.JSON_LD), format="json-ld")
    schema, prov = rdflib.Namespace("https://schema.org/"), rdflib.Namespace("http://www.w3.org/ns/prov#")
    quotations = list(graph.subjects(rdflib.RDF.type, schema.Quotation))
    assert len(quotations) == len(rows)
    texts = sorted(str(graph.value(each, schema.text)) for each in quotations)
    assert texts == sorted(str(row["quote"]) for row in rows)
    articles = {row["article"]: row for row in rows}
    for each in quotations:
        article = graph.value(each, prov.wasDerivedFrom)
        row = articles[str(article).rpartition(":")[2]]
        assert str(graph.value(article, schema.headline)) == row["title"]
        assert str(graph.value(article, schema.datePublished) or "") == (row["published"] or "")
        run = graph.value(each, prov.wasGeneratedBy)
        assert graph.value(run, prov.wasAssociatedWith) == rdflib.URIRef("urn:standpoint:program")


ANNOTATION = {
    "type": "object",
    "required": ["id", "type", "motivation", "body", "target"],
    "properties": {
        "id": {"pattern": "^urn:standpoint:"},
        "type": {"const": "Annotation"},
        "body": {"type": "array", "items": {"required": ["type", "purpose", "value"]}},
        "target": {
            "required": ["source", "selector"],
            "properties": {
                "selector": {
                    "prefixItems": [
                        {
                            "properties": {"type": {"const": "TextQuoteSelector"}, "exact": {"type": "string"}},
                            "required": ["type", "exact", "prefix", "suffix"],
                        },
                        {
                            "properties": {"type": {"const": "TextPositionSelector"}, "start": {"minimum": 0}},
                            "required": ["type", "start", "end"],
                        },
                    ],
                    "minItems": 2,
                    "maxItems": 2,
                }
            },
        },
    },
}


@pytest.mark.parametrize("what", [What.STATEMENTS, What.FIGURES])
def test_annotations_point_at_their_words_in_code_points(
    written: Callable[..., Path], analyses: list[Analysis], what: What
) -> None:
    page = json.loads(written(Format.ANNOTATIONS, what).read_text("utf-8"))
    assert page["type"] == "AnnotationPage" and page["sp:unit"] == "Unicode code points"
    texts, validator = {each.article.id: each.article.text for each in analyses}, Draft202012Validator(ANNOTATION)
    assert len(page["items"]) >= len(analyses)
    for item in page["items"]:
        validator.validate(item)
        quote, place = item["target"]["selector"]
        text = texts[item["target"]["source"]["sp:article"]]
        assert text[place["start"] : place["end"]] == quote["exact"]
        assert text[: place["start"]].endswith(quote["prefix"]) and text[place["end"] :].startswith(quote["suffix"])
        assert len(quote["prefix"]) == min(32, place["start"])


# References


def test_ris_has_one_record_an_article_whatever_its_title_says(
    written: Callable[..., Path], analyses: list[Analysis]
) -> None:
    text = written(Format.RIS).read_bytes().decode("utf-8")
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*|", line) for line in text.split("\r\n"))
    records = [dict(re.findall(r"^(\w\w)  - (.*?)\r$", part, re.M)) for part in text.split("ER  - \r\n")[:-1]]
    assert {record["ID"] for record in records} == {each.article.id for each in analyses} and len(records) == ROWS
    by_id = {each.article.id: each.article for each in analyses}
    for record in records:
        article = by_id[record["ID"]]
        assert record["TY"] == "NEWS" and record["TI"] == _flat(article.title or article.source)
        year, month, day = (record.get("DA") or "///").split("/")[:3]
        assert "-".join(filter(None, (year, month, day))) == str(article.published or "")


def _flat(text: str) -> str:
    return " ".join(Cleaner().clean(text).split())


CSL = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["type", "id"],
        "additionalProperties": False,
        "properties": {
            "id": {"type": "string"},
            "type": {"const": "article-newspaper"},
            "title": {"type": "string"},
            "author": {"type": "array", "items": {"required": ["literal"]}},
            "container-title": {"type": "string"},
            "issued": {
                "properties": {"date-parts": {"items": {"items": {"type": "integer"}, "minItems": 1, "maxItems": 3}}}
            },
            "URL": {"type": "string", "pattern": "^https?://"},
            "note": {"type": "string"},
        },
    },
}


def test_csl_json_has_one_item_an_article(written: Callable[..., Path], analyses: list[Analysis]) -> None:
    items = json.loads(written(Format.CSL).read_text("utf-8"))
    Draft202012Validator(CSL).validate(items)
    assert {item["id"]: item["title"] for item in items} == {a.article.id: a.article.title for a in analyses}
    nothing = Question(filters=Filters(publisher=("nobody",)))
    assert json.loads(written(Format.CSL, question=nothing).read_text("utf-8")) == []


# Networks


@pytest.mark.parametrize("format", [Format.GRAPHML, Format.GEXF])
def test_networks_have_signed_edges_with_dates(written: Callable[..., Path], format: Format) -> None:
    path = written(format, What.POSITIONS)
    rows = [json.loads(line) for line in written(Format.JSONL, What.POSITIONS).read_text("utf-8").splitlines()]
    ElementTree.parse(path)
    read = networkx.read_graphml if format is Format.GRAPHML else networkx.read_gexf
    graph = read(path)
    assert graph.number_of_edges() == len(rows)
    ids = {node: data["id_in_standpoint"] for node, data in graph.nodes(data=True)}
    edges = {(ids[a], ids[b]): data for a, b, data in graph.edges(data=True)}
    for row in rows:
        edge = edges[row["stakeholder_id"], row["topic_id"]]
        sign = {"support": 1, "oppose": -1, "conditional": 0.5}.get(row["stance"], 0)
        assert (edge["sign"], edge["weight"]) == (sign, row["stories"])
        assert edge["signed_weight"] == sign * row["stories"] and edge["stance"] == row["stance"]
        assert edge.get("since") == row["since"]
        assert (edge.get("start") is not None) == (format is Format.GEXF and row["since"] is not None)


# Discourse Network Analyzer


def test_the_dna_file_has_what_dna_3_asks_for(written: Callable[..., Path], rows: Rows, analyses: Any) -> None:
    coded = [row for row in rows if row["stance"] in AGREEMENT]
    texts = {each.article.id: each.article.text for each in analyses}
    with closing(sqlite3.connect(written(Format.DNA))) as database:
        run = database.execute
        assert run("PRAGMA foreign_key_check").fetchall() == []
        assert run("SELECT Value FROM SETTINGS WHERE Property = 'version'").fetchone()[0].startswith("3.")
        variables = dict(run("SELECT Variable, DataType FROM VARIABLES").fetchall())
        short_text = "short text"
        assert variables == {
            "person": short_text, "organization": short_text, "concept": short_text, "agreement": "boolean"
        }  # fmt: skip
        found = run(
            """SELECT d.Section, d.Text, s.Start, s.Stop, c.Value, b.Value FROM STATEMENTS s
            JOIN DOCUMENTS d ON d.ID = s.DocumentId JOIN DATABOOLEAN b ON b.StatementId = s.ID
            JOIN DATASHORTTEXT v ON v.StatementId = s.ID AND v.VariableId = 3 JOIN ENTITIES c ON c.ID = v.Entity"""
        ).fetchall()
        expected = sorted(
            (row["article"], row["quote"], row["topic"], int(agreement))
            for row in coded
            for agreement in AGREEMENT[str(row["stance"])]
        )
        got = []
        for article, text, start, stop, concept, agreement in found:
            assert len(text) == len(texts[article])
            java = text.encode("utf-16-le")[2 * start : 2 * stop].decode("utf-16-le")
            code_points = texts[article].find(next(r["quote"] for r in coded if r["article"] == article))
            got.append((article, texts[article][code_points : code_points + len(java)], concept, agreement))
        assert sorted(got) == expected
        password = run("SELECT Password FROM CODERS WHERE ID = 1").fetchone()[0]
        assert len(password) == 64 and password_digest(PASSWORD, _salt(password)) == password


def _salt(password: str) -> bytes:
    from base64 import b64decode

    return b64decode(password)[:16]


def test_a_password_is_digested_as_jasypt_does() -> None:
    from base64 import b64decode
    from hashlib import sha256

    salt = bytes(range(16))
    digest = sha256(salt + b"sample").digest()
    for _ in range(100_000 - 1):
        digest = sha256(digest).digest()
    assert b64decode(password_digest("sample", salt)) == salt + digest


def test_the_event_list_is_one_of_dna_without_formulas(written: Callable[..., Path], rows: Rows) -> None:
    with written(Format.DNA_EVENTS).open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file, delimiter=";"))
    coded = [row for row in rows for _ in AGREEMENT.get(str(row["stance"]), ())]
    assert len(read) == len(coded)
    for got, row in zip(read, coded, strict=True):
        assert got["section"] == row["article"] and got["concept"] == row["topic"]
        assert got["time"][:10] == (str(row["day"]) if row["day"] else "1970-01-01")
        quote = str(row["quote"]).replace("\r\n", " \n").replace("\r", "\n").replace(";", ",").replace('"', "'")
        assert got["text"] == neutral(quote)
        assert not [text for text in got.values() if text and text[0] in "=+-@\t\r\n"]


# Corpora to be corrected


def test_label_studio_gets_regions_relations_and_answers(
    written: Callable[..., Path], analyses: list[Analysis], rows: Rows
) -> None:
    tasks = [json.loads(line) for line in written(Format.LABEL_STUDIO).read_text("utf-8").splitlines()]
    texts = {each.article.id: each.article.text for each in analyses}
    assert {task["data"]["article"] for task in tasks} == texts.keys()
    seen = 0
    for task in tasks:
        text, (prediction,) = task["data"]["text"], task["predictions"]
        assert text == texts[task["data"]["article"]]
        regions = {each["id"] for each in prediction["result"] if each["type"] == "labels"}
        for each in prediction["result"]:
            if each["type"] == "relation":
                assert {each["from_id"], each["to_id"]} <= regions
                continue
            value = each["value"]
            if each["type"] == "textarea":
                continue
            assert text[value["start"] : value["end"]] == value["text"]
            seen += each["from_name"] == "stance"
    assert seen == sum(row["stance"] is not None for row in rows)
    names = {element.get("name") for element in ElementTree.fromstring(CONFIG).iter() if element.get("name")}
    assert names == {"label", "text", "topic", "stance", "holder"}


def test_doccano_gets_entities_and_relations(written: Callable[..., Path], analyses: list[Analysis]) -> None:
    documents = [json.loads(line) for line in written(Format.DOCCANO).read_text("utf-8").splitlines()]
    texts = {each.article.id: each.article for each in analyses}
    kinds: set[str] = set()
    for document in documents:
        assert document["text"] == texts[document["article"]].text
        ids = {each["id"] for each in document["entities"]}
        assert all(0 <= e["start_offset"] < e["end_offset"] <= len(document["text"]) for e in document["entities"])
        assert all({each["from_id"], each["to_id"]} <= ids for each in document["relations"])
        kinds |= {each["type"] for each in document["relations"]}
    assert len(documents) == ROWS and {"said_by", "reported_by", "depends_on"} <= kinds


# What holds for all


@pytest.mark.parametrize("format", Format)
def test_every_format_refuses_what_it_cannot_hold_and_says_what_it_can(format: Format) -> None:
    for what in What:
        if what in FORMS[format].holds:
            check_format(what, format)
        else:
            with pytest.raises(UsageError, match=f"{format.value} holds"):
                check_format(what, format)


@pytest.mark.parametrize("format", Format)
def test_an_export_of_nothing_is_a_whole_file(written: Callable[..., Path], format: Format) -> None:
    nothing = Question(filters=Filters(publisher=("nobody",)))
    path = written(format, FORMS[format].holds[0], nothing)
    match format:
        case Format.CSV:
            assert path.read_text("utf-8").count("\n") == 1
        case Format.XLSX:
            assert openpyxl.load_workbook(path)["statements"].max_row == 1
        case Format.ODS:
            assert [table.name for table in Document(str(path)).body.get_tables()] == ["README", "statements"]
        case Format.PARQUET:
            assert len(pandas.read_parquet(path)) == 0
        case Format.JSON_LD | Format.ANNOTATIONS | Format.CSL:
            json.loads(path.read_text("utf-8"))
        case Format.SQLITE | Format.DNA:
            with closing(sqlite3.connect(path)) as database:
                assert database.execute("SELECT count(*) FROM statements").fetchone() == (0,)
        case Format.GRAPHML | Format.GEXF:
            ElementTree.parse(path)
        case Format.DNA_EVENTS:
            assert path.read_text("utf-8").count("\n") == 1
        case _:
            assert path.read_text("utf-8") == ""


def test_filters_narrow_an_export_as_they_narrow_a_list(services: Services, rows: Rows) -> None:
    exporter = Exporter(services.store.engine)

    def count(**asked: Any) -> int:
        return len(list(exporter.lines(Filters(**{"min_confidence": 0, **asked}))))

    assert count() == len(rows)
    assert count(topic=("pooling",)) == sum(row["topic_id"] == "pooling" for row in rows)
    assert count(stance=(StanceLabel.OPPOSE,)) == sum(row["stance"] == "oppose" for row in rows)
    assert count(stakeholder=("person:3",)) == sum(
        row["holder_id"] == "person:3" or row["on_behalf_of_id"] == "person:3" for row in rows
    )
    assert count(until=date(2013, 1, 1)) == 0
    assert count(article=(str(rows[0]["article"]),)) == sum(row["article"] == rows[0]["article"] for row in rows)
    sure = count(min_confidence=0.5)
    assert 0 < sure < len(rows)


def test_pages_neither_repeat_nor_lose_a_row(services: Services, rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.store.exporting.LOT", 7)
    exporter = Exporter(services.store.engine)
    found = [(line.passage, line.view.topic if line.view else None) for line in exporter.lines(ANY.filters)]
    assert len(found) == len(set(found)) == len(rows)
    assert [line[0] for line in found if ":s" in line[0]] == [row["statement"] for row in rows if row["statement"]]
    assert len(list(exporter.money(ANY.filters))) == ROWS


def test_an_export_leaves_a_row_in_the_audit_chain(services: Services) -> None:
    from api.store import audit, engines

    export(services, What.FIGURES, Format.CSV, ANY, actor="key-1")
    with engines.reading(services.store.engine) as connection:
        row = list(audit.rows(connection))[-1]
        assert list(audit.breaks(connection)) == []
    assert (row.action, row.subject, row.actor) == ("export.made", "figures", "key-1")
    assert row.detail == {"format": "csv", "filters": {"min_confidence": "0"}}


def test_a_file_is_gone_when_it_is_sent(services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ready = export(services, What.MAP, Format.XLSX, ANY)
    assert list(tmp_path.iterdir()) == []
    assert sum(map(len, ready.pieces)) == ready.size


# Cleaning


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a\x00b\x0bc", "abc"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("\ufffex\uffff", "x"),
        ("tab\tstays\n", "tab\tstays\n"),
        ("🏥" * 10, "🏥" * 10),
        ("🏥" * 11, "🏥" * 9 + "…"),
        ("a" * 21, "a" * 19 + "…"),
    ],
)
def test_texts_are_cleaned_for_xml_and_cut_between_characters(text: str, clean: str) -> None:
    cleaner = Cleaner(20)
    assert cleaner.clean(text) == clean
    assert utf16_length(clean) <= 20 and cleaner.cut == (utf16_length(text) > 20)


def test_values_of_dna_are_short_and_keep_what_tells_them_apart() -> None:
    assert len(short("x" * 500)) == 190 and short("x" * 500, " (id)").endswith("… (id)")
    assert len(short("x" * 500, " (id)")) == 190


@pytest.mark.parametrize("text", ["https://a.example/x y", "javascript:x", "https://a.example/\n", "ftp://a.example"])
def test_what_is_no_address_of_the_web_is_no_link(text: str) -> None:
    assert not is_address(text) and is_address("https://a.example/x?y=z#t")


def test_columns_are_explained() -> None:
    assert all(column.about and isinstance(column.kind, Kind) for column in COLUMNS)
    assert len({column.name for column in COLUMNS}) == len(COLUMNS)
