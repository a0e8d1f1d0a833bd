"""Persons, organisations and places in texts: what is found, where, and how the command prints it."""

import itertools
import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

import index.tagging
from index.crf import NO_WEIGHTS, OFFSETS, PADDING
from index.tagging import MODEL_FILE, Mention, MentionKind, Tagger, read_model, shipped_tagger
from index.tagspans import LABELS, ORGANISATION, PERSON, Span, spans, with_whole_names
from index.tagstream import TOKEN, Memo, tokenised, traits
from index.tagwords import NO_LEXICON
from tests.bench.ner import spans_of, tally
from tests.bench.train_tagger import Gold, gold_spans, labelled, read_gold
from web.cli import main


def named(text: str, kind: MentionKind = MentionKind.PERSON) -> list[str]:
    return [mention.text for mention in shipped_tagger().tag([text])[0] if mention.kind is kind]


@pytest.mark.parametrize(
    ("text", "persons"),
    [
        ("Harga beras naik, kata Ratna Dewi kepada wartawan.", ["Ratna Dewi"]),
        ("Presiden Joko Widodo membuka pameran. Jokowi mengatakan hal itu.", ["Joko Widodo", "Jokowi"]),
        ("Menurut B.J. Habibie, pesawat itu aman.", ["B.J. Habibie"]),
        ("Menurut Suharto, sawah itu kering.", ["Suharto"]),
        ("JAKARTA - Menteri SRI MULYANI mengatakan hal itu.", ["SRI MULYANI"]),
        ("Raja memberi gelar kepada Sultan Hamengku Buwono X di keraton.", ["Sultan Hamengku Buwono X"]),
        ("Rapat dipimpin Prof. Budi Santoso, S.H., M.Hum.", ["Budi Santoso"]),
        ("Rombongan diterima Presiden Suriah Bashar al-Assad di istana.", ["Bashar al-Assad"]),
        ("Hukum itu ditemukan Hugo de Vries, kata guru besar itu.", ["Hugo de Vries"]),
        ("Harga naik, kata Sekjen PPP Irwan Chairul Mahfudi di kantornya.", ["Irwan Chairul Mahfudi"]),
        ("Pewarta: Ratna Dewi Editor: Joni Pratama Copyright 2023", ["Ratna Dewi", "Joni Pratama"]),
        # honorifics and degrees are no persons, nor of their names
        ("Prof. Dr. Ir. H. Bambang Wiratmo, M.Sc., Ph.D. hadir.", ["Bambang Wiratmo"]),
        ("Drs. H. Slamet Wiratmo, M.Si, M.M., hadir.", ["Slamet Wiratmo"]),
        ("Menurut Hj Siti Wiratmi, warga senang.", ["Siti Wiratmi"]),
        (
            "KH Abdurrahman Wiratmo dan K.H. Hasyim Wiratmo menyatakan hal itu.",
            ["Abdurrahman Wiratmo", "Hasyim Wiratmo"],
        ),
        ("Kata dr. Budi Wiratmo, Sp.OG., pasien itu pulih.", ["Budi Wiratmo"]),
        ("Menteri Hukum Yasonna H Laoly mengatakan hal itu.", ["Yasonna H Laoly"]),
        # initials, forebears, articles
        ("BJ Habibie menerima tamu di istana.", ["BJ Habibie"]),
        ("B. J. Habibie menerima tamu di istana.", ["B. J. Habibie"]),
        ("Umar bin Khattab, warga desa itu, ditangkap.", ["Umar bin Khattab"]),
        ("Umar bin Khattab bin Ahmad, warga desa itu, ditangkap.", ["Umar bin Khattab bin Ahmad"]),
        ("Siti Aminah binti Tarudin bernyanyi di Jakarta.", ["Siti Aminah binti Tarudin"]),
        ("Gubernur Bali I Wayan Suteja meresmikan jembatan.", ["I Wayan Suteja"]),
        ("Ni Made Ayu membuka toko di Denpasar.", ["Ni Made Ayu"]),
        ("Hal itu penting, kata Hendry K. Wiratmo kepada wartawan.", ["Hendry K. Wiratmo"]),
        # places of offices
        ("Bupati Sukamaju H. Ahmad Wiratmo, S.H. membuka acara.", ["Ahmad Wiratmo"]),
        ("Wali Kota Jakarta Timur M. Anwar membuka acara.", ["M. Anwar"]),
        ("Warga menangkap Bupati Kudus Muhammad Wiratmo.", ["Muhammad Wiratmo"]),
        ("Camat Cilandak Mundari mengatakan hal itu.", ["Mundari"]),
        ("Acara itu dibuka Bupati Buton Andi Wiratmo.", ["Andi Wiratmo"]),
        ("Acara itu dibuka Bupati Kampar Dr. Budi Wiratmo.", ["Budi Wiratmo"]),
        ("Acara itu dibuka Bupati Sukamaju Dr. Budi Wiratmo.", ["Budi Wiratmo"]),
        ("Acara itu dibuka Camat Ende H. Budi Wiratmo.", ["Budi Wiratmo"]),
        ("Samsung dan Nintendo mengatakan penjualan naik.", []),
        ("harga beras di pasar naik sejak pekan lalu", []),
    ],
)
def test_persons_are_named_without_titles_and_degrees(text: str, persons: list[str]) -> None:
    assert named(text) == persons


