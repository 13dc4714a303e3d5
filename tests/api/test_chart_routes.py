"""Charts over HTTP: well-formed SVG with title and description, stances told by shape, and the same as data."""

from __future__ import annotations

import csv
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from fastapi.testclient import TestClient
from lxml import etree

from api.app import create_app
from api.charts.network import Edge, Node, network
from api.settings import Settings
from api.store import Store
from api.words import STANCES
from nlp.records import Analysis, Period, StanceLabel

SVG = "{http://www.w3.org/2000/svg}"
CHARTS = {
    "timeline": "stakeholder=person%3Ap-support",
    "map": "",
    "camps": "topic=pooling&least=1",
    "funding": "",
}
NAME = "group:<script>&\"'\x0b"
Make = Callable[..., Analysis]


@pytest.fixture
def client(settings: Settings, store: Store, make_analysis: Make, make_money: Make) -> Iterator[TestClient]:
    for index, label in enumerate(label for label in StanceLabel if label is not StanceLabel.UNCLEAR):
        day = f"201{index + 2}-05-20"
        who = {"holder": f"person:p-{label}", "label": label, "published": day}
        store.writer.write_analysis(make_analysis(f"{label}.txt", **who))
        store.writer.write_analysis(make_analysis(f"{label}-2.txt", topic="capitation", **who))
    store.writer.write_analysis(make_analysis("h.txt", holder=NAME, label=StanceLabel.OPPOSE))
    store.writer.write_analysis(make_money("m.txt", "£4m", "4000000", period=Period("2015/16")))
    with TestClient(create_app(settings, store=store), base_url="http://127.0.0.1") as found:
        yield found


