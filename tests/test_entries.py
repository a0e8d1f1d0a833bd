"""What persons and topics are at their edges: names of nobody, deletions, embargoes, operators, limits by name, broken files."""

from datetime import UTC, datetime, timedelta

import pytest

from index.article import Article, Status
from index.dates import WIB
from index.settings import ArchiveFolder
from index.store import ArticleStore
from index.topics import shipped_topics
from index.writer import update_index, writing
from search.archive import Archive
from search.engine import FACET_VALUES
from search.query import FilterField, Query
from search.results import SearchPage
from tests.conftest import ArchiveMaker, make_article

PERSON, TOPIC = FilterField.PERSON, FilterField.TOPIC


def named(number: int, *people: str, body: str = "Isi berita.", **changes: object) -> Article:
    """Return an article that names these persons; those of one number are one article."""
    changes |= {"id": f"a{number}", "title": f"Judul nomor {number}", "url": f"https://uji.example/{number}"}
    return make_article(people=people, body=body, **changes)


def write_people(folder: ArchiveFolder, *rows: str) -> None:
    folder.path.mkdir(exist_ok=True)
    folder.people.write_text("\n".join(("slug,name,aliases,status", *rows)))


def write_topics(folder: ArchiveFolder, *rows: str) -> None:
    """Write topics of the archive's own; the shipped ones are switched off."""
    folder.path.mkdir(exist_ok=True)
    off = (f"{topic.slug},," for topic in shipped_topics().topics)
    folder.topics.write_text("\n".join(("slug,label,query", *off, *rows)))


def ids(page: SearchPage) -> list[str]:
    return sorted(hit.article_id for hit in page.hits)


def test_a_slug_of_nobody_has_no_spellings(archive_with: ArchiveMaker, archive_folder: ArchiveFolder) -> None:
    write_people(archive_folder, "budi-xaverius,Budi Xaverius,,refused")
    archive = archive_with(named(1, "Budi Xaverius"))
    assert archive.spellings("tak-ada") == ()
    assert archive.spellings("budi-xaverius") == ()


def test_what_a_refused_record_is_called_is_no_other_person(
    archive_with: ArchiveMaker, archive_folder: ArchiveFolder
) -> None:
    write_people(archive_folder, "andi-wijaya,Bank Wijaya,,refused")
    archive = archive_with(named(1, "Andi Wijaya"), named(2, "Bank Wijaya"))
    assert archive.entry(PERSON, "Bank Wijaya") is None


@pytest.mark.parametrize(
    ("text", "is_offered"),
    [
        ("budi wibowo", True),
        ('"budi wibowo"', True),
        ("-budi wibowo", False),
        ('-"budi wibowo"', False),
        ("=budi =wibowo", False),
        ("judul:budi-wibowo", False),
        ("panganan", True),
        ("-panganan", False),
    ],
)
def test_only_words_without_operators_offer_an_entry(
    archive_with: ArchiveMaker, text: str, *, is_offered: bool
) -> None:
    archive = archive_with(*(named(number, "Budi Wibowo", topics=["Panganan"]) for number in range(4)))
    assert (archive.search(Query(text)).entry is not None) == is_offered


def test_a_person_is_called_as_articles_say_that_are_not_deleted(
    archive_with: ArchiveMaker, archive_folder: ArchiveFolder
) -> None:
    old, new = [named(n, "Budi Soeharto") for n in (1, 2)], named(3, "Budi Suharto")
    archive = archive_with(*old, new, *(named(number) for number in range(10, 40)))
    with writing(archive_folder), ArticleStore(archive_folder.store) as store:
        for article in old:
            store.delete(article.id)
        update_index(archive_folder, store, archive_folder.read_settings())
    assert [(entry.label, entry.articles) for entry in archive.entries(PERSON)] == [("Budi Suharto", 1)]
    assert [(e.slug, e.articles) for e in archive.people_of("a3")] == [("budi-suharto", 1)]


def test_a_withdrawn_article_names_nobody(archive_with: ArchiveMaker, archive_folder: ArchiveFolder) -> None:
    archive = archive_with(*(named(number, "Budi Wibowo", topics=["Panganan"]) for number in range(2)))
    with writing(archive_folder), ArticleStore(archive_folder.store) as store:
        store.withdraw("a1", "salah orang", datetime(2026, 5, 1, tzinfo=UTC))
        update_index(archive_folder, store, archive_folder.read_settings())
    assert [(entry.label, entry.articles) for entry in archive.entries(PERSON)] == [("Budi Wibowo", 1)]
    assert archive.search(Query("tokoh:budi-wibowo")).total == archive.search(Query("topik:panganan")).total == 1


def test_the_paper_itself_is_nobody(archive_with: ArchiveMaker) -> None:
    body = "Ratna Subroto datang. Kepada Kabar Wijaya, Ratna mengatakan ia lega. Kabar Wijaya menemui Ratna Subroto di rumahnya."
    archive = archive_with(
        make_article(id="a", body=body, source="Harian Kabar Wijaya"), make_article(id="b", body=body)
    )
    assert [person.label for person in archive.people_of("a")] == ["Ratna Subroto"]
    assert "Wijaya" in [person.label for person in archive.people_of("b")]  # or the first assertion says nothing


