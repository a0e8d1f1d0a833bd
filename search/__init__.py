"""From a query to a page of results: the query language, the engines, ranking, facets and highlights."""
