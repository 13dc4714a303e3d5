"""The page that says what this is, how it decides, how good it is, and on which versions it stands."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.dependencies import ServicesDep
from api.pages.templating import render
from nlp.accuracy import Accuracy, read_accuracy
from nlp.artifacts import Manifest, read_manifests

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/about")
def about_page(services: ServicesDep) -> HTMLResponse:
    """What this is, how positions are computed and measured, and what is known not to work."""
    settings = services.settings
    return render(
        "about.html",
        here="about",
        topics=services.topics().values(),
        accuracy=_accuracy(),
        models=_models(),
        own=[name for name in (settings.language, settings.encoder) if name],
    )


@cache
def _accuracy() -> Accuracy:
    return read_accuracy()


@cache
def _models() -> tuple[Manifest, ...]:
    """What ships, as its manifests say: the page must not wait for the models to be loaded."""
    return read_manifests(Path(str(files("models"))))
