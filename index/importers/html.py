"""From HTML to paragraphs of clean text, and from a whole page to the fields of its article."""

import html.entities
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from html import escape, unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.article import JSON
from index.dates import parse_published

_BLOCKS = frozenset(
    """
    address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer h1 h2
    h3 h4 h5 h6 header hgroup hr html legend li main menu ol p pre section summary table tbody td tfoot th thead tr ul
    """.split()
)
_INLINE = frozenset(
    """
    a abbr audio b big br cite code del dfn em embed font i iframe img ins kbd mark noscript q s samp script small
    source span strike strong style sub sup time tt u var video wbr
    """.split()
)
_DROPPED = frozenset(
    """
    script style noscript template iframe object form nav svg button select textarea title
    """.split()
)
_CELLS = frozenset({"td", "th"})
_TAG = re.compile(rf"</?(?:{'|'.join(sorted(_BLOCKS | _INLINE))})(?:\s[^<>]*)?/?>|<!--", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{2,7}|#x[0-9a-f]{2,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
_SHORTCODE_PAIR = re.compile(r"\[/?(?:caption|embed|audio|video|quote|column|row)\b[^\]\n]*\]", re.IGNORECASE)
_SHORTCODE = re.compile(r"\[(?:[a-z][\w-]*\s+[\w-]+=[^\]\n]*|gallery|playlist|/[a-z][\w-]*)\]", re.IGNORECASE)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)  # HTML has no such thing and would hide its words
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_SPACES = re.compile(r"[ \t\r\f\v\u0085\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")  # where a browser may break a word: no part of it
_BREAK = "\x01"  # ends a line in the text being gathered; a real newline is only a space in HTML

_PAGE_DROPPED = _DROPPED | {"nav", "header", "footer", "aside", "h1"}
_SITE_SUFFIX = re.compile(r"\s+[-|–—»]\s+[^-|–—»]+$")
_DATE_NAMES = ("article:published_time", "datePublished", "date", "DC.date", "publishdate", "pubdate")


def paragraphs_from_html(markup: str) -> str:
    """Return the readable text of an HTML fragment, a paragraph, list item, table row or line a line.

    Blank lines outside <p> end a paragraph too, for WordPress stores text without <p>; its shortcodes are left out.

    >>> paragraphs_from_html("<p>Harga <b>be</b>ras&nbsp;naik.</p><script>x()</script><ul><li>satu<li>dua</ul>")
    'Harga beras naik.\\nsatu\\ndua'
    """
    tree = _parsed(_SHORTCODE.sub("", _SHORTCODE_PAIR.sub("<br>", _CDATA.sub(r"\1", markup))))
    return _text_of(tree.body, dropped=_DROPPED, blank_lines=True) if tree.body else ""


def html_or_text(text: str) -> str:
    """Return the text's paragraphs where it holds HTML, else the text as it is.

    >>> html_or_text("jika x < y dan <3"), html_or_text("Tom &amp; Jerry")
    ('jika x < y dan <3', 'Tom & Jerry')
    """
    if _TAG.search(text):
        return paragraphs_from_html(text)
    decoded = _ENTITY.sub(_character, text)
    return text if decoded == text else "\n".join(map(_clean_line, decoded.split("\n")))


def html_from_text(text: str) -> str:
    """Return what `html_or_text` reads as this very text: the text itself unless it looks like HTML.

    >>> html_from_text("Pasal 5 < 6"), html_from_text("Tag <b> menebalkan")
    ('Pasal 5 < 6', '<p>Tag &lt;b&gt; menebalkan</p>')
    """
    if html_or_text(text) == text:
        return text
    return "".join(f"<p>{escape(line).replace('[', '&#91;')}</p>" for line in text.split("\n"))


