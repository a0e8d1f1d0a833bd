"""Persons and topics of an archive: raw names of articles meet the archivist's files at the next search, without indexing again."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from index.article import Article, Status, article_from_fields
from index.settings import ArchiveFolder
from index.store import ArticleStore
from index.topics import shipped_topics
from index.writer import update_index, writing
from search.archive import Archive
from search.listed import Catalogue
from search.query import FilterField, Query
from search.results import MatchKind
from search.tree import DateRange, Node
from search.vocabulary import Words

PERSON, TOPIC = FilterField.PERSON, FilterField.TOPIC
STORIES = (
    ("a", "pasar ikan di kota itu dibuka oleh Raharja Wibisana", ("Raharja Wibisana",)),
    ("b", "pasar ikan dibuka pada hari itu oleh Jawis", ("Jawis",)),
    ("c", "padi ditanam di sawah", ("Ratna Soebroto",)),
    ("d", "beras dijual di pasar", ("Ratna Subroto", "Raharja Wibisana")),
    ("e", "hujan turun semalam", ("Matahari",)),
)


def story(id: str, body: str, people: tuple[str, ...] = (), **fields: object) -> Article:
    return article_from_fields(id=id, title=f"Berita {id}", body=body, people=people, **fields)  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> ArchiveFolder:
    folder = ArchiveFolder(tmp_path / "arsip")
    folder.path.mkdir()
    rows = "".join(f"{topic.slug},,,\n" for topic in shipped_topics().topics)
    folder.topics.write_text(f"slug,label,query,sections\n{rows}pangan,Pangan,padi ATAU beras,tani\n")
    for several in (STORIES[:3], STORIES[3:]):
        put(folder, *(story(*one) for one in several))
    return folder


def put(folder: ArchiveFolder, *articles: Article) -> None:
    with writing(folder), ArticleStore(folder.store) as store:
        for article in articles:
            store.put(article)
        update_index(folder, store, folder.read_settings())


def decide(folder: ArchiveFolder, *rows: str) -> None:
    folder.people.write_text("slug,name,aliases,status\n" + "".join(f"{row}\n" for row in rows))


def found(archive: Archive, text: str = "", **limits: tuple[str, ...]) -> set[str]:
    return {hit.article_id for hit in archive.search(Query(text, **limits)).hits}  # type: ignore[arg-type]


def counted(archive: Archive, field: FilterField) -> dict[str, int]:
    facet = next(facet for facet in archive.search(Query()).facets if facet.field == field.value)
    return {value.label: value.count for value in facet.values}


def test_names_without_a_record_are_candidates_and_their_spellings_are_one(folder: ArchiveFolder) -> None:
    archive = Archive(folder.path)
    entries = {entry.slug: (entry.articles, entry.recorded) for entry in archive.entries(PERSON)}
    assert entries == {
        "raharja-wibisana": (2, False),
        "jawis": (1, False),
        "ratna-soebroto": (2, False),
        "matahari": (1, False),
    }
    assert archive.spellings("ratna-soebroto") == (("Ratna Soebroto", 1), ("Ratna Subroto", 1))
    assert found(archive, people=("Ratna Subroto",)) == {"c", "d"}


def test_a_decision_is_seen_at_the_next_search_without_indexing(folder: ArchiveFolder) -> None:
    archive, other = Archive(folder.path), Archive(folder.path)
    assert found(archive, "tokoh:jawis") == {"b"}
    decide(folder, "raharja-wibisana,Raharja Wibisana,Jawis,", "matahari,Matahari,,refused")
    for each in (archive, other):
        assert found(each, "tokoh:jawis") == found(each, 'tokoh:"raharja wibisana"') == {"a", "b", "d"}
        assert found(each, people=("jawis",)) == found(each, people=("raharja-wibisana",)) == {"a", "b", "d"}
        assert counted(each, PERSON) == {"Raharja Wibisana": 3, "Ratna Soebroto": 2}
        assert each.entry(PERSON, "Matahari") is None
    decide(folder)
    assert found(archive, "tokoh:jawis") == {"b"}


def test_who_is_named_twice_in_an_article_counts_once(folder: ArchiveFolder) -> None:
    put(folder, story("f", "Panen.", ("Raharja Wibisana", "Jawis", "Raharja Wibisono")))
    decide(folder, "raharja-wibisana,Raharja Wibisana,Jawis|Raharja Wibisono,")
    archive = Archive(folder.path)
    assert counted(archive, PERSON)["Raharja Wibisana"] == 4
    assert [person.label for person in archive.people_of("f")] == ["Raharja Wibisana"]


def test_a_name_of_two_persons_is_nobodys(folder: ArchiveFolder) -> None:
    decide(folder, "raharja-wibisana,Raharja Wibisana,Jawis,", "ratna-subroto,Ratna Subroto,Jawis,")
    archive = Archive(folder.path)
    assert archive.entry(PERSON, "jawis") is None
    assert counted(archive, PERSON) == {"Raharja Wibisana": 2, "Ratna Subroto": 2, "Matahari": 1}


def test_deleted_articles_and_those_under_embargo_name_nobody(folder: ArchiveFolder) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    put(folder, story("g", "Nanti.", ("Jawis",), status=Status.EMBARGOED, date=tomorrow))
    with writing(folder), ArticleStore(folder.store) as store:
        store.delete("e")
        update_index(folder, store, folder.read_settings())
    archive = Archive(folder.path)
    labels = {entry.label: entry.articles for entry in archive.entries(PERSON)}
    assert labels == {"Raharja Wibisana": 2, "Jawis": 1, "Ratna Soebroto": 2}


def test_a_record_without_articles_is_an_entry_all_the_same(folder: ArchiveFolder) -> None:
    decide(folder, "sumirah,Sumirah,,")
    entry = Archive(folder.path).entry(PERSON, "sumirah")
    assert entry is not None
    assert (entry.articles, entry.recorded) == (0, True)


def test_a_body_names_persons_without_any_import_saying_so(folder: ArchiveFolder) -> None:
    body = "Gubernur Darmawan Prakoso mengatakan hal itu. Menurut Darmawan, harga beras turun, ujar Prakoso."
    put(folder, story("h", body))
    assert [person.label for person in Archive(folder.path).people_of("h")] == ["Darmawan Prakoso"]


def test_why_an_article_has_a_person_is_told_by_the_name_that_stands_in_it(folder: ArchiveFolder) -> None:
    decide(folder, "raharja-wibisana,Raharja Wibisana,Jawis,")
    hits = Archive(folder.path).search(Query('tokoh:"raharja wibisana"')).hits
    assert {hit.article_id: [(why.kind, why.matched) for why in hit.why] for hit in hits} == {
        "a": [(MatchKind.PERSON, "Raharja Wibisana")],
        "b": [(MatchKind.PERSON, "Jawis")],
        "d": [(MatchKind.PERSON, "Raharja Wibisana")],
    }


@pytest.mark.parametrize(
    ("text", "slug"), [("jawis", "raharja-wibisana"), ("Pangan", "pangan"), ("Ratna Subroto", None)]
)
def test_a_query_that_is_a_name_offers_the_entry(folder: ArchiveFolder, text: str, slug: str | None) -> None:
    decide(folder, "raharja-wibisana,Raharja Wibisana,Jawis,")
    entry = Archive(folder.path).search(Query(text)).entry
    assert (entry.slug if entry else None) == slug


def test_a_topic_is_what_its_query_finds_and_its_sections_hold(folder: ArchiveFolder) -> None:
    put(folder, story("i", "Bajak sawah.", section="Tani"), story("j", "Menu baru.", topics=("Pangan", "dapur")))
    archive = Archive(folder.path)
    assert found(archive, topics=("pangan",)) == {"c", "d", "i", "j"} == found(archive, "topik:pangan")
    assert counted(archive, TOPIC) == {"Pangan": 4, "dapur": 1}
    folder.topics.write_text(folder.topics.read_text().replace("padi ATAU beras", "hujan"))
    assert found(archive, topics=("pangan",)) == {"e", "i", "j"}
    assert archive.extent(Query("topik:pangan")).articles == 3


def test_a_candidate_has_no_slug_of_a_refused_record(folder: ArchiveFolder) -> None:
    decide(folder, "jawis,Piala Uji,,refused")
    archive = Archive(folder.path)
    entry = archive.entry(PERSON, "Jawis")
    assert entry is not None
    assert (entry.slug, entry.label) == ("jawis-2", "Jawis")
    profile = archive.profile(PERSON, "jawis-2")
    assert profile is not None
    assert (profile.person, profile.aliases) == (None, ())


def test_who_only_articles_under_embargo_name_is_not_told_by_a_limit_either(folder: ArchiveFolder) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    put(folder, story("k", "Nanti.", ("Rahasia Uji",), status=Status.EMBARGOED, date=tomorrow))
    page = Archive(folder.path).search(Query(people=("rahasia-uji",)))
    facet = next(facet for facet in page.facets if facet.field == PERSON.value)
    assert (page.total, [value.label for value in facet.values]) == (0, ["rahasia-uji"])


def test_days_beside_a_person_are_those_of_all_the_names_of_that_person(folder: ArchiveFolder) -> None:
    put(folder, story("l", "Panen.", ("Jawis",), date=datetime(2019, 5, 3, tzinfo=UTC)))
    decide(folder, "raharja-wibisana,Raharja Wibisana,Jawis,")
    assert found(Archive(folder.path), 'tokoh:"raharja wibisana" 3 mei 2019') == {"l"}


def test_a_topic_of_yesterday_moves_on_at_midnight(folder: ArchiveFolder) -> None:
    folder.topics.write_text("slug,label,query\nkemarin,Kemarin,tanggal:kemarin\n")
    today = [date(2026, 11, 25)]
    catalogue = Catalogue(folder, Words(folder), lambda: today[0])

    def days() -> list[Node]:
        return [topic.tree for topic in catalogue.newest().topics if topic.slug == "kemarin"]

    first = catalogue.newest()
    assert days() == [DateRange(date(2026, 11, 24), date(2026, 11, 24))]
    assert catalogue.newest() is first
    today[0] = date(2026, 11, 26)
    assert days() == [DateRange(date(2026, 11, 25), date(2026, 11, 25))]
