"""From files to articles: one module a format, and the table that names them.

An importer turns the bytes of one file into `Article`, `Reject` and `LeftOut` records, in the file's order, without holding
the whole file where the format allows it. It never touches the store. A record that is wrong is a `Reject` and the rest goes
on; a file that is not of its format raises `FileRefused`, after the records that could be read.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import TypeAlias

from index.article import Article, LeftOut, Reject


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to import; `root` is the file or folder the user named, `zone` that of times without one."""

    path: Path
    root: Path
    zone: tzinfo


Record: TypeAlias = Article | Reject | LeftOut
Importer: TypeAlias = Callable[[SourceFile], Iterator[Record]]
