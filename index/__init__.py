"""From source files to a Whoosh index: articles, their importers, the store, the analysis of text and the index writer."""
