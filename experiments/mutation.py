"""Mutation check: small faults put into the mechanisms and kernels, one at a time; do the tests notice?

    python experiments/mutation.py --sample 200 --seed 1                          about half an hour
    python experiments/mutation.py --sample 200 --seed 1 --write docs/mutation.md
    python experiments/mutation.py --only steering.py --sample 1000               every place of one file
    python experiments/mutation.py --sample 200 --without-numbers                 a quarter of the time

The order is that of the draw: whoever stops it with Ctrl-C gets the scores of a smaller sample.

The faults and the way to put them in are cosmic-ray's; what is changed and the tests that have to notice are in
mutation.toml. The tests of meaning come first, interpreted: nothing compiled before can be taken for a mutant; each is
run in a fork of a process that has read the libraries, but nothing of doorstroom. A mutant
that lives through them is tried on the committed numbers, compiled anew in a folder of its own: those see that a result
changed, not that it became wrong, so what only they see is counted apart. All of it happens in a copy of the tree.
"""

from __future__ import annotations

import argparse
import ast
import multiprocessing
import os
import random
import re
import shlex
import shutil
import sys
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, Final, NamedTuple

from cosmic_ray.commands import init
from cosmic_ray.modules import filter_paths, find_modules
from cosmic_ray.mutating import mutate_and_test, mutate_code, use_mutation
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec, TestOutcome

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parent
NEEDED: Final = ("model", "tests", "scenarios", "pyproject.toml")
NUMBERS: Final = "python -m pytest -x -q -p no:cacheprovider -W ignore tests/numbers"
LIBRARIES: Final = (
    *(
        "pytest",
        "hypothesis",
        "_hypothesis_pytestplugin",
        "yaml",
        "numpy",
        "scipy.special",
        "numba",
        "pandas",
        "pyarrow",
    ),
    *("mesa", "networkx", "pydantic", "rich.console"),
)
FATES: Final = ("killed", "seen", "survived")
MADE_BY: Final = "<!-- Made by `python experiments/mutation.py --write`; don't edit it. -->\n"


class Mutant(NamedTuple):
    """A fault, and what became of it: killed by a test of meaning, seen only by the committed numbers, survived."""

    file: str
    line: int
    before: str
    after: str
    fate: str


def main() -> None:
    """Try a sample of mutants and print, and if asked write, what became of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=200, help="places to change, drawn without replacement")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--only", default="", help="only files whose path contains this")
    parser.add_argument("--without-numbers", action="store_true", help="don't try survivors on the committed numbers")
    parser.add_argument("--write", type=Path, help="also write the tables to this Markdown file")
    asked = parser.parse_args()
    config = tomllib.loads((HERE / "mutation.toml").read_text(encoding="utf-8"))["cosmic-ray"]
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        copy_tree(Path(folder))
        os.chdir(folder)
        settle_environment(Path(folder))
        places, specs = sample(config, asked.only, asked.sample, asked.seed)
        tried: list[Mutant] = []
        try:
            for mutant in fates(specs, config, numbers=not asked.without_numbers):
                tried.append(mutant)
                print(f"{len(tried)}/{len(specs)} {mutant.fate}: {_one_line(mutant)}", flush=True)
        except KeyboardInterrupt:
            print("stopped")
        os.chdir(ROOT)
    text = page(sorted(tried), places, asked.seed)
    print(f"\n{text}")
    if asked.write:
        (ROOT / asked.write).write_text(text, encoding="utf-8")


def copy_tree(folder: Path) -> None:
    """What the tests need, without anything compiled."""
    for name in NEEDED:
        whence, to = ROOT / name, folder / name
        if whence.is_dir():
            shutil.copytree(whence, to, ignore=shutil.ignore_patterns("__pycache__", ".hypothesis"))
        else:
            shutil.copy(whence, to)


def settle_environment(folder: Path) -> None:
    """Tests import the copy, and read no byte code: Python tells that of a mutant from another only by the second."""
    os.environ |= {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(folder / "model"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "NUMBA_DISABLE_JIT": "1",
        "HYPOTHESIS_STORAGE_DIRECTORY": str(folder / "hypothesis"),
    }


def sample(config: dict[str, Any], only: str, size: int, seed: int) -> tuple[int, list[MutationSpec]]:
    """How many places there are, and one mutant at each of some of them, in the order of the draw."""
    modules = filter_paths(find_modules([Path(path) for path in config["module-path"]]), config["excluded-modules"])
    excluded = re.compile("|".join(config["filters"]["operators-filter"]["exclude-operators"]))
    at: dict[tuple[str, tuple[int, int]], list[MutationSpec]] = defaultdict(list)
    annotated: dict[Path, list[tuple[tuple[int, int], tuple[int, int]]]] = {}
    with use_db("session.sqlite", WorkDB.Mode.create) as session:
        init(sorted(modules), session, {})
        every = [spec for item in session.work_items for spec in item.mutations]
    for spec in every:
        path = spec.module_path
        if only not in str(path) or excluded.fullmatch(spec.operator_name):
            continue
        if path not in annotated:
            annotated[path] = list(annotations(path.read_text(encoding="utf-8")))
        if not any(start <= spec.start_pos < end for start, end in annotated[path]):
            at[str(path), spec.start_pos].append(spec)
    luck = random.Random(seed)
    chosen = luck.sample(sorted(at), min(size, len(at)))
    specs = [luck.choice(sorted(at[place], key=_order)) for place in chosen]
    return len(at), specs


def annotations(source: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """From where to where types and the texts of docstrings stand: nothing there is ever carried out."""
    for node in ast.walk(ast.parse(source)):
        for part in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if part is not None:
                yield (part.lineno, part.col_offset), (part.end_lineno, part.end_col_offset)


def fates(specs: Iterable[MutationSpec], config: dict[str, Any], *, numbers: bool) -> Iterator[Mutant]:
    """Try the mutants, one after another; those that no longer are Python are left out.

    Raises
    ------
    SystemExit
        Where the tests fail without any fault.
    """
    arguments = shlex.split(config["test-command"])[3:]  # behind python -m pytest
    if not passes(arguments, config["timeout"]) or (numbers and not numbers_pass([])):
        raise SystemExit("the tests fail on the model as it is; mend that first")
    for spec in specs:
        operator = get_operator(spec.operator_name)(**spec.operator_args)
        source = spec.module_path.read_text(encoding="utf-8")
        changed = mutate_code(source, operator, spec.occurrence)
        if changed is None or not _is_python(changed):
            continue
        with use_mutation(spec.module_path, operator, spec.occurrence):
            fate = "survived" if passes(arguments, config["timeout"]) else "killed"
        if fate == "survived" and numbers and not numbers_pass([spec]):
            fate = "seen"
        line, before, after = _difference(source, changed)
        yield Mutant(str(spec.module_path).removeprefix("model/doorstroom/"), line, before, after, fate)


def passes(arguments: list[str], timeout: float) -> bool:
    """Whether the tests of meaning pass, in a process that has read no doorstroom before."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", *LIBRARIES])
    tests = context.Process(target=_run_tests, args=(arguments,))
    tests.start()
    tests.join(timeout)
    if tests.is_alive():  # it never ends, which the tests would notice
        tests.kill()
        tests.join()
    return tests.exitcode == 0