def article_fields_from_page(markup: str) -> dict[str, JSON]:
    """Return what a whole HTML page says of its article, by the names of our fields; what it does not say is absent.

    A JSON-LD NewsArticle comes before Open Graph and other meta tags, these before the visible headline. The body is
    plain text, to be read with `html_or_text` only after `html_from_text`.
    """
    tree = _parsed(markup)
    linked = _linked_article(tree)
    metas = _metas(tree)
    sections = _strings(linked.get("articleSection")) or metas.get("article:section", [])
    found: dict[str, JSON] = {
        "title": _title(tree, linked, metas),
        "date": _date(tree, linked, metas),
        "authors": _authors(linked.get("author"))
        or _people(_first_of(metas, "author", "article:author", "DC.creator")),
        "section": sections[0] if sections else None,
        "source": _one(_first_of(metas, "og:site_name")),
        "url": _attribute(tree, "link[rel=canonical]", "href") or _one(_first_of(metas, "og:url")),
        "tags": _tags(metas),
        "language": _attribute(tree, "html", "lang"),
        "summary": _one(_first_of(metas, "description", "og:description")),
        "body": _main_text(tree, linked),
    }
    return {name: value for name, value in found.items() if value}


def _parsed(markup: str) -> LexborHTMLParser:
    plain = markup.replace("\x00", "").replace(_BREAK, "").replace("\r\n", "\n").replace("\r", "\n")
    return LexborHTMLParser(plain)


def _character(entity: re.Match[str]) -> str:
    known = entity[0][1] == "#" or entity[0][1:] in html.entities.html5
    return unescape(entity[0]) if known else entity[0]


def _clean_line(line: str) -> str:
    return _SPACES.sub(" ", _UNSEEN.sub("", line)).strip()


def _title(tree: LexborHTMLParser, linked: Mapping[str, JSON], metas: Mapping[str, list[str]]) -> str | None:
    told = _one(_strings(linked.get("headline"))) or _one(_first_of(metas, "og:title"))
    if told:
        return told
    heading, page_title = tree.css_first("h1"), tree.css_first("title")
    shown = _clean_line(" ".join(heading.text().split())) if heading else ""
    if shown or page_title is None:
        return shown or None
    return _SITE_SUFFIX.sub("", _clean_line(" ".join(page_title.text().split()))) or None


def _date(tree: LexborHTMLParser, linked: Mapping[str, JSON], metas: Mapping[str, list[str]]) -> str | None:
    """Return the first date that can be read, else the first of all, so that its being unreadable is reported."""
    shown = _attribute(tree, "time[datetime]", "datetime")
    told = [*_strings(linked.get("datePublished")), *(date for name in _DATE_NAMES for date in _first_of(metas, name))]
    dates = [*told, *([shown] if shown else [])]
    return next(filter(_is_date, dates), dates[0] if dates else None)


def _is_date(text: str) -> bool:
    try:
        parse_published(text, UTC)
    except ValueError:
        return False
    return True


def _main_text(tree: LexborHTMLParser, linked: Mapping[str, JSON]) -> str:
    """Return the article's text: from its own element, from JSON-LD, else from what is no menu, header or footer."""
    return (
        _longest(tree, "[itemprop=articleBody]")
        or _longest(tree, "article")
        or html_or_text(_one(_strings(linked.get("articleBody"))) or "")
        or _longest(tree, "main, [role=main]")
        or _longest(tree, "body")
        or _longest(tree, "body", dropped=_PAGE_DROPPED - {"form"})  # sites that wrap the whole page in a form
    )


def _longest(tree: LexborHTMLParser, selector: str, *, dropped: frozenset[str] = _PAGE_DROPPED) -> str:
    """Return the longest text that an element so selected holds: teasers of other articles are shorter."""
    texts = (_text_of(node, dropped=dropped, blank_lines=False) for node in tree.css(selector))
    return max(texts, key=len, default="")


def _linked_article(tree: LexborHTMLParser) -> Mapping[str, JSON]:
    """Return the page's JSON-LD NewsArticle, empty where there is none that can be read."""
    for script in tree.css('script[type="application/ld+json"]'):
        try:
            value: JSON = json.loads(script.text(), strict=False)
        except (ValueError, RecursionError):
            continue  # other people's broken scripts are common; the page itself says the rest
        for item in _json_objects(value):
            if any(kind.endswith(("Article", "BlogPosting")) for kind in _strings(item.get("@type"))):
                return item
    return {}


