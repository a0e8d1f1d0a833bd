"""The archivists' accounts: passwords, sessions, failed logins, and the commands that make them."""

import sqlite3
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner, Result
from conftest import fill, make_article

from index.accounts import (
    LONGEST_NAME,
    MOST_OF_ACCOUNT,
    MOST_OF_ADDRESS,
    MOST_OF_PAIR,
    SESSION_SECONDS,
    WINDOW_SECONDS,
    AccountMissing,
    Accounts,
    AccountsUnusable,
    AccountTaken,
    AccountWrong,
    LoginDelayed,
)
from index.settings import ArchiveFolder
from web.cli import main

HOME, ELSEWHERE = "192.0.2.1", "192.0.2.2"
PASSWORD, OTHER = "kopi tubruk pagi", "teh poci sore hari"


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(tmp_path: Path, clock: Clock) -> Accounts:
    made = Accounts(tmp_path / "accounts.sqlite", clock=clock)
    made.add("Ratna Dewi", PASSWORD)
    return made


def token_of(accounts: Accounts, name: str = "Ratna Dewi", password: str = PASSWORD) -> str:
    login = accounts.log_in(name, password, HOME)
    assert login is not None
    return login.token


# --- the file


def test_without_a_file_there_are_no_accounts_and_none_is_made_by_looking(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path / "accounts.sqlite")
    assert (accounts.all(), accounts.secret(), accounts.logged_in("x")) == ((), None, None)
    assert list(tmp_path.iterdir()) == []


def test_only_its_owner_can_read_the_file(accounts: Accounts) -> None:
    assert stat.S_IMODE(accounts.path.stat().st_mode) == 0o600


def test_neither_passwords_nor_sessions_can_be_taken_from_the_file(accounts: Accounts) -> None:
    token = token_of(accounts)
    held = accounts.path.read_bytes()
    assert PASSWORD.encode() not in held
    assert token.encode() not in held
    assert b"$argon2id$" in held


def test_the_key_is_made_once_and_of_no_other_archive(accounts: Accounts, tmp_path: Path) -> None:
    key = accounts.secret()
    accounts.add("Budi", OTHER)
    assert (accounts.secret(), len(key or b"")) == (key, 32)
    other = Accounts(tmp_path / "other.sqlite")
    other.add("Budi", OTHER)
    assert other.secret() != key


@pytest.mark.parametrize("act", [Accounts.all, lambda accounts: accounts.log_in("Ratna Dewi", PASSWORD, HOME)])
def test_a_file_that_is_no_database_is_said_to_be_none(accounts: Accounts, act: Callable[[Accounts], object]) -> None:
    accounts.path.write_bytes(b"rusak" * 1000)
    with pytest.raises(
        AccountsUnusable, match=r"accounts\.sqlite: the accounts cannot be used: file is not a database"
    ):
        act(accounts)


def test_accounts_cannot_be_made_where_there_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(AccountsUnusable, match="No such file or directory"):
        Accounts(tmp_path / "nihil" / "accounts.sqlite").add("Budi", PASSWORD)


# --- names and passwords


@pytest.mark.parametrize("name", ["Ratna Dewi", "ratna  dewi", "ＲＡＴＮＡ ＤＥＷＩ"])
def test_a_name_is_taken_however_it_is_written(accounts: Accounts, name: str) -> None:
    with pytest.raises(AccountTaken):
        accounts.add(name, OTHER)
    assert token_of(accounts, name)


@pytest.mark.parametrize("name", ["", " ", "x" * (LONGEST_NAME + 1), "a\x07b", "a\u202eb"])
def test_a_name_is_short_and_can_be_seen(accounts: Accounts, name: str) -> None:
    with pytest.raises(AccountWrong, match="a name has 1 to 64 characters"):
        accounts.add(name, PASSWORD)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "at least 10"),
        ("123456789", "at least 10"),
        ("x" * 1_025, "at most 1024"),
        ("siti RAHMAWATI", "may not be the name"),
    ],
)
def test_a_password_that_will_not_do_is_refused_when_made_and_when_changed(
    accounts: Accounts, password: str, reason: str
) -> None:
    accounts.add("Siti Rahmawati", PASSWORD)
    with pytest.raises(AccountWrong, match=reason):
        accounts.set_password("Siti Rahmawati", password)
    accounts.remove("Siti Rahmawati")
    with pytest.raises(AccountWrong, match=reason):
        accounts.add("Siti Rahmawati", password)
    assert [account.name for account in accounts.all()] == ["Ratna Dewi"]


