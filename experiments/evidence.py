"""How good the model is, as a page: docs/validation_results.md and the draws of the fit, experiments/posterior.csv.

    python experiments/evidence.py                  run what isn't there yet, then write both
    python experiments/evidence.py --processes 1    one run at a time; changes no number
    python experiments/evidence.py --parts since    one part of the page anew

The same that `doorstroom patterns, validate, calibrate, recover` and `inputs check` tell, one after the other; the runs
stay in results/evidence. A part that isn't asked for stays as it is, with the code that it was made with.
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import pandas as pd

from doorstroom.evidence import ensemble, fitting, headline, hindcast, patterns
from doorstroom.evidence.calibration import INFORMED, load_settings
from doorstroom.evidence.rolling import known_before, rolling_origin
from doorstroom.experiment import posterior
from doorstroom.experiment.whole_files import atomic
from doorstroom.fits import DEFAULT_FIT
from doorstroom.inputs.checks import check_margins
from doorstroom.inputs.figures import BOUNDS
from doorstroom.inputs.observed import observed
from doorstroom.inputs.sets import load_inputs, place, read_manifest
from doorstroom.outcomes import COUNTRY
from doorstroom.reporting import fit, validation
from doorstroom.reporting.plots.validation import fans
from doorstroom.source import code_identity

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parent
RUNS: Final = ROOT / "results" / "evidence"
POSTERIOR: Final = HERE / "posterior.csv"
PAGE: Final = ROOT / "docs" / "validation_results.md"
DRAWS: Final = 40
WORLDS: Final = 40
INVENTED: Final = 1.02
"""By how much the figures of a made-up year are those of the last observed one."""
REGIONAL: Final = ("region_persistence", "region_spread_2021")
"""Patterns that sampling a part of the people blurs."""


def main() -> None:
    """Make the page, or some parts of it anew."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--parts", nargs="+", choices=list(PARTS), default=list(PARTS), help="by default all")
    asked = parser.parse_args()
    write({name: "\n".join(PARTS[name](asked.processes)) for name in asked.parts})
    print(PAGE)


def write(made: Mapping[str, str]) -> None:
    """The page with these parts; what stands there of the others is kept, with the code that it was made with."""
    there = re.split(_MARK, PAGE.read_text(encoding="utf-8")) if PAGE.exists() else [""]
    parts = {
        name: (with_, text.rpartition("\n\nMade with ")[0])
        for name, with_, text in zip(there[1::3], there[2::3], there[3::3], strict=True)
    }
    with_ = f"code {code_identity()[:12]} and inputs {load_inputs().identity[:12]}"
    parts |= {name: (with_, text) for name, text in made.items()}
    lines = [
        "<!-- Made by `python experiments/evidence.py`; don't edit it. -->\n",
        "# How good it is: results\n",
        "What is asked, and how, is in [validation](validation.md). Each part says what it was made with.",
    ]
    for name in [name for name in PARTS if name in parts]:
        made_with, text = parts[name]
        lines.append(f"\n<!-- {name}: {made_with} -->\n\n{text.strip()}\n\nMade with {made_with}.")
    with atomic(PAGE) as file:
        file.write(("\n".join(lines) + "\n").encode())


def rolling(processes: int) -> Iterator[str]:
    """Forecasts of the exam years, with the draws of the priors and with those of the fit."""
    prior = rolling_origin(posterior.draws_of(DRAWS, None), processes=processes)
    yield "## Forecasts of the exam years from what was known before\n"
    yield from validation.as_table(validation.SUMMARY_HEAD, validation.summary_rows(prior))
    yield from validation.as_table(validation.CONTEST_HEAD, validation.contest_rows(prior))
    series = validation.series_rows(prior)
    yield "Mean CRPS per series:\n"
    yield from validation.as_table(series[0], series[1:])
    plot = next(fans(prior, known_before()))
    image = ROOT / "docs" / "images" / "validation.png"
    with atomic(image) as file:
        plot.figure.savefig(file, format="png", dpi=80, metadata={"Software": None})
    yield f"![{plot.caption}](images/{image.name})\n"


def since(processes: int) -> Iterator[str]:
    """The whole model from the count of 2019, knowing nothing later, against what was observed since."""
    asked = hindcast.Runs(posterior.draws_of(DRAWS, None), hindcast.HONEST, RUNS, 1.0, processes)
    made = hindcast.known(asked)
    yield "## The whole model from 2019 against 2019/20 to 2022/23\n"
    yield f"Everybody is modelled, so no sampling widens the intervals; {DRAWS} draws of what was known in 2019, each "
    yield "with luck of its own. `doorstroom validate --known` makes it again. N&T and N&G count as profiles.\n"
    yield from validation.HOW_TO_READ
    yield "What was asked of it:\n"
    yield from validation.as_table(validation.ASKED_HEAD, validation.asked_rows(made.table))
    yield from validation.as_table(validation.SUMMARY_HEAD, validation.summary_rows(made.table))
    yield from validation.as_table(validation.CONTEST_HEAD, validation.contest_rows(made.table))
    yield "By years ahead of what was known:\n"
    yield from validation.as_table(validation.LEAD_HEAD, validation.lead_rows(made.table))
    yield from [f"- {remark}" for remark in made.remarks]
    found = headline.headlines(made.table)
    yield f"\n### The ten headline figures of {headline.YEAR}/{headline.YEAR - 1999}\n"
    yield f"{sum(one['in90'] for one in found)} of {len(found)} lie inside the 90% interval.\n"
    rows = [
        [one["name"], *(f"{one[name]:.4g}" for name in ("observed", "median", "low90", "high90")), _yes(one["in90"])]
        for one in found
    ]
    yield from validation.as_table(("figure", "observed", "median", "low", "high", "inside 90%"), rows)
    yield "### Per series\n"
    series = validation.series_rows(made.table)
    yield from validation.as_table(series[0], series[1:])


