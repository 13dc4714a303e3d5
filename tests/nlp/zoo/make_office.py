"""Makes the binary files of the zoo anew: python tests/nlp/zoo/make_office.py. What each is for says its README."""

# ruff: noqa: E501 (XML and drawing operators stand here as they do in the files)
from __future__ import annotations

import shutil
import subprocess
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

ZOO = Path(__file__).resolve().parent

# Type on a page: points from the left and the foot, size, words.
Placed = tuple[float, float, float, str]

LEFT = [
    "The board of Northfield CCG agreed on Tues-",
    "day to ask NHS England for full delegation. It",
    "said that local people would see the differ-",
    "ence within a year, and that practices had",
    "been asked first.",
    "  Its chair, Dr Asha Merton, said that co-",
    "commissioning had been a half measure. She",
    "put the saving at £2.5m a year, most of it",
    "from premises that stand empty for long-",
    "term reasons.",
]
RIGHT = [
    "The local medical committee was not so sure.",
    "Its secretary, Dr Piers Calloway, said that",
    "nobody had shown him a budget, and that the",
    "practices he speaks for would not carry a",
    "deficit that hospitals had made.",
    "  A vote of members is planned for July. The",
    "committee will advise them to wait, as it did",
    "two years ago, until the contract is on paper",
    "and the first-year risk is shared.",
]
PAGE = [
    "Members of the committee heard that three practices had closed their lists since January.",
    "The finance officer said that the offer for premises would be efficient and would cost £400,000.",
    "Several members asked why the figures differed from those in the plan for the year before.",
    "The chief officer answered that the plan had been written before the hospital changed its prices.",
]


def pdf(pages: list[list[Placed]], *, title: str = "", extra: str = "") -> bytes:
    """A PDF of lines at their places, in Helvetica; without fonts and packed streams it stays small."""
    objects: list[bytes] = []

    def add(body: bytes) -> int:
        objects.append(body)
        return len(objects)

    font = add(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    tree = add(b"")
    kids = []
    for page in pages:
        drawn = b"".join(
            b"BT /F1 %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET\n" % (size, x, y, escaped(t)) for x, y, size, t in page
        )
        packed = zlib.compress(drawn, 9)
        content = add(b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed))
        kids.append(
            add(
                b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
                b"/Resources << /Font << /F1 %d 0 R >> >> %s >>" % (tree, content, font, extra.encode())
            )
        )
    objects[tree - 1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(b"%d 0 R" % k for k in kids), len(kids))
    root = add(b"<< /Type /Catalog /Pages %d 0 R >>" % tree)
    information = add(b"<< /Title (%s) >>" % escaped(title))
    return assembled(objects, b"/Root %d 0 R /Info %d 0 R" % (root, information))


def assembled(objects: list[bytes], trailer: bytes) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return out + b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)


def escaped(text: str) -> bytes:
    return text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def picture_pdf() -> bytes:
    """A scan: one page that draws a picture and no character."""
    picture = (
        b"<< /Type /XObject /Subtype /Image /Width 2 /Height 2 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 4 >>"
    )
    drawn = b"q 595 0 0 842 0 0 cm /Im1 Do Q"
    return assembled(
        [
            picture + b"\nstream\n\x00\xff\xff\x00\nendstream",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
            b"<< /Type /Page /Parent 4 0 R /MediaBox [0 0 595 842] /Contents 2 0 R /Resources << /XObject << /Im1 1 0 R >> >> >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Catalog /Pages 4 0 R >>",
        ],
        b"/Root 5 0 R",
    )


def column(lines: list[str], x: float, top: float) -> list[Placed]:
    """Lines of ten points, indented where they begin with spaces."""
    return [(x + 9 * line.startswith("  "), top - 12 * at, 10, line.strip()) for at, line in enumerate(lines)]


def two_columns() -> bytes:
    """Rows drawn across both columns, as some programs do, below a headline that spans them."""
    head: list[Placed] = [(60, 770, 20, "Board asks for full delegation"), (60, 748, 10, "By Ruth Okell, 14 May 2014")]
    left, right = column(LEFT, 60, 720), column(RIGHT, 310, 720)
    mixed = [each for at in range(len(left)) for each in (*left[at : at + 1], *right[at : at + 1])]
    return pdf([[*head, *mixed]], title="Board asks for full delegation")


