"""The archivist's desk: what each form does, and what goes wrong told in words."""

from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

import pytest
from conftest import fill, make_article
from desk import COOKIE, NAME, PASSWORD, page_of, send
from flask.testing import FlaskClient
from reading import texts
from selectolax.lexbor import LexborHTMLParser as Page
from test_cli_keeping import obey_rights, served, set_rights
from werkzeug.test import TestResponse

from index.authority import read_authority
from index.settings import ArchiveFolder
from web.app import create_app

# --- candidates


def rows(page: Page) -> list[str]:
    return texts(page, ".desk-row h2")


def notice(response: TestResponse) -> str:
    (told,) = texts(page_of(response), ".desk-done p")
    return told


def facet(client: FlaskClient) -> dict[str, int]:
    """The persons of the search page's facet, as readers see them now."""
    values = next(f for name, f in client.get("/search.json").get_json()["facets"].items() if name == "person")
    return {value["label"]: value["count"] for value in values}


def test_candidates_come_by_how_often_they_are_named_with_spellings_and_stories(desk: FlaskClient) -> None:
    page = page_of(desk.get("/archivist/"))
    assert rows(page) == [
        "Kota Lama 3 articles",
        "Hadi Wirjawan 2 articles",
        "Tjokro Adisastra 2 articles",
        "Cokro Adisastro 1 article",
    ]
    assert texts(page, ".desk-row:nth-child(2) .desk-stories li") == ["Kabar 1", "Kabar 4"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("adisas", ["Tjokro Adisastra 2 articles", "Cokro Adisastro 1 article"]),
        ("ADISASTRA tjokro", ["Tjokro Adisastra 2 articles"]),
        ("tjokro", ["Tjokro Adisastra 2 articles", "Cokro Adisastro 1 article"]),
        ("nihil", []),
    ],
)
def test_a_candidate_is_found_by_parts_of_its_name_in_any_spelling(
    desk: FlaskClient, typed: str, found: list[str]
) -> None:
    page = page_of(desk.get("/archivist/?" + urlencode({"q": typed})))
    assert rows(page) == found
    assert bool(found) == (texts(page, ".nothing") == [])


