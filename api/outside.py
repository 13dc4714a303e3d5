"""The one door to other machines: feeds and pages that a person named, and webhooks.

What an address leads to is decided by others, so nothing of it is trusted (OWASP, Server-Side Request Forgery
Prevention). A name is resolved once, every address that it has must be one of the public network, and the connection
is made to one of exactly these, so that a second answer of the name server (DNS rebinding) changes nothing; name and
certificate are still checked against the name. Redirects are followed here, each looked at like a first address.
There are no cookies, no credentials and no proxies from the environment, and bounds on bytes and seconds.
"""

from __future__ import annotations

import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import cached_property
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

import httpcore
import httpx

from nlp.errors import StandpointError, UnreadableError, UsageError

Address = IPv4Address | IPv6Address
#: The addresses of a name, as the system's resolver gives them.
Resolve = Callable[[str, int], Sequence[str]]
Permit = Callable[[Address], bool]
PORTS = frozenset({80, 443})
AGENT = "Standpoint/0.1"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LONGEST_URL = 2_000
#: What a server asks for by Retry-After is granted up to a day.
LONGEST_ASKED = 86_400.0
#: Read from the network and unpacked at a time.
_CHUNK = 16 * 1024
#: In IPv6 what is not listed is refused: of the addresses given out (2000::/3) all but those that carry an address of
#: IPv4, or of a protocol, inside (6to4, Teredo and the like). Mapped (::ffff:0:0/96) and NAT64 (64:ff9b::/96)
#: addresses lie outside of it.
_IPV6 = IPv6Network("2000::/3")
_NOT = tuple(
    map(ip_network, ("2001::/23", "2002::/16", "2001:db8::/32", "3fff::/20", "192.0.0.0/24", "192.88.99.0/24"))
)


class OutsideError(StandpointError):
    """Another machine was not asked, or gave no answer that can be used."""

    exit_code = UnreadableError.exit_code


