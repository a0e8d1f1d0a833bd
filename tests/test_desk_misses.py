"""Searches without hits at the archivist's desk, from the search that misses to what mends it."""

from datetime import timedelta

import pytest
from desk import page_of, send
from flask.testing import FlaskClient
from reading import text, texts
from selectolax.lexbor import LexborHTMLParser as Page

from index.authority import read_authority
from index.misses import Misses
from index.settings import ArchiveFolder
from index.topics import read_topics
from index.wordfile import read_exceptions
from search.archive import Archive
from web.app import create_app

LIST = "/archivist/misses/"


def search(client: FlaskClient, **arguments: str) -> None:
    """Search as a reader does, who reads the answer to its end."""
    client.get("/search", query_string=arguments).close()


def rows(page: Page) -> list[str]:
    return texts(page, ".desk-row h2")


def said(page: Page) -> str:
    return text(page, ".desk-done p")


@pytest.fixture
def log(folder: ArchiveFolder) -> Misses:
    return Misses(folder)


def test_a_search_that_misses_is_noted_when_the_answer_was_sent(client: FlaskClient, log: Misses) -> None:
    answer = client.get("/search?q=Bung+Wirja")
    assert log.listed() == ()
    answer.close()
    search(client, q="bung wirja")
    search(client, q="kabar")
    search(client, q="wirja", section="Ekonomi")
    client.head("/search?q=kelangkaan").close()
    client.get("/search.json?q=kelangkaan").close()
    assert [(miss.text, miss.times) for miss in log.listed()] == [("bung wirja", 2)]


def test_nothing_is_noted_where_the_settings_forbid_it(folder: ArchiveFolder, log: Misses) -> None:
    folder.settings_file.write_text("misses = false\n", encoding="utf-8")
    search(create_app(folder.path, language="en").test_client(), q="kelangkaan")
    assert log.listed() == ()


def test_an_archive_that_cannot_be_written_is_searched_all_the_same(client: FlaskClient, log: Misses) -> None:
    log.path.mkdir()
    answer = client.get("/search?q=kelangkaan")
    assert answer.status_code == 200
    answer.close()


def test_readers_do_not_see_the_log(client: FlaskClient, log: Misses) -> None:
    search(client, q="kelangkaan")
    for address in (LIST, LIST + "mend?text=kelangkaan"):
        assert client.get(address).status_code == 303
    client.post(LIST + "forget", data={"text": "kelangkaan"})
    assert len(log.listed()) == 1


