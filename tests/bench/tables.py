"""Tables of figures, aligned for a terminal and valid as Markdown."""

from collections.abc import Sequence


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table whose first column is text and whose other columns are figures, set to the right."""
    widths = [max(len(row[place]) for row in (header, *rows)) for place in range(len(header))]
    rule = "|".join("-" * (width + 2) if place == 0 else "-" * (width + 1) + ":" for place, width in enumerate(widths))
    return "\n".join([_line(header, widths), f"|{rule}|", *(_line(row, widths) for row in rows)])


def figure(value: float | None) -> str:
    """Return a number with three significant digits, large ones in full; a dash for none.

    >>> figure(0.1234), figure(12.34), figure(12345.6), figure(None)
    ('0.123', '12.3', '12,346', '-')
    """
    if value is None:
        return "-"
    digits = next((digits for limit, digits in ((1, 3), (10, 2), (100, 1)) if abs(value) < limit), 0)
    return f"{value:,.{digits}f}"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (
        f"{cell:<{width}}" if place == 0 else f"{cell:>{width}}"
        for place, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return f"| {' | '.join(cells)} |"
