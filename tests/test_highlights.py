"""What readers see of a match: exact places in the original text, snippets that are whole sentences, and the reasons."""

from collections.abc import Callable

import pytest
from conftest import ArchiveMaker, fill, make_article
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from index.article import Article, Status
from index.settings import ArchiveFolder
from search.archive import Archive
from search.query import Query
from search.results import Highlighted, Hit
from web.app import create_app

LONGEST_SNIPPET = 240 + len("…  …")


@pytest.fixture
def hit_of(archive_with: ArchiveMaker) -> Callable[..., Hit]:
    """Return a function that searches one article and returns it as a hit."""

    def search(text: str, **fields: object) -> Hit:
        (hit,) = archive_with(make_article(**fields)).search(Query(text)).hits
        return hit

    return search


def bracketed(text: Highlighted) -> str:
    """Return a text with what is marked between brackets."""
    return "".join(f"[{part}]" if matched else part for part, matched in text.parts())


FORMS: list[tuple[str, str, str]] = [
    # any form of a word
    ("bangun", "Pembangunan MEMBANGUN bangunan, terbangun.", "[Pembangunan] [MEMBANGUN] [bangunan], [terbangun]."),
    ("pembangunan", "Ia membangun; pembangun lain.", "Ia [membangun]; [pembangun] lain."),
    ("=bangun", "Membangun yang sudah bangun.", "Membangun yang sudah [bangun]."),
    ("harga pasar", "Pasar: harga turun, pasaran sepi.", "[Pasar]: [harga] turun, [pasaran] sepi."),
    # diacritics, apostrophes, invisible characters, abbreviations
    ("muller", "Herr Müller dan Mu\u0308ller.", "Herr [Müller] dan [Mu\u0308ller]."),
    ("Müller", "Muller datang.", "[Muller] datang."),
    ("maruf", "KH Ma'ruf, Ma’ruf, dan Maruf.", "KH [Ma'ruf], [Ma’ruf], dan [Maruf]."),
    ("Jum’at", "Hari Jumat, Jum'at.", "Hari [Jumat], [Jum'at]."),
    ("berjalan", "Ia ber\u00adjalan kaki.", "Ia [ber\u00adjalan] kaki."),
    ("sh", "Budi, S.H., hakim.", "Budi, [S.H.], hakim."),
    ("1,5", "Naik Rp1,5 triliun.", "Naik Rp[1,5] triliun."),
    # reduplication and hyphens
    ("kata", "Kata-kata itu, perkataan itu.", "[Kata-kata] itu, [perkataan] itu."),
    ("kata-kata", "Sepatah kata.", "Sepatah [kata]."),
    ("jalan", "Berjalan-jalan ke jalanan.", "[Berjalan-jalan] ke [jalanan]."),
    ("polri", "Rapat TNI-Polri.", "Rapat TNI-[Polri]."),
    ("TNI-Polri", "Rapat TNI-Polri dan Polri-TNI.", "Rapat [TNI-Polri] dan Polri-TNI."),
    ("tnipolri", "Rapat TNI-Polri.", "Rapat [TNI-Polri]."),
    ("ott", "Kasus OTT-nya.", "Kasus [OTT]-nya."),
    # phrases and words near each other
    ('"dana desa"', "Dana Desa; desa dana; dana, desa.", "[Dana Desa]; desa dana; [dana, desa]."),
    ('"dana desa dana"', "dana desa dana desa dana", "[dana desa dana desa dana]"),
    ('"dana desa"~1', "Pendanaan bagi pedesaan, lalu dana.", "[Pendanaan] bagi [pedesaan], lalu dana."),
    ('"desa dana"~1', "Dana tunai desa, desa jauh sekali dari dana.", "[Dana] tunai [desa], desa jauh sekali dari dana."),
    ('"harga harga"~3', "Harga beras, harga gula, harga.", "[Harga] beras, [harga] gula, harga."),
    # prefixes and misspellings
    ("korup*", "Korupsi, koruptor, mengorupsi, korup.", "[Korupsi], [koruptor], mengorupsi, [korup]."),
    ("subijanto~", "Subianto dan Subijanto, bukan Budianto.", "[Subianto] dan [Subijanto], bukan Budianto."),
    ("bears~1", "Beras basah.", "[Beras] basah."),
    # several at once, and what is not looked for
    ("beras -gula", "Beras saja.", "[Beras] saja."),
    ('beras "beras merah"', "Beras merah dan beras.", "[Beras merah] dan [beras]."),
    ("beras ATAU kapal", "Kapal tanpa muatan.", "[Kapal] tanpa muatan."),
    ("isi:beras", "Beras basah.", "[Beras] basah."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "body", "marked"), FORMS, ids=[f"{typed} in {body[:20]}" for typed, body, _m in FORMS]
)
def test_every_form_is_marked_where_it_stands(archive_with: ArchiveMaker, typed: str, body: str, marked: str) -> None:
    archive = archive_with(make_article(title="Judul", body=body))
    (hit,) = archive.search(Query(typed)).hits
    assert " ".join(map(bracketed, hit.snippets)) == marked
    _title, (paragraph,) = archive.highlighted(make_article(title="Judul", body=body), typed)
    assert bracketed(paragraph) == marked


