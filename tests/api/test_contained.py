"""A file is read in a process that it may end but not leave: memory, time, disk, processes and network are limited."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.contained import ContainedReader, Limits, OtherFormat, ReaderEndedError
from nlp.errors import NotSetUpError, UnreadableError
from nlp.readers.reading import Reading

#: Readers that are up to no good, as modules of the child: what a hostile file could make of a parser.
HOSTILE = """
import os, signal, socket, subprocess, sys, time
from pathlib import Path
from types import SimpleNamespace
import api.contained_child as child
import api.frames as frames
from nlp.readers.reading import Reading, SkippedItem

def told(what):
    return Reading(format="text", skipped=(SkippedItem("it", str(what)),))

def attempt(act):
    try:
        return told(act())
    except (OSError, RuntimeError) as error:
        return told(type(error).__name__)

def read(data, *, source, max_bytes):
    match data.decode().split():
        case ["sleep"]: time.sleep(60)
        case ["spin"]:
            while True: pass
        case ["grow"]: return told(len(bytearray(8 << 30)))
        case ["die", number]: os.abort() if number == "abort" else sys.exit(3)
        case ["raise"]: raise child_error("out of the blue")
        case ["fault"]: raise KeyError("no such part")
        case ["recurse"]: return read_deep(0)
        case ["write", path]: return attempt(lambda: Path(path).write_bytes(b"x"))
        case ["keep"]: return attempt(lambda: (Path(os.environ["TMPDIR"]) / "own").write_bytes(b"x"))
        case ["fill"]: return attempt(lambda: (Path(os.environ["TMPDIR"]) / "big").write_bytes(bytes(1 << 20)))
        case ["remove", path]: return attempt(lambda: Path(path).unlink())
        case ["run"]: return attempt(lambda: subprocess.run(["true"]))
        case ["fork"]: return attempt(os.fork)
        case ["connect", port]: return attempt(lambda: socket.create_connection(("127.0.0.1", int(port)), 1))
        case ["environment"]: return told(" ".join(sorted(os.environ)))
        case ["print"]: print("noise"); sys.stdout.flush(); return told("quiet")
        case ["nonsense"]: frames.json = SimpleNamespace(dumps=lambda *_, **__: '{"reading": {"articles": 7}}')
        case ["garbage"]: frames.json = SimpleNamespace(dumps=lambda *_, **__: "~{[")
        case ["nested"]: frames.json = SimpleNamespace(dumps=lambda *_, **__: "[" * 200_000)
        case ["endless"]: os.write(4, b"~" * 16)
    return told("read " + source)

class child_error(Exception): pass

def read_deep(depth): return read_deep(depth + 1)

