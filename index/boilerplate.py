"""What a newsroom's system puts around an article's own words: links to other stories, calls to watch, signatures, datelines.

The text of an article stays as it was printed; `masked` gives the form that is searched. Where the end of a link's title cannot
be told from the sentence that runs on behind it, the doubt goes to the sentence: some of the title stays.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# The words that titles in capitals keep in lower case. Any other word in lower case belongs to a sentence.
_SMALL = frozenset(
    "akan antar antara atas atau bagi bagian bak bila cs dalam dan dari daripada demi dengan di dkk gara-gara "
    "gegara guna hingga jelang jika kala karena ke kepada la lalu lewat meski namun of oleh pada para per saat "
    "sambil sampai sang sebagai sebelum sejak selama seperti serta setelah si soal tanpa tapi tentang terhadap "
    "terkait the untuk usai versus via vs yang".split()
)
# Before a word in lower case these begin a sentence, whatever stands in front of them.
_OPENERS = frozenset(
    "Adapun Agar Akhirnya Akibat Alasannya Alhasil Apalagi Artinya Atas Awalnya Bagi Bahkan Banyak Beberapa "
    "Begitu Berbeda Berdasar Berdasarkan Berikut Bersama Biasanya Bila Bukan Caranya Dalam Dari Demikian Dengan "
    "Dengannya Di Dia Diharapkan Diketahui Dikutip Dilansir Guna Hal Hanya Hasil Hasilnya Hingga Ia Ini Itu Jadi "
    "Jika Juga Jumlah Kalau Kami Karena Karenanya Kata Ke Kedua Kemudian Kendati Ketiga Ketika Kini Kita Lain "
    "Lalu Lantas Lebih Maka Masih Masyarakat Melalui Menariknya Mengenai Menurut Menurutnya Mereka Merujuk Meski "
    "Meskipun Nah Namun Oleh Pada Padahal Para Pasalnya Perempuan Pertama Pihaknya Pria Saat Salah Sampai Saya "
    "Sayangnya Sebab Sebagai Sebanyak Sebelum Sebelumnya Secara Sedangkan Sehari Sehingga Sejak Sejumlah Sekadar "
    "Sekarang Selain Selama Selanjutnya Selebihnya Seluruh Sementara Semua Seorang Seperti Serta Sesuai Setelah "
    "Setiap Setidaknya Tak Tampak Tanpa Tapi Tentu Tenyata Terakhir Terkait Terlebih Termasuk Ternyata Tetapi "
    "Tidak Total Tujuannya Untuk Usai Walau Wanita Warga Yang".split()
)
# What follows one of these is the rest of a name or an office, not the first word of a sentence.
_HEADS = frozenset(
    "AKBP AKP Advokat Anggota Badan Bang Bank Bapak Bek Bendahara Bicara Brigjen Bu Bupati Bursa CEO CV Chief DPD "
    "DPP DPR DPRD Deputi Dewan Dinas Direktur Dirjen Dirut Dr EVP Executive Fraksi Gelandang General Gubernur Gus "
    "H Hakim Hj Humas Ibu Indeks Institut Ipda Iptu Ir Irjen Jaksa Jenderal Jubir Juru KH Kabid Kabupaten Kadiv "
    "Kantor Kapolda Kapolres Kapolri Kapten Kasat Kejaksaan Kementerian Kepala Ketua Ketum Kiai Kiper Kolonel "
    "Kombes Komisi Komite Komjen Kompol Kota Laksamana Letjen MPR Mahkamah Manager Marsekal Mas Mayjen Mbak "
    "Mendagri Menhan Menkeu Menko Menlu Menteri Officer PT Pak Pakar Partai Pelatih Peneliti Pengacara Pengamat "
    "Penyerang Pimpinan Polda Politikus Politisi Polres Polri Polsek Presiden President Prof SVP Sekjen "
    "Sekretaris Senior Staf Tim Umum Universitas Ustaz Utama VP Vice Waketum Wakil Wali Walikota Wapres dr".split()
)
# Names with a capital inside; elsewhere a capital inside is where a title was joined to the next sentence.
_ONE_WORD = re.compile(
    r"\b(?:NasDem|[Dd]etik[A-Z]|TikTok|YouTube|WhatsApp|MotoGP|PlayStation|LinkedIn|i[A-Z]|Mac[BO]|GoPay|GoTo|OpenAI|ChatGPT|DeepSeek"
    r"|\w*e[Ss]port|PayPal|SpaceX|McD|Kompas[A-Z]|Tribun[A-Z]|JakLingko|Trans[A-Z]|InJourney|ShopeePay|LinkAja|My[A-Z]|FotoINET|eFootball"
    r"|AirAsia|WiFi|BeritaSatu|LaLiga)"
)
_JOINED = re.compile(
    r"(?<=[a-z])(?=[\"“]?[A-Z])|(?<=[0-9%!?)])(?=[\"“]?[A-Z][a-z])|(?<=\w['’])(?=[\"“]?[A-Z][a-z])|(?<=[\w!?'’])(?=[\"“][A-Z])"
)
_SENTENCE_END = re.compile(r"[.!?][\"”’')]*(?=\s+[\"“'‘(]*[A-Z0-9]|[\"“]?[A-Z]|\s*\([*a-z]|\s*$)")
_WORD = re.compile(r"\S+")

_SIGNATURE = r"\((?:[a-z]{2,5}|mcr\d+)(?:/[A-Za-z]{1,5})+\)"
_LINK = re.compile(r"(?:Baca(?: [Jj]uga)?|BACA(?: JUGA)?|Pilihan [Ee]ditor) ?:[ \t]*")
_WATCH = re.compile(
    r"(?:Simak|Lihat|Tonton|Saksikan|SIMAK|LIHAT|TONTON)"
    r"(?: [Jj]uga(?: [Vv]ideo\b)?| JUGA| [Vv]ideo\b|(?= ?:))(?P<colon> ?:)?[ \t]*"
)
# What no title runs over.
_STOP = re.compile(
    rf"\n|{_LINK.pattern}|(?:Simak|Lihat|Tonton|Saksikan|TONTON) (?:[Jj]uga|JUGA|[Vv]ideo\b)|\[Gambas|Saksikan Live|Halaman \d"
    rf"|\b(?:Pewarta|Editor|Penulis|Reporter) ?:|\bTags |Video:|Copyright|ADVERTISEMENT|SCROLL TO|{_SIGNATURE}"
)
_QUOTED = re.compile(
    r"[\"“'‘][^\n]{3,180}?[\"”'’]+(?:(?: di sini)?\s?:|(?=\s*(?:$|\n|\[Gambas|Halaman \d|Saksikan Live|\([a-z]{2,5}/)))"
)
# Words of a title written like a sentence; further on, a heading of the text may lie between it and the next sentence.
_SHORT = 13
_NEAR = 10_000  # characters around a link in which its words are looked up
_LONGEST = 220  # Characters of a title; of 1,300 links in real articles none was longer than 190.

_CHANNEL = (
    r"(?:Google News|(?:Whats[Aa]pp|Telegram) (?:[Cc]hannel|[Gg]ro?up)"
    r"|(?:[Ss]aluran|[Gg]ro?up|[Cc]hannel|[Kk]anal) (?:Whats[Aa]pp|Telegram))"
)
_REST = r"(?:[^.!?\n]|\.(?=\w))"  # of a sentence; the dot of an address does not end it
_OFFER = (
    r"(?:Dapatkan|Ikuti|Simak|Cek|Follow|Temukan|Yuk|Selalu|Mari)\b[^.!?\n]{0,30}\b(?:[Bb]erita|[Aa]rtikel|[Uu]pdate|[Ii]nfo)"
    rf"\w*{_REST}{{0,140}}?{_CHANNEL}{_REST}{{0,120}}+(?:[.!]|(?=\n|$))"
    rf"|Mari bergabung di {_CHANNEL}{_REST}{{0,160}}+(?:[.!]|(?=\n|$))"
    rf"|Pilih saluran andalanmu{_REST}{{0,60}}{_CHANNEL}[ :]*(?:https?://\S+)?"
    rf"|Dapatkan update berita pilihan{_REST}{{0,120}}+(?:\.|(?=\n|$))|Anda harus install aplikasi Telegram{_REST}{{0,60}}\."
    r"|Klik https://t\.me/\S+ untuk bergabung\.?"
)
_NAME = r"[A-Z][\w.'’-]*(?:[ /]+(?:[A-Z][\w.'’-]*|bin|binti|al)){0,6}?"
_ROLE = r"(?:Pewarta|Editor|Uploader|Reporter|Penulis|Redaktur|Penerjemah|Penyunting|Kontributor)"
# Each pattern is tried only where something without which it cannot match was found, for looking is cheap and matching is not.
# Patterns with a colon, by the last four letters before it:
_LABELLED = tuple(
    (frozenset(tails.split()), re.compile(pattern))
    for tails, pattern in (
        ("mbas", r"\[Gambas:[^\]\n]{1,40}\]"),
        ("Pagi Sore com ikTV", r"Saksikan Live [Dd]etik\w+ ?:"),
        (
            "arta itor ulis rter ader ktur emah ting utor",
            rf"{_ROLE} ?: ?{_NAME}(?=\s*(?:$|\n|{_ROLE} ?:|/?Sumber ?:|Copyright|COPYRIGHT|©|\(|(?:Berita|Artikel) ini \w))",
        ),
        # A title printed twice, or between the text and the signature.
        ("ideo", r"Video: ([^\n]{10,150}?) Video: \1"),
        ("ideo", rf"Video: (?:(?![.!?]\s)[^\n]){{10,150}}?(?=\s*{_SIGNATURE})"),
    )
)
# by a piece of text:
_WORDED = tuple(
    (piece, re.compile(pattern))
    for piece, pattern in (
        ("ADVERTISEMENT", r"ADVERTISEMENT\b"),
        ("CONTENT", r"SCROLL TO (?:CONTINUE|RESUME)(?: WITH)? CONTENT\b"),
        (
            "elengkapnya",
            r"(?:Baca|Lihat|Simak)(?: [Bb]erita| [Aa]rtikel)? [Ss]elengkapnya"
            r"(?: di sini(?: dan di sini)?| di halaman (?:selanjut|berikut)nya| *>+|(?= *[.!]?\s*$))"
            r"|Selengkapnya di sini\b|\bLanjut ke Artikel Selengkapnya\b",
        ),
        (
            "©",
            r"(?:Copyright|COPYRIGHT|Hak [Cc]ipta) ?© ?[A-Z][\w.]*(?: [A-Z][\w.]*)? (?:19|20)\d\d\b"
            r"(?:\s+Dilarang (?:keras )?(?:me|di)[^\n]{0,200}?izin tertulis[^\n.]{0,60}(?:\.|$))?",
        ),
        *((channel, _OFFER) for channel in ("oogle News", "hatsApp", "elegram")),
    )
)
# and what stands in the last `_TAIL` characters.
_TAIL = 600
_CLOSING = tuple(
    (piece, re.compile(pattern))
    for piece, pattern in (
        (
            "Halaman",
            r"Halaman\s+\d+\s+dari\s+\d+\b|Halaman(?:\s+\d{1,2}){2,}\s+Selanjutnya\b|\bHalaman Selengkapnya\b"
            r"|Lanjut ke Halaman (?:Berikut|Selanjut)nya\b",
        ),
        ("ELENGKAPNYA", r"(?:BACA|LIHAT|SIMAK) SELENGKAPNYA(?: DI SINI)?\b"),
        ("*/", r"\*/[A-Za-z]{2,8}\b(?=\)?\s*$)"),
    )
)
_HEADER = re.compile(
    r" - (?:detik\w+|CNN Indonesia|CNBC Indonesia) (?:Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu), +"
    r"\d{1,2}[ /]+\w{2,9}[ /]+\d{4} +\d\d:\d\d WI(?:B|TA|T)\b"
)
_LINK_TAILS = frozenset("Baca BACA juga Juga JUGA itor".split())
_WATCH_TAILS = frozenset("juga Juga JUGA ideo mbas osok reka sini".split())
_ELSEWHERE = re.compile(
    r"(?:Artikel|Berita) ini (?:telah|sudah) (?:tayang|terbit|dimuat) di (?:\w|\.(?=\w))+"
    r"(?P<titled>,? (?:dengan judul|berjudul)\b ?:?[ \t]*(?P<quoted>[\"“][^\"”\n]{5,160}[\"”])?)?"
)
_QUOTED_WORDS = re.compile(r"[\"“][^\"“”\n,.!?]{1,60}[\"”](?!\w)")
_SIGNED = re.compile(_SIGNATURE)
_INITIALS = re.compile(r"[(\[](?:[a-z]{2,4}|ANT|Ant)[)\]]\W{0,40}$")
_AGENCY = re.compile(
    r"\((?:[\w .'’]{0,40}[/,] ?)?(?:Tribun[\w.]*|\w+\.(?:com|co\.id|id|net)|Antara|ANTARA|AFP|Reuters|Xinhua)"
    r"(?:[/,] ?[\w .'’]{0,40})?\)\W{0,40}$"
)

_HEAD = 90  # characters in which a dateline ends
_QUOTES = tuple("'\"’”")
_DASH = re.compile(r"[-–—|]+(?:[\s\u200b-\u200f]+|(?=[\"“])|(?<=\s-)(?=[A-Z]))")
_BYLINE = re.compile(
    r"(?:Laporan [A-Za-z]+\b|Reporter ?:)[^\n]{3,90}?\s+(?=[A-Z-]+\.(?:COM|CO\.ID)\b)"
    r"|\(?Tribun\w*(?:\.com)?/[^\n]{3,40}?\s+(?=TRIBUN)"
)
_SITE = re.compile(r"(?i:(?:[a-z][\w-]*\.)+(?:com|co\.id|co|id|net|org|tv|news))")
_IN_BRACKETS = re.compile(r"(.{2,60}?)[\s–—-]*\(([^()\n]{2,40})\)")
_PLACE = re.compile(r"[A-Z][^\W\d_]*(?:['’][^\W\d_]+)?\.?(?:[ /-][A-Z][^\W\d_]*\.?){0,3}")
# A place alone is taken where a sentence begins behind the dash; "Persib - Persija ..." is told from it by nothing.
_UNNAMED = re.compile(
    r"(?P<place>[A-Z][^\W\d_]*(?:[ /-][A-Z][^\W\d_]*){0,2}(?:, [A-Z][^\W\d_]*(?: [A-Z][^\W\d_]*)?)?) +[-–—] +(?=[\"“'‘(]*[A-Z0-9])"
)
# Without a dash only one word is sure to be the place.
_UNDASHED = re.compile(
    rf"\s*(?P<source>{_SITE.pattern}), (?P<place>(?:(?:Banda|Bandar|Kuala|New|Tanjung) )?[A-Z]\w+)\s+(?=[A-Z\"“])"
)
# Words of which one makes a name in a dateline the name of a medium.
_MEDIA = frozenset(
    "afp anadolu analisa antara bbc berita beritasatu bisnis cnbc cnn detikcom fajar gatra haluan harian "
    "idxchannel inews infopublik jawapos jpnn jurnal kabar katadata kompas kontan liputan6 media news okezone "
    "online pikiran pos post radar republika reuters rmol rri sindonews suara tempo times tirto tribun tribunnews "
    "tv tvri viva voa voi warta waspada xinhua".split()
)
_KINDS = frozenset("harian kabar koran majalah mingguan surat tabloid umum".split())  # of newspapers
_SHORT_PLACES = frozenset({"AS", "DC", "DI", "DIY", "DKI", "IKN", "NTB", "NTT", "UEA", "USA"})


@dataclass(frozen=True, slots=True)
class Dateline:
    """Where a story comes from, as its first words say: `body[start:end]` is the dateline with its dash and blanks.

    `place` is written as a place, not in capitals; `source` as it was printed.
    """

    place: str | None
    source: str | None
    start: int
    end: int


def masked(body: str, newspaper: str | None = None) -> str:
    """Return `body` as it is searched: as long, every word at its offset, boilerplate blanked.

    A blanked stretch is a newline and spaces, so that no phrase reaches across; the newlines in it stay. The source of the
    dateline is blanked, its place is not. A body of nothing but boilerplate comes back as it is: it is all the article says.
    Masking twice changes nothing. `newspaper` is the one that the article stood in, where it is known.
    """
    text = body
    while True:
        origin = _origin(text, newspaper)
        spans = [(start, end) for start, end in _spans(text) if any(map(str.isalnum, text[start:end]))]
        if origin or spans:
            text = _blanked(text, sorted(origin + spans))
        if not spans:  # blanking a source brings nothing else to light
            break
    return text if text is body or any(map(str.isalnum, text)) else body


def dateline(body: str, newspaper: str | None = None) -> Dateline | None:
    """Return the dateline that `body` begins with, or None. Beside a place, `newspaper` is known for what it is.

    >>> dateline("JAKARTA, KOMPAS.com - Harga beras naik.")
    Dateline(place='Jakarta', source='KOMPAS.com', start=0, end=22)
    >>> dateline("SURABAYA, Pelita Nusa - Harga beras naik.", "Harian Pelita Nusa")
    Dateline(place='Surabaya', source='Pelita Nusa', start=0, end=24)
    """
    begin = len(body[:_HEAD]) - len(body[:_HEAD].lstrip())
    byline = _BYLINE.match(body, begin) if body[begin : begin + 1] in ("L", "R", "T", "(") else None
    start = byline.end() if byline else begin
    dash = _DASH.search(body, start, start + _HEAD)
    named = _place_and_source(body[start : dash.start()].rstrip(" -–—"), newspaper) if dash else None
    if dash and named:
        return Dateline(_as_place(named[0]), named[1], begin, dash.end())
    found = _UNNAMED.match(body, start) if dash else None
    if not found and "." in body[start : start + 24]:
        found = _UNDASHED.match(body, start)
    return Dateline(_as_place(found["place"]), found.groupdict().get("source"), begin, found.end()) if found else None


def _place_and_source(head: str, newspaper: str | None) -> tuple[str | None, str] | None:
    """Take apart what stands before the dash of a dateline that names a medium."""
    agency = _IN_BRACKETS.fullmatch(head)
    parts = [agency[1], agency[2]] if agency else [part.strip() for part in head.split(",")]
    own = _bare_name(newspaper or "") if len(parts) > 1 else ""
    source = next(
        (part for part in (parts[-1], parts[0]) if _is_source(part) or (own and _bare_name(part) == own)), None
    )
    if source is None or len(parts) > 3:
        return None
    parts.remove(source)
    place = ", ".join(parts)
    return (place or None, source) if all(_PLACE.fullmatch(part) for part in place.split(", ") if parts) else None


def _is_source(text: str) -> bool:
    words = text.casefold().replace("/", " ").split()
    return len(words) <= 4 and (bool(_SITE.fullmatch(text)) or not _MEDIA.isdisjoint(words))


def _bare_name(source: str) -> str:
    """Return the name of a newspaper without what kind of one it is, as it is compared."""
    words = source.casefold().split()
    return "".join(word for word in words if word not in _KINDS)


def _as_place(name: str | None) -> str | None:
    return None if name is None else ", ".join(map(_spelled, name.split(", ")))


def _spelled(name: str) -> str:
    """Return one name of a place in the case of names."""
    if not name.isupper():
        return name
    return re.sub(r"\w+", lambda word: word[0] if word[0] in _SHORT_PLACES else word[0].capitalize(), name)


def _origin(text: str, newspaper: str | None) -> list[tuple[int, int]]:
    found = dateline(text, newspaper)
    if not found or not found.source:
        return []
    source = text.rindex(found.source, found.start, found.end)
    return [(found.start if _BYLINE.match(text, found.start) else source, source + len(found.source))]


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    pieces: list[str] = []
    done = 0
    for start, end in spans:
        if done < end:
            start = max(start, done)
            lines = text[start + 1 : end].split("\n")
            pieces += (text[done:start], "\n", "\n".join(" " * len(line) for line in lines))
            done = end
    return "".join((*pieces, text[done:]))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches of boilerplate that `text` shows; what is behind them may show only when they are blanked."""
    tails = {before.rstrip()[-4:] for before in text.split(":")[:-1]}
    for labels, pattern in _LABELLED:
        if not labels.isdisjoint(tails):
            yield from (found.span() for found in pattern.finditer(text))
    for piece, pattern in _WORDED:
        if piece in text:
            yield from (found.span() for found in pattern.finditer(text))
    if "WI" in text[:300] and (header := _HEADER.search(text, 0, 300)):
        yield header.span()
    if not _LINK_TAILS.isdisjoint(tails):
        yield from ((link.start(), _title_end(text, link.start(), link.end())) for link in _LINK.finditer(text))
    if not _WATCH_TAILS.isdisjoint(tails) or " Video " in text[-300:] or any(tail[-1:] in _QUOTES for tail in tails):
        yield from _calls_to_watch(text)
    yield from _closing(text)


