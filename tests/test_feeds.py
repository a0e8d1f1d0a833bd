"""Feeds, read by another program's parser: of a search, and of a person or a topic."""

from datetime import date, datetime
from uuid import uuid5

import feedparser
import pytest
from conftest import ClientMaker, fill, make_article
from defusedxml import ElementTree
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser as Page

from index.article import Article, Correction, CorrectionKind, Status
from index.dates import WIB
from index.settings import ArchiveFolder
from index.store import ArticleStore
from web.app import create_app

TAGS = {"atom": "http://www.w3.org/2005/Atom"}


def several(count: int = 5) -> list[Article]:
    return [
        make_article(
            id=f"uji-{n}",
            url=None,
            title=f"Harga beras {n}",
            date=datetime(2020 + n, 5, 1, 9, 30, tzinfo=WIB),
            people=("Siti Rahma",) if n % 2 else (),
        )
        for n in range(1, count + 1)
    ]


def feed_at(client: FlaskClient, address: str) -> feedparser.FeedParserDict:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(answer.data)
    assert not feed.bozo
    assert feed.version == "atom10"
    assert all(entry.id and entry.title and entry.updated and entry.link for entry in feed.entries)
    assert feed.feed.id
    assert feed.feed.updated
    assert feed.feed.author
    return feed


def links(feed: feedparser.FeedParserDict) -> dict[str, str]:
    return {link.rel: link.href for link in feed.feed.links}


def titles(feed: feedparser.FeedParserDict) -> list[str]:
    return [entry.title for entry in feed.entries]


@pytest.mark.parametrize(
    "asked", ["q=beras", "q=beras&size=2&page=2&sort=oldest", "person=Siti+Rahma", "q=beras&from=2022&to=2024", ""]
)
def test_the_feed_of_a_search_has_its_hits_in_its_order_and_its_counts(client_of: ClientMaker, asked: str) -> None:
    client = client_of(*several())
    feed = feed_at(client, f"/search.atom?{asked}")
    record = client.get(f"/search.json?{asked}").get_json()
    assert [entry.link for entry in feed.entries] == [hit["link"] for hit in record["hits"]]
    assert len(feed.entries) > 0
    assert feed.feed.opensearch_totalresults == str(record["total"])
    assert feed.feed.opensearch_startindex == str((record["page"] - 1) * record["size"] + 1)
    assert feed.feed.opensearch_itemsperpage == str(record["size"])


def test_the_pages_of_a_result_lead_to_each_other(client_of: ClientMaker) -> None:
    client = client_of(*several())
    address: str | None = "/search.atom?q=beras&sort=oldest&size=2"
    found: list[str] = []
    while address:
        feed = feed_at(client, address)
        assert links(feed)["self"].endswith(address.removeprefix("http://localhost"))
        found += titles(feed)
        address = links(feed).get("next")
    assert found == [f"Harga beras {n}" for n in range(1, 6)]
    middle = links(feed_at(client, "/search.atom?q=beras&size=2&page=2"))
    base = "http://localhost/search.atom?q=beras"
    assert middle == {
        "self": f"{base}&page=2&size=2",
        "alternate": "http://localhost/search?q=beras&page=2&size=2",
        "first": f"{base}&size=2",
        "previous": f"{base}&size=2",
        "next": f"{base}&page=3&size=2",
        "last": f"{base}&page=3&size=2",
    }


