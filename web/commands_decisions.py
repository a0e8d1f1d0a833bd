"""The commands that decide about persons, commands of the group that `commands_people` makes: accept, merge, refuse, undo."""

import getpass
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import click

from index.article import JSON
from index.authority import COLUMNS
from index.decisions import Decision, Decisions
from index.messages import gettext as _
from index.registers import one_line, read_records
from search.archive import Archive
from web.options import archive_option, echo, echo_json, json_option
from web.people import People
from web.tables import merged_record, merged_text, tell_problems


@click.command("accept")
@click.argument("names", nargs=-1, required=True)
@click.option("--as", "preferred", help="The preferred name of one person whom all NAMES are.")
@click.option("--role", help="Office or profession.")
@click.option("--alias", "aliases", multiple=True, help="One more name; may be repeated.")
@click.option("--new", is_flag=True, help="Accept names, too, that no article has.")
@json_option
@archive_option
@click.pass_obj
def accept_command(
    path: Path,
    names: tuple[str, ...],
    preferred: str | None,
    role: str | None,
    aliases: tuple[str, ...],
    new: bool,
    as_json: bool,
) -> None:
    """Give candidates a record of their own, each one; with --as they are all one person.

    Example: telisik people accept "Siti Rahma" --role "Menteri Uji" --alias "Bu Siti"
    """
    if aliases and preferred is None and len(names) > 1:
        raise click.UsageError(_("--alias needs --as where there are several names"))

    def decide(decisions: Decisions, people: People, by: str) -> Iterator[Decision]:
        meant = people.all_meant(names, new=new)
        if preferred is None:
            for name in meant:
                yield decisions.accept(by, name, aliases=aliases, role=role)
        else:
            yield decisions.accept(by, meant[0], preferred=preferred, aliases=(*meant[1:], *aliases), role=role)

    _decide(path, decide, as_json=as_json)


@click.command("merge")
@click.argument("names", nargs=-1, required=True)
@click.option("--into", required=True, help="The person who takes the names.")
@json_option
@archive_option
@click.pass_obj
def merge_command(path: Path, names: tuple[str, ...], into: str, as_json: bool) -> None:
    """Make one person of several: the names, and records, of NAMES go to another person.

    Example: telisik people merge "St. Rahma" "Siti R." --into "Siti Rahma"
    """
    _decide(
        path,
        lambda decisions, people, by: [decisions.merge(by, *_sources_and_into(people, names, into))],
        as_json=as_json,
    )


def _sources_and_into(people: People, names: Sequence[str], into: str) -> tuple[list[str], str]:
    *sources, target = people.all_meant((*names, into))
    return sources, target


@click.command("split")
@click.argument("slug")
@click.argument("name")
@json_option
@archive_option
@click.pass_obj
def split_command(path: Path, slug: str, name: str, as_json: bool) -> None:
    """Make a person of its own of a NAME that is taken for another's; a candidate gets a record on the way.

    Example: telisik people split siti-rahma "St. Rahma"
    """

    def decide(decisions: Decisions, people: People, by: str) -> list[Decision]:
        spellings = people.candidate_spellings(slug)
        return [decisions.split(by, people.meant(slug), name, spellings=spellings)]

    _decide(path, decide, as_json=as_json)


@click.command("alias")
@click.argument("slug")
@click.argument("name")
@click.option("--remove", is_flag=True, help="Take the name from the person.")
@json_option
@archive_option
@click.pass_obj
def alias_command(path: Path, slug: str, name: str, remove: bool, as_json: bool) -> None:
    """Give a person one more NAME, or take it away.

    Example: telisik people alias siti-rahma "Bu Siti"
    """

    def decide(decisions: Decisions, people: People, by: str) -> list[Decision]:
        decide_so = decisions.remove_alias if remove else decisions.add_alias
        return [decide_so(by, people.meant(slug), name)]

    _decide(path, decide, as_json=as_json)


