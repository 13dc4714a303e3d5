"""Watched feeds: every entry is read once, servers are asked as they wish, and nothing leads inward."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.commands.watch import watch_feeds
from api.feeds import entries_of, page_of
from api.outside import OutsideError, RefusedAddress
from api.robots import Robots
from api.services import Services
from api.settings import Settings
from api.store import Store
from api.watching import ATTEMPTS, Polled, Watcher
from nlp.errors import UnreadableError
from nlp.readers import read_bytes
from nlp.records import Analysis, Article, Run, Topic

PARAGRAPH = (
    "The board of the county met on Tuesday and heard how the budgets of the practices had been shared out. "
    "Members said that they would look at the matter again in the spring, when the accounts are there."
)


def analyse(article: Article, _: Sequence[Topic]) -> Analysis:
    return Analysis(article, Run("0", "d"))


class _Services(Services):
    """Services without an encoder."""

    encoder: Any = None


@pytest.fixture
def services(settings: Settings, store: Store) -> Services:
    return _Services(settings, store=store, analyse=analyse)


@pytest.fixture
def watcher(services: Services, web: Any) -> Watcher:
    return Watcher(services=services, outside=web.door(), every=timedelta(minutes=10))


def item(number: int, *, content: bool = True, link: str = "") -> str:
    said = f"<p>{PARAGRAPH}</p><p>This is report {number} of the year, which says so in as many words.</p>"
    body = f"<content:encoded><![CDATA[{said}]]></content:encoded>" if content else ""
    link = link or f"http://site.example/articles/{number}"
    return (
        f"<item><title>Report {number}</title><link>{link}</link><guid>id-{number}</guid>"
        f"<pubDate>Tue, 0{number} Sep 2015 09:00:00 GMT</pubDate>{body}</item>"
    )


def rss(*items: str) -> str:
    space = "http://purl.org/rss/1.0/modules/content/"
    inside = f"<title>Wexshire Health News</title><link>http://site.example/</link>{''.join(items)}"
    return f'<?xml version="1.0"?><rss version="2.0" xmlns:content="{space}"><channel>{inside}</channel></rss>'


def page(number: int) -> str:
    paragraphs = f"<p>{PARAGRAPH}</p><p>Page {number} tells it at length, and more than the feed did.</p>"
    return f"<html><head><title>Report {number}</title></head><body><article>{paragraphs}</article></body></html>"


def titles(store: Store) -> list[str | None]:
    return [row.article.title for row in store.reader.articles().items]


def counts(polled: Polled) -> tuple[int, int, int]:
    return polled.stored, polled.unchanged, len(polled.skipped)


# Entries


def test_an_entry_of_each_form_of_feed_becomes_an_article_with_what_the_feed_says_of_it() -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Wexshire Health News</title><entry><title>Report 1</title>'
        '<id>id-1</id><link href="http://site.example/articles/1"/><published>2015-09-01T09:00:00Z</published>'
        f"<author><name>Sam Orrell</name></author><content type='html'>&lt;p&gt;{PARAGRAPH}&lt;/p&gt;</content>"
        "</entry></feed>"
    )
    jsonfeed = json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "Wexshire Health News",
            "items": [
                {
                    "id": "id-1",
                    "url": "http://site.example/articles/1",
                    "title": "Report 1",
                    "content_text": PARAGRAPH,
                    "date_published": "2015-09-01T09:00:00Z",
                }
            ],
        }
    )
    for feed in (rss(item(1)), atom, jsonfeed):
        listed = entries_of(feed.encode(), url="http://site.example/feed")
        (entry,) = listed.entries
        (article,) = read_bytes(page_of(entry, listed.title), source=entry.link)
        assert (article.title, article.publisher) == ("Report 1", "Wexshire Health News")
        assert (str(article.published), article.url) == ("2015-09-01", "http://site.example/articles/1")
        assert "heard how the budgets" in article.text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><body><p>No feed</p></body></html>",
        b"{}",
        b'{"version": "https://jsonfeed.org/version/1.1", "items": {}}',
        b"{" * 100_000,
        b"\x00\xff\xfe" * 100,
    ],
)
def test_what_is_no_feed_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(UnreadableError, match="no feed"):
        entries_of(data, url="http://site.example/feed")


def test_entities_that_grow_are_not_expanded() -> None:
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    bomb = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e0 "aaaaaaaaaa">{entities}]>' + rss(item(1))[21:].replace(
        "Report 1<", "&e9;<"
    )
    listed = entries_of(bomb.encode(), url="http://site.example/feed")
    assert all(len(entry.title) < 1000 for entry in listed.entries)


def test_a_file_that_a_feed_names_is_not_read(tmp_path: Any) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SECRET")
    with pytest.raises(UnreadableError):
        entries_of(str(secret).encode(), url="http://site.example/feed")
    entity = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file://{secret}">]>' + rss(item(1))[21:].replace(
        "Report 1<", "&x;<"
    )
    assert "SECRET" not in str(entries_of(entity.encode(), url="http://site.example/feed"))


# Watching


def test_entries_are_read_once_and_new_ones_when_they_come(watcher: Watcher, store: Store, web: Any) -> None:
    web.give("/feed", rss(item(2), item(1)))
    assert counts(watcher.poll(web.url("/feed"))) == (2, 0, 0)
    assert counts(watcher.poll(web.url("/feed"))) == (0, 0, 0)
    web.give("/feed", rss(item(3), item(2)))
    assert counts(watcher.poll(web.url("/feed"))) == (1, 0, 0)
    assert sorted(filter(None, titles(store))) == ["Report 1", "Report 2", "Report 3"]


def test_a_feed_is_asked_only_for_what_is_new(watcher: Watcher, web: Any) -> None:
    web.give("/feed", rss(item(1)), etag='"one"', last_modified="Tue, 01 Sep 2015 09:00:00 GMT")
    watcher.poll(web.url("/feed"))
    web.give("/feed", status=304)
    assert counts(watcher.poll(web.url("/feed"))) == (0, 0, 0)
    assert "if-none-match" not in web.asked[0].headers
    assert web.asked[1].headers["if-none-match"] == '"one"'
    assert web.asked[1].headers["if-modified-since"] == "Tue, 01 Sep 2015 09:00:00 GMT"


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_asks_for_time_gets_it(watcher: Watcher, web: Any, store: Store, status: int) -> None:
    web.give("/feed", status=status, retry_after="7200")
    assert watcher.poll(web.url("/feed")).error == f"it answered {status}"
    until = store.feeds.get(web.url("/feed")).not_before
    assert until is not None and until > datetime.now(UTC) + timedelta(minutes=119)
    assert watcher.poll(web.url("/feed")).waits and len(web.asked) == 1
    assert watcher._pause(web.url("/feed")) > 7000


def test_a_feed_that_fails_is_asked_less_and_less(watcher: Watcher, web: Any, store: Store) -> None:
    waits = []
    for _ in range(9):
        watcher.poll(web.url("/none"))
        until = store.feeds.get(web.url("/none")).not_before
        assert until is not None
        waits.append((until - datetime.now(UTC)).total_seconds() / 60)
        store.feeds.note(web.url("/none"), not_before=None)
    for wait, about in zip(waits, (10, 20, 40, 80, 160, 320, 640, 1280, 1440), strict=True):
        assert 0.75 * about < wait < 1.25 * about
    web.give("/none", rss(item(1)))
    assert watcher.poll(web.url("/none")).stored == 1 and store.feeds.get(web.url("/none")).failures == 0


def test_a_feed_that_is_gone_is_not_asked_again(watcher: Watcher, web: Any) -> None:
    web.give("/feed", status=410)
    assert watcher.poll(web.url("/feed")).gone
    assert watcher.poll(web.url("/feed")).gone and len(web.asked) == 1
    watcher.watch([web.url("/feed")])


def test_an_entry_that_cannot_be_read_is_tried_again_and_then_left(watcher: Watcher, web: Any) -> None:
    web.give("/feed", rss(item(1, content=False)), etag='"one"')
    for _ in range(ATTEMPTS):
        ((name, reason),) = watcher.poll(web.url("/feed")).skipped
        assert name.endswith("/articles/1") and "no content" in reason
    assert all("if-none-match" not in asked.headers for asked in web.asked), "it must be sent again to be read"
    assert watcher.poll(web.url("/feed")).skipped == ()
    watcher.poll(web.url("/feed"))
    assert web.asked[-1].headers["if-none-match"] == '"one"'


def test_a_feed_that_moved_for_good_is_said_to_have(watcher: Watcher, web: Any) -> None:
    web.give("/old", status=301, location="/feed")
    web.give("/feed", rss(item(1)))
    assert watcher.poll(web.url("/old")).moved_to == web.url("/feed")


def test_one_entry_under_two_ids_is_one_article(watcher: Watcher, web: Any) -> None:
    again = item(1).replace("id-1", "id-1b")
    web.give("/feed", rss(item(1), again))
    assert counts(watcher.poll(web.url("/feed"))) == (1, 1, 0)


# Pages


@pytest.fixture
def fetcher(watcher: Watcher, monkeypatch: pytest.MonkeyPatch) -> Watcher:
    monkeypatch.setattr("api.robots.LEAST_DELAY", 0.0)
    watcher.fetch = True
    return watcher


def test_the_page_of_an_entry_is_read_when_asked_for(fetcher: Watcher, store: Store, web: Any) -> None:
    web.give("/feed", rss(item(1, link=web.url("/one"))))
    web.give("/one", page(1), content_type="text/html")
    assert counts(fetcher.poll(web.url("/feed"))) == (1, 0, 0)
    (row,) = store.reader.articles().items
    assert row.article.url == web.url("/one")
    assert "more than the feed did" in store.reader.article(row.article.id).article.text
    assert web.paths() == ["/feed", "/robots.txt", "/one"]


def test_a_page_that_its_site_forbids_is_not_fetched(fetcher: Watcher, web: Any) -> None:
    web.give("/robots.txt", "User-agent: *\nDisallow: /private\n\nUser-agent: Standpoint\nDisallow: /one\n")
    web.give("/feed", rss(item(1, link=web.url("/one")), item(2, link=web.url("/private/two"))))
    web.give("/private/two", page(2))
    polled = fetcher.poll(web.url("/feed"))
    assert counts(polled) == (1, 0, 1) and "robots.txt" in polled.skipped[0][1]
    assert "/one" not in web.paths() and web.paths().count("/robots.txt") == 1


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (500, False), (503, False)])
def test_a_robots_txt_that_cannot_be_read_forbids_and_one_that_is_not_there_does_not(
    web: Any, status: int, allowed: bool
) -> None:
    web.give("/robots.txt", status=status)
    assert Robots(web.door()).allows(web.url("/one")) is allowed


def test_a_site_is_given_the_time_between_two_pages_that_it_asks_for(web: Any) -> None:
    web.give("/robots.txt", "User-agent: *\nCrawl-delay: 7\n")
    assert Robots(web.door()).delay(web.url("/one")) == 7
    web.give("/robots.txt", "User-agent: *\nCrawl-delay: 9999\n")
    assert Robots(web.door()).delay(web.url("/one")) == 30
    web.give("/robots.txt", "")
    assert Robots(web.door()).delay(web.url("/one")) == 1


@pytest.mark.parametrize(
    "link", ["http://127.0.0.1/x", "http://169.254.169.254/latest/meta-data", "file:///etc/passwd", "http://[::1]/"]
)
def test_an_entry_that_leads_inward_is_skipped(fetcher: Watcher, web: Any, link: str) -> None:
    web.give("/feed", rss(item(1, link=link)))
    polled = fetcher.poll(web.url("/feed"))
    assert counts(polled) == (0, 0, 1) and web.paths() == ["/feed"]


def test_a_page_that_leads_on_to_a_site_that_forbids_it_is_not_kept(fetcher: Watcher, web: Any, store: Store) -> None:
    robots = {"site.example": "", "other.example": "User-agent: *\nDisallow: /\n"}
    host = {"n": ""}

    def answer_robots(link: Any, asked: Any) -> None:
        host["n"] = asked.headers["host"].partition(":")[0]
        body = robots[host["n"]].encode()
        link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    web.pages["/robots.txt"] = answer_robots
    web.give("/one", status=302, location=web.url("/two", host="other.example"))
    web.give("/two", page(2))
    web.give("/feed", rss(item(1, link=web.url("/one"))))
    assert counts(fetcher.poll(web.url("/feed"))) == (0, 0, 1) and titles(store) == []


# The command


def once(services: Services, web: Any, *urls: str, **more: Any) -> int:
    given: dict[str, Any] = {"minutes": 10, "once": True, "fetch": False, "as_json": False, **more}
    return watch_feeds(services, urls, outside=web.door(), **given)


def test_the_command_tells_what_came(services: Services, web: Any, capsys: pytest.CaptureFixture[str]) -> None:
    web.give("/feed", rss(item(1), item(2)))
    assert once(services, web, web.url("/feed"), as_json=True) == 0
    printed = capsys.readouterr()
    (feed,) = json.loads(printed.out)["feeds"]
    assert (feed["stored"], feed["skipped"], feed["error"]) == (2, [], None) and "2 articles stored" in printed.err


def test_the_command_ends_with_what_went_wrong(services: Services, web: Any) -> None:
    web.give("/feed", rss(item(1)))
    assert once(services, web, web.url("/feed"), web.url("/none")) == 3
    web.give("/gone", status=410)
    with pytest.raises(OutsideError, match="port 22"):
        once(services, web, "http://site.example:22/feed")
    assert once(services, web, web.url("/gone"), as_json=True) == 4


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_watch_that_is_told_to_end_does_so_cleanly(
    services: Services, web: Any, store: Store, number: signal.Signals, code: int
) -> None:
    web.give("/feed", rss(item(1)))
    before = signal.getsignal(number)

    def end() -> None:
        while not titles(store):
            time.sleep(0.05)
        os.kill(os.getpid(), number)

    thread = threading.Thread(target=end, daemon=True)
    thread.start()
    assert once(services, web, web.url("/feed"), once=False) == code
    thread.join(5)
    assert titles(store) == ["Report 1"] and signal.getsignal(number) is before


def test_what_was_not_read_when_it_ended_is_read_the_next_time(
    services: Services, web: Any, store: Store, settings: Settings
) -> None:
    web.give("/feed", rss(item(2), item(1)), etag='"one"')
    first = Watcher(services=services, outside=web.door(), every=timedelta(minutes=10))

    def stop_after_one(article: Article, topics: Sequence[Topic]) -> Analysis:
        first.stop.set()
        return analyse(article, topics)

    services.analyse = stop_after_one
    assert first.poll(web.url("/feed")).stored == 1
    services.analyse = analyse
    second = Watcher(services=services, outside=web.door(), every=timedelta(minutes=10))
    assert second.poll(web.url("/feed")).stored == 1 and "if-none-match" not in web.asked[1].headers


def test_on_the_command_line_nothing_leads_inward(run: Callable[..., Any], data: list[str]) -> None:
    refused = run(*data, "watch", "--once", "http://127.0.0.1/feed")
    assert refused.code == 3 and "not on the public network" in refused.err
    for url in ("file:///etc/passwd", "feed.xml", "http://u:p@site.example/"):
        assert run(*data, "watch", "--once", url).code == RefusedAddress.exit_code == 2
