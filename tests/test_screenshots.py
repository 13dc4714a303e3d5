"""The pictures of the README are there, and small; where there is no browser, none are taken and it is said how to."""

from __future__ import annotations

import importlib.util
import re
import shutil
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_screenshots", ROOT / "make_screenshots.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_readme_shows_three_small_pictures(script: ModuleType) -> None:
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+\.png)\)", (ROOT.parent / "README.md").read_text(encoding="utf-8"))
    assert shown == [f"tests/screenshots/{name}.png" for name in script.SHOWN]
    for path in shown:
        picture = (ROOT.parent / path).read_bytes()
        assert picture.startswith(b"\x89PNG") and len(picture) < script.MOST_BYTES
    assert set(script.SHOWN) < set(script.STEPS)


def test_without_a_browser_a_line_says_how_to_get_one(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert script.main() == 0
    assert "apt-get install chromium" in capsys.readouterr().err


def test_there_is_a_picture_of_every_page_of_the_bar(script: ModuleType) -> None:
    base = (ROOT.parent / "api" / "pages" / "templates" / "base.html").read_text(encoding="utf-8")
    bar = set(re.findall(r'\("([a-z]+)", "/', base))
    own = {"add": "topic-new", "docs": "reference"}
    assert len(bar) > 8 and {own.get(name, name) for name in bar} <= set(script.STEPS)
