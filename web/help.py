"""The query language explained to readers by examples of this archive: each is a search, told with what it finds here.

What would find nothing is no example, but in an archive that is empty.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from babel.dates import format_date

from index.messages import gettext as _
from index.messages import language
from search.archive import Archive
from search.expanding import other_spellings
from search.lexer import DATE_NAMES, FIELD_NAMES
from search.query import MAX_TEXT, Query
from search.results import Also, SearchPage
from search.tree import Field, VariantKind
from web.wording import also_text

# Two words that stand side by side in the news, a third beside them, and how many words of the news begin. The first pair that
# the archive has is what the examples are about.
THEMES = (
    ("harga", "beras", "jagung", "petan*"),
    ("dana", "desa", "korupsi", "korup*"),
    ("gempa", "bumi", "tsunami", "bencan*"),
    ("kepala", "daerah", "gubernur", "gubern*"),
    ("anak", "muda", "sekolah", "sekolah*"),
)
# Words that archives may know another form of; the first of each kind that this one does is shown.
VARIANTS = {
    VariantKind.ACRONYM: ("KPK", "DPR", "TNI", "BMKG", "KPU", "PSSI", "BUMN"),
    VariantKind.SPELLING: ("Suharto", "Sukarno", "Soeharto", "Soekarno", "Sutomo"),
    VariantKind.JOINED: ("kerjasama", "tandatangan", "olah raga", "tanggungjawab", "beritahu"),
}
MOST_TRIED = 24  # words that are looked up to find one of a kind
LONG_NAME = 5  # letters of a name that is worth looking for by its likes


@dataclass(frozen=True, slots=True)
class Example:
    """What one may type, what it means, and how many articles of this archive it finds."""

    typed: str
    meaning: str
    count: int


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the help page."""

    title: str
    examples: tuple[Example, ...]


def help_chapters(archive: Archive) -> tuple[Chapter, ...]:
    """Return the query language of the search box with the names of operators and fields in the reader's language."""
    whole = archive.search(Query(size=1))
    counts = _Counts(archive, is_empty=not whole.total)
    theme = next((theme for theme in THEMES if counts.of(f'"{theme[0]} {theme[1]}"')), THEMES[0])
    return (
        _words(counts, theme, _most(whole, "person")),
        _joined(counts, theme),
        _also(archive, counts, whole),
        _fields(counts, theme, whole),
        _dates(archive, counts),
    )


class _Counts:
    """Makes examples: counts what each finds."""

    def __init__(self, archive: Archive, *, is_empty: bool) -> None:
        self._archive, self._is_empty = archive, is_empty

    def of(self, typed: str) -> int:
        """Return how many articles a query finds."""
        return self._archive.extent(Query(typed[:MAX_TEXT])).articles

    def chapter(self, title: str, examples: Iterable[tuple[str, str]]) -> Chapter:
        """Return a chapter of what one may type and what finds something, each with its meaning."""
        counted = (Example(typed, meaning, self.of(typed)) for typed, meaning in examples)
        return Chapter(title, tuple(example for example in counted if example.count or self._is_empty))

    def first_of(self, several: Sequence[str]) -> str:
        """Return the first query that finds something, else the first."""
        return next(filter(self.of, several), several[0])


def _words(counts: _Counts, theme: Sequence[str], person: str | None) -> Chapter:
    first, second, _other, beginning = theme
    name = max((person or "").split(), key=len, default="")
    alike = f"{name.casefold()}~" if len(name) >= LONG_NAME and name.isalpha() else "subijanto~"
    return counts.chapter(
        _("Words"),
        (
            (f"{first} {second}", _("All words, each in any form.")),
            (f'"{first} {second}"', _("Exactly these words next to each other.")),
            (
                f'"{second} {first}"~5',
                _("These words in any form and order, at most five words between them."),
            ),
            (f"={first}", _("Exactly this word, in no other form.")),
            (beginning, _("Words that begin so; at least three letters.")),
            (alike, _("Words that are spelled alike.")),
        ),
    )


def _joined(counts: _Counts, theme: Sequence[str]) -> Chapter:
    first, second, other, _beginning = theme
    either = "OR" if language() == "en" else "ATAU"
    without = counts.first_of((f"{first} -{second}", f"{first} -{other}", f"{second} -{first}"))
    return counts.chapter(
        _("Joining words"),
        (
            (without, _("Without a word; BUKAN and NOT mean the same.")),
            (f"{second} {either} {other}", _("One word or the other; ATAU and OR mean the same.")),
            (f"({second} {either} {other}) {first}", _("Parentheses hold together what belongs together.")),
        ),
    )


