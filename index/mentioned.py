"""What the text of one mention names: a person, two that are joined, or nobody."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

from index.analysis import fold
from index.namekeys import key_words, spelling
from index.titles import MEMO_SIZE, NO_NAMES, bare_name, is_degree

Words: TypeAlias = tuple[str, ...]

MOST_WORDS = 6  # of a name that an article gives; longer ones are sentences that the tagger took for names


@dataclass(frozen=True, slots=True)
class Name:
    """One spelling of a name: as it is shown, and its words as they are compared inside of one article.

    Old and new spelling are alike there, and initials are words of their own: BJ Habibie is b, j, habibie.
    """

    shown: str
    words: Words
    folded: str  # as it is looked for in a headline
    joined: str  # the words, a space before each

    def is_part_of(self, other: "Name") -> bool:
        """Return whether `other` is a fuller form: it has these words in this order, or such that begin with these initials."""
        if len(self.words) > len(other.words) or self.words == other.words:
            return False
        rest = iter(other.words)
        return all(any(_stands_for(word, fuller) for fuller in rest) for word in self.words)


def _stands_for(word: str, fuller: str) -> bool:
    return word == fuller or (len(word) == 1 and fuller.startswith(word))


_CHILD_OF = frozenset(("bin", "binti", "ibn"))
_JOINING = re.compile(r"\s+(?:dan|serta|&)\s+|\s*/\s*")
_GLUE = re.compile(r"(?<=[a-z]{3})(?=[A-Z][a-z])")  # not McArthur, not DiCaprio
_GLUED_ACRONYM = re.compile(r"^[A-Z]{2,}(?=[A-Z][a-z]{2})")  # the last word of the line before
_GLUED_NUMBER = re.compile(r"(?<=[a-z])\d{1,2}$")  # of the next line of a list


@lru_cache(MEMO_SIZE)
def names_of(text: str) -> tuple[Name, ...]:
    """Return the name that a mention's text holds, several where it joins several, none where it is noise."""
    return tuple(name for part in _JOINING.split(text) if (name := _name(part)))


def _name(text: str) -> Name | None:
    shown = bare_name(text)
    if " " in shown:
        shown = _GLUED_NUMBER.sub("", shown)
    if not shown[:1].isupper() or any(map(str.isdigit, shown)):
        return None
    parts = _without_forebears(_before_glue(shown.split()))
    if not parts or is_degree("".join(parts)):
        return None
    words = _words_of(parts)
    last = parts[-1]
    if len(parts) > 2 and is_short_form(spelling(fold(last)), _words_of(parts[:-1]), capitals=last.isupper()):
        return _name(" ".join(parts[:-1]))  # Joko Widodo Jokowi, where brackets were lost
    if (
        len(parts) > MOST_WORDS
        or not _NEVER_NAMES.isdisjoint(words)
        or all(len(word) < 2 or word in NO_NAMES for word in words)
    ):
        return None
    shown = " ".join(parts)
    return Name(shown, words, fold(shown), "".join(f" {word}" for word in words))


def _before_glue(parts: list[str]) -> list[str]:
    """Return the words up to where a line was glued to the next: Puan MaharaniPuan is Puan Maharani. A single such word is none."""
    if parts:
        parts = [_GLUED_ACRONYM.sub("", parts[0]), *parts[1:]]
    for place, part in enumerate(parts):
        if glue := _GLUE.search(part):
            return [*parts[:place], part[: glue.start()]] if place else []
    if len(parts) > 2 and parts[0] == parts[-1]:
        return parts[:-1]  # the next sentence begins with the name, too
    return parts


def _without_forebears(parts: list[str]) -> list[str]:
    """Return the words of a name, one that is too long without the last of those whose child its bearer is."""
    while len(parts) > MOST_WORDS and not _CHILD_OF.isdisjoint(parts[1:]):
        parts = parts[: max(place for place, part in enumerate(parts) if part in _CHILD_OF)]
    return parts


def _words_of(parts: Sequence[str]) -> Words:
    """Return the parts of a name as they are compared, initials apart unless they are the whole name."""
    words: list[str] = []
    for part in parts:
        if 1 < len(part) < 4 and part.isalpha() and part.isupper() and len(parts) > 1:
            words += part.lower()
        else:
            words += map(spelling, key_words(part))
    return tuple(words)


# Words that no name of a person has; one that has them is of an event, a brand, a place, or of a headline's words.
_NEVER_NAMES = frozenset(
    map(
        spelling,
        """games cup open league liga piala festival award awards championship championships final grup gunung sungai jalan gedung
        bendung bendungan waduk danau jembatan pantai teluk pulau museum harian majalah tabloid koran redaksi
        hotel stadion sirkuit bandara stasiun terminal pelabuhan tol kabupaten kecamatan kelurahan desa provinsi universitas
        university institut institute sekolah sma smp sd smk rsud rsup rumah sakit masjid pt cv tbk bank partai fraksi komisi
        kementerian badan dinas polda polres polsek kejaksaan pengadilan mahkamah majelis undang-undang pasal tim klub fc united
        team racing grand prix news media tv radio online game mobile group center centre mall channel studio studios official
        season series world international nasional national indonesia jakarta idul januari februari agustus
        september oktober november desember senin selasa rabu kamis jumat virus aplikasi store sale live streaming foto video
        instagram youtube twitter facebook tiktok google alhamdulillah insyaallah allah assalamualaikum director officer
        corporate company insurance technology digital forum summit expo village kartu kredit harga emas pemilu pilkada
        pilpres presiden menteri gubernur bupati calon jika karena yang dan dari untuk dengan dalam pada tidak saat
        dinasti divisi kategori manajemen layanan anggaran politik hukum laporan sejarah klasemen umat katolik muslim dinkes
        pemprov pemkot pemkab kurban daging nasi sate martabak windows android anniversary reward code skin guide space week
        island cross country board hospital imaging sport sports science human resource cyber notification stadium arena
        daily mail press strategic studies football legends kopassus kostrad kejagung advertising
        pebalap pembalap legenda motogp moto2 moto3
        adalah anda kami kita beliau tersebut""".split(),
    )
)


def is_short_form(word: str, words: Words, *, capitals: bool) -> bool:
    """Return whether the word is the initials of the name, or the beginnings of two of its words: SBY, Jokowi, Zulhas."""
    if capitals:
        return word == "".join([part[0] for part in words])
    if len(word) < 5 or not word.startswith(tuple([part[:2] for part in words])):
        return False
    return any(
        first.startswith(word[:cut]) and second.startswith(word[cut:])
        for first, second in pairwise(words)
        for cut in range(2, len(word) - 1)
    )
