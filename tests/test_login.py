"""Who may come to the archivist's desk: login, sessions, forms that nobody else can send, and what readers notice of it."""

from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from desk import COOKIE, NAME, PASSWORD, csrf_in, log_in, page_of, send
from flask.testing import FlaskClient
from reading import texts

from index.accounts import Accounts
from index.settings import ArchiveFolder
from web.app import create_app


@pytest.mark.parametrize(
    "path", ["", "people/", "people/hadi-wirjawan", "refused/", "merge?slug=a&slug=b", "decisions"]
)
def test_the_desk_is_for_those_who_are_logged_in(client: FlaskClient, accounts: Accounts, path: str) -> None:
    response = client.get(f"/archivist/{path}")
    assert response.status_code == 303
    assert response.location.startswith("/archivist/login?")
    assert parse_qs(urlsplit(response.location).query) == {"next": [f"/archivist/{path}"]}


@pytest.mark.parametrize("path", ["accept", "refuse", "edit", "merge", "alias", "alias/remove", "split", "undo"])
def test_nothing_is_decided_without_a_login(
    client: FlaskClient, accounts: Accounts, folder: ArchiveFolder, path: str
) -> None:
    token = csrf_in(client)
    response = client.post(f"/archivist/{path}", data={"csrf_token": token, "slug": "hadi-wirjawan", "number": "1"})
    assert (response.status_code, response.location) == (303, "/archivist/login?ended=1")
    told = texts(page_of(client.get(response.location)), "[role=alert]")
    assert told == ["You are no longer logged in, so nothing was changed. Log in and do it again."]
    assert not folder.people.exists()


def test_a_login_leads_where_the_archivist_wanted_to(client: FlaskClient, accounts: Accounts) -> None:
    wanted = client.get("/archivist/decisions?page=1").location
    (field,) = page_of(client.get(wanted)).css("input[name=next]")
    response = log_in(client, next=field.attributes["value"])
    assert (response.status_code, response.location) == (303, "/archivist/decisions?page=1")
    assert client.get("/archivist/decisions").status_code == 200
    assert client.get("/archivist/login").location == "/archivist/"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://jahat.example/",
        "//jahat.example/",
        "/\\jahat.example",
        "\\\\jahat.example",
        "javascript:alert(1)",
        "/\tjahat.example/",
        "archivist/",
        "/nihil",
        "/archivist/undo",
        "http:/archivist/",
        "/[",
    ],
)
def test_a_login_leads_nowhere_else(client: FlaskClient, accounts: Accounts, wanted: str) -> None:
    (field,) = page_of(client.get("/archivist/login?" + urlencode({"next": wanted}))).css("input[name=next]")
    assert field.attributes["value"] in ("", None)
    assert log_in(client, next=wanted).location == "/archivist/"


@pytest.mark.parametrize(("name", "password"), [(NAME, "salah sama sekali"), ("Siapa Saja", PASSWORD), ("", "")])
def test_a_wrong_login_does_not_say_what_was_wrong(
    client: FlaskClient, accounts: Accounts, name: str, password: str
) -> None:
    response = log_in(client, name, password)
    assert (response.status_code, texts(page_of(response), "[role=alert]")) == (403, ["Name or password is wrong."])
    (field,) = page_of(response).css("input[name=name]")
    assert field.attributes["value"] in (name, None)
    assert client.get("/archivist/").status_code == 303


def test_guessing_is_slowed_for_the_address_that_the_proxy_names(client: FlaskClient, accounts: Accounts) -> None:
    here, there = ({"X-Forwarded-For": f"203.0.113.77, 198.51.100.{n}"} for n in (1, 2))
    for _ in range(5):
        assert log_in(client, NAME, "salah sama sekali", headers=here).status_code == 403
    slowed = log_in(client, headers=here)
    assert (slowed.status_code, slowed.headers["Retry-After"].isdigit()) == (429, True)
    assert texts(page_of(slowed), "[role=alert]") == ["Too many logins have failed. Try again in 15 minutes."]
    assert log_in(client, headers=there).status_code == 303


def test_an_address_that_is_not_the_proxys_cannot_name_another(client: FlaskClient, accounts: Accounts) -> None:
    codes = [
        log_in(
            client,
            NAME,
            "salah sama sekali",
            headers={"X-Forwarded-For": f"198.51.100.{n}"},
            environ_base={"REMOTE_ADDR": "203.0.113.9"},
        ).status_code
        for n in range(6)
    ]
    assert codes == [403] * 5 + [429]


def test_without_accounts_the_login_says_how_one_is_made_and_the_next_request_knows_it(
    client: FlaskClient, folder: ArchiveFolder
) -> None:
    assert client.get("/archivist/").status_code == 303
    page = page_of(client.get("/archivist/login"))
    assert texts(page, "code") == ['telisik archivists add "Ratna Dewi"']
    assert page.css("form[method=post]") == []
    assert client.post("/archivist/login", data={"name": "x", "password": "y"}).location == "/archivist/login"
    Accounts(folder.accounts).add(NAME, PASSWORD)
    assert log_in(client).location == "/archivist/"


