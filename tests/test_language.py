"""The query language: what is typed, the tree it means, what is repaired, and how it is shown as understood."""

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.analysis import ANALYZER
from index.article import Status
from search.language import MOST_EXPANDED, MOST_LEAVES, parse_query
from search.lexer import DEEPEST, FIELD_NAMES
from search.tree import (
    And,
    AtLeast,
    DateRange,
    Everything,
    Field,
    Fuzzy,
    HasStatus,
    Id,
    Leaf,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    Word,
)
from search.unparse import unparse

TODAY = date(2026, 11, 24)  # a Tuesday


def word(surface: str) -> Word:
    return Word(surface, ANALYZER.words(surface)[0].stem or "")


def term(surface: str, field: Field = Field.TEXT) -> Term:
    return Term(word(surface), field, exact=field not in (Field.TEXT, Field.TITLE, Field.BODY))


def exactly(surface: str, field: Field = Field.TEXT) -> Term:
    return Term(word(surface), field, exact=True)


def phrase(text: str, field: Field = Field.TEXT, slop: int | None = None) -> Phrase:
    return Phrase(tuple(word(surface) for surface in text.split()), field, slop)


def both(*nodes: Node) -> And:
    return And(nodes)


def either(*nodes: Node) -> Or:
    return Or(nodes)


A, B, C, D = (term(letter) for letter in "abcd")

