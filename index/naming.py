"""Names of persons as news prints them: what belongs to a name, which names are the same, and whom an article names.

Honorifics, ranks and degrees are no part of a name; a name without a surname is as good as any other. Inside one article a
part of a name stands for the one full name that has it; between articles nothing is ever joined here: that is the authority
file's business, which compares by `name_key` and `variant_key`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from index.analysis import fold

if TYPE_CHECKING:  # who only compares names does not load a tagger
    from index.tagging import Mention

Words: TypeAlias = tuple[str, ...]
Belongs: TypeAlias = dict[Words, Words | None]

MOST_WORDS = 6  # of a name that an article gives; longer ones are sentences that the tagger took for names
MEMO_SIZE = 200_000  # spellings of names, about 100 MB; a million articles have more, most of them once

# What stands before a name and is none. Compared in lower case without dots.
_HONORIFICS = frozenset(
    """h hj hjh haji hajah hajjah kh kyai kiai kiyai ustaz ustad ustadz ustadzah ustazah habib syekh syaikh syeikh tgh tgkh
    pdt pendeta pastor romo ir insinyur dr drs dra drg drh apt prof profesor professor doktor dokter adv
    pak bu bapak ibu mas mbak sdr sdri saudara saudari tuan nyonya tn ny nona sir dato datuk datok
    alm almh almarhum almarhumah kakek nenek ayah krt krat krmt krht kph""".split()
)
_FOREIGN_HONORIFICS = frozenset({"Mr", "Mrs", "Ms"})  # MS are initials
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
_SURE_TITLES = frozenset(
    "Letjen Mayjen Brigjen Letkol Komjen Irjen Kombes Kompol AKBP AKP Iptu Ipda Aiptu Aipda Bripka Briptu Bripda KH Prof Drs "
    "Ir Hj Ustaz Ustadz Pdt Pak Bapak Bu Ibu".split()
)
_AFTER_RANK = frozenset(
    "pol tni polri purn purnawirawan ad al au mar inf kav arm arh cpl czi cke ckm cba chb caj pnb pnd laut".split()
)
_OFFICES = frozenset(
    """presiden wapres menteri gubernur bupati walikota camat lurah kades ketua sekjen kapolri kapolda kapolres kapolsek
    kapolresta panglima menko menhan menkeu mendagri menag menlu mensos menkes menpora mendag mentan menaker kabareskrim
    jubir sekretaris direktur dirut kepala anggota jaksa pengamat politikus politisi artis aktor aktris penyanyi pelatih
    kiper striker bek gelandang penyerang pemain kapten wasit tersangka terdakwa korban saksi capres cawapres cagub
    wagub wabup wawali mantan eks""".split()
)
_INSTITUTIONS = frozenset(
    "KPK KPU KPUD DPR DPRD MPR DPD DPP DPW DPC MK MKMK DKPP TNI POLRI PDIP PDI-P PSI PKS PKB PPP PAN PBB PBNU MUI RI AS BI "
    "MA BPK BNPB BMKG BPBD BUMN PSSI PBSI KONI Polri Bawaslu Golkar Gerindra NasDem Demokrat".split()
)
_SPELT_OUT = re.compile(r"[BCDFGHJKLMNPQRSTVWXYZ]{3,}")  # acronyms of institutions and of ranks at court
_PARTICLES = frozenset("bin binti ibn ibnu al el van der den de da di dos du la le von".split())
# After the name, behind a comma or not: S.H., M.Hum, SE, Ph.D, Sp.OG, S.I.K.
_ONE_DEGREE = (
    r"(?:[SMD]\.?(?:H|E|T|Si|Sn|Sos|Ag|Pd|Pdi|Pd\.I|Kom|Kes|Kep|Hum|Hut|Ked|Ked\.|Psi|Farm|Ikom|I\.?[Kk]om|I\.?[KP]|IK|IP|AP|P|M|Th|"
    r"Ak|Gz|Pt|St|Stat|Tr|Han|Kn|Ling|Eng|Sc|Ec|Fil|Phil|Ars|Par|Or|TP|I|Li|H\.?I|E\.?I|A|B\.?A)|S\.?St|"
    r"A\.?[Mm]d(?:\.?[A-Z][a-z]*)?|L[cC]|LL\.?[MB]|[Pp]h\.?[Dd]|B\.?(?:A|Sc|Eng)|Sp\.?[A-Z]{1,4}[a-z]?|Sp\.[A-Za-z]+|"
    r"Dipl|Ir|CA|CPA|CFP|CHRM|QIA|[Pp]urn|FINASIM|FICS|FIHA|AAAIK|Ns|Apt|CMed|CLA|Pr|SJ|OFM|SVD)"
)
_DEGREE = re.compile(rf"{_ONE_DEGREE}(?:\.{_ONE_DEGREE})*\.?")
_GLUED_TITLE = re.compile(r"\b((?:[Dd]r|[Dd]rs|Dra|drg|Ir|Prof|KH|Hj|H|Pdt|Kol|Jend)\.)(?=[A-Z][a-z])")
_BRACKETS = re.compile(r"\s*\(\s*[Pp]urn\w*\.?\s*\)|\s*\([^)]*\)?")
_COMMA = re.compile(r"[,;]")
_ROMAN = re.compile(r"[IVX]+")
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


_GIVEN_FIRST = frozenset(
    "muhamad ahmad akhmad abdul abd sri siti i ni a m r".split()
)  # first names that are often left out
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
    plain = _BRACKETS.sub(" ", text.translate(_QUOTES).lstrip(_EDGES))
    before_comma = _COMMA.split(_GLUED_TITLE.sub(r"\1 ", plain).strip(_EDGES), maxsplit=1)[0]  # behind it are degrees
    words = _without_degrees(before_comma.split())
    words = _joined_initials(_without_titles(_without_institution(_behind_last_title(words))))
    if not any(map(str.isalpha, "".join(words))):
        return ""
    words[-1] = words[-1].removesuffix("-nya")
    return " ".join(_in_name_case(words))


def _plain(word: str) -> str:
    return word.strip(',;"').replace(".", "").lower()


def _without_degrees(words: list[str]) -> list[str]:
    end = len(words)
    while end > 1 and _DEGREE.fullmatch(words[end - 1]):
        end -= 1
    return words[:end]


def _behind_last_title(words: list[str]) -> list[str]:
    """Return the words from the last title that is never a name itself: Menteri Agama Prof. Budi begins with Prof."""
    for place in range(len(words) - 2, 0, -1):
        if words[place].rstrip(".") in _SURE_TITLES:
            return words[place:]
    return words


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
            or words[begin].rstrip(".") in _FOREIGN_HONORIFICS
            or word in _OFFICES
            or (ranked and word in _AFTER_RANK)
            or (word in _FAMILIAR and last - begin > 1)
            or not word
        ):
            break
        begin += 1
    return words[begin:]


def _without_institution(words: list[str]) -> list[str]:
    """Return the words without the acronym of an institution before or behind them: KPU Budi Wibowo, Budi PDIP."""
    begin, end = 0, len(words)
    while begin < end - 1 and (words[begin] in _INSTITUTIONS or _SPELT_OUT.fullmatch(words[begin])):
        begin += 1
    while end - 1 > begin and words[end - 1] in _INSTITUTIONS:
        end -= 1
    return words[begin:end]


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
    """Return a name in capitals in the case of names, initials and numerals as they are."""
    shouted = [word.isupper() and len(word) > 2 and not _ROMAN.fullmatch(word) for word in words]
    lone = len(words) == 1 and len(words[0]) < 5  # SBY
    if (
        lone
        or any(map(str.islower, words))
        or not any(loud and len(word) > 3 for loud, word in zip(shouted, words, strict=True))
    ):
        return words
    return [_capitalised(word) if loud else word for loud, word in zip(shouted, words, strict=True)]


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
    """One spelling of a name: as it is shown, and its words as they are compared inside of one article.

    Old and new spelling are alike there, and initials are words of their own: BJ Habibie is b, j, habibie.
    """

    shown: str
    words: Words

    def is_part_of(self, other: "_Name") -> bool:
        """Return whether `other` is a fuller form: it has these words in this order, or such that begin with these initials."""
        if len(self.words) > len(other.words) or self.words == other.words:
            return False
        rest = iter(other.words)
        return all(any(_stands_for(word, fuller) for fuller in rest) for word in self.words)


def _stands_for(word: str, fuller: str) -> bool:
    return word == fuller or (len(word) == 1 and fuller.startswith(word))


_JOINING = re.compile(r"\s+(?:dan|serta|&)\s+|\s*/\s*")
_GLUED_NUMBER = re.compile(r"(?<=[a-z])\d{1,2}$")  # of the next line of a list
_NO_NAMES = _HONORIFICS | _FAMILIAR | _RANKS | _OFFICES | _PARTICLES


@lru_cache(MEMO_SIZE)
def _names_of(text: str) -> tuple[_Name, ...]:
    """Return the name that a mention's text holds, several where it joins several, none where it is noise."""
    return tuple(name for part in _JOINING.split(text) if (name := _name(part)))