def test_a_long_list_has_pages_that_keep_what_was_typed(
    desk: FlaskClient, folder: ArchiveFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.archivist.PER_PAGE", 1)
    page = page_of(desk.get("/archivist/?q=adisas"))
    (following,) = (link.attributes["href"] for link in page.css(".pager a"))
    assert (rows(page), following) == (["Tjokro Adisastra 2 articles"], "/archivist/?q=adisas&page=2")
    last = page_of(desk.get(following))
    assert (rows(last), texts(last, ".pager > *")) == (["Cokro Adisastro 1 article"], ["← Previous", "Page 2 of 2", ""])
    for number in ("99", "0", "-1", "x", "9" * 400):
        assert len(rows(page_of(desk.get(f"/archivist/?q=adisas&page={number}")))) == 1


# --- decisions


def test_accepting_makes_a_record_and_undoing_takes_it_away(desk: FlaskClient) -> None:
    done = send(desk, "accept", slug="hadi-wirjawan", back="/archivist/?q=hadi")
    assert "Hadi Wirjawan" in notice(done)
    assert rows(page_of(done)) == []
    assert rows(page_of(desk.get("/archivist/people/"))) == ["Hadi Wirjawan 2 articles"]
    number = page_of(done).css(".desk-done input[name=number]")[0].attributes["value"]
    undone = send(desk, "undo", number=number or "", back="/archivist/people/")
    assert rows(page_of(undone)) == []
    assert "Hadi Wirjawan 2 articles" in rows(page_of(desk.get("/archivist/")))
    assert notice(undone)
    assert texts(page_of(desk.get("/archivist/people/")), ".desk-done") == []


def test_a_candidate_is_accepted_with_the_name_role_and_names_that_were_typed(desk: FlaskClient) -> None:
    done = send(
        desk,
        "accept",
        slug="tjokro-adisastra",
        name="Cokro Adisastra",
        role="bupati Sukamaju",
        aliases="Tjokro Adisastra\nCokro Adisastro\n",
    )
    page = page_of(done)
    assert texts(page, "h1") == ["Cokro Adisastra"]
    assert texts(page, ".lead") == ["A person with a record, 3 articles. Page for readers"]
    assert page.css("#role")[0].attributes["value"] == "bupati Sukamaju"
    assert facet(desk) == {"Cokro Adisastra": 3, "Kota Lama": 3, "Hadi Wirjawan": 2}


def test_a_refused_name_is_no_person_until_it_is_accepted_after_all(desk: FlaskClient) -> None:
    done = send(desk, "refuse", slug="kota-lama", back="/archivist/")
    assert "Kota Lama" in notice(done)
    assert "Kota Lama" not in facet(desk)
    assert desk.get("/archivist/people/kota-lama").status_code == 404
    page = page_of(desk.get("/archivist/refused/"))
    assert rows(page) == ["Kota Lama"]
    send(desk, "accept", candidate="Kota Lama", back="/archivist/refused/")
    assert rows(page_of(desk.get("/archivist/refused/"))) == []
    assert facet(desk)["Kota Lama"] == 3


def test_two_spellings_become_one_person_under_the_name_that_was_chosen(desk: FlaskClient) -> None:
    page = page_of(desk.get("/archivist/merge?slug=cokro-adisastro&slug=tjokro-adisastra"))
    assert rows(page) == ["Tjokro Adisastra 2 articles", "Cokro Adisastro 1 article"]
    assert [radio.attributes["value"] for radio in page.css("input[name=into][checked]")] == ["tjokro-adisastra"]
    done = send(desk, "merge", slug=["tjokro-adisastra", "cokro-adisastro"], into="cokro-adisastro")
    assert texts(page_of(done), "h1") == ["Cokro Adisastro"]
    assert texts(page_of(done), ".lead") == ["A person with a record, 3 articles. Page for readers"]
    assert facet(desk) == {"Cokro Adisastro": 3, "Kota Lama": 3, "Hadi Wirjawan": 2}
    number = page_of(done).css(".desk-done input[name=number]")[0].attributes["value"]
    send(desk, "undo", number=number or "")
    assert facet(desk) == {"Kota Lama": 3, "Hadi Wirjawan": 2, "Tjokro Adisastra": 2, "Cokro Adisastro": 1}


def test_a_person_to_merge_with_is_found_by_name(desk: FlaskClient) -> None:
    page = page_of(desk.get("/archivist/merge?slug=tjokro-adisastra&q=adisas"))
    assert rows(page) == ["Cokro Adisastro 1 article"]
    checked = [(box.attributes["type"], box.attributes["value"]) for box in page.css("main input[name=slug]")]
    assert ("hidden", "tjokro-adisastra") in checked
    assert ("checkbox", "cokro-adisastro") in checked
    assert texts(page_of(desk.get("/archivist/merge?slug=tjokro-adisastra&q=nihil")), ".nothing") == [
        "No name here has all that."
    ]


def test_going_on_with_nothing_checked_shows_the_names_again(desk: FlaskClient) -> None:
    page = page_of(desk.get("/archivist/merge?slug=tjokro-adisastra&q=adisas"))
    (found,) = page.css("form input[name=found]")
    assert found.attributes["value"] == "adisas"
    page = page_of(desk.get("/archivist/merge?slug=tjokro-adisastra&found=adisas"))
    assert rows(page) == ["Cokro Adisastro 1 article"]
    assert texts(page, "[role=alert]") == ["Check a name before you continue."]
    assert "Tjokro Adisastra" in texts(page, ".lead")[0]
    page = page_of(desk.get("/archivist/merge?slug=tjokro-adisastra&slug=cokro-adisastro&found=adisas"))
    assert len(page.css("input[name=into]")) == 2
    assert "Tjokro Adisastra" in texts(page_of(desk.get("/archivist/merge?slug=tjokro-adisastra")), ".lead")[0]


def test_a_candidate_is_split_on_its_page_and_gets_a_record(desk: FlaskClient, folder: ArchiveFolder) -> None:
    fill(folder, [make_article(id="uji-9", url=None, title="Kabar 9", body="Isi.", people=("Cokro Adisastra",))])
    page = page_of(desk.get("/archivist/people/tjokro-adisastra"))
    (button,) = page.css("form[action='/archivist/split'] button")
    assert button.attributes["value"] == "Cokro Adisastra"
    done = page_of(send(desk, "split", slug="tjokro-adisastra", alias="Cokro Adisastra"))
    assert texts(done, ".desk-done p") == ["Cokro Adisastra split off from Tjokro Adisastra"]
    assert "Tjokro Adisastra had no record, and has one now: tjokro-adisastra" in texts(done, ".desk-problem")
    assert [person.name for person in read_authority(folder.people).people] == ["Tjokro Adisastra", "Cokro Adisastra"]


@pytest.mark.parametrize("fields", [{"slug": "kota-lama", "into": "kota-lama"}, {"slug": ["a", "b"], "into": "c"}])
def test_a_merge_needs_two_and_one_that_stays(desk: FlaskClient, fields: dict[str, str | list[str]]) -> None:
    told = texts(page_of(send(desk, "merge", **fields)), "[role=alert]")
    assert told == ["Choose two people or more, and which name stays."]


def test_a_name_is_added_taken_away_and_split_off(desk: FlaskClient) -> None:
    send(desk, "accept", slug="tjokro-adisastra")
    page = page_of(send(desk, "alias", slug="tjokro-adisastra", alias="Cokro Adisastro"))
    assert texts(page, ".desk-names li > span") == ["Cokro Adisastro", "Tjokro Adisastra 2", "Cokro Adisastro 1"]
    page = page_of(send(desk, "alias/remove", slug="tjokro-adisastra", alias="Cokro Adisastro"))
    assert texts(page, ".lead") == ["A person with a record, 2 articles. Page for readers"]
    send(desk, "alias", slug="tjokro-adisastra", alias="Cokro Adisastro")
    page = page_of(send(desk, "split", slug="tjokro-adisastra", alias="Cokro Adisastro"))
    assert "Cokro Adisastro" in texts(page, ".desk-done p")[0]
    assert texts(page, ".lead") == ["A person with a record, 2 articles. Page for readers"]


def test_a_record_is_edited(desk: FlaskClient) -> None:
    send(desk, "accept", slug="hadi-wirjawan")
    page = page_of(
        send(
            desk,
            "edit",
            slug="hadi-wirjawan",
            name="Hadi Wiryawan",
            role="camat",
            wikidata="https://www.wikidata.org/wiki/Q42",
            note="Bukan penyair.",
        )
    )
    assert texts(page, "h1") == ["Hadi Wiryawan"]
    values = {field.attributes["id"]: field.attributes.get("value") for field in page.css("section input[id]")}
    assert (values["name"], values["role"], values["wikidata"]) == ("Hadi Wiryawan", "camat", "Q42")
    assert texts(page, "#note") == ["Bukan penyair."]


def test_what_no_key_types_does_not_reach_the_file(desk: FlaskClient, folder: ArchiveFolder) -> None:
    send(desk, "accept", slug="hadi-wirjawan", name="Hadi\x00 Wirjawan", role="camat\x1b", aliases="Pak\x00Hadi")
    send(desk, "edit", slug="hadi-wirjawan", name="Hadi Wirjawan", role="camat", note="\x00=\nx")
    record = read_authority(folder.people).record("hadi-wirjawan")
    assert record is not None
    assert (record.names, record.role, record.note) == (("Hadi Wirjawan", "Pak Hadi"), "camat", "= x")


def test_what_is_long_to_tell_is_told_and_keeps_the_session(desk: FlaskClient, folder: ArchiveFolder) -> None:
    aliases = "|".join(f"Nama{n:04} {'Panjang' * 9}" for n in range(200))
    folder.people.write_text(f"slug,name,aliases\nhadi,Hadi,{aliases}\n", encoding="utf-8")
    (told,) = texts(page_of(send(desk, "alias/remove", slug="hadi", alias="Siapa")), "[role=alert]")
    assert told.startswith('"Siapa" is no alias of Hadi; there are: Nama0000')
    assert len(desk.get_cookie(COOKIE).value) < 4_000  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("path", "fields", "place", "told"),
    [
        ("edit", {"name": " ", "role": "camat"}, "name", "A person needs a name."),
        ("edit", {"name": "Hadi", "wikidata": "42"}, "wikidata", "A Wikidata id is a Q and digits, such as Q3318."),
        ("alias", {"alias": " "}, "alias", "Type the name under which this person is found, too."),
    ],
)
def test_what_is_wrong_with_a_field_stands_beside_it_and_what_was_typed_stays(
    desk: FlaskClient, path: str, fields: dict[str, str], place: str, told: str
) -> None:
    send(desk, "accept", slug="hadi-wirjawan")
    response = send(desk, path, slug="hadi-wirjawan", **fields)
    assert response.status_code == 400
    page = page_of(response)
    assert texts(page, f"#{place}-problem") == [told]
    (field,) = page.css(f"#{place}")
    assert (field.attributes["aria-invalid"], f"{place}-problem" in (field.attributes["aria-describedby"] or "")) == (
        "true",
        True,
    )
    for name, typed in fields.items():
        assert page.css(f"#{name}")[0].attributes["value"] in (typed.strip(), None)


