"""What the archivist's files say now, ready to be compared with articles: persons, and topics with their queries read."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from index.analysis import Analyzer
from index.authority import Authority, read_authority
from index.settings import ArchiveFolder
from index.topics import Topic, Topics, read_topics
from search.language import parse_query
from search.tree import Node
from search.vocabulary import Stamp, Words, stamp_of


@dataclass(frozen=True, slots=True)
class TopicTree:
    """A topic with its query as it was read: `topik:` in it means what the import brought, so topics never depend on each other."""

    slug: str
    label: str
    tree: Node
    sections: tuple[str, ...]


@dataclass(frozen=True)
class Listed:
    """One state of the files of persons and topics."""

    authority: Authority
    register: Topics
    topics: tuple[TopicTree, ...]
    analyzer: Analyzer
    today: date  # from which days such as "kemarin" in the topics' queries are counted
    stamp: Stamp

    def topic_of(self, name: str) -> str | None:
        """Return the slug of the topic that is called so, or has a section that is."""
        topic = self.register.find(name)
        return topic.slug if topic else None


class Catalogue:
    """Gives the newest state of the files; a look at two files tells whether it changed. Safe for threads."""

    def __init__(self, folder: ArchiveFolder, words: Words, today: Callable[[], date] = date.today) -> None:
        self._folder, self._words, self._today = folder, words, today
        self._lock = threading.Lock()
        self._newest: Listed | None = None

    def newest(self) -> Listed:
        """Return what the files say now."""
        paths = (self._folder.people, self._folder.topics)
        stamp = tuple(map(stamp_of, paths))
        analyzer, today = self._words.newest().analyzer, self._today()
        with self._lock:
            known = self._newest
            if known is None or (known.stamp, known.today) != (stamp, today) or known.analyzer is not analyzer:
                register = read_topics(paths[1])
                topics = tuple(_read(topic, analyzer, today) for topic in register.topics)
                known = self._newest = Listed(read_authority(paths[0]), register, topics, analyzer, today, stamp)
            return known


def _read(topic: Topic, analyzer: Analyzer, today: date) -> TopicTree:
    return TopicTree(topic.slug, topic.label, parse_query(topic.query, today, analyzer).tree, topic.sections)
