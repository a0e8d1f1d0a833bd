import time

import pytest

from index.importers.html import article_fields_from_page, html_from_text, html_or_text, paragraphs_from_html


@pytest.mark.parametrize(
    ("markup", "paragraphs"),
    [
        ("<p>Satu.</p><p>Dua.</p>", ["Satu.", "Dua."]),
        ("<h2>Judul</h2><div>Isi<div>dalam</div>lanjut</div>", ["Judul", "Isi", "dalam", "lanjut"]),
        ("Satu<br>dua<br><br>tiga", ["Satu", "dua", "tiga"]),
        ("<ul><li>beras<li>gula</ul>", ["beras", "gula"]),
        ("<table><tr><th>Barang<th>Harga<tr><td>Beras<td>14.000</table>", ["Barang Harga", "Beras 14.000"]),
        ("<blockquote>Kutipan</blockquote>lanjut", ["Kutipan", "lanjut"]),
        ("<figure><img src=a.jpg><figcaption>Foto: Ratna</figcaption></figure>", ["Foto: Ratna"]),
        ("ber<b>as</b> <i>na</i><span>ik</span>", ["beras naik"]),
        ("<p>Satu\n   baris\r\n\r\nyang dilipat</p>", ["Satu baris yang dilipat"]),
        ("<pre><code>satu\ndua</code></pre>", ["satu", "dua"]),
        ("Tom &amp; Jerry &#8220;damai&#8221; caf&eacute;", ["Tom & Jerry “damai” café"]),
        ("Rp&nbsp;5.000\u00a0lagi", ["Rp 5.000 lagi"]),
        ("pem&shy;bangun\u200ban", ["pembangunan"]),
        ("sebelum<script>var a = '<p>x</p>'</script><style>p{}</style> sesudah", ["sebelum sesudah"]),
        ("a<noscript>n</noscript><iframe>i</iframe><form>f<input></form><template>t</template><nav>m</nav>b", ["ab"]),
        ("a<nav><form><script>x</script>y</form></nav>b", ["ab"]),
        ("a<!-- rahasia -->b", ["ab"]),
        ("Kata <![CDATA[ dalam ]]> CDATA", ["Kata dalam CDATA"]),
        ("", []),
    ],
)
def test_html_becomes_a_line_a_paragraph(markup: str, paragraphs: list[str]) -> None:
    assert paragraphs_from_html(markup).split("\n") == (paragraphs or [""])


@pytest.mark.parametrize(
    ("markup", "paragraphs"),
    [
        ("Satu.\n\nDua\nmasih dua.\r\n\r\nTiga.", ["Satu.", "Dua masih dua.", "Tiga."]),
        ("Satu.\n\n<p>Dua\n\nmasih dua.</p>\n\nTiga.", ["Satu.", "Dua masih dua.", "Tiga."]),
        ("<!-- wp:paragraph -->\n<p>Satu.</p>\n<!-- /wp:paragraph -->", ["Satu."]),
        ('[caption id="a" width="3"]<img src=x> Keterangan[/caption]Lanjut.', ["Keterangan", "Lanjut."]),
        ('Satu [gallery ids="1,2"] dua [gallery] tiga', ["Satu dua tiga"]),
        ('[pesan warna="merah"]Awas[/pesan]', ["Awas"]),
        ('"Dia datang [sic] [kemarin]," katanya [1]', ['"Dia datang [sic] [kemarin]," katanya [1]']),
    ],
)
def test_wordpress_bodies_keep_their_paragraphs_and_lose_their_shortcodes(markup: str, paragraphs: list[str]) -> None:
    assert paragraphs_from_html(markup).split("\n") == paragraphs


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("x < y dan y > z", "x < y dan y > z"),
        ("<3 untuk semua", "<3 untuk semua"),
        ("alamat <redaksi@uji.example>", "alamat <redaksi@uji.example>"),
        ("AT&T; Q&A; &tidakada;", "AT&T; Q&A; &tidakada;"),
        ("satu\n\n  dua", "satu\n\n  dua"),
        ("Tom &amp; Jerry\n&#8220;x < y&#8221;", "Tom & Jerry\n“x < y”"),
        ("satu<BR/>dua", "satu\ndua"),
        ("tanpa <em>paragraf</em>", "tanpa paragraf"),
    ],
)
def test_only_text_that_holds_html_is_read_as_html(text: str, read: str) -> None:
    assert html_or_text(text) == read


@pytest.mark.parametrize(
    "text", ["biasa", "Tag <b> menebalkan\nbaris kedua", "&amp; ditulis begitu", '<p>[gallery ids="1"]</p>']
)
def test_text_that_looks_like_html_survives_being_read_again(text: str) -> None:
    assert html_or_text(html_from_text(text)) == text


