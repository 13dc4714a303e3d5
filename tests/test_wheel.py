"""The wheel: built from this tree, installed elsewhere, run from another folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ARTICLE = (
    "Board asks for control of practice budgets\n\n"
    "Dr Mary Fenn, secretary of Northfield LMC, said: ‘Pooling the core budget with hospital money is a red line.’\n\n"
    "NHS England set aside £2.5m for practices in 2014/15.\n"
)


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command that cannot see this checkout."""
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree, built without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index")
    run(*pip, "--wheel-dir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("standpoint-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a new environment that holds the wheel and borrows its dependencies from this one."""
    folder = tmp_path_factory.mktemp("an environment with a space")
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / "bin" / "python"
    purelib = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).stdout.strip()
    # A path in a .pth file is not searched for .pth files: the editable install of the checkout stays out of sight.
    borrowed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    Path(purelib, "borrowed.pth").write_text("".join(f"{path}\n" for path in sorted(borrowed)), encoding="utf-8")
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index")
    run(*pip, "--ignore-installed", wheel, cwd=folder)
    return python


def test_wheel_holds_code_and_data_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {name.partition("/")[0] for name in names} == {
        "nlp",
        "api",
        "corpora",
        "models",
        "standpoint-0.1.0.dist-info",
    }
    folders = ("corpora", "models", "api/pages", "api/store/migrations")
    ours = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    expected = {path.relative_to(ROOT).as_posix() for path in ours if "__pycache__" not in path.parts}
    assert expected - names == set()


def test_installed_packages_come_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    code = (
        "import nlp, api, corpora, models, json; print(json.dumps([m.__file__ for m in (nlp, api, corpora, models)]))"
    )
    places = [Path(place) for place in json.loads(run(installed, "-c", code, cwd=tmp_path).stdout)]
    assert [place for place in places if ROOT in place.parents] == []
    assert all(installed.parent.parent in place.parents for place in places)


def test_installed_program_analyses_a_file_from_another_folder(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(ARTICLE, encoding="utf-8")
    run(installed.parent / "standpoint", "analyse", "one.txt", "--out", "results", cwd=tmp_path)
    prediction = json.loads((tmp_path / "results" / "one.json").read_text(encoding="utf-8"))
    assert any(row["name"] == "NHS England" for row in prediction["stakeholders"])
    assert 2_500_000 in [row["value"] for row in prediction["figures"]]
    for row in prediction["statements"]:
        assert all(0 <= place["start"] < place["end"] <= len(ARTICLE) for place in row["spans"])
