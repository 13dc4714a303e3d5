"""Every file is stored, unchanged or named with its reason; what is wrong with one stops no other."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.analysing import Loaded
from api.batch import Progress
from api.batch_report import Report, Skipped
from api.contained import ContainedReader
from api.ingest import Wanted, find_files, ingest
from api.looking import look_through
from api.pools import OwnPool
from api.store import Store
from nlp.errors import NothingToDoError, NotSetUpError, StandpointError, UnreadableError
from nlp.readers.reading import Reading, SkippedItem
from nlp.records import Analysis, Article, Run

RUN = Run("0.1.0", "d1")


def analyse(article: Article) -> Analysis:
    if "unlucky" in article.text:
        raise StandpointError("no analysis today", where=article.source)
    return Analysis(article=replace(article, title=article.title or "Found by the pipeline"), run=RUN)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.txt", "a.txt", "sub/c.txt", ".hidden.txt", ".git/d.txt"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"text of {name}")
    return tmp_path / "in"


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of several items, apart by lines of dashes: "broken" is one that cannot be read, "says N" declares."""
    real = ContainedReader.read

    def read(self: ContainedReader, data: bytes, *, source: str, only: str | None = None) -> Any:
        if b"---" not in data:
            return real(self, data, source=source, only=only)
        parts = data.decode().split("\n---\n")
        declared = [int(part.split()[1]) for part in parts if part.startswith("says ")]
        parts = [part for part in parts if not part.startswith("says ")]
        texts = [part for part in parts if "broken" not in part]
        names = [f"{source}#{number}" for number, _ in enumerate(texts, 1)]
        return Reading(
            format="dashes",
            articles=tuple(
                Article(Article.identify(name, text), name, text, "dashes 1")
                for name, text in zip(names, texts, strict=True)
            ),
            skipped=tuple(SkippedItem("item 2", "is broken") for part in parts if "broken" in part),
            declared=declared[0] if declared else None,
        )

    monkeypatch.setattr(ContainedReader, "read", read)


def take(paths: list[Path], store: Store, *, act: Any = analyse, run: str = "d1", **more: Any) -> Report:
    wanted = {name: more.pop(name) for name in ("only", "retry", "forced", "max_bytes", "every_file") if name in more}
    return ingest(paths, store, OwnPool(Loaded(act, run)), wanted=Wanted(**wanted), **more)


def take_only_new(paths: list[Path], store: Store, **more: Any) -> Report:
    def refuse(article: Article) -> Analysis:
        raise AssertionError("analysed again")

    return take(paths, store, act=refuse, **more)


def test_files_are_found_below_folders_sorted_and_once(folder: Path) -> None:
    found = [path.relative_to(folder).as_posix() for path in find_files([folder, folder / "a.txt"])]
    assert found == ["a.txt", "b.txt", "sub/c.txt"]


def test_hidden_file_is_taken_when_it_is_named(folder: Path) -> None:
    assert list(find_files([folder / ".hidden.txt"])) == [folder / ".hidden.txt"]


def test_missing_path_is_refused_by_name(folder: Path) -> None:
    with pytest.raises(UnreadableError, match="nowhere: there is no such file"):
        list(find_files([folder / "nowhere"]))


def test_pipe_in_a_folder_is_named_and_not_waited_for(folder: Path, store: Store) -> None:
    os.mkfifo(folder / "pipe.txt")
    report = take([folder], store)
    assert report.stored == 3
    assert report.skipped == [Skipped(str(folder / "pipe.txt"), "this is no regular file")]


def test_articles_are_stored_once_and_unchanged_the_second_time(folder: Path, store: Store) -> None:
    first, second = take([folder], store), take_only_new([folder], store)
    assert (first.stored, first.unchanged, first.skipped, first.exit_code) == (3, 0, [], 0)
    assert (second.stored, second.unchanged, second.skipped) == (0, 3, [])
    assert store.reader.counts().articles == 3