def test_a_password_is_the_same_from_any_keyboard(accounts: Accounts) -> None:
    accounts.add("Budi", "caf\u00e9 cendrawasih")
    assert token_of(accounts, "Budi", "cafe\u0301 cendrawasih")


@pytest.mark.parametrize("name", ["Siapa Saja", ""])
def test_what_is_done_to_an_account_that_there_is_not_is_told(accounts: Accounts, name: str) -> None:
    with pytest.raises(AccountMissing):
        accounts.set_password(name, OTHER)
    with pytest.raises(AccountMissing):
        accounts.remove(name)


# --- sessions


def test_a_session_lasts_twelve_hours(accounts: Accounts, clock: Clock) -> None:
    token = token_of(accounts)
    clock.now += SESSION_SECONDS - 1
    assert accounts.logged_in(token) == "Ratna Dewi"
    clock.now += 1
    assert accounts.logged_in(token) is None
    assert SESSION_SECONDS == 12 * 60 * 60


def test_logging_out_ends_one_session(accounts: Accounts) -> None:
    first, second = token_of(accounts), token_of(accounts)
    accounts.log_out(first)
    assert (accounts.logged_in(first), accounts.logged_in(second)) == (None, "Ratna Dewi")


def test_a_new_password_ends_all_sessions_of_its_account_alone(accounts: Accounts) -> None:
    accounts.add("Budi", OTHER)
    hers, his = token_of(accounts), token_of(accounts, "Budi", OTHER)
    accounts.set_password("ratna dewi", "lain sama sekali")
    assert (accounts.logged_in(hers), accounts.logged_in(his)) == (None, "Budi")
    assert accounts.log_in("Ratna Dewi", PASSWORD, HOME) is None
    assert token_of(accounts, "Ratna Dewi", "lain sama sekali")


def test_a_removed_account_has_no_session_and_none_when_it_is_made_again(accounts: Accounts) -> None:
    token = token_of(accounts)
    accounts.remove("Ratna Dewi")
    assert (accounts.logged_in(token), accounts.all()) == (None, ())
    accounts.add("Ratna Dewi", PASSWORD)
    assert accounts.logged_in(token) is None


