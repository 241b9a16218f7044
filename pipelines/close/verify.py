"""`tieout close --verify`: is every byte of a close what it was on the day it was closed?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipelines.close import register
from pipelines.close.files import files_below, sha256
from pipelines.close.register import MANIFEST, Close
from pipelines.config import Paths
from pipelines.periods import find_period
from pipelines.publication import open_published, read_publication


@dataclass(frozen=True)
class Verification:
    """What was compared and what differs.

    Attributes:
        close: the close.
        files: how many files its manifest names.
        problems: what differs, one line each; empty when nothing was touched.
    """

    close: Close
    files: int
    problems: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "close": self.close.entry,
            "files": self.files,
            "problems": list(self.problems),
        }


def verify_close(paths: Paths, name: str) -> Verification:
    """Hash every file of a close again.

    Args:
        paths: the installation's files.
        name: the period.

    Raises:
        TieoutError: there is no such period, or it was not closed.
    """
    with open_published(paths) as connection:
        origin = read_publication(connection).origin
        close = register.require_close(paths, origin, find_period(connection, name))
    return verify_folder(paths, close)


def verify_folder(paths: Paths, close: Close) -> Verification:
    """The same for a close that was found already."""
    manifest = paths.closes / close.folder / MANIFEST
    if not manifest.exists():
        return Verification(close, 0, (f"{MANIFEST} is missing",))
    if sha256(manifest) != close.entry["manifest_sha256"]:
        return Verification(close, 0, (f"{MANIFEST} is not the one that was registered",))
    expected = register.read_manifest(paths, close)["files"]
    return Verification(close, len(expected), tuple(_problems(paths, close, expected)))


def _problems(paths: Paths, close: Close, expected: dict[str, Any]) -> Iterator[str]:
    folder = paths.closes / close.folder
    yield from register.broken_links(paths)
    found = {str(file.relative_to(folder)): file for file in files_below(folder)}
    for name, described in expected.items():
        if name not in found:
            yield f"{name} is missing"
        elif sha256(found[name]) != described["sha256"]:
            yield f"{name} was changed"
    for name in sorted(set(found) - set(expected) - {MANIFEST}):
        yield f"{name} was added"
