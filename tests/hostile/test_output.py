"""Output that can't be written as it is: other encodings, a full device, few handles, little memory."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from doorstroom.errors import StoreError
from doorstroom.experiment.manifest import FILE, Manifest

RUN = "from doorstroom.cli import app; app()"


def typed(
    *words: object, encoding: str = "utf-8", before: str = "", stdout: int | None = None
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", before + RUN, *map(str, words)]
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.run(
        command,
        stdout=subprocess.PIPE if stdout is None else stdout,
        stderr=subprocess.PIPE,
        env=environment,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "utf-16"])
def test_what_the_output_has_no_letters_for_is_escaped(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "a☃é.toml"
    file.write_text('title = "Sneeuw ☃ é"\nparent = "baseline"\n', encoding="utf-8")
    shown = typed("scenarios", "show", file, encoding=encoding)
    assert shown.returncode == 0, shown.stderr
    text = shown.stdout.decode("utf-8" if encoding == "ascii" else encoding)  # a title by click, which mends ASCII
    assert "Sneeuw" in text
    assert ("☃" in text) == (encoding in ("utf-16", "ascii"))
    assert ("\\u2603" in text) != ("☃" in text)
    wrong = typed("scenarios", "show", tmp_path / "☃☃", encoding=encoding)
    assert wrong.returncode == 2
    assert b"Traceback" not in wrong.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("words", [("scenarios", "list"), ("outcomes",), ("--version",), ("scenarios", "check")])
def test_a_full_device_is_told_in_one_line(words: tuple[str, ...]) -> None:
    with open("/dev/full", "wb") as full:
        ended = typed(*words, stdout=full.fileno())
    assert ended.returncode == 2
    assert ended.stderr.decode() == "The output can't be written: No space left on device\n"


def test_a_reader_that_goes_away_is_no_fault() -> None:
    words = f"{sys.executable} -c '{RUN}' parameters list | head -1"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    ended = subprocess.run(words, shell=True, capture_output=True, env=environment, check=False, timeout=120)
    assert b"Traceback" not in ended.stderr
    assert b"BrokenPipe" not in ended.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="limits of Linux")
@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ("RLIMIT_NOFILE, (7, 7)", "open files|can't be"),
        ("RLIMIT_AS, (300 * 2**20, 300 * 2**20)", "There is not enough memory"),
    ],
)
def test_few_handles_and_little_memory_are_told(limit: str, told: str, tmp_path: Path) -> None:
    before = f"import resource; resource.setrlimit(resource.{limit.split(',')[0]}, {limit.split(',', 1)[1]});"
    ended = typed("run", "baseline", "--fraction=0.001", "--out", tmp_path / "x", before=before)
    text = ended.stderr.decode()
    assert ended.returncode == 2, text
    assert "Traceback" not in text
    assert re.search(told, text), text


def test_a_manifest_of_another_version_says_which(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"study": "x", "machine": {"packages": {"doorstroom": "9.1.0"}}}')
    with pytest.raises(StoreError, match=r"written by doorstroom 9\.1\.0, and this is .*pip install 'doorstroom==9"):
        Manifest.load(tmp_path)
    (tmp_path / FILE).write_text('{"study": "x", "machine": {"packages": {"doorstroom": "9 && rm -r"}}}')
    with pytest.raises(StoreError, match=r"make the study again in another folder$"):
        Manifest.load(tmp_path)
