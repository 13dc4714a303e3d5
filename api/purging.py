"""Texts whose licence has ended are taken away when a server starts, and once a day while it runs."""

from __future__ import annotations

import logging
from threading import Thread

from api.faults import FAULTS
from api.services import Services
from api.store.licences import today
from nlp.errors import NotSetUpError

#: Seconds between two looks; what has expired meanwhile is not shown anyway.
DAY = 24 * 60 * 60.0
#: How long a server that ends waits for the text in hand, in seconds.
END = 30.0
LOG = logging.getLogger("standpoint.purge")


class Purger:
    """A thread that purges; it ends with ``Services.stopping``."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._thread = Thread(target=self._work, name="purge", daemon=True)

    def start(self) -> None:
        """Purge what has expired, and look again every day."""
        self._purge()
        self._thread.start()

    def stop(self) -> None:
        """End the thread after the text in hand."""
        self._services.stopping.set()
        if self._thread.is_alive():
            self._thread.join(END)

    def _work(self) -> None:
        while not self._services.stopping.wait(DAY):
            self._purge()

    def _purge(self) -> None:
        try:
            self._services.store.holdings.purge(on=today())
        except NotSetUpError:
            # There is no database yet, or it is busy: the next day looks again, and nothing of it is shown meanwhile.
            pass
        except FAULTS as error:
            LOG.warning("expired texts were not purged: %s", error)