def _closing(text: str) -> Iterator[tuple[int, int]]:
    yield from _signature(text)
    last = text[-_TAIL:]
    begin = len(text) - len(last)
    for piece, pattern in _CLOSING:
        if piece in last:
            yield from (found.span() for found in pattern.finditer(text, begin))
    if " ini telah " in last or " ini sudah " in last:
        for found in _ELSEWHERE.finditer(text, begin):
            titled = found["titled"] and not found["quoted"]
            yield found.start(), _title_end(text, found.start(), found.end()) if titled else found.end()


def _title_end(text: str, label: int, start: int) -> int:
    """Return where the title at `start` ends, at the latest where no sentence can have begun.

    `label` is where the words in front of the title begin.
    """
    stop = _STOP.search(text, start, start + _LONGEST)
    limit = stop.start() if stop else min(len(text), start + _LONGEST)
    closing = _SENTENCE_END.search(text, start, limit)
    if stop or limit == len(text):
        alone = text[max(0, label - 40) : label].rstrip(" \t")[-1:] in ("", "\n") and text[limit : limit + 1] in (
            "",
            "\n",
        )
        title = text[start:limit].rstrip()
        if not closing or (title[-1] != "." and (alone or _in_capitals(title))):
            return limit
    words = list(_WORD.finditer(text, start, closing.end() if closing else limit))[:30]
    lower = next((number for number, word in enumerate(words) if _is_lower(word)), len(words))
    for number, word in enumerate(words[:_SHORT] if lower < 4 else words[: lower + 1]):
        opens = (
            _bare(word) in _OPENERS
            and number > 2
            and words[number + 1 : number + 2]
            and words[number + 1][0][0].islower()
        )
        if opens or (word[0][0] in '"“' and not _QUOTED_WORDS.match(text, word.start())):
            return word.start()
        joined = _JOINED.search(word[0], 3)
        if joined and not _ONE_WORD.search(word[0]):
            return word.start() + joined.start()
    if lower == len(words):
        if not closing or text[start : closing.end()].isupper():
            return start
        return closing.end() if closing[0][0] != "." or lower < 5 else words[4].start()
    cut = _sentence_start(text, label, words, lower) if lower > 3 else _next_capital(words, lower)
    return words[cut].start() if cut is not None else start


