"""Damaged files that a search led by coverage comes up with, by the hundred thousand: a trial, not a test.

    pip install -e ".[trials]"
    python tests/hostile/guided.py "study file"

Atheris changes valid files byte by byte and keeps what reaches lines of doorstroom that nothing reached before. What
is asked of a reading is what `test_any_damage` asks. A file that brings about anything else is kept in the folder that
the first line names.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
from pathlib import Path

import atheris

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / room) for room in ("model", "tests/hostile", "tests/experiment", "tests")]
with atheris.instrument_imports(include=["doorstroom", "tomllib"]):
    from guard import guarded
    from readers import READERS, copied

    from doorstroom.errors import DoorstroomError


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=READERS)
    parser.add_argument("--seconds", type=int, default=300)
    asked = parser.parse_args()
    reader, place = READERS[asked.kind], Path(tempfile.mkdtemp(prefix="guided-"))
    tempfile.tempdir = os.environ["TMPDIR"] = str(place / "temporary")
    whole, found = place / "whole" / "files", place / "found"
    for folder in (place / "temporary", whole.parent, found, place / "corpus"):
        folder.mkdir()
    reader.prepare(whole)
    valid = sorted(path for path in whole.glob(reader.files) if path.is_file())
    for number, file in enumerate(valid):
        (place / "corpus" / str(number)).write_bytes(bytes([number % 256]) + file.read_bytes())

    def one(data: bytes) -> None:
        """The first byte says which file is damaged, the others are what stands in it."""
        tried = copied(whole, place / "try")
        file = tried / valid[(data[0] if data else 0) % len(valid)].relative_to(whole)
        file.write_bytes(data[1:])
        with guarded(tried.parent, place / "temporary"), contextlib.suppress(DoorstroomError):
            reader.read(tried, file)

    options = [f"-max_total_time={asked.seconds}", "-rss_limit_mb=4096", f"-artifact_prefix={found}/", "-max_len=20000"]
    atheris.Setup([sys.argv[0], *options, str(place / "corpus")], one)
    print(f"{asked.kind}: {len(valid)} valid files; what is found: {found}", flush=True)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
