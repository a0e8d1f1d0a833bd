"""What a reader's list holds: searches and articles, each in a value of the address that is the list."""

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from index.messages import gettext as _
from search.query import DEFAULT_SIZE, Query, QueryError
from web.arguments import TEXT, args_from_query
from web.urls import mended_query

ARTICLE, TITLE = "id", "title"  # arguments of the address, beside that of searches
MOST_SEARCHES, MOST_ARTICLES, LONGEST_TITLE = 20, 500, 120

# Characters of a list's arguments. A cookie may have 4,096, a line of a request 4,094 by gunicorn's default, and both cookies
# come in one header of at most 8,190. It is room for 150 articles whose ids are as long as a day and a number.
LONGEST = 3_000
OF_ARGUMENTS = "?"  # begins a search that is not words alone: the arguments of its address follow


@dataclass(frozen=True, slots=True)
class ReadingList:
    """What a list holds: searches without order and page, and ids of articles, each once, in the order they were added."""

    title: str = ""
    searches: tuple[Query, ...] = ()
    articles: tuple[str, ...] = ()

    @classmethod
    def from_args(cls, args: MultiDict[str, str]) -> "ReadingList":
        """Return the list that the arguments of an address hold; raise QueryError for one that is too long."""
        title = " ".join(args.get(TITLE, "").split())[:LONGEST_TITLE]
        searches = tuple(dict.fromkeys(_search_from(value) for value in args.getlist(TEXT) if value.strip()))
        articles = tuple(dict.fromkeys(value for value in args.getlist(ARTICLE) if value))
        for parameter, most in ((TEXT, MOST_SEARCHES), (ARTICLE, MOST_ARTICLES)):
            if len(args.getlist(parameter)) > most:
                reason = _(
                    "a list has at most %(searches)d searches and %(articles)d articles",
                    searches=MOST_SEARCHES,
                    articles=MOST_ARTICLES,
                )
                raise QueryError(parameter, "too_many", reason)
        return cls(title, searches, articles)

    @classmethod
    def from_text(cls, text: str) -> "ReadingList":
        """Return the list of which `text` is the arguments, an empty one where it is no list."""
        try:
            return cls.from_args(MultiDict(parse_qsl(text, keep_blank_values=True)))
        except (QueryError, ValueError):
            return cls()

    def pairs(self) -> list[tuple[str, str]]:
        """Return the arguments, name and value, of which `from_args` makes this list."""
        titled = [(TITLE, self.title)] if self.title else []
        searches = [(TEXT, value_of(query)) for query in self.searches]
        return [*titled, *searches, *((ARTICLE, article_id) for article_id in self.articles)]

    def text(self) -> str:
        """Return the arguments as an address has them."""
        return urlencode(self.pairs())

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in the list."""
        return not self.searches and not self.articles

    @property
    def things(self) -> frozenset[Query | str]:
        """All that is in the list, in no order."""
        return frozenset((*self.searches, *self.articles))

    def with_all(self, other: "ReadingList") -> "ReadingList":
        """Return the list with what another one holds at its end, under its own title if it has one."""
        return ReadingList(
            self.title or other.title,
            tuple(dict.fromkeys((*self.searches, *other.searches))),
            tuple(dict.fromkeys((*self.articles, *other.articles))),
        )

    def without(self, thing: Query | str) -> "ReadingList":
        """Return the list without a search or an article."""
        searches = tuple(query for query in self.searches if query != thing)
        return replace(self, searches=searches, articles=tuple(name for name in self.articles if name != thing))

    def follows(self, before: "ReadingList") -> bool:
        """Say whether this is a former list changed in one step: nothing of it is gone, or one thing."""
        return len(before.things - self.things) <= 1 and not (self.is_empty and len(before.things) > 1)

    def is_room_for(self, more: "ReadingList") -> bool:
        """Say whether the list can take what another one holds."""
        grown = self.with_all(more)
        is_few = len(grown.searches) <= MOST_SEARCHES and len(grown.articles) <= MOST_ARTICLES
        return is_few and len(grown.text()) <= LONGEST


def as_kept(query: Query) -> Query:
    """Return a search as a list holds it: what it asks for, whatever its order and its page."""
    return replace(query, text=query.text.strip(), sort=None, page=1, size=DEFAULT_SIZE)


def value_of(query: Query) -> str:
    """Return a search as a value of the address: its words, or with limits the arguments of its own address behind a mark."""
    if query == Query(query.text) and query.text and not query.text.startswith(OF_ARGUMENTS):
        return query.text
    return OF_ARGUMENTS + urlencode(args_from_query(query), doseq=True)


def _search_from(value: str) -> Query:
    """Return the search that a value of the address is; what no search can be made of is left out of it."""
    is_words = not value.startswith(OF_ARGUMENTS)
    pairs = [(TEXT, value)] if is_words else parse_qsl(value.removeprefix(OF_ARGUMENTS), keep_blank_values=True)
    return as_kept(mended_query(MultiDict(pairs)))