@click.command("refuse")
@click.argument("names", nargs=-1, required=True)
@json_option
@archive_option
@click.pass_obj
def refuse_command(path: Path, names: tuple[str, ...], as_json: bool) -> None:
    """Note that names are no person's; they are listed and counted no more, whatever is imported again.

    Example: telisik people refuse "Bank Uji" "Piala Uji"
    """

    def decide(decisions: Decisions, people: People, by: str) -> Iterator[Decision]:
        for name in people.all_meant(names):
            yield decisions.refuse(by, name)

    _decide(path, decide, as_json=as_json)


@click.command("undo")
@click.argument("number", type=click.IntRange(1))
@json_option
@archive_option
@click.pass_obj
def undo_command(path: Path, number: int, as_json: bool) -> None:
    """Take a decision back by its number in the log; an undo can be undone, too.

    Example: telisik people undo 7
    """
    _decide(path, lambda decisions, people, by: [decisions.undo(by, number)], as_json=as_json)


def _decide(path: Path, decide: Callable[[Decisions, People, str], Iterable[Decision]], *, as_json: bool) -> None:
    """Carry decisions out in the name of who runs this program, and tell them; those before one that fails stand."""
    done: list[Decision] = []
    with closing(Archive(path)) as archive:
        try:
            for decision in decide(Decisions(archive.folder), People(archive), _user()):
                done.append(decision)
                for warning in decision.warnings:
                    echo(warning, err=True)
                if not as_json:
                    echo(f"{decision.number}: {decision.summary}")
        finally:
            if as_json and done:
                echo_json({"decisions": list(map(_decision_record, done))})


def _decision_record(decision: Decision) -> dict[str, JSON]:
    return {
        "number": decision.number,
        "at": decision.at.isoformat(),
        "by": decision.by,
        "action": decision.action.value,
        "name": decision.name,
        "names": list(decision.names),
        "slugs": [change.slug for change in decision.changes],
        "summary": decision.summary,
        "warnings": list(decision.warnings),
        "undoes": decision.undoes,
        "undone_by": decision.undone_by,
    }


@click.command("log")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many are listed.")
@json_option
@archive_option
@click.pass_obj
def log_command(path: Path, limit: int, as_json: bool) -> None:
    """List the decisions, the newest first, with the numbers by which they are undone.

    Example: telisik people log --limit 10
    """
    with closing(Archive(path)) as archive:
        log, zone = Decisions(archive.folder).log(limit), archive.settings.zone
    if as_json:
        echo_json({"decisions": list(map(_decision_record, log))})
        return
    for decision in log:
        undone = " " + _("(undone by %(number)d)", number=decision.undone_by) if decision.undone_by else ""
        at = decision.at.astimezone(zone)
        echo(f"{decision.number}  {at:%Y-%m-%d %H:%M}  {decision.by}  {decision.summary}{undone}")
    if not log:
        echo(_("Nothing has been decided yet."), err=True)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
@archive_option
@click.pass_obj
def import_command(path: Path, file: Path, as_json: bool) -> None:
    """Merge records from a CSV file, or JSON lines, into the authority file; none that is there is lost.

    Example: telisik people import tokoh-redaksi.csv
    """
    register = read_records(file, COLUMNS)
    with closing(Archive(path)) as archive:
        merged = Decisions(archive.folder).merge_rows(_user(), register)
    decision = merged.decision
    tell_problems(file, merged.problems)
    for warning in decision.warnings if decision else ():
        echo(warning, err=True)
    if as_json:
        echo_json({**merged_record(merged), "decision": _decision_record(decision) if decision else None})
        return
    echo(merged_text(merged))
    if decision:
        echo(f"{decision.number}: {decision.summary}")


def _user() -> str:
    """Return the name of who runs this program; in a container it may be a number that no name belongs to.

    The environment may hold any bytes: those that are no text are replaced, for the log is text.
    """
    try:
        return one_line(os.fsencode(getpass.getuser()).decode(errors="replace"))
    except (KeyError, OSError):  # until and from Python 3.13 on
        return str(os.getuid())


COMMANDS: tuple[click.Command, ...] = (
    accept_command,
    merge_command,
    split_command,
    alias_command,
    refuse_command,
    undo_command,
    log_command,
    import_command,
)
