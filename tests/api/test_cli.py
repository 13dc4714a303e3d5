"""The command line: output on the right stream, exit codes of the design, and errors of one line."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from api import cli
from api.commands import analyse as command
from api.commands.output import one_line, plain, write_json
from api.commands.serve import bind
from api.store import Store
from nlp.errors import NotSetUpError, StandpointError, UnreadableError, UsageError
from nlp.readers import Reading, SkippedItem
from nlp.records import Analysis, Article, Block, BlockKind, Run, StanceLabel, Topic
from nlp.topics import load_topics

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = (
    "analyse",
    "ingest",
    "skipped",
    "map",
    "rivals",
    "search",
    "index",
    "show",
    "match",
    "why",
    "topics",
    "keys",
    "serve",
    "openapi",
    "evaluate",
    "migrate",
    "backup",
    "doctor",
)


Run_ = Callable[..., Any]  # the fixture of tests/conftest.py: code, out, err, and document, read from out


@pytest.fixture
def filled(store: Store, analysis: Analysis, make_analysis: Callable[..., Analysis]) -> str:
    """The data folder of a store that holds two articles."""
    store.writer.write_analysis(analysis)
    opposed = make_analysis(
        "against.txt", holder="person:a-name-that-is-longer-than-most-columns-of-a-terminal", label=StanceLabel.OPPOSE
    )
    store.writer.write_analysis(opposed)
    return str(store.path.parent)


def _start(*arguments: str) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STANDPOINT_")}
    return subprocess.Popen(
        [sys.executable, "-m", "api.cli", *arguments],
        cwd=ROOT,
        env={**environment, "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def _is_one_line(text: str) -> bool:
    return text.startswith("standpoint: ") and text.count("\n") == 1 and "Traceback" not in text


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_every_command_has_an_example(run: Run_, name: str) -> None:
    result = run(name, "--help")
    assert result.code == 0 and re.search(rf"Example: standpoint {name}\b", result.out)


def test_help_imports_nothing_heavy() -> None:
    heavy = {"spacy", "fastapi", "sqlalchemy", "pydantic", "trafilatura", "numpy", "jinja2", "api.store", "nlp.records"}
    code = f"import sys, api.cli; print(sorted({heavy!r} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
    shown = subprocess.run([sys.executable, "-m", "api.cli", "--help"], cwd=ROOT, capture_output=True, text=True)
    assert shown.returncode == 0 and "analyse" in shown.stdout


def test_version_is_printed(run: Run_) -> None:
    result = run("--version")
    assert result.code == 0 and result.out.startswith("standpoint ")


@pytest.mark.parametrize(
    "arguments",
    [["nope"], ["map", "--nope"], ["show"], ["map", "--min-confidence", "2"], ["serve", "--port", "x"], ["analyse"]],
)
def test_wrong_usage_ends_with_two_and_prints_no_data(run: Run_, arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.code == 2 and result.out == "" and result.err


def test_options_of_the_program_may_follow_the_command() -> None:
    assert cli.globals_first(["map", "--data", "a b", "--json"]) == ["--data", "a b", "map", "--json"]
    assert cli.globals_first(["map", "--data=x", "--debug"]) == ["--data=x", "--debug", "map"]
    assert cli.globals_first(["search", "--", "--data", "x"]) == ["search", "--", "--data", "x"]


def _read(file: Path) -> Reading:
    """A reader for which every line is an article, and "bad" is none."""
    text = file.read_text(encoding="utf-8")
    if text == "bad":
        raise UnreadableError("is no text", where=str(file), do="give text")
    return Reading(format="text", articles=tuple(_article(line) for line in text.splitlines()))


def _article(text: str) -> Article:
    return Article(
        Article.identify("x", text), "x", text, "text/1", title=text, blocks=(Block(BlockKind.PARAGRAPH, 0, len(text)),)
    )


def _find_nothing(article: Article, topics: Sequence[Topic]) -> Analysis:
    return Analysis(article, Run("1.2", "d"))


def _analyse(files: Sequence[Path], out: Path | None = None, as_json: bool = False) -> int:
    return command.analyse_files(
        files, topics=load_topics(None), out=out, as_json=as_json, read=_read, analyse=_find_nothing
    )


def _write(folder: Path, **texts: str) -> list[Path]:
    files = [folder / name.replace("_", ".") for name in texts]
    for file, text in zip(files, texts.values(), strict=True):
        file.write_text(text, encoding="utf-8")
    return files


def test_what_a_file_held_and_gave_no_article_is_told(run: Run_, tmp_path: Path, capsys: Any) -> None:
    files = _write(tmp_path, one_txt="a")
    kept = {"articles": _read(files[0]).articles, "format": "jsonl"}
    for told, words in (
        ({"skipped": (SkippedItem("line 3", "has no text"),)}, "line 3: has no text"),
        ({"declared": 4}, "says that it holds 4 items, and 1 were found"),
        ({"withdrawn": ("https://example.org/a",)}, "https://example.org/a was withdrawn"),
        ({"articles": ()}, "holds no article"),
    ):
        reading = Reading(**{**kept, **told})  # type: ignore[arg-type]
        code = command.analyse_files(
            files, topics=(), out=None, as_json=True, read=lambda _, reading=reading: reading, analyse=_find_nothing
        )
        printed = capsys.readouterr()
        assert code == 3 and words in printed.err
        found = json.loads(printed.out)
        assert len(found["articles"]) == len(reading.articles) and words in found["skipped"][0]["reason"]


def test_results_are_named_after_their_files(tmp_path: Path) -> None:
    files = _write(tmp_path, one_txt="a", two_txt="b\nc")
    out = tmp_path / "out" / "deep"
    assert _analyse(files, out) == 0
    assert sorted(file.name for file in out.iterdir()) == ["one.json", "two-0001.json", "two-0002.json"]
    assert json.loads((out / "two-0002.json").read_text())["document"]["title"] == "c"


@pytest.mark.parametrize("names", [["a_txt", "a_html"], ["a_txt", "a-0002_txt"]])
def test_inputs_that_would_write_the_same_name_are_refused_before_anything_is_written(
    tmp_path: Path, names: list[str]
) -> None:
    files = _write(tmp_path, **dict.fromkeys(names, "x\ny"))
    with pytest.raises(UsageError, match="would both write"):
        _analyse(files, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_numbered_names_are_fine_where_nothing_clashes(tmp_path: Path) -> None:
    assert _analyse(_write(tmp_path, **{"a_txt": "x", "a-0001_txt": "y"}), tmp_path / "out") == 0


def test_same_file_named_twice_is_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (file,) = _write(tmp_path, one_txt="a")
    assert _analyse([file, file], as_json=True) == 0
    assert len(json.loads(capsys.readouterr().out)["articles"]) == 1


def test_some_documents_that_fail_are_named_and_the_rest_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = _write(tmp_path, one_txt="a", two_txt="bad", three_txt="b")
    assert _analyse(files, as_json=True) == 3
    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert [row["document"]["title"] for row in document["articles"]] == ["a", "b"]
    assert document["skipped"] == [{"file": str(files[1]), "reason": f"{files[1]}: is no text (give text)"}]
    assert "is no text (give text)" in captured.err


def test_out_with_json_lists_what_was_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (file,) = _write(tmp_path, one_txt="a")
    assert _analyse([file], tmp_path / "out", as_json=True) == 0
    (row,) = json.loads(capsys.readouterr().out)["articles"]
    assert row == {"file": str(file), "written": str(tmp_path / "out" / "one.json")}


def test_out_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (file,) = _write(tmp_path, one_txt="a")
    with pytest.raises(UsageError, match="is a file"):
        _analyse([file], file)


def test_failed_write_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    target = tmp_path / "one.json"
    write_json(target, {"old": True})
    with pytest.raises(TypeError):
        write_json(target, {"new": object()})
    with pytest.raises(NotSetUpError, match="cannot be written"):
        write_json(tmp_path / "none" / "one.json", {})
    assert [file.name for file in tmp_path.iterdir()] == ["one.json"] and json.loads(target.read_text()) == {
        "old": True
    }


def test_analysis_is_readable_and_says_who_stands_where(analysis: Analysis) -> None:
    lines = list(command.describe(analysis))
    text = "\n".join(lines)
    assert lines[0] == "GPs’ budgets “should be pooled” 🏥"
    for part in (
        "Wexshire Health News, May 2014, https://example.org/pooled",
        "Asha Merton (for Mid Wexshire CCG) · pooling · Supports ▲ · strongly, high confidence, 0.91",
        "Asha Merton (for Mid Wexshire CCG, quoted word for word, speaking in an official capacity; "
        "high confidence, 0.95): “A single budget would end the blame game”",
        "unattributed (reported",
        "between £2m and £3.50m · allocation, hypothetical, per year, practices, in real terms, recurring, ",
        "2015/16, from Mid Wexshire CCG, to practices",
        "a quotation mark is never closed",
        "Machine-extracted by Standpoint 0.1.0",
    ):
        assert part in text


def test_text_of_articles_cannot_steer_the_terminal() -> None:
    nasty = "red \x1b[31m \x9b2J bell \x07 end"
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", plain(nasty))
    assert one_line("a\n\n b\t c") == "a b c"
    analysis = _find_nothing(replace(_article("x"), title=nasty), ())
    assert "\x1b" not in "\n".join(command.describe(analysis))


def test_map_is_whole_and_plain_when_piped(run: Run_, filled: str) -> None:
    result = run("map", "--data", filled)
    assert result.code == 0 and result.err == "" and "\x1b" not in result.out
    assert "A Name That Is Longer Than Most Columns Of A Terminal" in result.out
    assert "Opposes ▼ 1" in result.out and "Supports ▲ 1" in result.out
    assert "▲ supports, ▼ opposes, ◆ conditional, ◐ mixed, ● neutral" in result.out
    assert not any(line.endswith(" ") for line in result.out.splitlines())


def test_map_narrows_and_speaks_json(run: Run_, filled: str) -> None:
    document = json.loads(run("--data", filled, "map", "--json", "--min-confidence", "0").out)
    assert {topic["id"] for topic in document["topics"]} == {"pooling", "capitation"}
    narrow = json.loads(run("--data", filled, "map", "--json", "--topic", "capitation").out)
    assert narrow["rows"] == []


def test_map_without_positions_says_what_to_do(run: Run_, store: Store) -> None:
    result = run("map", "--data", str(store.path.parent))
    assert result.code == 0 and result.out == "" and "standpoint ingest" in result.err


def test_unknown_topic_names_the_known_ones(run: Run_, filled: str) -> None:
    result = run("map", "--data", filled, "--topic", "nope")
    assert result.code == 2 and _is_one_line(result.err) and "pooling" in result.err


def test_search_prints_hits_and_speaks_json(run: Run_, filled: str) -> None:
    result = run("search", "blame game", "--data", filled)
    assert result.code == 0 and "[blame] [game]" in result.out.replace("[blame game]", "[blame] [game]")
    assert json.loads(run("search", "budget", "--limit", "1", "--json", "--data", filled).out)["next"]
    none = run("search", "zebra", "--data", filled)
    assert none.code == 0 and none.out == "" and "Nothing found" in none.err
    assert run("search", "--", "-x", "--data", filled).code == 2
    empty = run("search", "  ", "--data", filled)
    assert empty.code == 2 and _is_one_line(empty.err)


def test_show_prints_stands_and_words(run: Run_, filled: str) -> None:
    out = run("show", "mid wexshire ccg", "--data", filled).out
    for part in ("Mid Wexshire CCG (organisation, ccg:mid-wexshire)", "Followed by: icb:wexshire on 2022-07-01"):
        assert part in out
    assert "Supports ▲ Pooling of GP and NHS budgets (1 story" in out and "“A single budget … would end" in out
    assert "Office: chair, Mid Wexshire CCG" in run("show", "Asha Merton", "--data", filled).out
    assert json.loads(run("show", "Asha Merton", "--json", "--data", filled).out)["positions"]


def test_unknown_stakeholder_gets_near_names(run: Run_, filled: str) -> None:
    result = run("show", "Asha Mertn", "--data", filled)
    assert result.code == 2 and _is_one_line(result.err) and "Asha Merton" in result.err


def test_match_prints_candidates_with_their_reasons_and_speaks_json(run: Run_, filled: str) -> None:
    result = run("match", "Dr A Merton", "--data", filled)
    assert result.code == 0 and "suggestion Asha Merton" in result.out and "surname and initial" in result.out
    document = json.loads(run("match", "BMA", "--json", "--limit", "1", "--data", filled).out)
    (candidate,) = document["candidates"]
    assert candidate["match"] and candidate["stakeholder"]["id"] == "bma"


def test_match_uses_the_day(run: Run_, filled: str) -> None:
    out = run("match", "NHS England", "--on", "2012-05-01", "--data", filled).out
    assert "not yet there on 1 May 2012" in out and "later name" in out


def test_match_knows_the_register_without_a_database(run: Run_, tmp_path: Path) -> None:
    assert "(organisation, gpc)" in run("match", "GPC", "--data", str(tmp_path / "none")).out
    assert not (tmp_path / "none").exists()


def test_match_without_candidate_is_nothing_to_do(run: Run_, filled: str) -> None:
    result = run("match", "qwrtz vbnm", "--data", filled)
    assert result.code == 4 and _is_one_line(result.err) and not result.out


@pytest.mark.parametrize("arguments", [[" "], ["x" * 201], ["BMA", "--on", "May 2014"]])
def test_match_refuses_what_is_no_name_or_day(run: Run_, filled: str, arguments: list[str]) -> None:
    result = run("match", *arguments, "--data", filled)
    assert result.code == 2 and _is_one_line(result.err)


@pytest.mark.parametrize("arguments", [["map"], ["search", "x"], ["show", "x"]])
def test_missing_database_is_not_set_up_and_stays_missing(run: Run_, tmp_path: Path, arguments: list[str]) -> None:
    result = run(*arguments, "--data", str(tmp_path / "none"))
    assert result.code == 5 and _is_one_line(result.err) and "standpoint ingest" in result.err
    assert not (tmp_path / "none").exists()


def test_setting_that_does_not_exist_is_one_line(run: Run_, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANDPOINT_DATTA", "x")
    result = run("map")
    assert result.code == 2 and _is_one_line(result.err) and "STANDPOINT_DATA" in result.err


def test_data_option_wins_over_the_environment(run: Run_, filled: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANDPOINT_DATA", "none")
    assert run("map").code == 5
    assert run("map", "--data", filled).code == 0
    monkeypatch.setenv("STANDPOINT_DATA", filled)
    assert run("map").code == 0


@pytest.mark.parametrize(
    ("error", "code"),
    [(StandpointError("x"), 1), (NotSetUpError("x", where="f", do="d"), 5), (KeyboardInterrupt(), 130)],
)
def test_errors_become_one_line_and_their_exit_code(
    run: Run_, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int
) -> None:
    def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr(cli, "_settings", fail)
    result = run("serve")
    assert result.code == code and "Traceback" not in result.err


def test_unexpected_error_says_where_and_shows_more_only_when_asked(run: Run_, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise ZeroDivisionError("two\nlines")

    monkeypatch.setattr(cli, "_settings", fail)
    result = run("serve")
    assert result.code == 1 and _is_one_line(result.err)
    assert "ZeroDivisionError in test_cli.py:" in result.err and "--debug" in result.err
    assert "Traceback" in run("serve", "--debug").err


def test_serving_beyond_this_machine_is_refused(run: Run_) -> None:
    result = run("serve", "--host", "0.0.0.0")
    assert result.code == 2 and _is_one_line(result.err) and "127.0.0.1" in result.err


def test_taken_port_is_refused_before_anything_starts(
    run: Run_, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = run("serve", "--port", str(port), "--data", str(tmp_path / "data"))
        assert result.code == 2 and _is_one_line(result.err)
        assert f"port {port} is taken" in result.err and "--port" in result.err
        assert not (tmp_path / "data").exists()
        with pytest.raises(SystemExit) as ended:
            cli.require_free_port(port)
        assert ended.value.code == 2 and _is_one_line(capsys.readouterr().err)
    cli.require_free_port(port)
    with pytest.raises(SystemExit):
        cli.require_free_port("x")
    bind("127.0.0.1", 0).close()


def test_listening_socket_names_its_protocol_so_that_answers_are_not_held_back() -> None:
    with bind("127.0.0.1", 0) as found:
        assert found.proto == socket.IPPROTO_TCP


def test_server_answers_and_ends_on_interrupt(tmp_path: Path) -> None:
    server = _start("serve", "--port", "0", "--data", str(tmp_path / "data"))
    try:
        assert server.stderr is not None
        line = server.stderr.readline()
        (address,) = re.findall(r"http://127\.0\.0\.1:\d+", line)
        with urlopen(f"{address}/readyz", timeout=10) as answer:
            assert answer.status == 200
        server.send_signal(signal.SIGINT)
        out, err = server.communicate(timeout=20)
    finally:
        server.kill()
    assert (server.returncode, out) == (130, "") and "Traceback" not in err


@pytest.mark.parametrize(("told", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_processes_answer_behind_one_port_and_end_with_their_parent(tmp_path: Path, told: int, code: int) -> None:
    server = _start("serve", "--port", "0", "--data", str(tmp_path / "data"), "--workers", "2")
    try:
        assert server.stderr is not None
        (address,) = re.findall(r"http://127\.0\.0\.1:\d+", server.stderr.readline())
        port = int(address.rpartition(":")[2])
        with urlopen(f"{address}/readyz", timeout=60) as answer:
            assert answer.status == 200
        for _ in range(20):
            urlopen(f"{address}/v1/topics", timeout=60).close()
        with urlopen(f"{address}/metrics", timeout=60) as answer:
            told_of = answer.read().decode()
        # Whichever process answers, it tells of the requests of both.
        assert 'standpoint_requests_total{method="GET",route="/v1/topics",status="200"} 20.0' in told_of
        assert "standpoint_articles 0.0" in told_of
        server.send_signal(told)
        assert server.wait(timeout=60) == code
        until = time.monotonic() + 30
        while _answers(port) and time.monotonic() < until:
            time.sleep(0.2)
        assert not _answers(port)
    finally:
        server.kill()
        server.communicate(timeout=20)


def _answers(port: int) -> bool:
    with socket.socket() as link:
        return link.connect_ex(("127.0.0.1", port)) == 0


def test_reader_that_goes_away_is_met_quietly(filled: str) -> None:
    shown = _start("map", "--json", "--data", filled)
    assert shown.stdout is not None and shown.stderr is not None
    shown.stdout.close()
    assert shown.wait(timeout=20) == 0 and shown.stderr.read() == ""
    shown.stderr.close()


def test_doctor_reports_versions_checks_settings_and_counts(run: Run_, filled: str) -> None:
    document = json.loads(run("doctor", "--json", "--data", filled).out)
    assert {"standpoint", "python", "sqlite", "schema", "register", "topics"} <= set(document["versions"])
    assert {"articles", "statements", "positions", "figures"} <= set(document["counts"])
    assert document["counts"]["articles"] == 2 and document["settings"]["STANDPOINT_PORT"] == "8000"
    assert all(check["ok"] for check in document["checks"]), document["checks"]
    assert run("doctor", "--data", filled).code == 0


def test_doctor_says_what_is_missing(run: Run_, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = run("doctor", "--data", str(tmp_path / "none"))
    assert result.code == 5 and "FAIL database" in result.out and "no database yet" in result.out
    assert not (tmp_path / "none").exists()
    monkeypatch.setenv("STANDPOINT_PORT", "x")
    document = json.loads(run("doctor", "--json").out)
    assert document["checks"][0]["name"] == "settings" and not document["checks"][0]["ok"]


_TEXT = (
    "Practices fear loss of control\n\nDr Nadia Selby, chair of Northbrook LMC, said: ‘We oppose a single budget with "
    "the hospitals.’\n\nThe board would spend £20m on the scheme in 2015/16.\n"
)


def test_article_goes_from_file_to_map(run: Run_, tmp_path: Path) -> None:
    file = tmp_path / "fear.txt"
    file.write_text(_TEXT, encoding="utf-8")
    first = run("ingest", str(file), "--data", "data", "--json")
    assert first.code == 0
    assert {name: first.document[name] for name in ("stored", "unchanged", "skipped")} == {
        "stored": 1,
        "unchanged": 0,
        "skipped": [],
    }
    assert json.loads(run("ingest", str(file), "--data", "data", "--json").out)["unchanged"] == 1
    assert "Opposes ▼ 1" in run("map", "--data", "data").out
    assert run("analyse", str(file)).out.startswith("Practices fear loss of control")
    prediction = json.loads(run("analyse", str(file), "--json").out)["articles"][0]
    assert [p["stance"] for p in prediction["positions"]] == ["oppose"] * len(prediction["positions"]) != []
    assert all(_TEXT[s["start"] : s["end"]] for row in prediction["statements"] for s in row["spans"])


@pytest.mark.parametrize(
    ("content", "code"), [(b"", 3), (b"\x7fELF\x00\x01\x02", 3), (b"<html><body></body></html>", 3), (None, 3)]
)
def test_bad_input_is_one_line_with_the_file_and_nothing_half_written(
    run: Run_, tmp_path: Path, content: bytes | None, code: int
) -> None:
    file = tmp_path / "bad.txt"
    if content is not None:
        file.write_bytes(content)
    result = run("analyse", str(file), "--out", "out")
    assert result.code == code and str(file) in result.err and "Traceback" not in result.err
    assert list((tmp_path / "out").iterdir()) == []


def test_topic_file_replaces_the_shipped_topics(run: Run_, tmp_path: Path) -> None:
    (tmp_path / "fear.txt").write_text(_TEXT, encoding="utf-8")
    topic = {
        "id": "joint-purse",
        "name": "Joint purse",
        "claim": "Budgets should be one.",
        "phrases": ["single budget"],
    }
    (tmp_path / "topics.json").write_text(json.dumps([topic]), encoding="utf-8")
    found = json.loads(run("analyse", "fear.txt", "--topics", "topics.json", "--json").out)["articles"][0]
    assert {position["topic"] for position in found["positions"]} == {"joint-purse"}
    missing = run("analyse", "fear.txt", "--topics", "none.json")
    assert missing.code == 2 and _is_one_line(missing.err)


def test_dry_run_stores_nothing_and_makes_no_database(run: Run_, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(_TEXT, encoding="utf-8")
    (tmp_path / "in" / "b.png").write_bytes(b"\x89PNG")
    result = run("ingest", "in", "--data", "data", "--dry-run")
    assert result.code == 3 and not (tmp_path / "data").exists()
    assert "1 article would be stored, 0 there already, 1 skipped, and nothing was stored" in result.err
    assert run("ingest", "in", "--data", "data", "--dry-run", "--json").document["stored"] == 1


def test_unknown_format_and_workers_of_a_cluster_are_refused(run: Run_, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(_TEXT, encoding="utf-8")
    unknown = run("ingest", "a.txt", "--only-format", "docs")
    assert unknown.code == 2 and "the formats are" in unknown.err
    both = run("ingest", "a.txt", "--workers", "2", "--scheduler", "tcp://127.0.0.1:1")
    assert both.code == 2 and "exclude each other" in both.err


def test_what_was_skipped_is_listed(run: Run_, tmp_path: Path) -> None:
    (tmp_path / "b.png").write_bytes(b"\x89PNG")
    assert run("ingest", "b.png", "--data", "data").code == 3
    (fault,) = run("skipped", "--data", "data", "--json").document["skipped"]
    assert fault["path"] == "b.png" and "is an image" in fault["reason"]
    assert run("skipped", "--data", "data").out.startswith("b.png: is an image")


def test_folder_without_files_is_nothing_to_do(run: Run_, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = run("ingest", "empty", "--data", "data")
    assert result.code == 4 and _is_one_line(result.err)


def test_evaluate_scores_predictions_that_were_made_before(run: Run_, tmp_path: Path) -> None:
    gold, predicted = tmp_path / "gold", tmp_path / "predicted"
    gold.mkdir()
    quote = "We oppose a single budget with the hospitals."
    person = {"id": "nadia-selby", "name": "Nadia Selby", "kind": "person", "aliases": [], "affiliations": []}
    annotation = {
        "document": {"title": "Practices fear loss of control", "genre": "news"},
        "stakeholders": [person],
        "statements": [
            {"holder": "nadia-selby", "on_behalf_of": None, "capacity": "official", "manner": "direct", "cue": "said",
             "starts": "We oppose", "ends": "the hospitals."}
        ],
        "positions": [
            {"holder": "nadia-selby", "on_behalf_of": None, "topic": "pooling", "stance": "oppose", "strength": "plain",
             "earlier": None, "rationales": [], "evidence": "oppose a single budget"}
        ],
        "figures": [],
    }  # fmt: skip
    (gold / "fear.txt").write_text(_TEXT, encoding="utf-8")
    (gold / "fear.json").write_text(json.dumps(annotation), encoding="utf-8")
    start = _TEXT.index(quote)
    row = {**annotation["statements"][0], "spans": [{"start": start, "end": start + len(quote)}], "repeats": []}  # type: ignore[index]
    predicted.mkdir()
    (predicted / "fear.json").write_text(json.dumps({**annotation, "statements": [row]}), encoding="utf-8")
    result = run("evaluate", "gold", "--predicted", "predicted", "--json", "--topics", "pooling")
    assert result.code == 0 and json.loads(result.out)["positions"]["f1"] == 1.0
    assert "statements" in run("evaluate", "gold", "--predicted", "predicted", "--errors").out
    assert run("evaluate", "gold", "--allow-lower").code == 2
    assert run("evaluate", "none").code == 2 and run("evaluate", str(predicted.parent / "out")).code == 2


def test_ingest_of_nothing_leaves_nothing_behind(run: Run_, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = run("ingest", "--data", "data", "empty")
    assert result.code == 4
    assert "no file" in result.err
    assert not (tmp_path / "data").exists()
