"""The tables of persons and of topics on the command line: what is wrong with them, how they are merged and written."""

import json
from collections.abc import Iterable
from pathlib import Path

import click

from index.article import JSON
from index.controls import escaped_json
from index.decisions import Merged
from index.messages import gettext as _
from index.registers import Columns, Register, register_text, values_in
from index.topicfile import MergedTopics
from web.formatting import number_text
from web.options import echo

format_option = click.option(
    "--format", "format_", type=click.Choice(["csv", "json"]), default="csv", show_default=True, help="Format."
)


def merged_record(merged: Merged | MergedTopics) -> dict[str, JSON]:
    """Return the JSON form of what became of rows."""
    return {
        "new": list(merged.new),
        "changed": list(merged.changed),
        "unchanged": len(merged.unchanged),
        "problems": list(merged.problems),
    }


def merged_text(merged: Merged | MergedTopics) -> str:
    """Return what became of rows in words."""
    return _(
        "%(new)s new, %(changed)s changed, %(unchanged)s unchanged, %(refused)s rows left out",
        new=number_text(len(merged.new)),
        changed=number_text(len(merged.changed)),
        unchanged=number_text(len(merged.unchanged)),
        refused=number_text(len(merged.problems)),
    )


def echo_table(table: Register, columns: Columns, format_: str, *, several: str) -> None:
    """Print a table as CSV, or as JSON lines, in which the column `several` is a list."""
    if format_ == "csv":
        click.echo(register_text(table, columns), nl=False)
        return
    for line in table.lines:
        record: dict[str, JSON] = {name: line.cells.get(name, "") for name in (*columns.names, *line.cells)}
        record[several] = list(values_in(line.cells.get(several, "")))
        click.echo(escaped_json(json.dumps(record, ensure_ascii=False)))


def tell_problems(path: Path, problems: Iterable[str]) -> None:
    """Say on standard error which rows of a file are left out."""
    for problem in problems:
        echo(f"{path}: {problem}", err=True)


def tell_no_index() -> None:
    """Say on standard error that nobody has counted articles."""
    echo(_("There is no index: nothing is known of articles. Make one: telisik index"), err=True)
