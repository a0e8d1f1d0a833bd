"""What a query is relaxed to when no article, or of a long one few, has all its words: articles with some that tell something."""

from search.ranking import FUNCTION_WEIGHT
from search.tree import STEMMED, And, AtLeast, DateRange, Expanded, Fuzzy, Node, Or, Phrase, Prefix, Term

# Words that ask or join and tell nothing of the subject. They are indexed and required like any other word, weigh
# less, and are the first to go.
FUNCTION_WORDS = frozenset(
    """
    ada adalah akan antara apa apakah atas atau bagaimana bagaimanakah bagi bahwa berapa berapakah bila bilamana dalam
    dan dapat dari dengan di dimana dimanakah ialah ini itu juga kapan kapankah karena ke kenapa kepada mana manakah
    mengapa mengapakah merupakan nama oleh pada para saat saja sebagai sebuah sedang seorang serta siapa siapakah sudah
    telah tentang tersebut untuk yaitu yakni yang
    """.split()
)


# MRR@10 and Recall@100 of the questions and titles of `make eval`, by the words that tell something which a query must have to be
# relaxed where fewer than FEW articles have them all: 4 .815 .978, .905 .996; 5 .815 .978, .905 .995; 6 .815 .978, .904 .993;
# where none has them, whatever the length: .815 .978, .882 .955.
LONG = 5
FEW = 10
ENOUGH = 100  # articles that are found by as many of the words as so many have


def relaxed_tree(tree: Node, least: int | None = None) -> Node | None:
    """Return `tree` with its required words replaced by `least` of them, by default `needed`; None where nothing can be relaxed.

    What limits rather than describes stays required: negations, dates, authors, sections and other fields.
    """
    telling, required = _parted(tree)
    if not telling:
        return None
    most = AtLeast(telling, needed(len(telling)) if least is None else least)
    return And((most, *required)) if required else most


def telling_words(tree: Node) -> int:
    """Return how many words of a query tell something, 0 where it cannot be relaxed."""
    return len(_parted(tree)[0])


def needed(words: int) -> int:
    """Return how many of so many words an article must have where enough articles have so many: half of them.

    Where they have not, it is as many as `ENOUGH` have: a long query describes an article in other words than the article's
    own, and the order takes care of the rest. To require half always lost one right answer of twelve.
    """
    return max(1, words // 2)


def lightened(tree: Node) -> Node:
    """Return `tree` with the words of a conjunction that tell nothing weighing less, where others stand beside them."""
    if not isinstance(tree, And) or all(map(_is_function_word, tree.children)):
        return tree
    return And(tuple(_light(child) if _is_function_word(child) else child for child in tree.children))


def _light(child: Node) -> Node:
    return Expanded((child,), (), FUNCTION_WEIGHT) if isinstance(child, Term) else child


def _parted(tree: Node) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """Return the words that may be left out and what is required all the same; no words where there are not two."""
    children = tree.children if isinstance(tree, And) else (tree,)
    described = [child for child in children if _describes(child)]
    if len(described) < 2:
        return (), children
    telling = [child for child in described if not _is_function_word(child)] or described
    return tuple(telling), tuple(child for child in children if child not in described)


def _describes(node: Node) -> bool:
    match node:
        case Term() | Phrase() | Prefix() | Fuzzy():
            return node.field in STEMMED
        case Expanded():
            return True
        case Or(children):  # days stand beside the words that name them
            words = [child for child in children if not isinstance(child, DateRange)]
            return all(map(_describes, words)) and bool(words)
    return False


def _is_function_word(node: Node) -> bool:
    return isinstance(node, Term) and not node.exact and node.word.surface in FUNCTION_WORDS