def _sentence_start(text: str, label: int, words: list[re.Match[str]], lower: int) -> int:
    """Return the number of the word that begins the sentence in which word number `lower` is the first of no title.

    A name behind its office, or two words that stand together elsewhere, are not torn apart. Where the word is not known
    from elsewhere, six words are left to the sentence.
    """
    for number in range(3, lower):
        if words[number][0].endswith(",") and _bare(words[number]) in _OPENERS:
            return number
    first = lower - 1
    while first > 4 and _bare(words[first]) in _SMALL:
        first -= 1
    before = text[max(0, label - _NEAR) : label]
    rest = before + text[words[lower].start() : label + _NEAR]
    while first > 4 and _belongs(words[first - 1], words[first], rest):
        first -= 1
    name = _bare(words[first])
    known = name in before or f" {name.lower()} " in rest
    if not known or words[first - 1][0].endswith(","):
        first = max(4, min(first, lower - 7))
    heads = range(max(4, first - 7), first)
    first = next((n for n in heads if _bare(words[n]) in _HEADS or (not known and _bare(words[n]) in _OPENERS)), first)
    return max(4, first - 4) if words[first - 1][0].endswith(",") else first


def _belongs(before: re.Match[str], word: re.Match[str], rest: str) -> bool:
    """Say whether two words in capitals may stand in one sentence: an office and its holder, a noun and its name."""
    first = _bare(before)
    return (
        first in _HEADS
        or first in _OPENERS
        or first.endswith("nya")
        or f"{before[0]} {word[0]}" in rest
        or (f" {first.lower()} " in rest and first.istitle())
    )


