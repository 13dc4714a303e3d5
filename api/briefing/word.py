"""A briefing as DOCX: headings, tables whose head is repeated on every page, the date at head and foot.

The only links are the addresses of sources. Citations are numbers in the text, as links within a document open
slowly and badly in some readers.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from api.briefing.layout import Heading, Items, Kind, Paragraph, Part, Run, Runs, Table


def write_docx(parts: tuple[Part, ...], *, title: str, foot: str) -> bytes:
    """The file. ``title`` and ``foot`` stand at the head and the foot of every page."""
    document = Document()
    document.core_properties.title = title[:255]
    document.core_properties.author = "Standpoint"
    document.styles["Normal"].font.size = Pt(10)
    section = document.sections[0]
    # Tables of seven columns need the long side of the paper.
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    section.header.paragraphs[0].text = title
    section.footer.paragraphs[0].text = foot
    for part in parts:
        _add(document, part)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _add(document: Docx, part: Part) -> None:
    match part:
        case Heading(level, text):
            _fill(document.add_heading(level=level), text)
        case Paragraph(runs):
            _fill(document.add_paragraph(), runs)
        case Items(items, numbered):
            for number, item in enumerate(items, 1):
                # Numbers are written out: a list goes on with those of another list, and citations must be right.
                paragraph = document.add_paragraph(f"[{number}] " if numbered else "", None if numbered else _BULLET)
                _fill(paragraph, item)
        case Table():
            _add_table(document, part)


_BULLET = "List Bullet"


def _add_table(document: Docx, part: Table) -> None:
    document.add_paragraph(part.caption, "Caption")
    table = document.add_table(rows=1, cols=len(part.heads), style="Table Grid")
    _repeat(table.rows[0])
    for cell, head in zip(table.rows[0].cells, part.heads, strict=True):
        cell.paragraphs[0].add_run(head).bold = True
    for row in part.rows:
        for cell, runs in zip(table.add_row().cells, row, strict=True):
            _fill(cell.paragraphs[0], runs)


def _repeat(row: Any) -> None:
    """Make a row the head of its table, which stands on every page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _fill(paragraph: Any, runs: Runs) -> None:
    for run in runs:
        if run.kind is Kind.LINK:
            _link(paragraph, run)
        else:
            paragraph.add_run(run.text).bold = True if run.kind is Kind.STRONG else None


def _link(paragraph: Any, run: Run) -> None:
    """A run that leads to its own address."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(run.text, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    made = paragraph.add_run(run.text)
    made.font.underline = True
    link.append(made._r)
    paragraph._p.append(link)
