"""All checks of a study or a bundle, one after the other, told as they come."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from doorstroom.archive import check as bundled
from doorstroom.experiment.model import Model
from doorstroom.experiment.provenance import Difference
from doorstroom.experiment.stored import Kept
from doorstroom.experiment.verify import Checked, verify
from doorstroom.reporting import cited, files_check
from doorstroom.reporting.crate import INPUTS


class Asked(NamedTuple):
    """What is to be checked.

    Attributes
    ----------
    runs : how many are made again, drawn at random; None is all
    citation : what is held against the study; empty for nothing
    anew : whether the report is written anew where the runs are at hand
    """

    runs: int | None = 3
    citation: str = ""
    anew: bool = True


class Found(NamedTuple):
    """What came of it; `told` is the last line where all agrees."""

    agrees: bool
    faults: list[str]
    other_code: bool
    told: str


def check(folder: Path, asked: Asked, tell: Callable[[str], None], model: Model | None = None) -> Found:
    """Check a study in its folder, or a bundle that was unpacked.

    Parameters
    ----------
    model : what makes its runs again; None is the model of the country as it is now
    """
    kept_inputs = folder / INPUTS
    study = Kept(folder, model, kept_inputs if kept_inputs.is_dir() else None)
    manifest = study.results.manifest

    def finished(checked: Checked) -> None:
        tell(f"{checked.run.name}: {checked.fault or 'every byte agrees'}")

    with ExitStack() as stack:
        keep = None
        if asked.runs is None and not study.has_runs:  # an archive without its runs: made again, they give the report
            keep = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        verdict = verify(study, runs=asked.runs, keep=keep, finished=finished)
        _tell_differences(verdict.differs, tell)
        faults = [*verdict.faults, *(bundled.faults(folder, manifest) if bundled.holds_code(folder) else ())]
        if asked.citation:
            faults += cited.faults(asked.citation, manifest)
        runs = (folder if study.has_runs else keep) if asked.anew and verdict.agrees else None
        faults += files_check.faults(study.results, runs=None if runs is None else runs / "runs")
    gone = [fault for fault in faults if fault.endswith(files_check.GONE)]
    faults = [fault for fault in faults if fault not in gone]
    for fault in faults:
        tell(fault)
    if gone:  # a file that isn't there misleads nobody
        more = f" and {len(gone) - 1} other files of its report" if len(gone) > 1 else ""
        tell(f"{gone[0]}{more}; `doorstroom report {folder}` writes them where the runs are")
    agrees = verdict.agrees and not faults
    report = files_check.written(folder)
    also = "" if not report else ", and so do the files of its report"
    if report and runs is None:
        also += ", as far as their checksums tell: --all makes the runs and writes the report anew"
    if agrees and not asked.citation:
        tell(f"Identity {manifest.study}, seal {manifest.seal()}: a citation of it names these.")
    other = any(one.kind == "code" for one in verdict.differs)
    return Found(agrees, faults, other, f"{len(verdict.checked)} of its runs agree{also}.")


def _tell_differences(differs: Sequence[Difference], tell: Callable[[str], None]) -> None:
    if not differs:
        tell("Code, inputs, packages and platform are those of the study.")
        return
    tell("What differs from when the study was made:")
    for difference in differs:
        tell(f"  {difference.kind}: {difference.what}")
