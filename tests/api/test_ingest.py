"""Every file is stored, unchanged or named with its reason; what is wrong with one stops no other."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.ingest import IngestReport, Progress, Skipped, find_files, ingest
from api.store import Store
from nlp.errors import NothingToDoError, NotSetUpError, StandpointError, UnreadableError
from nlp.records import Analysis, Article, Run

RUN = Run("0.1.0", "d1")


def read(path: Path) -> tuple[Article, ...]:
    """Texts of .txt files, one article for each part between lines of dashes."""
    if path.suffix != ".txt":
        raise UnreadableError("this format is not read", where=str(path))
    parts = [part for part in path.read_text().split("\n---\n") if part]
    return tuple(Article(Article.identify(path.name, part), path.name, part, "text 1") for part in parts)


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


def take(paths: list[Path], store: Store, **more: Any) -> IngestReport:
    return ingest(paths, store, **{"analyse": analyse, "read": read, **more})


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
    assert report.skipped == (Skipped(folder / "pipe.txt", "this is no regular file"),)


def test_articles_are_stored_once_and_unchanged_the_second_time(folder: Path, store: Store) -> None:
    first, second = take([folder], store), take([folder], store)
    assert (first.stored, first.unchanged, first.skipped, first.exit_code) == (3, 0, (), 0)
    assert (second.stored, second.unchanged, second.skipped) == (0, 3, ())
    assert store.reader.counts().articles == 3


def test_known_run_is_not_analysed_again(folder: Path, store: Store) -> None:
    def refuse(article: Article) -> Analysis:
        raise AssertionError("analysed again")

    take([folder], store)
    assert take([folder], store, analyse=refuse, run_digest="d1").unchanged == 3


def test_new_run_or_new_metadata_is_analysed_again(folder: Path, store: Store) -> None:
    def read_by_another(path: Path) -> tuple[Article, ...]:
        return tuple(replace(article, publisher="The Ledger") for article in read(path))

    def analyse_anew(article: Article) -> Analysis:
        return replace(analyse(article), run=Run("0.1.0", "d2"))

    take([folder], store)
    assert take([folder], store, read=read_by_another, run_digest="d1").stored == 3
    assert take([folder], store, read=read_by_another, analyse=analyse_anew, run_digest="d2").stored == 3
    assert store.reader.counts().articles == 3


def test_failing_files_are_named_with_their_reasons_and_the_rest_is_stored(folder: Path, store: Store) -> None:
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / "many.txt").write_text("one\n---\nunlucky\n---\nthree")
    (folder / "empty.txt").touch()
    report = take([folder, folder / "nowhere.txt"], store)
    assert report.stored == 5
    assert report.exit_code == 3
    assert {(skipped.file.name, skipped.reason.rpartition(": ")[2]) for skipped in report.skipped} == {
        ("picture.png", "this format is not read"),
        ("many.txt", "no analysis today"),
        ("empty.txt", "there is no article in the file"),
        ("nowhere.txt", "there is no such file or folder"),
    }


def test_file_without_permission_is_named(folder: Path, store: Store) -> None:
    def read_denied(path: Path) -> tuple[Article, ...]:
        if path.name == "b.txt":
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    report = take([folder], store, read=read_denied)
    assert report.stored == 2
    assert [skipped.file.name for skipped in report.skipped] == ["b.txt"]


def test_folder_without_permission_is_named(folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    # The tests may run as root, whom no permission stops.
    real = os.scandir

    def scandir(path: Any) -> Any:
        if Path(path).name == "sub":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    report = take([folder], store)
    assert report.stored == 2
    assert report.skipped == (Skipped(folder / "sub", "the folder cannot be read: Permission denied"),)
    assert take([folder / "sub"], store).exit_code == 3


def test_folder_without_readable_files_is_nothing_to_do(tmp_path: Path, store: Store) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(NothingToDoError, match="no file that can be read"):
        take([empty], store)
    (empty / "x.png").write_bytes(b"\x89PNG")
    with pytest.raises(NothingToDoError, match=r"only 1 that cannot; the first: .*this format is not read") as refusal:
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
        take([folder], store, analyse=without_model)
    assert tried == ["a.txt"]


def test_stopped_batch_keeps_what_was_stored_and_goes_on_from_there(folder: Path, store: Store) -> None:
    analysed: list[str] = []

    def stop_at_second(article: Article) -> Analysis:
        if analysed:
            raise KeyboardInterrupt
        analysed.append(article.source)
        return analyse(article)

    with pytest.raises(KeyboardInterrupt):
        take([folder], store, analyse=stop_at_second)
    assert store.reader.counts().articles == 1
    report = take([folder], store, run_digest="d1")
    assert (report.stored, report.unchanged) == (2, 1)


def test_progress_is_told_after_every_file(folder: Path, store: Store) -> None:
    (folder / "z.png").touch()
    told: list[Progress] = []
    take([folder], store, progress=told.append)
    assert [(each.done, each.total, each.file.name) for each in told] == [
        (1, 4, "a.txt"),
        (2, 4, "b.txt"),
        (3, 4, "z.png"),
        (4, 4, "c.txt"),
    ]
    assert [bool(each.skipped) for each in told] == [False, False, True, False]


def test_errors_of_finding_go_where_they_are_wanted(folder: Path) -> None:
    told: list[tuple[Path, str]] = []
    found = list(
        find_files([folder / "nowhere", folder / "a.txt"], on_error=lambda path, why: told.append((path, why)))
    )
    assert found == [folder / "a.txt"]
    assert told == [(folder / "nowhere", "there is no such file or folder")]
