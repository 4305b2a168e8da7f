"""Presence: a note in a study's folder of every process that is making runs there.

Nothing depends on it but in which order runs are made, and what `doorstroom study status` can tell.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import time
import uuid
from pathlib import Path
from typing import Any, Final

from doorstroom.experiment.whole_files import atomic, made

_FOLDER: Final = "working"
_BEAT: Final = 5.0
_GONE: Final = 60.0
"""Seconds without a beat after which a process is taken to have ended."""


class Presence:
    """This process at work in a study's folder; used as a context.

    Attributes
    ----------
    joins : whether others were at work there when this process began
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / _FOLDER / f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}.json"
        self.joins = False
        self._started = time.time()
        self._last = -_BEAT
        self._made = self._failed = 0

    def __enter__(self) -> Presence:
        made(self._path.parent)
        self.beat()
        self.joins = len(present(self._folder)) > 1  # looked at after the note: of two that come at once one sees it
        return self

    def __exit__(self, *error: object) -> None:
        with contextlib.suppress(OSError):  # others are at work too, or the folder can't be written any more
            self._path.unlink(missing_ok=True)
            self._path.parent.rmdir()

    def add(self, made: int, failed: int) -> None:
        """So many more runs were made and failed."""
        self._made += made
        self._failed += failed

    def beat(self) -> None:
        """Still here."""
        if time.monotonic() - self._last >= _BEAT:  # also where the clock is put back
            self._last = time.monotonic()
            note = {"started": self._started, "made": self._made, "failed": self._failed, "beat": time.time()}
            with atomic(self._path) as file:
                file.write(json.dumps(note).encode())


def present(folder: Path) -> list[dict[str, Any]]:
    """The processes at work in a study's folder, as they have told of themselves."""
    notes = []
    for path in sorted((folder / _FOLDER).glob("*.json")):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError, RecursionError):  # no note of ours
            note = json.loads(path.read_bytes())
            if abs(time.time() - note["beat"]) < _GONE:  # one of the future is of a clock that was put back
                notes.append(note)
    return notes
