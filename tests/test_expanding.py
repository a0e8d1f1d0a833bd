"""What is searched beside what was typed: acronyms, old and new spelling, words joined or split."""

from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from conftest import ArchiveMaker, fill, make_article
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser as Page

from index.article import Article
from index.settings import ArchiveFolder
from index.store import ArticleStore
from index.writer import rebuild_index, writing
from search.archive import Archive
from search.expanding import other_spellings
from search.query import Query
from search.results import Also, MatchKind, SearchPage
from search.tree import VariantKind
from web.app import create_app
from web.wording import also_text

EXPLAINED = "Rapat dihadiri Badan Uji Pangan (BUP) sejak pagi."
SHORT = "Menurut BUP, hasilnya baik."
LONG = "Menurut Badan Uji Pangan, hasilnya baik."


def articles(*bodies: str, prefix: str = "uji") -> list[Article]:
    """Return an article for each body, each a day older than the one before it."""
    return [
        make_article(
            id=f"{prefix}-{number}",
            url=None,
            title=f"Berita {prefix} ke-{number}",
            body=body,
            date=date(2023, 7, 28) - timedelta(days=number),
        )
        for number, body in enumerate(bodies, start=1)
    ]


def search(archive: Archive, text: str, *, expand: bool = True) -> SearchPage:
    return archive.search(Query(text, expand=expand, size=100))


def found_by(archive: Archive, text: str, *, expand: bool = True) -> list[str]:
    return sorted(hit.article_id for hit in search(archive, text, expand=expand).hits)


def whys(page: SearchPage, article_id: str) -> list[tuple[MatchKind, str, str]]:
    (hit,) = [hit for hit in page.hits if hit.article_id == article_id]
    return [(why.kind, why.typed, why.matched) for why in hit.why]


# --- acronyms


@pytest.fixture
def bup(archive_with: ArchiveMaker) -> Archive:
    """Return an archive in which uji-1 to uji-3 explain BUP, singkat-1 has only the short form and panjang-1 only the long."""
    return archive_with(
        *articles(*3 * [EXPLAINED]),
        *articles(SHORT, prefix="singkat"),
        *articles(LONG, prefix="panjang"),
        *articles("Badan dunia dan uji coba pangan.", prefix="lain"),
    )


EXPLAINING = ["uji-1", "uji-2", "uji-3"]


@pytest.mark.parametrize("typed", ["BUP", "bup", "Bup"])
def test_a_short_form_finds_its_long_form_too(bup: Archive, typed: str) -> None:
    page = search(bup, typed)
    assert found_by(bup, typed) == ["panjang-1", "singkat-1", *EXPLAINING]
    assert page.also == (Also(VariantKind.ACRONYM, typed, "Badan Uji Pangan"),)
    assert whys(page, "panjang-1") == [(MatchKind.ACRONYM, typed, "Badan Uji Pangan")]
    assert whys(page, "singkat-1") == [(MatchKind.EXACT, typed, "BUP")]
    (hit,) = [hit for hit in page.hits if hit.article_id == "panjang-1"]
    assert [list(snippet.parts())[1] for snippet in hit.snippets] == [("Badan Uji Pangan", True)]


def test_a_long_form_finds_its_short_form_too(bup: Archive) -> None:
    page = search(bup, "badan uji pangan")
    assert found_by(bup, "badan uji pangan") == ["lain-1", "panjang-1", "singkat-1", *EXPLAINING]
    assert page.also == (Also(VariantKind.ACRONYM, "badan uji pangan", "BUP"),)
    assert whys(page, "singkat-1") == [(MatchKind.ACRONYM, "badan uji pangan", "BUP")]
    assert found_by(bup, "badan uji pangan menurut") == ["panjang-1", "singkat-1"]


def test_a_meaning_that_hardly_any_article_with_the_acronym_explains_is_not_meant(archive_with: ArchiveMaker) -> None:
    explaining = articles(*4 * [EXPLAINED], *3 * ["Tersangka Bejo Urip Pranata (BUP) ditahan."])
    often = archive_with(*explaining)
    assert [also.also for also in search(often, "BUP").also] == ["Badan Uji Pangan", "Bejo Urip Pranata"]
    assert [also.also for also in search(often, "bejo urip pranata").also] == ["BUP"]
    rarely = archive_with(*explaining, *articles(*300 * [SHORT], prefix="singkat"))
    assert [also.also for also in search(rarely, "BUP").also] == ["Badan Uji Pangan"]
    assert search(rarely, "bejo urip pranata").also == ()
    assert [also.also for also in search(rarely, "badan uji pangan").also] == ["BUP"]