def test_places_and_organisations_are_told_apart() -> None:
    text = "Pertemuan Partai Golkar di Surabaya, Jawa Timur, dihadiri wakil Bank Indonesia."
    assert named(text, MentionKind.PLACE) == ["Surabaya", "Jawa Timur"]
    assert named(text, MentionKind.ORGANISATION) == ["Partai Golkar", "Bank Indonesia"]


def test_titles_are_no_part_of_other_names_either() -> None:
    assert named("Ketua MUI KH. Miftach Wiratmo mengatakan hal itu.", MentionKind.ORGANISATION) == ["MUI"]


def test_offsets_are_characters_of_each_text() -> None:
    texts = ["Menurut Zoë Müller, 🙂 harga naik.\n\nKata Ratna Dewi, tidak.", "", "Ratna Dewi pulang ke Bandung."]
    tagged = shipped_tagger().tag(texts)
    assert [len(mentions) > 0 for mentions in tagged] == [True, False, True]
    for text, mentions in zip(texts, tagged, strict=True):
        assert [text[mention.start : mention.end] for mention in mentions] == [mention.text for mention in mentions]


def test_a_name_found_once_is_known_in_the_rest_of_its_document_only() -> None:
    paragraphs = ["Menurut Tarjono, sawah itu kering.", "Sawah itu kini ditanami jagung.", "Tarjono menanam."]
    together = shipped_tagger().tag_document(paragraphs)
    apart = shipped_tagger().tag(paragraphs)
    assert [[mention.text for mention in mentions] for mentions in together] == [["Tarjono"], [], ["Tarjono"]]
    assert [[mention.text for mention in mentions] for mentions in apart] == [["Tarjono"], [], []]


def test_what_is_found_does_not_depend_on_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["Kata Ratna Dewi, harga naik.", "Wali Kota Surabaya itu pulang.", "", "Menurut Suharto, sawah kering."] * 3
    once = shipped_tagger().tag(texts)
    assert [shipped_tagger().tag([text])[0] for text in texts] == once
    monkeypatch.setattr(index.tagging, "MEMO_LIMIT", 5)
    forgetful = Tagger(*read_model(MODEL_FILE))
    assert [forgetful.tag([text])[0] for text in texts] == once


@pytest.mark.parametrize("texts", [[], [""], ["", "\n", " \n "], ["..."], ["\n\nRatna Dewi\n"]])
def test_texts_without_words_have_no_mentions(texts: list[str]) -> None:
    assert len(shipped_tagger().tag(texts)) == len(texts)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ('"Harga naik," kata H.M. Ma\'ruf.', ["Harga", "naik", ",", "kata", "H.M.", "Ma'ruf", "."]),
        ("Budi, S.H., M.Kom (42)", ["Budi", ",", "S.H.", ",", "M.Kom", "(", "42", ")"]),
        ("Budi, M.Sc., Ph.D., Sp.OG", ["Budi", ",", "M.Sc", ".", ",", "Ph.D", ".", ",", "Sp.OG"]),
        ("Prabowo-Gibran 1.234,5\nB50", ["Prabowo-Gibran", "1.234,5", "\n", "B50"]),
    ],
)
def test_quotation_marks_are_no_tokens_and_abbreviations_are_whole(text: str, tokens: list[str]) -> None:
    assert TOKEN.findall(text) == tokens


def test_sentences_end_at_stops_and_line_breaks_but_not_after_titles() -> None:
    memo = Memo(NO_WEIGHTS, NO_LEXICON)
    tokens, _ends, _bits, stream = tokenised("Dr. Budi datang. Ia\npulang ke Jl. Melati 3. lalu", memo)
    sentences = [
        [tokens[place] for place in stream.tokens[start : start + length]]
        for start, length in zip(stream.starts, stream.lengths, strict=True)
    ]
    assert [" ".join(words) for words in sentences] == ["Dr . Budi datang .", "Ia", "pulang ke Jl . Melati 3 . lalu"]


