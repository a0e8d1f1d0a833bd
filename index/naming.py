"""Names of persons as news prints them: what belongs to a name, which names are the same, and whom an article names.

Honorifics, ranks and degrees are no part of a name; a name without a surname is as good as any other. Inside one article a
part of a name stands for the one full name that has it; between articles nothing is ever joined here: that is the authority
file's business, which compares by `name_key` and `variant_key`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from index.analysis import fold

if TYPE_CHECKING:  # who only compares names does not load a tagger
    from index.tagging import Mention

MOST_WORDS = 6  # of a name that an article gives; longer ones are sentences that the tagger took for names
MEMO_SIZE = 200_000  # spellings of names, about 100 MB; a million articles have more, most of them once

# What stands before a name and is none. Compared in lower case without dots.
_HONORIFICS = frozenset(
    """h hj hjh haji hajah hajjah kh kyai kiai kiyai ustaz ustad ustadz ustadzah ustazah habib syekh syaikh syeikh tgh tgkh
    pdt pendeta pastor romo rm pr ir insinyur dr drs dra drg drh apt prof profesor professor doktor dokter adv
    pak bu bapak ibu mas mbak sdr sdri saudara saudari tuan nyonya tn ny nona mr mrs ms sir dato datuk datok
    alm almh almarhum almarhumah krt krat krmt krht kph""".split()
)
# The same, but the only thing that tells such a short name from any other: Gus Dur, Bung Karno, Cak Imin, Mbah Maridjan.
_FAMILIAR = frozenset(
    "gus ning bang bung cak kang mbah buya abah kak aa teh abi umi koh om tante ki nyai daeng uda".split()
)
_RANKS = frozenset(
    """jenderal jendral jend letjen mayjen brigjen kolonel kol letkol mayor kapten lettu letda peltu pelda serma serka sertu
    serda kopka koptu kopda praka pratu prada laksamana laksdya laksda laksma marsekal marsdya marsda marsma komjen irjen
    kombes kompol akbp akp iptu ipda aiptu aipda bripka brigpol brigadir briptu bripda bharada bharatu bharaka letnan
    sersan kopral komisaris""".split()
)
_AFTER_RANK = frozenset(
    "pol tni polri purn purnawirawan ad al au mar inf kav arm arh cpl czi cke ckm cba chb caj pnb pnd laut".split()
)
_OFFICES = frozenset(
    """presiden wapres menteri gubernur bupati walikota camat lurah kades ketua sekjen kapolri kapolda kapolres kapolsek
    kapolresta panglima menko menhan menkeu mendagri menag menlu mensos menkes menpora mendag mentan menaker kabareskrim
    jubir sekretaris direktur dirut kepala anggota hakim jaksa pengamat politikus politisi artis aktor aktris penyanyi pelatih
    kiper striker bek gelandang penyerang pemain kapten wasit tersangka terdakwa korban saksi capres cawapres cagub
    wagub wabup wawali mantan eks""".split()
)
_PARTICLES = frozenset("bin binti ibn ibnu al el van der den de da di dos du la le von".split())
# After the name, behind a comma or not: S.H., M.Hum, SE, Ph.D, Sp.OG, S.I.K.
_DEGREE = re.compile(
    r"(?:[SMD]\.?(?:H|E|T|Si|Sn|Sos|Ag|Pd|Pdi|Pd\.I|Kom|Kes|Kep|Hum|Hut|Ked|Ked\.|Psi|Farm|Ikom|I\.?[Kk]om|I\.?[KP]|IK|IP|AP|P|M|Th|"
    r"Ak|Gz|Pt|St|Stat|Tr|Han|Kn|Ling|Eng|Sc|Ec|Fil|Phil|Ars|Par|Or|TP|I|Li|H\.?I|E\.?I|A|B\.?A)|S\.?St|"
    r"A\.?[Mm]d(?:\.?[A-Z][a-z]*)?|L[cC]|LL\.?[MB]|[Pp]h\.?[Dd]|B\.?(?:A|Sc|Eng)|Sp\.?[A-Z]{1,4}[a-z]?|Sp\.[A-Za-z]+|"
    r"Dipl|Ir|CA|CPA|CFP|CHRM|QIA|[Pp]urn|FINASIM|FICS|FIHA|AAAIK|Ns|Apt|CMed|CLA)\.?"
)
_BRACKETS = re.compile(r"\s*\(\s*[Pp]urn\w*\.?\s*\)|\s*\([^)]*\)?")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"'})
_EDGES = " \t\n\r,;:!?\"'()[]{}<>|/\\*_=+-–—.…"
_INITIALS = re.compile(r"(?:[A-Z]\.){2,}[A-Z]?|[A-Z]\.[A-Z]")  # B.J., A.M
_LETTERS_APART = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})


def bare_name(text: str) -> str:
    """Return the name in `text` as it is shown: without honorifics, ranks, degrees, ages, quotes, and dots between initials.

    What is nothing but an honorific stays; "" is what has no letter. Names in capitals are written as names are.

    >>> bare_name("Prof. Dr. H. Budi Wibowo, S.H., M.Hum."), bare_name("Jenderal TNI (Purn.) B.J. RAHMAT")
    ('Budi Wibowo', 'BJ Rahmat')
    >>> bare_name("Pak Darmo"), bare_name("Gus Darmo"), bare_name("Gus Darmo Wibowo")
    ('Darmo', 'Gus Darmo', 'Darmo Wibowo')
    """
    return _bare(text)


def name_key(name: str) -> str:
    """Return what two names have in common that are the same name: folded, without honorifics, dots and apostrophes.

    >>> name_key("H. Ma’ruf AMIN"), name_key("B. J. Habibie") == name_key("BJ Habibie"), name_key("Kim Jong-un")
    ('maruf amin', True, 'kim jong un')
    """
    return " ".join(_key_words(name))


_MUHAMMAD = frozenset(
    "muh moh mohd muhamad muhammad mohammad mohamad mochammad mochamad muchammad muchamad mohammed".split()
)
_SPELLINGS = (("dj", "j"), ("tj", "c"), ("sj", "sy"), ("ch", "kh"), ("dh", "d"), ("ie", "i"), ("th", "t"), ("ph", "f"))
_DOUBLED = re.compile(r"([a-z])\1+")
_LEAST_OLD = 5  # letters of a word in which oe is an old u: not Joel, not Goes


def variant_key(name: str) -> str | None:
    """Return what the spellings of one name have in common, None for a single word: it is never joined by likeness.

    >>> variant_key("Moh. Soedirdjo") == variant_key("Muhammad Sudirjo"), variant_key("Sudirjo")
    (True, None)
    >>> variant_key("Salim Al-Habsji") == variant_key("Salim Alhabsyi")
    True
    """
    words = _key_words(name)
    if len(words) < 2:
        return None
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] == "al":
            joined[-1] += _spelling(word)
        else:
            joined.append(_spelling(word))
    return " ".join(joined)


def slug_of(name: str) -> str:
    """Return `name` as a part of an address: ASCII, lower case, words joined by hyphens; "" where it has no letter or digit.

    Names of one key have one slug.

    >>> slug_of("Ma’ruf Amin"), slug_of("Dr. B.J. Habibie"), slug_of("Zoë Łukasz")
    ('maruf-amin', 'bj-habibie', 'zoe-lukasz')
    """
    return "-".join(_ascii(word) for word in _key_words(name))


@lru_cache(MEMO_SIZE)
def _bare(text: str) -> str:
    plain = _BRACKETS.sub(" ", text.translate(_QUOTES))
    words = _without_degrees(plain.strip(_EDGES).split())
    words = _joined_initials(_without_titles(words))
    if not words:
        return ""
    words[-1] = words[-1].removesuffix("-nya")
    return " ".join(_in_name_case(words))


def _plain(word: str) -> str:
    return word.strip(',;"').replace(".", "").lower()


def _without_degrees(words: list[str]) -> list[str]:
    """Return the words up to a comma, and of those the ones before the degrees."""
    kept: list[str] = []
    for word in words:
        kept.append(word.rstrip(",;"))
        if word.endswith((",", ";")):
            break
        if "," in word:
            kept[-1] = word.partition(",")[0]
            break
    while len(kept) > 1 and _DEGREE.fullmatch(kept[-1]):
        kept.pop()
    return kept


def _without_titles(words: list[str]) -> list[str]:
    """Return the words without those before the name; the last word always stays."""
    begin = 0
    ranked = False
    last = len(words) - 1
    while begin < last:
        word = _plain(words[begin])
        if word in _RANKS:
            ranked = True
        elif not (
            word in _HONORIFICS
            or word in _OFFICES
            or (ranked and word in _AFTER_RANK)
            or (word in _FAMILIAR and last - begin > 1)
            or not word
        ):
            glued = words[begin].rpartition(".")  # Dr.Budi
            if (
                glued[0]
                and len(glued[2]) > 2
                and all(_plain(part) in _HONORIFICS for part in glued[0].split(".") if part)
            ):
                words[begin] = glued[2]
            break
        begin += 1
    return words[begin:]


def _joined_initials(words: list[str]) -> list[str]:
    """Return "B.J." and "B. J." as "BJ"; a single initial keeps its dot."""
    joined: list[str] = []
    for word in words:
        glued = re.match(r"((?:[A-Z]\.)+)([A-Z][a-z'].*)", word)  # A.Riza
        for part in (glued[1], glued[2]) if glued else (word.strip('"'),):
            shown = part.replace(".", "") if _INITIALS.fullmatch(part) else part
            before = joined[-1] if joined else ""
            if re.fullmatch(r"[A-Z]\.", shown) and re.fullmatch(r"(?:[A-Z]\.|[A-Z]{2,3})", before):
                joined[-1] = before.rstrip(".") + shown[0]
            elif shown:
                joined.append(shown)
    return joined


def _in_name_case(words: list[str]) -> list[str]:
    """Return a name in capitals in the case of names, initials as they are."""
    if not any(word.isupper() and len(word) > 3 for word in words) or any(word.islower() for word in words):
        return words
    if len(words) == 1 and len(words[0]) < 5:
        return words
    return [word if len(word) < 3 or not word.isupper() else _capitalised(word) for word in words]


def _capitalised(word: str) -> str:
    return "-".join(part[:1] + part[1:].lower() for part in word.split("-"))


@lru_cache(MEMO_SIZE)
def _key_words(name: str) -> tuple[str, ...]:
    words: list[str] = []
    for word in fold(_bare(name)).replace("-", " ").replace("/", " ").split():
        plain = "".join(filter(str.isalnum, word))
        if plain:
            words.append(plain)
    if len(words) > 1 and words[0] == "hm":  # Haji Muhammad
        words[0] = "m"
    return tuple(words)


def _spelling(word: str) -> str:
    if word in _MUHAMMAD:
        return "muhamad"
    for old, new in _SPELLINGS:
        word = word.replace(old, new)
    if len(word) >= _LEAST_OLD:
        word = word.replace("oe", "u")
    return _DOUBLED.sub(r"\1", word)


def _ascii(word: str) -> str:
    plain = word.translate(_LETTERS_APART)
    return plain if plain.isascii() else "".join(c if c.isascii() else f"{ord(c):x}" for c in plain)


@dataclass(frozen=True, slots=True)
class _Name:
    """One spelling of a name: as it is shown, and its words as they are compared, old and new spelling alike."""

    shown: str
    words: tuple[str, ...]

    def is_part_of(self, other: "_Name") -> bool:
        """Return whether `other` is a fuller form: it has these words in this order, or such that begin with these initials."""
        if len(self.words) > len(other.words) or self.words == other.words:
            return False
        rest = iter(other.words)
        return all(any(_stands_for(word, fuller) for fuller in rest) for word in self.words)


def _stands_for(word: str, fuller: str) -> bool:
    return word == fuller or (len(word) == 1 and fuller.startswith(word))


_JOINING = re.compile(r"\s+(?:dan|serta|&)\s+|\s*/\s*")


@lru_cache(MEMO_SIZE)
def _names_of(text: str) -> tuple[_Name, ...]:
    """Return the name that a mention's text holds, several where it joins several, none where it is noise."""
    return tuple(name for part in _JOINING.split(text) if (name := _name(part)))