def running_heads() -> bytes:
    """Four pages with a running head, a foot and a number; the last line of a page goes on on the next."""
    pages = []
    for number, line in enumerate(PAGE, 1):
        page: list[Placed] = [
            (60, 810, 8, "Wexshire Health Committee minutes"),
            (500, 810, 8, f"May 2014, page {number}"),
        ]
        page += [(60, 760, 16, "Premises plan goes to members")] if number == 1 else []
        page += [
            (60, 720, 10, line),
            (60, 706, 10, "The chair thanked those who had come, and said that the notes would be"),
        ]
        page += [(60, 692, 10, f"sent to all of the {number + 10} practices before the end of the month.")]
        page += [(60, 40, 8, "Printed on recycled paper"), (290, 25, 8, str(number))]
        pages.append(page)
    return pdf(pages, title="Microsoft Word - minutes_final_v3.doc")


def table_pdf() -> bytes:
    """A list of sums whose cells stand under one another, which is no second column."""
    rows = [
        ("Practice", "2013/14", "2014/15"),
        ("Harrow Lane", "£120,000", "£131,000"),
        ("Mill Street", "£98,000", "£97,500"),
    ]
    page: list[Placed] = [(60, 780, 15, "What each practice would get")]
    page += [(60, 750, 10, "The plan gives most practices a little more than last year, and two of them less.")]
    page += [
        (x, 720 - 14 * at, 10, cell)
        for at, row in enumerate(rows * 2)
        for x, cell in zip((60, 220, 320), row, strict=True)
    ]
    page += [(60, 610, 10, "Dr Merton said that no practice would lose more than £500 in the first year of the plan.")]
    return pdf([page])


def ligatures() -> bytes:
    """Type that holds ﬁ and ﬂ as one glyph each, named by ToUnicode."""
    cmap = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        b"1 begincodespacerange <00> <FF> endcodespacerange\n2 beginbfchar\n<01> <FB01>\n<02> <FB02>\nendbfchar\n"
        b"1 beginbfrange\n<20> <7E> <0020>\nendbfrange\nendcmap end end"
    )
    drawn = (
        b"BT /F1 10 Tf 1 0 0 1 60 700 Tm (The of\x01cers said that the \x02ow of money was suf\x01cient for the year.) Tj ET\n"
        b"BT /F1 10 Tf 1 0 0 1 60 688 Tm (A \x01nal report on the plan is due in the autumn, they said.) Tj ET"
    )
    return assembled(
        [
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(cmap), cmap),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 1 0 R >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
            b"<< /Type /Page /Parent 5 0 R /MediaBox [0 0 595 842] /Contents 3 0 R /Resources << /Font << /F1 2 0 R >> >> >>",
            b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            b"<< /Type /Catalog /Pages 5 0 R >>",
        ],
        b"/Root 6 0 R",
    )


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def run(text: str, properties: str = "") -> str:
    return f'<w:r>{f"<w:rPr>{properties}</w:rPr>" if properties else ""}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str, style: str = "", properties: str = "") -> str:
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    inner = "".join(each if each.startswith("<") else run(each) for each in runs)
    return f"<w:p>{f'<w:pPr>{styled}{properties}</w:pPr>' if styled or properties else ''}{inner}</w:p>"


def docx(body: str, *, footnotes: str = "", core: str = "") -> bytes:
    """A Word document of its body, in the fewest parts that Word and python-docx open."""
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{id}"><w:name w:val="{name}"/></w:style>'
        for id, name in (
            ("Normal", "Normal"),
            ("Titel", "Title"),
            ("berschrift1", "heading 1"),
            ("Liste", "List Bullet"),
        )
    )
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{TYPES}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{TYPES}.styles+xml"/>'
        f'<Override PartName="/word/footnotes.xml" ContentType="{TYPES}.footnotes+xml"/>'
        '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        "</Types>",
        "_rels/.rels": relations(
            ("rId1", f"{RELATIONS}/officeDocument", "word/document.xml"),
            (
                "rId2",
                "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
                "docProps/core.xml",
            ),
        ),
        "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": relations(
            ("rId1", f"{RELATIONS}/styles", "styles.xml"), ("rId2", f"{RELATIONS}/footnotes", "footnotes.xml")
        ),
        "word/styles.xml": f"<w:styles {W}>{styles}</w:styles>",
        "word/footnotes.xml": f"<w:footnotes {W}>{footnotes}</w:footnotes>",
        "docProps/core.xml": '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{core}</dc:title><dc:creator>temp user</dc:creator></cp:coreProperties>',
    }
    return packed(
        {name: f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}' for name, text in parts.items()}
    )


def relations(*rows: tuple[str, str, str]) -> str:
    inner = "".join(f'<Relationship Id="{id}" Type="{type}" Target="{target}"/>' for id, type, target in rows)
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'
    )


