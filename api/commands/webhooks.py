"""``standpoint webhooks``: addresses that are told of updates, and what could not be delivered."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from api.commands.output import note, one_line, say, say_json, say_table
from api.delivering import add_webhook, can_sign
from api.services import Services
from api.store.webhooks import Delivery, Webhook
from api.words import count_words
from nlp.errors import NothingToDoError


def add(services: Services, url: str, *, as_json: bool) -> int:
    """Keep a webhook and print its secret, which nothing shows again."""
    hook, secret = add_webhook(services, url)
    if as_json:
        say_json({"id": hook.id, "url": hook.url, "secret": secret})
    else:
        say(secret)
        note(f"Webhook {hook.id} is told of what changes from now on. Keep the secret above: it is shown once.")
    return 0


def list_all(services: Services, *, as_json: bool) -> int:
    """Print every webhook; raises NothingToDoError when there is none."""
    hooks = services.store.webhooks.all()
    if as_json:
        say_json({"webhooks": [_row(services, hook) for hook in hooks]})
        return 0
    if not hooks:
        raise NothingToDoError("there are no webhooks", do="make one with: standpoint webhooks add URL")
    table = Table("Id", "Address", "Delivered", "Waiting", "Dead", "Last error")
    for hook in hooks:
        error = hook.error or "" if can_sign(services, hook) else "made with another secret; remove it and add it anew"
        counts = (str(hook.delivered), str(hook.waiting), str(hook.dead))
        table.add_row(hook.id, one_line(hook.url), *counts, one_line(error))
    say_table(table)
    return 0


def remove(services: Services, id: str, *, as_json: bool) -> int:
    """Take a webhook away with all that waits for it. Raises NotFoundError."""
    hook = services.store.webhooks.remove(id)
    if as_json:
        say_json({"id": hook.id, "url": hook.url})
    else:
        say(f"Removed {hook.id}, {one_line(hook.url)}.")
    return 0


def dead(services: Services, *, as_json: bool) -> int:
    """Print what could not be delivered; raises NothingToDoError when there is nothing."""
    letters = services.store.webhooks.dead()
    if as_json:
        say_json({"dead": [_letter(each) for each in letters]})
        return 0
    if not letters:
        raise NothingToDoError("there are no dead letters")
    table = Table("Event", "Webhook", "Given up", "Attempts", "Last error")
    for each in letters:
        at = f"{each.dead_at:%Y-%m-%d %H:%M}" if each.dead_at else ""
        table.add_row(each.id, each.webhook, at, str(each.attempts), one_line(each.error or ""))
    say_table(table)
    return 0


def retry(services: Services, ids: Sequence[str], *, as_json: bool) -> int:
    """Let dead letters wait again, to be sent by the server. Raises NotFoundError, and NothingToDoError for none."""
    done = services.store.webhooks.retry(ids)
    if not done:
        raise NothingToDoError("there are no dead letters")
    if as_json:
        say_json({"waiting": done})
    else:
        say(f"{count_words(done, 'delivery', 'deliveries')} will be sent again while the server runs.")
    return 0


def _row(services: Services, hook: Webhook) -> dict[str, object]:
    return {
        "id": hook.id,
        "url": hook.url,
        "created": hook.created_at.isoformat(),
        "delivered": hook.delivered,
        "waiting": hook.waiting,
        "dead": hook.dead,
        "error": hook.error,
        "usable": can_sign(services, hook),
    }


def _letter(letter: Delivery) -> dict[str, object]:
    return {
        "id": letter.id,
        "webhook": letter.webhook,
        "attempts": letter.attempts,
        "error": letter.error,
        "dead": letter.dead_at.isoformat() if letter.dead_at else None,
        "body": letter.body,
    }
