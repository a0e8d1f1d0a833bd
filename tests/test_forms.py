"""One address, five forms: the hits of a list in the same order, with the same counts, as page, JSON, CSV, Atom and RSS."""

import csv
import re
from datetime import date, datetime, timedelta

import feedparser
import pytest
import rispy
from conftest import ClientMaker, make_article
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser as Page

from index.article import Article, Correction, CorrectionKind, Status
from index.dates import WIB

BASE = "http://localhost"


def several() -> list[Article]:
    """Return articles of many kinds; of two of them the text is the same story."""
    reason = Correction(CorrectionKind.WITHDRAWAL, "Narasumber menarik keterangannya.")
    erratum = Correction(CorrectionKind.ERRATUM, "Harga semula salah.", date(2023, 8, 2))
    articles = [
        make_article(
            id=f"uji/{n}",
            url=None,
            title=f"Harga beras {n}",
            body=f"Pasokan beras ke pasar nomor {n} berkurang.",
            date=datetime(2015 + n, 5, 1, 9, 30, tzinfo=WIB),
            people=("Siti Rahma",) if n % 2 else (),
            topics=("Pasar Malam",),
        )
        for n in range(1, 8)
    ]
    return [
        *articles,
        make_article(id="dicabut", url=None, status=Status.WITHDRAWN, corrections=(reason,), people=("Siti Rahma",)),
        make_article(id="ralat", url=None, status=Status.CORRECTED, corrections=(erratum,)),
        make_article(id="tanpa-tanggal", url=None, date=None, authors=(), source=None),
        make_article(id="nanti", url=None, status=Status.EMBARGOED, date=date(2199, 1, 1)),
    ]


@pytest.fixture
def reader(client_of: ClientMaker) -> FlaskClient:
    return client_of(*several())


def rows(client: FlaskClient, address: str) -> tuple[list[dict[str, str]], int]:
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    return list(csv.DictReader(answer.text.splitlines())), int(answer.headers["X-Total-Count"])


def feed(client: FlaskClient, address: str) -> feedparser.FeedParserDict:
    answer = client.get(address)
    assert answer.status_code == 200
    found = feedparser.parse(answer.data)
    assert not found.bozo, found.bozo_exception
    assert found.version == {"atom": "atom10", "rss": "rss20"}[re.split("[.?]", address)[-2 if "?" in address else -1]]
    return found


def counts(found: feedparser.FeedParserDict) -> tuple[int, int, int]:
    told = found.feed
    return int(told.opensearch_totalresults), int(told.opensearch_startindex), int(told.opensearch_itemsperpage)


@pytest.mark.parametrize(
    "asked",
    [
        "q=beras",
        "q=beras&size=3&page=2&sort=oldest",
        "q=harga+pasar+nomor+sapi",
        "person=siti-rahma&sort=newest",
        "topic=pasar-malam&from=2017&to=2019",
        "q=beras&source=Harian+Uji&section=Ekonomi&expand=0",
        "",
        "q=takadasamasekali",
    ],
)
def test_all_forms_of_a_search_have_the_same_hits_order_and_counts(reader: FlaskClient, asked: str) -> None:
    record = reader.get(f"/search.json?{asked}").get_json()
    links, total = [hit["link"] for hit in record["hits"]], record["total"]
    place = (total, (record["page"] - 1) * record["size"] + 1, record["size"])
    page = Page(reader.get(f"/search?{asked}").text)
    shown = [BASE + re.sub(r"\?.*", "", link.attributes["href"] or "") for link in page.css(".hits .headline a[href]")]
    assert shown == links
    assert str(total) in page.css_first("[role=status]").text() or not total
    table, said = rows(reader, f"/search.csv?{asked}")
    assert ([row["link"] for row in table], said) == (links, total)
    for form in ("atom", "rss"):
        found = feed(reader, f"/search.{form}?{asked}")
        assert [entry.link for entry in found.entries] == links
        assert counts(found) == place


