"""The four stances are told by word and sign, and their colours stay apart in grey and to eyes that see fewer colours.

Lightness and differences are those of CIELAB (D65). Missing cones are simulated as G. M. Machado, M. M. Oliveira and
L. A. F. Fernandes do it, "A Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE Transactions
on Visualization and Computer Graphics 15 (2009), 1291-1298: their matrices for severity 1.0, on linear sRGB.
"""

from __future__ import annotations

import math
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import combinations, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api.words import STANCES
from nlp.records import StanceLabel

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

Colour = tuple[float, ...]
SHEET = Path(__file__).resolve().parents[2] / "api" / "pages" / "static" / "style.css"
CAMPS = ("support", "oppose", "conditional", "mixed")
XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
WHITE = (0.95047, 1.0, 1.08883)
EYES = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def palette(scheme: str) -> dict[str, str]:
    """The custom properties of the stylesheet in one scheme; dark ones stand over the light."""
    light, _, dark = SHEET.read_text(encoding="utf-8").partition("@media (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", light))
    return {**found, **dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", dark))} if scheme == "dark" else found


def linear_rgb(colour: str) -> Colour:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return tuple(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)


def times(matrix: Sequence[Colour], colour: Colour) -> Colour:
    return tuple(sum(factor * part for factor, part in zip(row, colour, strict=True)) for row in matrix)


def lab(rgb: Colour) -> Colour:
    ratios = [part / white for part, white in zip(times(XYZ, rgb), WHITE, strict=True)]
    x, y, z = (cube if (cube := ratio ** (1 / 3)) > 6 / 29 else (24389 / 27 * ratio + 16) / 116 for ratio in ratios)
    return (116 * y - 16, 500 * (x - y), 200 * (y - z))


def seen(colour: str, eyes: str) -> Colour:
    return lab(tuple(min(1.0, max(0.0, part)) for part in times(EYES[eyes], linear_rgb(colour))))


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2."""
    darker, lighter = sorted(times(XYZ, linear_rgb(colour))[1] for colour in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_stances_differ_in_lightness_alone(scheme: str) -> None:
    colours = palette(scheme)
    for part, least in (("", 5.0), ("-edge", 14.0)):
        steps = sorted(lab(linear_rgb(colours[name + part]))[0] for name in CAMPS)
        apart = [after - before for before, after in pairwise(steps)]
        assert min(apart) >= least, f"{scheme}{part}: steps of lightness {[round(step, 1) for step in apart]}"


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_stances_differ_to_eyes_that_lack_a_cone(scheme: str, eyes: str) -> None:
    colours = palette(scheme)
    for part, least in (("", 12.0), ("-edge", 20.0)):
        for one, other in combinations(CAMPS, 2):
            apart = math.dist(seen(colours[one + part], eyes), seen(colours[other + part], eyes))
            assert apart >= least, f"{one} and {other}{part}, {scheme}: {apart:.1f}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_of_a_stance_are_read_on_its_ground(scheme: str) -> None:
    colours = palette(scheme)
    for name in CAMPS:
        assert contrast(colours[name], colours[f"{name}-ink"]) >= 4.5, name
    assert contrast(colours["sheet"], colours["neutral-ink"]) >= 4.5


def test_signs_and_words_are_different_for_every_stance() -> None:
    assert len({each.sign for each in STANCES.values()}) == len({each.word for each in STANCES.values()}) == 6


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_map_without_colour_still_tells_the_stances(open_page: Callable[..., Page], scheme: str) -> None:
    page = open_page(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    page.goto("/")
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setEmulatedVisionDeficiency", {"type": "achromatopsia"})
    grounds, edges = {}, {}
    for name in CAMPS:
        cell = page.locator(f".map td a.{name}").first
        shown = STANCES[StanceLabel(name)]
        assert cell.inner_text().split()[:2] == [shown.word, shown.sign]
        rows = pixels(page, cell)
        assert all(max(dot) - min(dot) <= 2 for row in rows for dot in row), "the picture has colour"
        grounds[name] = Counter(dot[1] for row in rows for dot in row).most_common(1)[0][0]
        edges[name] = rows[len(rows) // 2][2][1]
    assert least_step(grounds) >= 8 and least_step(edges) >= 20, (grounds, edges)


def least_step(greys: dict[str, int]) -> int:
    """The least difference between two of these greys, of 255."""
    return min(abs(one - other) for one, other in combinations(greys.values(), 2))


def pixels(page: Page, cell: Locator) -> list[list[list[int]]]:
    """The rows of a picture of an element, each pixel as red, green and blue; the browser decodes it, elsewhere."""
    picture = b64encode(cell.screenshot(scale="css")).decode()
    other = page.context.browser.new_page() if page.context.browser else page
    found: list[list[list[int]]] = other.evaluate(
        """async (picture) => {
          const image = await createImageBitmap(await (await fetch("data:image/png;base64," + picture)).blob());
          const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
          canvas.drawImage(image, 0, 0);
          const { data, width, height } = canvas.getImageData(0, 0, image.width, image.height);
          return Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) =>
            Array.from(data.subarray(4 * (y * width + x), 4 * (y * width + x) + 3))));
        }""",
        picture,
    )
    other.close()
    return found
