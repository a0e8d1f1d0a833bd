"""Commands about words: what the archive knows of acronyms and names, and the newsroom's exceptions."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import click

from index.acronyms import MIN_ARTICLES, AcronymPair, pair_key
from index.article import JSON
from index.errors import ArchiveError, ArchiveMissing, command_for
from index.messages import gettext as _
from index.settings import ArchiveFolder
from index.wordbook import Acronym, Wordbook
from index.wordfile import Entry, EntryWrong, add_exception, parse_entry, read_exceptions, remove_exception
from index.words import SHIPPED, Exceptions
from index.writer import writing
from search.archive import Archive
from search.explaining import Decider, Explained, WordExplained
from web.formatting import number_text
from web.options import Bold, archive_option, count_text, echo, echo_json, json_option
from web.wording import also_text


class ExceptionMissing(ArchiveError):
    """The newsroom's list says nothing of a word."""


def _existing(path: Path) -> ArchiveFolder:
    """Return the folder of an archive; raise ArchiveMissing where there is none."""
    folder = ArchiveFolder(path)
    if not (folder.store.exists() and folder.store.stat().st_size):
        raise ArchiveMissing(path)
    return folder


@click.command("acronyms")
@click.argument("text", default="")
@click.option(
    "--least",
    type=click.IntRange(1),
    default=MIN_ARTICLES,
    show_default=True,
    help="Articles that must explain it; searches follow those with the default.",
)
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many are listed.")
@json_option
@archive_option
@click.pass_obj
def acronyms_command(path: Path, text: str, least: int, limit: int, as_json: bool) -> None:
    """List the acronyms that articles explain, most frequent first; TEXT begins a word of the short or the long form.

    Example: telisik acronyms kementerian --limit 20
    """
    with closing(Wordbook(_existing(path).wordbook, readonly=True)) as book:
        found = [acronym for acronym in book.acronyms(least) if _has(acronym, text)]
    if as_json:
        echo_json({"total": len(found), "acronyms": [asdict(acronym) for acronym in found[:limit]]})
        return
    shown = found[:limit]
    width = max((len(acronym.short) for acronym in shown), default=0)
    for acronym in shown:
        echo(f"{acronym.short.ljust(width)}  {_meaning_text(acronym)}")
    if not found:
        echo(_("No acronym is explained by so many articles."), err=True)
    elif len(found) > limit:
        echo(_("... and %(count)s more; --limit shows them", count=number_text(len(found) - limit)), err=True)


def _has(acronym: Acronym, text: str) -> bool:
    wanted, _long = pair_key(AcronymPair(text, ""))
    return any(f" {wanted}" in f" {form}" for form in pair_key(AcronymPair(acronym.short, acronym.long)))


def _meaning_text(acronym: Acronym) -> str:
    years = "–".join(str(year) for year in dict.fromkeys((acronym.first_year, acronym.last_year)) if year is not None)
    facts = ", ".join(fact for fact in (count_text(acronym.articles), years) if fact)
    return f"{acronym.long} ({facts})"


@click.group("words")
@archive_option
def words_group() -> None:
    """Show what is known of words, and keep the newsroom's own list of names and roots.

    Example: telisik words explain kejagung
    """


@words_group.command("list")
@click.option("--learned", is_flag=True, help="List the names, too, that were learned from the articles.")
@json_option
@archive_option
@click.pass_obj
def list_command(path: Path, learned: bool, as_json: bool) -> None:
    """List the newsroom's exceptions, and count the words that are shipped and learned.

    Example: telisik words list --learned
    """
    folder = _existing(path)
    exceptions = read_exceptions(folder.exceptions)
    with closing(Wordbook(folder.wordbook, readonly=True)) as book:
        names = {name: book.casing(name) for name in sorted(book.names())}
    if as_json:
        record: dict[str, JSON] = {
            "file": str(folder.exceptions),
            "names": sorted(exceptions.names),
            "common": sorted(exceptions.common),
            "roots": dict(sorted(exceptions.roots)),
            "faults": list(exceptions.faults),
            "shipped_names": len(SHIPPED.names),
            "shipped_roots": len(SHIPPED.roots),
            "learned_names": len(names),
        }
        if learned:
            record["learned"] = [{"word": word, "capitalised": c, "lower": lo} for word, (c, lo) in names.items()]
        echo_json(record)
        return
    for entry in _entries(exceptions):
        echo(f"{entry.word}: {_entry_text(entry)}")
    for fault in exceptions.faults:
        echo(f"{folder.exceptions}: {fault}", err=True)
    echo(
        _(
            "The newsroom's list: %(own)s words. Shipped: %(names)s names, %(roots)s roots. Learned: %(learned)s names.",
            own=number_text(len(list(_entries(exceptions)))),
            names=number_text(len(SHIPPED.names)),
            roots=number_text(len(SHIPPED.roots)),
            learned=number_text(len(names)),
        )
    )
    for word, counts in names.items() if learned else ():
        echo(f"{word}: {_casing_text(*counts)}")


def _entries(exceptions: Exceptions) -> Iterator[Entry]:
    """Yield what the newsroom's list says, in the order of the words."""
    roots = dict(exceptions.roots)
    for word in sorted(exceptions.names | exceptions.common | roots.keys()):
        yield Entry(word, root=roots.get(word, ""), common=word in exceptions.common)


