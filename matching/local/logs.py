"""The log files of the programs: one each, appended to, kept from growing without end."""

import shutil
from pathlib import Path

LARGEST_BYTES = 10 * 1024 * 1024


def trim(folder: Path, largest: int = LARGEST_BYTES) -> None:
    """Move the text of a log that has grown beyond `largest` bytes to `NAME.log.1`.

    The file stays the same file, because its program goes on appending to it.
    """
    for log in folder.glob("*.log"):
        if log.stat().st_size > largest:
            shutil.copyfile(log, log.with_name(log.name + ".1"))
            with log.open("r+b") as file:
                file.truncate(0)