def test_a_file_that_is_known_is_not_read_again(folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    take([folder], store)
    monkeypatch.setattr(ContainedReader, "read", None)
    report = take_only_new([folder], store)
    assert (report.unchanged, report.of("text").articles, report.exit_code) == (3, 3, 0)


def test_article_that_was_taken_away_comes_back_only_when_it_is_let_in(folder: Path, store: Store) -> None:
    take([folder], store)
    gone = Article.identify("a.txt", "text of a.txt")
    store.holdings.withdraw(gone, reason="it was wrong")
    report = take([folder], store)
    assert (report.stored, report.unchanged, report.exit_code) == (0, 2, 3)
    assert "it was wrong" in report.skipped[0].reason and store.reader.stored(gone) is None
    report = take([folder], store, forced=True, retry=True)
    assert (report.stored, report.unchanged) == (1, 2)
    assert store.reader.stored(gone) is not None


def test_same_file_in_two_folders_is_one_article(folder: Path, store: Store) -> None:
    (folder / "sub" / "a.txt").write_text("text of a.txt")
    report = take([folder], store)
    assert (report.stored, report.unchanged) == (3, 1)


def test_new_run_is_analysed_again(folder: Path, store: Store) -> None:
    def analyse_anew(article: Article) -> Analysis:
        return replace(analyse(article), run=Run("0.1.0", "d2"))

    take([folder], store)
    assert take([folder], store, act=analyse_anew, run="d2").stored == 3
    assert store.reader.counts().articles == 3


@pytest.mark.usefixtures("many")
def test_failing_files_are_named_with_their_reasons_and_the_rest_is_stored(folder: Path, store: Store) -> None:
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / "many.txt").write_text("one\n---\nunlucky\n---\nbroken\n---\nthree")
    (folder / "empty.txt").touch()
    for _ in range(2):
        report = take([folder, folder / "nowhere.txt"], store)
        assert report.stored + report.unchanged == 5
        assert report.exit_code == 3
        found = {(Path(skipped.file).name, skipped.reason.partition(" (")[0]) for skipped in report.skipped}
        assert found == {
            ("picture.png", "is an image, which is not read"),
            ("many.txt", "many.txt#2: no analysis today")
            if report.stored
            else ("many.txt", "many.txt#2: many.txt#2: no analysis today"),
            ("many.txt", "item 2: is broken"),
            ("empty.txt", "holds no text"),
            ("nowhere.txt", "there is no such file or folder"),
        }
        assert report.skipped_count == 5
    listed = {(Path(fault.path).name, fault.place) for fault in store.intake.every_fault()}
    assert listed == {("picture.png", ""), ("many.txt", "many.txt#2"), ("many.txt", "item 2"), ("empty.txt", "")}


@pytest.mark.usefixtures("many")
def test_counts_that_disagree_are_told_and_fail(folder: Path, store: Store) -> None:
    (folder / "agrees.txt").write_text("says 3\n---\none\n---\nbroken\n---\nthree")
    (folder / "lacks.txt").write_text("says 4\n---\nfour\n---\nfive")
    for _ in range(2):
        report = take([folder], store)
        assert [(Path(count.file).name, count.declared, count.parsed) for count in report.counts] == [
            ("agrees.txt", 3, 3),
            ("lacks.txt", 4, 2),
        ]
        assert report.disagreeing == 1 and report.exit_code == 3
        assert ("dashes", "says that it holds 4, and 2 were found") in report.reasons


@pytest.mark.usefixtures("many")
def test_what_failed_is_tried_again_when_that_is_asked_for(folder: Path, store: Store) -> None:
    (folder / "many.txt").write_text("one\n---\nunlucky\n---\nthree")
    (folder / "empty.txt").touch()
    take([folder], store)

    def lucky(article: Article) -> Analysis:
        return Analysis(article=article, run=RUN)

    assert take([folder], store, act=lucky).stored == 0
    again = take([folder], store, act=lucky, retry=True)
    assert (again.stored, again.unchanged, again.skipped_count) == (1, 5, 1)
    assert take_only_new([folder], store).skipped_count == 1


@pytest.mark.usefixtures("many")
def test_one_format_alone_is_taken(folder: Path, store: Store) -> None:
    (folder / "page.html").write_text(
        "<html><body><article><h1>Head</h1><p>" + "Some prose of the board. " * 20 + "</p></article></body></html>"
    )
    report = take([folder], store, only="html")
    assert (report.stored, report.left_out, report.exit_code) == (1, 3, 0)
    take([folder], store)
    assert (take_only_new([folder], store, only="html").unchanged, report.left_out) == (1, 3)