def test_a_session_is_known_to_every_worker_and_ends_with_the_password(
    client: FlaskClient, accounts: Accounts, folder: ArchiveFolder
) -> None:
    log_in(client)
    other = create_app(folder.path, language="en").test_client()
    other.set_cookie(COOKIE, client.get_cookie(COOKIE).value)  # type: ignore[union-attr]
    assert (client.get("/archivist/").status_code, other.get("/archivist/").status_code) == (200, 200)
    accounts.set_password(NAME, "teh poci sore hari")
    assert (client.get("/archivist/").status_code, other.get("/archivist/").status_code) == (303, 303)


def test_a_copied_cookie_ends_with_the_logout(client: FlaskClient, accounts: Accounts, folder: ArchiveFolder) -> None:
    log_in(client)
    copied = client.get_cookie(COOKIE).value  # type: ignore[union-attr]
    assert send(client, "logout", follow=False).location == "/"
    assert client.get_cookie(COOKIE) is None
    client.set_cookie(COOKIE, copied)
    assert client.get("/archivist/").status_code == 303


@pytest.mark.parametrize(("scheme", "secure"), [("http", False), ("https", True)])
def test_the_cookie_is_kept_from_scripts_other_sites_and_open_lines(
    client: FlaskClient, accounts: Accounts, scheme: str, secure: bool
) -> None:
    base = f"{scheme}://arsip.example"
    page = page_of(client.get("/archivist/login", base_url=base))
    form = {"name": NAME, "password": PASSWORD, "csrf_token": page.css("input[name=csrf_token]")[0].attributes["value"]}
    response = client.post("/archivist/login", data=form, base_url=base, headers={"Referer": f"{base}/archivist/login"})
    cookie = SimpleCookie(response.headers["Set-Cookie"])[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], bool(cookie["secure"])) == (True, "Lax", secure)
    assert cookie["expires"]


@pytest.mark.parametrize("given", [{}, {"csrf_token": "x"}])
@pytest.mark.parametrize("path", ["login", "logout", "accept", "undo"])
def test_a_form_that_no_page_of_ours_sent_changes_nothing(
    desk: FlaskClient, folder: ArchiveFolder, path: str, given: dict[str, str]
) -> None:
    form = {"slug": "hadi-wirjawan", "number": "1", "name": NAME, "password": PASSWORD, **given}
    response = desk.post(f"/archivist/{path}", data=form)
    assert response.status_code == 400
    (told,) = texts(page_of(response), "[role=alert]")
    assert told.startswith("This form has expired, or no page of this archive has sent it; nothing was changed.")
    assert not folder.people.exists()
    assert desk.get("/archivist/").status_code == 200


def test_nothing_of_the_desk_is_kept_by_caches_nor_runs_scripts(desk: FlaskClient) -> None:
    for address in (
        "/archivist/",
        "/archivist/decisions",
        "/archivist/people/hadi-wirjawan",
        "/archivist/people/nihil",
    ):
        response = desk.get(address)
        assert response.headers["Cache-Control"] == "no-store"
        policy = response.headers["Content-Security-Policy"]
        assert (policy.startswith("default-src 'none'; "), "unsafe" in policy) == (True, False)
        assert page_of(response).css("script:not([src]), [style], [onclick]") == []


def test_readers_get_no_cookie(client: FlaskClient, accounts: Accounts) -> None:
    for address in ("/", "/search?q=kabar", "/articles/uji-1", "/help"):
        response = client.get(address)
        assert "Set-Cookie" not in response.headers
        assert response.headers.get("Cache-Control") != "no-store"


def test_damaged_accounts_keep_archivists_out_and_nobody_else(client: FlaskClient, accounts: Accounts) -> None:
    accounts.path.write_bytes(b"rusak" * 1_000)
    client.set_cookie(COOKIE, "x")
    response = client.get("/archivist/", follow_redirects=True)
    assert response.status_code == 503
    assert texts(page_of(response), "[role=alert]") == [
        "Nobody can log in: the file of accounts cannot be read or written. The server's log says why."
    ]
    assert str(accounts.path) not in response.text
    assert client.get("/search?q=kabar").status_code == 200


def test_under_another_path_everything_leads_back_there(folder: ArchiveFolder, accounts: Accounts) -> None:
    client = create_app(folder.path, language="en").test_client()
    base = "http://localhost/arsip/"
    wanted = client.get("archivist/decisions?page=1", base_url=base).location
    assert parse_qs(urlsplit(wanted).query) == {"next": ["/arsip/archivist/decisions?page=1"]}
    page = page_of(client.get("archivist/login", base_url=base))
    token = page.css("input[name=csrf_token]")[0].attributes["value"]
    form = {"name": NAME, "password": PASSWORD, "csrf_token": token, "next": "/arsip/archivist/decisions?page=1"}
    response = client.post("archivist/login", data=form, base_url=base)
    assert response.location == "/arsip/archivist/decisions?page=1"