@pytest.mark.parametrize("typed", ["=BUP", '"BUP"', '"badan uji pangan"', '"badan uji pangan"~3', "sumber:BUP"])
def test_what_is_asked_for_exactly_is_not_expanded(bup: Archive, typed: str) -> None:
    assert search(bup, typed).also == ()
    assert found_by(bup, typed) == found_by(bup, typed, expand=False)


@pytest.mark.parametrize("typed", ["BUP", "badan uji pangan"])
def test_expansion_can_be_switched_off(bup: Archive, typed: str) -> None:
    page = search(bup, typed, expand=False)
    other = "panjang-1" if typed == "BUP" else "singkat-1"
    assert page.also == ()
    assert other in found_by(bup, typed)
    assert other not in found_by(bup, typed, expand=False)


def test_what_a_query_excludes_is_not_expanded(bup: Archive) -> None:
    assert found_by(bup, "hasilnya -BUP") == ["panjang-1"]


def test_both_forms_typed_are_no_variants_of_each_other(bup: Archive) -> None:
    page = search(bup, 'BUP ATAU "badan uji pangan"')
    assert page.also == ()
    assert MatchKind.ACRONYM not in {why.kind for hit in page.hits for why in hit.why}


@pytest.mark.parametrize(
    ("short", "long", "typed_short", "typed_long"),
    [
        ("BUPK", "Badan Uji Pangan, Pakan, dan Kopi", "bupk", "badan uji pangan pakan dan kopi"),
        ("Satgas UP", "Satuan Tugas Uji Pangan", "satgas up", "satuan tugas uji pangan"),
        ("SP3", "surat perintah penghentian penyidikan", "SP3", "surat perintah penghentian penyidikan"),
        ("UUP", "Undang-Undang Pangan", "uup", "undang-undang pangan"),
    ],
)
def test_acronyms_with_marks_digits_and_several_words_are_known_both_ways(
    archive_with: ArchiveMaker, short: str, long: str, typed_short: str, typed_long: str
) -> None:
    archive = archive_with(
        *articles(*3 * [f"Kata {long} ({short}) kemarin."]),
        *articles(f"Soal {short} itu.", prefix="singkat"),
        *articles(f"Soal {long} itu.", prefix="panjang"),
    )
    assert search(archive, typed_short).also == (Also(VariantKind.ACRONYM, typed_short, long),)
    assert search(archive, typed_long).also == (Also(VariantKind.ACRONYM, typed_long, short),)
    assert found_by(archive, typed_short) == found_by(archive, typed_long) == ["panjang-1", "singkat-1", *EXPLAINING]


def test_a_long_form_written_with_and_without_a_comma_is_searched_once(archive_with: ArchiveMaker) -> None:
    longs = ["Badan Uji Pangan, Pakan, dan Kopi"] * 4 + ["Badan Uji Pangan Pakan dan Kopi"] * 3
    archive = archive_with(*articles(*(f"Kata {long} (BUPK) kemarin." for long in longs)))
    assert [also.also for also in search(archive, "BUPK").also] == ["Badan Uji Pangan, Pakan, dan Kopi"]


def test_too_few_explanations_explain_nothing(archive_with: ArchiveMaker) -> None:
    archive = archive_with(*articles(EXPLAINED, EXPLAINED, LONG))
    assert search(archive, "BUP").also == ()
    assert found_by(archive, "BUP") == ["uji-1", "uji-2"]


def test_the_most_frequent_meanings_are_searched_the_most_frequent_first(archive_with: ArchiveMaker) -> None:
    meanings = ["Bantuan Umum Petani"] * 3 + ["Badan Uji Pangan"] * 5 + ["Balai Ukur Pertanian"] * 4
    archive = archive_with(*articles(*(f"Kata {meaning} (BUP) kemarin." for meaning in meanings)))
    assert [also.also for also in search(archive, "BUP").also] == ["Badan Uji Pangan", "Balai Ukur Pertanian"]


