"""Files mapped into memory: read as if they were there, and given back when they are not needed for a while."""

import mmap
import os
from pathlib import Path


def map_file(path: Path) -> mmap.mmap:
    """Return the file's bytes, mapped for reading; raise ValueError where it is empty."""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def forget_pages(mapped: mmap.mmap) -> None:
    """Give back the memory that a mapping holds, also while it is read; the system keeps the pages as its cache."""
    if hasattr(mmap, "MADV_DONTNEED"):
        mapped.madvise(mmap.MADV_DONTNEED)


def reserve(file: int, size: int) -> None:
    """Make an open file so long, with room on the disk: a full disk ends a process that writes to a mapping without a word."""
    os.truncate(file, size)
    if size and hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file, 0, size)
