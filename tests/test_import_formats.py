import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest

from index.article import JSON, Article, LeftOut, Reject, Status
from index.article_json import record_from
from index.dates import WIB
from index.errors import FileRefused
from index.importers import Record
from index.importers.fields import article_from_record
from index.importers.formats import IMPORTERS, files_in, format_of, records_in

SAMPLES = Path(__file__).parent / "data"


def as_json(record: Record) -> Mapping[str, JSON]:
    if isinstance(record, Article):
        return record_from(record)
    return {type(record).__name__: record.place, "reason": record.reason}


@pytest.mark.parametrize(
    "name",
    [
        "wxr/ekspor.xml",
        "feeds/rss2.xml",
        "feeds/rdf.xml",
        "feeds/atom.xml",
        "ninjs/v2.json",
        "ninjs/v3.json",
        "documents",
    ],
)
def test_a_sample_of_each_format_is_read_as_the_records_beside_it(name: str) -> None:
    sample = SAMPLES / name
    found = [as_json(record) for path in files_in(sample) for record in records_in(path, WIB, root=sample)]
    expected = sample.with_suffix(".expected.jsonl").read_text(encoding="utf-8").splitlines()
    assert found == [json.loads(line) for line in expected]


NINJS = '{"uri": "urn:uji:1", "headlines": [{"value": "Beras"}]}'
OURS = '{"judul": "Beras", "isi": "Naik."}'
WXR = '<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><wp:wxr_version>1.2</wp:wxr_version></channel></rss>'
RSS = '<rss version="2.0"><channel><title>Cara membaca http://wordpress.org/export/</title></channel></rss>'


@pytest.mark.parametrize(
    ("name", "content", "format"),
    [
        ("a.csv", "judul;isi", "csv"),
        ("a.tsv", "judul\tisi", "csv"),
        ("a.TAB", "judul\tisi", "csv"),
        ("a.txt", "Judul", "text"),
        ("a.htm", "<p>Isi", "html"),
        ("a.md", "# Judul", "markdown"),
        ("a.rss", RSS, "rss"),
        ("a.xml", RSS, "rss"),
        ("a.xml", WXR, "wxr"),
        ("a.json", f"[{OURS}]", "json"),
        ("a.json", OURS, "jsonl"),
        ("a.json", f"{OURS}\n{OURS}\n", "jsonl"),
        ("a.json", f'{{"articles": [{OURS}]}}', "json"),
        ("a.json", f'{{"articles": [{OURS},\n{OURS}]}}', "json"),
        ("a.json", '{"articles": [' + ",".join([OURS] * 3_000) + "]}", "json"),
        ("a.jsonl", f"{OURS}\n", "jsonl"),
        ("a.ndjson", "\n" + OURS, "jsonl"),
        ("a.json", NINJS, "ninjs"),
        ("a.json", json.dumps(json.loads(NINJS), indent=2), "ninjs"),
        ("a.json", f"[{NINJS}]", "ninjs"),
        ("a.json", f'{{"items": [{NINJS}]}}', "ninjs"),
        ("a.jsonl", f"{NINJS}\n{NINJS}", "ninjs"),
        ("a.jsonl", '{"judul": "Beras", "isi": "\\"uri\\" dan \\"headlines\\": ..."}', "jsonl"),
        ("a.csv.gz", "", None),
        ("a.pdf", "", None),
        ("tanpa-akhiran", "", None),
    ],
)
def test_a_format_is_known_by_suffix_and_content(tmp_path: Path, name: str, content: str, format: str | None) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    assert format_of(path) == format