@pytest.mark.parametrize("path", ["people/siti-rahma", "topics/pasar-malam"])
def test_all_forms_of_an_entry_have_its_newest_stories(reader: FlaskClient, path: str) -> None:
    kind, slug = path.split("/")
    field = {"people": "person", "topics": "topic"}[kind]
    record = reader.get(f"/search.json?{field}={slug}&sort=newest&size=50").get_json()
    links = [hit["link"] for hit in record["hits"]]
    assert len(links) >= 4
    table, total = rows(reader, f"/{path}.csv")
    assert ([row["link"] for row in table], total) == (links, record["total"])
    for form in ("atom", "rss"):
        found = feed(reader, f"/{path}.{form}")
        assert [entry.link for entry in found.entries] == links
        assert counts(found) == (record["total"], 1, 50)
    profile = reader.get(f"/{path}.json").get_json()
    assert profile["articles"] == record["total"]
    assert [story["link"] for story in profile["newest"]] == links[: len(profile["newest"])]
    assert profile["links"] == {
        "stories": f"{BASE}/search.json?{field}={slug}",
        "search": f"{BASE}/search?{field}={slug}",
        "csv": f"{BASE}/{path}.csv",
        "atom": f"{BASE}/{path}.atom",
        "rss": f"{BASE}/{path}.rss",
    }


@pytest.mark.parametrize("path", ["people", "topics"])
@pytest.mark.parametrize("asked", ["", "?q=siti", "?letter=P", "?q=nihil"])
def test_a_list_of_entries_is_the_same_table(reader: FlaskClient, path: str, asked: str) -> None:
    record = reader.get(f"/{path}.json{asked}").get_json()
    table, total = rows(reader, f"/{path}.csv{asked}")
    assert total == record["total"]
    assert table == [
        {
            "slug": entry["slug"],
            "label": entry["label"],
            "articles": str(entry["articles"]),
            "recorded": str(int(entry["recorded"])),
            "link": entry["link"],
        }
        for entry in record["entries"]
    ]


@pytest.mark.parametrize("form", ["csv", "atom", "rss", "json"])
@pytest.mark.parametrize("path", ["people", "topics"])
def test_a_name_leads_to_its_entry_in_every_form_and_nobody_is_told(reader: FlaskClient, path: str, form: str) -> None:
    name, slug = {"people": ("Siti%20Rahma", "siti-rahma"), "topics": ("Pasar%20Malam", "pasar-malam")}[path]
    answer = reader.get(f"/{path}/{name}.{form}")
    assert (answer.status_code, answer.location) == (301, f"/{path}/{slug}.{form}")
    answer = reader.get(f"/{path}/nihil.{form}")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (404, "not_found")


def test_pages_name_their_other_forms(reader: FlaskClient) -> None:
    for path in ("/search?q=beras&size=3", "/people/siti-rahma", "/topics/pasar-malam"):
        page = Page(reader.get(path).text)
        named = {
            link.attributes["type"]: link.attributes["href"] or "" for link in page.css("link[rel=alternate][type]")
        }
        assert {"application/json", "text/csv", "application/atom+xml", "application/rss+xml"} <= set(named), path
        for kind, address in named.items():
            assert reader.get(address).mimetype == kind
            assert page.css(f'main a[href="{address.replace("&", "&amp;")}"], main a[href="{address}"]'), address


# --- RSS


def test_an_item_tells_title_time_author_section_topics_and_what_matched(reader: FlaskClient) -> None:
    item = feed(reader, "/search.rss?q=nomor&sort=newest").entries[0]
    assert (item.title, item.link) == ("Harga beras 7", f"{BASE}/articles/uji/7")
    assert (item.published, item.updated) == ("Sun, 01 May 2022 09:30:00 +0700", "2022-05-01T09:30:00+07:00")
    assert item.id.startswith("urn:uuid:")
    assert not item.guidislink
    assert item.author == "Ratna Dewi"
    assert {"Ekonomi", "Pasar Malam"} <= {tag.term for tag in item.tags}
    assert "pasar nomor 7" in item.summary


def test_an_item_and_an_entry_of_one_story_have_one_id(reader: FlaskClient) -> None:
    atom, rss = (feed(reader, f"/search.{form}?q=beras") for form in ("atom", "rss"))
    assert [entry.id for entry in atom.entries] == [item.id for item in rss.entries]


def test_the_channel_says_what_it_is_of_and_leads_to_its_other_pages(reader: FlaskClient) -> None:
    channel = feed(reader, "/search.rss?q=beras&size=3&page=2").feed
    assert channel.title == "beras – Telisik"
    assert channel.description == "Articles in Telisik: beras"
    assert channel.link == f"{BASE}/search?q=beras&page=2&size=3"
    assert channel.language == "en"
    links = {link.rel: link.href for link in channel.links if link.type == "application/rss+xml"}
    address = f"{BASE}/search.rss?q=beras"
    assert links["self"] == f"{address}&page=2&size=3"
    assert (links["first"], links["previous"], links["next"]) == (
        f"{address}&size=3", f"{address}&size=3", f"{address}&page=3&size=3",
    )  # fmt: skip


