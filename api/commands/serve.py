"""``standpoint serve``: the API and the pages, on this machine or, with keys, for others."""

from __future__ import annotations

import errno
import socket

from api.commands.output import note
from api.commands.processes import run, serve_in_processes
from api.logs import set_up_logs
from api.services import Services
from api.settings import Settings
from nlp.errors import UsageError


def bind(host: str, port: int) -> socket.socket:
    """A listening socket. Raises UsageError for a host that is not this machine's and for a port that is taken."""
    try:
        # The first one, as a name such as localhost may have one of each family.
        place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except OSError:
        raise UsageError("is no address or name of a machine", where=host, do="choose another with --host") from None
    family, kind, protocol, _, address = place
    # With the protocol named, asyncio turns Nagle's algorithm off. Without it every answer on a connection that is
    # kept waits 40 ms for the caller's acknowledgement: 20 requests a second on one, and 320 so (/v1/topics).
    found = socket.socket(family, kind, protocol)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind(address)
        found.listen(128)
    except OSError as error:
        found.close()
        raise _unbound(host, port, error) from None
    return found


def require_key(services: Services) -> None:
    """Raises UsageError when everybody who asks needs a key and there is none in use."""
    settings = services.settings
    if settings.keyed and not any(key.revoked is None for key in services.store.access.all_keys()):
        raise UsageError(
            f"serving on {settings.host} for others is refused while there is no API key",
            do="make one with: standpoint keys add NAME --scope read; or use --host 127.0.0.1 alone",
        )


def _unbound(host: str, port: int, error: OSError) -> UsageError:
    if error.errno == errno.EADDRINUSE:
        return UsageError(f"port {port} is taken by another program", do="choose another with --port")
    if error.errno == errno.EACCES:
        return UsageError(f"port {port} needs rights that this user lacks", do="choose one above 1023 with --port")
    if error.errno == errno.EADDRNOTAVAIL:
        return UsageError("is no address of this machine", where=host, do="choose another with --host")
    return UsageError(f"port {port} cannot be used: {error.strerror}", do="choose another with --port")


def serve(settings: Settings, *, workers: int = 1) -> int:
    """Serve until the process is told to stop; several ``workers`` are processes behind one port."""
    from api.app import create_app

    with bind("127.0.0.1" if settings.host == "localhost" else settings.host, settings.port) as found:
        app = create_app(settings, create=True)
        services: Services = app.state.services
        require_key(services)
        set_up_logs(settings.log_format)
        counts = services.store.reader.counts()
        shown = f"[{settings.host}]" if ":" in settings.host else settings.host
        note(f"Serving {counts.articles} articles at http://{shown}:{found.getsockname()[1]} (Ctrl-C stops)")
        if workers == 1:
            return run(app, found)
        # The file of the secret is made now: each of the processes would make its own.
        assert services.signer
        services.close()
        return serve_in_processes(settings, found, workers)