def test_an_export_in_utf_16_is_known_too(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(WXR.encode("utf-16"))
    assert format_of(path) == "wxr"


def test_a_document_of_articles_in_one_line_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(f'{{"articles": [{OURS}, {OURS}]}}', encoding="utf-8")
    assert [type(record) for record in records_in(path, WIB)] == [Article, Article]


def test_a_named_format_comes_before_the_suffix(tmp_path: Path) -> None:
    path = tmp_path / "berita.log"
    path.write_text("Judul\n\nIsi.", encoding="utf-8")
    (article,) = records_in(path, WIB, "text")
    assert isinstance(article, Article)
    with pytest.raises(ValueError, match="no format is called 'doc'; known are: json, jsonl, csv, wxr"):
        list(records_in(path, WIB, "doc"))


def test_an_unknown_file_is_refused_when_named_and_left_out_in_a_folder(tmp_path: Path) -> None:
    path = tmp_path / "foto.jpg"
    path.write_bytes(b"\xff\xd8\xff")
    with pytest.raises(FileRefused, match=f"--format names one of: {', '.join(IMPORTERS)}"):
        list(records_in(path, WIB))
    assert list(records_in(path, WIB, root=tmp_path)) == [LeftOut(path, "", "a file of an unknown kind (.jpg)")]


@pytest.mark.parametrize("name", ["tiada.csv", "tiada.xml", "tiada.json", "tiada.txt", "tiada"])
def test_a_file_that_is_not_there_is_refused_whatever_its_format(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileRefused, match="No such file"):
        list(records_in(tmp_path / name, WIB))


def test_a_folder_is_walked_in_the_order_of_names_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b/2.txt", "b/1.txt", "a.txt", ".rahasia.txt", ".git/x.txt", "c/.b/x.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Isi.")
    assert [path.relative_to(tmp_path).as_posix() for path in files_in(tmp_path)] == ["a.txt", "b/1.txt", "b/2.txt"]


def test_links_are_followed_within_the_folder_only(tmp_path: Path) -> None:
    outside, folder = tmp_path / "luar", tmp_path / "arsip"
    outside.mkdir()
    folder.mkdir()
    for path in (outside / "x.txt", folder / "a.txt"):
        path.write_text("Isi.")
    (folder / "b.txt").symlink_to(folder / "a.txt")
    (folder / "keluar.txt").symlink_to(outside / "x.txt")
    (folder / "keluar").symlink_to(outside)
    (folder / "putus.txt").symlink_to(folder / "tiada.txt")
    assert [path.name for path in files_in(folder)] == ["a.txt", "b.txt"]


def test_a_file_is_its_own_folder_and_nothing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Isi.")
    assert list(files_in(path)) == [path]
    with pytest.raises(FileRefused, match="no such file or folder"):
        list(files_in(tmp_path / "tiada"))


def test_every_file_of_the_real_collection_makes_articles_or_is_refused_with_its_place(data: Path) -> None:
    refused = {}
    for path in files_in(data / "import"):
        records: list[Record] = []
        try:
            records.extend(records_in(path, WIB, root=data / "import"))
        except FileRefused as refusal:
            refused[path.name] = refusal.line
        else:
            assert any(isinstance(record, Article) for record in records), path
        assert not [record for record in records if isinstance(record, Reject)]
    assert refused == {"malformed.xml": 90}


@pytest.mark.parametrize(
    ("value", "status", "hour"),
    [
        ("2030-01-02T08:00+07:00", Status.EMBARGOED, 8),
        (True, Status.EMBARGOED, 6),
        ("ya", Status.EMBARGOED, 6),
        (False, Status.PUBLISHED, 6),
        ("tidak", Status.PUBLISHED, 6),
        ("", Status.PUBLISHED, 6),
    ],
)
@pytest.mark.parametrize("name", ["embargo", "Embargo Sampai", "embargoed_until"])
def test_a_record_with_an_embargo_is_held_back(name: str, value: JSON, status: Status, hour: int) -> None:
    record = {"title": "Berita", "body": "Isi.", "date": "2030-01-02T06:00+07:00", name: value}
    article = article_from_record(record, WIB)
    assert article.status is status
    assert isinstance(article.date, datetime)
    assert article.date.hour == hour
    assert not article.extra


def test_an_embargo_that_cannot_be_read_is_no_embargo_that_is_ignored() -> None:
    with pytest.raises(ValueError, match="date"):
        article_from_record({"title": "Berita", "embargo": "sampai nanti"}, WIB)
