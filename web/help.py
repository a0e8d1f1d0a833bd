"""The query language explained to readers, an example at a time; each example is a search."""

from dataclasses import dataclass

from index.messages import gettext as _


@dataclass(frozen=True, slots=True)
class Example:
    """What one may type, and what it means."""

    typed: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the help page."""

    title: str
    examples: tuple[Example, ...]


def help_chapters() -> tuple[Chapter, ...]:
    """Return the query language of the search box, Indonesian operators first; English ones mean the same."""
    return (_words(), _joined(), _also(), _fields(), _dates())


def _words() -> Chapter:
    return Chapter(
        _("Words"),
        (
            Example("korupsi dana desa", _("All words, each in any form: pedesaan is found as well.")),
            Example('"dana desa"', _("Exactly these words next to each other.")),
            Example('"dana desa"~5', _("These words near each other, at most five words between them, in any order.")),
            Example("=dana", _("Exactly this word, in no other form.")),
            Example("korup*", _("Words that begin so; at least three letters.")),
            Example("subijanto~", _("Words that are spelled alike.")),
        ),
    )


def _joined() -> Chapter:
    return Chapter(
        _("Joining words"),
        (
            Example("banjir -jakarta", _("Without a word; BUKAN and NOT mean the same.")),
            Example("beras ATAU jagung", _("One word or the other; OR means the same.")),
            Example("(beras ATAU jagung) harga", _("Parentheses hold together what belongs together.")),
        ),
    )


def _also() -> Chapter:
    return Chapter(
        _("What is also searched"),
        (
            Example(
                "KPK",
                _("Also the long form, where articles explain it in brackets; a long form also finds the short one."),
            ),
            Example("Suharto", _("Also Soeharto, where the archive has it: names in old and new spelling.")),
            Example("kerjasama", _("Also kerja sama: words that others write together or apart.")),
            Example('"KPK"', _("Only this: nothing else is searched beside words in quotes or after =.")),
        ),
    )


def _fields() -> Chapter:
    return Chapter(
        _("In one field"),
        (
            Example("judul:banjir", _("Only in the headline; isi: only in the text.")),
            Example("penulis:dewi", _("By this author.")),
            Example("rubrik:ekonomi", _("In this section; sumber: of this source.")),
            Example('tokoh:"sri mulyani"', _("Articles that name this person; topik: and tag: work likewise.")),
        ),
    )


def _dates() -> Chapter:
    return Chapter(
        _("Dates"),
        (
            Example("tanggal:2019..2021", _("From the first to the last day of these years.")),
            Example("tanggal:2023-07-28", _("On this day.")),
            Example('tanggal:"17 Agustus 1998"', _("A day in words.")),
            Example('tanggal:"pekan lalu"', _("A time counted from today: hari ini, bulan lalu, 7 hari terakhir.")),
        ),
    )