def test_a_rare_meaning_beside_a_frequent_one_is_left_out(archive_with: ArchiveMaker) -> None:
    meanings = ["Bantuan Umum Petani"] * 3 + ["Badan Uji Pangan"] * 16
    archive = archive_with(*articles(*(f"Kata {meaning} (BUP) kemarin." for meaning in meanings)))
    assert [also.also for also in search(archive, "BUP").also] == ["Badan Uji Pangan"]


def test_a_word_in_small_letters_that_is_spelled_like_an_acronym_stays_a_word(archive_with: ArchiveMaker) -> None:
    archive = archive_with(*articles(*3 * ["Kata Persatuan Anak Nusa (PAN)."]))
    assert [also.also for also in search(archive, "PAN").also] == ["Persatuan Anak Nusa"]
    assert search(archive, "pan").also == ()


def test_relaxed_queries_are_expanded_too(bup: Archive) -> None:
    page = search(bup, "BUP hasilnya antariksa")
    assert page.relaxed
    assert page.also == (Also(VariantKind.ACRONYM, "BUP", "Badan Uji Pangan"),)
    assert "panjang-1" in [hit.article_id for hit in page.hits]


def test_an_expansion_that_finds_all_words_saves_a_query_from_being_relaxed(archive_with: ArchiveMaker) -> None:
    archive = archive_with(*articles(*3 * [EXPLAINED]), *articles(f"{LONG} Soal antariksa.", prefix="panjang"))
    page = search(archive, "BUP antariksa")
    assert (page.relaxed, [hit.article_id for hit in page.hits]) == (False, ["panjang-1"])
    assert search(archive, "BUP antariksa", expand=False).relaxed


# --- old and new spelling


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("Soekarto", "Sukarto"),
        ("Sukarto", "Soekarto"),
        ("Tjokrodirdjo", "Cokrodirjo"),
        ("Cokrodirjo", "Tjokrodirdjo"),
        ("Sjarifoedin", "Syarifudin"),
        ("Syarifudin", "Sjarifoedin"),
    ],
)
def test_a_name_is_found_in_old_and_new_spelling(archive_with: ArchiveMaker, typed: str, other: str) -> None:
    archive = archive_with(*articles(f"Kata {typed} kemarin.", f"Kata {other} kemarin."))
    page = search(archive, typed)
    assert [hit.article_id for hit in page.hits] == ["uji-1", "uji-2"]
    assert page.also == (Also(VariantKind.SPELLING, typed, other),)
    assert whys(page, "uji-2") == [(MatchKind.SPELLING, typed, other)]
    assert search(archive, typed.lower()).also == (Also(VariantKind.SPELLING, typed.lower(), other.lower()),)


def test_a_spelling_that_the_archive_lacks_is_not_searched(archive_with: ArchiveMaker) -> None:
    assert search(archive_with(*articles("Kata Soekarto kemarin.")), "Soekarto").also == ()


@pytest.mark.parametrize(
    ("typed", "other"), [("Joel", "Jul"), ("Boelan", "bulan"), ("bujuk", "boedjoek"), ("membujuk", "memboedjoek")]
)
def test_short_and_common_words_have_no_other_spelling(archive_with: ArchiveMaker, typed: str, other: str) -> None:
    archive = archive_with(*articles(f"Kata {typed} kemarin.", f"Kata {other} kemarin."))
    assert search(archive, typed).also == ()


def test_names_with_many_letters_that_changed_are_tried_all_old_and_all_new() -> None:
    assert len(list(other_spellings("tjoedjoetjoe"))) <= 2


# --- joined and split


def test_two_words_are_found_written_as_one(archive_with: ArchiveMaker) -> None:
    archive = archive_with(*articles("Soal kerja sama itu.", *3 * ["Soal kerjasama itu."], "Kerja keras bersama."))
    page = search(archive, "kerja sama")
    assert page.hits[0].article_id == "uji-1"
    assert {"uji-2", "uji-3", "uji-4"} < {hit.article_id for hit in page.hits}
    assert page.also == (Also(VariantKind.JOINED, "kerja sama", "kerjasama"),)
    assert whys(page, "uji-2") == [(MatchKind.JOINED, "kerja sama", "kerjasama")]


