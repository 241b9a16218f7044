"""Files of a close: hashed, flushed to the disk, read-only."""

import hashlib
import os
import shutil
import stat
from pathlib import Path
from typing import Final

READ_ONLY_FILE: Final = 0o444
READ_ONLY_FOLDER: Final = 0o555


def sha256(file: Path) -> str:
    """Hash of a file's bytes, hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def files_below(folder: Path) -> list[Path]:
    """Every file below a folder, sorted."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def flush(path: Path) -> None:
    """Onto the disk: a crash of the machine must not leave half a close."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def seal(folder: Path) -> None:
    """Flush everything below a folder and take the right to write away, from everyone."""
    for file in files_below(folder):
        flush(file)
        file.chmod(READ_ONLY_FILE)
    for inner in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
        flush(inner)
        inner.chmod(READ_ONLY_FOLDER)
    flush(folder)
    folder.chmod(READ_ONLY_FOLDER)


def remove_unsealed(folder: Path) -> None:
    """Remove what an interrupted close left behind, sealed or not; nothing if there is nothing."""
    if not folder.exists():
        return
    for inner in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        inner.chmod(inner.stat().st_mode | stat.S_IRWXU)
    shutil.rmtree(folder)