FEATURES: dict[str, list[tuple[str, Node]]] = {
    "no text asks for everything": [("", Everything()), (" \n\t ", Everything())],
    "words are analysed": [
        ("Pembangunan", Term(Word("pembangunan", "bangun"))),
        ("kata-kata", Term(Word("kata-kata", "kata"))),
        ("Jum’at", term("jumat")),
        ("S.H.", term("sh")),
        ("R&D", term("r&d")),
        ("m²", Term(Word("m2", "m2"))),
    ],
    "words side by side are all required": [("a b c", both(A, B, C)), ("a a b A", both(A, B)), ("a a", A)],
    "a word that the analyzer splits is a phrase": [
        ("TNI-Polri", phrase("tni polri")),
        ("Rp1,5", phrase("rp 1,5")),
        ("28/7", phrase("28 7")),
        ("anti-korupsi", phrase("anti korupsi")),
        ("https://uji.example", phrase("https uji example")),
    ],
    "punctuation is no word": [
        ("apa , b ? – c !", both(term("apa"), B, C)),
        ("apa?", term("apa")),
        ("a - b", both(A, B)),
    ],
    "operators in capitals": [
        ("a DAN b", both(A, B)),
        ("a AND b", both(A, B)),
        ("a && b", both(A, B)),
        ("a&&b", both(A, B)),
        ("a ATAU b", either(A, B)),
        ("a OR b", either(A, B)),
        ("a || b", either(A, B)),
        ("a dan b", both(A, term("dan"), B)),
        ("a ? DAN b", both(A, B)),
        ("=DAN", exactly("dan")),
    ],
    "NOT binds before AND before OR": [
        ("a b ATAU c d", either(both(A, B), both(C, D))),
        ("a ATAU b DAN BUKAN c", either(A, both(B, Not(C)))),
        ("a ATAU b ATAU a", either(A, B)),
        ("-a ATAU b", either(Not(A), B)),
    ],
    "parentheses": [
        ("(a ATAU b) c", both(either(A, B), C)),
        ("((a)) (b (c))", both(A, B, C)),
        ("a (b ATAU (c ATAU d))", both(A, either(B, C, D))),
        ("a(b)", both(A, B)),
        ("(" * 15 + "a" + ")" * 15, A),
    ],
    "without": [
        ("-a", Not(A)),
        ("!a", Not(A)),
        ("BUKAN a", Not(A)),
        ("NOT a", Not(A)),
        ("TANPA a", Not(A)),
        ("b -a", both(B, Not(A))),
        ("-a -b", both(Not(A), Not(B))),
        ("BUKAN (a ATAU b)", Not(either(A, B))),
        ("-(a b)", Not(both(A, B))),
        ('-"dana desa"', Not(phrase("dana desa"))),
        ("-judul:a", Not(term("a", Field.TITLE))),
        ("--a", A),
        ("BUKAN -a", A),
        ("-(-a)", A),
        ("-@a", Not(A)),
        ("-DAN", Not(term("dan"))),
        ("BUKAN ? a", Not(A)),
        ("-? a", A),
        ("+a -b", both(A, Not(B))),
    ],
    "phrases": [
        ('"dana desa"', phrase("dana desa")),
        ("“dana desa”", phrase("dana desa")),
        ("«dana desa»", phrase("dana desa")),
        ('="dana desa"', phrase("dana desa")),
        ('"Dana, DESA."', phrase("dana desa")),
        ('"desa* (dana"', phrase("desa dana")),
        ('"dana"', exactly("dana")),
        ('a"b c"d', both(A, phrase("b c"), D)),
    ],
    "words near each other": [
        ('"dana desa"~5', phrase("dana desa", slop=5)),
        ('"dana desa"~0', phrase("dana desa", slop=0)),
        ('"dana desa"~050', phrase("dana desa", slop=50)),
        ('="dana desa"~5', phrase("dana desa", slop=5)),
        ('"pembangunan"~5', term("pembangunan")),
    ],
    "exact words": [("=dana", exactly("dana")), ("=Kata-kata", exactly("kata-kata")), ("-=dana", Not(exactly("dana")))],
    "prefixes": [
        ("korup*", Prefix("korup")),
        ("KORUP*,", Prefix("korup")),
        ("judul:korup*", Prefix("korup", Field.TITLE)),
        ("anti-korup*", both(term("anti"), Prefix("korup"))),
    ],
    "words spelled alike": [
        ("subijanto~", Fuzzy("subijanto", distance=2)),
        ("subijanto~1", Fuzzy("subijanto", distance=1)),
        ("pasar~", Fuzzy("pasar", distance=1)),
        ("pasaru~", Fuzzy("pasaru", distance=2)),
        ("budi~2?", Fuzzy("budi", distance=2)),
        ("budi~0", exactly("budi")),
        ("tokoh:subijanto~", Fuzzy("subijanto", Field.PERSON, 2)),
        ("~dana", term("dana")),
    ],
    "fields": [
        ("judul:a", term("a", Field.TITLE)),
        ("JUDUL: a b", both(term("a", Field.TITLE), B)),
        ("judul:=a", exactly("a", Field.TITLE)),
        ('judul:"dana desa"', phrase("dana desa", Field.TITLE)),
        ("judul:(a ATAU -b)", either(term("a", Field.TITLE), Not(term("b", Field.TITLE)))),
        ("judul:(a isi:b)", both(term("a", Field.TITLE), term("b", Field.BODY))),
        ("judul:-a", Not(term("a", Field.TITLE))),
        ("judul:DAN", term("dan", Field.TITLE)),
        *((f"{name}:a", term("a", field)) for field, names in FIELD_NAMES.items() for name in names),
    ],
    "fields of names have no stems": [
        ("penulis:Pembangunan", exactly("pembangunan", Field.AUTHOR)),
        ('penulis:"Ratna Dewi"', phrase("ratna dewi", Field.AUTHOR)),
        ("rubrik:olah-raga", phrase("olah raga", Field.SECTION)),
        ("sumber:uji.example", phrase("uji example", Field.SOURCE)),
        ("tokoh:(ratna dewi)", both(exactly("ratna", Field.PERSON), exactly("dewi", Field.PERSON))),
        ('topik:"pangan"~3', exactly("pangan", Field.TOPIC)),
    ],
    "what looks like a field and is none": [
        ("Jakarta: hujan", both(term("jakarta"), term("hujan"))),
        ("12:30", term("12:30")),
        ("judulnya:a", phrase("judulnya a")),
    ],
    "ids": [
        ("id:uji:2023/7(a)", Id("uji:2023/7(a)")),
        ("(id:uji-1 ATAU id:uji-2)", either(Id("uji-1"), Id("uji-2"))),
        ('id:"uji 1"', Id("uji 1")),
        ("-id:uji-1,", Not(Id("uji-1,"))),
        ("status:dikoreksi ATAU Status:withdrawn", either(HasStatus(Status.CORRECTED), HasStatus(Status.WITHDRAWN))),
        ("a -(status:ralat)", both(A, Not(HasStatus(Status.CORRECTED)))),
    ],
    "dates": [
        ("tanggal:2019..2021", DateRange(date(2019, 1, 1), date(2021, 12, 31))),
        ("tanggal:2023-07-28", DateRange(date(2023, 7, 28), date(2023, 7, 28))),
        ("tanggal:>=2019", DateRange(date(2019, 1, 1), None)),
        ("tanggal:<2020", DateRange(None, date(2019, 12, 31))),
        ('tanggal:"17 Agustus 1998"', DateRange(date(1998, 8, 17), date(1998, 8, 17))),
        ("tanggal: “pekan lalu”", DateRange(date(2026, 11, 16), date(2026, 11, 22))),
        ("date:2019, a", both(DateRange(date(2019, 1, 1), date(2019, 12, 31)), A)),
        ("a ATAU (tanggal:2019)", either(A, DateRange(date(2019, 1, 1), date(2019, 12, 31)))),
    ],
}