def test_one_word_is_found_written_as_two(archive_with: ArchiveMaker) -> None:
    archive = archive_with(*articles("Soal kerjasama itu.", *3 * ["Soal kerja sama itu."], "Sama-sama kerja."))
    page = search(archive, "kerjasama")
    assert [hit.article_id for hit in page.hits] == ["uji-1", "uji-2", "uji-3", "uji-4"]
    assert page.also == (Also(VariantKind.JOINED, "kerjasama", "kerja sama"),)
    assert whys(page, "uji-2") == [(MatchKind.JOINED, "kerjasama", "kerja sama")]


def test_words_that_stand_so_only_twice_are_not_joined_or_split(archive_with: ArchiveMaker) -> None:
    archive = archive_with(*articles(*2 * ["Soal kerja sama itu."], *2 * ["Soal kerjasama itu."]))
    assert search(archive, "kerja sama").also == ()
    assert search(archive, "kerjasama").also == ()


def test_a_compound_is_found_with_and_without_its_hyphen(archive_with: ArchiveMaker) -> None:
    archive = archive_with(*articles("Pasar e-commerce tumbuh.", "Pasar ecommerce tumbuh."))
    page = search(archive, "e-commerce")
    assert [hit.article_id for hit in page.hits] == ["uji-1", "uji-2"]
    assert page.also == (Also(VariantKind.JOINED, "e-commerce", "ecommerce"),)
    assert whys(page, "uji-1") == [(MatchKind.PHRASE, "e-commerce", "e-commerce")]
    assert whys(page, "uji-2") == [(MatchKind.JOINED, "e-commerce", "ecommerce")]
    assert found_by(archive, "ecommerce") == ["uji-1", "uji-2"]
    assert found_by(archive, '"e-commerce"') == ["uji-1"]


def test_two_letters_with_a_mark_between_them_are_no_word(archive_with: ArchiveMaker) -> None:
    assert search(archive_with(*articles("Anggaran K/L turun.", "Wisata ke KL ramai.")), "K/L").also == ()


@pytest.mark.parametrize("typed", ["Rahma-Wibowo", "Rahma Wibowo"])
def test_a_compound_that_nobody_writes_as_one_word_is_not_joined(archive_with: ArchiveMaker, typed: str) -> None:
    archive = archive_with(*articles(*4 * ["Pasangan Rahma-Wibowo menang."]))
    assert search(archive, typed).also == ()


# --- order and counts


@pytest.mark.parametrize(
    ("bodies", "typed"),
    [
        (["Kata Soekarto kemarin.", "Kata Sukarto kemarin."], "Sukarto"),
        ([*3 * ["Soal kerja sama itu."], "Soal kerjasama itu."], "kerjasama"),
        ([*3 * [EXPLAINED], LONG, SHORT], "BUP"),
    ],
)
def test_what_was_typed_ranks_above_its_variants(archive_with: ArchiveMaker, bodies: list[str], typed: str) -> None:
    archive = archive_with(*articles(*bodies))
    scores = {hit.article_id: hit.score for hit in search(archive, typed).hits}
    exact = set(found_by(archive, typed, expand=False))
    assert exact < scores.keys()
    assert min(scores[each] for each in exact) > max(score for each, score in scores.items() if each not in exact)


@pytest.mark.parametrize(
    ("typed", "spelled_out"),
    [
        ("BUP", '=BUP ATAU "badan uji pangan"'),
        ("badan uji pangan", "(badan uji pangan) ATAU =BUP"),
        ("hasilnya BUP", 'hasilnya (=BUP ATAU "badan uji pangan")'),
        ("judul:BUP", 'judul:=BUP ATAU judul:"badan uji pangan"'),
        ("BUP ATAU dunia", '=BUP ATAU dunia ATAU "badan uji pangan"'),
    ],
)
def test_totals_are_those_of_the_query_with_its_variants_spelled_out(
    bup: Archive, typed: str, spelled_out: str
) -> None:
    page, other = search(bup, typed), search(bup, spelled_out, expand=False)
    assert page.total == other.total == len(page.hits)
    assert {hit.article_id for hit in page.hits} == {hit.article_id for hit in other.hits}
    assert page.facets == other.facets
    assert [article.id for article in bup.results(Query(typed))] == [hit.article_id for hit in page.hits]