_NO_NAMES = _HONORIFICS | _FAMILIAR | _RANKS | _OFFICES | _PARTICLES


def _name(text: str) -> _Name | None:
    shown = bare_name(text)
    words = tuple(_spelling(word) for word in _key_words(shown))
    if not words or len(words) > MOST_WORDS or not shown[0].isupper() or any(c.isdigit() for c in shown):
        return None
    if all(len(word) < 2 or word in _NO_NAMES for word in words):
        return None
    return _Name(shown, words)


# Between a name and what its bearer is called.
_CALLED = re.compile(
    r"[\"”']?,?\s+(?:alias|(?:(?:atau|yang|dan)\s+)*(?:lebih\s+|biasa\s+|kerap\s+|sering\s+|juga\s+)*"
    r"(?:akrab\s+)?(?:di(?:sapa|panggil|kenal|sebut|juluki))(?:\s+akrab)?)"
    r"(?:\s+(?:dengan|sebagai|juga|nama|panggilan|sapaan|julukan))*\s+[\"“‘']?"
)
_NICKNAME = re.compile(r"(?:[A-Z][\w'’.-]+)(?: [A-Z][\w'’-]+)?")
_BRACKETED = re.compile(r"\s\(([A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?)\)")


def nicknames_in(text: str, mentions: Sequence["Mention"]) -> list[tuple[str, str]]:
    """Return (name, nickname) where `text` tells how a person is called, both as `bare_name` shows them.

    So do "X alias Y", "X atau akrab disapa Y", and "X (Y)" where Y is made of letters of X: SBY, Jokowi.
    """
    return [(name.shown, nickname.shown) for name, nickname in _nicknames(text, mentions)]


