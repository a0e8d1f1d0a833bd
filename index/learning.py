"""What articles teach of words while they are indexed: which are names, and which acronyms they explain."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from index.acronyms import AcronymPair, mined
from index.analysis import Analyzer
from index.inversion import Inverter, Texts
from index.schema import Indexable
from index.store import ArticleStore, Change
from index.wordbook import Learned
from index.words import is_learned_name

SAMPLED = 5_000  # articles that an archive's first names are taken from; two seconds
SAMPLED_TOGETHER = 500  # articles with neighbouring numbers: few look-ups, and still from all parts of what is imported


class Lesson:
    """Gathers what some changes teach."""

    def __init__(self, analyzer: Analyzer, inverter: Inverter) -> None:
        self._analyzer, self._inverter = analyzer, inverter
        self._capitalised: Counter[str] = Counter()
        self._lower: Counter[str] = Counter()
        self._acronyms: dict[str, tuple[int | None, Sequence[AcronymPair]]] = {}

    def take_words(self, texts: Texts) -> None:
        """Count how the words of these texts are written, those alone that would not be stemmed if they were names."""
        vocabulary = self._analyzer.vocabulary
        for surface, capitalised, lower in self._inverter.casings(texts):
            if self._analyzer.stem(surface) != surface or vocabulary.is_name(surface):
                self._capitalised[surface] += capitalised
                self._lower[surface] += lower

    def take_acronyms(self, changes: Iterable[Change], texts: Mapping[str, str]) -> None:
        """Note the acronyms that each changed article explains, none for a deleted one, in its searchable text."""
        for change in changes:
            text = texts.get(change.article_id)
            date = change.article.date if change.article else None
            self._acronyms[change.article_id] = (date.year if date else None, mined(text) if text else [])

    def learned(self) -> Learned:
        """Return what was gathered."""
        words = [(surface, self._capitalised[surface], self._lower[surface]) for surface in self._lower]
        return Learned(words, self._acronyms)


def sampled_names(store: ArticleStore, analyzer: Analyzer) -> frozenset[str]:
    """Return the names that a sample of the articles shows, for an archive that has learned nothing yet."""
    inverter = Inverter(analyzer)
    lesson = Lesson(analyzer, inverter)
    samples = SAMPLED // SAMPLED_TOGETHER
    last = store.sequence()
    end = 0
    for sample in range(samples):
        begin = max(end, last * sample // samples)
        end = store.sequence_after(begin, SAMPLED_TOGETHER) or begin
        articles = [change.article for change in store.changes_between(begin, end) if change.article is not None]
        lesson.take_words(inverter.texts([f"\n{Indexable.of(article).body}" for article in articles]))
    return frozenset(
        word for word, capitalised, lower in lesson.learned().words if is_learned_name(word, capitalised, lower)
    )
