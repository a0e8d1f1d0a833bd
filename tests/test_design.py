"""What holds for the look of all pages: no rule without use, light first pages, what search engines are told."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from conftest import ClientMaker, make_article
from flask.testing import FlaskClient
from reading import page_at
from selectolax.lexbor import LexborHTMLParser as Page

from index.article import Article
from search.archive import Archive
from tests.screenshots import ARTICLE, made_archive
from web.app import create_app

WEB = Path(__file__).parent.parent / "web"
STYLES = sorted((WEB / "static").glob("*.css"))
MOST_WEIGHT = 60_000  # bytes of a first visit, before they are packed


def story(number: int, day: date, **changes: object) -> Article:
    time = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
    return make_article(id=f"uji-{number}", title=f"Beras {number}", date=time, body="Harga beras naik.", **changes)


def told(page: Page, name: str) -> list[str | None]:
    return [node.attributes["content"] for node in page.css(f'meta[name="{name}"]')]


# --- styles


def used_classes() -> set[str]:
    """Return what may be a class of an element: words of class attributes in templates, and of texts in scripts.

    What an expression makes is "*": `badge-{{ status }}` is "badge-*".
    """
    found: set[str] = set()
    for template in (WEB / "templates").glob("*.html"):
        text = template.read_text(encoding="utf-8")
        for attribute in re.findall(r'class="((?:\{\{.*?\}\}|[^"])*)"', text):
            words = re.sub(r"\{\{.*?\}\}", "*", attribute).split()
            found.update(words, (word.removesuffix("*") for word in words))
            found.update(word for literal in re.findall(r"'([^']*)'", attribute) for word in literal.split())
        found.update(re.findall(r"'([a-z-]+)'", text))  # a class that a macro returns, or is given
        found.update(f"{stem}*" for stem in re.findall(r"'([a-z]+-)' ~", text))
    for script in (WEB / "static").glob("*.js"):
        found.update(re.findall(r"[\w-]+", " ".join(re.findall(r'"([^"]*)"', script.read_text(encoding="utf-8")))))
    return found


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.name)
def test_every_class_of_a_stylesheet_is_used(style: Path) -> None:
    rules = re.sub(r"/\*.*?\*/", "", style.read_text(encoding="utf-8"), flags=re.DOTALL)
    selectors = " ".join(re.findall(r"([^{}]*)\{", rules))
    classes = set(re.findall(r"\.([a-z][\w-]*)", selectors))
    used = used_classes()
    stems = tuple(name.removesuffix("*") for name in used if name.endswith("-*"))
    assert classes
    assert {name for name in classes if name not in used and not name.startswith(stems)} == set()


def test_stylesheets_stay_small() -> None:
    assert sum(style.stat().st_size for style in STYLES) < 36_000


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return create_app(made_archive(tmp_path_factory.mktemp("design") / "arsip").path).test_client()


@pytest.mark.parametrize("address", ["/", "/search", "/search?q=warga", ARTICLE])
def test_a_first_visit_is_light(samples: FlaskClient, address: str) -> None:
    answer = samples.get(address)
    page = Page(answer.text)
    if "/search" in address:
        assert len(page.css(".hit")) == 10
    links = page.css("link[rel=stylesheet], link[rel=icon], script[src]")
    parts = {link.attributes.get("href") or link.attributes["src"] or "" for link in links}
    assert len(parts) >= 3
    weight = len(answer.data) + sum(len(samples.get(part).data) for part in parts)
    assert weight < MOST_WEIGHT


# --- what search engines are told


@pytest.mark.parametrize(
    "address", ["/", "/search?q=beras", "/articles/uji-1", "/people/", "/topics/", "/help", "/coverage"]
)
def test_pages_worth_finding_describe_themselves(client_of: ClientMaker, address: str) -> None:
    page = page_at(client_of(story(1, date(2021, 5, 3)), story(2, date(2022, 5, 3))), address)
    (description,) = told(page, "description")
    assert description
    assert 10 < len(description) < 320
    assert told(page, "robots") == []


@pytest.mark.parametrize(
    ("address", "is_listed"),
    [
        ("/search?q=beras", True),
        ("/search?section=Ekonomi", True),
        ("/search", True),
        ("/search?q=beras&section=Ekonomi", False),  # one of too many views of the same stories
        ("/search?q=beras&sort=oldest", False),
        ("/search?q=beras&page=2&size=1", False),
        ("/search?q=beras+tiada", False),  # found by some of the words
        ("/search?q=tiada", False),
    ],
)
def test_plain_searches_with_hits_are_for_search_engines(client_of: ClientMaker, address: str, is_listed: bool) -> None:
    articles = [story(number, date(2021, 5, number), section="Ekonomi") for number in range(1, 6)]
    page = page_at(client_of(*articles), address)
    assert told(page, "robots") == ([] if is_listed else ["noindex"])
    canonical = [node.attributes["href"] for node in page.css("link[rel=canonical]")]
    assert canonical == ([f"http://localhost{address}"] if is_listed else [])


# --- the front page


def test_the_front_page_tells_of_this_day_in_earlier_years(
    client_of: ClientMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Archive, "today", lambda _archive: date(2023, 7, 28))
    years = (1998, 2001, 2003, 2020, 2021, 2022)
    days = [date(year, 7, 28) for year in years] + [date(2022, 7, 27), date(2023, 7, 28)]
    page = page_at(client_of(*(story(number, day) for number, day in enumerate(days))), "/")
    shown = [(a.text(), a.attributes["href"]) for a in page.css(".ago a")]
    assert shown == [  # round numbers first, then the nearest
        ("1 year ago", "/search?from=2022-07-28&to=2022-07-28"),
        ("20 years ago", "/search?from=2003-07-28&to=2003-07-28"),
        ("25 years ago", "/search?from=1998-07-28&to=1998-07-28"),
    ]
    assert [node.text().strip() for node in page.css("[aria-labelledby=this-day] h3")] == [
        "Beras 5",
        "Beras 2",
        "Beras 0",
    ]


def test_29_february_is_a_day_of_leap_years_alone(client_of: ClientMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Archive, "today", lambda _archive: date(2024, 2, 29))
    client = client_of(story(1, date(2020, 2, 29)), story(2, date(2021, 2, 28)), story(3, date(2021, 3, 1)))
    assert [a.text() for a in page_at(client, "/").css(".ago a")] == ["4 years ago"]
