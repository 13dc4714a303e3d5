"""``standpoint brief``: names, formats, files, records and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.briefing.formats import schema
from api.store import Store
from nlp.records import Analysis, StanceLabel

Run = Callable[..., Any]


@pytest.fixture
def filled(store: Store, make_analysis: Callable[..., Analysis]) -> Store:
    for index, label in enumerate((StanceLabel.SUPPORT, StanceLabel.OPPOSE)):
        store.writer.write_analysis(make_analysis(f"{index}.txt", holder=f"person:p{index}", label=label))
    return store


def test_a_topic_is_printed_as_markdown(filled: Store, run: Run, data: list[str]) -> None:
    result = run("brief", "Pooling of GP and NHS budgets", *data)
    assert result.code == 0 and result.out.startswith("# Briefing: Pooling of GP and NHS budgets\n")
    assert "| P1 | **Opposes ▼** (1 story) |" in result.out


def test_several_stakeholders_make_a_meeting_brief(filled: Store, run: Run, data: list[str]) -> None:
    document = run("brief", "P0", "person:p1", "--all-topics", "--json", *data).document
    assert document["asked"]["stakeholders"] == ["person:p0", "person:p1"] and len(document["proposals"]) > 20
    assert {each["who"]["id"] for each in document["positions"]} == {"person:p0", "person:p1"}
    one = run("brief", "P0", "capitation", "--json", *data).document
    assert [each["id"] for each in one["proposals"]] == ["capitation"] and one["positions"] == []


@pytest.mark.parametrize(("format", "start"), [("docx", b"PK"), ("odt", b"PK"), ("html", b"<!doctype html>")])
def test_a_file_is_written(filled: Store, run: Run, data: list[str], tmp_path: Path, format: str, start: bytes) -> None:
    out = tmp_path / f"b.{format}"
    result = run("brief", "pooling", "--format", format, "--out", str(out), *data)
    assert result.code == 0 and result.out == "" and "2 positions" in result.err
    assert out.read_bytes().startswith(start)


def test_a_record_is_found_by_its_lines(filled: Store, run: Run, data: list[str]) -> None:
    document = run("brief", "pooling", "--json", "--record", *data).document
    line, article = document["positions"][0]["id"], document["positions"][0]["quote"]["article"]
    for id in (line, article):
        (found,) = run("brief", "--carried", id, "--json", *data).document["items"]
        assert found["id"] == document["recorded"] and line in found["lines"]
    assert document["recorded"] in run("brief", "--carried", line, *data).out
    assert "No recorded briefing" in run("brief", "--carried", "0" * 16, *data).err


def test_the_schema_needs_no_database(run: Run) -> None:
    assert run("brief", "--schema").document == schema()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "a briefing is on a topic or on stakeholders"),
        (("nobody",), "no topic and no stakeholder of this name"),
        (("pooling", "capitation"), "a briefing is on one topic"),
        (("pooling", "--format", "pdf"), "is no format of a briefing"),
        (("pooling", "--format", "docx"), "name a file: --out briefing.docx"),
        (("pooling", "--from", "May 2014"), "is no day"),
        (("pooling", "--from", "2015-01-01", "--to", "2014-01-01"), "must not lie before --from"),
    ],
)
def test_what_cannot_be_asked_is_one_line(
    filled: Store, run: Run, data: list[str], arguments: tuple[str, ...], told: str
) -> None:
    result = run("brief", *arguments, *data)
    assert result.code == 2 and told in result.err and result.err.count("\n") == 1
