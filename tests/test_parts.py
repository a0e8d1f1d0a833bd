"""A query in the fields of a form, and back."""

from datetime import date

import pytest

from search.language import parse_query
from search.parts import Parts
from search.tree import And, Node


def read(text: str) -> Node:
    return parse_query(text, date(2023, 7, 28)).tree


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (Parts(), ""),
        (Parts(words=" harga  (beras "), "harga  (beras"),
        (Parts(phrase="dana desa"), '"dana desa"'),
        (Parts(phrase='"dana "desa'), '"dana desa"'),
        (Parts(phrase=' "" - '), ""),
        (Parts(any_of='beras "minyak goreng"'), 'beras ATAU "minyak goreng"'),
        (Parts(words="harga", any_of="beras jagung"), "harga (beras ATAU jagung)"),
        (Parts(words="harga", any_of="beras"), "harga beras"),
        (Parts(words="beras ATAU jagung", none_of='impor "pasar gelap"'), '(beras ATAU jagung) -impor -"pasar gelap"'),
        (Parts(words='"dana desa', exact="desa"), '"dana desa" =desa'),
        (Parts(exact="=desa Dana"), "=desa =Dana"),
        (Parts(title='beras "pasar induk"'), 'judul:beras judul:"pasar induk"'),
        (Parts(none_of="korup* -x"), '-korup* -"-x"'),
        (Parts(any_of="DAN kemarin judul:beras !!"), '"DAN" ATAU "kemarin" ATAU "judul:beras"'),
    ],
)
def test_fields_become_a_query(parts: Parts, text: str) -> None:
    assert parts.text(read) == text


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", Parts()),
        (" Harga Beras ", Parts(words="Harga Beras")),
        ('harga "dana desa" "pasar induk"', Parts(words='harga "pasar induk"', phrase="dana desa")),
        ("=dana =desa", Parts(exact="dana desa")),
        ("beras ATAU jagung", Parts(any_of="beras jagung")),
        ("beras ATAU (jagung harga)", Parts(words="beras ATAU (jagung harga)")),
        ("(beras ATAU jagung) (naik ATAU turun)", Parts(words="(naik ATAU turun)", any_of="beras jagung")),
        ('banjir -jakarta -"jawa barat"', Parts(words="banjir", none_of='jakarta "jawa barat"')),
        ("judul:banjir sumber:antara", Parts(words="sumber:antara", title="banjir")),
        ("(", Parts(words="(")),
    ],
)
def test_a_query_stands_in_the_fields_of_the_form(text: str, parts: Parts) -> None:
    assert Parts.of(text, read) == parts


@pytest.mark.parametrize(
    "text",
    [
        'harga beras "dana desa" -impor =pasar (naik ATAU turun) judul:banjir "a b"~5 korup* sumber:antara tanggal:2019',
        'judul:"pasar induk" -(beras jagung) -judul:x',
        'beras ATAU "dana desa"',
        "-banjir",
        'm² "S.H."',
    ],
)
def test_the_way_back_asks_for_the_same(text: str) -> None:
    def asked(query: str) -> set[Node]:
        tree = read(query)
        return set(tree.children) if isinstance(tree, And) else {tree}

    assert asked(Parts.of(text, read).text(read)) == asked(text)
