from pathlib import Path

import pytest

from index.article import Article, LeftOut, Reject
from index.dates import WIB
from index.errors import FileRefused
from index.importers import Importer, Record, SourceFile, documents
from index.importers.documents import article_id, read_html_page, read_markdown, read_text


def read(tmp_path: Path, content: str | bytes, importer: Importer = read_text) -> Record:
    path = tmp_path / "berkas"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (record,) = importer(SourceFile(path, path, WIB))
    return record


def article_of(tmp_path: Path, content: str | bytes, importer: Importer = read_text) -> Article:
    record = read(tmp_path, content, importer)
    assert isinstance(record, Article), record
    return record


def reason_of(tmp_path: Path, content: str | bytes, importer: Importer = read_text) -> str:
    record = read(tmp_path, content, importer)
    assert isinstance(record, Reject), record
    return record.reason


LONG = "Harga beras di pasar induk naik lagi pekan ini, " * 4
WRAPPED = "Harga beras di pasar induk naik sepuluh persen sejak awal\nbulan ini karena pasokan berkurang.\n"


@pytest.mark.parametrize(
    ("content", "title", "body"),
    [
        ("Harga beras naik\n\nIsi berita.\n", "Harga beras naik", "Isi berita."),
        ("\ufeffHarga beras naik\r\n\r\nIsi berita.\r\n", "Harga beras naik", "Isi berita."),
        (f"Harga beras naik\n{LONG}", "Harga beras naik", LONG.strip()),
        ("Harga naik\nTanggal: 2023-07-28\nIsi.", "Harga naik", "Isi."),
        ("Judul: Harga naik\nTanggal: 2023-07-28\n\nIsi.", "Harga naik", "Isi."),
        ("Hanya satu baris.", "Hanya satu baris.", "Hanya satu baris."),
        (WRAPPED, "Harga beras di pasar induk naik sepuluh persen sejak awal bulan ini…", WRAPPED.strip()),
        (
            f"{LONG * 2}\n\nDua.",
            "Harga beras di pasar induk naik lagi pekan ini, Harga beras di…",
            f"{(LONG * 2).strip()}\nDua.",
        ),
        ("Judul\n\nKepada: warga desa", "Judul", "Kepada: warga desa"),
    ],
)
def test_a_text_begins_with_its_headline(tmp_path: Path, content: str, title: str, body: str) -> None:
    article = article_of(tmp_path, content)
    assert (article.title, article.body) == (title, body)


def test_lines_below_the_headline_are_fields(tmp_path: Path) -> None:
    head = "Harga naik\nTanggal: 28 Juli 2023\nPenulis: Ratna dan Budi\nRubrik: Ekonomi\nSumber: Harian Uji\n\n"
    article = article_of(tmp_path, head + "Isi.\nSumber: dinas pasar")
    assert str(article.date) == "2023-07-28"
    assert (article.authors, article.section, article.source) == (("Ratna", "Budi"), "Ekonomi", "Harian Uji")
    assert article.body == "Isi.\nSumber: dinas pasar"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
@pytest.mark.parametrize("importer", [read_text, read_markdown])
def test_a_text_is_read_in_the_encoding_it_has(tmp_path: Path, encoding: str, importer: Importer) -> None:
    article = article_of(tmp_path, "Café “lama”\r\n\r\nIsi – café.".encode(encoding), importer)
    assert article.body.endswith("Isi – café.")


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ('<meta charset="windows-1252">', "windows-1252"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">', "windows-1252"),
        ('<meta charset="windows-1251">', "windows-1251"),
        ('<meta charset="antah-berantah">', "windows-1252"),
        ("", "utf-8"),
        ('<meta charset="windows-1252">', "utf-8"),
    ],
)
def test_a_page_is_read_in_the_encoding_it_has(tmp_path: Path, declared: str, encoding: str) -> None:
    body = "<p>“Кто”</p>" if encoding == "windows-1251" else "<p>“Café”</p>"
    page = f"<html><head>{declared}<title>T</title></head><body>{body}</body></html>"
    assert article_of(tmp_path, page.encode(encoding), read_html_page).body == body[3:-4]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b" \n ", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "its bytes are no text"),
        (b"caf\x81\x8d", "its bytes are no text"),
        (
            b"Judul\nTanggal: kemarin\n\nIsi.",
            "field 'date': 'kemarin' is no date that can be read; an example: 2023-07-28",
        ),
    ],
)
def test_a_text_that_makes_no_article_is_rejected(tmp_path: Path, content: bytes, reason: str) -> None:
    assert reason_of(tmp_path, content) == reason