def _entry_text(entry: Entry) -> str:
    if entry.root:
        return _("its root is %(root)s", root=entry.root)
    return _("no name, always stemmed") if entry.common else _("a name, never stemmed")


def _casing_text(capitalised: int, lower: int) -> str:
    return _(
        "inside of sentences %(capitalised)s times with a capital, %(lower)s times without",
        capitalised=number_text(capitalised),
        lower=number_text(lower),
    )


@words_group.command("add")
@click.argument("word")
@click.option("--root", help="The root of the word, instead of the one that the stemmer finds.")
@click.option("--common", is_flag=True, help="The word is no name and always stemmed, whatever was learned of it.")
@archive_option
@click.pass_obj
def add_command(path: Path, word: str, root: str | None, common: bool) -> None:
    """Put a word into the newsroom's list: as a name, which is never stemmed, unless an option says otherwise.

    Example: telisik words add pemekaran --root mekar
    """
    if root is not None and common:
        raise click.UsageError(_("--root and --common exclude each other"))
    line = f"{word} = {root}" if root is not None else f"-{word}" if common else word
    entry = _entry(line)
    folder = _existing(path)
    with writing(folder):
        add_exception(folder.exceptions, line)
    echo(f"{entry.word}: {_entry_text(entry)}")
    _say_what_follows(path)


@words_group.command("remove")
@click.argument("word")
@archive_option
@click.pass_obj
def remove_command(path: Path, word: str) -> None:
    """Take a word out of the newsroom's list.

    Example: telisik words remove pemekaran
    """
    entry = _entry(word)
    folder = _existing(path)
    with writing(folder):
        if entry.word not in {known.word for known in _entries(read_exceptions(folder.exceptions))}:
            raise ExceptionMissing(
                _("%(path)s says nothing of the word %(word)s", path=folder.exceptions, word=entry.word)
            )
        remove_exception(folder.exceptions, word)
    echo(_("removed: %(word)s", word=entry.word))
    _say_what_follows(path)


def _entry(line: str) -> Entry:
    """Return the entry that a line of the list is; end with wrong usage where it is none."""
    try:
        return parse_entry(line)
    except EntryWrong as error:
        raise click.UsageError(str(error)) from error


def _say_what_follows(path: Path) -> None:
    echo(
        _(
            "Searches follow at once. The articles that are indexed already follow with: %(command)s",
            command=command_for(path, "index --rebuild"),
        ),
        err=True,
    )


@words_group.command("explain")
@click.argument("words", nargs=-1, required=True)
@json_option
@archive_option
@click.pass_obj
def explain_command(path: Path, words: tuple[str, ...], as_json: bool) -> None:
    """Explain what becomes of words: names, roots, other forms, and what is searched when they are typed.

    Example: telisik words explain kejagung pembangunan
    """
    with closing(Archive(path)) as archive:
        every = [archive.explain(word) for word in words]
    if as_json:
        echo_json({"words": [_explained_record(explained) for explained in every]})
        return
    for place, explained in enumerate(every):
        if place:
            echo()
        echo(Bold(explained.typed))
        for line in _explanation(explained):
            echo(f"  {line}")


def _explained_record(explained: Explained) -> dict[str, JSON]:
    return {
        "typed": explained.typed,
        "words": [
            {**asdict(word), "forms": dict(word.forms), "spellings": dict(word.spellings)} for word in explained.words
        ],
        "also": [asdict(also) for also in explained.also],
        "total": explained.total,
    }


def _explanation(explained: Explained) -> Iterator[str]:
    for word in explained.words:
        yield from _word_lines(word)
    if not explained.words:
        yield _("no word that can be searched")
    if explained.also:
        yield also_text(explained.also)
    yield _("A search for it finds: %(articles)s", articles=count_text(explained.total))


def _word_lines(word: WordExplained) -> Iterator[str]:
    yield _("%(word)s stands in %(articles)s", word=word.surface, articles=count_text(word.articles))
    if word.is_name:
        yield _("a name, searched as it is written: %(why)s", why=_why(word.decided_by))
    elif word.root == word.surface and word.decided_by is Decider.STEMMER:
        yield _("searched in all its forms; it is its own root")
    else:
        yield _("searched in all forms of %(root)s: %(why)s", root=word.root, why=_why(word.decided_by))
    if word.capitalised or word.lower:
        yield _casing_text(word.capitalised, word.lower)
    if word.forms:
        yield _("other forms: %(forms)s", forms=_counted(word.forms))
    if word.spellings:
        yield _("other spellings: %(forms)s", forms=_counted(word.spellings))
    for meaning in word.meanings:
        yield _("short for: %(meaning)s", meaning=_meaning_text(meaning))


def _counted(words: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{word} ({number_text(articles)})" for word, articles in words)


def _why(decider: Decider) -> str:
    return {
        Decider.NEWSROOM: _("the newsroom's list says so"),
        Decider.SHIPPED: _("the shipped list says so"),
        Decider.LEARNED: _("learned from the articles"),
        Decider.SPELLING: _("its spelling is not the standard one"),
        Decider.ENDING: _("its ending is taken off"),
        Decider.STEMMER: _("Sastrawi says so"),
    }[decider]


COMMANDS: tuple[click.Command, ...] = (acronyms_command, words_group)