def _json_objects(value: JSON) -> Iterator[Mapping[str, JSON]]:
    for item in _sequence(value):
        if isinstance(item, Mapping):
            yield item
            yield from (part for part in _sequence(item.get("@graph")) if isinstance(part, Mapping))


def _sequence(value: JSON) -> Sequence[JSON]:
    return value if isinstance(value, list) else [value]


def _strings(value: JSON) -> list[str]:
    return [item for item in _sequence(value) if isinstance(item, str) and item.strip()]


def _one(texts: Sequence[str]) -> str | None:
    return texts[0] if texts else None


def _authors(value: JSON) -> list[str]:
    return [
        name
        for person in _sequence(value)
        for name in _people(_strings(person.get("name") if isinstance(person, Mapping) else person))
    ]


def _people(names: Iterable[str]) -> list[str]:
    """Return the names without those that are addresses: article:author is often a profile's."""
    return [name for name in names if not name.startswith(("http://", "https://"))]


def _tags(metas: Mapping[str, list[str]]) -> list[str]:
    keywords = _first_of(metas, "news_keywords", "keywords")
    return metas.get("article:tag") or [tag.strip() for line in keywords for tag in line.split(",") if tag.strip()]


def _attribute(tree: LexborHTMLParser, selector: str, name: str) -> str | None:
    node = tree.css_first(selector)
    return node.attributes.get(name) if node is not None else None


def _metas(tree: LexborHTMLParser) -> dict[str, list[str]]:
    """Return the contents of the page's meta tags by their names in small letters, repeated ones once."""
    found: dict[str, list[str]] = {}
    for node in tree.css("meta[content]"):
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
        content = (attributes.get("content") or "").strip()
        if content and content not in found.setdefault(name.casefold(), []):
            found[name.casefold()].append(content)
    return found


def _first_of(metas: Mapping[str, list[str]], *names: str) -> list[str]:
    return next((metas[name.casefold()] for name in names if metas.get(name.casefold())), [])


def _text_of(root: LexborNode, *, dropped: frozenset[str], blank_lines: bool) -> str:
    pieces = _pieces(root, dropped=dropped, blank_lines=blank_lines)
    lines = map(_clean_line, "".join(pieces).split(_BREAK))
    return "\n".join(line for line in lines if line)


def _pieces(root: LexborNode, *, dropped: frozenset[str], blank_lines: bool) -> Iterator[str]:
    """Yield the text below `root`, with breaks around blocks; iterative, for pages nest deeper than Python's stack."""
    stack: list[tuple[LexborNode | str, str]] = [(root, "")]  # with the <p> or <pre> that it stands in
    while stack:
        node, within = stack.pop()
        if isinstance(node, str):
            yield node
            continue
        tag = node.tag or ""
        if tag == "-text":
            yield _flowing(node.text_content or "", within, blank_lines=blank_lines)
        elif tag == "br":
            yield _BREAK
        elif tag not in dropped and not tag.startswith(("-", "!", "_")):
            separator = " " if tag in _CELLS else _BREAK if tag in _BLOCKS else ""
            yield separator
            stack.append((separator, ""))
            within = tag if tag in ("p", "pre") else within
            stack.extend((child, within) for child in _children_reversed(node))


def _flowing(text: str, within: str, *, blank_lines: bool) -> str:
    """Return a text with breaks where its newlines mean any: all in <pre>, blank lines outside <p>."""
    if within == "pre":
        return text.replace("\n", _BREAK)
    if blank_lines and not within:
        text = _BLANK_LINE.sub(_BREAK, text)
    return text.replace("\n", " ")


def _children_reversed(node: LexborNode) -> Iterator[LexborNode]:
    child = node.last_child
    while child is not None:
        yield child
        child = child.prev