@pytest.mark.parametrize(
    ("typed", "tree"),
    [pytest.param(*case, id=f"{feature}: {case[0]}") for feature, cases in FEATURES.items() for case in cases],
)
def test_a_query_means_this_tree_and_needs_no_repair(typed: str, tree: Node) -> None:
    parsed = parse_query(typed, TODAY)
    assert parsed.tree == tree
    assert parsed.repairs == ()


def test_fields_have_indonesian_and_english_names() -> None:
    typed = (
        "judul title isi body penulis author rubrik kategori kanal section sumber source tempat place tokoh person "
        "topik topic tag"
    )
    assert [name for names in FIELD_NAMES.values() for name in names] == typed.split()


UNCLOSED = "the quotation mark was not closed; it was closed at the end"
UNCLOSED_PARENTHESIS = "a parenthesis was not closed; it was closed at the end"
UNOPENED = "a closing parenthesis without an opening one was left out"
EMPTY_QUOTES = "quotation marks without a word between them were left out"
NO_WORD = "the query has no word that can be searched"
STAR = "a star works only at the end of a word, as in korup*; "
SLIPS = "at most 2 letters may differ; the number was lowered to that"


def lone(operator: str) -> str:
    return f"the operator {operator} had nothing to join or exclude and was left out"


def no_value(name: str) -> str:
    return f"the field {name}: had no value and was left out"


def no_date(text: str) -> str:
    return f"the date '{text}' could not be read and was left out; an example: tanggal:2019..2021"


@pytest.mark.parametrize(
    ("typed", "understood", "repairs"),
    [
        ('"dana desa', '"dana desa"', [UNCLOSED]),
        ('id:"uji 1', 'id:"uji 1"', [UNCLOSED]),
        ('a ""', "a", [EMPTY_QUOTES]),
        ('a "?" b', "a b", [EMPTY_QUOTES]),
        ('-"" a', "a", [EMPTY_QUOTES]),
        ('a "', "a", [EMPTY_QUOTES]),
        ('"a b"~900', '"a b"~50', ["words can be searched at most 50 words apart; the number was lowered to that"]),
        (
            '"a b"~ c',
            '"a b" c',
            ['the ~ after a quotation mark needs a number, as in "dana desa"~5; it was left out'],
        ),
        ("(a ATAU b", "a ATAU b", [UNCLOSED_PARENTHESIS]),
        ("a) b", "a b", [UNOPENED]),
        (
            "(" * (DEEPEST + 2) + "a ATAU b" + ")" * (DEEPEST + 2) + " c",
            "(a ATAU b) c",
            ["parentheses deeper than 20 levels were left out"],
        ),
        ("harga DAN", "harga", [lone("DAN")]),
        ("ATAU beras", "beras", [lone("ATAU")]),
        ("a (DAN) b", "a b", [lone("DAN")]),
        ("a DAN ATAU b", "a ATAU b", [lone("DAN")]),
        ("a BUKAN", "a", [lone("BUKAN")]),
        ("BUKAN DAN a", "a", [lone("DAN"), lone("BUKAN")]),
        ("a ATAU () b", "a b", [lone("ATAU")]),
        ("-() a", "a", [lone("-")]),
        ("BUKAN", "()", [lone("BUKAN"), NO_WORD]),
        ("? –", "()", [NO_WORD]),
        ("*", "()", [NO_WORD]),
        ("\x00", "()", [NO_WORD]),
        ("ko*", "ko", ["at least 3 letters must stand before a star; 'ko*' was searched without it"]),
        ("*kan", "kan", [STAR + "'*kan' was read as 'kan'"]),
        ("k*r", "kr", [STAR + "'k*r' was read as 'kr'"]),
        ("kor*psi", "kor*", [STAR + "'kor*psi' was read as 'kor*'"]),
        ("ani~", "ani", ["'ani' is too short for a search of similar words; it was searched as it is"]),
        ("subijanto~7", "subijanto~", [SLIPS]),
        ("budi~10", "budi~2", [SLIPS]),
        ("a judul:", "a", [no_value("judul")]),
        ("Judul: DAN a", "a", [lone("DAN"), no_value("Judul")]),
        ("judul:() a", "a", [no_value("judul")]),
        ('judul:"" a', "a", [EMPTY_QUOTES, no_value("judul")]),
        ("id: a", "id:a", []),
        ("id: DAN a", "a", [no_value("id"), lone("DAN")]),
        ("tanggal:", "()", [no_value("tanggal"), NO_WORD]),
        ("tanggal:entah beras", "beras", [no_date("entah")]),
        ("tanggal:2023-02-30 a ATAU b", "a ATAU b", [no_date("2023-02-30")]),
        ("tanggal:<1600 a", "a", [no_date("<1600")]),
    ],
)
def test_a_malformed_query_is_repaired_and_the_repair_told(typed: str, understood: str, repairs: list[str]) -> None:
    parsed = parse_query(typed, TODAY)
    assert parsed.understood == understood
    assert list(parsed.repairs) == repairs


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("Korupsi DAN Dana desa", "korupsi dana desa"),
        ("a OR (b AND c)", "a ATAU b c"),
        ("(a OR b) NOT c", "(a ATAU b) -c"),
        ("NOT (a AND b)", "-(a b)"),
        ("title:(a OR “b c”)", 'judul:a ATAU judul:"b c"'),
        ('author:"Ratna Dewi" =Dana "Dana"~3', 'penulis:"ratna dewi" =dana dana'),
        ("TNI-Polri m²", '"tni polri" m²'),
        ("subijanto~2 subijanto~1 budi~2 korup*", "subijanto~ subijanto~1 budi~2 korup*"),
        ("date:2019..2021 date:>2020 date:<=2020 date:kemarin",
         "tanggal:2019-01-01..2021-12-31 tanggal:2021-01-01.. tanggal:..2020-12-31 tanggal:2026-11-23"),
        ('id:"uji-1" id:"uji 1"', 'id:uji-1 id:"uji 1"'),
    ],
)  # fmt: skip
def test_a_query_is_shown_as_it_was_understood(typed: str, understood: str) -> None:
    assert parse_query(typed, TODAY).understood == understood


