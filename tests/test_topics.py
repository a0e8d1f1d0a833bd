"""Topics: the shipped ones, the archive's file beside them, and what becomes of it when it is written and merged."""

from datetime import date
from pathlib import Path

import pytest
from conftest import ArchiveMaker, make_article

from index.analysis import fold_value
from index.registers import RegisterUnusable, read_register, register_text
from index.topicfile import TopicsFile, topics_table
from index.topics import COLUMNS, LONGEST_QUERY, Topic, TopicError, Topics, read_topics, shipped_topics
from search.language import MOST_LEAVES, parse_query
from search.query import MAX_TEXT

IPTC = [f"medtop:{number:02}000000" for number in range(1, 18)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "topik.csv"


def topic_of(path: Path, slug: str) -> Topic:
    return read_topics(path).by_slug[slug]


def test_the_seventeen_media_topics_are_shipped_each_with_a_query_and_sections() -> None:
    topics = shipped_topics().topics
    assert [topic.code for topic in topics] == IPTC
    assert all(topic.query and topic.sections and topic.label for topic in topics)
    assert len({topic.slug for topic in topics}) == 17


@pytest.mark.parametrize("topic", shipped_topics().topics, ids=lambda topic: topic.slug)
def test_a_shipped_query_is_read_whole(topic: Topic) -> None:
    parsed = parse_query(topic.query, date(2026, 1, 31))
    assert parsed.repairs == ()
    assert len(parsed.typed) <= MOST_LEAVES
    assert not parsed.has_dates


def test_no_section_is_of_two_shipped_topics_and_all_are_folded() -> None:
    sections = [section for topic in shipped_topics().topics for section in topic.sections]
    assert len(sections) == len(set(sections))
    assert sections == list(map(fold_value, sections))


def test_a_query_may_be_as_long_as_a_search() -> None:
    assert LONGEST_QUERY == MAX_TEXT


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("olahraga", "olahraga"),
        ("Gaya-Hidup", "gaya-hidup"),
        ("SAINS DAN TEKNOLOGI", "sains-teknologi"),
        ("medtop:15000000", "olahraga"),
        ("15000000", "olahraga"),
        ("http://cv.iptc.org/newscodes/mediatopic/15000000", "olahraga"),
        ("EkBis", "ekonomi"),
        ("Polhukam", "politik"),
        ("hukrim", "hukum"),
        ("sport", "olahraga"),
        ("Bola", "olahraga"),
        ("Ekonomi  &  Bisnis", "ekonomi"),
        ("nasional", None),
        ("metro", None),
        ("news", None),
        ("", None),
        ("  ", None),
    ],
)
def test_a_topic_is_found_by_slug_label_code_or_section(text: str, slug: str | None) -> None:
    found = shipped_topics().find(text)
    assert (found.slug if found else None) == slug


def test_a_section_of_two_topics_names_neither() -> None:
    topics = Topics([Topic("a", "A", None, "satu", ("warta",)), Topic("b", "B", None, "dua", ("warta", "kabar"))])
    assert topics.find("warta") is None
    assert topics.find("kabar") == topics.topics[1]


def test_without_a_file_the_shipped_topics_are_in_force(path: Path) -> None:
    assert read_topics(path).topics == shipped_topics().topics
    assert read_topics(path).problems == ()


def test_a_row_replaces_the_shipped_topic_and_others_come_behind(path: Path) -> None:
    path.write_text(
        "slug,label,code,query,sections\n"
        "olahraga,Gelanggang,,judul:lomba,Gelanggang|Bola\n"
        'dana-desa,Dana desa,,"""dana desa""",\n',
        encoding="utf-8",
    )
    topics = read_topics(path)
    assert topics.problems == ()
    assert topics.by_slug["olahraga"] == Topic("olahraga", "Gelanggang", None, "judul:lomba", ("gelanggang", "bola"))
    assert topics.topics[-1] == Topic("dana-desa", "Dana desa", None, '"dana desa"', ())
    assert [topic.slug for topic in topics.topics[:17]] == [topic.slug for topic in shipped_topics().topics]


def test_what_the_file_has_no_column_for_stays_as_shipped(path: Path) -> None:
    path.write_text("slug,kueri\nolahraga,judul:lomba\n", encoding="utf-8")
    shipped = shipped_topics().by_slug["olahraga"]
    own = topic_of(path, "olahraga")
    assert (own.query, own.label, own.code, own.sections) == (
        "judul:lomba", shipped.label, shipped.code, shipped.sections,
    )  # fmt: skip


