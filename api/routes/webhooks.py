"""Webhooks: addresses that are told of updates as they come."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.delivering import add_webhook, can_sign
from api.dependencies import ServicesDep
from api.outside import RefusedAddress
from api.problems import Problem, ProblemError, bad_field, not_found
from api.routes.bodies import CleanText
from api.routes.params import CursorDep, Identifier, ListParams, NoParams
from api.schemas import Items
from api.services import Services
from api.store.webhooks import Webhook
from nlp.errors import NotFoundError, UsageError

router = APIRouter(prefix="/webhooks", tags=["webhooks"])


class WebhookIn(BaseModel):
    """An address to be told of updates."""

    model_config = ConfigDict(extra="forbid")

    url: Annotated[
        CleanText, Field(min_length=9, max_length=2000, json_schema_extra={"pattern": "^https?://[^\\s\\x00]+$"})
    ] = Field(
        description="https, with a public address; plain http to this machine where the server allows it",
        examples=["https://receiver.example.org/standpoint"],
    )


class WebhookOut(BaseModel):
    """A webhook, and how its deliveries stand."""

    id: str = Field(examples=["9c1f03ab27de"])
    url: str = Field(examples=["https://receiver.example.org/standpoint"])
    created: datetime
    delivered: int = Field(description="deliveries that were taken", examples=[12])
    delivered_at: datetime | None
    waiting: int = Field(description="deliveries that are tried again", examples=[0])
    dead: int = Field(description="deliveries that were given up: `standpoint webhooks dead`", examples=[0])
    error: str | None = Field(description="why the last attempt failed", examples=[None])
    usable: bool = Field(description="whether this server has the secret that the webhook was made with")

    @classmethod
    def from_record(cls, hook: Webhook, services: Services, **more: Any) -> Self:
        return cls(
            id=hook.id,
            url=hook.url,
            created=hook.created_at,
            delivered=hook.delivered,
            delivered_at=hook.delivered_at,
            waiting=hook.waiting,
            dead=hook.dead,
            error=hook.error,
            usable=can_sign(services, hook),
            **more,
        )


class WebhookMade(WebhookOut):
    """A new webhook with the one sight of its secret."""

    secret: str = Field(description="what deliveries are signed with; shown once", examples=["whsec_c2FtcGxl"])


@router.get("")
def list_webhooks(
    params: Annotated[ListParams, Query()], services: ServicesDep, cursor: CursorDep
) -> Items[WebhookOut]:
    """Every webhook, oldest first; no secret is shown again."""

    def key(hook: Webhook) -> list[Any]:
        return [hook.created_at.isoformat(), hook.id]

    page = cursor.page(services.store.webhooks.all(), params.limit, key=key)
    return Items(items=[WebhookOut.from_record(hook, services) for hook in page.items], next=page.next)


@router.post("", status_code=201)
def post_webhook(body: WebhookIn, _: Annotated[NoParams, Query()], services: ServicesDep) -> WebhookMade:
    """Tell an address of everything that changes from now on, as rows of `GET /v1/updates`.

    Each delivery is a POST of `{"id", "webhook", "updates", "next"}`, signed in `Standpoint-Signature: t=…,v1=…`:
    HMAC-SHA256 with the secret over the time, a dot and the body (`api.client.verify_webhook` checks it). What is not
    answered with 2xx is sent again for some eleven hours, in order, under the same `id`, then kept as a dead letter;
    `next` goes into `since` of `GET /v1/updates`.
    """
    try:
        hook, secret = add_webhook(services, body.url, seconds=services.settings.request_seconds / 3)
    except RefusedAddress as error:
        raise bad_field("body.url", error.what) from None
    except UsageError as error:
        raise ProblemError(Problem.of(409, f"{error.what[:1].upper()}{error.what[1:]}; {error.do}.")) from None
    return WebhookMade.from_record(hook, services, secret=secret)


@router.delete("/{id}", status_code=204)
def delete_webhook(id: Identifier, _: Annotated[NoParams, Query()], services: ServicesDep) -> Response:
    """Take a webhook away with all that waits for it."""
    try:
        services.store.webhooks.remove(id)
    except NotFoundError:
        raise not_found("webhook") from None
    return Response(status_code=204)
