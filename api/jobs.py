"""One thread that does the server's long work, a job at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from threading import Event, Lock, Thread
from typing import Any

from api.applying import Step
from api.faults import FAULTS
from api.services import Services
from api.store.jobs import Job
from nlp.errors import NotSetUpError

#: How far a job is, is written so often at most, in seconds.
OFTEN = 0.5
#: Jobs that another server left are looked for so often, in seconds, and a server that ends waits so long for an
#: article to be done.
LOOK, END = 5.0, 30.0
Progress = Callable[[Step], None]
#: Does a job from its body, and gives the result as JSON has it.
Handler = Callable[[Services, Mapping[str, Any], Progress], Mapping[str, Any]]


class _Stopped(Exception):
    """The server ends while a job is run."""


class JobRunner:
    """Runs the jobs of the store; ``handlers`` by kind. The thread begins with the first job."""

    def __init__(self, services: Services, handlers: Mapping[str, Handler]) -> None:
        self._services, self._handlers = services, handlers
        self._wake, self._lock = Event(), Lock()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Say which jobs were lost when a server ended, and go on with those that wait."""
        if self._fail_lost():
            self._go()

    def _fail_lost(self) -> int:
        try:
            return self._services.store.jobs.fail_lost()
        except NotSetUpError:
            # There is no database yet, so there are no jobs.
            return 0

    def submit(self, kind: str, body: Mapping[str, Any], *, total: int = 0) -> Job:
        """Take on a job of ``total`` articles, to be done after those that wait."""
        job = self._services.store.jobs.add(kind, body, total=total)
        self._go()
        return job

    def stop(self) -> None:
        """End the thread after the article in hand."""
        self._services.stopping.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(END)

    def _go(self) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._work, name="jobs", daemon=True)
                self._thread.start()
        self._wake.set()

    def _work(self) -> None:
        stopping = self._services.stopping
        self._fail_lost()
        while not stopping.is_set():
            self._wake.clear()
            try:
                job = self._services.store.jobs.claim()
                if job is not None:
                    self._run(job)
                    continue
            except NotSetUpError:
                # The database is busy or gone: the job is still there when it is back.
                pass
            self._wake.wait(LOOK)

    def _run(self, job: Job) -> None:
        jobs = self._services.store.jobs
        try:
            result = self._handlers[job.kind](self._services, job.body, self._progress(job))
        except _Stopped:
            jobs.lose(job.id)
        except FAULTS as error:
            jobs.fail(job.id, str(error) or type(error).__name__)
        else:
            jobs.finish(job.id, result)

    def _progress(self, job: Job) -> Progress:
        last = 0.0

        def show(step: Step) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= OFTEN or step.done == step.total:
                self._services.store.jobs.advance(job.id, step.done, step.total)
                last = now
            if self._services.stopping.is_set() and step.done < step.total:
                raise _Stopped

        return show
