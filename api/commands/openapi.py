"""``standpoint openapi``: the document of the API, as it is checked in."""

from __future__ import annotations

from pathlib import Path

from api.app import create_app
from api.commands.output import say_json
from api.settings import Settings


def print_document(settings: Settings) -> int:
    """Print the OpenAPI document; no database is opened, and no setting changes it."""
    say_json(create_app(settings.model_copy(update={"data": Path("standpoint-data")})).openapi())
    return 0
