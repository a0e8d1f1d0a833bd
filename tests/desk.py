"""The archivist's desk in tests: an archive with persons, an account, a client who is logged in, and how forms are sent."""

import shutil

import pytest
from argon2 import PasswordHasher
from conftest import fill, make_article
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser as Page
from werkzeug.test import TestResponse

from index.accounts import Accounts
from index.settings import ArchiveFolder

NAME, PASSWORD = "Ratna Dewi", "kopi tubruk pagi"
COOKIE = "telisik_archivist"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> ArchiveFolder:
    """An archive in whose articles persons are written in several ways; it is copied, never changed."""
    archive_folder = ArchiveFolder(tmp_path_factory.mktemp("isi") / "arsip")
    people = [
        ("Tjokro Adisastra", "Hadi Wirjawan"),
        ("Tjokro Adisastra",),
        ("Cokro Adisastro",),
        ("Hadi Wirjawan", "Kota Lama"),
        ("Kota Lama",),
        ("Kota Lama",),
    ]
    fill(
        archive_folder,
        [
            make_article(id=f"uji-{n}", url=None, title=f"Kabar {n}", body=f"Isi kabar {n}.", people=names)
            for n, names in enumerate(people, start=1)
        ],
    )
    return archive_folder


@pytest.fixture
def folder(filled: ArchiveFolder, archive_folder: ArchiveFolder) -> ArchiveFolder:
    """A copy of the filled archive."""
    shutil.copytree(filled.path, archive_folder.path)
    return archive_folder


@pytest.fixture
def accounts(folder: ArchiveFolder, monkeypatch: pytest.MonkeyPatch) -> Accounts:
    """The accounts of the archive, with one; its password costs little to check."""
    monkeypatch.setattr("index.accounts._hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    made = Accounts(folder.accounts)
    made.add(NAME, PASSWORD)
    return made


@pytest.fixture
def client(folder: ArchiveFolder) -> FlaskClient:
    from web.app import create_app  # here, for this module is loaded for all tests

    return create_app(folder.path, language="en").test_client()


def page_of(response: TestResponse) -> Page:
    return Page(response.text)


def csrf_in(client: FlaskClient, address: str = "/archivist/login") -> str:
    (field, *_) = page_of(client.get(address)).css("input[name=csrf_token]")
    return field.attributes["value"] or ""


def log_in(client: FlaskClient, name: str = NAME, password: str = PASSWORD, **options: object) -> TestResponse:
    form = {"name": name, "password": password, "csrf_token": csrf_in(client), "next": options.pop("next", "")}
    return client.post("/archivist/login", data=form, **options)  # type: ignore[arg-type]


@pytest.fixture
def desk(client: FlaskClient, accounts: Accounts) -> FlaskClient:
    """A client who is logged in."""
    assert log_in(client).status_code == 303
    return client


def send(client: FlaskClient, path: str, *, follow: bool = True, **fields: str | list[str]) -> TestResponse:
    """Send a form of the desk, and follow where it leads."""
    form = {"csrf_token": csrf_in(client, "/archivist/"), **fields}
    return client.post(f"/archivist/{path}", data=form, follow_redirects=follow)