def test_items_tell_what_press_law_asks_for(reader: FlaskClient) -> None:
    items = {item.link.rpartition("/")[2]: item for item in feed(reader, "/search.rss?q=pasar&size=50").entries}
    assert items["ralat"].title.startswith("[Corrected] ")
    assert items["ralat"].summary.startswith("Erratum: Harga semula salah.")
    assert items["ralat"].updated == "2023-08-02T00:00:00+07:00"
    assert items["dicabut"].title.startswith("[Withdrawn] ")
    assert "Narasumber menarik keterangannya." in items["dicabut"].summary
    assert "pasokan" not in items["dicabut"].summary.casefold()
    assert ("withdrawn", "urn:telisik:status") in {(tag.term, tag.scheme) for tag in items["dicabut"].tags}
    assert "published" not in items["tanpa-tanggal"]
    assert "nanti" not in items


def test_moments_of_batavia_time_are_told_in_whole_minutes(client_of: ClientMaker) -> None:
    """Until 1924 clocks there were 7 hours, 7 minutes and 12 seconds ahead, which neither RFC 3339 nor RFC 822 can say."""
    client = client_of(make_article(date=date(1920, 5, 1)))
    assert feed(client, "/search.atom").entries[0].published == "1920-04-30T16:52:48+00:00"
    assert feed(client, "/search.rss").entries[0].published == "Fri, 30 Apr 1920 16:52:48 +0000"


def test_a_table_of_names_has_no_formula(client_of: ClientMaker) -> None:
    client = client_of(*(make_article(id=f"uji-{n}", url=None, topics=("=1+1",)) for n in range(3)))
    table, _total = rows(client, "/topics.csv")
    assert "'=1+1" in [row["label"] for row in table]


@pytest.mark.parametrize("text", ["a\x00b\x0bc", "\ufffe\uffff", "]]>", "<b>&amp;", "\U0001f33e"])
def test_whatever_is_asked_or_printed_is_well_formed(client_of: ClientMaker, text: str) -> None:
    client = client_of(make_article(title=f"Beras {text} x", body=f"Beras {text}"))
    for asked in (text, f"beras {text}"):
        answer = client.get("/search.rss", query_string={"q": asked, "expand": "0"})
        assert not feedparser.parse(answer.data).bozo


def test_a_correction_to_come_is_no_change_yet(client_of: ClientMaker) -> None:
    later = Correction(CorrectionKind.ERRATUM, "Kelak.", date.today() + timedelta(days=2))
    client = client_of(make_article(status=Status.CORRECTED, corrections=(later,)))
    assert feed(client, "/search.rss").entries[0].updated == "2023-07-28T10:30:00+07:00"


# --- references


@pytest.mark.parametrize("asked", ["q=beras", "q=pasar&size=3&page=2", "q=takadasamasekali"])
def test_a_result_is_a_list_of_references_in_its_order(reader: FlaskClient, asked: str) -> None:
    record = reader.get(f"/search.json?{asked}").get_json()
    ids, links = ([hit[name] for hit in record["hits"]] for name in ("id", "link"))
    answers = {form: reader.get(f"/search.{form}?{asked}") for form in ("ris", "bib", "csl.json")}
    for form, answer in answers.items():
        assert answer.status_code == 200
        assert answer.headers["X-Total-Count"] == str(record["total"])
        assert answer.headers["Content-Disposition"].endswith(f".{form}")
    assert [entry["id"] for entry in rispy.loads(answers["ris"].text)] == ids
    assert [item["id"] for item in answers["csl.json"].get_json(force=True)] == ids
    assert re.findall(r"^  url = \{(.*)\},$", answers["bib"].text, re.MULTILINE) == links


def test_references_are_of_newspapers_and_have_no_text_of_what_is_withdrawn(reader: FlaskClient) -> None:
    entries = rispy.loads(reader.get("/search.ris?q=pasar&size=50").text)
    assert {entry["type_of_reference"] for entry in entries} == {"NEWS"}
    assert any("Dicabut" in note for entry in entries for note in entry.get("notes", ()))
    assert "nanti" not in [entry["id"] for entry in entries]
