"""A briefing as ODT: headings, tables with head rows, the date at head and foot, links to sources alone."""

from __future__ import annotations

from io import BytesIO

from odfdo import Cell, Document, Element, Header, HeaderRows, Link, Row, Span, Style
from odfdo import Paragraph as OdtParagraph
from odfdo import Table as OdtTable

from api.briefing.layout import Heading, Items, Kind, Paragraph, Part, Runs, Table

_STRONG, _CELL, _HEAD = "Strong", "Boxed", "BoxedHead"


def write_odt(parts: tuple[Part, ...], *, title: str, foot: str) -> bytes:
    """The file. ``title`` and ``foot`` stand at the head and the foot of every page."""
    document = Document("text")
    document.meta.title = title
    document.meta.creator = "Standpoint"
    _add_styles(document, title, foot)
    body = document.body
    body.clear()
    tables = 0
    for part in parts:
        match part:
            case Heading(level, text):
                body.append(_filled(Header(level, style=f"Heading_20_{level}"), text))
            case Paragraph(runs):
                body.append(_filled(OdtParagraph(style="Text_20_body"), runs))
            case Items(items, numbered):
                for number, item in enumerate(items, 1):
                    sign = f"[{number}] " if numbered else "• "
                    body.append(_filled(OdtParagraph(sign, style="Text_20_body", formatted=False), item))
            case Table():
                tables += 1
                body.append(OdtParagraph(part.caption, style="Caption", formatted=False))
                body.append(_table(part, f"Table{tables}"))
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _add_styles(document: Document, title: str, foot: str) -> None:
    document.insert_style(Style("text", name=_STRONG, bold=True), automatic=True)
    edge = {"border": "0.5pt solid #767b83", "padding": "0.1cm"}
    document.insert_style(Style("table-cell", name=_CELL, **edge), automatic=True)  # type: ignore[arg-type]
    shaded = Style("table-cell", name=_HEAD, background_color="#e9ebee", **edge)  # type: ignore[arg-type]
    document.insert_style(shaded, automatic=True)
    page = document.get_style("page-layout", "Mpm1")
    size = page.get_element("style:page-layout-properties") if page is not None else None
    if size is not None:
        # Tables of seven columns need the long side of the paper.
        size.set_attribute("style:print-orientation", "landscape")
        size.set_attribute("fo:page-width", "29.7cm")
        size.set_attribute("fo:page-height", "21cm")
    master = document.get_style("master-page", "Standard")
    if master is not None:
        for tag, text in (("style:header", title), ("style:footer", foot)):
            edge_of = Element.from_tag(tag)
            edge_of.append(OdtParagraph(text, style="Standard", formatted=False))
            master.append(edge_of)


def _table(part: Table, name: str) -> OdtTable:
    table = OdtTable(name)
    for _ in part.heads:
        table.append(Element.from_tag("table:table-column"))
    heads = HeaderRows()
    heads.append(_row([OdtParagraph(Span(head, style=_STRONG, formatted=False)) for head in part.heads], _HEAD))
    table.append(heads)
    for row in part.rows:
        table.append(_row([_filled(OdtParagraph(), runs) for runs in row], _CELL))
    return table


def _row(paragraphs: list[OdtParagraph], style: str) -> Row:
    row = Row()
    for paragraph in paragraphs:
        cell = Cell(style=style)
        cell.set_attribute("office:value-type", "string")
        cell.append(paragraph)
        row.append(cell)
    return row


def _filled(element: OdtParagraph | Header, runs: Runs) -> OdtParagraph | Header:
    for run in runs:
        if run.kind is Kind.LINK:
            element.append(Link(run.text, text=run.text))
        else:
            style = _STRONG if run.kind is Kind.STRONG else None
            element.append(Span(run.text, style=style, formatted=False))
    return element
