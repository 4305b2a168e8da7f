"""Identity: equal runs have one name, and whatever can change a number changes it."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from doorstroom import source
from doorstroom.experiment.identity import ParameterNames, canonical, run_identity
from doorstroom.parameters import draw_parameters, load_parameters
from doorstroom.source import SourceChanged, check_unchanged, code_identity, identity_of

RUN = {"scenario": "s", "parameters": "p", "seed": 1, "fraction": 0.1, "inputs": "i", "code": "c"}


def test_it_does_not_depend_on_the_order_of_keys_or_the_kind_of_number() -> None:
    assert canonical({"b": 1, "a": [1, {"d": 2, "c": 3}]}) == '{"a":[1,{"c":3,"d":2}],"b":1}'
    assert run_identity(**{**RUN, "fraction": 1}) == run_identity(**{**RUN, "fraction": 1.0})


@pytest.mark.parametrize(
    ("key", "value"),
    [("scenario", "t"), ("parameters", "q"), ("seed", 2), ("fraction", 0.2), ("inputs", "j"), ("code", "d")],
)
def test_everything_that_determines_a_run_changes_it(key: str, value: object) -> None:
    assert run_identity(**{**RUN, key: value}) != run_identity(**RUN)


def test_it_stays_what_it_was() -> None:
    """Stored runs are found by it, years later and on other machines."""
    assert run_identity(**RUN) == "59cc2c75efa5414561957542d7f7e096c1a8333cae5fc4fa15dbb5c2c857952f"


def test_sets_of_values_are_named_as_each_of_them() -> None:
    entries = load_parameters()
    factors = list(draw_parameters(1).drawn)
    draws = [draw_parameters(k) for k in range(1, 4)]
    values = np.array([[draw.drawn[name] for name in factors] for draw in draws])
    assert ParameterNames(entries, factors).of(values) == [draw.identity() for draw in draws]
    assert ParameterNames(entries, []).of(np.empty((1, 0))) == [draw_parameters(0).identity()]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = tmp_path / "doorstroom"
    shutil.copytree(source.PACKAGE, copy, ignore=shutil.ignore_patterns("data", "__pycache__"))
    monkeypatch.setattr(source, "PACKAGE", copy)
    return copy


def forget() -> None:
    """Read the source anew, as a new process does."""
    source._read.clear()
    source._identity.cache_clear()
    source.check_unchanged.cache_clear()


def edited(file: Path, before: str, after: str) -> tuple[str, str]:
    """The identity of the code before and after an edit of a file of the package."""
    forget()
    first = code_identity()
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), encoding="utf-8")
    forget()
    return first, code_identity()


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("mechanisms/interest.py", "def ", "ADDED = 1\n\n\ndef "),
        ("geography.py", "import numpy as np", "import numpy as np\n\nADDED = 1"),
        ("inputs/parameters.toml", "value = 650.0", "value = 651.0"),
        ("inputs/parameters.toml", "median = 650.0", "median = 651.0"),
        ("outcomes.toml", 'over = "vmbo_pupils"', 'over = "vmbo_exam_candidates"'),
        ("education.py", "Draws(int(rng))", "Draws(int(rng) + 1)"),
    ],
)
def test_a_change_of_what_the_model_means_makes_other_runs(package: Path, file: str, before: str, after: str) -> None:
    first, now = edited(package / file, before, after)
    assert first != now


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("mechanisms/interest.py", '"""', '"""In other words: '),
        ("mechanisms/interest.py", "\n\n\ndef ", "\n\n\n# a reason\n\n\n\ndef "),
        ("education.py", "    def step(self) -> None:\n", "    def step(self) -> None:  # one school year\n"),
        ("inputs/parameters.toml", 'why = "', 'why = "In other words: '),
        ("inputs/parameters.toml", "value = 650.0", "value = 650.0  # euro"),
        ("outcomes.toml", 'definition = "', 'definition = "In other words: '),
        ("reporting/style.py", "import", "ADDED = 1\nimport"),
        ("cli/runs.py", "import", "ADDED = 1\nimport"),
        ("inputs/official.py", "import", "ADDED = 1\nimport"),
    ],
)
def test_other_words_and_what_only_reads_results_leave_all_identities(
    package: Path, file: str, before: str, after: str
) -> None:
    first, now = edited(package / file, before, after)
    assert first == now


def test_a_file_that_nothing_imports_counts_once_it_is_imported(package: Path) -> None:
    (package / "mechanisms" / "new.py").write_text("ADDED = 1\n")
    first, now = edited(
        package / "education.py", "import mesa\n", "import mesa\nfrom doorstroom.mechanisms import new\n"
    )
    assert first != now
    (package / "mechanisms" / "new.py").write_text("ADDED = 2\n")
    forget()
    assert code_identity() != now


def test_compiled_code_is_that_of_all_that_went_into_it(package: Path) -> None:
    """A constant of another file is compiled into a kernel; what doesn't reach it leaves it as it was."""
    forget()
    before = {name: identity_of(f"doorstroom.mechanisms.{name}") for name in ("mbo_choice", "interest")}
    terms = package / "terms.py"
    terms.write_text(terms.read_text(encoding="utf-8") + "\nADDED = 1\n", encoding="utf-8")
    forget()
    assert identity_of("doorstroom.mechanisms.mbo_choice") != before["mbo_choice"]
    assert identity_of("doorstroom.mechanisms.interest") == before["interest"]


def test_source_that_is_edited_while_it_is_loaded_is_noticed(package: Path) -> None:
    forget()
    code_identity()
    file = package / "mechanisms" / "interest.py"
    file.write_text(file.read_text(encoding="utf-8") + "\n# a remark\n", encoding="utf-8")
    check_unchanged()
    check_unchanged.cache_clear()
    file.write_text(file.read_text(encoding="utf-8") + "\nADDED = 1\n", encoding="utf-8")
    with pytest.raises(SourceChanged, match=r"interest\.py: was edited while"):
        check_unchanged()
    forget()
    check_unchanged()
    file.write_text(file.read_text(encoding="utf-8") + "\nADDED = 2\n", encoding="utf-8")
    check_unchanged()  # it is loaded by now: what comes later is not run