def test_an_empty_query_switches_a_shipped_topic_off(path: Path) -> None:
    path.write_text("slug,label,query\nolahraga,Olahraga,\n", encoding="utf-8")
    topics = read_topics(path)
    assert topics.problems == ()
    assert topics.find("olahraga") is None
    assert len(topics.topics) == 16


@pytest.mark.parametrize(
    "content",
    [
        "judul;kode;kueri;rubrik\r\nKafé & Kopi;x:1;judul:kafé;Warung|Kafé\r\n".encode("cp1252"),
        "\ufefflabel,kode,kueri,rubrik\nKafé & Kopi,x:1,judul:kafé,Warung|Kafé\n".encode(),
        "sep=;\nLabel;Code;Query;Sections\nKafé & Kopi;x:1;judul:kafé;Warung|Kafé\n".encode(),
        "label\tcode\tquery\tsections\nKafé & Kopi\tx:1\tjudul:kafé\tWarung|Kafé\n".encode("utf-16"),
    ],
    ids=["cp1252 and semicolons", "byte order mark", "sep=", "UTF-16 and tabs"],
)
def test_a_file_is_read_as_spreadsheets_write_it(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    topics = read_topics(path)
    assert topics.problems == ()
    assert topics.topics[-1] == Topic("kafe-kopi", "Kafé & Kopi", "x:1", "judul:kafé", ("warung", "kafe"))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("desa,,,dana,", "line 3: a topic needs a label"),
        ("desa,Desa,,,desa", "line 3: a topic needs a query; that of a section is rubrik:NAME"),
        (",,,dana,", "line 3: a topic needs a slug or a label"),
        ("Dana Desa,Desa,,dana,", 'line 3: the slug "Dana Desa" is none; write "dana-desa"'),
        ("satu,Satu lagi,,dana,", 'line 3: the slug "satu" is another row\'s already'),
        ("desa,Desa,,dana,x,y", "line 3: 6 cells for 5 columns"),
        (f"desa,Desa,,{'a' * 2001},", "line 3: the query is longer than 2000 characters"),
    ],
)
def test_a_wrong_row_is_left_out_and_named_and_harms_no_other(path: Path, row: str, reason: str) -> None:
    path.write_text(f"slug,label,code,query,sections\nsatu,Satu,,kata,\n{row}\ndua,Dua,,kata,\n", encoding="utf-8")
    topics = read_topics(path)
    assert topics.problems == (reason,)
    assert [topic.slug for topic in topics.topics[17:]] == ["satu", "dua"]


def test_what_is_no_table_is_a_problem_and_leaves_the_shipped_topics(path: Path) -> None:
    path.write_text("ini bukan tabel\nsama sekali\n", encoding="utf-8")
    topics = read_topics(path)
    assert topics.topics == shipped_topics().topics
    assert len(topics.problems) == 1


def test_a_topic_is_written_beside_what_the_file_holds(path: Path) -> None:
    path.write_text("slug,catatan redaksi,label,query\nsatu,jangan hapus,Satu,kata\n", encoding="utf-8")
    file = TopicsFile(path)
    file.put("dua", {"label": "Dua", "query": "lain", "sections": "Warta|Kabar"})
    file.put("satu", {"query": "kata ATAU kalimat"})
    rows = [dict(line.cells) for line in file.read().lines]
    assert rows == [
        {"slug": "satu", "catatan redaksi": "jangan hapus", "label": "Satu", "query": "kata ATAU kalimat",
         "code": "", "sections": ""},
        {"slug": "dua", "catatan redaksi": "", "label": "Dua", "query": "lain", "code": "", "sections": "Warta|Kabar"},
    ]  # fmt: skip
    assert topic_of(path, "dua").sections == ("warta", "kabar")
    assert list(path.parent.iterdir()) == [path], "nothing is left of writing it"


def test_a_shipped_topic_that_is_changed_keeps_what_is_not(path: Path) -> None:
    TopicsFile(path).put("olahraga", {"query": "judul:lomba"})
    shipped = shipped_topics().by_slug["olahraga"]
    assert topic_of(path, "olahraga").sections == shipped.sections
    assert topic_of(path, "olahraga").code == shipped.code


def test_a_topic_without_label_or_query_is_not_written(path: Path) -> None:
    for cells in ({"label": "Desa"}, {"query": "desa"}, {"label": "Desa", "query": "  "}):
        with pytest.raises(TopicError):
            TopicsFile(path).put("desa", cells)
    assert not path.exists()