def through(processes: int) -> Iterator[str]:
    """The baseline of today against what its fit knows, and the way in which later years will be judged."""
    asked = hindcast.Runs(posterior.draws_of(DRAWS, None), DEFAULT_FIT, RUNS, 1.0, processes)
    figures = observed(load_inputs())
    figures = figures[figures["region"] == COUNTRY]
    runs = hindcast.ensemble_of(asked, hindcast.wanted(figures), ensemble.LAST_YEAR)
    near = headline.through(figures, runs)
    yield "## The baseline of today against what is known\n"
    yield f"Medians of {DRAWS} runs with the fit of 2022: {near['near'].sum()} of {len(near)} observed figures of the "
    yield f"country are met within {headline.NEAR:.0%} or within the bounds of the figure. Those that aren't:\n"
    rows = [
        [row.outcome, row.group, str(row.year), f"{row.value:.4g}", f"{row.median:.4g}", f"{row.deviation:+.1%}"]
        for row in near[~near["near"]].itertuples(index=False)
    ]
    yield from validation.as_table(("outcome", "group", "year", "observed", "median", "off by"), rows)
    yield "School year 2023/24 will be judged with `doorstroom validate FILE --fit known_2022`, which takes all up to "
    yield "2022/23 as known, and with `doorstroom score FILE` for a projection that was registered before. Tried on a "
    yield f"file with invented figures, those of 2022/23 times {INVENTED}, which says that it works and nothing else:\n"
    with TemporaryDirectory() as folder:
        file = Path(folder) / "invented.csv"
        last = figures[figures["year"] == headline.YEAR]
        invented = last.assign(year=headline.YEAR + 1, region="country", source="invented")
        for name in BOUNDS:
            # a share can't be above one
            invented[name] = (invented[name] * INVENTED).where(invented["unit"] != "share", invented[name])
        invented.to_csv(file, index=False)
        tried = hindcast.against([file], asked)
    yield from validation.as_table(validation.SUMMARY_HEAD, validation.summary_rows(tried.table))


def _yes(holds: bool) -> str:
    return "yes" if holds else "NO"


def met(processes: int) -> Iterator[str]:
    """The patterns, over draws of the priors; those of small regions over everybody."""
    known = patterns.load_patterns(HERE / "patterns.toml")
    parts = (
        ([one for one in known if one.name not in REGIONAL], 0.1, posterior.draws_of(DRAWS, None)),
        ([one for one in known if one.name in REGIONAL], 1.0, posterior.draws_of(4, None)),
    )
    checks: list[patterns.Check] = []
    for asked, fraction, draws in parts:
        runs = ensemble.run_ensemble(
            draws,
            patterns.series_of(asked),
            folder=RUNS,
            fraction=fraction,
            processes=processes,
            own_seeds=True,
        )
        checks += patterns.check(asked, runs)
    yield "## Patterns\n"
    yield f"{sum(one.holds for one in checks)} of {len(checks)} hold in at least half of the runs: {DRAWS} draws of "
    yield "the priors with a tenth of the people, and for those of small regions 4 draws with everybody.\n"
    yield from validation.as_table(fit.PATTERN_HEAD, fit.pattern_rows(checks))


def fitted(processes: int) -> Iterator[str]:
    """The fit and its recovery; the draws of the fit are kept."""
    known = patterns.load_patterns(HERE / "patterns.toml")
    settings = load_settings(known, HERE / "calibration.toml")
    targets = fitting.chosen(known, settings)
    design = fitting.design_of_runs(targets, settings, RUNS, processes)
    found = fitting.fit_targets(design, targets)
    said = fitting.told(found, design, targets)
    posterior.save(fitting.posterior_of(found, design, targets, settings), POSTERIOR)
    yield "## What the data say about the parameters\n"
    yield fit.fit_told(said.parameters, len(design.names), found.effective) + ".\n"
    yield f"The draws are in `{POSTERIOR.relative_to(ROOT).as_posix()}`.\n"
    yield from validation.as_table(fit.TARGET_HEAD, fit.target_rows(said.targets))
    told: pd.DataFrame = said.parameters[said.parameters["informed"]]
    yield from validation.as_table(fit.PARAMETER_HEAD, fit.parameter_rows(told))
    yield "## Would it find parameters that are known?\n"
    table = fitting.recover(design, np.array([one.tolerance for one in targets]), WORLDS)
    yield fit.recovery_told(table, WORLDS, INFORMED) + ".\n"
    yield from validation.as_table(fit.RECOVERY_HEAD, fit.recovery_rows(table, WORLDS))


def margins(_: int) -> Iterator[str]:
    """The margins of the default input set."""
    found = check_margins(load_inputs(), read_manifest(place(None))["controls"])
    yield "## Margins of the population\n"
    yield f"{sum(one.holds for one in found)} of {len(found)} margins are met; `doorstroom inputs check` prints them.\n"
    rows = [
        [one.name, f"{one.cells:,}", f"{one.deviation:.4g} {one.unit}", f"{one.allowed:.4g}", one.where or "none"]
        for one in found
    ]
    yield from validation.as_table(("margin", "totals", "largest deviation", "allowed", "where"), rows)


PARTS: Final = {
    "since": since,
    "through": through,
    "rolling": rolling,
    "fitted": fitted,
    "met": met,
    "margins": margins,
}
_MARK: Final = r"\n<!-- (\w+): (code \w+ and inputs \w+) -->\n"


if __name__ == "__main__":
    main()