def packed(parts: dict[str, str]) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "package"
        with ZipFile(path, "w") as package:
            for name, text in parts.items():  # a fixed date, so that the same parts make the same bytes
                information = ZipInfo(name, (2014, 5, 12, 0, 0, 0))
                package.writestr(information, text, ZIP_STORED if name == "mimetype" else ZIP_DEFLATED, 9)
        return path.read_bytes()


def rich_docx() -> bytes:
    """Heading, list, table, text box with its fallback, tracked changes, hidden text, footnote."""
    box = "<w:txbxContent><w:p><w:r><w:t>Members vote on 3 July.</w:t></w:r></w:p></w:txbxContent>"
    alternate = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice Requires="wps"><w:r>{box}</w:r></mc:Choice><mc:Fallback><w:r>{box}</w:r></mc:Fallback></mc:AlternateContent>'
    )
    cells = "".join(
        "<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) + "</w:tr>"
        for row in (("Body", "Vote"), ("Northfield CCG", "for"), ("Eastmere CCG", "against"))
    )
    number = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    deleted = '<w:del w:id="1" w:author="a"><w:r><w:delText>refused to ask</w:delText></w:r></w:del>'
    inserted = f'<w:ins w:id="2" w:author="a">{run("agreed to ask")}</w:ins>'
    body = (
        paragraph("Two boards part ways over delegation", style="Titel")
        + paragraph("By Ruth Okell, 15 May 2014")
        + paragraph(
            "The board of Northfield CCG ",
            deleted,
            inserted,
            run(" NHS England for full delegation of GP contracts"),
            run("."),
            '<w:r><w:footnoteReference w:id="2"/></w:r>',
            alternate,
        )
        + paragraph("What the boards said", style="berschrift1")
        + paragraph(
            "“We have waited long enough,” said Dr Asha Merton", run(" TO CHECK", "<w:vanish/>"), run(", its chair.")
        )
        + paragraph("a single budget for the year", properties=number)
        + paragraph("a vote of all practices", style="Liste")
        + f"<w:tbl>{cells}</w:tbl>"
        + paragraph("Eastmere CCG said that it would look at the papers again in the autumn, when the rules are known.")
    )
    notes = (
        '<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        f'<w:footnote w:id="2">{paragraph("The request was sent on 12 May.")}</w:footnote>'
    )
    return docx(body, footnotes=notes, core="Document1")


def nexis_docx(count: int) -> bytes:
    """A download of Nexis Uni: cover page, then each article between its headline and "End of Document"."""
    lines = (
        (ZOO / "lexisnexis" / "nexis-uni.txt")
        .read_text(encoding="utf-8")
        .replace("Documents (3)", f"Documents ({count})")
    )
    return docx("".join(paragraph(xml(line)) for line in lines.splitlines()))


def xml(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


ODF = "urn:oasis:names:tc:opendocument:xmlns"
ODT_TYPE = "application/vnd.oasis.opendocument.text"


def odt(body: str, *, title: str = "") -> bytes:
    """An OpenDocument text of its body."""
    names = f'xmlns:office="{ODF}:office:1.0" xmlns:text="{ODF}:text:1.0" xmlns:table="{ODF}:table:1.0" xmlns:draw="{ODF}:drawing:1.0" xmlns:meta="{ODF}:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return packed(
        {
            "mimetype": ODT_TYPE,
            "content.xml": f'{head}<office:document-content {names} office:version="1.3"><office:body><office:text>{body}</office:text></office:body></office:document-content>',
            "meta.xml": f'{head}<office:document-meta {names} office:version="1.3"><office:meta><dc:title>{title}</dc:title></office:meta></office:document-meta>',
            "styles.xml": f'{head}<office:document-styles {names} office:version="1.3"/>',
            "settings.xml": f'{head}<office:document-settings {names} office:version="1.3"/>',
            "META-INF/manifest.xml": f'{head}<manifest:manifest xmlns:manifest="{ODF}:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="{ODT_TYPE}"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/><manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/><manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/><manifest:file-entry manifest:full-path="settings.xml" manifest:media-type="text/xml"/></manifest:manifest>',
        }
    )


