"""The interface in Indonesian: a catalogue that is whole, and pages and commands that speak it."""

import errno
import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from catalogue import INDONESIAN, ROOT, Message, extracted_messages, main, read_catalogue, updated
from click.testing import CliRunner
from conftest import ClientMaker, fill, make_article
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser as Page

from index.article import Article, Correction, CorrectionKind, Status
from index.errors import system_reason
from index.messages import gettext, language, ngettext, use_language
from index.settings import ArchiveFolder
from web import cli
from web.app import create_app

PLACEHOLDER = re.compile(r"%\((\w+)\)([-#0 +.\d]*[a-z])")
CATALOGUE = read_catalogue(INDONESIAN.read_bytes())
TRANSLATIONS: dict[Message, tuple[str, ...]] = {
    message.id: tuple(message.string) if message.pluralizable else (message.string,)
    for message in CATALOGUE
    if message.id
}
TEMPLATES = sorted((ROOT / "web" / "templates").glob("*.html"))
TITLED = re.compile(r'(?:aria-label|title|placeholder|alt)="([^"]*)"')
OUR_NAMES = {"Atom", "CSV", "JSON"}  # of formats; they are the same in every language


# --- the catalogue


def test_every_message_has_a_translation() -> None:
    messages = extracted_messages()
    assert len(messages) > 200
    assert [message for message in messages if not all(TRANSLATIONS.get(message, ("",)))] == []


def test_no_message_is_left_of_former_code() -> None:
    assert sorted(map(str, TRANSLATIONS.keys() - extracted_messages().keys())) == []
    assert list(CATALOGUE.obsolete) == []
    assert not any(message.fuzzy for message in CATALOGUE if message.id)


def test_translations_fill_in_what_the_original_does() -> None:
    def places(*forms: str) -> set[tuple[str, ...]]:
        return {match.groups() for form in forms for match in PLACEHOLDER.finditer(form)}

    wrong = [
        message
        for message, translation in TRANSLATIONS.items()
        if places(*([message] if isinstance(message, str) else message)) != places(*translation)
    ]
    assert wrong == []


def test_indonesian_has_one_form_for_all_numbers() -> None:
    assert CATALOGUE.num_plurals == 1
    use_language("id")
    assert [ngettext("%(number)d article", "%(number)d articles", n) for n in (0, 1, 2)] == [
        "0 berita",
        "1 berita",
        "2 berita",
    ]


def test_a_language_that_is_not_known_means_indonesian() -> None:
    use_language("fr")
    assert (language(), gettext("Search")) == ("id", "Cari")


def test_an_update_takes_new_messages_in_and_drops_old_ones() -> None:
    header = b'msgid ""\nmsgstr ""\n"Language: id\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n'
    text = header + b'\nmsgid "Gone"\nmsgstr "Hilang"\n\n#: web/old.py\nmsgid "Search"\nmsgstr "Cari"\n'
    new = updated(text, {"Search": ["web/b.py", "web/a.py"], ("%(n)d day", "%(n)d days"): ["web/a.py"]})
    assert new == header + (
        b'\n#: web/a.py\n#, python-format\nmsgid "%(n)d day"\nmsgid_plural "%(n)d days"\nmsgstr[0] ""\n'
        b'\n#: web/a.py web/b.py\nmsgid "Search"\nmsgstr "Cari"\n'
    )
    assert updated(new, {"Search": ["web/a.py"]}).endswith(b'\n\n#: web/a.py\nmsgid "Search"\nmsgstr "Cari"\n')


def test_the_update_command_names_what_is_still_to_translate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "id.po"
    path.write_bytes(INDONESIAN.read_bytes().replace(b'msgstr "Cari"\n', b'msgstr ""\n'))
    monkeypatch.setattr("catalogue.INDONESIAN", path)
    main()
    assert "untranslated: Search\n" in capsys.readouterr().out
    assert read_catalogue(path.read_bytes())["Search"].string == ""