def test_a_field_marks_only_what_it_covers(archive_with: ArchiveMaker) -> None:
    article = make_article(title="Harga beras", body="Harga beras naik.", authors=("Beras Wangi",))
    archive = archive_with(article)
    for typed, title, body in [
        ("beras", "Harga [beras]", "Harga [beras] naik."),
        ("judul:beras", "Harga [beras]", "Harga beras naik."),
        ("isi:beras", "Harga beras", "Harga [beras] naik."),
        ("penulis:beras", "Harga beras", "Harga beras naik."),
        ("harga -judul:gula", "[Harga] beras", "[Harga] beras naik."),
        ("", "Harga beras", "Harga beras naik."),
    ]:
        shown, paragraphs = archive.highlighted(article, typed)
        assert (bracketed(shown), *map(bracketed, paragraphs)) == (title, body)
        (hit,) = archive.search(Query(typed)).hits
        assert (bracketed(hit.title), *map(bracketed, hit.snippets)) == (title, body)


# --- snippets


def test_snippets_are_the_sentences_that_say_most_in_the_order_of_the_text(hit_of: Callable[..., Hit]) -> None:
    body = (
        "Hujan turun.\nHarga turun di Jl. Sudirman. Warga menonton.\nHarga beras naik 2,5 persen. Pedagang mengeluh! "
        '"Beras mahal," katanya.\nBeras langka, kata Bupati. Harga lagi.'
    )
    assert [bracketed(snippet) for snippet in hit_of("harga beras", title="Pasar", body=body).snippets] == [
        "[Harga] turun di Jl.",
        "[Harga] [beras] naik 2,5 persen.",
        '"[Beras] mahal," katanya.',
    ]


def test_a_sentence_with_more_of_the_words_comes_before_one_that_repeats_a_word(hit_of: Callable[..., Hit]) -> None:
    body = "\n".join(["Harga, harga, harga."] * 3 + ["Harga beras."])
    assert [bracketed(snippet) for snippet in hit_of("harga beras", title="Pasar", body=body).snippets] == [
        "[Harga], [harga], [harga].",
        "[Harga], [harga], [harga].",
        "[Harga] [beras].",
    ]


def test_of_a_withdrawn_article_nothing_but_the_title_is_shown(hit_of: Callable[..., Hit]) -> None:
    hit = hit_of("beras", title="Harga beras", body="Beras berkutu.", status=Status.WITHDRAWN)
    assert (bracketed(hit.title), hit.snippets) == ("Harga [beras]", ())
    assert [why.matched for why in hit.why] == ["beras"]