def test_the_log_says_who_did_what_and_undoes_each(desk: FlaskClient) -> None:
    assert texts(page_of(desk.get("/archivist/decisions")), ".nothing") == ["Nothing has been decided yet."]
    send(desk, "accept", slug="hadi-wirjawan")
    send(desk, "refuse", slug="kota-lama")
    page = page_of(desk.get("/archivist/decisions"))
    entries = texts(page, ".desk-log li")
    assert ["Kota Lama" in entries[0], "Hadi Wirjawan" in entries[1]] == [True, True]
    assert all(NAME in entry and "Undo" in entry for entry in entries)
    numbers = [field.attributes["value"] for field in page.css(".desk-log input[name=number]")]
    send(desk, "undo", number=numbers[1] or "", back="/archivist/decisions")
    assert len(texts(page_of(desk.get("/archivist/decisions")), ".desk-log li")) == 3
    assert rows(page_of(desk.get("/archivist/people/"))) == []
    assert rows(page_of(desk.get("/archivist/refused/"))) == ["Kota Lama"]


def test_what_cannot_be_undone_is_told(desk: FlaskClient) -> None:
    assert len(texts(page_of(send(desk, "undo", number="999")), "[role=alert]")) == 1
    assert [send(desk, "undo", number=number).status_code for number in ("x", "0", "²", "9" * 5_000)] == [404] * 4


