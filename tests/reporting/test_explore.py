"""The model with knobs: as it is when none is turned, and as asked when one is."""

from __future__ import annotations

import numpy as np
import pytest

from doorstroom.reporting.explore.model import KNOBS, Explored, changed, range_of
from doorstroom.scenario import load_scenario


def test_amounts_are_multiplied_by_programme() -> None:
    baseline = load_scenario("baseline")
    assert changed(baseline, {}, {}).identity() == baseline.identity()
    without = changed(baseline, {"STO": 0.0, "NGF": 2.0}, {})
    for name, scheme in without.schemes.items():
        before = baseline.schemes[name]
        factor = {"STO": 0.0, "NGF": 2.0}[scheme.programme]
        for year in range(2020, 2041):
            assert scheme.paid(year) == pytest.approx(factor * before.paid(year))


def test_every_knob_turns_a_parameter_within_its_prior() -> None:
    for knob, parameter in KNOBS.items():
        low, middle, high = range_of(knob)
        assert low < middle < high
        assert changed(load_scenario("baseline"), {}, {parameter: high}).parameters[parameter] == high


def test_pupils_are_followed_from_year_to_year() -> None:
    model = Explored(fraction=0.01, sto=0)
    assert len(model.followed) == 12
    model.step()
    model.step()
    assert [set(year) for year in model.tracks] == [set(model.followed)] * 3
    assert all(text.startswith("vo") for text in model.tracks[0].values())
    assert np.isfinite(model.outcome("vmbo_technique_share"))


@pytest.mark.filterwarnings("ignore:.*use_state:UserWarning")
def test_every_part_of_the_page_is_drawn() -> None:
    solara = pytest.importorskip("solara", reason="solara isn't installed: pip install -e '.[viz]'")
    from doorstroom.reporting.explore import app

    model = Explored(fraction=0.01)
    model.step()
    for part in (app.Regions(model), app.Country(model), app.Pupils(model), app.Knobs(model), app.Page()):
        _, context = solara.render(part, handle_error=False)
        context.close()