def test_without_a_match_in_the_body_the_snippet_is_its_beginning(hit_of: Callable[..., Hit]) -> None:
    hit = hit_of("judul:kapal", title="Kapal karam", body="\n Nelayan selamat. Kapal ditarik.")
    assert [bracketed(snippet) for snippet in hit.snippets] == ["Nelayan selamat."]
    assert hit_of("kapal", title="Kapal karam", body="").snippets == ()


def test_a_long_sentence_is_cut_at_spaces_around_its_match(hit_of: Callable[..., Hit]) -> None:
    body = "awal " * 100 + "harga beras " + "akhir " * 100 + "selesai."
    (snippet,) = hit_of("beras", title="Pasar", body=body).snippets
    shown = bracketed(snippet)
    assert shown.startswith("… awal awal ")
    assert shown.endswith(" akhir …")
    assert "harga [beras] akhir" in shown
    assert len(snippet.text) <= LONGEST_SNIPPET


def test_a_phrase_across_the_end_of_a_sentence_is_shown_in_both(hit_of: Callable[..., Hit]) -> None:
    hit = hit_of('"dana desa"', title="Laporan", body="Rapat dibuka. Warga meminta dana. Desa menolak. Rapat ditutup.")
    assert [bracketed(snippet) for snippet in hit.snippets] == ["Warga meminta [dana.]", "[Desa] menolak."]


def test_a_match_wider_than_a_snippet_is_marked_as_far_as_it_is_shown(hit_of: Callable[..., Hit]) -> None:
    words = " ".join(f"kata{number}" for number in range(60))
    (snippet,) = hit_of(f'"{words}"', title="Panjang", body=f"Mula {words} usai.").snippets
    assert bracketed(snippet).startswith("Mula [kata")
    assert bracketed(snippet).endswith("] …")


# --- reasons


@pytest.mark.parametrize(
    ("typed", "reasons"),
    [
        ("beras", [("exact", "beras", "Beras")]),
        ("perberasan", [("form", "perberasan", "Beras")]),
        ("harga BERAS", [("exact", "harga", "harga"), ("exact", "BERAS", "Beras")]),
        ("naik", [("exact", "naik", "naik")]),  # which stands behind another form of it
        ("hargai", [("form", "hargai", "harga")]),
        ('"naik harga"', [("phrase", '"naik harga"', "naik harga")]),
        ('"harga beras"~5', [("near", '"harga beras"~5', "Beras")]),
        ("pedag*", [("prefix", "pedag*", "Pedagang")]),
        ("pedagagn~", [("fuzzy", "pedagagn~", "Pedagang")]),
        ("pedagang~", [("exact", "pedagang~", "Pedagang")]),
        ("penulis:ratna", [("field", "ratna", "Ratna Dewi")]),
        ("rubrik:ekonomi beras", [("field", "ekonomi", "Ekonomi"), ("exact", "beras", "Beras")]),
        ("beras -gula", [("exact", "beras", "Beras")]),
        ("beras ATAU gula", [("exact", "beras", "Beras")]),
        ("tanggal:2023", []),
        ("id:uji-1", []),
        ("", []),
    ],
)
def test_a_hit_says_why_it_is_one(hit_of: Callable[..., Hit], typed: str, reasons: list[tuple[str, str, str]]) -> None:
    hit = hit_of(typed, title="Beras: harga", body="Kenaikan harga, naik harga lagi. Pedagang senang.")
    assert [(why.kind.value, why.typed, why.matched) for why in hit.why] == reasons


# --- as HTML