def _nicknames(text: str, mentions: Sequence["Mention"]) -> Iterator[tuple[_Name, _Name]]:
    for mention in mentions:
        if mention.kind != "person":
            continue
        end = mention.end
        if text[end : end + 2] == " (":
            bracket = _BRACKETED.match(text, end)
            nicknames = _names_of(bracket[1]) if bracket else ()
            names = _names_of(mention.text) if nicknames else ()
            if names and nicknames and _is_made_of(nicknames[0], names[-1]):
                yield names[-1], nicknames[0]
            if bracket:
                end = bracket.end()
        called = _CALLED.match(text, end)
        said = _NICKNAME.match(text, called.end()) if called else None
        if said:
            names, nicknames = _names_of(mention.text), _names_of(said[0])
            if names and nicknames and names[-1].words != nicknames[0].words:
                yield names[-1], nicknames[0]


def _is_made_of(nickname: _Name, name: _Name) -> bool:
    """Return whether the letters of the nickname are in the name in this order, the first one first."""
    letters = iter("".join(name.words))
    short = "".join(nickname.words)
    return name.words[0][0] == short[0] and all(letter in letters for letter in short)


def people_in(title: str, body: str, mentions: Sequence["Mention"]) -> tuple[str, ...]:
    """Return the names of the persons that an article names, each once in its fullest form, in order of first mention.

    `mentions` are those of `body`. A part of a name, and a nickname that the body explains, is the one full name that it
    belongs to; a part that several full names have is left out. A name of the body that the title has is mentioned there
    first. No names are: what is oftener a place or an organisation, single words that the body has in lower case, initials
    of those whose names are withheld.
    """
    names: dict[tuple[str, ...], _Name] = {}
    counts: Counter[tuple[str, ...]] = Counter()
    for mention in mentions:
        found = _names_of(mention.text)
        if mention.kind == "person":
            for name in found:
                names.setdefault(name.words, name)
                counts[name.words] += 1
        else:
            counts.subtract(name.words for name in found)
    if not names:
        return ()
    groups = _grouped(names, _nicknames(body, mentions))
    persons = [
        (full, parts)
        for full, parts in groups.items()
        if sum(max(counts[part], 0) for part in parts) and not _is_noise(full, parts, names, body)
    ]
    headline = fold(title)
    order = {full: _place_in(headline, [names[part].shown for part in parts]) for full, parts in persons}
    return tuple(names[full].shown for full, _ in sorted(persons, key=lambda person: order[person[0]]))


