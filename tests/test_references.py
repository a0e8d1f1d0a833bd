"""Articles as references: names of authors in parts, CSL-JSON as other programs read it, and lines in the style of the APA."""

import json
from datetime import date, datetime

import pytest
from citeproc.source.json import CiteProcJSON
from conftest import make_article

from index.article import Article, Correction, CorrectionKind, Status, article_from_fields
from index.dates import WIB
from index.messages import use_language
from search.references import apa_reference, csl_lines, inverted, is_person

AUTHORS = [
    ("Ratna Dewi", "Dewi, Ratna", "Dewi, R."),
    ("Ratna Sari Dewi, S.Sos.", "Dewi, Ratna Sari", "Dewi, R. S."),
    ("Prof. Dr. H. Budi Wibowo, S.H., M.Hum.", "Wibowo, Budi", "Wibowo, B."),
    ("RATNA DEWI", "Dewi, Ratna", "Dewi, R."),
    ("B.J. Rahmat", "Rahmat, BJ", "Rahmat, B. J."),
    ("Nur-Aini Putri", "Putri, Nur-Aini", "Putri, N.-A."),
    ("Joko van der Berg", "van der Berg, Joko", "van der Berg, J."),
    ("Ratna Dewi - kabarUji", "Dewi, Ratna", "Dewi, R."),
    ("Darmo", "Darmo", "Darmo."),  # a single name
    ("Siti Aminah binti Salim", "Siti Aminah binti Salim", "Siti Aminah binti Salim."),
    ("Ratna Dewi S.", "Ratna Dewi S", "Ratna Dewi S."),  # sorted by an initial, nobody would find her
    ("Ratna Dewi and Budi", "Ratna Dewi and Budi", "Ratna Dewi and Budi."),
    ("Tim Redaksi", "Tim Redaksi", "Tim Redaksi."),
    ("Kontributor Bandung, Ratna D", "Kontributor Bandung, Ratna D", "Kontributor Bandung, Ratna D."),
    ("KABARUJI.com", "KABARUJI.com", "KABARUJI.com."),
    ("UJI/Ratna Dewi", "UJI/Ratna Dewi", "UJI/Ratna Dewi."),
    ("TVX Indonesia", "TVX Indonesia", "TVX Indonesia."),
    ("Ratna Dewi, Budi Wibowo", "Ratna Dewi, Budi Wibowo", "Ratna Dewi, Budi Wibowo."),  # nobody is left out
]


@pytest.mark.parametrize(("author", "listed", "apa"), AUTHORS)
def test_authors_stand_under_the_last_word_of_a_persons_name(author: str, listed: str, apa: str) -> None:
    assert inverted(author) == listed
    assert str(apa_reference(make_article(authors=(author,)))).startswith(f"{apa} (2023, July 28). Harga")


@pytest.mark.parametrize(
    ("author", "person"), [("Ratna Dewi", True), ("Darmo", True), ("Siti binti Salim", True), ("Tim Redaksi", False)]
)
def test_persons_are_told_from_newsrooms(author: str, person: bool) -> None:
    assert is_person(author) is person


@pytest.mark.parametrize(
    ("changes", "indonesian", "english"),
    [
        (
            {},
            "Dewi, R. (2023, 28 Juli). Harga beras naik. Harian Uji. https://uji.example/a",
            "Dewi, R. (2023, July 28). Harga beras naik. Harian Uji. https://uji.example/a",
        ),
        (
            {"authors": ("Ratna Dewi", "Darmo", "Tim Redaksi"), "date": date(1998, 5, 2)},
            "Dewi, R., Darmo, & Tim Redaksi. (1998, 2 Mei). Harga beras naik. Harian Uji. https://uji.example/a",
            "Dewi, R., Darmo, & Tim Redaksi. (1998, May 2). Harga beras naik. Harian Uji. https://uji.example/a",
        ),
        (
            {"authors": (), "title": "Mengapa naik?"},
            "Mengapa naik? (2023, 28 Juli). Harian Uji. https://uji.example/a",
            "Mengapa naik? (2023, July 28). Harian Uji. https://uji.example/a",
        ),
        (
            {"date": None, "source": None, "url": None},
            "Dewi, R. (t.t.). Harga beras naik.",
            "Dewi, R. (n.d.). Harga beras naik.",
        ),
        (
            {"status": Status.WITHDRAWN},
            "Dewi, R. (2023, 28 Juli). Harga beras naik [Dicabut]. Harian Uji. https://uji.example/a",
            "Dewi, R. (2023, July 28). Harga beras naik [Withdrawn]. Harian Uji. https://uji.example/a",
        ),
    ],
)
def test_a_reference_tells_what_is_known_in_the_language_in_use(
    changes: dict[str, object], indonesian: str, english: str
) -> None:
    fields: dict[str, object] = {"title": "Harga beras naik", "url": "https://uji.example/a"}
    article = make_article(**(fields | changes))
    assert str(apa_reference(article)) == english
    use_language("id")
    assert str(apa_reference(article)) == indonesian


def test_the_newspapers_name_is_the_part_in_italics() -> None:
    assert apa_reference(make_article()).source == "Harian Uji"


# --- CSL-JSON


def read_by_citeproc(*articles: Article) -> CiteProcJSON:
    return CiteProcJSON(json.loads("".join(csl_lines(articles))))


def test_another_program_reads_what_the_items_say() -> None:
    article = make_article(
        authors=("Ratna Dewi", "Tim Redaksi"),
        summary="Pedagang mengeluh.",
        tags=("beras",),
        status=Status.CORRECTED,
        corrections=(Correction(CorrectionKind.ERRATUM, "Angkanya 5%."),),
    )
    item = read_by_citeproc(article, make_article(id="uji-2"))["uji-1"]
    assert item.type == "article-newspaper"
    assert (str(item.title), str(item.container_title)) == (article.title, "Harian Uji")
    assert (item.author[0].family, item.author[0].given) == ("Dewi", "Ratna")
    assert (item.issued.year, item.issued.month, item.issued.day) == (2023, 7, 28)
    (record, _other) = json.loads("".join(csl_lines([article, make_article(id="uji-2")])))
    assert record["author"][1] == {"literal": "Tim Redaksi"}
    assert (record["URL"], record["section"], record["keyword"]) == (article.url, "Ekonomi", "beras")
    assert (record["abstract"], record["note"]) == ("Pedagang mengeluh.", "Ralat: Angkanya 5%.")


def test_a_list_of_items_is_json_however_many_there_are() -> None:
    for number in range(3):
        articles = [make_article(id=f"uji-{n}", date=datetime(2023, 7, 28, tzinfo=WIB)) for n in range(number)]
        assert [record["id"] for record in json.loads("".join(csl_lines(articles)))] == [a.id for a in articles]


def test_an_item_says_nothing_of_what_is_not_known() -> None:
    (record,) = json.loads("".join(csl_lines([article_from_fields(id="uji-2", title="Surat pembaca")])))
    assert record == {"id": "uji-2", "type": "article-newspaper", "title": "Surat pembaca"}