def test_ten_thousand_nested_elements_are_read_in_a_moment() -> None:
    begin = time.monotonic()
    assert paragraphs_from_html("<div>" * 10_000 + "dalam" + "</div>" * 10_000) == "dalam"
    assert time.monotonic() - begin < 5


def meta(name: str, content: str) -> str:
    return f'<meta name="{name}" content="{content}">'


def page(head: str = "", body: str = "<p>Isi.</p>") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


JSON_LD = '<script type="application/ld+json">{}</script>'


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        (page("<title>Banjir - Harian Uji</title>"), "Banjir"),
        (page("<title>Banjir di kota | Harian Uji</title>"), "Banjir di kota"),
        (page("<title>Banjir - Harian Uji</title>", "<h1>Banjir\n besar</h1>"), "Banjir besar"),
        (page('<meta property="og:title" content="Dari og">', "<h1>Lain</h1>"), "Dari og"),
        (page(JSON_LD.format('{"@type": "NewsArticle", "headline": "Dari JSON-LD"}'), "<h1>Lain</h1>"), "Dari JSON-LD"),
        (page(JSON_LD.format('{"@type": "NewsArticle", "headline": '), "<h1>Skrip rusak</h1>"), "Skrip rusak"),
        (page(JSON_LD.format('{"@type": "WebSite", "headline": "Situs"}'), "<h1>Berita</h1>"), "Berita"),
    ],
)
def test_the_title_of_a_page_is_the_one_said_most_plainly(markup: str, title: str) -> None:
    assert article_fields_from_page(markup)["title"] == title


LINKED_BODY = JSON_LD.format('{"@type": "NewsArticle", "articleBody": "Isi dari JSON-LD."}')


@pytest.mark.parametrize(
    ("markup", "body"),
    [
        (page("", "<nav>Menu</nav><p>Isi.</p><footer>Kaki</footer>"), "Isi."),
        (page("", "<p>luar</p><main><p>Isi.</p></main>"), "Isi."),
        (
            page("", "<article>Cuplikan</article><article><h1>J</h1><p>Isi yang panjang.</p></article>"),
            "Isi yang panjang.",
        ),
        (page("", "<article>Bagi<div itemprop=articleBody>Isi.</div></article>"), "Isi."),
        (page(LINKED_BODY, "<article>Isi halaman.</article>"), "Isi halaman."),
        (page(LINKED_BODY, "<main>Isi utama.</main>"), "Isi dari JSON-LD."),
        (page("", "<form action=x><p>Isi dalam formulir.</p><button>Kirim</button></form>"), "Isi dalam formulir."),
    ],
)
def test_the_body_of_a_page_is_the_article_and_nothing_around_it(markup: str, body: str) -> None:
    assert article_fields_from_page(markup)["body"] == body


@pytest.mark.parametrize(
    ("head", "field", "value"),
    [
        (meta("date", "2020-01-01") + meta("article:published_time", "2024-01-05"), "date", "2024-01-05"),
        (meta("article:published_time", "tadi pagi") + meta("date", "2020-01-01"), "date", "2020-01-01"),
        (meta("date", "tadi pagi"), "date", "tadi pagi"),
        (meta("article:author", "https://jejaring.example/r") + meta("author", "Ratna"), "authors", ["Ratna"]),
        (meta("article:author", "https://jejaring.example/r"), "authors", None),
        (meta("news_keywords", "banjir, desa,"), "tags", ["banjir", "desa"]),
        (meta("article:tag", "banjir") + meta("article:tag", "desa"), "tags", ["banjir", "desa"]),
        (meta("og:description", "og") + meta("description", "ringkas"), "summary", "ringkas"),
        (
            '<link rel="canonical" href="https://a.example">' + meta("og:url", "https://b.example"),
            "url",
            "https://a.example",
        ),
        ('<meta property="og:url" content="https://b.example">', "url", "https://b.example"),
        (meta("article:section", "Daerah"), "section", "Daerah"),
        ('<meta property="og:site_name" content="Harian Uji">', "source", "Harian Uji"),
        (JSON_LD.format('{"@type": "NewsArticle", "articleSection": ["Daerah", "Bencana"]}'), "section", "Daerah"),
        (JSON_LD.format('[{"@type": "NewsArticle", "author": {"name": "Ratna"}}]'), "authors", ["Ratna"]),
    ],
)
def test_a_page_says_its_fields_in_meta_tags(head: str, field: str, value: object) -> None:
    assert article_fields_from_page(page(head)).get(field) == value


def test_a_time_element_dates_a_page_that_says_nothing_else() -> None:
    assert article_fields_from_page(page(body='<time datetime="2024-01-05">5/1</time>'))["date"] == "2024-01-05"
