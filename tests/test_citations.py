"""Exports: citations for reference managers, tables that no spreadsheet runs, and archives that come back as they were."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from conftest import make_article
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from index.article import JSON, Article, Correction, CorrectionKind, Status, article_from_fields
from index.article_json import record_from
from index.dates import WIB
from index.importers.html import html_or_text
from index.importing import ImportSummary, import_files
from index.sheets import guarded
from index.store import ArticleStore
from search.citations import EXPORTS

DATA = Path(__file__).parent / "data"
FULL = make_article(
    id="uji-1",
    title="Harga beras & gula naik 5%",
    authors=("Ratna Dewi", "Budi, S.H."),
    tags=("beras", "gula_pasir"),
    topics=("ekonomi",),
    summary="Pedagang\nmengeluh.",
    language="id",
    status=Status.CORRECTED,
    corrections=(Correction(CorrectionKind.ERRATUM, "Angkanya 5%.", date(2023, 7, 29)),),
)


def exported(format: str, *articles: Article) -> str:
    return "".join(EXPORTS[format](articles))


# --- for reference managers


def test_a_ris_record_has_the_tags_of_a_newspaper_article() -> None:
    assert exported("ris", FULL).split("\r\n") == [
        "TY  - NEWS",
        "TI  - Harga beras & gula naik 5%",
        "AU  - Dewi, Ratna",
        "AU  - Budi",
        "T2  - Harian Uji",
        "SE  - Ekonomi",
        "AB  - Pedagang mengeluh.",
        "UR  - https://uji.example/2023/07/28/harga-beras",
        "DA  - 2023/07/28/",
        "PY  - 2023",
        "LA  - id",
        "KW  - beras",
        "KW  - gula_pasir",
        "KW  - ekonomi",
        "N1  - Ralat: Angkanya 5%.",
        "ID  - uji-1",
        "ER  - ",
        "",
        "",
    ]


def test_a_label_with_commas_stays_one_keyword() -> None:
    article = make_article(tags=("beras; gula",), topics=("Ekonomi, bisnis, dan keuangan",))
    kept = "beras · gula, Ekonomi · bisnis · dan keuangan"
    assert f"  keywords = {{{kept}}},\n" in exported("bibtex", article)
    assert json.loads(exported("csl", article))[0]["keyword"] == kept
    assert "KW  - Ekonomi, bisnis, dan keuangan\r\n" in exported("ris", article)


def test_a_bibtex_entry_escapes_what_latex_would_read() -> None:
    assert exported("bibtex", FULL) == (
        "@article{uji-1,\n"
        "  title = {{Harga beras \\& gula naik 5\\%}},\n"
        "  author = {{Dewi}, Ratna and {Budi}},\n"
        "  journal = {Harian Uji},\n"
        "  year = {2023},\n"
        "  month = {7},\n"
        "  day = {28},\n"
        "  url = {https://uji.example/2023/07/28/harga-beras},\n"
        "  keywords = {beras, gula\\_pasir, ekonomi},\n"
        "  language = {id},\n"
        "  note = {Ralat: Angkanya 5\\%.},\n"
        "}\n\n"
    )


@pytest.mark.parametrize("format", ["ris", "bibtex"])
def test_what_is_not_known_is_not_cited(format: str) -> None:
    bare = exported(format, article_from_fields(id="uji-2", title="Surat pembaca"))
    assert "None" not in bare
    assert re.search("Surat pembaca", bare)
    assert not re.search(r"DA  -|PY  -|AU  -|year|month|author|journal|note", bare)


@pytest.mark.parametrize("format", ["ris", "bibtex"])
def test_a_citation_says_that_an_article_was_withdrawn(format: str) -> None:
    assert "Dicabut" in exported(format, make_article(status=Status.WITHDRAWN))
    told = make_article(
        status=Status.WITHDRAWN, corrections=(Correction(CorrectionKind.WITHDRAWAL, "Melanggar hak anak."),)
    )
    assert exported(format, told).count("Dicabut") == 1
    assert "Dicabut: Melanggar hak anak." in exported(format, told)


def test_no_text_breaks_out_of_its_citation() -> None:
    wild = make_article(title="A\nER  - \nTY  - BOOK", authors=("}, evil = {\\x",), url="https://uji.example/{a}\\")
    ris = exported("ris", wild)
    assert ris.count("\nER  - ") == 1
    assert ris.startswith("TY  - NEWS\r\nTI  - A ER - TY - BOOK\r\n")
    (entry,) = exported("bibtex", wild).split("\n\n")[:-1]
    depth = 0
    for sign in re.sub(r"\\[{}]", "", entry):
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0
    assert "\\}, evil = \\{\\textbackslash{}x" in entry


@example(["a/", "a-", "a-2", "A", "😀"])
@given(st.lists(st.text(alphabet="aA2-/ é", min_size=1, max_size=4), max_size=12))
def test_every_bibtex_entry_has_a_key_of_its_own(ids: list[str]) -> None:
    articles = [make_article(id=article_id) for article_id in ids if article_id.strip()]
    keys = re.findall(r"@article\{([^,\s]+),", exported("bibtex", *articles))
    assert len(keys) == len(articles)
    assert len({key.casefold() for key in keys}) == len(keys)  # BibTeX takes no notice of case


# --- tables


@pytest.mark.parametrize("cell", ["=1+1", "+62811", "-5", "@akun", "\t=1", "\r=1", "'=1", "''-5"])
def test_no_cell_begins_like_a_formula(cell: str) -> None:
    assert guarded(cell) == "'" + cell
    title = " ".join(cell.split())
    row = next(csv.DictReader(io.StringIO(exported("csv", make_article(id=title, title=title, authors=(title,))))))
    for column in ("id", "title", "authors"):
        assert row[column] == guarded(title)
        assert not re.match(r"[=+\-@\t\r]", row[column])


def test_a_table_has_a_column_for_every_field_and_lists_are_joined() -> None:
    article = make_article(authors=("Ratna Dewi", "Budi"), tags=("beras",), extra={"halaman": 3})
    row = next(csv.DictReader(io.StringIO(exported("csv", article))))
    assert set(row) >= {*record_from(article), "corrections", "extra", "status", "summary", "language"} - {"halaman"}
    assert (row["authors"], row["tags"], row["extra"]) == ("Ratna Dewi; Budi", "beras", '{"halaman": 3}')
    assert row["body"] == article.body
    assert row["date"] == "2023-07-28T10:30:00+07:00"


# --- an export imported again is the same archive


def stored(folder: Path, articles: Iterable[Article]) -> dict[str, Article]:
    """Put articles into a new store and return what it then holds."""
    with ArticleStore(folder / "articles.sqlite") as store:
        with store.transaction():
            for article in articles:
                store.put(article)
        return {article.id: article for article in store.articles()}


def imported(folder: Path, *paths: Path) -> tuple[dict[str, Article], ImportSummary]:
    with ArticleStore(folder / "articles.sqlite") as store:
        summary = import_files(store, paths, ZoneInfo("Asia/Jakarta"))
        return {article.id: article for article in store.articles()}, summary


def assert_comes_back(format: str, articles: Mapping[str, Article], folder: Path) -> None:
    """Export the articles, import the file, and find the same store: every field, dates with their zones."""
    path = folder / f"ekspor.{format}"
    path.write_bytes(exported(format, *articles.values()).encode())
    again, summary = imported(folder / "lagi", path)
    assert (summary.rejects, summary.refused, dict(summary.left_out)) == ([], [], {})
    for article_id, article in articles.items():
        assert again.get(article_id) == article
        assert str(again[article_id].date) == str(article.date)
    assert list(again) == list(articles)


ODD = [
    "harga", "Ratna Dewi", "Ma’ruf", "S.H.", "Ir.", "dan", "and", "&", ",", ";", "|", "/", "=1+1", "'=1", "-5", "@x", "'",
    '"', "<b>", "</p>", "<", ">", "<!--", "&amp;", "&lt;b&gt;", "&nbsp", "&#38;", "[gallery]", "[caption id=1]", "[", "]",
    "{", "}", "[]", '["a"]', "{}", "\\", "\\n", "%", "_", "null", "2023", "0", "sep=;", "id", "\n", "\t", "\r\n", "\x0b",
    "\x0c", "\x1c", "\x1f", "\x85", "\xa0", "\u2028", "\u200b", "\ufeff", "\ufffd", "\xad", "é", "e\u0301", "日本", "😀", " ",
]  # fmt: skip
texts = st.lists(st.sampled_from(ODD) | st.text(st.characters(exclude_categories=["Cs"]), max_size=3), max_size=6).map(
    " ".join
) | st.lists(st.sampled_from(ODD), max_size=4).map("".join)
lines = texts.filter(str.strip)
names = st.lists(lines, max_size=3)
offsets = st.integers(-12 * 3600, 14 * 3600).map(lambda seconds: timezone(timedelta(seconds=seconds)))
zones = st.sampled_from([UTC, WIB, ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")]) | offsets
days = st.dates(date(1600, 1, 2), date(2200, 12, 30))
moments = st.datetimes(datetime(1600, 1, 2), datetime(2200, 12, 30), timezones=zones)
whole = moments.map(lambda moment: moment.replace(microsecond=0))
dates = st.none() | days | moments | whole
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
extras: st.SearchStrategy[dict[str, JSON]] = st.dictionaries(
    texts | st.sampled_from(["judul", "extra", "uri"]), json_values, max_size=3
)
corrections = st.builds(
    Correction, st.sampled_from(CorrectionKind), texts, dates, st.none() | st.just("https://uji.example/ralat")
)
ids = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8).filter(
    str.strip
) | st.sampled_from(ODD)


@st.composite
def articles(draw: st.DrawFn) -> Article | None:
    try:
        return article_from_fields(
            id=draw(st.none() | ids),
            title=html_or_text(draw(texts)),  # every importer reads texts so
            body=html_or_text(draw(texts)),
            date=draw(dates),
            section=draw(st.none() | texts),
            source=draw(st.none() | texts),
            authors=draw(names),
            url=draw(st.none() | st.just("https://uji.example/a?b=[c]&d") | texts),
            tags=draw(names),
            language=draw(st.sampled_from([None, "id", "jv"])),
            summary=html_or_text(draw(texts)),
            people=draw(names),
            topics=draw(names),
            status=draw(st.sampled_from(Status)),
            corrections=draw(st.lists(corrections, max_size=2)),
            extra=draw(extras),
        )
    except ValueError:  # no title and no body, or control characters in the id
        return None


@pytest.mark.parametrize("format", ["jsonl", "csv"])
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(made=st.lists(articles(), min_size=1, max_size=3))
def test_any_archive_comes_back_from_its_export(
    tmp_path_factory: pytest.TempPathFactory, format: str, made: list[Article | None]
) -> None:
    folder = tmp_path_factory.mktemp("ekspor")
    known = stored(folder, [article for article in made if article is not None])
    if known:
        assert_comes_back(format, known, folder)


@pytest.mark.parametrize("format", ["jsonl", "csv"])
@pytest.mark.parametrize("source", sorted(path.name for path in DATA.iterdir() if path.is_dir()))
def test_what_any_importer_made_comes_back_from_its_export(tmp_path: Path, source: str, format: str) -> None:
    known, _summary = imported(tmp_path / "asal", DATA / source)
    assert known
    assert_comes_back(format, known, tmp_path)


@pytest.mark.parametrize("format", ["jsonl", "csv"])
@pytest.mark.parametrize("source", ["news", "import/wxr", "import/ninjs"])
def test_real_articles_come_back_from_their_export(tmp_path: Path, data: Path, source: str, format: str) -> None:
    known, _summary = imported(tmp_path / "asal", data / source)
    assert known
    assert_comes_back(format, known, tmp_path)