def test_a_relaxed_tree_is_shown_as_its_words() -> None:
    assert unparse(And((AtLeast((A, B), 1), Not(AtLeast((C, D), 1))))) == "a b -(c d)"


@pytest.mark.parametrize(
    ("query", "typed"),
    [
        ("Korupsi, KORUPSI", {term("korupsi"): "Korupsi"}),
        ("=Dana judul:Desa?", {exactly("dana"): "Dana", term("desa", Field.TITLE): "Desa"}),
        ('“Dana Desa”~3 "APBN"', {phrase("dana desa", slop=3): "“Dana Desa”~3", exactly("apbn"): "APBN"}),
        ("(TNI-Polri)", {phrase("tni polri"): "TNI-Polri"}),
        ("Korup*, Budi~", {Prefix("korup"): "Korup*", Fuzzy("budi"): "Budi~"}),
        ("k*r", {term("kr"): "k*r"}),
        ("-a id:b tanggal:2019", {A: "a"}),
    ],
)
def test_the_readers_own_spelling_of_each_leaf_is_kept(query: str, typed: dict[Leaf, str]) -> None:
    assert parse_query(query, TODAY).typed == typed


def test_a_query_of_very_many_words_is_cut() -> None:
    words = [f"kata{chr(ord('a') + n // 26)}{chr(ord('a') + n % 26)}" for n in range(MOST_LEAVES + 2)]
    parsed = parse_query(" ".join([*words, words[0], "ATAU", words[1]]), TODAY)
    assert parsed.understood == " ".join(words[:MOST_LEAVES]) + f" ATAU {words[1]}"
    assert parsed.repairs == ("only the first 64 words and phrases were searched; the rest was left out",)


WORDS = (
    "a", "b", "ab", "dan", "subijanto", "kata-kata", "OTT-nya", "TNI-Polri", "Rp1,5", "m²", "½", "⑴", "S.H.", "Jum’at",
)  # fmt: skip
SIGNS = (
    "DAN", "ATAU", "BUKAN", "TANPA", "NOT", "OR", "&&", "||", "-", "!", "+", "=", "*", "~", "~1", "~9", "(", ")", "()",
    '"', '"', "“", "»", "judul:", "penulis:", "id:", "tanggal:", "2019", "2019..2021", ">=", "<1600", "..", "?", ",",
    " ", " ", " ", "\n", "\u200b", "\u0301",
)  # fmt: skip
PIECES = st.sampled_from(WORDS + SIGNS)
QUERIES = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map("".join))


