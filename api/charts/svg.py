"""A chart as one SVG file, with its title and description in it. Colours are attributes, as a policy may refuse styles;
nothing but colours is told by them."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from api.charts.lanes import Chart

MEDIA_TYPE = "image/svg+xml"
_CONTROLS = dict.fromkeys((*range(32), *range(127, 160), 65534, 65535), "�")
_CONTROLS |= dict.fromkeys(range(55296, 57344), "�")
_INK = {
    "support": "#124a28",
    "oppose": "#82180f",
    "conditional": "#614300",
    "mixed": "#432a7d",
    "neutral": "#3a4149",
    "sum": "#174f93",
}
_PAPER = {
    "support": "#dff0e3",
    "oppose": "#fbe3e0",
    "conditional": "#fcefd2",
    "mixed": "#ebe6f7",
    "neutral": "#e9ebee",
}
_FONT = 'font-family="system-ui, Segoe UI, Helvetica, Arial, sans-serif" font-size="13" fill="#1c1f23"'
#: Words are read over lines.
_HALO = 'paint-order="stroke" stroke="#ffffff" stroke-width="3"'
#: Room for the title over the picture.
_TITLE = 34


def write_svg(chart: Chart) -> str:
    """The file, well formed whatever stands in the words."""
    return "\n".join(_lines(chart)) + "\n"


def _lines(chart: Chart) -> Iterator[str]:
    width, height = f"{chart.width:g}", f"{chart.height + _TITLE:g}"
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-labelledby="title describes" {_FONT}>'
    )
    yield f'<title id="title">{_text(chart.title)}</title>'
    yield f'<desc id="describes">{_text(chart.describes)}</desc>'
    yield f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
    yield f'<text x="12" y="22" font-size="15" font-weight="bold">{_text(chart.title)}</text>'
    yield f'<g transform="translate(0 {_TITLE})">'
    for line in chart.lines:
        yield f'<line x1="{line.x1:g}" y1="{line.y1:g}" x2="{line.x2:g}" y2="{line.y2:g}" stroke="#d8d5cd"/>'
    for bar in chart.bars:
        place = f'x="{bar.x:g}" y="{bar.y:g}" width="{bar.width:g}" height="{bar.height:g}"'
        yield f"<rect {place} {painted(bar.kind)}/>"
    for shape in chart.shapes:
        yield f'<path d="{shape.path}" {painted(shape.kind)}><title>{_text(shape.title)}</title></path>'
    for word in chart.words:
        anchor = quoteattr(word.anchor)
        yield f'<text x="{word.x:g}" y="{word.y:g}" text-anchor={anchor} {_HALO}>{_text(word.text)}</text>'
    yield "</g>"
    yield "</svg>"


def painted(kind: str) -> str:
    """The attributes of what is drawn: the first word is what it is, the second how."""
    what, _, how = kind.partition(" ")
    if what == "tie":
        broken = ' stroke-dasharray="5 4"' if how else ""
        return f'fill="none" stroke="#767b83" stroke-opacity="0.6"{broken}'
    ink = _INK.get(what, "#3a4149")
    if how == "cell":
        return f'fill="{_PAPER.get(what, "#ffffff")}" stroke="{ink}" stroke-opacity="0.4"'
    return f'fill="{"none" if how == "hollow" else ink}" stroke="{ink}"'


def _text(text: str) -> str:
    return escape(" ".join(text.split()).translate(_CONTROLS))