def test_a_file_over_the_limit_is_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "FILE_BYTES", 1 << 20)
    assert article_of(tmp_path, "a" * (1 << 20)).body
    assert reason_of(tmp_path, "a" * (1 << 20) + "b") == "larger than 1 MB"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tiada.txt"
    with pytest.raises(FileRefused, match="No such file"):
        list(read_text(SourceFile(path, path, WIB)))


def test_a_page_about_html_keeps_the_tags_it_prints(tmp_path: Path) -> None:
    page = "<title>Cara menebalkan</title><p>Tulis &lt;b&gt;kata&lt;/b&gt; &amp;amp; selesai.</p>"
    assert article_of(tmp_path, page, read_html_page).body == "Tulis <b>kata</b> &amp; selesai."


@pytest.mark.parametrize(
    ("content", "title", "body"),
    [
        ("# Panen *raya*\n\nIsi **satu**\nbaris.\n\n- a\n- b\n", "Panen raya", "Isi satu baris.\na\nb"),
        ("---\njudul: Dari kepala\n---\n# Bagian\n\nIsi.", "Dari kepala", "Bagian\nIsi."),
        ("---\ntanggal: 2024-03-01\n---\n# Panen\nIsi.", "Panen", "Isi."),
        ("---\n---\n# Panen\nIsi.", "Panen", "Isi."),
        ("# Panen\n\n| Barang | Harga |\n|---|---|\n| Beras | 14 |\n", "Panen", "Barang Harga\nBeras 14"),
        ("# Tanda `<b>`\n\nTulis `<b>` dan `&amp;`.", "Tanda <b>", "Tulis <b> dan &amp;."),
    ],
)
def test_markdown_becomes_title_and_paragraphs(tmp_path: Path, content: str, title: str, body: str) -> None:
    article = article_of(tmp_path, content, read_markdown)
    assert (article.title, article.body) == (title, body)


def test_front_matter_gives_the_fields(tmp_path: Path) -> None:
    head = (
        "id: panen-1\njudul: Panen\ntanggal: 2024-03-01 08:00:00\npenulis: [Made, Siti]\npublished: true\nhalaman: 3\n"
    )
    article = article_of(tmp_path, f"---\n{head}---\nIsi.", read_markdown)
    assert (article.id, article.authors, article.extra) == ("panen-1", ("Made", "Siti"), {"halaman": 3})
    assert str(article.date) == "2024-03-01 08:00:00+07:00"


@pytest.mark.parametrize("said", ["draft: true", "published: false"])
def test_a_draft_in_markdown_is_left_out(tmp_path: Path, said: str) -> None:
    record = read(tmp_path, f"---\njudul: Belum\n{said}\n---\nIsi.", read_markdown)
    assert isinstance(record, LeftOut)
    assert record.reason == "not published but of status 'draft'"


BOMB = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9 if n else ['x'])}]\n" for n in range(9))


@pytest.mark.parametrize(
    ("front_matter", "reason"),
    [
        ("judul: Panen\npenulis: [Made\n", "line 4: the front matter is not YAML"),
        ("judul: a: b\n", "line 2: the front matter is not YAML"),
        ("- satu\n- dua\n", "the front matter names no fields"),
        ("judul: !!python/object/apply:os.getcwd []\n", "line 2: the front matter is not YAML"),
        (BOMB, "the front matter has an alias (*), which is not accepted"),
        ("a: &a [*a]\n", "the front matter has an alias (*), which is not accepted"),
        ("a: " + "[" * 50_000 + "]" * 50_000 + "\n", "nested too deeply"),
    ],
)
def test_front_matter_that_cannot_be_read_is_rejected(tmp_path: Path, front_matter: str, reason: str) -> None:
    assert reason_of(tmp_path, f"---\n{front_matter}---\nIsi.", read_markdown).startswith(reason)


@pytest.mark.parametrize(
    ("path", "root", "known_as"),
    [
        ("/arsip/2019/05/beras.txt", "/arsip/2019", "2019/05/beras"),
        ("/arsip/beras.naik.txt", "/arsip", "arsip/beras.naik"),
        ("/arsip/beras.txt", "/arsip/beras.txt", "beras"),
    ],
)
def test_a_file_is_known_by_its_place_so_that_a_changed_file_updates_its_article(
    path: str, root: str, known_as: str
) -> None:
    assert article_id(Path(path), Path(root)) == known_as