def test_a_form_leads_back_to_pages_of_the_archive_alone(desk: FlaskClient) -> None:
    response = send(desk, "accept", follow=False, slug="hadi-wirjawan", back="//jahat.example/")
    assert response.location == "/archivist/"


# --- what stands in the way


def test_rows_of_the_file_that_were_left_out_are_shown_and_nothing_is_lost_by_deciding(
    desk: FlaskClient, folder: ArchiveFolder
) -> None:
    table = "slug,name,aliases,status\nhadi,Hadi Wirjawan,,\nx,Siapa,,mungkin\n"
    folder.people.write_text(table, encoding="utf-8")
    (told,) = texts(page_of(desk.get("/archivist/people/")), ".desk-problem li")
    assert "3" in told
    assert "mungkin" in told
    response = send(desk, "refuse", slug="kota-lama", back="/archivist/")
    assert str(folder.people) in texts(page_of(response), "p.desk-problem")[0]
    assert folder.people.read_text(encoding="utf-8") == table


def test_a_damaged_log_is_told_with_what_to_do(desk: FlaskClient, folder: ArchiveFolder) -> None:
    (folder.path / "keputusan.jsonl").write_text("rusak\n", encoding="utf-8")
    response = desk.get("/archivist/decisions")
    assert response.status_code == 503
    (told,) = texts(page_of(response), "[role=alert]")
    assert told.endswith("keputusan.jsonl is damaged; restore it from a backup")
    assert desk.get("/search?q=kabar").status_code == 200