def test_a_hash_of_former_strength_is_renewed_at_login(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    def strength() -> str:
        with sqlite3.connect(accounts.path) as db:
            return str(db.execute("SELECT password FROM account").fetchone()[0]).split("$")[3]

    before = strength()
    monkeypatch.setattr("index.accounts._hasher", PasswordHasher(time_cost=4))
    token = token_of(accounts)
    assert (before, strength(), accounts.logged_in(token)) == ("m=65536,t=3,p=4", "m=65536,t=4,p=4", "Ratna Dewi")


# --- failed logins


def fail(accounts: Accounts, name: str = "Ratna Dewi", address: str = HOME) -> None:
    assert accounts.log_in(name, "salah sama sekali", address) is None


@pytest.mark.parametrize("name", ["Ratna Dewi", "Siapa Saja"])
def test_after_five_failures_the_next_login_waits(accounts: Accounts, clock: Clock, name: str) -> None:
    for _ in range(MOST_OF_PAIR):
        fail(accounts, name)
        clock.now += 10
    with pytest.raises(LoginDelayed, match=r"Too many logins have failed. Try again in 15 minutes\.") as delayed:
        accounts.log_in(name, PASSWORD, HOME)
    assert delayed.value.seconds == WINDOW_SECONDS - 50
    clock.now += delayed.value.seconds
    assert (accounts.log_in(name, PASSWORD, HOME) is not None) == (name == "Ratna Dewi")


def test_one_address_failing_keeps_another_from_nothing(accounts: Accounts) -> None:
    for _ in range(MOST_OF_PAIR):
        fail(accounts)
    assert accounts.log_in("Ratna Dewi", PASSWORD, ELSEWHERE) is not None


def test_a_login_that_works_forgets_the_failures_before_it(accounts: Accounts) -> None:
    for _ in range(3):
        for _ in range(MOST_OF_PAIR - 1):
            fail(accounts)
        assert token_of(accounts)


def test_a_guesser_with_many_addresses_or_many_names_is_slowed_too(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.accounts._fits", lambda hashed, password: False)  # a hundred hashes take long
    for n in range(MOST_OF_ACCOUNT):
        fail(accounts, address=f"198.51.100.{n}")
    with pytest.raises(LoginDelayed):
        fail(accounts, address="198.51.100.250")
    for n in range(MOST_OF_ADDRESS):
        fail(accounts, f"tebakan {n}", ELSEWHERE)
    with pytest.raises(LoginDelayed):
        fail(accounts, "tebakan lain", ELSEWHERE)


def test_logins_at_the_same_time_are_counted_before_they_fail(accounts: Accounts) -> None:
    def outcome(_: int) -> str:
        try:
            return str(accounts.log_in("Ratna Dewi", "salah sama sekali", HOME))
        except LoginDelayed:
            return "delayed"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(outcome, range(16)))
    assert (outcomes.count("None"), outcomes.count("delayed")) == (MOST_OF_PAIR, 11)


def test_an_unknown_name_costs_a_hash_as_a_known_one_does(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    monkeypatch.setattr("index.accounts._fits", lambda hashed, password: bool(checked.append(hashed)))
    fail(accounts)
    fail(accounts, "Siapa Saja")
    known, unknown = checked
    assert known != unknown
    assert known.split("$")[:4] == unknown.split("$")[:4] == ["", "argon2id", "v=19", "m=65536,t=3,p=4"]


# --- the commands


Telisik = Callable[..., Result]


@pytest.fixture
def telisik(archive_folder: ArchiveFolder) -> Telisik:
    fill(archive_folder, [make_article()])

    def run(*arguments: str, given: str | bytes | None = None, code: int = 0) -> Result:
        options = ["--lang", "en", "--archive", str(archive_folder.path), "archivists", *arguments]
        result = CliRunner().invoke(main, options, input=given)
        assert result.exit_code == code, result.output
        return result

    return run


def test_an_account_is_made_listed_changed_and_removed(telisik: Telisik, archive_folder: ArchiveFolder) -> None:
    assert "There are no accounts. Make one: telisik archivists add NAME" in telisik("list").stderr
    made = telisik("add", "Ratna Dewi", "--password-stdin", given=PASSWORD + "\nbaris lain\n")
    assert made.stdout == "Account made: Ratna Dewi. Log in at /archivist/\n"
    accounts = Accounts(archive_folder.accounts)
    token = token_of(accounts)
    assert telisik("list").stdout.startswith("Ratna Dewi  20")

    telisik("password", "ratna dewi", "--password-stdin", given=OTHER + "\r\n")
    assert accounts.logged_in(token) is None
    assert token_of(accounts, password=OTHER)
    assert telisik("remove", "Ratna Dewi").stdout == "Account removed: Ratna Dewi\n"
    assert telisik("list").stdout == ""


@pytest.mark.parametrize(
    ("arguments", "given", "code", "told"),
    [
        (["add", "Budi", "--password-stdin"], "pendek\n", 1, "the password needs at least 10 characters"),
        (["add", "Budi", "--password-stdin"], "", 1, "the password needs at least 10 characters"),
        (["add", "Ratna", "--password-stdin"], PASSWORD, 1, "there is an account 'Ratna' already"),
        (["add", "Budi"], PASSWORD, 2, "there is no terminal to ask for the password; use --password-stdin"),
        (["password", "Budi", "--password-stdin"], PASSWORD, 1, "there is no account 'Budi'"),
        (["remove", "Budi"], None, 1, "there is no account 'Budi'"),
        (["remove", "\udcff"], None, 1, "what was typed holds bytes that are no text"),
        (["add", "Budi", "--password-stdin"], b"kopi\xfftubruk pagi\n", 1, "holds bytes that are no text"),
    ],
)
def test_what_goes_wrong_is_told(
    telisik: Telisik, arguments: list[str], given: str | bytes | None, code: int, told: str
) -> None:
    telisik("add", "Ratna", "--password-stdin", given=PASSWORD)
    assert told in telisik(*arguments, given=given, code=code).stderr


def test_a_password_is_asked_for_twice_and_not_shown(telisik: Telisik, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.commands_archivists.is_asked", lambda: True)
    output = telisik("add", "Ratna", given=f"{PASSWORD}\n{PASSWORD}\n").output
    assert "Password (at least 10 characters)" in output
    assert PASSWORD not in output


def test_accounts_are_of_an_archive_that_there_is(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["--lang", "en", "--archive", str(tmp_path / "nihil"), "archivists", "list"])
    assert (result.exit_code, "holds no archive" in result.stderr) == (1, True)
