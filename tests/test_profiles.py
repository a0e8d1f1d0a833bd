"""What is told of a person or a topic, and the directory from A to Z."""

from datetime import date

import pytest
from conftest import ArchiveMaker, make_article

from index.article import Article, Status
from index.settings import ArchiveFolder
from search.archive import Archive
from search.browse import Directory
from search.profiles import TOGETHER
from search.query import FilterField
from search.results import Entry

PERSON, TOPIC = FilterField.PERSON, FilterField.TOPIC
BODY = "Rapat di balai kota membahas anggaran."


def story(number: int, *people: str, **changes: object) -> Article:
    fields: dict[str, object] = {
        "id": f"uji-{number}",
        "url": None,
        "title": f"Rapat ke-{number}",
        "body": BODY,
        "section": None,
        "date": date(2010 + number, 3, 1),
        "people": people,
    }
    return make_article(**(fields | changes))


def write_people(folder: ArchiveFolder, *rows: str) -> None:
    folder.path.mkdir(exist_ok=True)
    folder.people.write_text("\n".join(["slug,name,aliases,role,wikidata,note,status", *rows]) + "\n", encoding="utf-8")


def write_topics(folder: ArchiveFolder, *rows: str) -> None:
    folder.path.mkdir(exist_ok=True)
    folder.topics.write_text("\n".join(["slug,label,code,query,sections", *rows]) + "\n", encoding="utf-8")


def ids(articles: tuple[Article, ...]) -> list[str]:
    return [article.id for article in articles]


def test_a_profile_tells_first_last_and_newest_stories_and_the_months(archive_with: ArchiveMaker) -> None:
    archive = archive_with(*(story(n, "Siti Rahma") for n in (3, 1, 2)), story(9, "Budi Hartono"))
    profile = archive.profile(PERSON, "Siti Rahma")
    assert profile is not None
    assert (profile.entry.slug, profile.entry.articles) == ("siti-rahma", 3)
    assert profile.first is not None
    assert profile.last is not None
    assert (profile.first.id, profile.last.id) == ("uji-1", "uji-3")
    assert ids(profile.newest) == ["uji-3", "uji-2", "uji-1"]
    assert profile.months == {"2011-03": 1, "2012-03": 1, "2013-03": 1}


def test_stories_without_a_date_are_neither_first_nor_last(archive_with: ArchiveMaker) -> None:
    profile = archive_with(story(1, "Siti Rahma", date=None)).profile(PERSON, "siti-rahma")
    assert profile is not None
    assert (profile.first, profile.last, profile.undated, dict(profile.months)) == (None, None, 1, {})
    assert ids(profile.newest) == ["uji-1"]


def test_who_is_named_together_is_counted_without_oneself(archive_with: ArchiveMaker) -> None:
    archive = archive_with(
        story(1, "Siti Rahma", "Budi Hartono", "Dewi Lestari"),
        story(2, "Siti Rahma", "Budi Hartono"),
        story(3, "Budi Hartono"),
    )
    profile = archive.profile(PERSON, "siti-rahma")
    assert profile is not None
    assert [(p.value, p.label, p.count) for p in profile.people] == [
        ("budi-hartono", "Budi Hartono", 2),
        ("dewi-lestari", "Dewi Lestari", 1),
    ]


def test_at_most_so_many_are_told_together(archive_with: ArchiveMaker) -> None:
    others = [f"Orang {chr(65 + n)}anu" for n in range(TOGETHER + 3)]
    profile = archive_with(story(1, "Siti Rahma", *others)).profile(PERSON, "siti-rahma")
    assert profile is not None
    assert len(profile.people) == TOGETHER