def test_without_the_file_its_persons_are_candidates_again(desk: FlaskClient, folder: ArchiveFolder) -> None:
    send(desk, "accept", slug="hadi-wirjawan")
    folder.people.unlink()
    assert "Hadi Wirjawan 2 articles" in rows(page_of(desk.get("/archivist/")))


def test_what_one_worker_decides_every_other_shows_at_its_next_request(
    desk: FlaskClient, folder: ArchiveFolder
) -> None:
    other = create_app(folder.path, language="en").test_client()
    assert facet(other)["Cokro Adisastro"] == 1
    send(desk, "merge", slug=["tjokro-adisastra", "cokro-adisastro"], into="tjokro-adisastra")
    assert facet(other) == {"Tjokro Adisastra": 3, "Kota Lama": 3, "Hadi Wirjawan": 2}
    moved = other.get("/people/cokro-adisastro")
    assert (moved.location, moved.headers["Cache-Control"]) == ("/people/tjokro-adisastra", "no-cache")


def test_the_page_of_a_person_offers_decisions_to_archivists_alone(
    desk: FlaskClient, client: FlaskClient, folder: ArchiveFolder
) -> None:
    reader = create_app(folder.path, language="en").test_client()
    address = "/people/tjokro-adisastra"
    assert page_of(reader.get(address)).css(".desk-actions") == []
    response = desk.get(address)
    assert (response.headers["Cache-Control"], "Cookie" in response.headers["Vary"]) == ("no-store", True)
    assert texts(page_of(response), ".desk-actions > p") == ["A candidate, not decided about"]
    accepted = send(desk, "accept", slug="tjokro-adisastra", back=address)
    assert accepted.request.path == address
    assert texts(page_of(accepted), ".desk-actions > p") == ["A person with a record"]
    assert "Tjokro Adisastra" in notice(accepted)


class Visitor:
    """Asks a server for pages and keeps its cookie."""

    def __init__(self, address: str, cookie: str = "") -> None:
        self.host, self.cookie = urlsplit(address).netloc, cookie

    def page(self, path: str, **form: str) -> Page:
        connection = HTTPConnection(self.host)
        headers = {"Cookie": f"{COOKIE}={self.cookie}", "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST" if form else "GET", path, urlencode(form), headers)
        answer = connection.getresponse()
        if set_cookie := answer.headers["Set-Cookie"]:
            self.cookie = SimpleCookie(set_cookie)[COOKIE].value
        location = answer.headers["Location"]
        page = Page(answer.read())
        connection.close()
        return self.page(location) if location else page

    def sent(self, path: str, page: Page, **form: str) -> list[str]:
        """Send a form that stands on a page; return what is told then."""
        token = page.css("input[name=csrf_token]")[0].attributes["value"] or ""
        return texts(self.page(path, csrf_token=token, **form), "[role=alert]")


def test_in_a_folder_that_cannot_be_written_the_desk_says_so_and_the_rest_works(
    desk: FlaskClient, folder: ArchiveFolder
) -> None:
    cookie = desk.get_cookie(COOKIE).value  # type: ignore[union-attr]
    set_rights(folder.path, writable=False)
    try:
        with served(folder.path, preexec_fn=obey_rights) as (address, _server):
            archivist, stranger = Visitor(address, cookie), Visitor(address)
            page = archivist.page("/archivist/")
            said = "Nothing can be changed here: this server has no right to write in the archive's folder."
            assert texts(page, "[role=alert]") == [said]
            told = archivist.sent("/archivist/accept", page, slug="kota-lama")
            assert told[0] == said
            assert told[1].endswith("Permission denied")
            page = stranger.page("/archivist/login")
            assert stranger.sent("/archivist/login", page, name=NAME, password=PASSWORD) == [
                "Nobody can log in: the file of accounts cannot be read or written. The server's log says why."
            ]
            assert "Kabar 1" in (stranger.page("/people/tjokro-adisastra").html or "")
    finally:
        set_rights(folder.path, writable=True)
    assert not folder.people.exists()