def test_markup_in_an_article_or_a_query_stays_text(archive_folder: ArchiveFolder) -> None:
    body = 'Awal <script>alert("beras")</script> & <b>harga</b> beras.'
    fill(archive_folder, [make_article(title="<i>Beras</i> & <script>", body=body)])
    client = create_app(archive_folder.path, language="en").test_client()
    typed = '<script> beras "harga"'
    hit = client.get("/search.json", query_string={"q": typed}).get_json()["hits"][0]
    assert hit["title"] == "<i>Beras</i> & <script>"  # plain text; only snippets are HTML
    (snippet,) = hit["snippets"]
    assert snippet == (
        "Awal &lt;<mark>script</mark>&gt;alert(&#34;<mark>beras</mark>&#34;)&lt;/<mark>script</mark>&gt; &amp; "
        "&lt;b&gt;<mark>harga</mark>&lt;/b&gt; <mark>beras</mark>."
    )
    assert LexborHTMLParser(snippet).text() == body
    for address in ("/search", "/articles/uji-1"):
        page = LexborHTMLParser(client.get(address, query_string={"q": typed}).text)
        assert (
            page.css("script:not([src]):not([type='application/ld+json']), main h1 i, main h2 i, .body i, .snippet i")
            == []
        )
        assert [b for b in page.css("b") if b.parent is not None and "alert" in b.parent.text()] == []
        assert "beras" in {node.text().casefold() for node in page.css("mark")}
        assert 'alert("beras")' in page.text()


# --- whatever the text


ALPHABET = [
    "a",
    "B",
    ".",
    " ",
    "\n",
    "harga",
    "beras",
    "Ma'ruf",
    "kata-kata",
    "TNI-Polri",
    "é",
    "\u0301",
    "ß",
    "\u00ad",
    "😀",
    "<b>",
    "1,5",
]
TYPED = ["harga", '"beras harga"', '"harga beras"~3', "har*", "beraas~", "kata", "maruf ATAU polri", "-harga", "1,5"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.lists(st.sampled_from(ALPHABET), max_size=60).map(" ".join)
    | st.lists(st.sampled_from(ALPHABET)).map("".join),
    typed=st.sampled_from(TYPED),
)
@example(text="harga", typed="harga")
@example(text="harga beras. " * 60, typed='"beras harga"')
def test_pieces_joined_are_the_text_and_marks_lie_within_it_in_order(
    one_archive: Archive, text: str, typed: str
) -> None:
    article = Article(id="uji-1", title=" ".join(text.split()) or "-", body=text)
    title, paragraphs = one_archive.highlighted(article, typed)
    assert title.text == article.title
    assert [paragraph.text for paragraph in paragraphs] == article.paragraphs()
    for shown in (title, *paragraphs):
        parts = list(shown.parts())
        assert "".join(part for part, _matched in parts) == shown.text
        assert all(part for part, _matched in parts)
        ends = [0, *(place for span in shown.spans for place in span), len(shown.text)]
        assert ends == sorted(ends)
        assert all(start < stop for start, stop in shown.spans)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.lists(st.sampled_from(ALPHABET), min_size=1, max_size=150).map(" ".join))
def test_a_snippet_is_a_piece_of_the_text_and_shows_a_match(
    tmp_path_factory: pytest.TempPathFactory, body: str
) -> None:
    folder = ArchiveFolder(tmp_path_factory.mktemp("arsip"))
    fill(folder, [make_article(title="Judul", body="harga\n" + body)])
    archive = Archive(folder.path)
    (hit,) = archive.search(Query('harga ATAU beras ATAU "beras harga" ATAU "kata maruf"~4')).hits
    stored = archive.article("uji-1")
    assert stored is not None
    assert 1 <= len(hit.snippets) <= 3
    for snippet in hit.snippets:
        assert snippet.spans
        assert snippet.text.removeprefix("… ").removesuffix(" …") in stored.body
        assert len(snippet.text) <= LONGEST_SNIPPET
        assert snippet.text == snippet.text.strip()
    archive.close()


@pytest.fixture(scope="module")
def one_archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder = ArchiveFolder(tmp_path_factory.mktemp("arsip"))
    fill(folder, [make_article()])
    return Archive(folder.path)
