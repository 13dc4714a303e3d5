"""A briefing as HTML: one file with its own styles, for screen and paper, without a script or anything to fetch."""

from __future__ import annotations

import re

from markupsafe import Markup

from api.briefing.layout import Heading, Items, Kind, Paragraph, Part, Run, Runs, Table

STYLE = """
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; font: 16px/1.5 Georgia, "Times New Roman", serif;
  color: #1c1f23; background: #fff; }
h1, h2, h3, table { font-family: system-ui, "Segoe UI", Arial, sans-serif; }
h2 { margin-top: 2rem; border-bottom: 1px solid #767b83; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.85rem; margin: 1rem 0; }
caption { text-align: left; font-weight: 600; padding-bottom: 0.3rem; }
th, td { border: 1px solid #767b83; padding: 0.3rem 0.5rem; text-align: left; vertical-align: top; }
thead th { background: #e9ebee; }
footer { margin-top: 3rem; border-top: 1px solid #767b83; font-size: 0.85rem; }
a { color: #174f93; }
@page { margin: 2cm 1.8cm; }
@media print {
  body { margin: 0; max-width: none; padding: 0; font-size: 10.5pt; }
  .scroll { overflow: visible; }
  table { font-size: 8.5pt; }
  thead { display: table-header-group; }
  tr, li { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  a { color: inherit; text-decoration: none; }
}
"""
_PAGE = Markup(
    '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    "<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}\n"
    "<footer><p>{foot}</p></footer>\n</body>\n</html>\n"
)
_CITE = re.compile(r"\[(\d+)\]")


def write_html(parts: tuple[Part, ...], *, title: str, foot: str) -> str:
    """The whole file. Nothing of an article can be more than text in it: everything is escaped."""
    return str(_PAGE.format(title=title, style=Markup(STYLE), body=body_of(parts), foot=foot))


def body_of(parts: tuple[Part, ...]) -> Markup:
    """The parts alone, as a page of our own takes them in."""
    return Markup("\n").join(_part(part) for part in parts)


def _part(part: Part) -> Markup:
    match part:
        case Heading(level, text):
            return Markup("<h{0}>{1}</h{0}>").format(level, _runs(text))
        case Paragraph(runs):
            return Markup("<p>{}</p>").format(_runs(runs))
        case Items(items, True):
            lines = (
                Markup('<li id="source-{}">{}</li>').format(number, _runs(item)) for number, item in enumerate(items, 1)
            )
            return Markup("<ol>\n{}\n</ol>").format(Markup("\n").join(lines))
        case Items(items, _):
            lines = (Markup("<li>{}</li>").format(_runs(item)) for item in items)
            return Markup("<ul>\n{}\n</ul>").format(Markup("\n").join(lines))
        case Table():
            return _table(part)


def _table(table: Table) -> Markup:
    heads = Markup("").join(Markup('<th scope="col">{}</th>').format(head) for head in table.heads)
    rows = Markup("\n").join(
        Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(_runs(cell)) for cell in row))
        for row in table.rows
    )
    return Markup(
        '<div class="scroll" tabindex="0" role="region" aria-label="{0}"><table>\n<caption>{0}</caption>\n'
        "<thead><tr>{1}</tr></thead>\n<tbody>\n{2}\n</tbody>\n</table></div>"
    ).format(table.caption, heads, rows)


def _runs(runs: Runs) -> Markup:
    return Markup("").join(_run(run) for run in runs)


def _run(run: Run) -> Markup:
    match run.kind:
        case Kind.STRONG:
            return Markup("<strong>{}</strong>").format(run.text)
        case Kind.FOREIGN:
            # A text that runs from right to left, or says that it does, turns nothing round but itself.
            return Markup("<bdi>{}</bdi>").format(run.text)
        case Kind.CITE:
            number = _CITE.fullmatch(run.text)
            return Markup('<a href="#source-{}">{}</a>').format(number[1] if number else "", run.text)
        case Kind.LINK:
            return Markup('<a href="{0}" rel="noreferrer external">{0}</a>').format(run.text)
        case _:
            return Markup("{}").format(run.text)