@pytest.mark.parametrize(
    ("address", "feed_id"),
    [
        ("search.atom?q=beras&page=1&section=Kata+%26+Data", "search:q=beras&section=Kata+%26+Data"),
        ("people/siti-rahma.atom", "person:siti-rahma"),
        ("topics/pasar-malam.atom", "topic:pasar-malam"),
    ],
)
def test_ids_stay_at_whatever_address_the_archive_is_asked(
    archive_folder: ArchiveFolder, address: str, feed_id: str
) -> None:
    one = {"section": "Kata & Data", "people": ("Siti Rahma",), "topics": ("Pasar Malam",)}
    fill(archive_folder, [make_article(id=key, url=None, **one) for key in ("kabar:uji/1 %?#", "uji-2")])
    ids = []
    for base, title in (("http://localhost/", "Arsip Uji"), ("https://arsip.example/berita/", "Arsip Lain")):
        archive_folder.settings_file.write_text(f'title = "{title}"', encoding="utf-8")
        client = create_app(archive_folder.path).test_client()
        feed = feedparser.parse(client.get(address, base_url=base).data)
        ids.append((feed.feed.id, sorted(entry.id for entry in feed.entries)))
    with ArticleStore(archive_folder.store, readonly=True) as store:
        archive_id = store.archive_id()
    articles = sorted(uuid5(archive_id, f"article:{key}").urn for key in ("kabar:uji/1 %?#", "uji-2"))
    assert ids == [(uuid5(archive_id, feed_id).urn, articles)] * 2


def test_the_title_says_what_was_asked_by_the_names_that_readers_know(client_of: ClientMaker) -> None:
    client = client_of(*several())
    feed = feed_at(client, "/search.atom?q=beras&person=siti-rahma&from=2021&to=2022")
    assert feed.feed.title == "beras, 2021–2022, person Siti Rahma – Telisik"
    assert feed_at(client, "/search.atom").feed.title == "All articles – Telisik"


def test_an_entry_tells_time_author_section_topics_and_what_matched(client_of: ClientMaker) -> None:
    (entry,) = feed_at(client_of(make_article(topics=("Pangan",))), "/search.atom?q=pasokan").entries
    assert (entry.title, entry.link) == ("Harga beras naik di pasar induk", "http://localhost/articles/uji-1")
    assert entry.published == entry.updated == "2023-07-28T10:30:00+07:00"
    assert [author.name for author in entry.authors] == ["Ratna Dewi"]
    assert {"Ekonomi", "Pangan"} <= {tag.term for tag in entry.tags}
    assert entry.summary == "Pedagang mengeluhkan pasokan."


def test_a_day_without_a_time_is_its_first_moment_in_the_archives_zone(client_of: ClientMaker) -> None:
    (entry,) = feed_at(client_of(make_article(date=date(2023, 7, 28))), "/search.atom").entries
    assert entry.updated == "2023-07-28T00:00:00+07:00"


def test_a_story_without_a_date_is_there_but_not_published(client_of: ClientMaker) -> None:
    feed = feed_at(client_of(make_article(date=None, authors=(), source=None)), "/search.atom")
    (entry,) = feed.entries
    assert "published" not in entry
    assert entry.updated == feed.feed.updated == "1970-01-01T00:00:00+00:00"


def test_a_correction_is_told_and_makes_the_entry_new(client_of: ClientMaker) -> None:
    erratum = Correction(CorrectionKind.ERRATUM, "Harga semula salah.", date(2023, 8, 2))
    feed = feed_at(client_of(make_article(status=Status.CORRECTED, corrections=(erratum,))), "/search.atom?q=beras")
    (entry,) = feed.entries
    assert entry.title == "[Corrected] Harga beras naik di pasar induk"
    assert entry.summary.startswith("Erratum: Harga semula salah.")
    assert (entry.published, entry.updated) == ("2023-07-28T10:30:00+07:00", "2023-08-02T00:00:00+07:00")
    assert feed.feed.updated == entry.updated
    assert ("corrected", "urn:telisik:status", "Corrected") in {(t.term, t.scheme, t.label) for t in entry.tags}


def test_of_a_withdrawn_story_there_is_the_reason_and_none_of_its_text(client_of: ClientMaker) -> None:
    reason = Correction(CorrectionKind.WITHDRAWAL, "Narasumber menarik keterangannya.")
    withdrawn = make_article(status=Status.WITHDRAWN, corrections=(reason,), summary="Pasokan rahasia.")
    client = client_of(withdrawn)
    (entry,) = feed_at(client, "/search.atom?q=beras").entries
    assert entry.title.startswith("[Withdrawn] ")
    assert "Narasumber menarik keterangannya." in entry.summary
    assert "asokan" not in client.get("/search.atom?q=beras").text


