"""Commands about the archivists who may change people in the front end: their accounts."""

import sys
from pathlib import Path

import click

from index.accounts import SHORTEST_PASSWORD, Accounts
from index.dates import iso
from index.errors import ArchiveMissing
from index.messages import gettext as _
from index.settings import ArchiveFolder
from web.options import Command, archive_option, echo, echo_json, json_option

MOST_TYPED = 10_000  # bytes of a password that are read from standard input


@click.group("archivists")
@archive_option
def archivists_group() -> None:
    """The accounts of those who decide about people in the browser, at /archivist/.

    Example: telisik archivists add "Ratna Dewi"
    """


def password_option(command: Command) -> Command:
    """Give a command the option that takes its password from standard input instead of asking for it."""
    return click.option(
        "--password-stdin", "from_stdin", is_flag=True, help="Read the password from standard input, its first line."
    )(command)


@archivists_group.command("add")
@click.argument("name")
@password_option
@archive_option
@click.pass_obj
def add_command(path: Path, name: str, from_stdin: bool) -> None:
    """Make an account; its password is asked for, twice, and has at least 10 characters.

    Example: telisik archivists add "Ratna Dewi"
    """
    accounts = _accounts_in(path)
    accounts.check_new(name)
    accounts.add(name, _password(from_stdin))
    echo(_("Account made: %(name)s. Log in at /archivist/", name=name))


@archivists_group.command("password")
@click.argument("name")
@password_option
@archive_option
@click.pass_obj
def password_command(path: Path, name: str, from_stdin: bool) -> None:
    """Change the password of an account; whoever is logged in with it is logged out.

    Example: telisik archivists password "Ratna Dewi"
    """
    accounts = _accounts_in(path)
    accounts.check_exists(name)
    accounts.set_password(name, _password(from_stdin))
    echo(_("Password changed, sessions ended: %(name)s", name=name))


@archivists_group.command("list")
@json_option
@archive_option
@click.pass_obj
def list_command(path: Path, as_json: bool) -> None:
    """List the accounts with the day they were made.

    Example: telisik archivists list --json
    """
    accounts = _accounts_in(path).all()
    if as_json:
        echo_json({"archivists": [{"name": account.name, "made": iso(account.made)} for account in accounts]})
        return
    width = max((len(account.name) for account in accounts), default=0)
    for account in accounts:
        echo(f"{account.name.ljust(width)}  {account.made:%Y-%m-%d}")
    if not accounts:
        echo(_("There are no accounts. Make one: telisik archivists add NAME"), err=True)


@archivists_group.command("remove")
@click.argument("name")
@archive_option
@click.pass_obj
def remove_command(path: Path, name: str) -> None:
    """Remove an account; whoever is logged in with it is logged out. Its decisions stay in the log.

    Example: telisik archivists remove "Ratna Dewi"
    """
    _accounts_in(path).remove(name)
    echo(_("Account removed: %(name)s", name=name))


def _accounts_in(path: Path) -> Accounts:
    folder = ArchiveFolder(path)
    if not folder.store.exists():
        raise ArchiveMissing(path)
    return Accounts(folder.accounts)


def is_asked() -> bool:
    """Say whether there is somebody who can be asked; what a pipe holds was not said to be a password."""
    return sys.stdin.isatty()


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.buffer.readline(MOST_TYPED).decode(errors="surrogateescape").rstrip("\r\n")
    if not is_asked():
        raise click.UsageError(_("there is no terminal to ask for the password; use --password-stdin"))
    typed: str = click.prompt(
        _("Password (at least %(least)d characters)", least=SHORTEST_PASSWORD),
        hide_input=True,
        confirmation_prompt=_("The same again"),
    )
    return typed


COMMANDS: tuple[click.Command, ...] = (archivists_group,)
