"""Which words of an article's original text a query matches, why, and the snippets that show it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from index.analysis import ANALYZER, Analyzer, Token
from index.article import Article
from index.schema import names_of
from search.proximity import near_windows
from search.results import Highlighted, MatchKind, Why
from search.slips import are_alike
from search.tree import (
    STEMMED,
    And,
    AtLeast,
    Expanded,
    Field,
    Fuzzy,
    Leaf,
    Named,
    Node,
    Or,
    Phrase,
    Prefix,
    Term,
    Word,
)

SNIPPETS = 3
SNIPPET_CHARACTERS = 240
MATCHED_CHARACTERS = 80  # of what "why" quotes

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9])|\n")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Marked:
    """One place in a text that a leaf of the query matches: characters `start` to `end`."""

    leaf: Leaf
    kind: MatchKind
    start: int
    end: int


def leaves_of(tree: Node) -> list[Leaf]:
    """Return the leaves that an article can match, those under a negation left out, each once, in order."""
    return list(dict.fromkeys(_leaves(tree)))


def named_of(tree: Node) -> list[Named]:
    """Return the persons and topics that an article can match, those under a negation left out."""
    match tree:
        case Named():
            return [tree]
        case And(children) | Or(children) | AtLeast(children):
            return [named for child in children for named in named_of(child)]
    return []


def marks_in(text: str, leaves: Sequence[Leaf], field: Field, analyzer: Analyzer = ANALYZER) -> list[Marked]:
    """Return every place of `text`, which is an article's `field`, that matches one of the leaves, in order of `start`."""
    asked = [leaf for leaf in leaves if field in _covered(leaf.field)]
    if not asked:
        return []
    tokens = list(analyzer.tokens(text, _words_of(asked)))
    marks = [mark for leaf in asked for mark in _marks_of(leaf, tokens, field)]
    return sorted(marks, key=lambda mark: (mark.start, -mark.end))


def _words_of(leaves: Iterable[Leaf]) -> set[str] | None:
    """Return the surface forms and stems that these leaves can match, None where they cannot be told."""
    words: set[str] = set()
    for leaf in leaves:
        match leaf:
            case Term(word):
                words.update(_forms(word))
            case Phrase(several):
                words.update(form for word in several for form in _forms(word))
            case _:
                return None
    return words


def _forms(word: Word) -> tuple[str, ...]:
    return (word.surface,) if word.stem is None else (word.surface, word.stem)


def highlighted(text: str, marks: Iterable[Marked]) -> Highlighted:
    """Return `text` with all marks, those that overlap or touch joined."""
    spans: list[tuple[int, int]] = []
    for mark in marks:
        if spans and mark.start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], mark.end))
        else:
            spans.append((mark.start, mark.end))
    return Highlighted(text, tuple(spans))


def snippets_of(text: str, marks: Sequence[Marked]) -> tuple[Highlighted, ...]:
    """Return the sentences that show most of the query, at most `SNIPPETS`, in the text's order; the first where none does."""
    sentences = [s for s in _sentences(text) if text[s[0] : s[1]].strip()]
    if not sentences:
        return ()
    within = [_clipped(marks, start, end) for start, end in sentences]
    best = sorted(
        (place for place, found in enumerate(within) if found),
        key=lambda place: (-len({m.leaf for m in within[place]}), -len(within[place]), place),
    )
    chosen = sorted(best[:SNIPPETS]) or [0]
    return tuple(_snippet(text, *sentences[place], within[place]) for place in chosen)


def reasons(
    article: Article,
    leaves: Sequence[Leaf],
    typed: Mapping[Leaf, str],
    marks: Mapping[Field, Sequence[Marked]],  # of title and body
    kinds: Mapping[Leaf, StrEnum],  # values of `MatchKind`
) -> tuple[Why, ...]:
    """Return for each leaf that the article matches what was typed and what it met, the exact form before another one.

    `kinds` tells which leaves are other words for what was typed; they are no reason where what was typed stands itself.
    """
    texts = {Field.TITLE: article.title, Field.BODY: article.body}
    typed_at = {(field, mark.start) for field, marked in marks.items() for mark in marked if mark.leaf not in kinds}
    found: list[Why] = []
    for leaf in leaves:
        places = [
            (mark, texts[field])
            for field, marked in marks.items()
            for mark in marked
            if mark.leaf == leaf and (leaf not in kinds or (field, mark.start) not in typed_at)
        ]
        if places:
            mark, text = min(places, key=lambda place: place[0].kind is MatchKind.FORM)
            kind = MatchKind(kinds[leaf]) if leaf in kinds else mark.kind
            found.append(Why(kind, typed.get(leaf, ""), _quoted(text[mark.start : mark.end])))
        elif leaf.field not in STEMMED and (value := _matched_value(article, leaf)):
            found.append(Why(MatchKind.FIELD, typed.get(leaf, ""), value))
    return tuple(found)


def _leaves(node: Node) -> Iterator[Leaf]:
    match node:
        case Term() | Phrase() | Prefix() | Fuzzy():
            yield node
        case And(children) | Or(children) | AtLeast(children):
            for child in children:
                yield from _leaves(child)
        case Named(names=names):
            yield from names
        case Expanded(leaves=leaves, variants=variants):
            yield from leaves
            yield from (variant.leaf for variant in variants)


