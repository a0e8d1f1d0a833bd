"""Whom an article names: mentions of persons joined, by the article alone, to one full name a person.

Honorifics, ranks and degrees are no part of a name (`index.titles`); a name without a surname is as good as any other. Inside
one article a part of a name stands for the one full name that has it; between articles nothing is ever joined here: that is
the authority file's business, which compares by `name_key` and `variant_key` (`index.namekeys`).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, TypeAlias

from index.analysis import fold
from index.mentioned import Name, Words, is_short_form, names_of
from index.namekeys import name_key, slug_of, variant_key
from index.titles import FAMILIAR, NO_NAMES, ROMAN, TERRITORIES, bare_name, is_institution

if TYPE_CHECKING:  # who only compares names does not load a tagger
    from index.tagging import Mention

__all__ = ["bare_name", "name_key", "nicknames_in", "people_in", "slug_of", "variant_key"]

Belongs: TypeAlias = dict[Words, Words | None]

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


def _nicknames(text: str, mentions: Sequence["Mention"]) -> Iterator[tuple[Name, Name]]:
    persons = {mention.start: mention for mention in mentions if mention.kind == "person"}
    for mention in persons.values():
        names = names_of(mention.text)
        end = mention.end
        if text[end : end + 2] == " (" and (bracket := _BRACKETED.match(text, end)):
            inside = persons.get(bracket.start(1))
            nicknames = names_of(bracket[1])
            sure = inside is not None and inside.end == bracket.end(1)
            if names and nicknames and (sure or _is_made_of(nicknames[0], names[-1])):
                yield names[-1], nicknames[0]
            end = bracket.end()
        called = _CALLED.match(text, end)
        if called and names:
            following = persons.get(called.end())
            said = _NICKNAME.match(text, called.end())
            loose = called[0].split()[-1] == "atau"
            nicknames = names_of(following.text) if following else names_of(said[0]) if said and not loose else ()
            if nicknames and names[-1].words != nicknames[0].words:
                yield names[-1], nicknames[0]


def _is_made_of(nickname: Name, name: Name) -> bool:
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
    names: dict[Words, Name] = {}
    counts: Counter[Words] = Counter()
    for is_person, text in _whole(body, mentions):
        found = names_of(text)
        if is_person:
            for name in found:
                names.setdefault(name.words, name)
                counts[name.words] += 1
        else:
            counts.subtract(name.words for name in found if name.shown == text)
    if not names:
        return ()
    names = _without_pairs(_without_common_words(_without_runs(names), counts, body), counts)
    _add_untagged(names, counts, body)
    belongs = _fullest(names, counts)
    _add_nicknames(belongs, names, _nicknames(body, mentions))
    _add_short_forms(belongs, names, lambda shown: any(f"{address} {shown}" in body for address in _ADDRESSES))
    groups = _grouped(names, belongs)
    persons = [
        (full, parts)
        for full, parts in groups.items()
        if any(counts[part] >= (len(part) == 1) for part in parts)
        and not _is_noise(names[full].shown, body, sum(counts[part] for part in parts))
    ]
    if len(persons) > 1:
        headline = fold(title)
        places = {full: _place_in(headline, [names[part].folded for part in parts]) for full, parts in persons}
        persons.sort(key=lambda person: places[person[0]])
    return tuple(names[full].shown for full, _ in persons)


_BEFORE_PERSONS = ("Pak ", "Bu ", "Mas ", "Mbak ", "Bang ", "Bung ")
_INITIAL = re.compile(r"(?!H\.)[A-Z]\.(?![A-Z])")  # H. is Haji
_OF_PLACES = frozenset("utara selatan timur barat tengah tenggara besar raya".split())  # Jakarta Timur M. Anwar
_BEHIND_INITIAL = re.compile(r"[ .][A-Z]\.? [A-Z][a-z][\w'’-]+")


def _is_person(mention: "Mention") -> bool:
    return mention.kind == "person" or mention.text.startswith(_BEFORE_PERSONS)


def _whole(body: str, mentions: Sequence["Mention"]) -> Iterator[tuple[bool, str]]:
    """Yield of each mention whether it is a person's, and its text with what a tagger left out where the body shows it.

    This is the next mention of a person where nothing lies between, what follows an initial, and the word before where it is
    an initial or begins another mention of a person: Dante of Dante Saksono, where Dante stands alone, too.
    """
    persons = [mention for mention in mentions if _is_person(mention)]
    firsts = {next((word for word in each.text.split() if word.lower() not in NO_NAMES), "") for each in persons} - {""}
    if len(persons) < len(mentions):
        others = [mention for mention in mentions if not _is_person(mention)]
        firsts.difference_update([mention.text for mention in others])
        yield from ((False, mention.text) for mention in others)
    ends = {mention.end for mention in mentions if not _is_person(mention)}
    taken = 0
    for mention, following in zip_longest(persons, persons[1:]):
        start, end = mention.start, mention.end
        if start < taken:
            continue
        if following and following.start == end + 1 and body[end] == " " and not is_institution(mention.text):
            end = following.end
        elif behind := _BEHIND_INITIAL.match(body, end - 2 - (body[end - 1] == ".")):
            end = behind.end()
        before = _word_before(body, start)
        if (before in firsts and not mention.text.startswith(before)) or _INITIAL.fullmatch(before):
            start -= len(before) + 1
        if (
            _INITIAL.match(body, start)
            and start - 1 not in ends
            and _may_be_first(before := _word_before(body, start), body)
            and _word_before(body, start - len(before) - 1).lower() not in TERRITORIES
        ):
            start -= len(before) + 1
        yield True, body[start:end]
        taken = end


def _may_be_first(word: str, body: str) -> bool:
    """Return whether a word before an initial may be a first name: Luhut of Luhut B. Pandjaitan."""
    lower = word.lower()
    return (
        word[:1].isupper()
        and word.isalpha()
        and lower not in NO_NAMES
        and lower not in _OF_PLACES
        and f" {lower} " not in body
    )


def _word_before(body: str, place: int) -> str:
    """Return the word that ends one space before this place, "" where another character is there."""
    return body[body.rfind(" ", 0, place - 1) + 1 : place - 1] if place > 1 and body[place - 1] == " " else ""


def _without_runs(names: dict[Words, Name]) -> dict[Words, Name]:
    """Return the names but those that begin with one of the others and end with another one: parts of a sentence."""
    runs = [
        words
        for words in names
        if len(words) > 3
        and any(words[:end] in names for end in range(2, len(words) - 1))
        and any(words[begin:] in names for begin in range(2, len(words) - 1))
    ]
    return {words: name for words, name in names.items() if words not in runs} if runs else names


def _without_common_words(names: dict[Words, Name], counts: Counter[Words], body: str) -> dict[Words, Name]:
    """Return the names but those that are an oftener one beside a word that the body has in lower case: Nama Budi, Budi Akui."""
    longer: dict[Words, Words] = {}
    for words, name in names.items():
        count = counts[words]
        for end in range(1, len(words)):
            if counts.get(words[:end], 0) > count and _has_common_word(name, end, body):
                longer[words] = words[:end]
                break
        if counts.get(words[1:], 0) > count and _has_common_word(name, 0, body):
            longer[words] = words[1:]
    for words, shorter in longer.items():
        counts[shorter] += counts[words]
    return {words: name for words, name in names.items() if words not in longer} if longer else names


_DERIVED = re.compile(r"(?:ke|pe|di)[a-z]{5,}(?:an|kan)")  # kepresidenan, penonaktifan, diperintahkan: no name is so


def _has_common_word(name: Name, place: int, body: str) -> bool:
    """Return whether the body has this word of the name in lower case, but not the whole name, as keywords have."""
    lower = name.shown.lower()
    parts = lower.split()
    return (
        len(parts) == len(name.words)
        and lower not in body
        and (f" {parts[place]} " in body or _DERIVED.fullmatch(parts[place]) is not None)
    )


# What follows the first name of a full one, and ends before the sentence goes on.
_REST = re.compile(r"(?: [A-Z][a-z][a-z'’-]+){1,3}(?= [a-z(]|[,.])")
_LEAST_FIRST = 4  # letters of that first name


def _add_untagged(names: dict[Words, Name], counts: Counter[Words], body: str) -> None:
    """Add the full names that begin with a name mentioned alone, where the tagger saw this one only."""
    joined = {word for words in names if len(words) > 1 for word in words}
    for words, name in list(names.items()):
        if len(words) > 1 or words[0] in joined or counts[words] < 1 or len(name.shown) < _LEAST_FIRST:
            continue
        place = body.find(f"{name.shown} ")
        while place >= 0:
            rest = _REST.match(body, place + len(name.shown))
            if (
                rest
                and not body[max(place - 1, 0) : place].isalpha()
                and not _has_any_word(body, rest[0].lower().split())
            ):
                for full in names_of(name.shown + rest[0]):
                    if NO_NAMES.isdisjoint(full.words):
                        names.setdefault(full.words, full)
                        counts[full.words] += 1
            place = body.find(f"{name.shown} ", place + 1)


def _has_any_word(body: str, words: list[str]) -> bool:
    return any(f" {word} " in body for word in words)


def _without_pairs(names: dict[Words, Name], counts: Counter[Words]) -> dict[Words, Name]:
    """Return the names, each such as Prabowo-Gibran replaced by the two that it joins."""
    if not any("-" in name.shown for name in names.values()):
        return names
    apart: dict[Words, Name] = {}
    known = {word for name in names.values() if "-" not in name.shown for word in name.words}
    for words, name in names.items():
        halves = _halves(name, known)
        for half in halves or (name,):
            apart.setdefault(half.words, half)
            if halves:
                counts[half.words] += counts[words]
    return apart


def _halves(name: Name, known: set[str]) -> tuple[Name, ...]:
    first, hyphen, second = name.shown.partition("-")
    if not hyphen or not second[:1].isupper() or len(first) < 3 or len(second) < 3 or first in {"Abd", "Abdul"}:
        return ()
    halves = names_of(first) + names_of(second)
    lone = " " not in name.shown
    both = " " in first and " " in second
    if len(halves) == 2 and (lone or both or any(known.issuperset(half.words) for half in halves)):
        return halves
    return ()


_GIVEN_FIRST = frozenset(  # first names and what stands before them that are often left out
    """muhamad ahmad akhmad abdul abd sri siti i ni a m r nur andi cut teuku tengku raden tubagus ida gusti anak dewa wayan made
    nyoman ketut putu gede kadek komang""".split()
)


def _fullest(names: dict[Words, Name], counts: Counter[Words]) -> Belongs:
    """Return of each part of a name the one full name that has it, None where several have it.

    Where a name of two words and more stands oftener by itself than behind other words, these are of the sentence (Kata Ali
    Fikri) and the longer form is the one that belongs to the shorter. Where they are mentioned by themselves, too, it is
    another person: Iriana Joko Widodo.
    """
    having: dict[str, list[Name]] = {}
    for name in names.values():
        if len(name.words) > 1:
            for word in name.words:
                having.setdefault(word, []).append(name)
    belongs: Belongs = {}
    for words, name in names.items():
        longest = max(words, key=len)
        fuller = [other for other in having.get(longest, ()) if name.is_part_of(other)]
        if not fuller and len(words) == 2 and words[0] in FAMILIAR:  # Gus Yahya
            fuller = [other for other in having.get(words[1], ()) if other.words != words]
        if len(words) > 1:
            fuller = [other for other in fuller if not _is_apart(words, other.words, names, counts, belongs)]
        if fuller:
            fullest = [one for one in fuller if not any(one.is_part_of(other) for other in fuller)]
            belongs[words] = fullest[0].words if len(fullest) == 1 else None
    return belongs


def _is_apart(words: Words, longer: Words, names: dict[Words, Name], counts: Counter[Words], belongs: Belongs) -> bool:
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


def _add_nicknames(belongs: Belongs, names: dict[Words, Name], nicknames: Iterator[tuple[Name, Name]]) -> None:
    for name, nickname in nicknames:
        if nickname.words in names and name.words in names and not nickname.is_part_of(name):
            bearer = belongs.get(name.words, name.words)
            if bearer != nickname.words:
                belongs[nickname.words] = bearer


_LEAST_CUT = 4  # letters of a name that is cut short, where nobody is addressed by it: Sandi, Alex
_CHILD = ("putra", "putri")  # whose child one is: Soekarno is not Soekarnoputri
_ADDRESSES = ("bu", "Bu", "pak", "Pak", "mas", "Mas", "bak")  # and Ibu, bapak, Mbak


def _add_short_forms(belongs: Belongs, names: dict[Words, Name], is_addressed: Callable[[str], bool]) -> None:
    """Join SBY, Jokowi, the Mega of Bu Mega, and the Sandi behind Sandiaga Uno to the one name of the article that they are of.

    Measured on real news: of 97 names that begin a word of one fuller name of their article 8 are another person's, all of them
    mentioned before it, or of the parents of its bearer.
    """
    full = [name for words, name in names.items() if len(words) > 1 and words not in belongs]
    order = {words: place for place, words in enumerate(names)}
    for words, name in names.items():
        if len(words) == 1 and words not in belongs and full:
            bearers = [one for one in full if is_short_form(words[0], one.words, capitals=name.shown.isupper())]
            if not bearers and len(words[0]) > 2:
                bearers = [one for one in full if f" {words[0]}" in one.joined]
                if bearers and not is_addressed(name.shown):
                    bearers = (
                        [one for one in bearers if order[one.words] < order[words]]
                        if _is_cut(words[0], bearers)
                        else []
                    )
            if len(bearers) == 1:
                belongs[words] = bearers[0].words


def _is_cut(word: str, bearers: Sequence[Name]) -> bool:
    """Return whether a word that begins one of the words of names may be this word cut short."""
    return len(word) >= _LEAST_CUT and not any(
        part == word + child for one in bearers for part in one.words for child in _CHILD
    )


def _grouped(names: dict[Words, Name], belongs: Belongs) -> dict[Words, list[Words]]:
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


def _is_noise(shown: str, body: str, count: int) -> bool:
    """Return whether a name that is mentioned `count` times stands for nobody.

    Keywords that an article ends with hold its names in lower case, too: a few of them say nothing against a frequent name,
    and nothing against one of several words that they hold whole.
    """
    if ROMAN.fullmatch(shown):
        return True
    if len(shown) < 5 and shown.isupper():
        aged = f"{shown} (" in body and body.partition(f"{shown} (")[2][:1].isdigit()
        return len(shown) < _LEAST_LETTERS or aged or _WITHHELD.search(body) is not None
    lower = shown.lower()
    if " " in lower:
        return all(word in body and f" {word} " in body for word in lower.split()) and lower not in body
    return lower in body and body.count(f" {lower} ") >= max(count, 1)


def _place_in(headline: str, folded: list[str]) -> int:
    """Return where in the headline the first of these names stands, its length where none does."""
    return min([place for place in map(headline.find, folded) if place >= 0], default=len(headline))