# --- names: what the archive writes as one, and what its newsroom says

NAMED = "Polisi memeriksa Kebanjir di kantornya."  # an invented name, which Sastrawi cuts to banjir
COMMON = "Warga mengungsi karena banjir besar."
FORM = "Warga kebanjiran lagi."


def add(folder: ArchiveFolder, *bodies: str, prefix: str) -> None:
    fill(folder, articles(*bodies, prefix=prefix))


@pytest.mark.parametrize("typed", ["Kebanjir", "kebanjir", "KEBANJIR"])
def test_a_name_that_the_archive_learned_is_no_form_of_a_common_word(archive_with: ArchiveMaker, typed: str) -> None:
    archive = archive_with(*articles(*6 * [NAMED], prefix="nama"), *articles(COMMON, FORM, prefix="air"))
    names = [f"nama-{number}" for number in range(1, 7)]
    assert found_by(archive, typed) == names
    assert found_by(archive, "banjir") == ["air-1", "air-2"]


def test_a_word_that_is_written_as_a_name_too_seldom_keeps_its_root(archive_with: ArchiveMaker) -> None:
    archive = archive_with(*articles(*4 * [NAMED], prefix="nama"), *articles(COMMON, prefix="air"))
    assert len(found_by(archive, "banjir")) == 5
    assert "air-1" in found_by(archive, "Kebanjir")


def test_a_name_learned_later_is_searched_as_one_at_once(
    archive_folder: ArchiveFolder, archive_with: ArchiveMaker
) -> None:
    archive = archive_with(*articles(NAMED, prefix="awal"), *articles(COMMON, prefix="air"))
    assert found_by(archive, "kebanjir") == ["air-1", "awal-1"]
    add(archive_folder, *5 * [NAMED], prefix="nama")
    assert found_by(archive, "kebanjir") == ["awal-1", *(f"nama-{number}" for number in range(1, 6))]


def test_the_newsrooms_list_is_followed_at_the_next_search(
    archive_folder: ArchiveFolder, archive_with: ArchiveMaker
) -> None:
    archive = archive_with(*articles("Kata Kebanjir kemarin.", COMMON, "Pelabuhan Kebanjir sepi.", FORM))
    everything, named = ["uji-1", "uji-2", "uji-3", "uji-4"], ["uji-1", "uji-3"]
    assert found_by(archive, "kebanjir") == everything
    archive_folder.exceptions.write_text("Kebanjir\n", encoding="utf-8")
    assert found_by(archive, "kebanjir") == named
    archive_folder.exceptions.write_text("kebanjir = banjir\n", encoding="utf-8")
    assert found_by(archive, "kebanjir") == everything
    archive_folder.exceptions.unlink()
    assert found_by(archive, "kebanjir") == everything


def test_the_newsroom_has_the_last_word_on_what_was_learned(
    archive_folder: ArchiveFolder, archive_with: ArchiveMaker
) -> None:
    archive = archive_with(*articles(*6 * [NAMED], prefix="nama"), *articles(COMMON, prefix="air"))
    names = [f"nama-{number}" for number in range(1, 7)]
    assert found_by(archive, "kebanjir") == names
    archive_folder.exceptions.write_text("-kebanjir\n", encoding="utf-8")
    assert found_by(archive, "kebanjir") == ["air-1", *names]
    archive_folder.exceptions.write_text("kebanjir = melanda\n", encoding="utf-8")
    assert found_by(archive, "kebanjir") == names


def test_a_rebuild_takes_the_newsrooms_list_into_the_index(
    archive_folder: ArchiveFolder, archive_with: ArchiveMaker
) -> None:
    archive = archive_with(*articles("Kata Kebanjir kemarin.", COMMON))
    archive_folder.exceptions.write_text("Kebanjir\n", encoding="utf-8")
    assert found_by(archive, "banjir") == ["uji-1", "uji-2"]
    with writing(archive_folder), ArticleStore(archive_folder.store) as store:
        rebuild_index(archive_folder, store, archive_folder.read_settings())
    assert found_by(archive, "banjir") == ["uji-2"]


