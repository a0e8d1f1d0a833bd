"""Suggestions while one types: what they are made of, that each finds what it says, and how programs ask for them."""

import string
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from conftest import ArchiveMaker, fill, make_article
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Status
from index.settings import ArchiveFolder
from index.store import ArticleStore
from index.writer import update_index, writing
from search.archive import Archive
from search.query import MAX_TEXT, Query, QueryError
from search.suggestions import MOST_NAMES, MOST_TITLES
from web.app import create_app

article = partial(make_article, url=None, section=None, source=None, authors=(), body="Uji.")

NEWS = [
    article(id="1", title="Harga beras naik", date=date(2023, 1, 1), section="Ekonomi", authors=("Ratna Dewi",)),
    article(id="2", title="Harga beras turun di pasar", date=date(2023, 1, 2), people=("Siti Ma'ruf", "Budi Santoso")),
    article(
        id="3", title="Harga cabai naik", date=date(2023, 1, 3), people=("Budi Santoso",), topics=("harga pangan",)
    ),
    article(id="4", title="Dana desa dan korupsi", date=date(2023, 1, 4), body="Korupsi dana desa. Beras dari desa."),
    article(
        id="5", title='Pakar: "Beras -DAN- jagung" (2/3) judul:baru', date=date(2023, 1, 5), topics=("Müller & Söhne",)
    ),
    article(id="6", title="Prabowo-Gibran di Jakarta", date=date(2023, 1, 6), authors=("Budi Harga",)),
]


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = ArchiveFolder(tmp_path_factory.mktemp("saran") / "arsip")
    fill(folder, NEWS)
    archive = Archive(folder.path)
    yield archive
    archive.close()


@pytest.fixture
def client(archive_folder: ArchiveFolder) -> FlaskClient:
    fill(archive_folder, NEWS)
    return create_app(archive_folder.path, language="en").test_client()


def texts(archive: Archive, typed: str, kind: str) -> list[str]:
    return [suggestion.text for suggestion in archive.suggest(typed) if suggestion.kind == kind]


@pytest.mark.parametrize(
    ("typed", "phrases"),
    [
        ("har", ["harga"]),
        ("harga ", ["harga beras", "harga cabai"]),  # the more frequent first
        ("harga b", ["harga beras"]),
        ("Harga  be", ["Harga  beras"]),  # what was typed stays as it was typed
        ("beras tu", ["beras turun"]),
        ("turun ", []),  # not "di", nor what stands behind it
        ("turun di ", ["turun di pasar"]),
        ('"dana de', ['"dana desa"']),
        ('"naik cab', ["naik cabai"]),  # nowhere next to each other
        ("naik cab", ["naik cabai"]),
        ('beras ATAU "naik cab', ["beras ATAU naik cabai"]),
        ("judul:cab", ["judul:cabai"]),
        ("=cab", ["=cabai"]),
        ("beras ATAU cab", ["beras ATAU cabai"]),
        ("(beras ATAU cab", ["(beras ATAU cabai"]),
        ("desa -prab", ["desa -prabowo"]),
        ("harga", []),  # whole already
        ("beras ATAU ", []),
        ("judul:", []),
        ("beras!", []),
        ("ber*", []),
        ("ber~", []),
        ('"dana desa"', []),
        ("tanggal:20", []),
        ("id:1", []),
        ("xyz", []),
        ("", []),
        ("   ", []),
    ],
)
def test_the_last_word_is_completed_or_the_next_one_told(news: Archive, typed: str, phrases: list[str]) -> None:
    assert texts(news, typed, "phrase") == phrases


@pytest.mark.parametrize(
    ("typed", "persons"),
    [
        ("bud", ['tokoh:"Budi Santoso"', 'penulis:"Budi Harga"']),
        ("SANT", ['tokoh:"Budi Santoso"']),
        ("budi s", ['tokoh:"Budi Santoso"']),
        ("budi ", ['tokoh:"Budi Santoso"', 'penulis:"Budi Harga"']),
        ("bud ", []),
        ("maru", ['tokoh:"Siti Ma\'ruf"']),
        ("beras maru", ['beras tokoh:"Siti Ma\'ruf"']),
        ("beras ma", []),  # too little for a name among other words
        ("cabai siti", []),  # found nowhere together
        ("tokoh:b", ['tokoh:"Budi Santoso"']),
        ('beras tokoh:"budi sa', ['beras tokoh:"Budi Santoso"']),
        ("judul:bud", []),
        ('"bud', []),
    ],
)
def test_people_are_found_by_the_beginning_of_any_of_their_names(news: Archive, typed: str, persons: list[str]) -> None:
    assert texts(news, typed, "person") + texts(news, typed, "author") == persons