def test_messages_of_code_and_of_templates_are_found() -> None:
    messages = extracted_messages()
    assert messages["Search results"] == ["web/templates/search.html"]
    assert messages["line %(number)d"] == [
        "index/importers/json_lines.py",
        "index/importers/ninjs.py",
        "index/importers/tables.py",
        "search/judgements.py",
        "web/batch.py",
    ]
    assert "web/formatting.py" in messages["%(count)s article", "%(count)s articles"]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_word_stands_in_a_template_outside_a_message(template: Path) -> None:
    markup = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
    labels = " ".join(TITLED.findall(markup))
    text = re.sub(r"<[^<>]*>", " ", markup)
    assert set(re.findall(r"[A-Za-z]{2,}", f"{text} {labels}")) <= OUR_NAMES


# --- the pages


@pytest.fixture
def client_of(archive_folder: ArchiveFolder) -> ClientMaker:
    """Return a function that serves an archive of these articles in Indonesian."""

    def make(*articles: Article) -> FlaskClient:
        fill(archive_folder, articles)
        return create_app(archive_folder.path, language="id").test_client()

    return make


def several() -> list[Article]:
    changes: list[dict[str, object]] = [
        {"section": "Ekonomi", "date": date(2021, 3, 1)},
        {"section": "Hukum", "date": date(2022, 4, 1), "source": "Kabar Uji", "people": ("Siti Rahma",)},
        {"section": "Hukum", "date": date(2022, 5, 1), "topics": ("agama",)},
    ]
    return [make_article(id=f"uji-{n}", url=None, title=f"Beras {n}", **c) for n, c in enumerate(changes, start=1)]


def page_at(client: FlaskClient, address: str) -> Page:
    return Page(client.get(address).text)


def texts(page: Page, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in page.css(selector)]


def status_of(client: FlaskClient, address: str) -> str:
    (status,) = texts(page_at(client, address), "[role=status]")
    return status


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/search?q=beras", "Ditemukan 3 berita yang memuat beras."),
        ("/search?q=mentega", "Tidak ada berita yang memuat mentega."),
        ("/search?q=beras+pasar+mentega", "Ditemukan 3 berita yang memuat sebagian kata dari beras pasar mentega."),
        ("/search", "Ditemukan 3 berita."),
        ("/search?section=Tiada", "Tidak ada hasil, rubrik Tiada."),
        (
            "/search?q=beras&section=Hukum&section=Ekonomi&from=2021&to=2022",
            "Ditemukan 3 berita yang memuat beras, 2021–2022, rubrik Hukum atau Ekonomi.",
        ),
        ("/search?from=2022-05-01", "Ditemukan 1 berita, sejak 1 Mei 2022."),
        ("/search?to=2021&author=Ratna+Dewi", "Ditemukan 1 berita, sampai 2021, penulis Ratna Dewi."),
        (
            "/search?source=Kabar+Uji&person=Siti+Rahma&topic=agama",
            "Tidak ada hasil, sumber Kabar Uji, tokoh Siti Rahma, topik Agama.",
        ),
    ],
)
def test_the_count_is_one_indonesian_sentence(client_of: ClientMaker, address: str, sentence: str) -> None:
    assert status_of(client_of(*several()), address) == sentence


def test_a_result_page_is_indonesian_in_all_its_parts(client_of: ClientMaker) -> None:
    page = page_at(client_of(*several()), "/search?q=beras&section=Hukum&size=1&page=2")
    assert texts(page, "head title") == ["beras, rubrik Hukum – Hasil pencarian – Telisik"]
    assert texts(page, "h1") == ["Hasil pencarian"]
    assert texts(page, "form[role=search] button") == ["Cari"]
    assert texts(page, ".chips a") == ["rubrik Hukum (hapus saringan ini)×", "Hapus semua"]
    assert texts(page, ".narrow h2") == ["Saring"]
    assert texts(page, ".facet h3") == ["Tanggal", "Rubrik", "Tahun", "Sumber", "Penulis", "Tokoh", "Topik"]
    assert texts(page, "form.days label") == ["Dari", "Sampai"]
    assert texts(page, ".sorts > *") == ["Urutkan:", "Paling relevan", "Terbaru", "Terlama"]
    assert texts(page, ".why summary") == ["Kenapa cocok"]
    assert texts(page, ".why li") == ["beras → Beras (kata persis)"]
    assert texts(page, ".pager > *") == ["← Sebelumnya", "Halaman 2 dari 2", ""]
    (forms,) = texts(page, ".forms")
    assert forms.startswith("Unduh halaman hasil ini: CSV JSON Atom RSS")


