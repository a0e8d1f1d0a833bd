"""What stands around a name and is no part of it: honorifics, ranks, offices, degrees, ages, acronyms of institutions."""

import re
from functools import lru_cache

MEMO_SIZE = 20_000  # spellings of names that are kept, 5 MB; an archive has far more, most of them once

# What stands before a name and is none. Compared in lower case without dots.
_HONORIFICS = frozenset(
    """h hj hjh haji hajah hajjah kh kyai kiai kiyai ustaz ustad ustadz ustadzah ustazah habib syekh syaikh syeikh tgh tgkh
    ust pdt pendeta pastor romo kardinal uskup admiral ir insinyur dr drs dra drg drh apt prof profesor professor doktor dokter adv
    pak bu bapak ibu mas mbak sdr sdri saudara saudari tuan nyonya tn ny nona sir dato datuk datok
    alm almh almarhum almarhumah kakek nenek ayah kanjeng krt krat krmt krht kph rm ra
    hadji hadjah toean toewan njonja njai sjech kijai""".split()
)
_JOINED_HONORIFICS = ("KH", "RM", "RA")  # written K. H.
_FOREIGN_HONORIFICS = frozenset({"Mr", "Mrs", "Ms"})  # MS are initials
# The same, but the only thing that tells such a short name from any other: Gus Dur, Bung Karno, Cak Imin, Mbah Maridjan.
FAMILIAR = frozenset("gus ning bang bung cak kang mbah buya abah kak aa teh om tante opa oma mama papa".split())
_RADEN = "raden"  # is left out with the rank behind it only: Raden Ajeng Kartini, but Raden Saleh
_AFTER_RADEN = frozenset(
    "mas ajeng adjeng ayu ajoe roro rara adipati aria arya tumenggung toemenggoeng ngabehi bei".split()
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
    kapolresta panglima menko menhan menkeu mendagri menag menlu mensos menkes menpora
    mensesneg seskab menhub menkominfo menkumham menparekraf mendag mentan menaker kabareskrim
    jubir sekretaris direktur dirut kepala anggota jaksa pengamat politikus politisi artis aktor aktris penyanyi pelatih
    kiper striker bek gelandang penyerang pemain kapten wasit tersangka terdakwa korban saksi capres cawapres cagub
    wagub wabup wawali mantan eks humas kanit kasatpel kapuspenkum danjen danden dandim promotor teradu pengadu terlapor pelapor
    pemohon tergugat penggugat prakirawan prakirawati dosen peneliti pakar ekonom pengacara advokat pengusaha aktivis wartawan
    jurnalis novelis sastrawan budayawan sejarawan sutradara produser presenter pelawak komedian komika dokter psikolog psikiater
    perawat notaris rektor dekan dubes petinju pesepakbola atlet musisi vokalis gitaris penyair pelukis komisioner
    bendahara ketum waketum wasekjen sekda kadis kajari kajati pangdam danrem pengasuh pedagang petani nelayan""".split()
)
# What the name of a place follows, and then that of a person: Bupati Kudus Budi Wibowo.
TERRITORIES = frozenset(
    """gubernur wagub bupati wabup walikota kota kabupaten camat kecamatan lurah kelurahan kades desa kapolda kapolres kapolresta
    kapolsek polda polres polresta polsek dandim danrem pangdam kajari kajati kejari kejati sekda kadis dprd kpud bawaslu
    bpbd""".split()
)
_INSTITUTIONS = frozenset(
    "KPK KPU KPUD DPR DPRD MPR DPD DPP DPW DPC MKMK DKPP TNI POLRI PDIP PDI-P PSI PKS PKB PPP PAN PBB PBNU MUI RI "
    "BPK BNPB BMKG BPBD BUMN PSSI PBSI KONI Polri Bawaslu Golkar Gerindra NasDem Demokrat".split()
)
_MINISTRY = "Kemen"
_SPELT_OUT = re.compile(
    rf"[BCDFGHJKLMNPQRSTVWXZ]{{3,}}|{_MINISTRY}[a-z]+"
)  # acronyms of institutions and of ranks at court
PARTICLES = frozenset("bin binti ibn ibnu al el van der den de da di dos du la le von".split())
# What alone is never a name.
NO_NAMES = _HONORIFICS | FAMILIAR | _RANKS | _OFFICES | PARTICLES
# After the name, behind a comma or not: S.H., M.Hum, SE, Ph.D, Sp.OG, S.I.K.
_ONE_DEGREE = (
    r"(?:[SMD]\.?(?:H|E|T|Si|Sn|Sos|Ag|Pd|Pdi|Pd\.I|Kom|Kes|Kep|Hum|Hut|Ked|Ked\.|Psi|Farm|Ikom|I\.?[Kk]om|I\.?[KP]|IK|IP|AP|P|M|Th|"
    r"Ak|Gz|Pt|St|Stat|Tr|Han|Kn|Ling|Eng|Sc|Ec|Fil|Phil|Ars|Par|Or|TP|I|Li|H\.?I|E\.?I|A|B\.?A)|S\.?St|"
    r"A\.?[Mm]d(?:\.?[A-Z][a-z]*)?|L[cC]|LL\.?[MB]|[Pp]h\.?[Dd]|B\.?(?:A|Sc|Eng)|Sp\.?[A-Z]{1,4}[a-z]?|Sp\.[A-Za-z]+|"
    r"Dipl|Ir|CA|CPA|CFP|CHRM|QIA|[Pp]urn|FINASIM|FICS|FIHA|AAAIK|Ns|Apt|CMed|CLA|[SM]\.?Biomed|Sub[Ss]p[A-Z]\w*|Pr|SJ|OFM|SVD)"
)
_DEGREE = re.compile(rf"{_ONE_DEGREE}(?:\.{_ONE_DEGREE})*\.?")
_INNER_CAPITAL = re.compile(r"[a-z.][A-Z]")
_GLUED_TITLE = re.compile(r"\b((?:[Dd]r|[Dd]rs|Dra|drg|Ir|Prof|KH|Hj|H|Pdt|Kol|Jend)\.)(?=[A-Z][a-z])")
_BRACKETS = re.compile(r"\s*\([^)]*\)?")  # an age, a party, (Purn)
_QUOTED = re.compile(r"\s['\"][^'\"]*['\"]?(?=\s|$)")  # a nickname in the middle of a name
_COMMA = re.compile(r"[,;:]|\s[-–—]\s")
ROMAN = re.compile(r"[IVX]+")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"'})
_EDGES = " \t\n\r,;:!?\"'()[]{}<>|/\\*_=+-–—.…"
_PLAIN = re.compile(r"(?:[A-Z][a-z]{2,} )*[A-Z][a-z]{2,}")
_TITLES = NO_NAMES | {_RADEN} | {word.lower() for word in (*_FOREIGN_HONORIFICS, *_SURE_TITLES, *_INSTITUTIONS)}
_INITIALS = re.compile(r"(?:[A-Z]\.){2,}[A-Z]?|[A-Z]\.[A-Z]")  # B.J., A.M


@lru_cache(MEMO_SIZE)
def bare_name(text: str) -> str:
    """Return the name in `text` as it is shown: without honorifics, ranks, degrees, ages, quotes, and dots between initials.

    What is nothing but an honorific stays; "" is what has no letter. Names in capitals are written as names are.

    >>> bare_name("Prof. Dr. H. Budi Wibowo, S.H., M.Hum."), bare_name("Jenderal TNI (Purn.) B.J. RAHMAT")
    ('Budi Wibowo', 'BJ Rahmat')
    >>> bare_name("Pak Darmo"), bare_name("Gus Darmo"), bare_name("Gus Darmo Wibowo")
    ('Darmo', 'Gus Darmo', 'Darmo Wibowo')
    """
    if is_plain(text):
        return text
    plain = _GLUED_TITLE.sub(r"\1 ", _BRACKETS.sub(" ", text.translate(_QUOTES).lstrip(_EDGES)))
    before_comma = _COMMA.split(plain.strip(_EDGES), maxsplit=1)[0].rstrip(_EDGES)  # behind it are degrees
    words = _without_degrees(_QUOTED.sub(" ", before_comma).strip(_EDGES).split())
    words = _joined_initials(_without_offices(_behind_last_title(words)))
    if len(words) > 1 and words[0] in _JOINED_HONORIFICS:
        words = words[1:]
    if not any(map(str.isalpha, "".join(words))):
        return ""
    words[-1] = words[-1].removesuffix("-nya")
    return " ".join(_in_name_case(words))


def is_plain(text: str) -> bool:
    """Say whether a text is of words of ASCII letters alone of which none can be a title or a degree: most names are."""
    if not _PLAIN.fullmatch(text) or _MINISTRY in text:
        return False
    words = text.split(" ")
    return _TITLES.isdisjoint(text.lower().split(" ")) and (len(words) == 1 or not _DEGREE.fullmatch(words[-1]))


def _plain(word: str) -> str:
    return word.strip(',;"').replace(".", "").lower()


def is_degree(text: str) -> bool:
    """Say whether a text is nothing but degrees: SpKJ, S.Si."""
    return _INNER_CAPITAL.search(text) is not None and _DEGREE.fullmatch(text) is not None


def _without_degrees(words: list[str]) -> list[str]:
    end = len(words)
    while end > 1 and _DEGREE.fullmatch(words[end - 1]):
        end -= 1
    return words[:end]


def _behind_last_title(words: list[str]) -> list[str]:
    """Return the words from the last title that is never a name itself: Menteri Agama Prof. Budi begins with Prof."""
    for place in range(len(words) - 2, 0, -1):
        if words[place].rstrip(".") in _SURE_TITLES or _SPELT_OUT.fullmatch(words[place]):
            return words[place:]
    return words


def _without_offices(words: list[str]) -> list[str]:
    """Return the words without titles and institutions in any order: Anggota DPR RI Dr. Budi Wibowo."""
    while True:
        fewer = _without_institution(_without_titles(words))
        if len(fewer) == len(words):
            return words
        words = fewer


def _without_titles(words: list[str]) -> list[str]:
    """Return the words without those before the name; the last word always stays."""
    begin = 0
    ranked = noble = False
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
            or (noble and word in _AFTER_RADEN)
            or (word == _RADEN and last - begin > 1 and _plain(words[begin + 1]) in _AFTER_RADEN)
            or (word in FAMILIAR and last - begin > 1 and words[begin] != "AA")  # AA is Anak Agung
            or not word
            or (len(word) > 1 and ROMAN.fullmatch(words[begin]))  # Terlapor XIII
        ):
            break
        noble = noble or word == _RADEN
        begin += 1
    return words[begin:]


def _without_institution(words: list[str]) -> list[str]:
    """Return the words without the acronym of an institution before or behind them: KPU Budi Wibowo, Budi PDIP."""
    begin, end = 0, len(words)
    while begin < end - 1 and is_institution(words[begin]):
        begin += 1
    while end - 1 > begin and is_institution(words[end - 1]):
        end -= 1
    return words[begin:end]


def is_institution(word: str) -> bool:
    """Say whether a word is the acronym of an institution and no name."""
    return word in _INSTITUTIONS or _SPELT_OUT.fullmatch(word) is not None


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
    shouted = [word.isupper() and len(word) > 2 and not ROMAN.fullmatch(word) for word in words]
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