def _name(text: str) -> _Name | None:
    shown = bare_name(text)
    if " " in shown:
        shown = _GLUED_NUMBER.sub("", shown)
    if not shown[:1].isupper() or any(map(str.isdigit, shown)):
        return None
    parts = shown.split()
    words = _words_of(parts)
    last = parts[-1]
    if len(parts) > 2 and _is_short_form(_spelling(fold(last)), _words_of(parts[:-1]), capitals=last.isupper()):
        return _name(" ".join(parts[:-1]))  # Joko Widodo Jokowi, where brackets were lost
    if (
        len(parts) > MOST_WORDS
        or not _NEVER_NAMES.isdisjoint(words)
        or all(len(word) < 2 or word in _NO_NAMES for word in words)
    ):
        return None
    return _Name(shown, words)


def _words_of(parts: Sequence[str]) -> Words:
    """Return the parts of a name as they are compared, initials apart unless they are the whole name."""
    words: list[str] = []
    for part in parts:
        if 1 < len(part) < 4 and part.isalpha() and part.isupper() and len(parts) > 1:
            words += part.lower()
        else:
            words += map(_spelling, _key_words(part))
    return tuple(words)


# Words that no name of a person has; one that has them is of an event, a brand, a place, or of a headline's words.
_NEVER_NAMES = frozenset(
    map(
        _spelling,
        """games cup open league liga piala festival award awards championship championships final grup gunung sungai jalan gedung
        hotel stadion sirkuit bandara stasiun terminal pelabuhan tol kabupaten kecamatan kelurahan desa provinsi universitas
        university institut institute sekolah sma smp sd smk rsud rsup rumah sakit masjid pt cv tbk bank partai fraksi komisi
        kementerian badan dinas polda polres polsek kejaksaan pengadilan mahkamah majelis undang-undang pasal tim klub fc united
        team racing grand prix news media tv radio online game mobile group center centre mall channel studio studios official
        season series world international nasional national indonesia jakarta idul januari februari agustus
        september oktober november desember senin selasa rabu kamis jumat virus aplikasi store sale live streaming foto video
        instagram youtube twitter facebook tiktok google alhamdulillah insyaallah allah assalamualaikum director officer
        corporate company insurance technology digital forum summit expo village kartu kredit harga emas pemilu pilkada
        pilpres presiden menteri gubernur bupati calon jika karena yang dan dari untuk dengan dalam pada tidak saat
        adalah anda kami kita beliau tersebut""".split(),
    )
)