def test_the_desk_lists_what_missed_and_what_it_finds_now(
    desk: FlaskClient, log: Misses, folder: ArchiveFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = Archive(folder.path).today()
    assert text(page_of(desk.get(LIST)), ".nothing") == "No search of these days was without a hit."
    for typed, times in (("kelangkaan", 3), ("kabar", 2), ("kota lama", 1)):
        for _time in range(times):
            log.note(typed, today)
    log.note("dahulu", today - timedelta(days=100))
    page = page_of(desk.get(LIST))
    assert rows(page) == ["kelangkaan 3 times", "kabar 2 times", "kota lama 1 times"]
    assert texts(page, ".desk-row .facts b") == ["now: 6 articles", "now: the page of Kota Lama, 3 articles"]
    assert text(page, ".count") == "3 searches of the last 90 days"
    assert rows(page_of(desk.get(LIST + "?days=365")))[-1] == "dahulu 1 times"
    assert [node.attributes["href"] for node in page.css(".desk-top [aria-current]")] == [LIST]
    monkeypatch.setattr("web.misses.PER_PAGE", 1)
    (following,) = (node.attributes["href"] for node in page_of(desk.get(LIST + "?days=365")).css(".pager a"))
    assert rows(page_of(desk.get(following))) == ["kabar 2 times"]


def test_the_words_lead_to_their_search_and_to_the_forms(desk: FlaskClient) -> None:
    search(desk, q="rubrik:wirja & kelangkaan")
    page = page_of(desk.get(LIST))
    for selector in (".desk-row h2 a", ".desk-row .desk-buttons a"):
        address = page.css_first(selector).attributes["href"] or ""
        shown = page_of(desk.get(address))
        values = [node.attributes.get("value") for node in shown.css("input")]
        assert "rubrik:wirja & kelangkaan" in values


def test_words_are_taken_out_of_the_log(desk: FlaskClient, log: Misses) -> None:
    search(desk, q="kelangkaan")
    page = page_of(send(desk, "misses/forget", text="kelangkaan", back=LIST + "?days=30"))
    assert said(page) == "taken out of the log: kelangkaan"
    assert text(page, ".count") == "0 searches of the last 30 days"
    assert log.listed() == ()
    assert texts(page_of(desk.get(LIST)), ".desk-done") == []


def test_a_miss_becomes_an_alias_of_a_person_nearby_with_one_button(desk: FlaskClient, folder: ArchiveFolder) -> None:
    search(desk, q="bung wirjawan")
    send(desk, "accept", slug="hadi-wirjawan")
    page = page_of(desk.get(LIST + "mend?text=bung wirjawan"))
    near = {node.text().split()[0]: node.attributes["value"] or "" for node in page.css("button[name=slug]")}
    assert near == {"Hadi": "hadi-wirjawan"}
    done = page_of(send(desk, "misses/alias", alias="bung wirjawan", slug=near["Hadi"], person="", back=LIST))
    assert "Hadi Wirjawan" in said(done)
    assert read_authority(folder.people).people[0].aliases == ("bung wirjawan",)
    assert texts(done, ".desk-row .facts b") == ["now: the page of Hadi Wirjawan, 2 articles"]
    number = done.css_first(".desk-done input[name=number]").attributes["value"] or ""
    send(desk, "undo", number=number)
    assert read_authority(folder.people).people[0].aliases == ()


def test_a_miss_becomes_an_alias_of_a_person_that_is_named(desk: FlaskClient, folder: ArchiveFolder) -> None:
    for alias in ("pak tjokro", "cak tjokro"):  # the second time there is a record
        send(desk, "misses/alias", alias=alias, person="Tjokro Adisastra")
    (record,) = read_authority(folder.people).people
    assert record.aliases == ("pak tjokro", "cak tjokro")
    problem = page_of(send(desk, "misses/alias", alias="pak tjokro", person="Siapa Pun"))
    assert text(problem, ".desk-problem") == 'no person is called "Siapa Pun"'
    assert texts(page_of(send(desk, "misses/alias", alias="pak tjokro")), ".desk-problem") != []


def test_a_miss_becomes_a_word_with_its_root_or_a_name(desk: FlaskClient, folder: ArchiveFolder) -> None:
    page = page_of(desk.get(LIST + "mend?text=wartawarti"))
    assert page.css_first("input[name=word]").attributes["value"] == "wartawarti"
    search(desk, q="wartawarti")
    done = page_of(send(desk, "misses/word", word="wartawarti", root="kabar"))
    assert said(done) == "wartawarti is searched in all forms of kabar"
    assert texts(done, ".desk-row .facts b") == ["now: 6 articles"]
    send(desk, "misses/word", word="Wirja", root="")
    exceptions = read_exceptions(folder.exceptions)
    assert (dict(exceptions.roots), exceptions.names) == ({"wartawarti": "kabar"}, {"wirja"})
    assert texts(page_of(send(desk, "misses/word", word="dua kata")), ".desk-problem") != []


def test_a_miss_becomes_a_topic(desk: FlaskClient, folder: ArchiveFolder) -> None:
    search(desk, q="warta harian")
    done = page_of(send(desk, "misses/topic", label="Warta harian", query="kabar"))
    assert said(done) == "the topic Warta harian has 6 articles"
    assert texts(done, ".desk-row .facts b") == ["now: the page of Warta harian, 6 articles"]
    topic = read_topics(folder.topics).find("warta-harian")
    assert topic is not None
    assert topic.query == "kabar"
    again = page_of(send(desk, "misses/topic", label="warta harian", query="isi"))
    assert text(again, ".desk-problem") == 'there is a topic "warta-harian" already'
    for label, query in (("", "isi"), ("Kosong", "")):
        assert texts(page_of(send(desk, "misses/topic", label=label, query=query)), ".desk-problem") != []


def test_a_damaged_log_is_told_and_no_fault_of_the_page(desk: FlaskClient, log: Misses) -> None:
    log.path.write_bytes(b"no database " * 100)
    page = page_of(desk.get(LIST))
    assert "misses.sqlite" in text(page, ".desk-problem")
