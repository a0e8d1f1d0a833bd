"""The query language explained to readers by examples of this archive: each is a search, told with what it finds here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from babel.dates import format_date

from index.messages import gettext as _
from search.archive import Archive
from search.query import MAX_TEXT, Query
from search.results import Also, SearchPage
from search.tree import VariantKind
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
    """Return the query language of the search box, Indonesian operators first; English ones mean the same."""
    counts = _Counts(archive)
    whole = archive.search(Query(size=1))
    theme = next((theme for theme in THEMES if counts.of(f'"{theme[0]} {theme[1]}"')), THEMES[0])
    return (
        _words(counts, theme, _most(whole, "person")),
        _joined(counts, theme),
        _also(archive, counts),
        _fields(counts, theme, whole),
        _dates(archive, counts),
    )


class _Counts:
    """Makes examples: counts what each finds."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def of(self, typed: str) -> int:
        """Return how many articles a query finds."""
        return self._archive.extent(Query(typed[:MAX_TEXT])).articles

    def chapter(self, title: str, examples: Iterable[tuple[str, str]]) -> Chapter:
        """Return a chapter of what one may type, each with its meaning."""
        return Chapter(title, tuple(Example(typed, meaning, self.of(typed)) for typed, meaning in examples))


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
    return counts.chapter(
        _("Joining words"),
        (
            (f"{first} -{second}", _("Without a word; BUKAN and NOT mean the same.")),
            (f"{second} ATAU {other}", _("One word or the other; OR means the same.")),
            (f"({second} ATAU {other}) {first}", _("Parentheses hold together what belongs together.")),
        ),
    )


def _also(archive: Archive, counts: _Counts) -> Chapter:
    meanings = {
        VariantKind.ACRONYM: _("A short form and its long form find each other where articles explain it in brackets."),
        VariantKind.SPELLING: _("Old and new spelling of a name find each other."),
        VariantKind.JOINED: _("Words that others write together or apart are found either way."),
    }
    shown = {kind: _with_variant(archive, kind) for kind in VARIANTS}
    examples = [(typed, f"{meanings[kind]} {also_text(also)}".strip()) for kind, (typed, also) in shown.items()]
    short = shown[VariantKind.ACRONYM][0]
    only = _("Only this: nothing else is searched beside words in quotes or after =.")
    return counts.chapter(_("What is also searched"), [*examples, (f'"{short}"', only)])


def _with_variant(archive: Archive, kind: VariantKind) -> tuple[str, list[Also]]:
    """Return the first word of a kind beside which this archive searches another form, else the first of all."""
    for typed in VARIANTS[kind]:
        also = [one for one in archive.also(Query(typed)) if one.kind is kind]
        if also:
            return typed, also
    return VARIANTS[kind][0], []


def _fields(counts: _Counts, theme: Sequence[str], whole: SearchPage) -> Chapter:
    section, source, author = (_most(whole, field) for field in ("section", "source", "author"))
    person, topic = _most(whole, "person"), _most(whole, "topic", by_value=True)
    examples = [
        (f"judul:{theme[0]}", _("Only in the headline; isi: only in the text.")),
        (f"rubrik:{_value(section or 'ekonomi')}", _("In this section.")),
        (f"sumber:{_value(source)}" if source else "", _("Of this source.")),
        (f"penulis:{_value(author)}" if author else "", _("By this author.")),
        (f"tokoh:{_value(person or 'sri mulyani')}", _("Articles that name this person, whatever name they use.")),
        (
            f"topik:{_value(topic)}" if topic else "",
            _("Articles of this topic; tag: is for the source's own keywords."),
        ),
    ]
    return counts.chapter(_("In one field"), [example for example in examples if example[0]])


def _dates(archive: Archive, counts: _Counts) -> Chapter:
    last = archive.coverage().whole.last or archive.today()
    return counts.chapter(
        _("Dates"),
        (
            (f"tanggal:{last.year - 1}..{last.year}", _("From the first to the last day of these years.")),
            (f"tanggal:{last.isoformat()[:7]}", _("In this month.")),
            (f"tanggal:{last.isoformat()}", _("On this day.")),
            (f'tanggal:"{format_date(last, "d MMMM yyyy", locale="id")}"', _("A day in words.")),
            ('tanggal:"bulan lalu"', _("A time counted from today: hari ini, pekan lalu, 7 hari terakhir.")),
        ),
    )


def _most(whole: SearchPage, field: str, *, by_value: bool = False) -> str | None:
    """Return the most frequent value of a field, as readers see it or as addresses have it; None where there is none."""
    values = next((facet.values for facet in whole.facets if facet.field == field), ())
    return next((value.value if by_value else value.label for value in values), None)


def _value(name: str) -> str:
    """Return a name as the query language takes it behind a field."""
    return name if name.isalnum() else '"{}"'.format(name.replace('"', " "))
