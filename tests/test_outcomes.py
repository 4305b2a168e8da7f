"""The dictionary of outcomes is consistent, and ratios follow from counts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from doorstroom.education import TechnicalEducation
from doorstroom.outcomes import COLUMN, COUNTRY, COUNTS, GROUPS, OUTCOMES, SERIES, TOTAL, complete


def test_every_ratio_divides_two_known_counts_group_by_group() -> None:
    for outcome in OUTCOMES.values():
        if not outcome.is_ratio:
            continue
        above, below = OUTCOMES[outcome.of], OUTCOMES[outcome.over]
        assert not above.is_ratio
        assert not below.is_ratio
        for group in outcome.groups:
            assert group in above.groups, (outcome.name, group)
            assert group in below.groups or TOTAL in below.groups, (outcome.name, group)


def test_names_units_and_definitions_are_there() -> None:
    assert len(set(SERIES)) == len(SERIES)
    for outcome in OUTCOMES.values():
        assert outcome.title
        assert outcome.unit
        assert outcome.definition.endswith(".")
        assert outcome.matters > 0
        assert outcome.matters_why.endswith(".")
    sections = {outcome.section for outcome in OUTCOMES.values()}
    assert sections == {"enrolment", "teachers", "labour", "offer", "primary", "money", "fairness", "persons"}


def test_country_is_the_sum_and_ratios_follow() -> None:
    rng = np.random.default_rng(0)
    counts = rng.integers(1, 100, size=(3, 5, len(COUNTS))).astype(float)
    full = complete(counts)
    assert full.shape == (3, 6, len(SERIES))
    assert np.array_equal(full[:, 0, : len(COUNTS)], counts.sum(axis=1))
    share = full[:, :, COLUMN["vmbo_technique_share", "BB"]]
    above, below = full[:, :, COLUMN["vmbo_technique_pupils", "BB"]], full[:, :, COLUMN["vmbo_pupils", "BB"]]
    assert np.array_equal(share, above / below)


def test_a_ratio_over_nothing_is_unknown() -> None:
    full = complete(np.zeros((1, 2, len(COUNTS))))
    assert np.isnan(full[0, 0, COLUMN["vmbo_technique_share", TOTAL]])


def test_moves_and_ages_add_up(finish) -> None:  # type: ignore[no-untyped-def]
    country = finish("baseline").results()[:, 0]

    def at(outcome: str, group: str) -> np.ndarray:
        return country[:, COLUMN[outcome, group]]

    def moved(*ends: str) -> np.ndarray:
        return sum(
            at("moves", group) for group in GROUPS["moves"] if group.startswith(ends[0]) and group.endswith(ends[1])
        )

    assert np.array_equal(sum(at("teachers", group) for group in GROUPS["ages"]), at("teachers", TOTAL))
    assert np.array_equal(moved("primary school > ", ""), at("persons_in", "vo"))
    assert np.array_equal(moved("", "> mbo technique"), at("mbo_technique_inflow", TOTAL))
    assert np.array_equal(moved("", "> technical work"), at("technical_entrants", TOTAL))
    assert np.array_equal(
        sum(moved(f"{start} > ", "") for start in ("vmbo technique", "tl", "other secondary")), at("persons_out", "vo")
    )


def test_expected_choices_are_of_those_who_chose(finish: Callable[..., TechnicalEducation]) -> None:
    """Hardly anybody is in year 3 who didn't choose in that year, so the shares are nearly the same."""
    years = finish("baseline").results()[1:, COUNTRY]
    chances, choosers, share = (
        years[:, [COLUMN[name, group] for group in (TOTAL, *GROUPS["sexes"])]]
        for name in ("vmbo_technique_choices", "vmbo_choosers", "vmbo_technique_choice_share")
    )
    assert np.allclose(chances[:, 0], chances[:, 1:].sum(axis=1))
    assert ((chances > 0) & (chances < choosers)).all()
    assert (choosers[:, 0] <= years[:, COLUMN["vmbo_pupils", TOTAL]]).all()
    taken = years[:, COLUMN["vmbo_technique_share", TOTAL]]
    by_luck = np.sqrt(share[:, 0] * (1.0 - share[:, 0]) / (choosers[:, 0] / finish("baseline").pupils.weight))
    off = (share[:, 0] - taken) / by_luck
    assert np.abs(off).max() < 4.5
    assert np.abs(off.mean()) < 4.0 / np.sqrt(len(off))
