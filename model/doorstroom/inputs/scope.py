"""Which part of the country a file of figures holds, by its locations and tracks.

A file is taken to hold the whole country when the institutions in it had nine in ten of the pupils of each of its
tracks at the start. Otherwise it holds a part, and its figures are those of its locations together, never the
country's: they are to be held against the same locations of the model.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import pandas as pd

from doorstroom.inputs.sets import Inputs
from doorstroom.terms import Profile, Track

WHOLE: Final = 0.9
TRACKS: Final = (Track.BB, Track.KB, Track.GL, Track.TL, Track.HAVO, Track.VWO)
_FEW: Final = 0.01
_UPPER: Final = 3
_DP_ONLY: Final = 0.02
"""At most so much of locations with D&P alone in sector techniek is chance: a profile that was opened since."""


class Scope(NamedTuple):
    """What a file holds.

    Attributes
    ----------
    locations : codes of its locations where it is a part of the country; None where it is the whole
    lacking : tracks that it doesn't hold
    remarks : what it holds and what was left out, for the user
    """

    locations: frozenset[str] | None
    lacking: frozenset[Track]
    remarks: tuple[str, ...]


def scope_of(rows: pd.DataFrame, inputs: Inputs) -> Scope:
    """The scope of rows with location, track and value."""
    pupils = inputs.pupils[inputs.pupils["year"] >= _UPPER]
    pupils = pupils.assign(n=pupils["men"] + pupils["women"], brin=pupils["location"].str[:4])
    known = set(inputs.locations["location"])
    named = rows[rows["value"] > 0]
    here = set(named["location"])
    part, coverage = False, []
    for track in (one for one in TRACKS if (named["track"] == one).any()):
        of_track = pupils[pupils["track"] == track]
        mine = set(named.loc[named["track"] == track, "location"])
        held = of_track.loc[of_track["brin"].isin({code[:4] for code in mine}), "n"].sum() / of_track["n"].sum()
        covered = of_track.loc[of_track["location"].isin(mine), "n"].sum() / of_track["n"].sum()
        coverage.append(f"{track.name.lower()} {covered:.1%}")
        part |= bool(held < WHOLE)
    area = pupils[pupils["location"].isin(here)] if part else pupils
    size = area.groupby("track")["n"].sum()
    lacking = {
        track
        for track in TRACKS
        if not (named["track"] == track).any() and (not part or size.get(track, 0) > _FEW * size.sum())
    }
    unknown = named[~named["location"].isin(known)]
    remarks = [
        f"its {len(here)} locations had these parts of the pupils of {inputs.year}: {', '.join(coverage)}; "
        + (
            "it holds a part of the country and is compared with the same locations of the model"
            if part
            else "it is compared with the whole country"
        )
    ]
    if lacking:
        names = ", ".join(track.name.lower() for track in sorted(lacking))
        remarks.append(f"it has no rows of {names}: figures that these are part of are left out")
    if len(unknown):
        codes = sorted(set(unknown["location"]))
        shown = ", ".join(codes[:5]) + (f" and {len(codes) - 5} more" if len(codes) > 5 else "")
        share = unknown["value"].sum() / named["value"].sum()
        remarks.append(
            f"{len(codes)} locations ({share:.1%} of its persons) are not in the input set ({shown}): "
            + (
                "left out"
                if part
                else "counted in the country, and in the region of their institution where it has one"
            )
        )
    return Scope(frozenset(here & known) if part else None, frozenset(lacking), tuple(remarks))


def sector_settled(rows: pd.DataFrame, inputs: Inputs) -> str:
    """What a file without sector 'intersectoraal' itself says of D&P, which stood there before: is it in techniek?

    Locations that had D&P and no technical profile in year 3 at the start can have hardly anybody in sector techniek
    at the exam of two years later, unless D&P stands there.
    """
    third = inputs.pupils[(inputs.pupils["year"] == _UPPER) & inputs.pupils["track"].between(Track.BB, Track.GL)]
    technical = third["profile"].between(Profile.BWI, Profile.MAT) | (third["profile"] == Profile.VR_TECHNIEK)
    alone = set(third.loc[third["profile"] == Profile.DP, "location"]) - set(third.loc[technical, "location"])
    year = inputs.year + 2
    part = rows[rows["location"].isin(alone) & rows["track"].between(Track.BB, Track.GL)]
    part = part[part["exam_year"] == year]
    everybody, some = part["value"].sum(), part.loc[part["sector"] == "techniek", "value"].sum()
    if not everybody:
        return (
            "the file has no sector 'intersectoraal' and no location with D&P alone to settle where D&P stands; in "
            "DUO's file of the whole country it is in economie"
        )
    found = (
        f"{some:,.0f} of the {everybody:,.0f} candidates of {year} at {part['location'].nunique()} locations with D&P "
        "and no technical profile are in sector techniek"
    )
    if some <= _DP_ONLY * everybody:
        return f"D&P, which has no sector 'intersectoraal' here, is not in sector techniek: {found}"
    return (
        f"sector techniek holds more than the technical profiles, so its figures can't be compared as they are: {found}"
    )