def _next_capital(words: list[re.Match[str]], lower: int) -> int | None:
    """Return the number of the first word that may begin a sentence behind a title written like one."""
    if lower == 0 or (lower == 1 and _bare(words[0]) in _OPENERS):
        return None
    for before, number in zip(words[3:], range(4, len(words)), strict=False):
        if _bare(words[number])[:1].isupper() and _bare(before) not in _SMALL and before[0][-1] not in ",:":
            return number
    return None


def _is_lower(word: re.Match[str]) -> bool:
    return _bare(word)[:1].islower() and _bare(word) not in _SMALL


def _in_capitals(title: str) -> bool:
    return not any(map(_is_lower, _WORD.finditer(title)))


def _bare(word: re.Match[str]) -> str:
    return word[0].strip("\"“”'‘’()[].,:;!?")


def _calls_to_watch(text: str) -> Iterator[tuple[int, int]]:
    for call in _WATCH.finditer(text):
        quoted = _QUOTED.match(text, call.end())
        stop = _STOP.search(text, call.end(), call.end() + _LONGEST)
        limit = stop.start() if stop else len(text)
        if quoted:
            yield call.start(), quoted.end()
        elif call["colon"]:
            yield call.start(), _title_end(text, call.start(), call.end())
        elif 12 < limit - call.end() < _LONGEST and _in_capitals(text[call.end() : limit]):
            yield call.start(), limit


def _signature(text: str) -> Iterator[tuple[int, int]]:
    start = max(text.rfind("("), text.rfind("[", -12))
    if start < 0:
        return
    before = text[max(0, start - 40) : start].rstrip()[-1:]
    ended = not before.isalnum() and before not in tuple(",;")
    if found := _SIGNED.match(text, start):
        rest = text[found.end() :]
        short = all(len(name) <= 3 for name in found[0][1:-1].split("/"))
        if (ended or short) and len(rest) < 300 and rest == rest.lower() and ". " not in rest:
            yield found.span()
    elif before and ended and (found := _INITIALS.match(text, start) or _AGENCY.match(text, start)):
        yield found.span()
