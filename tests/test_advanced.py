"""The advanced form: what it sends leads to a search, and a search can be changed in it."""

import pytest
from conftest import ClientMaker, make_article
from reading import page_at, texts

from index.article import Article


def several() -> list[Article]:
    changes: list[dict[str, object]] = [
        {"section": "Ekonomi", "people": ("Siti Rahma",), "authors": ("Ratna Dewi", "Budi Uji")},
        {"section": "Hukum", "source": "Kabar Uji", "topics": ("agama",)},
    ]
    return [make_article(id=f"uji-{n}", url=None, title=f"Beras {n}", **c) for n, c in enumerate(changes, start=1)]


@pytest.mark.parametrize(
    ("sent", "location"),
    [
        ("", "/search"),
        ("&all=harga+beras&sort=&size=10", "/search?q=harga+beras"),
        ("&phrase=dana+desa&none=impor", "/search?q=%22dana+desa%22+-impor"),
        ("&all=harga&any=beras+jagung&exact=pasar&title=naik", "/search?q=harga+%28beras+ATAU+jagung%29+%3Dpasar+judul%3Anaik"),
        ("&section=Hukum&section=Ekonomi&person=Siti+Rahma&person=&from=2021-01-01&to=2021-12-31",
         "/search?from=2021&to=2021&section=Hukum&section=Ekonomi&person=Siti+Rahma"),
        ("&all=x&sort=oldest&size=50&page=7", "/search?q=x&sort=oldest&size=50"),
    ],
)  # fmt: skip
def test_the_form_leads_to_the_search_it_asks_for(client_of: ClientMaker, sent: str, location: str) -> None:
    answer = client_of(*several()).get(f"/search/advanced?go=1{sent}")
    assert (answer.status_code, answer.headers["Location"]) == (302, location)


def test_a_search_can_be_changed_in_the_form(client_of: ClientMaker) -> None:
    client = client_of(*several())
    found = page_at(client, '/search?q=beras+"pasar+induk"&person=siti-rahma&section=ekonomi&from=2023-07&sort=newest')
    (link,) = [a.attributes["href"] or "" for a in found.css(".narrow a") if a.text() == "Advanced search"]
    page = page_at(client, link)
    filled = {
        node.attributes["name"]: node.attributes["value"]
        for node in page.css("input[type=text]")
        if node.attributes["value"]
    }
    assert filled == {"all": "beras", "phrase": "pasar induk", "person": "Siti Rahma"}
    assert [node.attributes["value"] for node in page.css("input[name=section][checked]")] == ["Ekonomi"]
    assert [node.attributes["value"] for node in page.css("input[type=date]")] == ["2023-07-01", ""]
    assert texts(page, "select[name=sort] option[selected]") == ["Newest"]
    again = client.get(
        "/search/advanced?go=1&all=beras&phrase=pasar+induk&person=Siti+Rahma&section=Ekonomi&from=2023-07-01&sort=newest"
    )
    assert texts(page_at(client, again.headers["Location"]), "[role=status]") == texts(found, "[role=status]")


def test_the_form_offers_what_the_archive_has(client_of: ClientMaker) -> None:
    page = page_at(client_of(*several()), "/search/advanced")
    assert texts(page, ".tick") == ["Ekonomi 1", "Hukum 1", "Harian Uji 1", "Kabar Uji 1"]
    assert [o.attributes["value"] for o in page.css("#known-author option")] == ["Ratna Dewi", "Budi Uji"]
    assert all(page.css_first(f"[id={label.attributes['for']}]") is not None for label in page.css("label[for]"))


def test_a_wrong_day_is_told_beside_what_was_typed(client_of: ClientMaker) -> None:
    page = page_at(client_of(*several()), "/search/advanced?go=1&all=beras&from=2023-07-28&to=2021-01-32", 400)
    assert ["2021-01-32" in alert for alert in texts(page, "[role=alert]")] == [True]
    assert page.css_first("input[name=all]").attributes["value"] == "beras"  # type: ignore[union-attr]
    assert page.css_first("input[name=to]").attributes["aria-invalid"] == "true"  # type: ignore[union-attr]


def test_reversed_days_are_turned_on_pages_and_told(client_of: ClientMaker) -> None:
    client = client_of(*several())
    sent = client.get("/search/advanced?go=1&all=beras&from=2023-12&to=2010")
    assert (sent.status_code, sent.headers["Location"]) == (302, "/search?q=beras&from=2023&to=2010")
    page = page_at(client, sent.headers["Location"])
    assert texts(page, ".notice") == ["The last day lay before the first; the two were exchanged."]
    assert texts(page, "[role=status]") == ["2 articles found that contain beras, 2010–2023."]
    form = page_at(client, "/search/advanced?from=2023-12&to=2010")
    assert form.css_first("input[name=from]").attributes["value"] == "2010-01-01"  # type: ignore[union-attr]
    assert client.get("/search.json?from=2023&to=2010").status_code == 400


def test_an_empty_archive_has_the_form(client_of: ClientMaker) -> None:
    assert texts(page_at(client_of(), "/search/advanced"), ".tick") == []