def test_nothing_under_embargo_is_in_a_feed(client_of: ClientMaker) -> None:
    hidden = make_article(id="uji-9", url=None, status=Status.EMBARGOED, date=date(2199, 1, 1), people=("Siti Rahma",))
    client = client_of(*several(1), hidden)
    assert titles(feed_at(client, "/search.atom?q=beras")) == ["Harga beras 1"]
    assert titles(feed_at(client, "/people/siti-rahma.atom")) == ["Harga beras 1"]


def test_a_person_has_a_feed_of_the_newest_fifty_stories(client_of: ClientMaker) -> None:
    articles = [
        make_article(id=f"uji-{n}", url=None, title=f"Rapat {n}", date=date(1950 + n, 1, 1), people=("Siti Rahma",))
        for n in range(60)
    ]
    client = client_of(*articles)
    feed = feed_at(client, "/people/siti-rahma.atom")
    assert titles(feed) == [f"Rapat {n}" for n in range(59, 9, -1)]
    assert feed.feed.title == "Siti Rahma – Telisik"
    assert feed.feed.updated == "2009-01-01T00:00:00+07:00"
    assert links(feed) == {
        "self": "http://localhost/people/siti-rahma.atom",
        "alternate": "http://localhost/people/siti-rahma",
    }


def test_a_topic_has_a_feed(client_of: ClientMaker) -> None:
    client = client_of(make_article(topics=("Pasar Malam",)), make_article(id="uji-2", url=None))
    feed = feed_at(client, "/topics/pasar-malam.atom")
    assert [entry.link for entry in feed.entries] == ["http://localhost/articles/uji-1"]


def test_a_name_leads_to_the_feed_of_its_person(client_of: ClientMaker) -> None:
    answer = client_of(*several()).get("/people/Siti%20Rahma.atom")
    assert (answer.status_code, answer.location) == (301, "/people/siti-rahma.atom")


@pytest.mark.parametrize("path", ["/search?q=beras&size=2", "/people/siti-rahma", "/topics/ekonomi"])
def test_pages_name_their_feed(client_of: ClientMaker, path: str) -> None:
    client = client_of(*several())
    page = Page(client.get(path).text)
    (named,) = page.css('link[rel=alternate][type="application/atom+xml"]')
    assert links(feed_at(client, named.attributes["href"] or ""))["alternate"] == f"http://localhost{path}"


@pytest.mark.parametrize("text", ["a\x00b\x0bc", "\ufffe\uffff", "]]>", "<b>&amp;", "\U0001f33e", "\ud800"])
def test_whatever_is_asked_or_printed_is_well_formed(client_of: ClientMaker, text: str) -> None:
    printed = text.replace("\ud800", "")
    client = client_of(make_article(title=f"Beras {printed} x", body=f"Beras {printed}"))
    for asked in (text.encode("utf-8", "replace").decode(), f"beras {printed}"):
        answer = client.get("/search.atom", query_string={"q": asked, "expand": "0"})
        assert ElementTree.fromstring(answer.data).tag == f"{{{TAGS['atom']}}}feed"


def test_markup_in_titles_stays_text(client_of: ClientMaker) -> None:
    (entry,) = feed_at(client_of(make_article(title="Beras & <b>gula</b>")), "/search.atom?q=gula").entries
    assert entry.title_detail.type == "text/plain"
    assert entry.title == "Beras & <b>gula</b>"


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/search.atom?page=abc", 400, "not_a_number"),
        ("/search.atom?from=besok", 400, "not_a_date"),
        ("/people/nihil.atom", 404, "not_found"),
        ("/topics/nihil.atom", 404, "not_found"),
        ("/nihil.atom", 404, "not_found"),
    ],
)
def test_errors_are_json(client_of: ClientMaker, address: str, status: int, code: str) -> None:
    answer = client_of().get(address)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (status, code)