def _run_tests(arguments: list[str]) -> None:
    import pytest

    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        result = pytest.main(arguments)
    os._exit(int(result))


def numbers_pass(specs: list[MutationSpec]) -> bool:
    """Whether a mutant, or without any the model as it is, gives the committed numbers, compiled anew."""
    interpreted = os.environ.pop("NUMBA_DISABLE_JIT")
    with tempfile.TemporaryDirectory(prefix="compiled-") as cache:
        os.environ["NUMBA_CACHE_DIR"] = cache
        outcome = mutate_and_test(specs, NUMBERS, 1800.0).test_outcome
    os.environ["NUMBA_DISABLE_JIT"] = interpreted
    return outcome == TestOutcome.SURVIVED


def page(tried: list[Mutant], places: int, seed: int) -> str:
    """The tables of scores and the survivors."""
    files = sorted({mutant.file for mutant in tried})
    folders = sorted({_folder(file) for file in files})
    lines = [
        f"{MADE_BY}\n# Do the tests notice a fault?\n",
        f"{len(tried)} small faults, one at a time, at places drawn from the {places:,} of the mechanisms and kernels",
        f"(seed {seed}). *Killed*: a test of meaning fails. *Seen*: only the committed numbers change. *Survived*: no "
        "test of these notices.\n",
        "| file | tried | killed | seen | survived | killed of tried | noticed |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
        *(_row(file, [mutant for mutant in tried if mutant.file == file]) for file in files),
        *(_row(f"**{name}**", [mutant for mutant in tried if _folder(mutant.file) == name]) for name in folders),
        _row("**all**", tried),
    ]
    for fate, title in (("survived", "Survived"), ("seen", "Seen only by the committed numbers")):
        some = [f"- {_one_line(mutant)}" for mutant in tried if mutant.fate == fate]
        lines += [f"\n## {title}\n", *(some or ["None."])]
    return "\n".join(lines) + "\n"


def _order(spec: MutationSpec) -> tuple[str, int]:
    return spec.operator_name, spec.occurrence


def _row(name: str, some: list[Mutant]) -> str:
    killed, seen, survived = (sum(mutant.fate == fate for mutant in some) for fate in FATES)
    share = [f"{part / len(some):.0%}" if some else "" for part in (killed, killed + seen)]
    return f"| {name} | {len(some)} | {killed} | {seen} | {survived} | {share[0]} | {share[1]} |"


def _folder(file: str) -> str:
    return f"{file.split('/')[0]}/" if "/" in file else "the package itself"


def _one_line(mutant: Mutant) -> str:
    return f"{mutant.file}:{mutant.line} `{mutant.before}` became `{mutant.after}`"


def _difference(source: str, changed: str) -> tuple[int, str, str]:
    for number, (before, after) in enumerate(zip(source.splitlines(), changed.splitlines(), strict=False), start=1):
        if before != after:
            return number, before.strip(), after.strip()
    raise ValueError("nothing differs")


def _is_python(source: str) -> bool:
    try:
        compile(source, "mutant", "exec")
    except SyntaxError:
        return False
    return True


if __name__ == "__main__":
    main()