def test_the_best_labels_are_those_of_an_exhaustive_search() -> None:
    rng = np.random.default_rng(5)
    transitions = rng.normal(size=(3, 3)).astype(np.float32)
    weights = replace(
        NO_WEIGHTS, labels=("O", "B", "I"), transitions=transitions, words=np.zeros((0, len(OFFSETS), 3), np.float32)
    )
    lengths = [3, 1, 5, 3]
    starts = [PADDING + sum(lengths[:n]) + PADDING * n for n in range(len(lengths))]
    emissions = rng.normal(size=(starts[-1] + lengths[-1] + PADDING, 3)).astype(np.float32)
    found = weights.decode(emissions, np.array(starts, np.int32), np.array(lengths, np.int32))

    def score(labels: Sequence[int], start: int) -> float:
        steps = sum(float(transitions[pair]) for pair in itertools.pairwise(labels))
        return steps + sum(float(emissions[start + place, label]) for place, label in enumerate(labels))

    for start, length in zip(starts, lengths, strict=True):
        best = max(itertools.product(range(3), repeat=length), key=lambda labels: score(labels, start))
        assert tuple(found[start : start + length]) == best


def test_neighbouring_names_and_names_of_neighbouring_sentences_are_apart() -> None:
    labels = np.array([0, 0, 1, 2, 1, 0, 0, 2, 0, 0], np.int8)  # two names, padding, and a name that has no beginning
    assert list(spans(labels, np.array([-1, -1, 0, 1, 2, -1, -1, 3, -1, -1], np.int32))) == [
        Span(0, 1, PERSON),
        Span(2, 2, PERSON),
        Span(3, 3, PERSON),
    ]


@pytest.mark.parametrize(
    ("text", "found", "whole"),
    [
        ("Dudung M Wiratmo", [Span(2, 2, PERSON)], [Span(0, 2, PERSON)]),
        ("Dudung H. Wiratmo", [Span(2, 2, PERSON)], [Span(2, 2, PERSON)]),
        (
            "Partai TB Wiratmo",
            [Span(0, 1, ORGANISATION), Span(2, 2, PERSON)],
            [Span(0, 0, ORGANISATION), Span(1, 2, PERSON)],
        ),
        (
            "Angkasa II Wiratmo",
            [Span(0, 1, ORGANISATION), Span(2, 2, PERSON)],
            [Span(0, 1, ORGANISATION), Span(2, 2, PERSON)],
        ),
    ],
)
def test_a_name_takes_its_initials_and_what_is_before_them(text: str, found: list[Span], whole: list[Span]) -> None:
    bits = [int(traits(token, NO_LEXICON)) for token in text.split()]
    assert with_whole_names(iter(found), bits) == whole


def test_a_model_survives_its_file() -> None:
    weights, lexicon = read_model(MODEL_FILE)
    assert weights.labels == LABELS
    assert np.array_equal(type(weights).from_arrays(weights.arrays()).words, weights.words)
    assert type(lexicon).from_arrays(lexicon.arrays()).features("Budi") == lexicon.features("Budi")
    assert MODEL_FILE.stat().st_size < 1_000_000


GOLD = Gold(
    tuple("Presiden Joko Widodo (Jokowi) ke Surabaya .".split()), ("O", "B-PER", "I-PER", "B-PER", "O", "B-LOC", "O")
)


def test_annotated_tokens_become_words_without_their_brackets() -> None:
    words, labels = labelled(GOLD)
    assert words == ("Presiden", "Joko", "Widodo", "(", "Jokowi", ")", "ke", "Surabaya", ".")
    assert labels == ("O", "B-PER", "I-PER", "O", "B-PER", "O", "O", "B-LOC", "O")


def test_the_measure_counts_whole_mentions_of_the_right_kind() -> None:
    assert gold_spans(GOLD.labels) == [(1, 2, "PER"), (3, 3, "PER"), (5, 5, "LOC")]
    found = [Mention(9, 20, "Joko Widodo", MentionKind.PERSON), Mention(22, 28, "Jokowi", MentionKind.ORGANISATION)]
    assert spans_of(GOLD, found) == {(1, 2, "PER"), (3, 3, "ORG")}


def test_the_shipped_model_is_the_one_that_was_trained_on_the_annotated_news(data: object) -> None:
    counts = tally(shipped_tagger(), read_gold(data / "ner" / "idner-news-2k.dev.txt"))  # type: ignore[operator]
    assert counts["PER", "right"] > 0.97 * max(counts["PER", "gold"], counts["PER", "found"])


def test_the_command_prints_a_list_for_each_line() -> None:
    text = "Kata Zoë Müller, harga naik.\n\nharga turun\r\nRatna Dewi pulang ke Bandung."
    result = CliRunner().invoke(main, ["people", "tag"], input=text.encode())
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in result.output.splitlines()]
    assert lines[0] == [{"start": 5, "end": 15, "text": "Zoë Müller", "kind": "person"}]
    assert lines[1:3] == [[], []]
    assert lines[3][-1] == {"start": 21, "end": 28, "text": "Bandung", "kind": "place"}


def test_the_command_takes_what_is_no_text_and_more_lines_than_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.commands_tag.BATCH", 2)
    result = CliRunner().invoke(main, ["people", "tag"], input=b"\xff\xfe\n\nRatna Dewi pulang.\n" * 3)
    assert result.exit_code == 0, result.output
    assert len(result.output.splitlines()) == 9
