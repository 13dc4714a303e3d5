"""Files are read in a process of their own, which may take so much memory, time and disk, and no network.

A file that ends its reader costs the reader, never the batch. What the reader answers is JSON, checked piece by piece:
whoever made the file may have made the answer too.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer
from types import TracebackType
from typing import Any, Self

from api.frames import read_frame, write_frame
from nlp.errors import NotSetUpError, StandpointError, UnreadableError
from nlp.readers import MAX_BYTES, bytes_of_file
from nlp.readers.passing import unpack_reading
from nlp.readers.reading import Reading

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What reading one file may take: memory and written files in bytes, times in seconds.

    A file may take ``seconds`` of processor time and a little more by the clock, and ``seconds_each`` more for each
    MiB of it. ``answer`` is the longest answer in bytes. A reader is replaced after so many ``files``.
    """

    memory: int = 1536 * MEBIBYTE
    file: int = 64 * MEBIBYTE
    seconds: float = 10
    seconds_each: float = 1
    answer: int = 256 * MEBIBYTE
    files: int = 2_000

    def seconds_for(self, size: int) -> int:
        """The processor time for a file of ``size`` bytes."""
        return max(1, round(self.seconds + self.seconds_each * size / MEBIBYTE))


#: By the clock a file may take so much longer than its processor time: others use the machine too.
PATIENCE = 1.35
#: A reader must be there within so many seconds.
START = 60.0
#: A reader that nobody asks any more ends by itself, within so many seconds.
MOMENT = 2.0


class ReaderEndedError(StandpointError):
    """The process that read the file ended or had to be ended; ``blamed`` when the file made it so.

    A reader that was killed from outside is no fault of the file's.
    """

    exit_code = 3

    def __init__(self, what: str, *, blamed: bool) -> None:
        super().__init__(what)
        self.blamed = blamed


@dataclass(frozen=True, slots=True)
class OtherFormat:
    """The file is of another format than the one that was asked for, and was not read."""

    name: str


