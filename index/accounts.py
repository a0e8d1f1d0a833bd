"""The archivists' accounts: one SQLite file beside the archive, which every process that serves it shares.

It holds the accounts with their hashed passwords, who is logged in where, failed logins of the last minutes, and the key that
signs cookies. Readers need none of it: without the file nobody can log in, and the rest works.
"""

import hashlib
import os
import secrets
import sqlite3
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from index.errors import ArchiveError, system_reason
from index.messages import gettext as _
from index.messages import ngettext

SHORTEST_PASSWORD = 10  # characters
LONGEST_PASSWORD = 1_024
LONGEST_NAME = 64
SESSION_SECONDS = 12 * 3_600

# Failed logins within the window after which the next must wait: of one account from one address, of one account from anywhere,
# and from one address. The wider ones are loose: they stop a guesser with many addresses, not colleagues behind one proxy.
WINDOW_SECONDS = 15 * 60
MOST_OF_PAIR, MOST_OF_ACCOUNT, MOST_OF_ADDRESS = 5, 50, 50

_BUSY_SECONDS = 10.0
_SECRET_BYTES = 32
_TABLES = """
CREATE TABLE IF NOT EXISTS secret (key BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS account (
    key TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, password TEXT NOT NULL, made TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS session (
    token TEXT NOT NULL PRIMARY KEY, -- hashed: whoever reads the file cannot take a session over
    account TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
    ends REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS attempt (account TEXT NOT NULL, address TEXT NOT NULL, at REAL NOT NULL);
"""


class AccountWrong(ArchiveError):
    """An account cannot be made or changed as it was asked: its name or its password will not do."""


class AccountTaken(AccountWrong):
    """There is an account of this name already."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("there is an account '%(name)s' already; to change its password: telisik archivists password", name=name)
        )
        self.name = name


class AccountMissing(ArchiveError):
    """There is no account of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("there is no account '%(name)s'; telisik archivists list shows those that there are", name=name)
        )
        self.name = name


class AccountsUnusable(ArchiveError):
    """The file of accounts cannot be read or written."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(_("%(path)s: the accounts cannot be used: %(reason)s", path=path, reason=reason))
        self.path, self.reason = path, reason


class LoginDelayed(ArchiveError):
    """Too many logins have failed; `seconds` until the next may be tried."""

    def __init__(self, seconds: float) -> None:
        minutes = max(1, -int(-seconds // 60))
        super().__init__(
            ngettext(
                "Too many logins have failed. Try again in %(number)d minute.",
                "Too many logins have failed. Try again in %(number)d minutes.",
                minutes,
            )
        )
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Account:
    """An archivist's account: the name as it was given, and when it was made."""

    name: str
    made: datetime


@dataclass(frozen=True, slots=True)
class Login:
    """What a login gave: the archivist's name, and the secret by which the session is known."""

    name: str
    token: str