def test_a_record_gives_name_role_and_aliases_and_the_articles_the_spellings(
    archive_with: ArchiveMaker, archive_folder: ArchiveFolder
) -> None:
    write_people(archive_folder, "rahma,Siti Rahma,Siti R.|Bu Rahma,Bupati,Q42,Sejak 2011,")
    archive = archive_with(story(1, "Bu Rahma"), story(2, "Siti Rahma"), story(3, "Siti Rahma"))
    profile = archive.profile(PERSON, "bu rahma")
    assert profile is not None
    assert profile.person is not None
    assert (profile.entry.label, profile.entry.recorded, profile.person.role) == ("Siti Rahma", True, "Bupati")
    assert profile.aliases == ("Siti R.", "Bu Rahma")
    assert profile.spellings == (("Siti Rahma", 2), ("Bu Rahma", 1))


def test_most_relevant_are_stories_with_the_name_in_the_title_then_early_in_the_text(
    archive_with: ArchiveMaker,
) -> None:
    first, second, third = (" ".join(f"kata{n}" for n in range(begin, begin + 40)) for begin in (0, 100, 200))
    archive = archive_with(
        story(1, "Siti Rahma", title="Siti Rahma meresmikan pasar", body=first),
        story(2, "Siti Rahma", body=f"{second}\nHadir juga Siti Rahma."),
        story(3, "Siti Rahma", body=f"Siti Rahma membuka rapat. {third}"),
    )
    profile = archive.profile(PERSON, "siti-rahma")
    assert profile is not None
    assert ids(profile.relevant) == ["uji-1", "uji-3", "uji-2"]


def test_of_the_versions_of_a_story_one_is_relevant(archive_with: ArchiveMaker) -> None:
    body = "Siti Rahma meresmikan pasar. " + " ".join(f"kata{n}" for n in range(60))
    archive = archive_with(*(story(n, "Siti Rahma", source=f"Kabar {n}", body=body) for n in (1, 2)))
    profile = archive.profile(PERSON, "siti-rahma")
    assert profile is not None
    assert ids(profile.relevant) == ["uji-2"]


def test_a_topic_has_its_query_and_the_articles_that_it_finds(
    archive_with: ArchiveMaker, archive_folder: ArchiveFolder
) -> None:
    write_topics(archive_folder, "pasar,Pasar,,pasar induk,niaga")
    archive = archive_with(
        story(1, title="Pasar induk dibuka"),
        story(2, section="Niaga"),
        story(3, "Siti Rahma", title="Pasar induk tutup"),
    )
    profile = archive.profile(TOPIC, "Pasar")
    assert profile is not None
    assert profile.topic is not None
    assert (profile.topic.query, profile.entry.articles) == ("pasar induk", 3)
    assert [p.value for p in profile.people] == ["siti-rahma"]
    assert set(ids(profile.relevant)) == {"uji-1", "uji-3"}
    assert profile.person is None


@pytest.mark.parametrize("name", ["Siti Rahma", "rahma"])
def test_there_is_no_profile_of_refused_names(
    archive_with: ArchiveMaker, archive_folder: ArchiveFolder, name: str
) -> None:
    write_people(archive_folder, "rahma,Siti Rahma,,,,,refused")
    assert archive_with(story(1, "Siti Rahma")).profile(PERSON, name) is None


def test_nothing_under_embargo_is_told(archive_with: ArchiveMaker) -> None:
    hidden = story(5, "Siti Rahma", "Budi Hartono", status=Status.EMBARGOED, date=date(2199, 1, 1))
    archive = archive_with(story(1, "Siti Rahma"), hidden)
    profile = archive.profile(PERSON, "siti-rahma")
    assert profile is not None
    assert (profile.entry.articles, ids(profile.newest), profile.people) == (1, ["uji-1"], ())
    assert archive.profile(PERSON, "budi-hartono") is None


# --- the directory


def directory_of(*names: tuple[str, int, bool], **aliases: tuple[str, ...]) -> Directory:
    entries = [
        Entry(PERSON, name.lower().replace(" ", "-"), name, articles, recorded) for name, articles, recorded in names
    ]
    return Directory.of(entries, lambda slug: aliases.get(slug.replace("-", "_"), ()))


def labels(entries: tuple[Entry, ...]) -> list[str]:
    return [entry.label for entry in entries]