def drawn(client: TestClient, kind: str, query: str) -> Any:
    answer = client.get(f"/v1/charts/{kind}?{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("image/svg+xml")
    return etree.fromstring(answer.content)


def words(tree: Any) -> list[str]:
    return [each.text for each in tree.iter(f"{SVG}text")]


@pytest.mark.parametrize("kind", list(CHARTS))
def test_every_chart_has_title_description_and_data(client: TestClient, kind: str) -> None:
    tree, query = drawn(client, kind, CHARTS[kind]), CHARTS[kind]
    document = client.get(f"/v1/charts/{kind}?{query}&format=json").json()
    assert (tree[0].tag, tree[0].text, tree[1].tag, tree[1].text) == (
        f"{SVG}title",
        document["title"],
        f"{SVG}desc",
        document["describes"],
    )
    rows = list(csv.DictReader(StringIO(client.get(f"/v1/charts/{kind}?{query}&format=csv").text)))
    assert len(rows) == len(document["rows"]) > 0 and list(rows[0]) == document["columns"]
    assert document["title"] in words(tree)


def chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a PNG; every checksum must be right."""
    at = 8
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        kind, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        assert struct.unpack(">I", png[at + 8 + size : at + 12 + size])[0] == zlib.crc32(kind + body)
        yield kind, body
        at += 12 + size


@pytest.mark.parametrize("kind", list(CHARTS))
def test_a_png_is_the_same_picture_with_the_same_words(client: TestClient, kind: str) -> None:
    tree = drawn(client, kind, CHARTS[kind])
    answer = client.get(f"/v1/charts/{kind}?{CHARTS[kind]}&format=png")
    assert answer.headers["content-type"] == "image/png" and answer.content.startswith(b"\x89PNG\r\n\x1a\n")
    found = list(chunks(answer.content))
    told = [body.decode() for name, body in found if name == b"iTXt"]
    assert [text.rpartition("\0")[2] for text in told] == [tree[0].text, tree[1].text]
    width, height = struct.unpack(">II", found[0][1][:8])
    assert (width, height) == (2 * round(float(tree.get("width"))), 2 * round(float(tree.get("height"))))
    pixels = zlib.decompress(b"".join(body for name, body in found if name == b"IDAT"))
    assert len(set(pixels)) > 20 and found[-1][0] == b"IEND"


@pytest.mark.parametrize("kind", list(CHARTS))
def test_nothing_in_a_chart_runs_or_leads_away(client: TestClient, kind: str) -> None:
    tree = drawn(client, kind, CHARTS[kind])
    tags = {etree.QName(each).localname for each in tree.iter()}
    assert tags <= {"svg", "title", "desc", "rect", "line", "path", "text", "g"}
    assert not [name for each in tree.iter() for name in each.attrib if name.startswith("on") or "href" in name]
    assert not tree.xpath("//@style")


@pytest.mark.parametrize("kind", list(CHARTS))
def test_the_same_coverage_makes_the_same_chart(client: TestClient, kind: str) -> None:
    first, second = (client.get(f"/v1/charts/{kind}?{CHARTS[kind]}").text for _ in range(2))
    assert first == second


@pytest.mark.parametrize("kind", ["timeline", "map", "camps"])
def test_every_mark_lies_within_the_picture(client: TestClient, kind: str) -> None:
    tree = drawn(client, kind, CHARTS[kind])
    _, _, width, height = map(float, tree.get("viewBox").split())
    for shape in tree.iter(f"{SVG}path"):
        x, y = map(float, re.findall(r"-?[\d.]+", shape.get("d"))[:2])
        assert 0 <= x <= width and 0 <= y <= height
    assert all(0 <= float(each.get("x")) <= width for each in tree.iter(f"{SVG}text"))


def test_stances_are_told_by_shapes_and_words(client: TestClient) -> None:
    shapes: dict[str, set[str]] = {}
    for shape in drawn(client, "camps", "topic=pooling&least=50").iter(f"{SVG}path"):
        stance = re.findall(r": (\w+),", shape[0].text)[0]
        path = shape.get("d")
        heights = re.findall(r"[ML][\d.]+ ([\d.]+)", path)
        points_up = len(heights) > 1 and float(heights[0]) < float(heights[1])
        shapes.setdefault(stance, set()).add(f"{re.sub('[^A-Za-z]', '', path)} {points_up}")
    assert len(shapes) == 5 and len({frozenset(each) for each in shapes.values()}) == 5
    told = " ".join(words(drawn(client, "map", "")))
    assert all(f"{STANCES[label].sign} {STANCES[label].word}" in told for label in StanceLabel if label != "unclear")


def test_cells_of_the_heat_table_are_the_positions(client: TestClient) -> None:
    rows = client.get("/v1/charts/map?format=json").json()["rows"]
    positions = client.get("/v1/positions?limit=200").json()["items"]
    assert {(row["stakeholder_id"], row["topic_id"], row["stance"]) for row in rows} == {
        (each["holder"]["id"], each["topic"], each["label"]) for each in positions
    }
    assert len(list(drawn(client, "map", "").iter(f"{SVG}rect"))) == len(rows) + 1  # the paper


def test_ties_are_of_those_who_stand_alike_or_apart_on_the_same_proposals(client: TestClient) -> None:
    rows = client.get("/v1/charts/camps?topic=pooling&format=json").json()["rows"]
    ties = {
        (row["stakeholder_id"], row["other_id"]): (row["alike"], row["opposed"]) for row in rows if row["kind"] == "tie"
    }
    assert ties == {("person:p-oppose", "person:p-support"): (0, 2)}
    (tie,) = [
        each for each in drawn(client, "camps", "topic=pooling").iter(f"{SVG}path") if each.get("stroke-dasharray")
    ]
    assert tie[0].text == "alike on 0 proposals, apart on 2"


def test_a_timeline_of_a_topic_has_a_lane_a_stakeholder(client: TestClient) -> None:
    rows = client.get("/v1/charts/timeline?topic=pooling&format=json").json()["rows"]
    assert len({row["stakeholder_id"] for row in rows}) == 6 and {row["stories"] for row in rows} == {1}
    assert "P Support" in words(drawn(client, "timeline", "topic=pooling"))


def test_money_is_dated_by_its_period_or_by_its_publication(client: TestClient) -> None:
    rows = client.get("/v1/charts/funding?format=json").json()["rows"]
    assert ("£4m", "2015-05-20", "2015/16") in {(row["amount"], row["day"], row["period"]) for row in rows}
    shown = words(drawn(client, "funding", ""))
    assert "£4m winter pressures" in shown and "£1m" in shown


@pytest.mark.parametrize("kind", list(CHARTS))
def test_a_chart_of_nothing_says_so(client: TestClient, kind: str) -> None:
    query = CHARTS[kind].replace("least=1", "") + "&to=1990-01-01"
    told = words(drawn(client, kind, query))
    assert any("can be drawn" in each or "No sum" in each for each in told)
    assert client.get(f"/v1/charts/{kind}?{query}&format=json").json()["rows"] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("camps?", "query.topic"),
        ("camps?topic=pooling&topic=capitation", "query.topic"),
        ("timeline?", "query.stakeholder"),
        ("timeline?stakeholder=a&stakeholder=b", "query.stakeholder"),
        ("map?topic=nothing", "query.topic"),
        ("map?after=x", "query.after"),
        ("map?format=bmp", "query.format"),
        ("pie?", "path.kind"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_its_field(client: TestClient, query: str, field: str) -> None:
    answer = client.get(f"/v1/charts/{query}")
    assert answer.status_code == 422 and field in [error["field"] for error in answer.json()["errors"]]


def test_columns_are_ordered_so_that_ties_run_straight() -> None:
    support, oppose = StanceLabel.SUPPORT, StanceLabel.OPPOSE
    left = [Node(f"s{at}", f"S{at}", support, 1) for at in range(4)]
    right = [Node(f"o{at}", f"O{at}", oppose, 1) for at in range(4)]
    edges = [Edge(f"s{at}", f"o{3 - at}", 0, 2) for at in range(4)]
    chart = network("t", [*left, *right], edges)
    ties = [shape.path for shape in chart.shapes if shape.kind == "tie apart"]
    heights = [re.findall(r"[\d.]+", path)[1::2] for path in ties]
    assert len(ties) == 4 and all(first == last for first, last in heights)