def test_an_imported_topic_is_called_as_most_articles_do(archive_with: ArchiveMaker) -> None:
    written = ["PANGAN LOKAL", "Pangan Lokal", "Pangan Lokal"]
    archive = archive_with(*(named(number, topics=[topic]) for number, topic in enumerate(written)))
    assert [entry.label for entry in archive.entries(TOPIC) if entry.slug == "pangan-lokal"] == ["Pangan Lokal"]


def test_a_limit_by_name_is_counted_though_many_are_more_frequent(archive_with: ArchiveMaker) -> None:
    names = [f"Orang {chr(97 + n // 26)}{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(FACET_VALUES + 5)]
    archive = archive_with(named(1, *names), named(2, *names), named(3, *names[:5], "Zed Wibowo"))
    page = archive.search(Query("", people=("Zed Wibowo", names[0])))
    counts = {value.value: value.count for facet in page.facets if facet.field == "person" for value in facet.values}
    assert counts["zed-wibowo"] == 1


def test_persons_in_a_topics_query_are_who_the_authority_file_says(
    archive_with: ArchiveMaker, archive_folder: ArchiveFolder
) -> None:
    write_topics(archive_folder, "tentang-budi,Tentang Budi,tokoh:buwi")
    write_people(archive_folder, "budi-wibowo,Budi Wibowo,Buwi,")
    archive = archive_with(named(1, "Budi Wibowo"), named(2, "Buwi"), named(3))
    assert ids(archive.search(Query("topik:tentang-budi"))) == ids(archive.search(Query("tokoh:buwi"))) == ["a1", "a2"]
    write_people(archive_folder, "budi-wibowo,Budi Wibowo,Lain,")
    assert ids(archive.search(Query("topik:tentang-budi"))) == ["a2"]


def test_topics_that_name_each_other_or_are_broken_break_no_search(
    archive_with: ArchiveMaker, archive_folder: ArchiveFolder
) -> None:
    rows = ("aa,Aa,topik:bb beras", "bb,Bb,topik:aa", "cc,Cc,((( beras ATAU", "dd,Dd,-topik:dd")
    write_topics(archive_folder, *rows)
    archive = archive_with(named(1, body="Harga beras."), named(2, body="Harga gula."))
    assert ids(archive.search(Query("topik:cc"))) == ["a1"]
    assert ids(archive.search(Query("topik:aa"))) == []
    assert ids(archive.search(Query("topik:dd"))) == ["a1", "a2"]


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00\x01\x02", b"slug,name\n\x80\x81,\x82", b'"unclosed,\n', b"a" * 200_000]
)
def test_a_file_that_cannot_be_read_breaks_no_search(
    archive_with: ArchiveMaker, archive_folder: ArchiveFolder, content: bytes
) -> None:
    archive = archive_with(named(1, "Budi Wibowo"))
    archive_folder.people.write_bytes(content)
    archive_folder.topics.write_bytes(content)
    assert archive.search(Query("judul")).total == 1
    assert archive.entry(PERSON, "Budi Wibowo")


def test_a_name_under_embargo_is_told_nowhere(archive_with: ArchiveMaker) -> None:
    future = datetime.now(WIB) + timedelta(days=2)
    secret = [named(n, "Rahasia Wibowo", status=Status.EMBARGOED, date=future) for n in range(3)]
    archive = archive_with(*secret, named(9))
    assert archive.entries(PERSON) == ()
    assert archive.entry(PERSON, "Rahasia Wibowo") is None
    assert archive.people_of("a0") == ()
    assert archive.spellings("rahasia-wibowo") == ()
    assert archive.search(Query("rahasia wibowo")).entry is None
    assert not [one.text for one in archive.suggest("rahasia") if "wibowo" in one.text.lower()]
    assert "Rahasia Wibowo" not in told_labels(archive, Query("", people=("rahasia wibowo",)))


def told_labels(archive: Archive, query: Query) -> list[str]:
    facets = archive.search(query).facets
    return [value.label for facet in facets if facet.field == "person" for value in facet.values]


@pytest.mark.parametrize(
    "text",
    ['tokoh:"B.J. Wibowo"', 'tokoh:"BJ Wibowo"', "tokoh:bj-wibowo", 'tokoh:"b j wibowo"', 'person:"B. J. Wibowo"'],
)
def test_initials_of_a_person_may_be_written_in_any_way(
    archive_with: ArchiveMaker, archive_folder: ArchiveFolder, text: str
) -> None:
    write_people(archive_folder, "bj-wibowo,B.J. Wibowo,Pak Wib,")
    archive = archive_with(named(1, "BJ Wibowo"), named(2, "B. J. Wibowo"), named(3, "Pak Wib"))
    page = archive.search(Query(text))
    assert ids(page) == ["a1", "a2", "a3"]
    assert ids(archive.search(Query(page.understood))) == ["a1", "a2", "a3"]


@pytest.mark.parametrize("typed", ["buwi", "tokoh:buw", "budi wib"])
def test_a_person_is_suggested_by_the_preferred_name_whatever_name_is_typed(
    archive_with: ArchiveMaker, archive_folder: ArchiveFolder, typed: str
) -> None:
    write_people(archive_folder, "budi-wibowo,Budi Wibowo,Buwi,", "buwil,Buwil Raya,,refused")
    archive = archive_with(named(1, "Buwi"), named(2, "Budi Wibowo"), named(3, "Buwil Raya"))
    found = [(one.text, one.count) for one in archive.suggest(typed) if one.kind == "person"]
    assert found == [('tokoh:"Budi Wibowo"', 2)]
