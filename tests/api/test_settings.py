"""Settings come from STANDPOINT_*; a slip of the pen is one clear line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from api.commands.doctor import _shown
from api.settings import Settings, load_settings
from nlp.errors import UsageError


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("STANDPOINT_"):
            monkeypatch.delenv(name)


def test_defaults_serve_this_machine_only() -> None:
    settings = load_settings()
    assert (settings.data, settings.host, settings.port) == (Path("standpoint-data"), "127.0.0.1", 8000)
    assert settings.max_file_bytes == 20 * 1024 * 1024


def test_given_values_win_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANDPOINT_DATA", "/from/environment")
    monkeypatch.setenv("STANDPOINT_PORT", "9000")
    settings = load_settings(data=Path("/given"), port=None)
    assert (settings.data, settings.port) == (Path("/given"), 9000)


def test_sizes_may_have_units(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANDPOINT_MAX_FILE_BYTES", "5MB")
    assert load_settings().max_file_bytes == 5_000_000


def test_unknown_setting_is_one_line_with_the_near_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANDPOINT_DATTA", "x")
    with pytest.raises(UsageError) as refusal:
        load_settings()
    assert str(refusal.value) == "STANDPOINT_DATTA: is no setting of this version (did you mean STANDPOINT_DATA?)"


def test_shared_data_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANDPOINT_SHARED", "/elsewhere")
    assert load_settings().shared == Path("/elsewhere")


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "many"), ("PORT", "70000"), ("MIN_CONFIDENCE", "7"), ("MAX_FILE_BYTES", "0")]
)
def test_value_that_does_not_fit_is_one_line(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"STANDPOINT_{name}", value)
    with pytest.raises(UsageError, match=f"STANDPOINT_{name}: ") as refusal:
        load_settings()
    assert "\n" not in str(refusal.value)


def test_empty_value_is_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANDPOINT_PORT", "")
    assert load_settings().port == 8000


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Settings().port = 1


def test_every_setting_of_the_server_is_in_the_readme_and_tells_what_it_is() -> None:
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    of_the_server = {"host", "port", "require_keys", "allowed_hosts", "allowed_origins", "rate_limit", "secret"}
    of_the_server |= {"request_seconds", "max_upload_bytes", "log_format", "outside_ports", "webhook_loopback"}
    assert of_the_server <= set(Settings.model_fields)
    assert [name for name in of_the_server if f"`STANDPOINT_{name.upper()}`" not in readme] == []
    assert all(field.description for field in Settings.model_fields.values())


def test_the_secret_is_not_shown_by_the_doctor() -> None:
    assert _shown("secret", "SECRET") == "(set)" and _shown("secret", "") == "" and _shown("port", 80) == "80"