class ContainedReader:
    """Reads files one after the other in a process that is replaced when it ends; not for two threads at once."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._child: _Child | None = None

    @property
    def network(self) -> str:
        """How the reader is kept from the network: in a "namespace" without one, or "refused" by Python alone."""
        return self._ready().network

    @property
    def pid(self) -> int:
        """The process of the reader."""
        return self._ready().process.pid

    def read(self, data: bytes, *, source: str, only: str | None = None) -> Reading | OtherFormat:
        """All that ``data`` holds, which came from ``source``; with ``only``, if it is of that format.

        Raises UnreadableError, without the place, and ReaderEndedError.
        """
        child = self._ready()
        seconds = self._limits.seconds_for(len(data))
        request = json.dumps({"source": source, "only": only, "seconds": seconds}).encode("ascii")
        answer, late = child.ask(request, data, patience=seconds * PATIENCE, most=self._limits.answer)
        if answer is None or child.files >= self._limits.files or "reading" not in answer:
            # What went wrong may have left the reader with less than it began with.
            self._part(keep=answer is not None and {"other", "unreadable"} >= set(answer))
        if answer is None:
            raise _ended(child.returncode, late, seconds)
        try:
            return _taken(answer, self._limits)
        except ReaderEndedError:
            self.close()
            raise

    def read_any(self, data: bytes, *, source: str) -> Reading:
        """All that ``data`` holds, of whatever format it is; as ``read``."""
        found = self.read(data, source=source)
        assert isinstance(found, Reading)  # other formats are told only where one is asked for
        return found

    def read_file(self, path: Path, *, max_bytes: int = MAX_BYTES) -> Reading:
        """All that a file holds. Raises UnreadableError, with the place, also where the file ends its reader."""
        try:
            return self.read_any(bytes_of_file(path, max_bytes=max_bytes), source=path.name)
        except UnreadableError as error:
            raise UnreadableError(error.what, where=str(path), do=error.do) from None
        except ReaderEndedError as error:
            raise UnreadableError(error.what, where=str(path)) from None

    def close(self) -> None:
        """End the reader."""
        self._part(keep=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ready(self) -> _Child:
        if self._child is None:
            self._child = _Child(self._limits)
        return self._child

    def _part(self, *, keep: bool) -> None:
        if self._child is not None and not (keep and self._child.files < self._limits.files):
            self._child.end()
            self._child = None


class _Child:
    """One process, its pipes and its folder for temporary files."""

    def __init__(self, limits: Limits) -> None:
        self.files = 0
        self.returncode: int | None = None
        self._folder = TemporaryDirectory(prefix="standpoint-reader-", ignore_cleanup_errors=True)
        given = {"memory": limits.memory, "file": limits.file, "most": limits.answer}
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "api.contained_child", json.dumps(given)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._folder.name,
            env=_environment(self._folder.name),
            # Ctrl-C is for us: what is in hand ends with its reader.
            start_new_session=True,
        )
        self.network = self._greet()

    def _greet(self) -> str:
        answer, _ = self._within(START, self._receive, 4096)
        if answer is None or "network" not in answer:
            self.end()
            raise NotSetUpError("the process that reads files does not start", do="install Standpoint again")
        return str(answer["network"])

    def ask(self, request: bytes, data: bytes, *, patience: float, most: int) -> tuple[Mapping[str, Any] | None, bool]:
        """The answer, and whether it was waited for in vain; None when the process is gone."""
        self.files += 1

        def act(most: int) -> Mapping[str, Any] | None:
            assert self.process.stdin
            write_frame(self.process.stdin, request)
            write_frame(self.process.stdin, data)
            return self._receive(most)

        answer, late = self._within(patience, act, most)
        if answer is None:
            self.end()
        return answer, late

    def _receive(self, most: int) -> Mapping[str, Any] | None:
        assert self.process.stdout
        body = read_frame(self.process.stdout, most)
        if body is None:
            return None
        found = json.loads(body)
        return found if isinstance(found, dict) and found else None

    def _within(
        self, seconds: float, act: Callable[[int], Mapping[str, Any] | None], most: int
    ) -> tuple[Mapping[str, Any] | None, bool]:
        """What ``act`` gives; a process that takes longer is killed, which ends every read and write on its pipes."""
        late: list[bool] = []

        def kill() -> None:
            late.append(True)
            self.process.kill()

        timer = Timer(seconds, kill)
        timer.start()
        try:
            answer = act(most)
        except (OSError, ValueError, RecursionError):
            # A pipe that broke, or an answer that is no JSON.
            answer = None
        finally:
            timer.cancel()
        return answer, bool(late)

    def end(self) -> None:
        """End the process, by its closed pipe or else by force, and take its folder away."""
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe
            # What was still to be sent may have nobody to read it.
            with suppress(OSError):
                pipe.close()
        try:
            # One whose pipe broke is ending, and its status says why.
            self.returncode = self.process.wait(MOMENT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.returncode = self.process.wait()
        self._folder.cleanup()


def _environment(folder: str) -> dict[str, str]:
    """What Python needs to find the program, and nothing that a file could want to know."""
    places = [str(Path(place or ".").resolve()) for place in sys.path]
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH") if name in os.environ}
    own = {"PYTHONPATH": os.pathsep.join(places), "TMPDIR": folder, "HOME": folder, "PYTHONDONTWRITEBYTECODE": "1"}
    return {**kept, **own, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def _ended(code: int | None, late: bool, seconds: int) -> ReaderEndedError:
    if late or code == -signal.SIGXCPU:
        return ReaderEndedError(f"takes longer to read than {seconds} seconds", blamed=True)
    if code in (-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP):
        return ReaderEndedError("its reader was killed from outside", blamed=False)
    how = f"signal {-code}" if code is not None and code < 0 else f"status {code}"
    return ReaderEndedError(f"ends its reader ({how})", blamed=True)


def _taken(answer: Mapping[str, Any], limits: Limits) -> Reading | OtherFormat:
    match answer:
        case {"reading": packed}:
            try:
                return unpack_reading(packed)
            except ValueError as error:
                raise ReaderEndedError(f"makes its reader answer nonsense: {error}", blamed=True) from None
        case {"other": str(name)}:
            return OtherFormat(name)
        case {"unreadable": [str(what), str(do)]}:
            raise UnreadableError(what, do=do)
        case {"memory": True}:
            most = limits.memory // MEBIBYTE
            raise UnreadableError(f"takes more than {most:,} MB to read", do="split it, or save it in another format")
        case {"fault": str(fault)}:
            raise UnreadableError(f"cannot be read, its reader failed: {fault}", do="report it if the file is sound")
    raise ReaderEndedError("makes its reader answer nonsense", blamed=True)