def _covered(field: Field) -> tuple[Field, ...]:
    return (Field.TITLE, Field.BODY) if field is Field.TEXT else (field,)


def _marks_of(leaf: Leaf, tokens: Sequence[Token], field: Field) -> Iterator[Marked]:
    match leaf:
        case Term():
            yield from _term_marks(leaf, tokens, any_form=field in STEMMED and not leaf.exact)
        case Prefix(prefix):
            for token in tokens:
                if token.surface.startswith(prefix):
                    yield Marked(leaf, MatchKind.PREFIX, token.start, token.end)
        case Fuzzy():
            yield from _fuzzy_marks(leaf, tokens)
        case Phrase(_words, _field, None):
            yield from _phrase_marks(leaf, tokens)
        case Phrase():
            yield from _near_marks(leaf, tokens, stemmed=field in STEMMED)


def _term_marks(leaf: Term, tokens: Sequence[Token], *, any_form: bool) -> Iterator[Marked]:
    for token in tokens:
        if token.surface == leaf.word.surface:
            yield Marked(leaf, MatchKind.EXACT, token.start, token.end)
        elif any_form and token.stem is not None and token.stem == leaf.word.stem:
            yield Marked(leaf, MatchKind.FORM, token.start, token.end)


def _fuzzy_marks(leaf: Fuzzy, tokens: Sequence[Token]) -> Iterator[Marked]:
    surfaces = {token.surface for token in tokens}
    near = {surface for surface in surfaces if are_alike(leaf.surface, surface, leaf.distance)}
    for token in tokens:
        if token.surface in near:
            kind = MatchKind.EXACT if token.surface == leaf.surface else MatchKind.FUZZY
            yield Marked(leaf, kind, token.start, token.end)


def _phrase_marks(leaf: Phrase, tokens: Sequence[Token]) -> Iterator[Marked]:
    places: dict[str, dict[int, Token]] = {}
    for token in tokens:
        places.setdefault(token.surface, {})[token.position] = token
    lists = [places.get(word.surface, {}) for word in leaf.words]
    for position, first in lists[0].items():
        run = [listing.get(position + ahead) for ahead, listing in enumerate(lists)]
        last = run[-1]
        if last is not None and None not in run:
            yield Marked(leaf, MatchKind.PHRASE, first.start, last.end)


def _near_marks(leaf: Phrase, tokens: Sequence[Token], *, stemmed: bool) -> Iterator[Marked]:
    needed = Counter(_label(word.surface, word.stem if stemmed else None) for word in leaf.words)
    at: dict[tuple[int, str], Token] = {}
    for token in tokens:
        for label in (_label(token.surface, None), _label(token.surface, token.stem)):
            if label in needed:
                at[token.position, label] = token
    for window in near_windows(sorted(at), needed, leaf.slop or 0):
        for place in window:
            yield Marked(leaf, MatchKind.NEAR, at[place].start, at[place].end)


def _label(surface: str, stem: str | None) -> str:
    """Return what tells a word that is compared by its stem from one that is compared as it is written."""
    return f"={surface}" if stem is None else stem


def _matched_value(article: Article, leaf: Leaf) -> str | None:
    for value in names_of(article).get(leaf.field.value, ()):
        if marks_in(value, [leaf], leaf.field):
            return _quoted(value)
    return None


def _quoted(text: str) -> str:
    line = _SPACES.sub(" ", text)
    return line if len(line) <= MATCHED_CHARACTERS else line[: MATCHED_CHARACTERS - 1] + "…"


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for match in _SENTENCE_END.finditer(text):
        yield begin, match.start() if match[0] == "\n" else match.end()
        begin = match.end()
    yield begin, len(text)


def _clipped(marks: Iterable[Marked], start: int, end: int) -> list[Marked]:
    """Return what of the marks lies between two places: a phrase may go on in the next sentence."""
    return [
        replace(mark, start=max(mark.start, start), end=min(mark.end, end))
        for mark in marks
        if mark.start < end and mark.end > start
    ]


def _snippet(text: str, start: int, end: int, marks: Sequence[Marked]) -> Highlighted:
    """Return the sentence, a long one cut at spaces around its first match."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    left, right = start, end
    if end - start > SNIPPET_CHARACTERS:
        first = marks[0].start if marks else start
        if first - start > SNIPPET_CHARACTERS // 2:
            left = text.find(" ", first - SNIPPET_CHARACTERS // 3, first) + 1 or first
        cut = text.rfind(" ", left + SNIPPET_CHARACTERS // 2, left + SNIPPET_CHARACTERS)
        right = min(end, cut if cut > 0 else left + SNIPPET_CHARACTERS)
    head = "… " if left > start else ""
    tail = " …" if right < end else ""
    shift = len(head) - left
    spans = highlighted("", _clipped(marks, left, right)).spans
    return Highlighted(head + text[left:right] + tail, tuple((a + shift, b + shift) for a, b in spans))