def test_a_file_with_rows_that_writing_would_lose_is_not_written(path: Path) -> None:
    path.write_text("slug,label,query\nsatu,Satu,kata,lebih\n", encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(RegisterUnusable, match="line 2"):
        TopicsFile(path).put("dua", {"label": "Dua", "query": "lain"})
    assert path.read_bytes() == before


def test_a_row_that_is_no_topic_outlives_a_change_of_others(path: Path) -> None:
    path.write_text("slug,label,query\nSalah Slug,Salah,kata\n", encoding="utf-8")
    TopicsFile(path).put("dua", {"label": "Dua", "query": "lain"})
    assert [line.cells["slug"] for line in read_register(path, COLUMNS).lines] == ["Salah Slug", "dua"]


def test_an_own_topic_is_removed_and_a_shipped_one_switched_off_and_restored(path: Path) -> None:
    file = TopicsFile(path)
    file.put("dana-desa", {"label": "Dana desa", "query": "desa"})
    file.remove("dana-desa")
    assert file.read().lines == ()
    file.remove("olahraga")
    assert "olahraga" not in read_topics(path).by_slug
    with pytest.raises(TopicError, match="olahraga"):
        file.remove("olahraga")
    assert file.restore("olahraga") == topic_of(path, "olahraga") == shipped_topics().by_slug["olahraga"]
    for slug in ("olahraga", "dana-desa"):
        with pytest.raises(TopicError, match=slug):
            file.restore(slug)


def test_merging_adds_and_changes_and_loses_nothing(path: Path, tmp_path: Path) -> None:
    path.write_text(
        "slug,label,code,query,sections,catatan\nsatu,Satu,x:1,kata,warta,penting\ntetap,Tetap,,sama,,\n",
        encoding="utf-8",
    )
    other = tmp_path / "lain.csv"
    other.write_text(
        "slug;judul;kueri;rubrik;warna\nsatu;Satu baru;;;merah\ntiga;Tiga;angka;hitung;\nsalah;;;;\ntetap;Tetap;sama;;\n",
        encoding="utf-8",
    )
    merged = TopicsFile(path).merge(other)
    assert (merged.new, merged.changed) == (["tiga"], ["satu"])
    assert merged.problems == ["line 4: a topic needs a query; that of a section is rubrik:NAME"]
    rows = {line.cells["slug"]: line.cells for line in read_register(path, COLUMNS).lines}
    assert list(rows) == ["satu", "tetap", "tiga"]
    assert dict(rows["satu"]) == {
        "slug": "satu", "label": "Satu baru", "code": "x:1", "query": "kata", "sections": "warta", "catatan": "penting",
        "warna": "merah",
    }  # fmt: skip


def test_what_is_exported_and_merged_again_changes_nothing(path: Path, tmp_path: Path) -> None:
    file = TopicsFile(path)
    file.put("dana-desa", {"label": "Dana desa", "query": '"dana desa"', "catatan": "dari desk daerah"})
    file.put("olahraga", {"query": "=lomba"})
    file.remove("kisah")
    before, topics = path.read_bytes(), read_topics(path).topics
    copy = tmp_path / "salinan.csv"
    copy.write_text(register_text(topics_table(file.read()), COLUMNS), encoding="utf-8")
    merged = file.merge(copy)
    assert (merged.new, merged.changed, merged.problems) == ([], [], [])
    assert path.read_bytes() == before
    elsewhere = TopicsFile(tmp_path / "topik-lain.csv")
    elsewhere.merge(copy)
    assert set(read_topics(tmp_path / "topik-lain.csv").topics) == set(topics)


def test_a_change_of_the_file_is_visible_at_the_next_search(archive_with: ArchiveMaker) -> None:
    archive = archive_with(
        make_article(id="a", title="Lomba panjat pinang", section=None), make_article(id="b", section="Gelanggang")
    )
    path = archive.folder.topics

    def articles(slug: str) -> list[str]:
        return [article_id for article_id in ("a", "b") if slug in {t.slug for t in archive.topics_of(article_id)}]

    assert articles("lomba") == []
    TopicsFile(path).put("lomba", {"label": "Lomba", "query": "judul:lomba", "sections": "gelanggang"})
    assert articles("lomba") == ["a", "b"]
    TopicsFile(path).put("lomba", {"query": "judul:karapan", "sections": ""})
    assert articles("lomba") == []
    TopicsFile(path).remove("lomba")
    assert articles("lomba") == []


def test_what_no_file_can_hold_is_left_out_of_a_topic(path: Path) -> None:
    TopicsFile(path).put("desa", {"label": "Desa\udcff \0kita", "query": "dana\ndesa"})
    topic = topic_of(path, "desa")
    assert (topic.label, topic.query) == ("Desa kita", "dana desa")
