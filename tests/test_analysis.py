"""The analyzer: tokens, stems, offsets, and what is one position."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import _RUN, _TOKEN, ANALYZER, PARAGRAPH_GAP, Analyzer, Chunks, fold


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Kata-kata", [("kata-kata", "kata", 0), ("kata", None, 0)]),
        ("berjalan-jalan", [("berjalan-jalan", "jalan", 0)]),
        ("TNI-Polri", [("tni", "tni", 0), ("tnipolri", None, 0), ("polri", "polri", 1)]),
        ("OTT-nya", [("ott", "ott", 0)]),
        ("COVID-19", [("covid", "covid", 0), ("covid19", None, 0), ("19", "19", 1)]),
        ("Covid19", [("covid", "covid", 0), ("covid19", None, 0), ("19", "19", 1)]),
        ("Rp1,5 triliun", [("rp", "rp", 0), ("rp1,5", None, 0), ("1,5", "1,5", 1), ("triliun", "triliun", 2)]),
        ("1.234,56 pukul 10.30.", [("1.234,56", "1.234,56", 0), ("pukul", "pukul", 1), ("10.30", "10.30", 2)]),
        ("(28/7/2023)", [("28", "28", 0), ("7", "7", 1), ("2023", "2023", 2)]),
        ("Ma’ruf Jum'at", [("maruf", "maruf", 0), ("jumat", "jumat", 1)]),
        ("H.M. S.H.", [("hm", "hm", 0), ("sh", "sh", 1)]),
        ("R&D @akun #tagar", [("r&d", "r&d", 0), ("akun", "akun", 1), ("tagar", "tagar", 2)]),
        ("Müller ber\u00adjalan", [("muller", "muller", 0), ("berjalan", "jalan", 1)]),
        ("yang di bawah", [("yang", "yang", 0), ("di", "di", 1), ("bawah", "bawah", 2)]),
        ("satu\ndua", [("satu", "satu", 0), ("dua", "dua", 1 + PARAGRAPH_GAP)]),
        ("… ? –", []),
    ],
)
def test_a_text_gives_these_tokens(text: str, tokens: list[tuple[str, str | None, int]]) -> None:
    assert [(t.surface, t.stem, t.position) for t in ANALYZER.tokens(text)] == tokens


@given(st.text(alphabet=st.sampled_from("aBé̈1,.-'’&/\n \u00ad ßﬁاक"), max_size=60))
def test_offsets_point_at_what_was_written(text: str) -> None:
    for token in ANALYZER.tokens(text):
        written = text[token.start : token.end]
        assert written
        assert "\n" not in written
        assert token.surface
        assert set(token.surface) - set("-&.,:") <= set(fold(written))


@given(st.lists(st.text(alphabet=st.sampled_from("abcéK1,.-'’&/( \u00ad\u2009"), max_size=40), max_size=4))
def test_a_text_gives_the_same_tokens_whole_and_in_chunks(paragraphs: list[str]) -> None:
    text = "\n".join(paragraphs)
    chunks = Chunks(ANALYZER)
    surfaces, stems = [], []
    position = length = 0
    for number in chunks.numbers(text):
        for tokens, found in ((chunks.surfaces, surfaces), (chunks.stems, stems)):
            for place in range(tokens.starts[number], tokens.starts[number + 1]):
                found.append((tokens.names[tokens.terms[place]], position + tokens.positions[place]))
        position += chunks.widths[number]
        length += chunks.lengths[number]
    expected = list(ANALYZER.tokens(text))
    assert surfaces == [(token.surface, token.position) for token in expected]
    assert stems == [(token.stem, token.position) for token in expected if token.stem is not None]
    assert length == len(stems) == len(ANALYZER.words(text))


@given(st.text(alphabet=st.sampled_from("abéK1_,.-'’&/(…“\u00ad\u0301 \n"), max_size=40))
def test_the_quick_way_to_plain_words_finds_the_same_runs(text: str) -> None:
    plain = re.compile(_RUN)
    assert [match.span() for match in _TOKEN.finditer(text)] == [match.span() for match in plain.finditer(text)]


@given(st.text(alphabet="ab c-", max_size=30), st.sets(st.sampled_from(("a", "ab", "b", "c", "ba"))))
def test_tokens_among_some_words_are_those_of_all(text: str, among: set[str]) -> None:
    expected = [token for token in ANALYZER.tokens(text) if token.surface in among or token.stem in among]
    assert list(ANALYZER.tokens(text, among)) == expected


def test_a_full_memo_is_emptied_and_answers_stay_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.analysis.MEMO_LIMIT", 3)
    small = Analyzer()
    words = ["membangun", "berlari", "menulis", "pembacaan", "membangun"]
    assert [small.stem(word) for word in words] == [ANALYZER.stem(word) for word in words]
    assert len(small._stems) <= 3