def test_file_without_permission_is_named(folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    # The tests may run as root, whom no permission stops.
    real = os.open

    def refuse(path: Any, *more: Any, **named: Any) -> int:
        if str(path).endswith("b.txt"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *more, **named)

    monkeypatch.setattr("api.sources.os.open", refuse)
    report = take([folder], store)
    assert report.stored == 2
    assert [(Path(each.file).name, each.reason) for each in report.skipped] == [
        ("b.txt", "cannot be read: Permission denied (check the file and its permissions)")
    ]


def test_file_that_is_too_large_is_named_and_not_read(folder: Path, store: Store) -> None:
    (folder / "b.txt").write_text("long " * 100)
    report = take([folder], store, max_bytes=400)
    assert report.stored == 2 and "is larger than" in report.skipped[0].reason


def test_folder_without_permission_is_named(folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    # The tests may run as root, whom no permission stops.
    real = os.scandir

    def scandir(path: Any) -> Any:
        if not isinstance(path, int) and Path(path).name == "sub":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    report = take([folder], store)
    assert report.stored == 2
    assert report.skipped == [Skipped(str(folder / "sub"), "the folder cannot be read: Permission denied")]
    assert take([folder / "sub"], store).exit_code == 3


def test_folder_without_readable_files_is_nothing_to_do(tmp_path: Path, store: Store) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(NothingToDoError, match="no file that can be read"):
        take([empty], store)
    (empty / "x.png").write_bytes(b"\x89PNG")
    with pytest.raises(NothingToDoError, match=r"only 1 that cannot; the first: .*is an image") as refusal:
        take([empty], store)
    assert "\n" not in str(refusal.value) and str(empty) in str(refusal.value)


def test_named_file_that_cannot_be_read_is_a_failed_document(tmp_path: Path, store: Store) -> None:
    (tmp_path / "x.png").write_bytes(b"\x89PNG")
    assert take([tmp_path / "x.png"], store).exit_code == 3


def test_what_is_not_set_up_stops_the_batch_at_once(folder: Path, store: Store) -> None:
    tried: list[str] = []

    def without_model(article: Article) -> Analysis:
        tried.append(article.source)
        raise NotSetUpError("the model is missing")

    with pytest.raises(NotSetUpError, match="the model is missing"):
        take([folder], store, act=without_model)
    assert tried == ["a.txt"]


def test_stopped_batch_keeps_what_was_stored_and_goes_on_from_there(folder: Path, store: Store) -> None:
    analysed: list[str] = []

    def stop_at_second(article: Article) -> Analysis:
        if analysed:
            raise KeyboardInterrupt
        analysed.append(article.source)
        return analyse(article)

    with pytest.raises(KeyboardInterrupt):
        take([folder], store, act=stop_at_second)
    assert store.reader.counts().articles == 1
    report = take([folder], store)
    assert (report.stored, report.unchanged) == (2, 1)


def test_progress_is_told_after_every_file(folder: Path, store: Store) -> None:
    (folder / "z.png").touch()
    told = list[Progress]()
    take([folder], store, progress=told.append)
    assert [(each.done, each.total) for each in told] == [(number, 4) for number in (1, 2, 3, 4)]
    assert {Path(each.file).name: bool(each.skipped) for each in told} == {
        "a.txt": False,
        "b.txt": False,
        "z.png": True,
        "c.txt": False,
    }
    assert told[-1].articles == 3


def test_errors_of_finding_go_where_they_are_wanted(folder: Path) -> None:
    told: list[tuple[Path, str]] = []
    found = list(
        find_files([folder / "nowhere", folder / "a.txt"], on_error=lambda path, why: told.append((path, why)))
    )
    assert found == [folder / "a.txt"]
    assert told == [(folder / "nowhere", "there is no such file or folder")]


def test_dry_run_reads_everything_and_stores_nothing(folder: Path, store: Store) -> None:
    (folder / "z.png").write_bytes(b"\x89PNG")
    take([folder / "a.txt"], store)
    report = look_through([folder], store)
    assert (report.stored, report.unchanged, report.skipped_count, report.of("text").files) == (2, 1, 1, 3)
    assert store.reader.counts().articles == 1
    assert look_through([folder], None).stored == 3


def test_reasons_are_counted_without_what_is_of_one_file_alone() -> None:
    report = Report()
    for number in range(3):
        report.skip(f"{number}.txt", f"is not text (byte {number} is wrong)", format="text")
    assert report.reasons == {("text", "is not text"): 3}


def test_report_stays_small_whatever_fails() -> None:
    report = Report()
    for number in range(5_000):
        report.skip(f"{number}.txt", f"reason {number}")
    assert report.skipped_count == 5_000
    assert len(report.skipped) == 1_000 and len(report.reasons) <= 201
    assert sum(report.reasons.values()) == 5_000
