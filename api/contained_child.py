"""The process that files are read in: it gives up what it could do harm with, then reads what it is sent.

Started by ``api.contained`` as ``python -P -m api.contained_child LIMITS``, with nothing of the environment but what
Python needs. Whatever a file makes of this process, its answers are bytes that are checked where they arrive.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import sys
from types import TracebackType
from typing import IO, Any

from api.faults import FAULTS
from api.frames import message, read_frame, write_frame
from nlp.errors import UnreadableError
from nlp.readers import reading_of_bytes
from nlp.readers.formats import Content, format_of
from nlp.readers.passing import pack_reading

#: unshare(2) and prctl(2).
CLONE_NEWUSER, CLONE_NEWNET, PR_SET_NO_NEW_PRIVS = 0x10000000, 0x40000000, 38
#: What no reader of a file does: Python says so before it is done (the audit events of its documentation).
_REFUSED = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "os.kill")
_CHANGING = ("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.chmod", "os.truncate")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def main() -> None:
    """Read file after file until nobody sends any more."""
    limits = json.loads(sys.argv[1])
    inbox, outbox = _take_streams()
    sys.excepthook = _last_words(outbox)
    network = _leave_network()
    _confine(limits)
    write_frame(outbox, message({"network": network}))
    while (head := read_frame(inbox, limits["most"])) is not None:
        data = read_frame(inbox, limits["most"])
        if data is None:
            return
        request = json.loads(head)
        _allow_seconds(request["seconds"])
        write_frame(outbox, message(_answer(data, request["source"], request["only"])))


def _answer(data: bytes, source: str, only: str | None) -> dict[str, Any]:
    try:
        if only is not None and (found := format_of(Content(data)).name) != only:
            return {"other": found}
        return {"reading": pack_reading(reading_of_bytes(data, source=source, max_bytes=len(data)))}
    except UnreadableError as error:
        return {"unreadable": [error.what, error.do]}
    except MemoryError:
        return {"memory": True}
    except FAULTS as error:
        return {"fault": f"{type(error).__name__}: {error}"[:500]}


def _take_streams() -> tuple[IO[bytes], IO[bytes]]:
    """The two pipes, out of the way of whatever prints."""
    inbox, outbox = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):
        os.dup2(nothing, stream)
    return inbox, outbox


def _last_words(outbox: IO[bytes]) -> Any:
    """What is raised past everything ends the process, with a reason."""

    def say(kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
        write_frame(outbox, message({"fault": f"{kind.__name__}: {error}"[:500]}))

    return say


def _leave_network() -> str:
    """Go where there is no network at all, if the system lets us: a namespace of our own."""
    library = ctypes.CDLL(None, use_errno=True)
    library.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if library.unshare(CLONE_NEWNET) == 0 or library.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0:
        return "namespace"
    return "refused"


def _confine(limits: dict[str, int]) -> None:
    """Set what the system holds the process to, and what Python refuses in it; neither can be taken back."""
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["file"], limits["file"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # No process and no thread from here on; root is not held to it, so Python refuses them too.
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    own = os.path.join(os.path.realpath(os.environ["TMPDIR"]), "")
    sys.addaudithook(lambda event, arguments: _refuse(event, arguments, own))


def _refuse(event: str, arguments: tuple[Any, ...], own: str) -> None:
    if event == "open":
        path, mode, flags = arguments
        wrong = _writes(mode, flags) and not _within(path, own)
    elif event.startswith(_CHANGING):
        wrong = not _within(arguments[0], own)
    else:
        wrong = event.startswith(_REFUSED)
    if wrong:
        raise PermissionError(f"{event} is not done where files are read")


def _writes(mode: str | None, flags: int) -> bool:
    return bool(flags & _WRITING) or any(letter in (mode or "") for letter in "wax+")


def _within(path: Any, own: str) -> bool:
    # An open descriptor is one that was allowed; a relative path is nobody's.
    return isinstance(path, int) or os.path.realpath(os.fsdecode(path)).startswith(own)


def _allow_seconds(seconds: int) -> None:
    """Let the process have so much processor time from now on; the kernel ends it when that is gone."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()
