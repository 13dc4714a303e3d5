"""The pages where a topic is added: faults in words, a preview that writes nothing, and forms of our own pages only."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from api.app import create_app
from api.pages import topic_forms
from api.pages.topic_form import LABELS, TopicForm
from api.settings import Settings
from api.store import Filters, Store
from api.store.jobs import JobState
from nlp.explanations import Reading
from nlp.positions import Observation
from nlp.records import Analysis, Article, Evidence, Run, Stance, StanceLabel, Topic
from nlp.topic_check import Catch
from nlp.topics import shipped_topics, topics_digest

BASE = "http://127.0.0.1"
TOLL = {
    "claim": "The bridge should have\n a toll.",
    "counter_claim": "The bridge should stay free.",
    "name": "Bridge toll",
    "phrases": "bridge toll\r\n\r\n  toll for  the bridge \nbridge toll",
    "supports": "make drivers pay",
    "opposes": "keep it free",
    "named_only": "1",
}
SHIPPED = {topic.id for topic in shipped_topics()}
NASTY = "<img src=x onerror=alert(1)>"


class FakeEngine:
    """Gives every article one stance on each topic that was added; a check can be held up."""

    held = False

    def apply(self, analysis: Analysis, topics: Sequence[Topic], before: Sequence[Topic] | None) -> Analysis:
        said = analysis.statements[0]
        evidence = Evidence(0.9, "fake", "made up", said.spans)
        kept = [stance for stance in analysis.stances if stance.topic in SHIPPED]
        own = [topic.id for topic in topics if topic.id not in SHIPPED]
        made = [Stance(said.holder or "", id, StanceLabel.OPPOSE, evidence, statement=said.id) for id in own]
        run = Run("0.1.0", "now", (("topics", topics_digest(topics)),))
        return replace(analysis, run=run, stances=(*kept, *made))

    def check(self, analysis: Analysis, topic: Topic, topics: Sequence[Topic]) -> tuple[Catch, ...]:
        while self.held:
            time.sleep(0.01)
        said = analysis.statements[0]
        label = StanceLabel.OPPOSE
        return tuple(
            Catch(analysis.article.id, "s1", said.holder or "", f"{NASTY} {caught}", caught, label, 0.8, "made up")
            for caught in (True, False)
        )

    def read(self, article: Article, observation: Observation, topic: Topic, holder: str) -> Reading | None:
        return None


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def app(settings: Settings, store: Store, make_analysis: Callable[..., Analysis], engine: FakeEngine) -> FastAPI:
    for number in range(3):
        store.writer.write_analysis(make_analysis(f"{number}.txt", words=f"area {number} needs a single budget"))
    return create_app(settings, store=store, engine=engine)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as found:
        yield found


def _tree(page: str) -> html.HtmlElement:
    return html.fromstring(page)


def _text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_preview_has_an_address_shows_both_lists_and_writes_nothing(client: TestClient, store: Store) -> None:
    sent = client.post("/topics/new", data={**TOLL, "do": "preview"}, follow_redirects=False)
    assert sent.status_code == 303 and sent.headers["location"].startswith("/topics/new/")
    # The reader is led to what was found, below the form.
    assert sent.headers["location"].endswith("#preview")
    for _ in range(2):
        page = client.get(sent.headers["location"])
        tree = _tree(page.text)
        text = _text(tree)
        assert "3 articles read. The proposal would catch 3 statements and narrowly miss 3. Nothing was stored." in text
        assert len(tree.xpath("//li[contains(@class, 'quote')]")) == 6 and "Jo Tarn" in text
        assert NASTY in text and not tree.xpath("//img[@onerror]")
    for href in tree.xpath("//li[contains(@class, 'quote')]//a/@href"):
        assert client.get(href.partition("#")[0]).status_code == 200
    assert tree.xpath("//input[@name='name']/@value") == ["Bridge toll"]
    assert tree.xpath("//textarea[@name='phrases']")[0].text.strip() == "bridge toll\ntoll for the bridge"
    assert tree.xpath("//input[@name='named_only']/@checked")
    assert store.reader.topics() == ()


def test_preview_of_many_articles_reads_the_last_ones_and_says_so(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topic_forms, "PREVIEW_ARTICLES", 2)
    monkeypatch.setattr(topic_forms, "PREVIEW_SHOWN", 1)
    assert "reads the 2 articles that came last, of 3 stored articles" in _text(_tree(client.get("/topics/new").text))
    text = _text(_tree(client.post("/topics/new", data=TOLL).text))
    assert "2 articles read, those that came last of 3 articles." in text and "The 1 surest are shown" in text


def test_preview_that_takes_long_says_how_far_it_is(
    client: TestClient, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topic_forms, "PATIENCE", 0.2)
    engine.held = True
    page = client.post("/topics/new", data=TOLL)
    tree = _tree(page.text)
    assert "Still reading" in _text(tree) and tree.xpath("//*[@data-follow]")
    engine.held = False
    monkeypatch.setattr(topic_forms, "PATIENCE", 30.0)
    (again,) = tree.xpath("//section[@id='preview']//a/@href")
    assert "would catch 3 statements" in _text(_tree(client.get(again.partition("#")[0]).text))


def test_preview_that_failed_says_why(client: TestClient, store: Store) -> None:
    page = client.post("/topics/new", data=TOLL)
    id = page.url.path.rpartition("/")[2]
    store.jobs.fail(id, "restarted: the server ended")
    with store.jobs._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE jobs SET result = NULL")
    text = _text(_tree(client.get(f"/topics/new/{id}").text))
    assert "The preview failed" in text and "Restarted: the server ended" in text


def test_saving_adds_the_topic_applies_it_and_leads_to_its_state(client: TestClient, store: Store) -> None:
    sent = client.post("/topics/new", data={**TOLL, "do": "save"}, follow_redirects=False)
    assert (sent.status_code, sent.headers["location"]) == (303, "/topics/bridge-toll/state")
    (kept,) = store.reader.topics()
    assert kept == Topic(
        "bridge-toll",
        "Bridge toll",
        "The bridge should have a toll.",
        "The bridge should stay free.",
        ("bridge toll", "toll for the bridge"),
        supports=("make drivers pay",),
        opposes=("keep it free",),
        named_only=True,
    )
    assert "applied to all 3 stored articles" in _text(_tree(client.get("/topics/bridge-toll/state").text))
    assert len(store.reader.stances(Filters(topic=("bridge-toll",))).items) == 3
    assert "Bridge toll" in client.get("/topics/own").text and "Bridge toll" in client.get("/?topic=bridge-toll").text


def test_saving_over_many_articles_is_a_job_that_the_state_follows(
    settings: Settings, store: Store, app: FastAPI, engine: FakeEngine
) -> None:
    few = settings.model_copy(update={"job_articles": 1})
    with TestClient(create_app(few, store=store, engine=engine), base_url=BASE) as client:
        page = client.post("/topics/new", data={**TOLL, "do": "save"})
        job = page.url.params["job"]
        for _ in range(100):
            if store.jobs.get(job).state is JobState.DONE:
                break
            time.sleep(0.05)
        assert "applied to all 3" in _text(_tree(client.get(str(page.url)).text))
        assert client.get(f"/topics/new/{job}").status_code == 404


def test_work_that_was_interrupted_can_be_gone_on_with(client: TestClient, store: Store) -> None:
    store.writer.add_topic(TopicForm("The bridge should have a toll.", name="Bridge toll").to_topic())
    tree = _tree(client.get("/topics/bridge-toll/state").text)
    assert "0 of 3 articles read" in _text(tree) and "3 articles wait" in _text(tree)
    (form,) = tree.xpath("//form")
    page = client.post(form.get("action"))
    assert "applied to all 3" in _text(_tree(client.get(str(page.url)).text))


def test_own_topic_is_removed_after_a_question(client: TestClient, store: Store) -> None:
    client.post("/topics/new", data={**TOLL, "do": "save"})
    tree = _tree(client.get("/topics/bridge-toll/remove").text)
    assert "Remove Bridge toll?" in _text(tree) and store.reader.topics()
    (form,) = tree.xpath("//form")
    sent = client.post(form.get("action"), follow_redirects=False)
    assert (sent.status_code, sent.headers["location"]) == (303, "/topics/own")
    assert store.reader.topics() == () and "None yet" in client.get("/topics/own").text
    assert client.post(form.get("action")).status_code == 404


@pytest.mark.parametrize("page", ["state", "remove"])
def test_shipped_and_unknown_topics_have_no_such_pages(client: TestClient, page: str) -> None:
    shipped = client.get(f"/topics/pooling/{page}")
    assert shipped.status_code == 409 and "ships with Standpoint" in shipped.text
    assert client.get(f"/topics/nothing/{page}").status_code == 404
    assert client.post(f"/topics/pooling/{page}").status_code == 409


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"claim": ""}, "claim", "Say the proposal in a sentence"),
        ({"claim": "Tolls"}, "claim", "must be a sentence of 3 words or more"),
        ({"claim": "toll " * 101}, "claim", "The proposal is longer than 500 characters."),
        ({"counter_claim": "The bridge should have a TOLL"}, "counter_claim", "says the same as the proposal"),
        ({"name": " "}, "name", "Give the proposal a short name"),
        ({"name": "Мост"}, "name", "needs a letter from a to z"),
        ({"name": "Pooling"}, "name", "Another proposal goes by this name"),
        ({"phrases": "toll\nover there"}, "phrases", "Phrases, line 2, is made of everyday words"),
        ({"phrases": "\n".join(f"toll {n}" for n in range(201))}, "phrases", "holds more than 200 texts"),
        ({"supports": "a\0b"}, "supports", "What counts as support, line 1, holds a control character"),
        ({"phrases": ""}, "named_only", "needs phrases to be named by"),
    ],
)
@pytest.mark.parametrize("do", ["preview", "save"])
def test_faults_are_listed_first_linked_to_their_fields_and_said_beside_them(
    client: TestClient, store: Store, change: dict[str, str], field: str, words: str, do: str
) -> None:
    answer = client.post("/topics/new", data={**TOLL, **change, "do": do})
    tree = _tree(answer.text)
    assert answer.status_code == 422 and store.reader.topics() == ()
    assert tree.xpath("//title")[0].text.startswith("Error: ")
    links = {link.get("href"): _text(link) for link in tree.xpath("//div[@role='alert']//a")}
    assert words in links[f"#f-{field}"]
    control = tree.get_element_by_id(f"f-{field}")
    assert control.get("aria-invalid") == "true"
    notes = " ".join(_text(tree.get_element_by_id(id)) for id in control.get("aria-describedby").split())
    assert f"Error: {links[f'#f-{field}']}" in notes
    kept = tree.xpath("//textarea[@name='opposes']")[0].text.strip()
    assert kept == "keep it free"


def test_an_empty_form_asks_for_the_two_fields_that_are_needed(client: TestClient) -> None:
    tree = _tree(client.post("/topics/new").text)
    assert tree.xpath("//div[@role='alert']//a/@href") == ["#f-claim", "#f-name"]


@pytest.mark.parametrize("path", ["/topics/new", "/topics/bridge-toll/remove", "/topics/bridge-toll/state", "/analyse"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://example.org"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9", "Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_forms_of_other_sites_change_nothing(
    client: TestClient, store: Store, path: str, headers: dict[str, str]
) -> None:
    client.post("/topics/new", data={**TOLL, "do": "save"})
    before = store.reader.topics()
    answer = client.post(path, data={**TOLL, "name": "Other", "do": "save"}, headers=headers)
    assert answer.status_code == 403 and "another site" in answer.text
    assert store.reader.topics() == before and len(before) == 1


def test_form_of_our_own_page_is_taken(client: TestClient) -> None:
    own = {"Origin": BASE, "Sec-Fetch-Site": "same-origin"}
    assert client.post("/topics/new", data={**TOLL, "do": "save"}, headers=own).status_code == 200


@given(st.builds(TopicForm, *(st.text(max_size=40) for _ in range(6)), st.booleans()))
def test_whatever_stands_in_the_form_has_a_topic_or_faults_of_its_fields(form: TopicForm) -> None:
    for fault in form.faults({}):
        assert fault.field in LABELS and fault.text.endswith(".") and fault.text[0].isupper()
