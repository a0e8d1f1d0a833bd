"""What becomes of a word: how it is analysed and who decided that, where it stands, and what is searched when it is typed."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from index.analysis import Analyzer
from index.article import Article
from index.schema import Indexable
from index.settings import ArchiveFolder
from index.stemming import root_of
from index.wordbook import Acronym, Wordbook
from index.wordfile import read_exceptions
from index.words import SHIPPED, Exceptions, WordTable
from search.engine import Engine, Request
from search.expanding import other_spellings
from search.query import Query, Sort
from search.results import Also
from search.tree import And, Not, Term, Word
from search.understanding import Understanding
from search.vocabulary import acronym_key

READ_FOR_FORMS = 100  # newest articles of which the forms of a word are gathered; some hundredths of a second
MOST_FORMS = 12


class Decider(StrEnum):
    """Who decided whether a word is a name and what its root is."""

    NEWSROOM = "newsroom"
    SHIPPED = "shipped"
    LEARNED = "learned"
    SPELLING = "spelling"  # the word is not in its standard spelling
    ENDING = "ending"  # -nya and the like are cut off before the stemmer is asked
    STEMMER = "stemmer"


@dataclass(frozen=True, slots=True)
class WordExplained:
    """One word in its folded form.

    `capitalised` and `lower` are how often the archive writes it so inside of sentences, 0 where that was never counted.
    `articles` is in how many articles it stands in this form; `forms` are other forms of its root in newest articles and
    `spellings` older and newer ones, each with its articles. `meanings` are what it is short for, most frequent first.
    """

    surface: str
    is_name: bool
    root: str
    decided_by: Decider
    capitalised: int
    lower: int
    articles: int
    forms: tuple[tuple[str, int], ...]
    spellings: tuple[tuple[str, int], ...]
    meanings: tuple[Acronym, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """What was typed, the words that it is read as, and what a search for it finds: `total` articles, `also` among them."""

    typed: str
    words: tuple[WordExplained, ...]
    also: tuple[Also, ...]
    total: int


ReadArticles = Callable[[Sequence[str]], Mapping[str, Article]]


def explained(
    typed: str, today: date, *, folder: ArchiveFolder, engine: Engine, understanding: Understanding, read: ReadArticles
) -> Explained:
    """Return what becomes of a word that is typed; `read` gives articles by their ids."""
    vocabulary = understanding.vocabulary()
    exceptions = read_exceptions(folder.exceptions)
    with closing(Wordbook(folder.wordbook, readonly=True)) as book:
        learned = book.names()
        words = [
            WordExplained(
                surface=surface,
                is_name=vocabulary.analyzer.vocabulary.is_name(surface),
                root=root,
                decided_by=_decider(surface, root, exceptions, learned, vocabulary.analyzer.vocabulary),
                capitalised=book.casing(surface)[0],
                lower=book.casing(surface)[1],
                articles=engine.frequency(surface),
                forms=_forms(surface, root, vocabulary.analyzer, engine, read),
                spellings=_with_articles(other_spellings(surface), engine),
                meanings=tuple(vocabulary.acronyms.meanings.get(acronym_key([surface]), ())),
            )
            for surface, root in _words(typed, vocabulary.analyzer)
        ]
    asked = understanding.of(Query(typed), today)
    found = engine.search(replace(asked.request, size=0, facets=()))
    return Explained(typed, tuple(words), asked.expansion.also, found.total)


def _words(typed: str, analyzer: Analyzer) -> list[tuple[str, str]]:
    """Return the folded form and the root of each word."""
    return [(token.surface, token.stem or token.surface) for token in analyzer.words(typed)]


def _decider(surface: str, root: str, exceptions: Exceptions, learned: Set[str], table: WordTable) -> Decider:
    if surface in exceptions.names | exceptions.common or surface in dict(exceptions.roots):
        return Decider.NEWSROOM
    if surface in SHIPPED.names or surface in SHIPPED.roots:
        return Decider.SHIPPED
    if surface in learned:
        return Decider.LEARNED
    if replace(table, spellings={}).root(surface) != root:
        return Decider.SPELLING
    return Decider.STEMMER if root == root_of(surface) else Decider.ENDING


def _forms(
    surface: str, root: str, analyzer: Analyzer, engine: Engine, read: ReadArticles
) -> tuple[tuple[str, int], ...]:
    """Return other forms with the same root, those that most of some new articles have: with the form itself and without."""
    if analyzer.vocabulary.is_name(surface):
        return ()
    word = Word(surface, root)
    trees = (Term(word), And((Term(word), Not(Term(word, exact=True)))))
    found = [engine.search(Request(tree, sort=Sort.NEWEST, size=READ_FOR_FORMS, facets=())) for tree in trees]
    newest = dict.fromkeys(article_id for each in found for article_id in each.article_ids)
    forms: Counter[str] = Counter()
    for article in read(tuple(newest)).values():
        text = f"{article.title}\n{Indexable.of(article).body}"
        forms.update({token.surface for token in analyzer.tokens(text, {root}) if token.stem == root} - {surface})
    return _with_articles((form for form, _articles in forms.most_common(MOST_FORMS)), engine)


def _with_articles(surfaces: Iterable[str], engine: Engine) -> tuple[tuple[str, int], ...]:
    """Return the words that readers may see, with how many articles have each, most frequent first."""
    counted = [(surface, engine.frequency(surface)) for surface in surfaces]
    return tuple(sorted(((word, articles) for word, articles in counted if articles), key=lambda pair: -pair[1]))
