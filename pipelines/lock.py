"""One run at a time per data folder: a file that holds the process id of the run."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from pipelines.config import Paths
from pipelines.errors import TieoutError

ATTEMPTS: Final = 3


@contextmanager
def run_lock(paths: Paths) -> Iterator[None]:
    """Hold the data folder's lock.

    The lock of a process that no longer lives is taken over, so a crash needs no clean-up.

    Raises:
        TieoutError: another run is working in this data folder.
    """
    paths.data.mkdir(parents=True, exist_ok=True)
    lock = paths.data / "run.lock"
    _acquire(lock)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _acquire(lock: Path) -> None:
    # Written first and then linked: the lock never exists without the id that it is judged by.
    own = lock.with_name(f"{lock.name}.{os.getpid()}")
    own.write_text(str(os.getpid()))
    try:
        for _ in range(ATTEMPTS):
            with suppress(FileExistsError):
                os.link(own, lock)
                return
            holder = _holder(lock)
            if _is_alive(holder):
                raise TieoutError(
                    f"Another run (process {holder}) is working in {lock.parent}.",
                    fix="Wait for it to finish, or use another data folder (TIEOUT__DATA_DIR).",
                    source="tieout",
                )
            _set_aside(lock, holder)
    finally:
        own.unlink()
    raise TieoutError(
        f"The lock {lock} could not be taken: other runs keep taking it.",
        fix="Start the run again when the others have finished.",
        source="tieout",
    )


def _set_aside(lock: Path, holder: int | None) -> None:
    """Remove a dead run's lock, and only that one.

    The rename is atomic, so of two runs that saw the dead lock only one gets it; should it have
    caught a lock that another run took in between, the lock is given back.
    """
    aside = lock.with_name(f"{lock.name}.{os.getpid()}.dead")
    with suppress(FileNotFoundError):
        lock.rename(aside)
        if _holder(aside) != holder:
            with suppress(FileExistsError):
                os.link(aside, lock)
        aside.unlink()


def _holder(lock: Path) -> int | None:
    try:
        return int(lock.read_text())
    except (FileNotFoundError, ValueError):
        return None


def _is_alive(process_id: int | None) -> bool:
    if process_id is None or process_id == os.getpid():
        return False
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
