from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.article import Article, LeftOut, Reject, Status
from index.dates import WIB
from index.errors import FileRefused
from index.importers import Importer, Record, SourceFile, xml
from index.importers.feeds import read_feed
from index.importers.wxr import read_wxr

WXR_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
<title>Harian Uji</title>
"""
VERSION = "<wp:wxr_version>1.2</wp:wxr_version>\n"
END = "</channel>\n</rss>\n"
XHTML = "http://www.w3.org/1999/xhtml"
RSS_HEAD = '<rss version="2.0"><channel><title>Harian Uji</title><link>https://uji.example/</link>\n'

Writer = Callable[[str | bytes], Path]


@pytest.fixture
def written(tmp_path: Path) -> Writer:
    def write(content: str | bytes) -> Path:
        path = tmp_path / "ekspor.xml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def records(path: Path, read: Importer = read_wxr) -> list[Record]:
    return list(read(SourceFile(path, path, WIB)))


def only_article(path: Path, read: Importer = read_wxr) -> Article:
    (article,) = records(path, read)
    assert isinstance(article, Article), article
    return article


def read_until_refused(path: Path, read: Importer = read_wxr) -> tuple[list[str], FileRefused]:
    """Return the titles of the articles that came before a file was refused, and the refusal."""
    titles: list[str] = []
    reading: Iterator[Record] = read(SourceFile(path, path, WIB))
    with pytest.raises(FileRefused) as caught:
        titles.extend(record.title for record in reading if isinstance(record, Article))
    return titles, caught.value


def post(title: str = "Judul", *parts: str) -> str:
    return f"<item><title>{title}</title>\n{''.join(parts)}\n</item>\n"


def export(*items: str, head: str = WXR_HEAD + VERSION) -> str:
    return head + "".join(items) + END


# What makes a file unreadable, and where


def test_what_stands_before_a_truncated_item_is_kept_and_the_line_of_the_end_is_told(written: Writer) -> None:
    whole = export(post("Satu"), post("Dua"), post("Tiga"))
    cut = whole[: whole.index("Tiga")]
    titles, refusal = read_until_refused(written(cut))
    assert titles == ["Satu", "Dua"]
    assert refusal.line == cut.count("\n") + 1
    assert "not well-formed XML" in str(refusal)


LAUGHS = """<?xml version="1.0"?>
<!DOCTYPE lolz [
 <!ENTITY lol "lol">
 <!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
]>
<rss><channel><item><title>&lol2;</title></item></channel></rss>"""
EXTERNAL = """<?xml version="1.0"?>