def test_topics_and_sections_are_told_case_and_accents_aside(news: Archive) -> None:
    assert texts(news, "mull", "topic") == ['topik:"Müller & Söhne"']
    assert texts(news, "PANG", "topic") == ['topik:"harga pangan"']
    assert texts(news, "eko", "section") == ["rubrik:Ekonomi"]


def test_titles_have_the_words_typed_the_newest_first(news: Archive) -> None:
    assert texts(news, "beras harga", "title") == ['"Harga beras turun di pasar"', '"Harga beras naik"']
    assert texts(news, "na", "title") == ['"Harga cabai naik"', '"Harga beras naik"']
    assert texts(news, "judul:beras", "title") == []


def test_every_suggestion_finds_what_it_says(news: Archive) -> None:
    for typed in ("h", "harga b", "budi", "jag", "dana ", "prab", "gib", "pak", "judul:be", "muller"):
        for suggestion in news.suggest(typed):
            page = news.search(Query(suggestion.text))
            assert not page.relaxed
            assert page.total == (page.total or 1 if suggestion.count is None else suggestion.count)
            assert page.total


def test_running_a_title_finds_its_article_whatever_signs_it_has(news: Archive) -> None:
    (title,) = texts(news, "pakar", "title")
    assert title == '"Pakar: Beras -DAN- jagung (2/3) judul:baru"'
    page = news.search(Query(title))
    assert ([hit.article_id for hit in page.hits], page.repairs) == (["5"], ())


def test_names_and_titles_leave_room_for_each_other(archive_with: ArchiveMaker) -> None:
    many = [
        article(id=str(n), title=f"Kabar {n}", people=(f"Kaka {n}",), body=f"Kapal{chr(97 + n)}.") for n in range(9)
    ]
    archive = archive_with(*many)
    kinds = [suggestion.kind.value for suggestion in archive.suggest("ka")]
    assert (kinds.count("person"), kinds.count("title"), len(kinds)) == (MOST_NAMES, MOST_TITLES, 10)
    assert kinds == sorted(kinds, key=["person", "phrase", "title"].index)
    assert archive.suggest("ka", 2) == archive.suggest("ka")[:2]


def test_counts_leave_deleted_articles_out(archive_folder: ArchiveFolder, archive_with: ArchiveMaker) -> None:
    archive = archive_with(*NEWS)
    with writing(archive_folder), ArticleStore(archive_folder.store) as store:
        with store.transaction():
            store.delete("2")
        update_index(archive_folder, store, archive.settings)
    assert [(s.text, s.count) for s in archive.suggest("budi s")] == [('tokoh:"Budi Santoso"', 1)]
    assert texts(archive, "maru", "person") == []
    assert texts(archive, "turu", "phrase") == []


def test_nothing_of_an_article_under_embargo_is_suggested(archive_with: ArchiveMaker) -> None:
    secret = partial(
        article,
        status=Status.EMBARGOED,
        title="Penangkapan besar",
        body="Rahasiawan dana rahasia.",
        people=("Rahasia Negara",),
        topics=("penangkapan",),
        section="Rahasia",
        authors=("Penangkap Berita",),
    )
    archive = archive_with(
        *NEWS,
        secret(id="r1", date=datetime.now(UTC) + timedelta(9)),
        secret(id="r2", date=None, title="Dana penangkapan"),
    )
    for typed in (
        "p",
        "pen",
        "penang",
        "rah",
        "rahasia ",
        "dana ",
        "dana r",
        "dana p",
        "topik:p",
        "tokoh:r",
        "rubrik:r",
    ):
        for suggestion in archive.suggest(typed, 20):
            assert "penangk" not in suggestion.text.casefold()
            assert "rahasia" not in suggestion.text.casefold()


def test_an_article_whose_embargo_is_over_is_suggested(archive_with: ArchiveMaker) -> None:
    over = article(id="r", status=Status.EMBARGOED, title="Penangkapan besar", date=datetime.now(UTC) - timedelta(1))
    assert [s.text for s in archive_with(over).suggest("pen")] == ["penangkapan", '"Penangkapan besar"']


def test_a_new_commit_is_seen_at_once(archive_folder: ArchiveFolder, archive_with: ArchiveMaker) -> None:
    archive = archive_with(*NEWS)
    assert archive.suggest("kedel") == ()
    fill(archive_folder, [article(id="7", title="Kedelai langka", people=("Kedel Kencana",))])
    assert [s.text for s in archive.suggest("kedel")] == ['tokoh:"Kedel Kencana"', "kedelai", '"Kedelai langka"']


