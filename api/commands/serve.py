"""``standpoint serve``: the API and the pages, on this machine only."""

from __future__ import annotations

import errno
import signal
import socket
from types import FrameType

from api.commands.output import note
from api.settings import Settings
from nlp.errors import UsageError

#: Version 1 has no keys, so nothing beyond this machine may ask.
HOSTS = {"127.0.0.1": socket.AF_INET, "localhost": socket.AF_INET, "::1": socket.AF_INET6}


def bind(host: str, port: int) -> socket.socket:
    """A listening socket. Raises UsageError for another host and for a port that is taken."""
    if host not in HOSTS:
        raise UsageError(
            f"serving on {host} is refused: version 1 has no keys and answers on this machine only",
            do="use --host 127.0.0.1",
        )
    found = socket.socket(HOSTS[host], socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind(("127.0.0.1" if host == "localhost" else host, port))
        found.listen(128)
    except OSError as error:
        found.close()
        raise _unbound(port, error) from None
    return found


def _unbound(port: int, error: OSError) -> UsageError:
    if error.errno == errno.EADDRINUSE:
        return UsageError(f"port {port} is taken by another program", do="choose another with --port")
    if error.errno == errno.EACCES:
        return UsageError(f"port {port} needs rights that this user lacks", do="choose one above 1023 with --port")
    return UsageError(f"port {port} cannot be used: {error.strerror}", do="choose another with --port")


def serve(settings: Settings) -> int:
    """Serve until the process is told to stop."""
    import uvicorn

    class Server(uvicorn.Server):
        interrupted = False

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            self.interrupted = sig == signal.SIGINT
            super().handle_exit(sig, frame)

    from api.app import create_app

    with bind(settings.host, settings.port) as found:
        app = create_app(settings, create=True)
        counts = app.state.services.store.reader.counts()
        shown = f"[{settings.host}]" if ":" in settings.host else settings.host
        note(f"Serving {counts.articles} articles at http://{shown}:{found.getsockname()[1]} (Ctrl-C stops)")
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=5
        )
        server = Server(config)
        server.run(sockets=[found])
    # The interrupt that uvicorn passes on is lost when its loop ends first (seen once on a busy machine).
    return 130 if server.interrupted else 0