def rich_odt() -> bytes:
    """Heading, nested list, table with a header row, tracked deletion, comment, note, spaces and a text box."""
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>".format
    rows = "".join(
        f"<table:table-row>{cell(a)}{cell(b)}</table:table-row>"
        for a, b in (("Harrow Lane", "£131,000"), ("Mill Street", "£97,500"))
    )
    note = (
        '<text:note text:id="n1" text:note-class="footnote"><text:note-citation>1</text:note-citation>'
        "<text:note-body><text:p>Before tax and rent.</text:p></text:note-body></text:note>"
    )
    return odt(
        "<text:tracked-changes><text:changed-region text:id='c1'><text:deletion><text:p>Nobody objected.</text:p></text:deletion></text:changed-region></text:tracked-changes>"
        '<text:h text:outline-level="1">Premises money goes to two practices</text:h>'
        "<text:p>16 May 2014</text:p>"
        f'<text:p>The committee gave <text:span>two<text:s text:c="2"/>practices</text:span> more<text:line-break/>money for premises.{note}'
        '<office:annotation><text:p>check the sum</text:p></office:annotation> It put off a<text:change text:change-id="c1"/> third.</text:p>'
        f"<table:table><table:table-header-rows><table:table-row>{cell('Practice')}{cell('Sum')}</table:table-row></table:table-header-rows>{rows}</table:table>"
        "<text:list><text:list-item><text:p>rent for ten years</text:p><text:list><text:list-item><text:p>and a lift</text:p></text:list-item></text:list></text:list-item></text:list>"
        "<text:p>Its chair, Imran Devlin, said that the third would hear by June.<draw:frame><draw:text-box><text:p>Papers are at the town hall.</text:p></draw:text-box></draw:frame></text:p>",
        title="Premises money goes to two practices",
    )


HTML = """<!doctype html><html><head><meta charset="utf-8"><title>Committee backs shared rota</title></head><body>
<h1>Committee backs shared rota</h1><p>By Ruth Okell</p><p>19 May 2014</p>
<p>Six practices in Harbourside will share one rota for evenings from September, the committee said on Monday.</p>
<p>Dr Naomi Threlfall, who leads the group, said: “We tried it for a year, and patients liked it.”</p>
<ul><li>two doctors each evening</li><li>one telephone number</li></ul>
<table><tr><td>Practice</td><td>Evenings</td></tr><tr><td>Quay Road</td><td>12</td></tr></table>
<p>The county council will pay £45,000 towards the cost, and asked to see the figures every month.</p></body></html>"""


def by_office(folder: Path) -> None:
    """The same page saved by LibreOffice as each of its formats; left alone where it is not installed."""
    office = shutil.which("soffice")
    if not office:
        return
    page = folder / "libreoffice.html"
    page.write_text(HTML, encoding="utf-8")
    odt = ZOO / "odt" / "libreoffice.odt"
    for given, format, filter in (
        (page, "docx", "docx:Office Open XML Text"),
        (page, "odt", "odt"),
        (odt, "rtf", "rtf:Rich Text Format"),
        (odt, "pdf", 'pdf:writer_pdf_Export:{"EmbedStandardFonts":{"type":"boolean","value":"false"}}'),
    ):
        command = [office, "--headless", "--convert-to", filter, "--outdir", str(ZOO / format), str(given)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)


def main() -> None:
    files = {
        "pdf/two-columns.pdf": two_columns(),
        "pdf/running-heads.pdf": running_heads(),
        "pdf/table.pdf": table_pdf(),
        "pdf/ligatures.pdf": ligatures(),
        "pdf/picture.pdf": picture_pdf(),
        "pdf/truncated.pdf": running_heads()[:700],
        "docx/rich.docx": rich_docx(),
        "docx/plain.docx": docx(
            paragraph("Council asks for a seat on the board")
            + paragraph("Published in Wexshire Weekly")
            + paragraph("20 May 2014")
            + paragraph(
                "The county council has asked for a seat on the board of Northfield CCG, and says that it pays enough to have one."
            )
            + paragraph(
                "The board will answer in June. Its chair said that she had nothing against it, but that the rules might."
            ),
            core="Council asks for a seat on the board",
        ),
        "docx/empty.docx": docx(paragraph("") + paragraph(" ")),
        "docx/entities.docx": packed(
            {
                "[Content_Types].xml": "<Types/>",
                "word/document.xml": f'<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/hostname">]><w:document {W}>&a;</w:document>',
            }
        ),
        "docx/truncated.docx": rich_docx()[:1500],
        "odt/rich.odt": rich_odt(),
        "odt/plain.odt": odt(
            "<text:p>Title: Rota money runs out in March</text:p><text:p>Date: May 2014</text:p>"
            "<text:p>The money for the shared rota lasts until March, the county council said, and nobody has found more.</text:p>"
        ),
        "odt/empty.odt": odt("<text:p/>"),
        "odt/truncated.odt": rich_odt()[:900],
        "lexisnexis/nexis-uni.docx": nexis_docx(3),
        "lexisnexis/count-disagrees.docx": nexis_docx(5),
    }
    for name, data in files.items():
        (ZOO / name).write_bytes(data)
    with TemporaryDirectory() as folder:
        by_office(Path(folder))


if __name__ == "__main__":
    main()
