"""Loading a set: whole and sound, or refused by the name of the file."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from doorstroom.errors import InputError
from doorstroom.inputs.schema import TABLES
from doorstroom.inputs.sets import load_inputs


@pytest.fixture
def copy(small_set: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small_set, tmp_path / "nl2019"))


def change(folder: Path, table: str, how: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    """Change a table and put its new hash into the manifest, as someone does who makes a set by hand."""
    file = folder / f"{table}.csv"
    how(pd.read_csv(file, dtype=str, keep_default_na=False)).to_csv(file, index=False)
    change_manifest(
        folder, lambda all_: all_["tables"][table].update(sha256=hashlib.sha256(file.read_bytes()).hexdigest())
    )


def change_manifest(folder: Path, how: Callable[[dict[str, Any]], object]) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    how(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def put(column: str, value: str, row: int = 0) -> Callable[[pd.DataFrame], pd.DataFrame]:
    def changed(table: pd.DataFrame) -> pd.DataFrame:
        table.loc[row, column] = value
        return table

    return changed


def test_a_set_of_an_own_folder_loads(small_set: Path) -> None:
    inputs = load_inputs(small_set)
    assert (inputs.name, inputs.year, len(inputs.locations), len(inputs.regions)) == ("nl2019", 2019, 10, 3)
    assert load_inputs(str(small_set)) is inputs


@pytest.mark.parametrize("table", TABLES)
def test_a_missing_table_is_named(copy: Path, table: str) -> None:
    (copy / f"{table}.csv").unlink()
    with pytest.raises(InputError, match=rf"{table}\.csv is missing; make the set with"):
        load_inputs(copy)


@pytest.mark.parametrize("table", TABLES)
def test_a_changed_table_is_named(copy: Path, table: str) -> None:
    with (copy / f"{table}.csv").open("ab") as file:
        file.write(b"\n")
    with pytest.raises(InputError, match=rf"{table}\.csv: differs from its manifest"):
        load_inputs(copy)


def test_a_folder_without_a_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"manifest\.json is missing"):
        load_inputs(tmp_path / "nowhere")
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=r"manifest\.json is missing"):
        load_inputs(tmp_path / "file")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": 3}', '{"tables": {}}', "null", '"words"'])
def test_a_manifest_that_is_none_is_refused(copy: Path, text: str) -> None:
    (copy / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"manifest\.json: not a manifest of an input set .*; make the set again"):
        load_inputs(copy)


@pytest.mark.parametrize(
    ("how", "message"),
    [
        (lambda m: m.update(schema=1), r"schema: found 1; allowed: 3; make the set again with this version"),
        (lambda m: m.update(name=7), "name, date and hashes have to be texts"),
        (lambda m: m.update(date="soon"), "not a manifest of an input set"),
        (lambda m: m["tables"].pop("homes"), "tables: found 'regions, .*allowed: a table 'homes' among them"),
    ],
)
def test_a_manifest_that_says_something_else_is_refused(
    copy: Path, how: Callable[[dict[str, Any]], object], message: str
) -> None:
    change_manifest(copy, how)
    with pytest.raises(InputError, match=message):
        load_inputs(copy)


@pytest.mark.parametrize(
    ("table", "how", "message"),
    [
        ("pupils", lambda t: t.rename(columns={"women": "woman"}), r"pupils\.csv: women: .*did you mean 'woman'"),
        ("pupils", put("men", "twelve"), r"pupils\.csv: .*twelve"),
        ("pupils", put("men", ""), r"pupils\.csv"),
        ("pupils", put("year", "300"), r"pupils\.csv"),
        ("pupils", put("location", "99ZZ00"), r"pupils\.csv: location: '99ZZ00' isn't in locations\.csv"),
        ("pupils", put("class_kind", "99"), r"pupils\.csv: class_kind: .*99.* isn't in class_kinds\.csv"),
        (
            "locations",
            put("municipality", "999"),
            r"locations\.csv: municipality: .*999.* isn't in municipalities\.csv",
        ),
        ("homes", put("region", "99"), r"homes\.csv: region: .*99.* isn't in regions\.csv"),
        ("students", put("college", "99ZZ"), r"students\.csv: college: '99ZZ' isn't in colleges\.csv"),
        ("feeders", put("men", "0.75"), r"feeders\.csv: shares of men of year 1, .* add up to .*, not 1"),
        (
            "exams",
            lambda t: pd.concat([t, t.tail(1)]),
            r"exams\.csv: a row stands there more than once: .*region 3, track",
        ),
    ],
)
def test_a_table_that_cant_be_is_refused(
    copy: Path, table: str, how: Callable[[pd.DataFrame], pd.DataFrame], message: str
) -> None:
    change(copy, table, how)
    with pytest.raises(InputError, match=message):
        load_inputs(copy)


def test_the_order_of_rows_means_nothing(copy: Path, small_set: Path) -> None:
    rng = np.random.default_rng(1)
    for table in TABLES:
        change(copy, table, lambda rows: rows.iloc[rng.permutation(len(rows))])
    shuffled, sorted_ = load_inputs(copy), load_inputs(small_set)
    for table in TABLES:
        pd.testing.assert_frame_equal(getattr(shuffled, table), getattr(sorted_, table))
    assert shuffled.identity != sorted_.identity  # the files aren't the same


def test_a_set_that_was_made_anew_is_read_anew(copy: Path) -> None:
    before = load_inputs(copy)
    change(copy, "pupils", put("men", "77"))
    after = load_inputs(copy)
    assert before.pupils.loc[0, "men"] != 77 == after.pupils.loc[0, "men"]
    assert before.identity != after.identity


@pytest.mark.parametrize(
    ("table", "column", "value", "allowed"),
    [
        ("pupils", "men", "-5", "a whole number from 0 to 2e+07 (boys)"),
        ("pupils", "men", "1.5", "a whole number from 0 to 2e+07 (boys)"),
        ("pupils", "men", "", "a whole number from 0 to 2e+07 (boys)"),
        ("pupils", "men", "0x10", "a whole number from 0 to 2e+07 (boys)"),
        ("pupils", "men", "99999999999999999999", "a whole number from 0 to 2e+07 (boys)"),
        ("pupils", "year", "7", "a whole number from 1 to 6"),
        ("pupils", "profile", "120", "a whole number from 0 to"),
        ("locations", "lat", "-52.1", "a number from 50.7 to 53.6 (latitude of"),
        ("locations", "lon", "52.1", "a number from 3.3 to 7.3 (longitude of"),
        ("locations", "vwo_share_y3", "1.01", "a number from 0 to 1"),
        ("feeders", "women", "nan", "a number from 0 to 1"),
        ("cohorts", "index", "inf", "a number from 0 to 10"),
        ("homes", "a0_4", "-1", "a whole number from 0 to 2e+07"),
        ("students", "level", "5", "a whole number from 1 to 4"),
        ("municipalities", "group8", "-2", "a whole number from -1 to 2e+07"),
    ],
)
def test_a_cell_that_can_not_be_is_told_with_its_row(
    copy: Path, table: str, column: str, value: str, allowed: str
) -> None:
    change(copy, table, put(column, value, 1))
    with pytest.raises(InputError) as refusal:
        load_inputs(copy)
    assert f"{table}.csv: row 3, column {column}: found" in str(refusal.value)
    assert allowed in str(refusal.value)


@pytest.mark.parametrize("table", [name for name, form in TABLES.items() if not form.may_be_empty])
def test_a_table_of_headings_alone_is_refused(copy: Path, table: str) -> None:
    change(copy, table, lambda rows: rows.iloc[:0])
    with pytest.raises(InputError, match=rf"{table}\.csv: rows: found 'headings alone'; allowed: at least one row"):
        load_inputs(copy)


def test_a_byte_order_mark_before_a_table_is_passed_over(copy: Path, small_set: Path) -> None:
    file = copy / "pupils.csv"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    change_manifest(
        copy, lambda all_: all_["tables"]["pupils"].update(sha256=hashlib.sha256(file.read_bytes()).hexdigest())
    )
    pd.testing.assert_frame_equal(load_inputs(copy).pupils, load_inputs(small_set).pupils)