def test_a_result_without_hits_says_in_indonesian_what_may_help(client_of: ClientMaker) -> None:
    client = client_of(*several())
    assert texts(page_at(client, "/search?q=berass"), ".suggestion") == ["Mungkin maksud Anda: beras (3 berita)"]
    page = page_at(client, "/search?q=beras&section=Hukum&to=2021")
    assert texts(page, ".nothing h2") == ["Dengan lebih sedikit saringan", "Isi arsip", "Yang dapat dicoba"]
    assert texts(page, ".nothing ul:first-of-type li") == [
        "tanpa saringan sampai 2021: 2 berita",
        "tanpa saringan rubrik Hukum: 1 berita",
        "tanpa saringan apa pun: 3 berita",
    ]


def test_repairs_and_relaxing_are_told_in_indonesian(client_of: ClientMaker) -> None:
    page = page_at(client_of(*several()), '/search?q=(beras+mentega+be*+"')
    assert texts(page, ".notice") == [
        "Tidak ada berita yang memuat semua kata; berita berikut memuat sebagian di antaranya.",
        "Tanda kutip tanpa kata di dalamnya diabaikan.",
        "Ada kurung yang tidak ditutup; kurung itu ditutup di akhir.",
        "Sedikitnya 3 huruf harus mendahului tanda bintang; “be*” dicari tanpa tanda itu.",
    ]


def test_corrections_and_withdrawals_have_their_names_of_press_law(client_of: ClientMaker) -> None:
    kinds = [CorrectionKind.ERRATUM, CorrectionKind.CORRECTION, CorrectionKind.REPLY, CorrectionKind.WITHDRAWAL]
    corrections = tuple(Correction(kind, "Isi.", date(2023, 8, day)) for day, kind in enumerate(kinds, start=1))
    client = client_of(make_article(status=Status.WITHDRAWN, corrections=corrections))
    page = page_at(client, "/articles/uji-1?q=beras")
    assert texts(page, ".badge") == ["Dicabut"]
    assert texts(page, ".back") == ["← Kembali ke hasil pencarian"]
    assert texts(page, ".corrections p") == [
        "Berita ini telah dicabut. Isinya tidak lagi ditampilkan.",
        "Ralat, Selasa, 1 Agustus 2023. Isi.",
        "Koreksi, Rabu, 2 Agustus 2023. Isi.",
        "Hak jawab, Kamis, 3 Agustus 2023. Isi.",
        "Dicabut, Jumat, 4 Agustus 2023. Isi.",
    ]


@pytest.mark.parametrize(
    ("address", "title", "message"),
    [
        (
            "/search?from=besok",
            "Pencarian ini tidak dapat dilakukan",
            "“besok” bukan tanggal; tulislah 2023-07-28, 2023-07, atau 2023.",
        ),
        ("/search?size=500", "Pencarian ini tidak dapat dilakukan", "Jumlah hasil per halaman harus antara 1 dan 100."),
        ("/nihil", "Tidak ditemukan", "Tidak ada halaman atau berita di alamat ini."),
    ],
)
def test_errors_are_explained_in_indonesian(client_of: ClientMaker, address: str, title: str, message: str) -> None:
    page = page_at(client_of(), address)
    assert (texts(page, "h1"), texts(page, "[role=alert]")) == ([title], [message])


def test_errors_of_programs_are_explained_in_indonesian_under_a_name_that_stays(client_of: ClientMaker) -> None:
    error = client_of().get("/search.json?page=x").get_json()["error"]
    assert error == {"code": "not_a_number", "message": "“x” bukan bilangan bulat.", "parameter": "page"}


@pytest.mark.parametrize("address", ["/", "/search?q=beras", "/search?q=xyz", "/articles/uji-1", "/help", "/nihil"])
def test_every_page_says_that_it_is_indonesian_and_holds_no_english_message(
    client_of: ClientMaker, address: str
) -> None:
    page = page_at(client_of(*several()), address)
    assert [node.attributes["lang"] for node in page.css("html")] == ["id"]
    shown = {" ".join(part.split()) for part in page.html.split("<") for part in part.split(">")[1:]}
    shown |= {node.attributes["aria-label"] or "" for node in page.css("[aria-label]")}
    english = {message for message, translation in TRANSLATIONS.items() if translation != (message,)}
    assert shown & english == set()
    assert "Cari" in shown


# --- the command line


