"""Names are cut to what belongs to them, compared as one name is, and joined to the persons of an article."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.naming import bare_name, name_key, nicknames_in, people_in, slug_of, variant_key
from index.tagging import Mention, MentionKind

_MARKED = re.compile(r"\[([POL]):([^\]]+)\]")
_KINDS = {"P": MentionKind.PERSON, "O": MentionKind.ORGANISATION, "L": MentionKind.PLACE}


def tagged(marked: str) -> tuple[str, list[Mention]]:
    """Return the text in which "[P:Budi]" marks a person, [O:] an organisation, [L:] a place, and the mentions."""
    text, mentions, end = "", [], 0
    for match in _MARKED.finditer(marked):
        text += marked[end : match.start()]
        mentions.append(Mention(len(text), len(text) + len(match[2]), match[2], _KINDS[match[1]]))
        text += match[2]
        end = match.end()
    return text + marked[end:], mentions


def people(marked: str, title: str = "") -> tuple[str, ...]:
    return people_in(title, *tagged(marked))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        # honorifics, ranks, offices
        ("H. Darmo Wibowo", "Darmo Wibowo"),
        ("Hj Ratna Sari", "Ratna Sari"),
        ("KH. Darmo", "Darmo"),
        ("K.H. Darmo", "Darmo"),
        ("Prof. Dr. Ir. H. Darmo Wibowo", "Darmo Wibowo"),
        ("dr Ratna", "Ratna"),
        ("Dr.Ratna", "Ratna"),
        ("Jenderal TNI (Purn.) Darmo Wibowo", "Darmo Wibowo"),
        ("Letkol Inf Darmo", "Darmo"),
        ("Kombes Pol Darmo", "Darmo"),
        ("Kombes Pol. Darmo", "Darmo"),
        ("AKBP Darmo Wibowo", "Darmo Wibowo"),
        ("Presiden Darmo", "Darmo"),
        ("Ustaz Darmo", "Darmo"),
        ("Kapolsek Pancoran Mas Kompol Darmo", "Darmo"),
        ("Menteri Agama Prof. Darmo Wibowo", "Darmo Wibowo"),
        ("Habib Darmo", "Darmo"),
        ("Pak Darmo", "Darmo"),
        ("Mas Darmo", "Darmo"),
        ("Ibu Ratna Sari", "Ratna Sari"),
        # what alone tells a short name from another stays
        ("Gus Darmo", "Gus Darmo"),
        ("Bung Darmo", "Bung Darmo"),
        ("Gus Darmo Wibowo", "Darmo Wibowo"),
        # nothing but an honorific, or a name like one
        ("Habib", "Habib"),
        ("Raden Saleh", "Raden Saleh"),
        ("Ratu Sari", "Ratu Sari"),
        # honorifics of courts, of old spelling, of families; occupations
        ("R.M. Darmo Wibowo", "Darmo Wibowo"),
        ("R. M. Darmo Wibowo", "Darmo Wibowo"),
        ("RA Ratna", "Ratna"),
        ("Raden Ajeng Ratna", "Ratna"),
        ("Raden Mas Darmo Wibowo", "Darmo Wibowo"),
        ("Raden Darmo Wibowo", "Raden Darmo Wibowo"),
        ("R. Darmo", "R. Darmo"),
        ("AA Gede Darmo", "AA Gede Darmo"),
        ("Aa Darmo Wibowo", "Darmo Wibowo"),
        ("Toean Darmo", "Darmo"),
        ("Hadji Darmo Wibowo", "Darmo Wibowo"),
        ("Tuan Darmo", "Darmo"),
        ("Mama Ratna Sari", "Ratna Sari"),
        ("Mama Ratna", "Mama Ratna"),
        ("Opa Darmo Wibowo", "Darmo Wibowo"),
        ("Prakirawan BMKG Ratna Sari", "Ratna Sari"),
        ("Ni Made Ratna", "Ni Made Ratna"),
        # degrees
        ("Darmo Wibowo, S.H.", "Darmo Wibowo"),
        ("Darmo Wibowo, S.H., M.Hum.", "Darmo Wibowo"),
        ("Darmo Wibowo S.H", "Darmo Wibowo"),
        ("Darmo Wibowo SE MM", "Darmo Wibowo"),
        ("Darmo Wibowo SH.LL.M", "Darmo Wibowo"),
        ("Ratna Sari, Ph.D", "Ratna Sari"),
        ("Ratna Sari SpKJ", "Ratna Sari"),
        ("Ratna Sari, Sp.KN", "Ratna Sari"),
        ("Darmo (Purn)", "Darmo"),
        ("Darmo Setiawan", "Darmo Setiawan"),
        # quotes, brackets, clitics, institutions
        ("Ma’ruf Wibowo", "Ma'ruf Wibowo"),
        ("“Darmo Wibowo”", "Darmo Wibowo"),
        ("Darmo Wibowo (45)", "Darmo Wibowo"),
        ("Darmo Wibowo (Golkar", "Darmo Wibowo"),
        ("Darmo-nya", "Darmo"),
        ("Anggota DPR RI Dr. Darmo Wibowo", "Darmo Wibowo"),
        ("Kemenhub Darmo Wibowo", "Darmo Wibowo"),
        ("Pengageng KGPH Darmo", "Darmo"),
        ("Teradu XIII Darmo Wibowo", "Darmo Wibowo"),
        ("I Wayan Darmo", "I Wayan Darmo"),
        ("KPU Darmo Wibowo", "Darmo Wibowo"),
        ("Darmo PDIP", "Darmo"),
        ("  Darmo   Wibowo ", "Darmo Wibowo"),
        ("Darmo 'Cak Mo' Wibowo", "Darmo Wibowo"),
        ("Darmo 'Ok", "Darmo"),
        ("Darmo O'Shea", "Darmo O'Shea"),
        ("Darmo Wibowo – Pendiri", "Darmo Wibowo"),
        # particles and initials
        ("Darmo bin Wibowo", "Darmo bin Wibowo"),
        ("Virgil van Dijk", "Virgil van Dijk"),
        ("Salim al-Habsyi", "Salim al-Habsyi"),
        ("B.J. Darmo", "BJ Darmo"),
        ("B. J. Darmo", "BJ Darmo"),
        ("V. I. Darmo", "VI Darmo"),
        ("K. H. Darmo", "Darmo"),
        ("A. Riza Darmo", "A. Riza Darmo"),
        ("A.Riza Darmo", "A. Riza Darmo"),
        ("Darmo S. Wibowo", "Darmo S. Wibowo"),
        # capitals
        ("DARMO WIBOWO", "Darmo Wibowo"),
        ("BJ DARMO", "BJ Darmo"),
        ("SBY", "SBY"),
        ("DARMO XIV", "Darmo XIV"),
        ("Darmo XIV", "Darmo XIV"),
        ("MS Darmo", "MS Darmo"),
        ("Ms. Darmo", "Darmo"),
        ("(Gus Darmo)", "Gus Darmo"),
        ("Darmo WIBOWO", "Darmo Wibowo"),
        ("", ""),
        ("(45)", ""),
    ],
)
def test_a_name_is_shown_without_what_does_not_belong_to_it(text, name):
    assert bare_name(text) == name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ma’ruf Wibowo", "MARUF WIBOWO"),
        ("B.J. Darmo", "BJ Darmo"),
        ("H.M. Darmo", "M. Darmo"),
        ("H. M. Darmo", "HM Darmo"),
        ("Prof. Darmo", "Darmo"),
        ("Kim Jong-un", "Kim Jong Un"),
        ("José Darmo", "Jose Darmo"),
    ],
)
def test_names_that_are_the_same_have_one_key_and_one_slug(one, other):
    assert name_key(one) == name_key(other)
    assert slug_of(one) == slug_of(other)


def test_different_names_have_different_keys():
    names = ["Darmo", "Darma", "Darmo Wibowo", "Wibowo Darmo", "Gus Darmo", "D. Wibowo"]
    assert len({name_key(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Soedirdjo Wibowo", "Sudirjo Wibowo"),
        ("Tjokro Darmo", "Cokro Darmo"),
        ("Sjahrir Darmo", "Syahrir Darmo"),
        ("Achsan Darmo", "Akhsan Darmo"),
        ("Dhani Wibowo", "Dani Wibowo"),
        ("Wiedodo Darmo", "Widodo Darmo"),
        ("Fatchurrochman Darmo", "Fatkhurokhman Darmo"),
        ("Thalib Darmo", "Talib Darmo"),
        ("Yusuph Darmo", "Yusuf Darmo"),
        ("Moh. Darmo", "Muhammad Darmo"),
        ("Salim Al-Habsyi", "Salim Alhabsji"),
        # an old y beside another old sign
        ("Soerjo Wibowo", "Suryo Wibowo"),
        ("Soejono Darmo", "Suyono Darmo"),
        ("Tjahjo Darmo", "Cahyo Darmo"),
        ("Sastroamidjojo Darmo", "Sastroamijoyo Darmo"),
        ("Muljadi Darmo", "Mulyadi Darmo"),
        ("Wahjudi Darmo", "Wahyudi Darmo"),
        ("Njoto Darmo", "Nyoto Darmo"),
        # ch, kh, h
        ("Achmad Darmo", "Ahmad Darmo"),
        ("Akhmad Darmo", "Ahmad Darmo"),
        ("Bachtiar Darmo", "Bahtiar Darmo"),
        ("Syach Darmo", "Syah Darmo"),
    ],
)
def test_spellings_of_one_name_have_one_variant_key(one, other):
    assert variant_key(one) == variant_key(other)
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Benjamin Darmo", "Benyamin Darmo"),
        ("Joel Darmo", "Jul Darmo"),
        ("Darmo Wibowo", "Wibowo Darmo"),
        ("Soedjono Darmo", "Suyono Darmo"),
        ("Sudjono Darmo", "Soejono Darmo"),
        ("Jusuf Darmo", "Yusuf Darmo"),
        ("Surjadi Darmo", "Suryadi Darmo"),
        ("Salim Aljufri", "Salim Alyufri"),
        ("Michael Darmo", "Mihael Darmo"),
        ("Darmo XII", "Darmo XIII"),
    ],
)
def test_names_that_may_be_of_two_persons_have_two_variant_keys(one, other):
    assert variant_key(one) != variant_key(other)


def test_a_single_word_is_never_joined_by_likeness():
    assert variant_key("Soedirdjo") is None
    assert variant_key("Prof. Soedirdjo") is None


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Ma’ruf Wibowo", "maruf-wibowo"),
        ("Dr. B.J. Darmo, S.H.", "bj-darmo"),
        ("Kim Jong-un", "kim-jong-un"),
        ("Zoë Łukasz Øster", "zoe-lukasz-oster"),
        ("Straße Weiß", "strasse-weiss"),
        ("...", ""),
    ],
)
def test_a_slug_is_what_an_address_can_hold(name, slug):
    assert slug_of(name) == slug


@given(st.text(max_size=40))
def test_any_text_has_a_name_a_key_and_a_slug(text):
    bare_name(text)
    variant_key(text)
    assert re.fullmatch(r"[a-z0-9]*(?:-[a-z0-9]+)*", slug_of(text))


@given(st.text(alphabet="abcABC ,'-()", max_size=30))
def test_a_bare_name_is_its_own_bare_name(text):
    assert name_key(bare_name(text)) == name_key(text)


@pytest.mark.parametrize(
    ("marked", "found"),
    [
        # full name first, parts of it later, or before
        ("[P:Darmo Wibowo] datang. [P:Wibowo] pergi, kata [P:Darmo].", ["Darmo Wibowo"]),
        ("[P:Wibowo] datang. Menurut [P:Darmo Wibowo], ia pergi.", ["Darmo Wibowo"]),
        ("[P:Prof. Darmo Wibowo, S.H.] datang. [P:Pak Darmo] pergi.", ["Darmo Wibowo"]),
        # a chain of ever fuller forms
        ("[P:Darmo], [P:Darmo Wibowo], [P:Darmo Wibowo Kusumo]", ["Darmo Wibowo Kusumo"]),
        ("[P:Darmo Kusumo] lalu [P:Darmo W. Kusumo]", ["Darmo W. Kusumo"]),
        # words of the sentence before a name, and another person whose name ends like it
        ("[P:Khusus Darmo Wibowo], kata [P:Seno]. [P:Darmo Wibowo] dan [P:Darmo Wibowo].", ["Darmo Wibowo", "Seno"]),
        ("[P:Nama Darmo] dikenal. [P:Darmo] senang, [P:Darmo] bangga: sebuah nama besar.", ["Darmo"]),
        ("[P:Muhammad Darmo Wibowo] datang. [P:Darmo Wibowo]! [P:Darmo Wibowo]!", ["Muhammad Darmo Wibowo"]),
        ("[P:Darmo Wibowo] dan [P:Ratna Darmo Wibowo]. [P:Ratna] tertawa.", ["Darmo Wibowo", "Ratna Darmo Wibowo"]),
        ("[P:Darmo Layak Dipilih], kata [P:Darmo]. Siapa layak dipilih? [P:Darmo] tahu.", ["Darmo"]),
        ("Kepala Dinas Darmo [P:Wibowo Kusumo] datang. [P:Darmo] pergi.", ["Darmo Wibowo Kusumo"]),
        ("[P:Darmo] [P:Wibowo Kusumo] datang.", ["Darmo Wibowo Kusumo"]),
        ("[P:Darmo W]. Kusumo datang. [P:Darmo Y.] Seno pergi.", ["Darmo W. Kusumo", "Darmo Y. Seno"]),
        ("[P:Darmo WibowoDarmo] datang. [P:LaguDarmo] merdu.", ["Darmo Wibowo"]),
        ("[P:SpKJ], [P:S. Si]", []),
        ("Kata Ratna Sari Dewi kepada pers. [P:Ratna] tertawa.", ["Ratna Sari Dewi"]),
        ("Kata Ratna Hari Ini kepada pers. [P:Ratna] tertawa di hari ini .", ["Ratna"]),
        ("Gubernur Ratna Kamis lalu datang. [P:Ratna] tertawa.", ["Ratna"]),
        ("kata Luhur [P:B. Darmo] dan M. [P:Seno Wibowo]", ["Luhur B. Darmo", "M. Seno Wibowo"]),
        ("Kata Seno B. [P:Darmo] kepada pers.", ["Seno B. Darmo"]),
        ("[P:Darmo Wibowo] dan [P:Ratna Sari]. [P:Darmo Wibowo Ratna Sari]", ["Darmo Wibowo", "Ratna Sari"]),
        ("[P:Darmo Wibowo Marahi Ratna Sari]. [P:Darmo Wibowo] dan [P:Ratna Sari]", ["Darmo Wibowo", "Ratna Sari"]),
        ("[P:Kepresidenan Darmo] berkata. [P:Darmo] tertawa. [P:Darmo] pergi.", ["Darmo"]),
        ("[P:Cut Ratna Sari] datang. [P:Ratna Sari] tertawa. [P:Ratna Sari] pergi.", ["Cut Ratna Sari"]),
        ("[P:Seno Darmo]. [O:Mas Ratna] tertawa.", ["Seno Darmo", "Ratna"]),
        ("[P:Darmo Wibowo Darmo] dan [P:BINRatna Sari]", ["Darmo Wibowo", "Ratna Sari"]),
        # a part of several full names belongs to none of them
        ("[P:Darmo Wibowo] dan [P:Seno Wibowo]. [P:Wibowo] tertawa.", ["Darmo Wibowo", "Seno Wibowo"]),
        # initials
        ("[P:A. Riza Darmo] lalu [P:Ahmad Riza Darmo]", ["Ahmad Riza Darmo"]),
        ("[P:B.J. Darmo], [P:BJ Darmo], [P:Bakti Jaya Darmo]", ["Bakti Jaya Darmo"]),
        ("[P:Ratna Kusuma Sari] menang. [P:Ratna KS] senang.", ["Ratna Kusuma Sari"]),
        ("[P:M. Darmo] dan [P:S. Darmo]", ["M. Darmo", "S. Darmo"]),
        # what stands before initials is not always a name
        ("Bupati Kampar [P:R. Darmo] datang.", ["R. Darmo"]),
        ("Wali Kota [L:Jakarta Timur] [P:M. Darmo] datang.", ["M. Darmo"]),
        ("Kapolsek Jakarta Timur [P:M. Darmo] datang.", ["M. Darmo"]),
        ("Bupati Kampar H. [P:Darmo Wibowo] datang.", ["Darmo Wibowo"]),
        # forebears
        ("[P:Darmo bin Wibowo] datang.", ["Darmo bin Wibowo"]),
        ("[P:Darmo Seno Wibowo bin Kusumo Harjo bin Sastro]", ["Darmo Seno Wibowo bin Kusumo Harjo"]),
        ("[P:Darmo Seno Wibowo Adi Putra binti Kusumo Harjo]", ["Darmo Seno Wibowo Adi Putra"]),
        # spellings within one article
        ("[P:Soedirdjo Wibowo] datang. [P:Sudirjo] pergi.", ["Soedirdjo Wibowo"]),
        # short forms
        ("[P:Darmo Kusumo Wibowo] ([P:DKW]) datang. [P:DKW] pergi.", ["Darmo Kusumo Wibowo"]),
        ("[P:Darmo Wibowo] datang. [P:Darmi] tertawa. [P:Darmowi] pergi.", ["Darmo Wibowo", "Darmi"]),
        ("Presiden [P:Darmo Wibowo Darmowi] datang.", ["Darmo Wibowo"]),
        ("[P:Ratnawati Sari] datang. Bu [P:Ratna] pergi.", ["Ratnawati Sari"]),
        ("[P:Ratnawati Sari] datang. [P:Ratna] pergi.", ["Ratnawati Sari"]),
        ("[P:Ratna] pergi. [P:Ratnawati Sari] datang.", ["Ratna", "Ratnawati Sari"]),
        (
            "[P:Ratnawati Sari] dan [P:Ratnasari Dewi] datang. [P:Ratna] pergi.",
            ["Ratnawati Sari", "Ratnasari Dewi", "Ratna"],
        ),
        ("[P:Ratnaputri Sari] datang. [P:Ratna] pergi.", ["Ratnaputri Sari", "Ratna"]),  # of her parent
        ("[P:Ratnawati Sari] datang. [P:Rat] pergi.", ["Ratnawati Sari", "Rat"]),
        ("[P:Gus Darmo] datang. [P:Darmo Wibowo] pergi.", ["Darmo Wibowo"]),
        # nicknames that the article explains
        ("[P:Darmo Wibowo] alias [P:Kancil] ditangkap. [P:Kancil] mengaku.", ["Darmo Wibowo"]),
        ("[P:Darmo Wibowo] yang akrab disapa [P:Atuk] datang. Kata [P:Atuk], ia pergi.", ["Darmo Wibowo"]),
        ("[P:Darmo Wibowo], atau akrab disapa [P:Cak Mo], datang. [P:Cak Mo] pergi.", ["Darmo Wibowo"]),
        ("[P:Darmo Wibowo] (Cak Mo) datang. [P:Cak Mo] pergi.", ["Darmo Wibowo", "Cak Mo"]),
        ("[P:Darmo Wibowo] ([P:Cak Mo]) datang. [P:Cak Mo] pergi.", ["Darmo Wibowo"]),
        # two persons in one mention
        ("[P:Darmo-Ratna] menang. [P:Darmo Wibowo] senang.", ["Darmo Wibowo", "Ratna"]),
        ("[P:Darmo Wibowo-Ratna Sari] menang.", ["Darmo Wibowo", "Ratna Sari"]),
        ("[P:Darmo Wibowo/Ratna Sari] menang. [P:Sari] senang.", ["Darmo Wibowo", "Ratna Sari"]),
        ("[P:Trent Alexander-Arnold] mencetak gol. [P:Alexander-Arnold] senang.", ["Trent Alexander-Arnold"]),
        ("[P:Salim Al-Habsyi] datang. [P:Al-Habsyi] pergi.", ["Salim Al-Habsyi"]),
        # what is oftener something else, or a common word
        ("[L:Darmo] ramai. [P:Darmo] sepi. [L:Darmo] lagi.", []),
        ("[P:Darmo] pergi ke [L:Darmo]. Kata [P:Darmo], sepi.", ["Darmo"]),
        ("[P:Darmo Wibowo] datang ke [L:Darmo Wibowo].", ["Darmo Wibowo"]),
        ("[O:Golkar Darmo] dan [O:Gerindra Darmo]. [P:Darmo] datang.", ["Darmo"]),
        ("[P:Mawar] mekar, sekuntum mawar merah.", []),
        ("[P:Darmo] datang. Kata [P:Darmo], ia lapar. darmo lapar politik", ["Darmo"]),
        ("[P:Kereta Lapar] lewat. Seorang lapar naik kereta pagi.", []),
        ("[P:Darmo Wibowo] lapar. darmo wibowo lapar politik", ["Darmo Wibowo"]),
        ("[P:Mawar Sari] datang membawa mawar merah. [P:Mawar] pulang.", ["Mawar Sari"]),
        # noise
        ("[P:A], [P:7], [P:Darmo 77], [P:Pak], [P:H.], [P:Satu Dua Tiga Empat Lima Enam Tujuh], [P:XIV]", []),
        ("[P:Piala Darmo], [P:Darmo Cup], [P:Stadion Darmo], [P:Jika Darmo]", []),
        ("1. [P:Darmo Wibowo2]. [P:Ratna Sari3]", ["Darmo Wibowo", "Ratna Sari"]),
        ("Pelaku berinisial [P:DKW] ditangkap.", []),
        ("Korban [P:DKW] (32) selamat.", []),
        ("[P:DKW] berpidato.", ["DKW"]),
        ("", []),
    ],
)
def test_an_article_names_each_person_once(marked, found):
    assert list(people(marked)) == found


def test_a_name_of_the_body_is_mentioned_first_where_the_title_has_it():
    body = "[P:Darmo Wibowo] bertemu [P:Ratna Sari]."
    assert people(body) == ("Darmo Wibowo", "Ratna Sari")
    assert people(body, "RATNA SARI bertemu Darmo") == ("Ratna Sari", "Darmo Wibowo")


def test_the_title_alone_names_nobody():
    assert people("Hujan turun.", "Darmo Wibowo bertemu Ratna Sari") == ()


@pytest.mark.parametrize(
    ("marked", "pairs"),
    [
        ("[P:Darmo Wibowo] alias Kancil ditangkap", [("Darmo Wibowo", "Kancil")]),
        ("[P:Darmo Wibowo] alias [P:Kancil] ditangkap", [("Darmo Wibowo", "Kancil")]),
        ('[P:Darmo Wibowo] yang akrab disapa "Atuk"', [("Darmo Wibowo", "Atuk")]),
        ("[P:Darmo Wibowo] atau akrab disapa Gus Mo datang", [("Darmo Wibowo", "Gus Mo")]),
        ("[P:Darmo Wibowo] atau yang lebih dikenal sebagai [P:Kancil]", [("Darmo Wibowo", "Kancil")]),
        ("[P:Darmo Wibowo] atau [P:Cak Mo] datang", [("Darmo Wibowo", "Cak Mo")]),
        ("[P:Darmo Wibowo] (Darmowi) datang", [("Darmo Wibowo", "Darmowi")]),
        ("[P:Darmo Kusumo Wibowo] (DKW) datang", [("Darmo Kusumo Wibowo", "DKW")]),
        ("[P:Darmo Wibowo] (Golkar) datang", []),
        ("[P:Darmo Wibowo] atau Golkar menang", []),
        ("[P:Darmo Wibowo] dikenal luas", []),
        ("[P:Darmo Wibowo] datang", []),
    ],
)
def test_a_text_tells_what_persons_are_called(marked, pairs):
    assert nicknames_in(*tagged(marked)) == pairs
