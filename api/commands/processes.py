"""One server, or several processes behind one port.

Python runs one thread at a time, so one process answers with one core. The processes share the socket, the database
and what it holds: jobs, deliveries, keys, answers to repeated writes. Each has its own map and columns of search in
memory, and its own count of a caller's requests; ``/metrics`` adds all up.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from tempfile import TemporaryDirectory
from threading import Thread
from types import FrameType
from typing import TYPE_CHECKING

from api.commands.output import note
from api.logs import set_up_logs
from api.observe import SHARED_METRICS
from api.settings import Settings
from api.store import Store
from nlp.errors import StandpointError

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

#: A process that ends by itself within so many seconds would end again, and again.
TOO_SOON = 10.0
#: Processes that are told to stop are waited for so long, in seconds, before they are killed.
PATIENCE = 40.0
#: A head of a request may have so many bytes: a query of a megabyte is told which of its fields is too long, where
#: uvicorn by itself answers in plain text from 64 KB on.
LONGEST_HEAD = 2 * 2**20


def run(app: FastAPI, found: socket.socket, *, child: bool = False) -> int:
    """Serve an application on a socket until the process, or as a child its parent, is told to stop."""
    import uvicorn

    class Server(uvicorn.Server):
        interrupted = False

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            self.interrupted = sig == signal.SIGINT
            super().handle_exit(sig, frame)

    server = Server(server_config(app))
    if child:
        Thread(target=_end_with_parent, args=(server,), name="parent", daemon=True).start()
    Thread(target=_warm, args=(app.state.services.store,), name="warm", daemon=True).start()
    server.run(sockets=[found])
    # The interrupt that uvicorn passes on is lost when its loop ends first (seen once on a busy machine).
    return 130 if server.interrupted else 0


def server_config(app: FastAPI) -> uvicorn.Config:
    """How every server of ours is set up."""
    import uvicorn

    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=LONGEST_HEAD,
    )


def _warm(store: Store) -> None:
    """Load what every answer needs, then leave it and all modules out of the search for garbage.

    That search goes through all objects that are kept. Over 200,000 statements it stopped the server for 80 to 180 ms
    at every 80th request; 3 ms since (SQLite, one process).
    """
    # Whoever asks is told what is wrong with the database.
    with suppress(StandpointError):
        store.warm()
    gc.collect()
    gc.freeze()


def _end_with_parent(server: object) -> None:
    """Stop when the parent is gone, however it went: nobody else could stop what holds the port."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        server.should_exit = True  # type: ignore[attr-defined]


def _work(settings: Settings, found: socket.socket) -> None:
    """What each process does."""
    from api.app import create_app

    set_up_logs(settings.log_format)
    # Ctrl-C reaches every process; the parent says so.
    with suppress(KeyboardInterrupt):
        run(create_app(settings), found, child=True)


def serve_in_processes(settings: Settings, found: socket.socket, workers: int) -> int:
    """Serve in so many processes until this one is told to stop, and begin anew what ends by itself."""
    with _stoppable() as told, _shared_metrics():
        begun = [_begin(settings, found) for _ in range(workers)]
        failed = False
        while not told and not failed:
            ended = wait([process.sentinel for process, _ in begun], timeout=0.5)
            for place, (process, since) in enumerate(begun):
                if process.sentinel in ended and not told:
                    failed = time.monotonic() - since < TOO_SOON
                    note(f"A process of the server ended by itself (exit code {process.exitcode})")
                    if failed:
                        break
                    begun[place] = _begin(settings, found)
        _end([process for process, _ in begun])
    return 1 if failed else 130 if told[0] == signal.SIGINT else 0


def _begin(settings: Settings, found: socket.socket) -> tuple[SpawnProcess, float]:
    process = get_context("spawn").Process(target=_work, args=(settings, found), name="standpoint-serve")
    process.start()
    return process, time.monotonic()


def _end(processes: list[SpawnProcess]) -> None:
    for process in processes:
        process.terminate()
    until = time.monotonic() + PATIENCE
    for process in processes:
        process.join(max(0.0, until - time.monotonic()))
        if process.is_alive():
            process.kill()
            process.join()


@contextmanager
def _stoppable() -> Iterator[list[int]]:
    """The signals that asked this process to stop, as they come."""
    told: list[int] = []
    asked = (signal.SIGINT, signal.SIGTERM)
    before = {each: signal.signal(each, lambda sig, _: told.append(sig)) for each in asked}
    try:
        yield told
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def _shared_metrics() -> Iterator[None]:
    """A folder in which the processes add up what they count."""
    with TemporaryDirectory(prefix="standpoint-metrics-") as folder:
        os.environ[SHARED_METRICS] = folder
        try:
            yield
        finally:
            del os.environ[SHARED_METRICS]
