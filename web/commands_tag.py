"""The command that names persons, places and organisations in text from standard input."""

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import islice

import click

from index.controls import escaped_json
from index.tagging import Mention, shipped_tagger

# Lines that are tagged together: a name found in one of them is known in all of them. Memory is bounded by it.
BATCH = 5_000


@click.command("tag")
def tag_command() -> None:
    """Name the persons, places and organisations in standard input, a paragraph a line.

    Prints for each line a JSON list of {"start", "end", "text", "kind"}; start and end are offsets in characters of the line,
    kind is person, place or organisation. The lines are taken for one document: a name found once is known in the rest.

    Example: telisik people tag < berita.txt
    """
    sys.stdin.reconfigure(encoding="utf-8", errors="replace", newline="\n")  # type: ignore[union-attr]
    for lines in _batches(sys.stdin):
        for mentions in shipped_tagger().tag_document(lines):
            click.echo(escaped_json(json.dumps([_fields(mention) for mention in mentions], ensure_ascii=False)))


def _batches(lines: Iterable[str]) -> Iterator[list[str]]:
    stripped = (line.rstrip("\r\n") for line in lines)
    while batch := list(islice(stripped, BATCH)):
        yield batch


def _fields(mention: Mention) -> dict[str, str | int]:
    return {"start": mention.start, "end": mention.end, "text": mention.text, "kind": mention.kind.value}


COMMANDS = (tag_command,)
