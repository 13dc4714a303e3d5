"""The page that says what this is, how it decides, how good it is, and on which versions it stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.dependencies import ServicesDep
from api.pages.templating import render
from api.services import Services
from api.words import TIERS
from nlp.accuracy import Accuracy, read_accuracy
from nlp.artifacts import Manifest, read_manifests
from nlp.errors import NotSetUpError
from nlp.judged_accuracy import BIAS, Share, measure

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
        shares=_shares(services),
        bias=BIAS,
        own=[name for name in (settings.language, settings.encoder) if name],
    )


@dataclass(frozen=True, slots=True)
class ShareRow:
    """Shares right in words, of all that was judged and of what was drawn by lot."""

    what: str
    judged: str
    drawn: str


def _shares(services: Services) -> list[ShareRow]:
    """By kind, and by tier of the program's confidence, what was judged here; nothing without a judgement."""
    try:
        found = measure(services.store.judging.all())
    except NotSetUpError:
        return []
    rows = {(share.kind, share.tier, share.drawn): share for share in found}
    return [
        ShareRow(_what(share), share.words, rows[share.kind, share.tier, True].words)
        for share in found
        if share.judged and not share.drawn
    ]


def _what(share: Share) -> str:
    return f"{share.kind}, {TIERS[share.tier]}" if share.tier else f"{share.kind} right"


@cache
def _accuracy() -> Accuracy:
    return read_accuracy()


@cache
def _models() -> tuple[Manifest, ...]:
    """What ships, as its manifests say: the page must not wait for the models to be loaded."""
    return read_manifests(Path(str(files("models"))))
