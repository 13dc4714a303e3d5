"""The one door to other machines lets nobody lead it to a machine that is not on the public network, nor hold it up."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from typing import Any

import pytest

from api.outside import Limits, Outside, OutsideError, RefusedAddress, is_public

HERE = "127.0.0.2"
#: Ways to write 127.0.0.1 and other machines that are not public.
INNER = (
    *("127.0.0.1", "0x7f000001", "0x7f.1", "2130706433", "017700000001", "127.1", "localhost", "0.0.0.0", "0"),
    *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]"),
    *("[2002:7f00:1::]", "[2001:0:7f00:1::]", "[fe80::1]", "[fc00::1]", "[ff02::1]", "[fec0::1]"),
    *("10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255"),
)


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.31.0.1", "192.0.0.8", "192.0.2.1"),
        *("192.88.99.1", "192.168.0.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.1.1.1"),
        *("240.0.0.1", "255.255.255.255", "::", "::1", "::7f00:1", "::ffff:8.8.8.8", "::ffff:127.0.0.1"),
        *("64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:808:808::1", "3fff::1"),
        *("fc00::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "4000::1", "2a00:1450::1%eth0"),
    ],
)
def test_an_address_that_is_not_of_the_public_network_is_none(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "192.0.3.1", "2a00:1450:4009::200e", "2606:4700::1111"])
def test_an_address_of_the_public_network_is_one(address: str) -> None:
    assert is_public(ip_address(address))


def test_what_is_there_comes_with_its_headers(web: Any) -> None:
    web.give("/feed", "words", etag='"one"')
    answer = web.door().get(web.url("/feed"), {"If-None-Match": '"zero"'})
    assert (answer.status, answer.body, answer.headers["etag"]) == (200, b"words", '"one"')
    (asked,) = web.asked
    assert asked.headers["host"] == f"site.example:{web.port}" and asked.headers["if-none-match"] == '"zero"'
    assert {"cookie", "authorization", "proxy-authorization"}.isdisjoint(asked.headers)


@pytest.mark.parametrize("host", INNER)
def test_a_machine_that_is_not_public_is_not_asked_however_it_is_written(web: Any, host: str) -> None:
    # Some ways to write it are no address at all to some resolvers: then there is no such name.
    with pytest.raises(OutsideError, match=r"not on the public network|no such name|no web address"):
        web.door().get(f"http://{host}:{web.port}/")
    assert web.asked == []


@pytest.mark.parametrize("host", INNER)
def test_a_redirect_to_a_machine_that_is_not_public_is_not_followed(web: Any, host: str) -> None:
    web.give("/", status=302, location=f"http://{host}:{web.port}/inner")
    with pytest.raises(OutsideError, match=r"not on the public network|no such name|no web address"):
        web.door().get(web.url())
    assert web.paths() == ["/"]


def test_one_address_that_is_not_public_refuses_the_whole_name(web: Any) -> None:
    door = web.door(resolver=lambda host, port: (HERE, "10.0.0.1"))
    with pytest.raises(RefusedAddress, match="not on the public network"):
        door.get(web.url())
    assert web.asked == []


def test_a_name_is_resolved_once_so_that_a_second_answer_changes_nothing(web: Any) -> None:
    web.give("/", "words")
    answers = [(HERE,), ("127.0.0.1",)]
    asked: list[str] = []

    def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return answers.pop(0)

    door = web.door(resolver=rebinding)
    assert door.get(web.url()).body == b"words"
    assert asked == ["site.example"]
    with pytest.raises(RefusedAddress):
        door.get(web.url())


def test_the_next_address_is_tried_where_the_first_one_does_not_listen(web: Any) -> None:
    web.give("/", "words")
    door = web.door(
        resolver=lambda host, port: ("127.0.0.3", HERE), permit=lambda each: str(each) in (HERE, "127.0.0.3")
    )
    assert door.get(web.url()).body == b"words"


def test_redirects_are_followed_and_a_permanent_one_is_told(web: Any) -> None:
    web.give("/old", status=301, location="/new")
    web.give("/now", status=302, location=web.url("/new", host="other.example"))
    web.give("/new", "words")
    moved, now = web.door().get(web.url("/old")), web.door().get(web.url("/now"))
    assert (moved.url, moved.moved, moved.body) == (web.url("/new"), True, b"words")
    assert (now.url, now.moved) == (web.url("/new", host="other.example"), False)


def test_redirects_in_a_circle_end(web: Any) -> None:
    web.give("/a", status=302, location="/b")
    web.give("/b", status=302, location="/a")
    with pytest.raises(OutsideError, match="leads on more than 5 times"):
        web.door().get(web.url("/a"))
    assert len(web.asked) == 6


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://site.example/", "//user:pw@site.example/", "gopher://x", "http://[::"]
)
def test_a_redirect_to_what_is_no_web_address_is_not_followed(web: Any, target: str) -> None:
    web.give("/", status=302, location=target)
    with pytest.raises(RefusedAddress):
        web.door().get(web.url())
    assert web.paths() == ["/"]


def test_a_redirect_to_another_port_is_not_followed(web: Any) -> None:
    web.give("/", status=302, location="http://site.example:22/")
    with pytest.raises(RefusedAddress, match="port 22"):
        web.door().get(web.url())


def test_a_redirect_does_not_lead_out_of_tls() -> None:
    door = Outside()
    with pytest.raises(RefusedAddress, match="from https on to http"):
        door._redirected(door.check("https://site.example/"), "http://site.example/")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://site.example/", "http"),
        ("/etc/passwd", "http"),
        ("site.example", "http"),
        ("http:///path", "http"),
        ("http://user:secret@site.example/", "password"),
        ("http://site.example:22/", "port 22"),
        ("http://site.example:0/", "port 0"),
        ("http://site.example:99999/", "port 99999"),
        ("http://site\n.example/", "no web address"),
        ("https://site.example/" + "x" * 3000, "longer"),
    ],
)
def test_an_address_of_another_form_is_refused_before_anything_is_asked(url: str, reason: str) -> None:
    with pytest.raises(RefusedAddress, match=reason) as refusal:
        Outside().get(url)
    assert "secret" not in str(refusal.value) and len(str(refusal.value)) < 400


def test_ports_beside_those_of_the_web_are_asked_when_a_setting_names_them() -> None:
    assert Outside(ports={80, 443, 8443}).check("https://site.example:8443/").port == 8443


def test_a_body_that_is_too_large_is_left(web: Any) -> None:
    web.give("/", b"x" * 100_001)
    with pytest.raises(OutsideError, match=r"larger than 0\.1 MB"):
        web.door().get(web.url())


def streaming(parts: Callable[[socket.socket], None], head: bytes = b"HTTP/1.1 200 OK\r\n\r\n") -> Any:
    def reply(link: socket.socket, _: Any) -> None:
        link.sendall(head)
        parts(link)

    return reply


def test_a_body_without_an_end_is_left(web: Any) -> None:
    def pour(link: socket.socket) -> None:
        while True:
            link.sendall(b"x" * 10_000)

    web.pages["/"] = streaming(pour)
    with pytest.raises(OutsideError, match="larger than"):
        web.door().get(web.url())


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Long: ",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;name=",
        b"",
    ],
    ids=["body", "header", "chunk", "first line"],
)
def test_what_comes_drop_by_drop_ends_after_the_time_for_the_whole(web: Any, head: bytes) -> None:
    def drip(link: socket.socket) -> None:
        while True:
            link.sendall(b"x")
            time.sleep(0.05)

    web.pages["/"] = streaming(drip, head)
    began = time.monotonic()
    with pytest.raises(OutsideError, match="did not answer in time"):
        web.door(limits=Limits(read=2, total=0.5)).get(web.url())
    assert time.monotonic() - began < 2


def test_a_machine_that_says_nothing_is_left_after_the_time_to_read(web: Any) -> None:
    stop = threading.Event()
    web.pages["/"] = streaming(lambda link: stop.wait(20) and None, b"")
    with pytest.raises(OutsideError, match="did not answer in time"):
        web.door(limits=Limits(read=0.2, total=20)).get(web.url())
    stop.set()


def test_a_name_server_that_hangs_is_left(web: Any) -> None:
    stop = threading.Event()

    def hanging(host: str, port: int) -> Sequence[str]:
        stop.wait(20)
        return (HERE,)

    with pytest.raises(OutsideError, match="looked up in time"):
        web.door(resolver=hanging, limits=Limits(total=0.2)).get(web.url())
    stop.set()


def test_a_packed_body_is_unpacked(web: Any) -> None:
    web.give("/", gzip.compress(b"words " * 1000), content_encoding="gzip")
    assert web.door().get(web.url()).body == b"words " * 1000


def test_a_bomb_is_never_unpacked_beyond_the_limit(web: Any) -> None:
    web.give("/", gzip.compress(b"\0" * 80_000_000), content_encoding="gzip")
    with pytest.raises(OutsideError, match=r"larger than 0\.1 MB"):
        web.door().get(web.url())


@pytest.mark.parametrize(
    ("body", "coding", "reason"),
    [
        (b"no gzip", "gzip", "damaged"),
        (gzip.compress(b"words " * 1000)[:-12], "gzip", "ends too early"),
        (zlib.compress(b"words"), "deflate", "not asked for"),
        (gzip.compress(gzip.compress(b"x")), "gzip, gzip", "not asked for"),
    ],
    # A packed body holds the time; a name that differs between processes stops pytest-xdist.
    ids=["damaged", "ends-too-early", "deflate", "twice"],
)
def test_a_body_that_cannot_be_unpacked_is_an_error(web: Any, body: bytes, coding: str, reason: str) -> None:
    web.give("/", body, content_encoding=coding)
    with pytest.raises(OutsideError, match=reason):
        web.door().get(web.url())


def test_an_answer_that_is_no_http_is_an_error_without_its_words(web: Any) -> None:
    web.pages["/?key=SECRET"] = lambda link, _: link.sendall(b"SSH-2.0-SECRET\r\n")
    with pytest.raises(OutsideError, match="could not be asked") as refusal:
        web.door().get(web.url("/?key=SECRET"))
    assert "SECRET" not in str(refusal.value)


def test_a_post_sends_its_body_and_follows_nothing(web: Any) -> None:
    web.give("/hook", status=307, location="/other")
    answer = web.door().post(web.url("/hook"), b"{}" * 20_000, {"Content-Type": "application/json"})
    assert answer.status == 307 and web.paths() == ["/hook"]
    assert (web.asked[0].method, web.asked[0].body) == ("POST", b"{}" * 20_000)


def test_proxies_of_the_environment_are_not_used(web: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    web.give("/", "words")
    assert web.door().get(web.url()).body == b"words"


def test_cookies_are_not_kept(web: Any) -> None:
    web.give("/", "words", set_cookie="a=b")
    door = web.door()
    door.get(web.url())
    door.get(web.url())
    assert "cookie" not in web.asked[1].headers


def test_a_certificate_is_asked_for_the_name_and_not_for_the_address(web: Any) -> None:
    named: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sni_callback = lambda _, name, __: named.append(name)
    with socket.create_server((HERE, 0)) as listening:

        def greet() -> None:
            link, _ = listening.accept()
            with pytest.raises(OSError), context.wrap_socket(link, server_side=True):
                raise AssertionError

        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        port = listening.getsockname()[1]
        door = web.door(ports={port})
        with pytest.raises(OutsideError, match="could not be asked"):
            door.get(f"https://site.example:{port}/")
        thread.join(5)
    assert named == ["site.example"]
    assert door._tls.check_hostname and door._tls.verify_mode is ssl.CERT_REQUIRED
