"""The commands that have to do with other machines: ``standpoint webhooks`` and ``standpoint watch``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

import typer

from api.commands.webhooks_app import webhooks_app

if TYPE_CHECKING:
    from api.services import Services


def add_outside(app: typer.Typer, open_services: Callable[..., Services], finish: Callable[[int], NoReturn]) -> None:
    """Add the commands; ``open_services`` makes the services of the program, ``finish`` ends it."""
    app.add_typer(webhooks_app(open_services, finish), name="webhooks")