pieces = st.sampled_from(
    [
        "harga",
        "beras",
        " ",
        " ",
        "bud",
        "pra",
        '"',
        "“",
        "-",
        "judul:",
        "tokoh:",
        "tanggal:",
        "(",
        ")",
        "ATAU",
        "~2",
        "*",
        "=",
    ]
)


@settings(deadline=None)
@given(st.lists(pieces | st.text(max_size=3), max_size=9), st.integers(1, 20))
def test_nothing_one_can_type_fails(news: Archive, typed: list[str], limit: int) -> None:
    text = "".join(typed)
    found = news.suggest(text, limit)
    assert len(found) <= limit
    assert len({suggestion.text for suggestion in found} - {text}) == len(found)
    for suggestion in found:
        page = news.search(Query(suggestion.text))
        assert page.total == suggestion.count or (suggestion.count is None and page.total)


@settings(deadline=None, max_examples=15)  # each makes an archive
@given(st.lists(st.text(max_size=40), min_size=26, max_size=26))
def test_any_title_can_be_run(tmp_path_factory: pytest.TempPathFactory, endings: list[str]) -> None:
    titles = {f"beras{letter}": ending for letter, ending in zip(string.ascii_lowercase, endings, strict=True)}
    folder = ArchiveFolder(tmp_path_factory.mktemp("judul") / "arsip")
    fill(folder, [article(id=word, title=f"{word} {ending}", body="") for word, ending in titles.items()])
    archive = Archive(folder.path)
    for word in titles:
        (title,) = texts(archive, word, "title")
        assert [hit.article_id for hit in archive.search(Query(title)).hits] == [word]
    archive.close()


def test_a_text_too_long_for_a_query_is_an_error(news: Archive) -> None:
    with pytest.raises(QueryError):
        news.suggest("a" * (MAX_TEXT + 1))
    assert texts(news, "beras " * (MAX_TEXT // 6) + "na", "phrase") == []  # completed, it would be


# --- /suggest


def test_programs_get_a_list_of_objects(client: FlaskClient) -> None:
    answer = client.get("/suggest?q=budi+sa")
    assert answer.content_type == "application/json"
    assert answer.get_json() == [{"text": 'tokoh:"Budi Santoso"', "kind": "person", "count": 2}]
    assert client.get("/suggest?q=beras+tur").get_json()[-1] == {
        "text": '"Harga beras turun di pasar"',
        "kind": "title",
        "count": None,
    }


def test_the_space_that_ends_a_word_is_heard(client: FlaskClient) -> None:
    assert client.get("/suggest?q=turun+di+").get_json()[0]["text"] == "turun di pasar"
    assert client.get("/suggest?q=bud+").get_json() == []


@pytest.mark.parametrize(
    ("address", "accept"),
    [
        ("/suggest?q=budi+sa&form=opensearch", "*/*"),
        ("/suggest?q=budi+sa", "application/x-suggestions+json"),
        ("/suggest?q=budi+sa", "application/x-suggestions+json, application/json;q=0.5"),
    ],
)
def test_browsers_get_the_form_of_opensearch(client: FlaskClient, address: str, accept: str) -> None:
    answer = client.get(address, headers={"Accept": accept})
    assert answer.content_type == "application/x-suggestions+json"
    assert answer.get_json(force=True) == ["budi sa", ['tokoh:"Budi Santoso"']]
    assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize("address", ["/suggest", "/suggest?q=", "/suggest?q=+", "/suggest?q=%00"])
def test_nothing_typed_has_no_suggestions(client: FlaskClient, address: str) -> None:
    assert client.get(address).get_json() == []


def test_at_most_as_many_as_asked_for(client: FlaskClient) -> None:
    assert len(client.get("/suggest?q=h&limit=1").get_json()) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "parameter"),
    [
        ("limit=0", "out_of_range", "limit"),
        ("limit=21", "out_of_range", "limit"),
        ("limit=banyak", "not_a_number", "limit"),
        ("form=xml", "unknown_form", "form"),
        ("q=" + "a" * (MAX_TEXT + 1), "too_long", "q"),
    ],
)
def test_bad_input_is_an_error_that_names_the_parameter(
    client: FlaskClient, arguments: str, code: str, parameter: str
) -> None:
    answer = client.get(f"/suggest?{arguments}")
    error = answer.get_json()["error"]
    assert (answer.status_code, error["code"], error["parameter"]) == (400, code, parameter)
    assert error["message"]