@pytest.fixture
def run(archive_folder: ArchiveFolder) -> Callable[..., str]:
    """Return a function that runs a command on an archive of three articles and gives what it printed, and where."""
    fill(archive_folder, several())

    def invoke(*arguments: str) -> str:
        runner = CliRunner(env={"TELISIK_LANG": None})  # so that the language is the default one
        result = runner.invoke(cli.main, ["--archive", str(archive_folder.path), *arguments])
        assert not isinstance(result.exception, Exception), result.output
        return result.output

    return invoke


def test_a_search_on_the_command_line_answers_in_indonesian(run: Callable[..., str]) -> None:
    assert run("search", "beras").startswith("Ditemukan 3 berita untuk: beras\n\n1. Beras")
    assert run("search", "berass") == "Tidak ada hasil untuk: berass\nMungkin maksud Anda: beras\n"
    assert "Ada kurung yang tidak ditutup; kurung itu ditutup di akhir." in run("search", "(beras")


def test_figures_are_labelled_in_indonesian_for_people_and_in_english_for_programs(run: Callable[..., str]) -> None:
    lines = dict(re.split(r"\s{2,}", line, maxsplit=1) for line in run("stats").splitlines())
    assert lines["berita"] == "3"
    assert (lines["tanggal terawal"], lines["tanggal terakhir"]) == ("1 Maret 2021", "1 Mei 2022")
    assert lines["rubrik"] == "Hukum 2, Ekonomi 1"
    record = json.loads(run("stats", "--json"))
    assert len(record) == len(lines)
    assert (record["articles"], record["first_date"], record["last_date"]) == (3, "2021-03-01", "2022-05-01")


def test_what_goes_wrong_on_the_command_line_is_told_in_indonesian(run: Callable[..., str], tmp_path: Path) -> None:
    assert run("show", "nihil") == "telisik: arsip tidak memuat berita dengan id nihil\n"
    assert "“besok” bukan tanggal" in run("search", "beras", "--from", "besok")
    assert run("doctor") == "Arsip dalam keadaan baik.\n"
    folder = tmp_path / "masukan"
    folder.mkdir()
    (folder / "a.jsonl").write_text('{"title": "Ada"}\n{"body": ""}\nrusak\n', encoding="utf-8")
    (folder / "b.pdf").write_bytes(b"%PDF")
    printed = run("import", "--no-index", str(folder), str(tmp_path / "nihil"))
    assert re.sub(r"\(.* detik, .*\)\n", "(...)\n", printed) == (
        "4 entri dibaca dari 2 berkas: 1 ditambahkan, 0 diperbarui, 0 tidak berubah (...)\n"
        "dilewati: 1, jenis berkas tidak dikenal (.pdf)\n"
        f"entri ditolak: {folder}/a.jsonl, baris 2: berita harus memiliki judul atau isi\n"
        f"entri ditolak: {folder}/a.jsonl, baris 3: bukan JSON pada kolom 1 (Expecting value)\n"
        f"berkas ditolak: {tmp_path}/nihil: berkas atau folder ini tidak ada\n"
    )


def test_a_correction_is_named_when_an_article_is_shown(run: Callable[..., str]) -> None:
    run("withdraw", "uji-1", "--reason", "Keliru.")
    assert "[dicabut]\n" in run("show", "uji-1")
    assert "[Dicabut] Keliru.\n" in run("show", "uji-1")


def test_a_damaged_index_is_told_with_what_to_run_once(run: Callable[..., str], archive_folder: ArchiveFolder) -> None:
    (toc,) = archive_folder.generations.glob("*/*.toc")
    toc.write_bytes(toc.read_bytes() + b"x")
    command = f"telisik index --rebuild --archive {archive_folder.path}"
    told = f"{toc}: daftar isi indeks berbeda dari yang ditulis; jalankan: {command}\n"
    assert run("search", "beras") == f"telisik: {told}"
    assert run("doctor").startswith(told)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "akses ditolak"),
        (FileNotFoundError(errno.ENOENT, "No such file or directory"), "berkas atau folder ini tidak ada"),
        (OSError(errno.ENAMETOOLONG, "File name too long"), "File name too long"),
        (OSError("odd"), "odd"),
    ],
)
def test_usual_complaints_of_the_system_are_translated(error: OSError, reason: str) -> None:
    use_language("id")
    assert system_reason(error) == reason
