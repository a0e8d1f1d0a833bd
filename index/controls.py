"""Characters that order a screen about: they may stand in what was imported or typed, and never reach a terminal as they are.

These are the control characters of ASCII and Latin-1 but tab and newline, and the embeddings, overrides and isolates of the
bidirectional algorithm, by which a line reads otherwise than it stands (https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing).
"""

import re

REPLACEMENT = "\ufffd"

_CONTROL = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def has_controls(text: str) -> bool:
    """Say whether there is such a character in a text."""
    return bool(_CONTROL.search(text))


def visible(text: str) -> str:
    r"""Return a text as people may read it on a terminal: each such character is shown as a replacement character.

    >>> visible("\x1b[2mhijau\n")
    '�[2mhijau\n'
    """
    return _CONTROL.sub(REPLACEMENT, text)


def escaped_json(text: str) -> str:
    r"""Return a JSON document that means the same, such characters in its strings escaped; JSON itself escapes only some.

    >>> print(escaped_json('"\u202ehijau"'))
    "\u202ehijau"
    """
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
