"""Days that readers give the wrong way round: turned, and told, on pages; programs are told of an error instead."""

from werkzeug.datastructures import MultiDict

from index.messages import gettext as _
from search.query import Query, QueryError
from web.arguments import FIRST, LAST, QueryArguments
from web.urls import query_from_args


def turned_query(args: MultiDict[str, str]) -> tuple[Query, tuple[str, ...]]:
    """Return the query that a page's address asks for, its last day before the first turned round, and a sentence about that.

    Raises QueryError for any other value that no search can be made of.
    """
    try:
        return query_from_args(args), ()
    except QueryError as error:
        if error.code != "before_from":
            raise
    turned = MultiDict(args)
    turned.setlist(FIRST, args.getlist(LAST))
    turned.setlist(LAST, args.getlist(FIRST))
    return query_from_args(turned), (_("The last day lay before the first; the two were exchanged."),)


def reversed_days(arguments: QueryArguments) -> QueryArguments:
    """Return the arguments with first and last day exchanged: as they were typed, so that the next page tells of it."""
    exchanged = {FIRST: arguments[LAST], LAST: arguments[FIRST]}
    return {**arguments, **exchanged}