<!DOCTYPE rss [<!ENTITY berkas SYSTEM "file:///etc/hostname">]>
<rss><channel><item><title>&berkas;</title></item></channel></rss>"""
REMOTE_DTD = '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/rss.dtd">\n<rss><channel/></rss>'


@pytest.mark.parametrize(("content", "line"), [(LAUGHS, 2), (EXTERNAL, 3), (REMOTE_DTD, 1)])
@pytest.mark.parametrize("read", [read_wxr, read_feed])
def test_a_document_type_is_refused_with_its_line(written: Writer, content: str, line: int, read: Importer) -> None:
    titles, refusal = read_until_refused(written(content), read)
    assert (titles, refusal.line) == ([], line)
    assert "DOCTYPE" in refusal.reason


@pytest.mark.parametrize(
    ("broken", "line"),
    [
        ("<item><title>Satu</judul></item>\n", 7),
        ("<item>\n<title>Bel\x07</title></item>\n", 8),
        ("<item>\n\n<title>A &tidakada; B</title></item>\n", 9),
        ("<item><title>A & B</title></item>\n", 7),
    ],
)
def test_xml_that_is_not_well_formed_is_refused_with_its_line(written: Writer, broken: str, line: int) -> None:
    _titles, refusal = read_until_refused(written(export(broken)))
    assert refusal.line == line
    assert str(refusal).startswith(f"{refusal.path}:{line}: not well-formed XML in column")


@pytest.mark.parametrize("blank", ["\n", "\r\n\r\n", "\n  "])
def test_blank_lines_before_the_declaration_are_passed_over(written: Writer, blank: str) -> None:
    assert [r.title for r in records(written(blank + export(post("Satu")))) if isinstance(r, Article)] == ["Satu"]
    _titles, refusal = read_until_refused(written(blank + export("<item><title>Satu</judul></item>\n")))
    assert refusal.line == 7 + blank.count("\n")


def test_ten_thousand_nested_elements_are_refused_with_their_line(written: Writer) -> None:
    nested = "<item>\n" + "<a>" * 10_000 + "</a>" * 10_000 + "</item>\n"
    titles, refusal = read_until_refused(written(export(post("Satu"), nested)))
    assert titles == ["Satu"]
    assert (refusal.line, refusal.reason) == (11, "more than 100 elements within each other")


def test_an_item_over_the_limit_is_refused_and_many_small_ones_are_not(
    written: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml, "ITEM_BYTES", 1 << 20)
    small = [post(f"Judul {n}", "<content:encoded>", "kata " * 10_000, "</content:encoded>") for n in range(40)]
    assert len(records(written(export(*small)))) == 40
    large = post("Besar", "<content:encoded>", "kata " * 300_000, "</content:encoded>")
    titles, refusal = read_until_refused(written(export(small[0], large)))
    assert titles == ["Judul 0"]
    assert refusal.reason == "an item is larger than 1 MB"


def test_an_item_is_freed_when_the_next_is_read(written: Writer) -> None:
    path = written(export(*[post(f"Judul {n}") for n in range(500)]))
    assert max(len(holder) for holder, _element in xml.feed_elements(path)) == 1


def test_an_encoding_that_nobody_knows_is_refused(written: Writer) -> None:
    _titles, refusal = read_until_refused(written('<?xml version="1.0" encoding="x-antah"?><rss/>'))
    assert refusal.line == 1


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "utf-16"])
def test_the_declared_encoding_is_the_one_that_is_read(written: Writer, encoding: str) -> None:
    content = export(post("Café ‘lama’" if encoding != "iso-8859-1" else "Café lama")).replace("UTF-8", encoding)
    assert only_article(written(content.encode(encoding))).title.startswith("Café")


@pytest.mark.parametrize(
    ("encoded", "body"),
    [
        ("<![CDATA[<p>a]]]]><![CDATA[>b</p>]]>", "a]]>b"),
        ("<![CDATA[Isi ]]><![CDATA[bersambung]]>", "Isi bersambung"),
        ("<![CDATA[Satu ]]>dua &amp;amp; tiga", "Satu dua & tiga"),
        ("<![CDATA[Dalam <![CDATA[ tanda ]]> :)]]>", "Dalam tanda :)"),
        ("<![CDATA[<script>x</script>&lt;b&gt;]]>", "<b>"),
    ],
)
@pytest.mark.parametrize("padding", [0, 16_370, 16_380, 16_384])  # the marks fall across the pieces that are read
def test_cdata_keeps_its_words_however_it_is_cut(written: Writer, encoded: str, body: str, padding: int) -> None:
    item = post("Judul", f"<dc:source>{'x' * padding}</dc:source><content:encoded>{encoded}</content:encoded>")
    assert only_article(written(export(item))).body == body


# WordPress exports


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        (WXR_HEAD, "no wp:wxr_version before the first item: this is no WordPress export"),
        (WXR_HEAD + "<wp:wxr_version>baru</wp:wxr_version>", "wp:wxr_version is 'baru', not a version such as 1.2"),
        (WXR_HEAD + "<wp:wxr_version></wp:wxr_version>", "wp:wxr_version is '', not a version such as 1.2"),
    ],
)
@pytest.mark.parametrize("items", [[], [post()]])
def test_an_export_without_a_version_is_refused(written: Writer, head: str, reason: str, items: list[str]) -> None:
    titles, refusal = read_until_refused(written(export(*items, head=head)))
    assert (titles, refusal.reason) == ([], reason)


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2", "1.3"])
def test_every_version_1_of_the_namespace_is_read(written: Writer, version: str) -> None:
    content = export(post("Satu", "<wp:post_type>post</wp:post_type><excerpt:encoded>Ringkas</excerpt:encoded>"))
    article = only_article(written(content.replace("1.2", version)))
    assert (article.title, article.summary) == ("Satu", "Ringkas")


@pytest.mark.parametrize("kind", ["page", "attachment", "nav_menu_item"])
def test_what_is_no_post_is_left_out(written: Writer, kind: str) -> None:
    path = written(export(post("Satu", f"<wp:post_type>{kind}</wp:post_type>")))
    assert records(path) == [LeftOut(path, "item 1", f"no article but of type '{kind}'")]


@pytest.mark.parametrize("status", ["draft", "private", "trash", "pending", "inherit"])
def test_what_is_not_published_is_left_out(written: Writer, status: str) -> None:
    path = written(export(post("Satu", f"<wp:status>{status}</wp:status>")))
    assert records(path) == [LeftOut(path, "item 1", f"not published but of status '{status}'")]


def test_a_post_with_a_password_is_left_out(written: Writer) -> None:
    path = written(export(post("Satu", "<wp:post_password>sandi</wp:post_password>")))
    assert records(path) == [LeftOut(path, "item 1", "protected by a password")]


def test_a_post_of_the_future_is_under_embargo(written: Writer) -> None:
    item = post("Satu", "<wp:status>future</wp:status><wp:post_date>2199-01-02 08:00:00</wp:post_date>")
    article = only_article(written(export(item)))
    assert (article.status, str(article.date)) == (Status.EMBARGOED, "2199-01-02 08:00:00+07:00")


@pytest.mark.parametrize(
    ("dates", "moment"),
    [
        (
            "<wp:post_date>2020-05-05 01:00:00</wp:post_date><wp:post_date_gmt>2023-07-28 20:30:00</wp:post_date_gmt>",
            "2023-07-29 03:30:00+07:00",
        ),
        (
            "<wp:post_date>2023-07-28 10:30:00</wp:post_date><wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt>",
            "2023-07-28 10:30:00+07:00",
        ),
        ("<pubDate>Fri, 28 Jul 2023 03:30:00 +0000</pubDate>", "2023-07-28 10:30:00+07:00"),
        ("<pubDate>Mon, 30 Nov -0001 00:00:00 +0000</pubDate>", "None"),
    ],
)
def test_a_post_is_dated_by_the_surest_of_its_dates(written: Writer, dates: str, moment: str) -> None:
    assert str(only_article(written(export(post("Satu", dates)))).date) == moment


@pytest.mark.parametrize(
    ("categories", "section", "tags"),
    [
        (
            '<category domain="category">Tanpa Kategori</category><category domain="category">Kota</category>',
            "Kota",
            (),
        ),
        ('<category>Kota</category><category domain="category">Kota</category>', "Kota", ()),
        ('<category domain="category">Kota</category><category domain="category">Desa</category>', "Kota", ("Desa",)),
        ('<category domain="post_tag">beras</category><category domain="tag">gula</category>', None, ("beras", "gula")),
        ('<category domain="post_format">Video</category>', None, ()),
    ],
)
def test_categories_become_the_section_and_tags(
    written: Writer, categories: str, section: str | None, tags: tuple[str, ...]
) -> None:
    article = only_article(written(export(post("Satu", categories))))
    assert (article.section, article.tags) == (section, tags)


@pytest.mark.parametrize(
    ("login", "authors"), [("ratna", ("Ratna Dewi",)), ("tamu", ("tamu",)), ("tamu@uji.example", ())]
)
def test_an_author_is_shown_by_name_and_never_by_address(written: Writer, login: str, authors: tuple[str, ...]) -> None:
    author = (
        "<wp:author><wp:author_login>ratna</wp:author_login><wp:author_email>r@uji.example</wp:author_email>"
        "<wp:author_display_name>Ratna Dewi</wp:author_display_name></wp:author>"
    )
    article = only_article(written(export(author, post("Satu", f"<dc:creator>{login}</dc:creator>"))))
    assert article.authors == authors
    assert "@" not in repr(article)


def test_a_post_is_known_by_its_link_and_by_its_guid_only_without_one(written: Writer) -> None:
    guid = "<guid>https://uji.example/?p=7</guid>"
    with_link = only_article(written(export(post("Satu", "<link>https://uji.example/satu</link>", guid))))
    assert (with_link.url, with_link.id[:2]) == ("https://uji.example/satu", "t-")
    without = only_article(written(export(post("Satu", guid))))
    assert (without.url, without.id) == (None, "https://uji.example/?p=7")


def test_a_post_without_words_is_rejected_with_its_place_and_the_rest_goes_on(written: Writer) -> None:
    path = written(export("<item><link>https://uji.example/kosong</link></item>", post("Dua")))
    reject, article = records(path)
    assert reject == Reject(path, "item 1", "«https://uji.example/kosong»: an article needs a title or a body")
    assert isinstance(article, Article)


@pytest.mark.parametrize(
    ("name", "articles", "left_out"),
    [
        ("crazy-cdata.xml", 1, 0),
        ("small-export.xml", 5, 6),
        ("valid-wxr-1.1.xml", 1, 1),
        ("wxr-comprehensive.xml", 1, 1),
        ("wxr-utf-8-challenges.xml", 1, 0),
    ],
)
def test_exports_of_real_sites_are_read(data: Path, name: str, articles: int, left_out: int) -> None:
    found = records(data / "import" / "wxr" / name)
    assert [sum(isinstance(record, kind) for record in found) for kind in (Article, LeftOut, Reject)] == [
        articles,
        left_out,
        0,
    ]


def test_a_malformed_export_of_a_real_site_is_refused_with_its_line(data: Path) -> None:
    _titles, refusal = read_until_refused(data / "import" / "wxr" / "malformed.xml")
    assert refusal.line == 90


# Feeds


def feed_item(*parts: str) -> str:
    return RSS_HEAD + "<item><title>Judul</title>" + "".join(parts) + "</item>" + END


@pytest.mark.parametrize(
    ("part", "authors"),
    [
        ("<author>redaksi@uji.example (Siti Aminah)</author>", ("Siti Aminah",)),
        ("<author>redaksi@uji.example</author>", ()),
        ("<author>Budi Santoso (Harian Uji)</author>", ("Budi Santoso (Harian Uji)",)),
        ('<dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">Ratna dan Budi</dc:creator>', ("Ratna", "Budi")),
    ],
)
def test_a_feed_item_names_its_authors_without_their_addresses(
    written: Writer, part: str, authors: tuple[str, ...]
) -> None:
    assert only_article(written(feed_item(part)), read_feed).authors == authors


@pytest.mark.parametrize(
    ("parts", "url", "article_id"),
    [
        ("<link>https://uji.example/a</link><guid>x</guid>", "https://uji.example/a", None),
        ("<link>/a</link>", "https://uji.example/a", None),
        ("<guid>https://uji.example/b</guid>", "https://uji.example/b", None),
        ('<guid isPermaLink="false">https://uji.example/b</guid>', None, "https://uji.example/b"),
        ("<guid>uji-5</guid>", None, "uji-5"),
    ],
)
def test_a_feed_item_is_known_by_its_link_and_by_its_guid_only_without_one(
    written: Writer, parts: str, url: str | None, article_id: str | None
) -> None:
    article = only_article(written(feed_item(parts)), read_feed)
    assert article.url == url
    assert article.id == article_id or (article_id is None and article.id.startswith("t-"))


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ('<content type="html">&lt;p&gt;Satu&lt;/p&gt;&lt;p&gt;Dua&lt;/p&gt;</content>', "Satu\nDua"),
        ('<content type="text">Tanda &lt;b&gt; tebal</content>', "Tanda <b> tebal"),
        ('<content type="text/plain">Tanda &lt;b&gt; tebal</content>', "Tanda <b> tebal"),
        (f'<content type="xhtml"><div xmlns="{XHTML}">Sa<b>tu</b><br/>Dua</div></content>', "Satu\nDua"),
        (f'<content type="xhtml"><h:p xmlns:h="{XHTML}">Satu</h:p><p>Dua</p></content>', "Satu\nDua"),
        ('<content type="image/png">aGFsbw==</content><summary>Ringkas</summary>', "Ringkas"),
    ],
)
def test_atom_content_is_read_by_its_type(written: Writer, content: str, body: str) -> None:
    entry = f"<entry><title>Judul</title><id>x</id>{content}</entry>"
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Uji</title>{entry}</feed>'
    assert only_article(written(feed), read_feed).body == body


@pytest.mark.parametrize("content", ["<urlset><url><loc>https://a.example</loc></url></urlset>", "<html/>", "<rss/>"])
def test_xml_that_is_no_feed_is_refused(written: Writer, content: str) -> None:
    _titles, refusal = read_until_refused(written(content), read_feed)
    assert refusal.reason == "no RSS or Atom feed: it has no channel and no feed element"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    _titles, refusal = read_until_refused(tmp_path / "tiada.xml", read_feed)
    assert "No such file" in refusal.reason