def _grouped(
    names: dict[tuple[str, ...], _Name], nicknames: Iterator[tuple[_Name, _Name]]
) -> dict[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the full names in order of first mention, each with all names that stand for it."""
    belongs: dict[tuple[str, ...], tuple[str, ...] | None] = {}  # a part of several full names to none
    for words, name in names.items():
        fuller = [other for other in names.values() if name.is_part_of(other)]
        if fuller:
            fullest = [one for one in fuller if not any(one.is_part_of(other) for other in fuller)]
            belongs[words] = fullest[0].words if len(fullest) == 1 else None
    for name, nickname in nicknames:
        if nickname.words in names and name.words in names and not nickname.is_part_of(name):
            bearer = belongs.get(name.words, name.words)
            if bearer != nickname.words:
                belongs[nickname.words] = bearer
    groups: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for words in names:
        full: tuple[str, ...] | None = words
        seen = 0
        while full in belongs and seen < len(belongs):  # a nickname's full name may itself be a part of a fuller one
            full = belongs[full]
            seen += 1
        if full is not None:
            groups.setdefault(full, []).append(words)
    return groups


_WITHHELD = re.compile(r"\b(?:ber)?inisial\b")


def _is_noise(
    full: tuple[str, ...], parts: list[tuple[str, ...]], names: dict[tuple[str, ...], _Name], body: str
) -> bool:
    if len(full) > 1:
        return False
    shown = names[full].shown
    if len(shown) < 4 and shown.isupper():
        return len(shown) < 2 or _WITHHELD.search(body) is not None
    return f" {shown.lower()} " in body


def _place_in(headline: str, shown: list[str]) -> int:
    """Return where in the headline the first of these names stands, its length where none does."""
    places = [headline.find(fold(name)) for name in shown]
    return min((place for place in places if place >= 0), default=len(headline))