child.reading_of_bytes = read
child.main()
"""


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., ContainedReader]]:
    """Makes readers whose formats are hostile."""
    script, opened, real = tmp_path / "hostile.py", list[ContainedReader](), subprocess.Popen
    script.write_text(HOSTILE)

    def start(command: list[str], **more: object) -> object:
        assert command[1:4] == ["-P", "-m", "api.contained_child"]
        return real([sys.executable, "-P", str(script), *command[4:]], **more)  # type: ignore[call-overload]

    monkeypatch.setattr("api.contained.subprocess.Popen", start)

    def make(**limits: float) -> ContainedReader:
        opened.append(ContainedReader(Limits(**{"seconds": 3, **limits})))  # type: ignore[arg-type]
        return opened[-1]

    yield make
    for reader in opened:
        reader.close()


def told(reader: ContainedReader, what: str) -> str:
    found = reader.read(what.encode(), source="f.txt")
    assert isinstance(found, Reading)
    return found.skipped[0].reason


@pytest.fixture(scope="module")
def reader() -> Iterator[ContainedReader]:
    with ContainedReader() as opened:
        yield opened


def test_articles_come_as_without_a_container(reader: ContainedReader) -> None:
    from nlp.readers import reading_of_bytes

    for data in (
        b"Head\n\nText \xe2\x80\x98here\xe2\x80\x99.",
        b"<html><title>T</title><p>" + b"Prose of a board. " * 30,
    ):
        assert reader.read(data, source="a.txt") == reading_of_bytes(data, source="a.txt")


def test_one_process_reads_many_files(reader: ContainedReader) -> None:
    before = reader.pid
    for number in range(20):
        reader.read(b"Words %d" % number, source="a.txt")
    with pytest.raises(UnreadableError, match="is an image"):
        reader.read(b"\x89PNG", source="a.png")
    assert reader.pid == before


def test_what_cannot_be_read_says_why_and_what_to_do(reader: ContainedReader) -> None:
    with pytest.raises(UnreadableError) as refusal:
        reader.read(b"", source="a.txt")
    assert (refusal.value.what, refusal.value.do) == ("holds no text", "give a file with an article in it")


def test_other_formats_are_named_and_not_read(reader: ContainedReader) -> None:
    assert reader.read(b"Words", source="a.txt", only="html") == OtherFormat("text")
    assert isinstance(reader.read(b"Words", source="a.txt", only="text"), Reading)


def test_reader_that_was_killed_is_replaced_and_the_file_not_blamed() -> None:
    with ContainedReader() as reader:
        before = reader.pid
        os.kill(before, signal.SIGKILL)
        with pytest.raises(ReaderEndedError, match="killed from outside") as ended:
            reader.read(b"Words", source="a.txt")
        assert not ended.value.blamed
        assert isinstance(reader.read(b"Words", source="a.txt"), Reading)
        assert reader.pid != before


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("spin", "takes longer to read than 1 seconds"),
        ("sleep", "takes longer to read than 1 seconds"),
        ("die abort", "ends its reader (signal 6)"),
        ("die exit", "ends its reader (status 3)"),
        ("nonsense", "makes its reader answer nonsense: a part is missing or superfluous: 'format'"),
        ("garbage", "ends its reader (status 0)"),
        ("nested", "ends its reader (status 0)"),
        ("endless", "ends its reader (status"),
    ],
)
def test_file_that_ends_its_reader_is_blamed_and_the_next_one_read(
    hostile: Callable[..., ContainedReader], what: str, reason: str
) -> None:
    reader = hostile(seconds=1)
    with pytest.raises(ReaderEndedError) as ended:
        told(reader, what)
    assert ended.value.what.startswith(reason) and ended.value.blamed
    assert told(reader, "next") == "read f.txt"


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("grow", "takes more than 1,536 MB to read"),
        ("raise", "cannot be read, its reader failed: child_error: out of the blue"),
        ("fault", "cannot be read, its reader failed: KeyError: 'no such part'"),
        ("recurse", "cannot be read, its reader failed: RecursionError: maximum recursion depth exceeded"),
    ],
)
def test_reader_that_fails_says_why(hostile: Callable[..., ContainedReader], what: str, reason: str) -> None:
    reader = hostile()
    with pytest.raises(UnreadableError) as refusal:
        told(reader, what)
    assert refusal.value.what.startswith(reason)
    assert told(reader, "next") == "read f.txt"


def test_nothing_is_written_or_removed_but_in_a_folder_of_its_own(
    hostile: Callable[..., ContainedReader], tmp_path: Path
) -> None:
    reader, mine = hostile(file=1000), tmp_path / "mine.txt"
    mine.write_text("mine")
    assert told(reader, f"write {tmp_path / 'theirs.txt'}") == "PermissionError"
    assert told(reader, f"write {mine}") == "PermissionError"
    assert told(reader, "write relative.txt") != "PermissionError", "the folder of the process is its own"
    assert told(reader, f"remove {mine}") == "PermissionError"
    assert told(reader, "keep") == "1"
    assert told(reader, "fill") == "OSError", "no file is larger than the limit"
    assert mine.read_text() == "mine" and not (tmp_path / "theirs.txt").exists()


def test_no_process_is_started(hostile: Callable[..., ContainedReader]) -> None:
    reader = hostile()
    assert told(reader, "run") in ("PermissionError", "BlockingIOError")
    assert told(reader, "fork") in ("PermissionError", "BlockingIOError")


def test_no_network_is_reached(hostile: Callable[..., ContainedReader]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        reader = hostile()
        assert told(reader, f"connect {listening.getsockname()[1]}") == "PermissionError"
        assert reader.network in ("namespace", "refused")


def test_secrets_of_the_environment_stay_outside(
    hostile: Callable[..., ContainedReader], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANDPOINT_SECRET", "x")
    monkeypatch.setenv("STANDPOINT_DATABASE_URL", "postgresql://me:secret@localhost/press")
    assert "STANDPOINT" not in told(hostile(), "environment")


def test_what_a_parser_prints_is_not_taken_for_an_answer(hostile: Callable[..., ContainedReader]) -> None:
    assert told(hostile(), "print") == "quiet"


def test_readers_are_replaced_after_so_many_files_and_leave_nothing_behind(
    hostile: Callable[..., ContainedReader],
) -> None:
    reader = hostile(files=2)
    first = reader.pid
    folder = Path(os.readlink(f"/proc/{first}/cwd"))
    told(reader, "one")
    assert reader.pid == first and folder.exists()
    told(reader, "two")
    assert reader.pid != first and not folder.exists()


def test_reader_that_cannot_start_is_not_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    real = subprocess.Popen
    monkeypatch.setattr(
        "api.contained.subprocess.Popen",
        lambda command, **more: real([sys.executable, "-c", "raise SystemExit(1)"], **more),
    )
    with pytest.raises(NotSetUpError, match="does not start"), ContainedReader() as reader:
        reader.read(b"Words", source="a.txt")


def test_reader_ends_when_whoever_asks_is_gone() -> None:
    script = (
        "import os; from api.contained import ContainedReader\n"
        "reader = ContainedReader(); print(reader.pid, flush=True); os._exit(0)"
    )
    started = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    gone = threading.Event()
    for _ in range(100):
        try:
            os.kill(int(started.stdout), 0)
        except ProcessLookupError:
            gone.set()
            break
        if Path(f"/proc/{int(started.stdout)}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            gone.set()
            break
        gone.wait(0.1)
    assert gone.is_set(), json.dumps(started.stdout)