class Accounts:
    """The accounts of one archive. Safe for threads and processes: nothing is kept open or in memory."""

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self.path, self._clock = path, clock

    def all(self) -> tuple[Account, ...]:
        """Return all accounts by name; none where there is no file."""
        with self._reading() as db:
            rows = db.execute("SELECT name, made FROM account ORDER BY key").fetchall() if db else ()
        return tuple(Account(name, datetime.fromisoformat(made)) for name, made in rows)

    def add(self, name: str, password: str) -> None:
        """Make an account; the first one makes the file and its key. Raises AccountWrong."""
        shown = self.check_new(name)
        hashed = _hashed(password, shown)
        with self._writing(make=True) as db:
            if db.execute("SELECT 1 FROM account WHERE key = ?", (_key(shown),)).fetchone():
                raise AccountTaken(shown)
            made = datetime.now(UTC).isoformat(timespec="seconds")
            db.execute("INSERT INTO account VALUES (?, ?, ?, ?)", (_key(shown), shown, hashed, made))

    def set_password(self, name: str, password: str) -> None:
        """Change a password and end the account's sessions. Raises AccountMissing, AccountWrong."""
        self.check_exists(name)
        hashed = _hashed(password, name)
        with self._writing() as db:
            if not db.execute("UPDATE account SET password = ? WHERE key = ?", (hashed, _key(name))).rowcount:
                raise AccountMissing(name)
            db.execute("DELETE FROM session WHERE account = ?", (_key(name),))
            db.execute("DELETE FROM attempt WHERE account = ?", (_key(name),))

    def remove(self, name: str) -> None:
        """Remove an account and end its sessions. Raises AccountMissing."""
        self.check_exists(name)
        with self._writing() as db:
            if not db.execute("DELETE FROM account WHERE key = ?", (_key(name),)).rowcount:
                raise AccountMissing(name)

    def check_exists(self, name: str) -> None:
        """Raise AccountMissing where there is no account of this name."""
        if not self._exists(name):
            raise AccountMissing(name)

    def check_new(self, name: str) -> str:
        """Return the name as an account would have it; raise AccountWrong where none can be made under it."""
        shown = _checked_name(name)
        if self._exists(shown):
            raise AccountTaken(shown)
        return shown

    def _exists(self, name: str) -> bool:
        with self._reading() as db:
            return bool(db and db.execute("SELECT 1 FROM account WHERE key = ?", (_key(name),)).fetchone())

    def secret(self) -> bytes | None:
        """Return the key that signs cookies; None where no account was ever made."""
        with self._reading() as db:
            row = db.execute("SELECT key FROM secret").fetchone() if db else None
        return None if row is None else bytes(row[0])

    def log_in(self, name: str, password: str, address: str) -> Login | None:
        """Begin a session; None where name or password is wrong, which takes as long for names that there are not.

        Raises LoginDelayed where too many have failed, AccountsUnusable where the file cannot be written.
        """
        key = _key(name)
        self._begin_attempt(key, address)
        with self._reading() as db:
            query = "SELECT name, password FROM account WHERE key = ?"
            row = db.execute(query, (key,)).fetchone() if db else None
        nobody = _nobody(_hasher)  # in both cases, for its first time takes long
        if not _fits(row[1] if row else nobody, password) or row is None:
            return None
        renewed = _hasher.hash(_normal(password)) if _hasher.check_needs_rehash(row[1]) else row[1]
        token = secrets.token_urlsafe(_SECRET_BYTES)
        with self._writing() as db:
            # Only where the password is still the one that was checked: it may have been changed meanwhile.
            change = "UPDATE account SET password = ? WHERE key = ? AND password = ?"
            if db.execute(change, (renewed, key, row[1])).rowcount != 1:
                return None
            db.execute("DELETE FROM attempt WHERE account = ? AND address = ?", (key, address))
            db.execute("DELETE FROM session WHERE ends <= ?", (self._clock(),))
            session = (_digest(token), key, self._clock() + SESSION_SECONDS)
            db.execute("INSERT INTO session VALUES (?, ?, ?)", session)
        return Login(row[0], token)

    def logged_in(self, token: str) -> str | None:
        """Return the name of the archivist whose session this is; None where it has ended."""
        query = "SELECT name FROM session JOIN account ON account.key = session.account WHERE token = ? AND ends > ?"
        with self._reading() as db:
            row = db.execute(query, (_digest(token), self._clock())).fetchone() if db else None
        return None if row is None else str(row[0])

    def log_out(self, token: str) -> None:
        """End a session."""
        with self._writing() as db:
            db.execute("DELETE FROM session WHERE token = ?", (_digest(token),))

    def _begin_attempt(self, key: str, address: str) -> None:
        """Count a login as failed before it is tried, so that many at once are counted, too; success takes it back."""
        now = self._clock()
        with self._writing() as db:
            db.execute("DELETE FROM attempt WHERE at <= ?", (now - WINDOW_SECONDS,))
            for most, where, values in (
                (MOST_OF_PAIR, "account = ? AND address = ?", (key, address)),
                (MOST_OF_ACCOUNT, "account = ?", (key,)),
                (MOST_OF_ADDRESS, "address = ?", (address,)),
            ):
                query = f"SELECT at FROM attempt WHERE {where} ORDER BY at DESC LIMIT 1 OFFSET {most - 1}"  # noqa: S608
                if (row := db.execute(query, values).fetchone()) is not None:
                    raise LoginDelayed(row[0] + WINDOW_SECONDS - now)
            db.execute("INSERT INTO attempt VALUES (?, ?, ?)", (key, address, now))

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        if not self.path.exists():
            yield None
            return
        try:
            with closing(sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True)) as db:
                db.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000:.0f}")
                yield db
        except sqlite3.DatabaseError as error:
            raise AccountsUnusable(self.path, str(error)) from error

    @contextmanager
    def _writing(self, *, make: bool = False) -> Iterator[sqlite3.Connection]:
        """Give a connection within one transaction, which an error takes back."""
        try:
            if make:
                # Made here, not by SQLite, so that nobody else can ever read it; SQLite's journal takes its mode over.
                os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            with closing(sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=rw", uri=True)) as db:
                db.isolation_level = None
                db.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000:.0f}")
                db.execute("PRAGMA foreign_keys = ON")
                db.execute("BEGIN IMMEDIATE")
                if make:
                    _make_tables(db)
                yield db
                db.execute("COMMIT")
        except OSError as error:
            raise AccountsUnusable(self.path, system_reason(error)) from error
        except sqlite3.DatabaseError as error:
            raise AccountsUnusable(self.path, str(error)) from error


def _make_tables(db: sqlite3.Connection) -> None:
    for statement in _TABLES.split(";\n"):
        db.execute(statement)
    if db.execute("SELECT 1 FROM secret").fetchone() is None:
        db.execute("INSERT INTO secret VALUES (?)", (secrets.token_bytes(_SECRET_BYTES),))


_hasher = PasswordHasher()  # Argon2id with the library's defaults, those of RFC 9106 for little memory: 64 MiB, 0.1 s


@cache
def _nobody(hasher: PasswordHasher) -> str:
    """Return a hash that no password fits, and that costs what the others do."""
    return hasher.hash(secrets.token_urlsafe(_SECRET_BYTES))


def _fits(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, _normal(password))
    except (VerificationError, InvalidHashError):
        return False


def _hashed(password: str, name: str) -> str:
    """Return the hash of a password; raise AccountWrong for one that is too short, too long, or the name."""
    length = len(_normal(password))
    if length < SHORTEST_PASSWORD:
        raise AccountWrong(_("the password needs at least %(least)d characters", least=SHORTEST_PASSWORD))
    if length > LONGEST_PASSWORD:
        raise AccountWrong(_("the password may have at most %(most)d characters", most=LONGEST_PASSWORD))
    if _key(password) == _key(name):
        raise AccountWrong(_("the password may not be the name"))
    return _hasher.hash(_normal(password))


def _normal(password: str) -> str:
    """Return the same characters however a keyboard made them (NIST SP 800-63B-4, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def _checked_name(name: str) -> str:
    shown = " ".join(name.split())
    if not shown or len(shown) > LONGEST_NAME or not shown.isprintable():
        raise AccountWrong(
            _(
                "a name has 1 to %(most)d characters that can be seen; '%(name)s' will not do",
                most=LONGEST_NAME,
                name=name,
            )
        )
    return shown


def _key(name: str) -> str:
    """Return what names are compared by; cut, for what is typed at a login is kept for a while."""
    return " ".join(unicodedata.normalize("NFKC", name[: 2 * LONGEST_NAME]).casefold().split())


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