class RefusedAddress(OutsideError, UsageError):
    """The address may not be asked, whatever is there."""

    exit_code = UsageError.exit_code


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bytes of a body, packed and unpacked; seconds to connect, between two bytes, and in all; redirects followed."""

    bytes: int = 20_000_000
    connect: float = 10
    read: float = 20
    total: float = 60
    redirects: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came, from ``url`` at the end of all redirects; ``moved`` when each of them was said to be permanent."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    moved: bool = False


def is_public(address: Address) -> bool:
    """Whether an address is one of the public network, by the registries of IANA for special addresses."""
    if isinstance(address, IPv6Address) and (address.scope_id or address not in _IPV6):
        return False
    inside = any(address in network for network in _NOT if network.version == address.version)
    return address.is_global and not address.is_multicast and not address.is_reserved and not inside


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a name. Raises OSError when it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(each[4][0]) for each in found))


class Outside:
    """Asks other machines; threads may share it. ``resolver`` and ``permit`` are for tests and for loopback alone."""

    def __init__(
        self,
        *,
        ports: Iterable[int] | None = PORTS,
        limits: Limits | None = None,
        schemes: Sequence[str] = ("https", "http"),
        resolver: Resolve = resolve,
        permit: Permit = is_public,
    ) -> None:
        self.limits = limits or Limits()
        self._ports = None if ports is None else frozenset(ports)
        self._schemes, self._resolve, self._permit = schemes, resolver, permit

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return httpx.create_ssl_context(trust_env=False)

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """What is at an address, redirects followed. Raises RefusedAddress and OutsideError."""
        deadline = time.monotonic() + self.limits.total
        here, permanent = self.check(url), set[bool]()
        for _ in range(self.limits.redirects + 1):
            answer = self._ask("GET", here, headers or {}, b"", deadline)
            target = answer.headers.get("location", "") if answer.status in _REDIRECTS else ""
            if not target:
                moved = permanent == {True}
                return Answer(
                    url=answer.url, status=answer.status, headers=answer.headers, body=answer.body, moved=moved
                )
            permanent.add(answer.status in (301, 308))
            here = self._redirected(here, target)
        raise OutsideError(
            f"leads on more than {self.limits.redirects} times", where=_shown(here), do="name the address at its end"
        )

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """The answer to a body that is sent; redirects are answers here. Raises RefusedAddress and OutsideError."""
        return self._ask("POST", self.check(url), headers, body, time.monotonic() + self.limits.total)

    def check(self, url: str) -> httpx.URL:
        """The address, if it is of a form that may be asked. Raises RefusedAddress."""
        try:
            found = httpx.URL(url)
        except (httpx.InvalidURL, UnicodeError, ValueError):
            raise RefusedAddress("is no web address", where=_short(url), do="write it as https://…") from None
        where = _shown(found)
        if found.scheme not in self._schemes or not found.host:
            forms = " or ".join(f"{each}://" for each in self._schemes)
            raise RefusedAddress(f"is no address that begins with {forms}", where=where, do="check how it is written")
        if found.userinfo:
            raise RefusedAddress("holds a name or a password, which is never sent", where=where, do="leave it out")
        if self._ports is not None and _port(found) not in self._ports:
            allowed = ", ".join(map(str, sorted(self._ports)))
            raise RefusedAddress(
                f"names port {_port(found)}; allowed are {allowed}", where=where, do="see STANDPOINT_OUTSIDE_PORTS"
            )
        if len(str(found)) > _LONGEST_URL:
            raise RefusedAddress(f"is longer than {_LONGEST_URL:,} characters", where=where, do="check the address")
        return found.copy_with(fragment=None)

    def addresses(self, host: str, port: int, deadline: float) -> tuple[str, ...]:
        """The addresses of a host, all of which may be asked. Raises RefusedAddress and OutsideError."""
        named = _in_time(lambda: self._resolve(host, port), deadline, host)
        for each in named:
            if not self._permit(ip_address(each)):
                raise RefusedAddress(
                    "leads to a machine that is not on the public network", where=host, do="name a public address"
                )
        if not named:
            raise OutsideError("has no address", where=host, do="check how the name is written")
        return tuple(named)

    def _redirected(self, here: httpx.URL, target: str) -> httpx.URL:
        try:
            there = self.check(str(here.join(target)))
        except (httpx.InvalidURL, UnicodeError, ValueError):
            raise RefusedAddress("leads on to what is no web address", where=_shown(here)) from None
        if here.scheme == "https" and there.scheme == "http":
            raise RefusedAddress("leads from https on to http", where=_shown(here), do="name an address that stays")
        return there

    def _ask(self, method: str, url: httpx.URL, headers: Mapping[str, str], body: bytes, deadline: float) -> Answer:
        limits = self.limits
        sent = {"Host": url.netloc.decode("ascii"), "User-Agent": AGENT, "Accept-Encoding": "gzip", **headers}
        sent |= {"Content-Length": str(len(body))} if method == "POST" else {}
        address = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=_port(url), target=url.raw_path or b"/")
        waits = {"connect": limits.connect, "read": limits.read, "write": limits.read, "pool": limits.connect}
        door = _Door(self, deadline)
        try:
            with (
                httpcore.ConnectionPool(
                    ssl_context=self._tls, network_backend=door, max_keepalive_connections=0
                ) as pool,
                pool.stream(
                    method, address, headers=list(sent.items()), content=body or None, extensions={"timeout": waits}
                ) as answer,
            ):
                found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
                whole = b"".join(_unpacked(_bounded(answer.iter_stream(), limits.bytes, url), found, limits.bytes, url))
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            raise _unanswered(error, url) from None
        return Answer(url=str(url), status=answer.status, headers=found, body=whole)


def retry_after(value: str) -> float | None:
    """The seconds that a header Retry-After (RFC 9110, 10.2.3) asks for: a number or a moment; None for neither."""
    text = value.strip()
    if text.isdecimal() and text.isascii():
        return min(float(text[:9]), LONGEST_ASKED)
    try:
        seconds = parsedate_to_datetime(text).timestamp() - time.time()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(seconds, 0.0), LONGEST_ASKED)


def _unanswered(error: Exception, url: httpx.URL) -> OutsideError:
    late = isinstance(error, httpcore.TimeoutException | TimeoutError)
    # The words of a library or of the other machine are not for people; the kind of fault is.
    what = "did not answer in time" if late else f"could not be asked ({type(error).__name__})"
    return OutsideError(what, where=_shown(url), do="try it again later")


def _bounded(parts: Iterable[bytes], most: int, url: httpx.URL) -> Iterator[bytes]:
    size = 0
    for part in parts:
        size += len(part)
        if size > most:
            raise _too_large(most, url)
        yield part


def _unpacked(parts: Iterable[bytes], headers: Mapping[str, str], most: int, url: httpx.URL) -> Iterator[bytes]:
    """The bytes as they were before they were packed, never more than ``most``: a small bomb unpacks to gigabytes."""
    coding = headers.get("content-encoding", "identity").strip().lower()
    if coding in ("", "identity"):
        yield from parts
        return
    if coding not in ("gzip", "x-gzip"):
        raise OutsideError("is packed in a way that was not asked for", where=_shown(url), do="report it to the site")
    unpacker, size = zlib.decompressobj(wbits=31), 0
    for part in parts:
        waiting = part
        while waiting and not unpacker.eof:
            try:
                plain = unpacker.decompress(waiting, _CHUNK)
            except zlib.error:
                raise OutsideError("is packed, and damaged", where=_shown(url), do="try it again later") from None
            size += len(plain)
            if size > most:
                raise _too_large(most, url)
            yield plain
            waiting = unpacker.unconsumed_tail
    yield unpacker.flush()
    if size and not unpacker.eof:
        raise OutsideError("is packed, and ends too early", where=_shown(url), do="try it again later")


def _too_large(most: int, url: httpx.URL) -> OutsideError:
    return OutsideError(f"is larger than {most / 1e6:g} MB", where=_shown(url), do="name the article alone")


def _in_time(call: Callable[[], Sequence[str]], deadline: float, host: str) -> Sequence[str]:
    """The result of a look-up, which has no time limit of its own; one that hangs is left behind."""
    came: SimpleQueue[Sequence[str] | Exception] = SimpleQueue()

    def work() -> None:
        try:
            came.put(call())
        except (OSError, UnicodeError) as error:
            came.put(error)

    Thread(target=work, daemon=True).start()
    try:
        found = came.get(timeout=max(0.001, deadline - time.monotonic()))
    except Empty:
        raise OutsideError("its name could not be looked up in time", where=host, do="try it again later") from None
    if isinstance(found, Exception):
        raise OutsideError("there is no such name", where=host, do="check how it is written") from None
    return found


def _port(url: httpx.URL) -> int:
    return url.port if url.port is not None else 443 if url.scheme == "https" else 80


def _shown(url: httpx.URL) -> str:
    """An address for messages: without a query or a name, which may hold a secret."""
    return _short(f"{url.scheme}://{url.host}{url.path if url.path != '/' else ''}")


def _short(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:199]}…"


class _Door(httpcore.NetworkBackend):
    """Connects to the addresses that were looked at, one after the other, and to nothing else."""

    def __init__(self, outside: Outside, deadline: float) -> None:
        self._outside, self._deadline, self._inner = outside, deadline, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        *others, last = self._outside.addresses(host.strip("[]"), port, self._deadline)
        for address in others:
            try:
                return self._connect(address, port, timeout)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._connect(last, port, timeout)

    def _connect(self, address: str, port: int, timeout: float | None) -> httpcore.NetworkStream:
        clock = _Clock(self._deadline)
        return _Stream(self._inner.connect_tcp(address, port, timeout=clock.left(timeout)), clock)


@dataclass(frozen=True, slots=True)
class _Clock:
    deadline: float

    def left(self, timeout: float | None) -> float:
        """The seconds that a single act may take. Raises TimeoutError when the whole has taken too long."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return min(left, timeout or left)


@dataclass(slots=True)
class _Stream(httpcore.NetworkStream):
    """A connection on which the whole exchange has a deadline, however often a little more comes."""

    inner: httpcore.NetworkStream
    clock: _Clock
    size: int = field(default=_CHUNK)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.inner.read(min(max_bytes, self.size), self.clock.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), self.size):
            self.inner.write(buffer[start : start + self.size], self.clock.left(timeout))

    def close(self) -> None:
        self.inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self.inner.start_tls(ssl_context, server_hostname, self.clock.left(timeout)), self.clock)

    def get_extra_info(self, info: str) -> Any:
        return self.inner.get_extra_info(info)
