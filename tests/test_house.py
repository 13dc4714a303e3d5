"""The house rules that no linter knows: what no file may say, how long a module may be, that all data loads."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest

import corpora

ROOT = Path(__file__).resolve().parent.parent
CODE = ("nlp", "api", "corpora", "models")
MODULE_LINES = 400
#: The types are one file: they are read together.
LONG_MODULES = {"nlp/records.py": 500}
#: The one place where an unexpected error becomes a line and an exit code.
LAST_RESORT = "api/cli.py"
TEXT_SUFFIXES = {".py", ".toml", ".txt", ".md", ".json", ".html", ".css", ".js", ".csv", ".cfg", ".ini", ".mako", ""}
#: One letter of each stands in brackets, so that this file passes its own tests.
MACHINE_PATHS = re.compile(r"/[w]ork/|/[r]oot/|/[t]mp/|/opt/[p]ypi|/opt/[w]heels|/[h]ome/\w+/|/[U]sers/\w+/")
REGISTRY_HOSTS = re.compile(r"[p]ypi\.(?:org|python)|[p]ythonhosted\.|[t]est\.pypi|conda\.[a]naconda|[n]pmjs\.")
PIN_SOURCES = re.compile(r"^--|https?:|[f]ile:| @ ", re.MULTILINE)
LOADERS = {"pickle", "cPickle", "dill", "joblib", "shelve", "marshal", "cloudpickle"}
CALLS = {"eval", "exec", "__import__"}


@cache
def tracked() -> tuple[Path, ...]:
    """The files of the tree that git does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout: there is no list of files to look through")
    return tuple(ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file())


@cache
def modules() -> tuple[Path, ...]:
    return tuple(sorted(path for top in CODE for path in (ROOT / top).rglob("*.py")))


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{named(path)}:{number}: {line.strip()[:100]}"
        for path in tracked()
        if path.suffix in TEXT_SUFFIXES
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_path_of_some_machine() -> None:
    assert lines_with(MACHINE_PATHS) == []


def test_no_file_names_a_package_registry() -> None:
    assert lines_with(REGISTRY_HOSTS) == []


def test_modules_are_short() -> None:
    lengths = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    limits = {name: LONG_MODULES.get(name, MODULE_LINES) for name in lengths}
    assert {name: length for name, length in lengths.items() if length >= limits[name]} == {}


def test_nothing_is_unpickled_or_evaluated() -> None:
    found = [
        f"{named(path)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if _loads_code(node)
    ]
    assert found == []


def _loads_code(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return any(alias.name.partition(".")[0] in LOADERS for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").partition(".")[0] in LOADERS
    if not isinstance(node, ast.Call):
        return False
    called = ast.unparse(node.func)
    return called in CALLS or called in {"torch.load", "yaml.load", "joblib.load"}


def test_no_handler_catches_everything() -> None:
    wide = [
        f"{named(path)}:{node.lineno}"
        for path in modules()
        if named(path) != LAST_RESORT
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler) and _is_wide(node)
    ]
    assert wide == []


def _is_wide(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or ast.unparse(handler.type) in {"Exception", "BaseException"}


def test_nothing_is_left_to_do() -> None:
    marks = re.compile(r"\b(?:[T]ODO|[F]IXME|[X]XX)\b")
    assert [line for line in lines_with(marks) if line.partition(":")[0].endswith((".py", ".toml", ".md"))] == []


def test_tests_are_no_package() -> None:
    assert [named(path) for path in (ROOT / "tests").rglob("__init__.py")] == []


def test_every_module_has_its_layer() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    placed = {name for layer in layers for name in re.findall(r"[a-z_.]+", layer)}
    found = {f"{top}.{path.stem}" for top in ("nlp", "api") for path in (ROOT / top).iterdir() if holds_code(path)}
    assert found - placed == set()


def holds_code(path: Path) -> bool:
    if path.is_dir():
        return any(path.rglob("*.py"))
    return path.suffix == ".py" and path.stem != "__init__"


@pytest.mark.parametrize("path", sorted((ROOT / "corpora" / "lexicons").glob("*.toml")), ids=lambda path: path.stem)
def test_every_lexicon_loads_and_holds_something(path: Path) -> None:
    assert corpora.lexicon(path.stem)


def test_constraints_name_no_place_to_fetch_from() -> None:
    assert PIN_SOURCES.findall((ROOT / "constraints.txt").read_text(encoding="utf-8")) == []


def test_constraints_pin_everything_that_the_project_names() -> None:
    pinned = {
        normal(line.partition("==")[0])
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line and not line.startswith(("#", " "))
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [name for extra in project["optional-dependencies"].values() for name in extra]
    needed = {normal(re.split(r"[<>=!~\[; ]", name)[0]) for name in (*project["dependencies"], *extras)}
    assert needed - pinned == set()


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.strip()).lower()