def _also(archive: Archive, counts: _Counts, whole: SearchPage) -> Chapter:
    meanings = {
        VariantKind.ACRONYM: _("A short form and its long form find each other where articles explain it in brackets."),
        VariantKind.SPELLING: _("Old and new spelling of a name find each other."),
        VariantKind.JOINED: _("Words that others write together or apart are found either way."),
    }
    tried = {
        VariantKind.ACRONYM: archive.acronyms(),
        VariantKind.SPELLING: _other_spellings(whole),
        VariantKind.JOINED: (),
    }
    shown = {kind: _with_variant(archive, kind, chain(VARIANTS[kind], tried[kind])) for kind in VARIANTS}
    examples = [(typed, f"{meanings[kind]} {also_text(also)}".strip()) for kind, (typed, also) in shown.items()]
    short = shown[VariantKind.ACRONYM][0]
    only = _("Only this: nothing else is searched beside words in quotes or after =.")
    return counts.chapter(_("What is also searched"), [*examples, (f'"{short}"', only)])


def _other_spellings(whole: SearchPage) -> Iterator[str]:
    """Yield how names of the archive's persons would be spelled otherwise: Suryo for Soerjo."""
    for facet in whole.facets:
        for value in facet.values if facet.field == "person" else ():
            for word in value.label.split():
                yield from (other.capitalize() for other in other_spellings(word.casefold()))


def _with_variant(archive: Archive, kind: VariantKind, several: Iterable[str]) -> tuple[str, list[Also]]:
    """Return the first word beside which this archive searches another form of this kind, else the first of all."""
    for typed in islice(several, MOST_TRIED):
        also = [one for one in archive.also(Query(typed)) if one.kind is kind]
        if also:
            return typed, also
    return VARIANTS[kind][0], []


def _fields(counts: _Counts, theme: Sequence[str], whole: SearchPage) -> Chapter:
    section, source, author = (_most(whole, field) for field in ("section", "source", "author"))
    person, topic = _most(whole, "person"), _most(whole, "topic", by_value=True)
    examples = [
        (_within(Field.TITLE, theme[0]), _("Only in the headline; body: only in the text.")),
        (_within(Field.SECTION, section or "ekonomi"), _("In this section.")),
        (_within(Field.SOURCE, source) if source else "", _("Of this source.")),
        (_within(Field.AUTHOR, author) if author else "", _("By this author.")),
        (
            _within(Field.PERSON, person or "sri mulyani"),
            _("Articles that name this person, whatever name they use."),
        ),
        (
            _within(Field.TOPIC, topic) if topic else "",
            _("Articles of this topic; tag: is for the source's own keywords."),
        ),
    ]
    return counts.chapter(_("In one field"), [example for example in examples if example[0]])


def _dates(archive: Archive, counts: _Counts) -> Chapter:
    last = archive.coverage().whole.last or archive.today()
    name, locale = _in_english(DATE_NAMES), language()
    month = format_date(last, "MMMM yyyy", locale=locale)
    counted_from_today = "last month" if locale == "en" else "bulan lalu"
    return counts.chapter(
        _("Dates"),
        (
            (f"{name}:{last.year - 1}..{last.year}", _("From the first to the last day of these years.")),
            (f"{name}:{last.isoformat()[:7]}", _("In this month.")),
            (f"{name}:{last.isoformat()}", _("On this day.")),
            (f'{name}:"{format_date(last, "d MMMM yyyy", locale=locale)}"', _("A day in words.")),
            (
                counts.first_of((f'{name}:"{month}"', f'{name}:"{counted_from_today}"')),
                _("A month in words; also what is counted from today: last month, last 7 days."),
            ),
        ),
    )


def _most(whole: SearchPage, field: str, *, by_value: bool = False) -> str | None:
    """Return the most frequent value of a field, as readers see it or as addresses have it; None where there is none."""
    values = next((facet.values for facet in whole.facets if facet.field == field), ())
    return next((value.value if by_value else value.label for value in values), None)


def _in_english(names: Sequence[str]) -> str:
    """Return the one of a field's names that is of the reader's language: the first is Indonesian, the last English."""
    return names[-1 if language() == "en" else 0]


def _within(field: Field, name: str) -> str:
    """Return the query for a name, or a word, in a field."""
    return f"{_in_english(FIELD_NAMES[field])}:{_value(name)}"


def _value(name: str) -> str:
    """Return a name as the query language takes it behind a field."""
    return name if name.isalnum() else '"{}"'.format(name.replace('"', " "))