# --- on the page


@pytest.fixture
def client(bup: Archive) -> FlaskClient:
    return create_app(bup.folder.path, language="en").test_client()


def shown(client: FlaskClient, address: str) -> tuple[list[str], dict[str, str]]:
    """Return the notices of a result page, and its links about expanding by their text."""
    page = Page(client.get(address).text)
    notices = page.css("p.notice")
    links = {link.text(): str(link.attributes["href"]) for notice in notices for link in notice.css("a")}
    return [" ".join(notice.text().split()) for notice in notices], links


def test_the_page_says_what_was_also_searched_and_switches_it_off_and_on(client: FlaskClient) -> None:
    off, on = "Search only what was typed", "Search acronyms, old spellings and joined words, too"
    notices, links = shown(client, "/search?q=BUP&section=Ekonomi&page=1")
    assert notices == [f"Also searched: Badan Uji Pangan (long form of BUP). {off}"]
    assert links == {off: "/search?q=BUP&section=Ekonomi&expand=0"}
    notices, links = shown(client, links[off])
    assert notices == [f"Only what was typed was searched. {on}"]
    assert links == {on: "/search?q=BUP&section=Ekonomi"}
    assert shown(client, "/search?q=dunia") == ([], {})
    assert shown(client, "/search?expand=0&section=Ekonomi") == ([], {})


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("BUP", "Badan Uji Pangan (long form of BUP)"),
        ("badan uji pangan", "BUP (short for badan uji pangan)"),
        ("BUP ATAU (badan uji pangan)", "Badan Uji Pangan (long form of BUP), BUP (short for badan uji pangan)"),
    ],
)
def test_what_was_also_searched_is_said_in_words(client: FlaskClient, typed: str, said: str) -> None:
    (notice,), _links = shown(client, f"/search?{urlencode({'q': typed})}")
    assert notice.startswith(f"Also searched: {said}. ")


def test_different_kinds_of_variants_are_said_in_one_sentence() -> None:
    searched = [
        Also(VariantKind.JOINED, "kerjasama", "kerja sama"),
        Also(VariantKind.JOINED, "kerja sama", "kerjasama"),
        Also(VariantKind.SPELLING, "Sukarto", "Soekarto"),
    ]
    assert also_text(searched) == (
        "Also searched: Soekarto (another spelling of Sukarto); "
        "kerja sama (kerjasama written apart), kerjasama (kerja sama written as one word)."
    )


def test_links_and_forms_of_a_page_keep_expanding_off(client: FlaskClient) -> None:
    page = Page(client.get("/search?q=BUP&expand=0&section=Ekonomi").text)
    kept = [
        link.attributes["href"] or "" for link in page.css("nav.sorts a, ul.chips a, .facet a, .headline a, .forms a")
    ]
    assert len(kept) > 10
    assert [address for address in kept if "expand=0" not in address] == []
    assert len(page.css("form input[name=expand][value='0']")) == len(page.css("form")) == 2


def test_an_article_is_marked_as_it_was_found(client: FlaskClient) -> None:
    for switch, marked in (("", ["Badan Uji Pangan"]), ("&expand=0", [])):
        page = Page(client.get(f"/articles/panjang-1?q=BUP{switch}").text)
        assert [mark.text() for mark in page.css("article mark")] == marked


def test_a_wrong_switch_is_refused(client: FlaskClient) -> None:
    assert client.get("/search?q=BUP&expand=ya").status_code == 400
    answer = client.get("/search.json?q=BUP&expand=2")
    assert (answer.status_code, "'2' is neither 0 nor 1" in answer.text) == (400, True)


def test_a_word_that_no_article_has_is_split_where_two_words_stand_side_by_side_once(
    archive_with: ArchiveMaker,
) -> None:
    archive = archive_with(*articles("Pindah ke ibu kota baru."), *articles("Ibu pergi ke kota.", prefix="lain"))
    page = search(archive, "ibukota")
    assert [hit.article_id for hit in page.hits] == ["uji-1"]
    assert page.also == (Also(VariantKind.JOINED, "ibukota", "ibu kota"),)