@settings(max_examples=1_000, deadline=None)
@given(QUERIES)
@example("(" * 5_000)
@example("-" * 5_000 + "a")
@example("judul:" * 5_000 + "a")
@example("a ATAU (" * 5_000)
@example('"a b"~' + "9" * 5_000)
@example("budi~" + "9" * 5_000)
@example("tanggal:" + "9" * 5_000)
@example("\ud800 \x00 a")
def test_any_text_is_a_query_that_reads_again_as_it_was_understood(text: str) -> None:
    parsed = parse_query(text, TODAY)
    again = parse_query(parsed.understood, TODAY)
    assert again.tree == parsed.tree
    assert again.understood == parsed.understood
    assert again.repairs == (() if parsed.tree != Or(()) else (NO_WORD,))


@settings(max_examples=500, deadline=None)
@given(QUERIES)
def test_a_tree_has_no_needless_nodes_and_every_leaf_was_typed(text: str) -> None:
    parsed = parse_query(text, TODAY)
    leaves = set()
    waiting: list[Node] = [] if parsed.tree == Or(()) else [parsed.tree]
    while waiting:
        node = waiting.pop()
        match node:
            case And(children) | Or(children):
                assert len(children) == len(set(children)) > 1
                assert not any(type(child) is type(node) for child in children)
                waiting += children
            case Not(child):
                assert not isinstance(child, Not)
                waiting.append(child)
            case Term() | Phrase() | Prefix() | Fuzzy():
                leaves.add(node)
    assert leaves <= parsed.typed.keys()
    assert len(leaves) <= MOST_LEAVES


def test_more_prefixes_and_misspellings_than_are_searched_are_left_out_with_a_word_about_it() -> None:
    parsed = parse_query(" ATAU ".join(f"kata{letter}*" for letter in "abcdefghijkl") + " ATAU beras", TODAY)
    assert isinstance(parsed.tree, Or)
    assert len(parsed.tree.children) == MOST_EXPANDED + 1
    assert parsed.repairs == (f"only the first {MOST_EXPANDED} words with * or ~ were searched",)


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("banjir pekan lalu", "banjir tanggal:2026-11-16..2026-11-22"),
        ("banjir kemarin?", "banjir tanggal:2026-11-23"),
        ("3 bulan yang lalu banjir", "tanggal:2026-08-01..2026-08-31 banjir"),
        ("gempa 17 Agustus 1998", 'gempa ("17 agustus 1998" ATAU tanggal:1998-08-17)'),
        ("pemilu Mei 1999", 'pemilu ("mei 1999" ATAU tanggal:1999-05-01..1999-05-31)'),
        ("gempa 28/7/2023", 'gempa ("28 7 2023" ATAU tanggal:2023-07-28)'),
        ("banjir 2019", "banjir 2019"),
        ("17 Agustus", "17 agustus"),
        ('banjir "pekan lalu"', 'banjir "pekan lalu"'),
        ("judul:kemarin -kemarin", "judul:kemarin -kemarin"),
        ("=kemarin", "=kemarin"),
    ],
)
def test_days_in_words_are_read_as_days(typed: str, understood: str) -> None:
    parsed = parse_query(typed, TODAY)
    assert parsed.understood == understood
    assert parsed.has_dates == bool(parsed.repairs) == ("tanggal:" in understood)
    assert parsed.is_dated == (parsed.has_dates and "(" not in understood)
    assert "tanggal:" not in parse_query(typed, TODAY, dates=False).understood


@pytest.mark.parametrize(
    ("typed", "repairs"),
    [
        (
            "banjir pekan lalu",
            ["no article of 16 November 2026 – 22 November 2026 fits; 'pekan lalu' was searched as words"],
        ),
        ("3 hari yang lalu", ["no article of 21 November 2026 fits; '3 hari yang lalu' was searched as words"]),
        (
            "kemarin, hari ini",
            [
                "no article of 23 November 2026 fits; 'kemarin' was searched as words",
                "no article of 24 November 2026 fits; 'hari ini' was searched as words",
            ],
        ),
        ("gempa 17 Agustus 1998", []),
        ("=kemarin", []),
    ],
)
def test_it_is_told_that_days_counted_from_today_are_left_as_words(typed: str, repairs: list[str]) -> None:
    parsed = parse_query(typed, TODAY, dates=False)
    assert (list(parsed.repairs), parsed.has_dates) == (repairs, False)