# Between a name and what its bearer is called.
_CALLED = re.compile(
    r"[\"”']?,?\s+(?:alias|(?:(?:atau|yang|dan)\s+)*(?:(?:lebih|biasa|kerap|sering|juga|karib|akrab)\s+)*"
    r"di(?:sapa|panggil|kenal|sebut|juluki)(?:\s+akrab)?|atau)"
    r"(?:\s+(?:dengan|sebagai|juga|nama|panggilan|sapaan|julukan))*\s+[\"“‘']?"
)
_NICKNAME = re.compile(r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?")
_BRACKETED = re.compile(r"\s\(([A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?)\)")


def nicknames_in(text: str, mentions: Sequence["Mention"]) -> list[tuple[str, str]]:
    """Return (name, nickname) where `text` tells how a person is called, both as `bare_name` shows them.

    So do "X alias Y", "X yang akrab disapa Y", "X atau Y", and "X (Y)" where Y is made of letters of X: SBY, Jokowi.
    """
    return [(name.shown, nickname.shown) for name, nickname in _nicknames(text, mentions)]


def _nicknames(text: str, mentions: Sequence["Mention"]) -> Iterator[tuple[_Name, _Name]]:
    persons = {mention.start: mention for mention in mentions if mention.kind == "person"}
    for mention in persons.values():
        names = _names_of(mention.text)
        end = mention.end
        if text[end : end + 2] == " (" and (bracket := _BRACKETED.match(text, end)):
            inside = persons.get(bracket.start(1))
            nicknames = _names_of(bracket[1])
            sure = inside is not None and inside.end == bracket.end(1)
            if names and nicknames and (sure or _is_made_of(nicknames[0], names[-1])):
                yield names[-1], nicknames[0]
            end = bracket.end()
        called = _CALLED.match(text, end)
        if called and names:
            following = persons.get(called.end())
            said = _NICKNAME.match(text, called.end())
            loose = called[0].split()[-1] == "atau"
            nicknames = _names_of(following.text) if following else _names_of(said[0]) if said and not loose else ()
            if nicknames and names[-1].words != nicknames[0].words:
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
    names: dict[Words, _Name] = {}
    counts: Counter[Words] = Counter()
    addressed: dict[Words, int] = {}  # where a single word stands first
    for mention in mentions:
        found = _names_of(mention.text)
        if mention.kind == "person":
            for name in found:
                names.setdefault(name.words, name)
                addressed.setdefault(name.words, mention.start)
                counts[name.words] += 1
        else:
            counts.subtract(name.words for name in found)
    if not names:
        return ()
    names = _without_pairs(names, counts)
    belongs = _fullest(names, counts)
    _add_nicknames(belongs, names, _nicknames(body, mentions))
    _add_short_forms(
        belongs,
        names,
        lambda words: _ADDRESS.search(body, max(0, addressed.get(words, 0) - 7), addressed.get(words, 0)) is not None,
    )
    groups = _grouped(names, belongs)
    persons = [
        (full, parts)
        for full, parts in groups.items()
        if any(counts[part] > 0 for part in parts) and not (len(full) == 1 and _is_noise(names[full].shown, body))
    ]
    if len(persons) > 1:
        headline = fold(title)
        places = {full: _place_in(headline, [names[part].shown for part in parts]) for full, parts in persons}
        persons.sort(key=lambda person: places[person[0]])
    return tuple(names[full].shown for full, _ in persons)


def _without_pairs(names: dict[Words, _Name], counts: Counter[Words]) -> dict[Words, _Name]:
    """Return the names, each such as Prabowo-Gibran replaced by the two that it joins."""
    if not any("-" in name.shown for name in names.values()):
        return names
    apart: dict[Words, _Name] = {}
    known = {word for name in names.values() if "-" not in name.shown for word in name.words}
    for words, name in names.items():
        halves = _halves(name, known)
        for half in halves or (name,):
            apart.setdefault(half.words, half)
            if halves:
                counts[half.words] += counts[words]
    return apart


def _halves(name: _Name, known: set[str]) -> tuple[_Name, ...]:
    first, hyphen, second = name.shown.partition("-")
    if not hyphen or not second[:1].isupper() or len(first) < 3 or len(second) < 3 or first in {"Abd", "Abdul"}:
        return ()
    halves = _names_of(first) + _names_of(second)
    lone = " " not in name.shown
    both = " " in first and " " in second
    if len(halves) == 2 and (lone or both or any(known.issuperset(half.words) for half in halves)):
        return halves
    return ()


def _fullest(names: dict[Words, _Name], counts: Counter[Words]) -> Belongs:
    """Return of each part of a name the one full name that has it, None where several have it.

    Where a name of two words and more stands oftener by itself than behind other words, these are of the sentence (Kata Ali
    Fikri) and the longer form is the one that belongs to the shorter. Where they are mentioned by themselves, too, it is
    another person: Iriana Joko Widodo.
    """
    having: dict[str, list[_Name]] = {}
    for name in names.values():
        if len(name.words) > 1:
            for word in name.words:
                having.setdefault(word, []).append(name)
    belongs: Belongs = {}
    for words, name in names.items():
        longest = max(words, key=len)
        fuller = [other for other in having.get(longest, ()) if name.is_part_of(other)]
        if not fuller and len(words) == 2 and words[0] in _FAMILIAR:  # Gus Yahya
            fuller = [other for other in having.get(words[1], ()) if other.words != words]
        if len(words) > 1:
            fuller = [other for other in fuller if not _is_apart(words, other.words, names, counts, belongs)]
        if fuller:
            fullest = [one for one in fuller if not any(one.is_part_of(other) for other in fuller)]
            belongs[words] = fullest[0].words if len(fullest) == 1 else None
    return belongs


def _is_apart(words: Words, longer: Words, names: dict[Words, _Name], counts: Counter[Words], belongs: Belongs) -> bool:
    """Return whether the longer name, which ends with these words, is no fuller form; note there where it is the shorter one."""
    before = longer[: -len(words)]
    if not before or longer[-len(words) :] != words:
        return False
    if before in names:
        return True
    if counts[words] <= counts[longer] or _GIVEN_FIRST.issuperset(before):
        return False
    belongs[longer] = words
    return True


def _add_nicknames(belongs: Belongs, names: dict[Words, _Name], nicknames: Iterator[tuple[_Name, _Name]]) -> None:
    for name, nickname in nicknames:
        if nickname.words in names and name.words in names and not nickname.is_part_of(name):
            bearer = belongs.get(name.words, name.words)
            if bearer != nickname.words:
                belongs[nickname.words] = bearer


_ADDRESS = re.compile(r"\b(?:[Ii]bu|[Bb]u|[Pp]ak|[Bb]apak|[Mm]as|[Mm]bak)\s$")


def _add_short_forms(belongs: Belongs, names: dict[Words, _Name], is_addressed: Callable[[Words], bool]) -> None:
    """Join SBY, Jokowi, and the Mega of Bu Mega to the one name of the article that they are made of."""
    full = [name for words, name in names.items() if len(words) > 1 and words not in belongs]
    for words, name in names.items():
        if len(words) == 1 and words not in belongs and full:
            bearers = [one for one in full if _is_short_form(words[0], one.words, capitals=name.shown.isupper())]
            if not bearers and len(words[0]) > 2:
                bearers = [one for one in full if any(word.startswith(words[0]) for word in one.words)]
                if bearers and not is_addressed(words):
                    continue
            if len(bearers) == 1:
                belongs[words] = bearers[0].words


def _is_short_form(word: str, words: Words, *, capitals: bool) -> bool:
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


def _grouped(names: dict[Words, _Name], belongs: Belongs) -> dict[Words, list[Words]]:
    """Return the full names in order of first mention, each with all names that stand for it."""
    groups: dict[Words, list[Words]] = {}
    for words in names:
        full: Words | None = words
        steps = 0
        while full in belongs and steps < len(belongs):  # a nickname's bearer may itself be a part of a fuller name
            full = belongs[full]
            steps += 1
        if full is not None:
            groups.setdefault(full, []).append(words)
    return groups


_WITHHELD = re.compile(r"\b(?:ber)?inisial\b")
_LEAST_LETTERS = 3  # of initials that name somebody by themselves: SBY; two are those of suspects and victims


def _is_noise(shown: str, body: str) -> bool:
    if _ROMAN.fullmatch(shown):
        return True
    if len(shown) < 5 and shown.isupper():
        aged = re.search(rf"\b{shown} \(\d", body)
        return len(shown) < _LEAST_LETTERS or aged is not None or _WITHHELD.search(body) is not None
    return f" {shown.lower()} " in body


def _place_in(headline: str, shown: list[str]) -> int:
    """Return where in the headline the first of these names stands, its length where none does."""
    places = [headline.find(fold(name)) for name in shown]
    return min((place for place in places if place >= 0), default=len(headline))
