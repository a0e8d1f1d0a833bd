"""How a reject says which item of a file it means."""

NAME_CHARACTERS = 60  # enough to know an item by, and short enough for a line of a terminal


def reason_for(known_by: str, error: ValueError) -> str:
    """Return an error's reason with the title or address of its item before it, where that is known.

    >>> reason_for("Harga beras", ValueError("no date")), reason_for("", ValueError("no date"))
    ('«Harga beras»: no date', 'no date')
    """
    name = " ".join(known_by.split())
    if len(name) > NAME_CHARACTERS:
        name = name[: NAME_CHARACTERS - 1] + "…"
    return f"«{name}»: {error}" if name else str(error)