def test_recorded_persons_are_listed_and_candidates_from_three_articles_on() -> None:
    directory = directory_of(("Ani", 0, True), ("Budi", 3, False), ("Cici", 2, False))
    assert labels(directory.entries) == ["Ani", "Budi"]


def test_letters_are_those_that_exist_accents_and_honorifics_aside() -> None:
    directory = directory_of(("Ömer Tan", 1, True), ("H. Ani Wati", 1, True), ("123", 1, True))
    assert directory.letters == ("A", "O", "#")
    assert labels(directory.under("O")) == ["Ömer Tan"]
    assert labels(directory.under("#")) == ["123"]
    assert directory.under("X") == ()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("rahma", ["Siti Rahma"]),
        ("hma si", ["Siti Rahma"]),
        ("SITI", ["Siti Rahma"]),
        ("bu bupati", ["Siti Rahma"]),  # an alias
        ("sukarno", ["Soekarno Putra"]),
        ("soekarno", ["Soekarno Putra"]),
        ("joko", ["Djoko Tjipto"]),
        ("cipto", ["Djoko Tjipto"]),
        ("emile", ["Émile Tan"]),
        ("rahma putra", []),
        ("zzz", []),  # the doubled letters of which are one z
        ("ann", ["Zulkarnaen Hannan"]),
        ("--", []),
    ],
)
def test_a_name_is_found_by_any_part_in_any_spelling(typed: str, found: list[str]) -> None:
    known = ("Siti Rahma", "Soekarno Putra", "Djoko Tjipto", "Émile Tan", "Zulkarnaen Hannan")
    names = [(name, 1, True) for name in known]
    assert labels(directory_of(*names, siti_rahma=("Bu Bupati",)).with_words(typed)) == found


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("siti rahmi", ["Siti Rahma", "Siti Aminah"]),  # a word in common, then letters
        ("joko widada", ["Joko Widodo"]),
        ("jokkoo widhodo", ["Joko Widodo"]),
        ("siti", ["Siti Rahma", "Siti Aminah"]),  # a part of a name: the most frequent first
        ("wido", ["Joko Widodo"]),
        ("zzz", []),
        ("", []),
    ],
)
def test_nearest_names_have_words_or_letters_in_common(typed: str, nearest: list[str]) -> None:
    directory = directory_of(("Siti Rahma", 5, True), ("Siti Aminah", 4, False), ("Joko Widodo", 9, True))
    assert labels(directory.nearest(typed)) == nearest


@pytest.mark.parametrize(("typed", "found"), [("hukum", 0), ("haji", 1), ("korban", 2), ("dan", 0)])
def test_all_words_of_a_topic_count_those_that_are_titles_of_persons_too(
    archive_with: ArchiveMaker, archive_folder: ArchiveFolder, typed: str, found: int
) -> None:
    named = ["Kriminalitas, hukum, dan peradilan", "Haji dan umrah", "Korban & bencana"]
    write_topics(archive_folder, *(f'topik-{n},"{label}",,beras,' for n, label in enumerate(named)))
    directory = archive_with().directory(TOPIC)
    assert named[found] in labels(directory.with_words(typed))
    assert named[found] in labels(directory.under(named[found][0]))


def test_the_directory_of_an_archive_follows_its_files(
    archive_with: ArchiveMaker, archive_folder: ArchiveFolder
) -> None:
    archive: Archive = archive_with(*(story(n, "Siti Rahma", "Budi Hartono") for n in (1, 2, 3)))
    assert labels(archive.directory(PERSON).entries) == ["Budi Hartono", "Siti Rahma"]
    write_people(archive_folder, "rahma,Siti Rahma,Sang Bupati,,,,", "budi,Budi Hartono,,,,,refused")
    directory = archive.directory(PERSON)
    assert [(e.slug, e.recorded) for e in directory.entries] == [("rahma", True)]
    assert labels(directory.with_words("sang")) == ["Siti Rahma"]
