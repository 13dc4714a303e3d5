"""Exports from outside: the API streams them, pages lead to them, the command writes them, and verdicts come back."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import openpyxl
import pytest
from fastapi.testclient import TestClient
from lxml import html

from api.app import create_app
from api.exports import dna
from api.exports.dna_events import stream_events
from api.exports.dna_import import read_event_list
from api.exports.formats import FILTERS, FORMS, Format
from api.exports.label_studio_import import read_label_studio
from api.exports.verdicts import Imported, Verdict
from api.guard import Tags
from api.routes.coverage import FileParams
from api.settings import Settings
from api.store import Filters, Store
from api.store.exporting import Exporter
from nlp.errors import UsageError
from nlp.records import Analysis, StanceLabel

Make = Callable[..., Analysis]
HOLDER = "person:jo-tarn"


@pytest.fixture
def client(settings: Settings, store: Store, analysis: Analysis, make_analysis: Make) -> Iterator[TestClient]:
    store.writer.write_analysis(analysis)
    quoted = make_analysis("one.txt", holder=HOLDER, words='a single budget; “nothing less” "now"')
    later = make_analysis("two.txt", holder="body:union", label=StanceLabel.OPPOSE, published="2015-02-01")
    for each in (quoted, later):
        store.writer.write_analysis(each)
    with TestClient(create_app(settings, store=store), base_url="http://127.0.0.1") as found:
        yield found


# The API


@pytest.mark.parametrize("format", Format)
def test_every_format_comes_with_its_type_and_name(client: TestClient, format: Format) -> None:
    form = FORMS[format]
    answer = client.get("/v1/exports", params={"what": form.holds[0].value, "format": format.value})
    assert answer.status_code == 200 and answer.headers["content-type"] == form.media_type
    name = answer.headers["content-disposition"]
    assert name.startswith(f'attachment; filename="standpoint-{form.holds[0].value}')
    assert name.endswith(f'.{form.ending}"')
    assert answer.content and "etag" not in answer.headers and answer.headers["cache-control"] == "no-store"


def test_filters_of_the_list_are_those_of_the_export(client: TestClient) -> None:
    def rows(**params: Any) -> list[dict[str, str]]:
        return list(csv.DictReader(StringIO(client.get("/v1/exports", params=params).text)))

    assert len(rows()) == 3
    assert [row["stance"] for row in rows(stance="oppose")] == ["oppose"]
    assert {row["holder_id"] for row in rows(stakeholder=HOLDER)} == {HOLDER}
    assert [row["published"] for row in rows(**{"from": "2015-01-01"})] == ["2015-02-01"]
    assert len(rows(min_confidence=0)) == 5
    assert len(rows(q="nothing")) == 1
    assert [row["stakeholder_id"] for row in rows(what="positions", topic="pooling", kind="person")] != []


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"format": "dna", "what": "map"}, "query.format"),
        ({"format": "graphml"}, "query.format"),
        ({"what": "figures", "stance": "oppose"}, "query.what"),
        ({"what": "statements", "group": "person"}, "query.what"),
        ({"format": "pdf"}, "query.format"),
        ({"limit": "5"}, "query.limit"),
        ({"topic": "nonsense"}, "query.topic"),
        ({"from": "2015-01-01", "to": "2014-01-01"}, "query.to"),
    ],
)
def test_what_cannot_be_exported_is_refused_by_the_name_of_the_field(
    client: TestClient, params: dict[str, str], field: str
) -> None:
    answer = client.get("/v1/exports", params=params)
    assert answer.status_code == 422 and [each["field"] for each in answer.json()["errors"]] == [field]


def test_head_has_no_body_and_the_same_headers(client: TestClient) -> None:
    answer = client.head("/v1/exports", params={"format": "xlsx"})
    assert answer.status_code == 200 and answer.content == b"" and "attachment" in answer.headers["content-disposition"]


@pytest.mark.anyio
async def test_a_file_is_sent_piece_by_piece_and_pages_are_gathered_for_their_tag() -> None:
    sent: list[dict[str, Any]] = []
    seen: list[int] = []

    def app(kind: bytes) -> Any:
        async def answer(scope: Any, receive: Any, send: Any) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})
            for _ in range(3):
                await send({"type": "http.response.body", "body": b"x", "more_body": True})
                seen.append(len(sent))
            await send({"type": "http.response.body", "body": b"", "more_body": False})

        return answer

    async def take(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "headers": []}
    await Tags(app(b"text/csv"))(scope, None, take)  # type: ignore[arg-type]
    assert seen == [2, 3, 4] and not any(name == b"etag" for name, _ in sent[0]["headers"])
    sent.clear()
    seen.clear()
    await Tags(app(b"application/json"))(scope, None, take)  # type: ignore[arg-type]
    assert seen == [0, 0, 0] and sent[-1]["body"] == b"xxx"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def test_a_workbook_from_the_api_opens(client: TestClient) -> None:
    answer = client.get(
        "/v1/exports", params={"format": "xlsx", "what": "map"}, headers={"Accept-Encoding": "identity"}
    )
    book = openpyxl.load_workbook(BytesIO(answer.content))
    assert book["map"]["A1"].value == "stakeholder" and int(answer.headers["content-length"]) == len(answer.content)


# Pages


@pytest.mark.parametrize(
    ("path", "what", "kept"),
    [
        ("/?topic=pooling&from=2014-01-01", "positions", [("topic", "pooling"), ("from", "2014-01-01")]),
        ("/topics", "positions", []),
        ("/topics/pooling?to=2016-01-01", "positions", [("topic", "pooling"), ("to", "2016-01-01")]),
        (f"/stakeholders/{HOLDER}", "positions", [("stakeholder", HOLDER)]),
        ("/figures?topic=pooling&stakeholder=Jo+Tarn", "figures", [("topic", "pooling"), ("stakeholder", HOLDER)]),
        (f"/positions/{HOLDER}/pooling", "statements", [("stakeholder", HOLDER), ("topic", "pooling")]),
        ("/search?q=budget&mode=lexical", "statements", [("q", "budget")]),
    ],
)
def test_every_list_leads_to_its_exports_with_its_filters(
    client: TestClient, path: str, what: str, kept: list[tuple[str, str]]
) -> None:
    page = html.fromstring(client.get(path).text)
    (first, *_) = page.xpath("//a[starts-with(@href, '/exports?')]/@href")
    formats = html.fromstring(client.get(first).text)
    for link in formats.xpath("//a[starts-with(@href, '/v1/exports?')]/@href"):
        pairs = parse_qsl(urlsplit(link).query)
        assert pairs[0] == ("what", what) and sorted(pairs[2:]) == sorted(kept)
        assert client.get(link).status_code == 200


def test_pages_know_every_filter_of_an_export() -> None:
    fields = FileParams.model_fields.items()
    assert {field.alias or name for name, field in fields} == set(FILTERS)


def test_the_page_says_which_filters_an_export_does_not_have(client: TestClient) -> None:
    page = html.fromstring(client.get("/exports?what=figures&stance=oppose&purpose=beds&topic=pooling").text)
    text = " ".join(page.text_content().split())
    assert "Left out, as these rows do not have it: stance oppose, purpose beds." in text
    assert "Narrowed to topic pooling." in text
    assert client.get("/exports?what=nonsense").status_code == 404


# The command


def test_the_command_writes_a_file_by_its_ending(
    run: Any, client: TestClient, settings: Settings, tmp_path: Path
) -> None:
    data = ("--data", str(settings.data))
    result = run(*data, "export", "--out", str(tmp_path / "all.csv"))
    assert result.code == 0 and len((tmp_path / "all.csv").read_text("utf-8").splitlines()) == 4
    asked = ("--what", "positions", "--topic", "pooling", "--from", "2015-01-01", "--kind", "person")
    result = run(*data, "export", *asked, "--out", str(tmp_path / "map.gexf"), "--json")
    assert result.code == 0 and result.document["format"] == "gexf"
    assert result.document["bytes"] == (tmp_path / "map.gexf").stat().st_size
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--out", "x.foo"), "the ending tells no format"),
        (("--out", "x.csv", "--format", "pdf"), "--format has no pdf"),
        (("--out", "x.dna", "--what", "map"), "holds statements"),
        (("--out", "x.csv", "--topic", "nonsense"), "there is no topic nonsense"),
        (("--out", "x.csv", "--from", "May"), "--from is no day"),
        (("--out", "x.csv", "--from", "2015-01-02", "--to", "2015-01-01"), "--to lies before --from"),
        (("--out", "x.csv", "--stance", "against"), "--stance has no against"),
        (("--out", "nowhere/x.csv"), "cannot be written"),
    ],
)
def test_the_command_says_what_is_wrong(
    run: Any, client: TestClient, settings: Settings, options: tuple[str, ...], said: str
) -> None:
    result = run("--data", str(settings.data), "export", *options)
    assert result.code in (2, 5) and said in result.err and result.err.count("\n") == 1


# Verdicts that come back


class _Edited:
    """What was exported, edited as a person would, and read again."""

    def __init__(self, client: TestClient, store: Store) -> None:
        self.client, self.exporter = client, Exporter(store.engine)
        self.topics = {"pooling": "Pooling of GP and NHS budgets", "capitation": "Capitated budgets"}

    def events(self, article: str = "") -> list[dna.Event]:
        filters = Filters(min_confidence=0, article=(article,) if article else ())
        return list(dna.events(self.exporter.lines(filters), self.topics, self.exporter.texts))

    def read(self, rows: list[list[str]], **more: Any) -> Imported:
        out = StringIO()
        csv.writer(out, delimiter=";", lineterminator="\n").writerows(rows)
        lines = out.getvalue().splitlines(keepends=True)
        return read_event_list(lines, self.events, self.topics, by="ana", at=datetime(2026, 1, 2, tzinfo=UTC), **more)

    def rows(self) -> list[list[str]]:
        return list(csv.reader(StringIO("".join(stream_events(iter(self.events())))), delimiter=";"))


@pytest.fixture
def edited(client: TestClient, store: Store) -> _Edited:
    return _Edited(client, store)


def test_an_event_list_that_was_left_as_it_is_confirms_everything(edited: _Edited) -> None:
    rows = edited.rows()
    found = edited.read(rows)
    assert found.faults == [] and [each.verdict for each in found.verdicts] == [Verdict.CONFIRM] * (len(rows) - 1)
    assert {each.target for each in found.verdicts} == {event.line.name for event in edited.events()}
    assert all(each.by == "ana" and each.correction == {} and each.words for each in found.verdicts)


def test_an_event_list_corrects_holder_topic_and_stance(edited: _Edited) -> None:
    rows = edited.rows()
    at = {name: place for place, name in enumerate(rows[0])}
    number = next(n for n, row in enumerate(rows) if "nothing less" in row[at["text"]])
    rows[number][at["agreement"]] = "0"
    rows[number][at["person"]] = "Ada Vale"
    rows[number][at["concept"]] = "Capitated budgets"
    (changed,) = [each for each in edited.read(rows).verdicts if each.verdict is Verdict.CORRECT]
    assert changed.correction == {"stance": "oppose", "topic": "capitation", "holder": "Ada Vale"}
    assert changed.line == number + 1 and changed.target.endswith(":s1/pooling")


def test_what_a_complete_list_leaves_out_is_rejected_and_nothing_otherwise(edited: _Edited) -> None:
    rows = edited.rows()
    at = {name: place for place, name in enumerate(rows[0])}
    double = [n for n, row in enumerate(rows) if [r[at["section"]] for r in rows].count(row[at["section"]]) == 2]
    kept = [row for n, row in enumerate(rows) if n != double[-1]]
    assert {each.verdict for each in edited.read(kept).verdicts} == {Verdict.CONFIRM}
    assert [each.verdict for each in edited.read(kept, complete=True).verdicts].count(Verdict.REJECT) == 1


def test_faults_of_an_event_list_have_their_lines(edited: _Edited) -> None:
    rows = edited.rows()
    at = {name: place for place, name in enumerate(rows[0])}
    broken = [list(row) for row in rows[:1]] + [list(rows[1]) for _ in range(4)]
    broken[1][at["agreement"]] = "perhaps"
    broken[2] = broken[2][:5]
    broken[3][at["section"]] = "no-article"
    broken[4][at["text"]] = "words\nthat nobody said"
    found = edited.read([*broken, rows[1]])
    assert [fault.line for fault in found.faults] == [2, 3, 4, 5] and len(found.verdicts) == 1
    assert found.verdicts[0].line == 7, "a text of two lines takes two"
    with pytest.raises(UsageError, match="is no event list"):
        edited.read([["a", "b"], ["1", "2"]])


def _tasks(client: TestClient) -> list[dict[str, Any]]:
    """The tasks as Label Studio gives them back when nothing was changed."""
    answer = client.get("/v1/exports", params={"format": "label-studio", "min_confidence": 0})
    tasks = [json.loads(line) for line in answer.text.splitlines()]
    for number, task in enumerate(tasks, 1):
        result = task.pop("predictions")[0]["result"]
        who = {"completed_by": {"email": "ana@example.org"}, "updated_at": "2026-01-02T03:04:05.000000Z"}
        task |= {"id": number, "annotations": [{"id": number, "was_cancelled": False, "result": result, **who}]}
    return tasks


def _read(tasks: list[dict[str, Any]], *, as_list: bool = False) -> Imported:
    text = json.dumps(tasks, indent=1) if as_list else "\n".join(map(json.dumps, tasks))
    return read_label_studio(text.splitlines(keepends=True))


@pytest.mark.parametrize("as_list", [True, False])
def test_tasks_that_were_left_as_they_are_confirm_everything(client: TestClient, as_list: bool) -> None:
    found = _read(_tasks(client), as_list=as_list)
    assert found.faults == [] and len(found.verdicts) == 5
    assert {each.verdict for each in found.verdicts} == {Verdict.CONFIRM}
    first = found.verdicts[0]
    assert first.by == "ana@example.org" and first.at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_tasks_correct_reject_and_keep_what_has_another_id(client: TestClient) -> None:
    tasks = _tasks(client)
    for task in tasks:
        result = task["annotations"][0]["result"]
        if "one.txt" in task["data"]["title"]:
            for each in result:
                if each.get("from_name") == "stance":
                    each["value"]["choices"] = ["mixed"]
                if each["id" if "id" in each else "type"] and each.get("from_name") == "label":
                    each["value"]["end"] -= 1
        elif "two.txt" in task["data"]["title"]:
            task["annotations"][0]["result"] = [each for each in result if "/" not in each.get("id", "/")]
        else:
            for each in result:
                each["id"] = f"new-{each['id']}" if "id" in each else None
    found = {each.target: each for each in _read(tasks).verdicts}
    by_kind = sorted(each.verdict.value for each in found.values())
    assert by_kind == ["confirm", "confirm", "confirm", "correct", "reject"]
    (corrected,) = [each for each in found.values() if each.verdict is Verdict.CORRECT]
    assert corrected.correction.keys() == {"stance", "end"} and corrected.correction["stance"] == "mixed"


def test_faults_of_tasks_have_their_lines_and_cancelled_work_says_nothing(client: TestClient) -> None:
    tasks = _tasks(client)
    tasks[0]["annotations"][0]["was_cancelled"] = True
    extra = {
        "id": "x",
        "from_name": "label",
        "type": "labels",
        "value": {"start": 0, "end": 1, "labels": ["statement"]},
    }
    tasks[1]["annotations"][0]["result"].append(extra)
    del tasks[2]["data"]["found"]
    lines = [*map(json.dumps, tasks), "{broken", "[1]", '{"data": 5}']
    found = read_label_studio([f"{line}\n" for line in lines])
    assert [fault.line for fault in found.faults] == [2, 3, 4, 5, 6]
    assert {each.line for each in found.verdicts} == {2}
    assert read_label_studio([]).verdicts == []
