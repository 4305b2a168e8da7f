"""Common random numbers: a draw belongs to (seed, purpose, year, person), never to the order of calls.

NumPy's counter-based Philox generator is keyed by (seed, purpose and year) and read at the person's own
slot (philox.py). Two scenarios with one seed therefore differ only where policy makes them differ, and nothing
depends on the order of regions, on chunks or on the number of processes.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum, unique

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from doorstroom import philox

_AT_A_TIME = 65_536  # numbers made at a time: they stay in the processor's cache until they are used


@unique
class Purpose(IntEnum):
    """What a draw is for. Never renumber; append only, or every stored result changes."""

    SAMPLE = 1  # which people a sampling fraction keeps
    TASTE = 2  # interest in technique before any exposure
    HOME = 3  # home postcode
    BACKGROUND = 4
    PARENT = 5
    TRACK = 6  # feeder: upper location and track
    SEX = 7
    PROFILE = 10  # one per person and profile
    TL_SUBJECTS = 11
    N_PROFILE = 12
    PROGRESS = 13  # what the school year comes to
    SWITCH = 14  # a track up at the end of year 2; vavo after a failed exam
    AFTER_VO = 15  # three: way out, technical higher education, level in mbo
    MBO_COURSE = 16  # four: technique, sector, pathway, college
    COLLEGE = 17
    STUDY = 18  # what the year in mbo comes to
    AFTER_MBO = 19  # two: study on, in technique
    FIRST_JOB = 20  # two: looks for technical work, is hired
    STUDY_YEAR = 21
    OFFER = 30
    OPEN = 31
    TEACHER_AGE = 40
    TEACHER_TRAITS = 41
    TEACHER_LEAVE = 42
    TEACHER_ENTRY = 43
    TEACHER_HOURS = 44
    COFINANCING = 45
    MOOD = 46  # one per walk of the country; under year 0 those of drifts
    DRAW = 50  # parameter values
    REGION_TASTE = 51
    LOCATION_TASTE = 52
    EXAM_PLACE = 53  # twelve per region, see times.EACH
    EXAM_SITS = 54  # who of gl sits which exam, of those with N&G N&T as well: per region, as one number
    OBSERVED = 55  # by how much a figure that was observed may be off
    TEACHER_MOVE = 60  # whether a teacher would move to another school
    DEMAND = 70  # what a year does to the demand for technicians, and how far its count of vacancies is off
    TRAINING_PLACE = 71  # two: gets a work-based place, stays in the sector without one
    APPLICATION = 80  # whether a region has its partners together in time
    LEARNING = 81  # what a year teaches a region of what works
    AGREEMENT = 82  # how the schools of a region agreed to divide its money
    REVIEW = 83  # what a committee sees that no count shows


class Draws:
    """The random numbers of one seed.

    Parameters
    ----------
    seed : int
        Stream of luck, 0 or more. The same seed gives the same numbers on every machine.
    """

    def __init__(self, seed: int) -> None:
        if seed < 0:
            raise ValueError(f"seed must be 0 or more, found {seed}")
        self.seed = seed

    def block(self, purpose: Purpose, year: int, start: int, stop: int) -> NDArray[np.float64]:
        """Uniform numbers in (0, 1) of the slots start..stop-1, shape (stop - start,)."""
        return philox.between(self._key(purpose, year), start, stop)

    def portions(
        self, purpose: Purpose, year: int, slots: NDArray[np.integer], each: int = 1
    ) -> Iterator[tuple[slice, NDArray[np.float64]]]:
        """The numbers of many slots, best in ascending order, a portion of them at a time.

        Yields
        ------
        part : the slots of this portion, as a slice of `slots`
        numbers : uniform in (0, 1), shape (slots of this portion, each); valid until the next portion
        """
        step = _AT_A_TIME // each
        room = np.empty((min(step, len(slots)), each))
        for start in range(0, len(slots), step):
            part = slice(start, start + step)
            numbers = room[: len(slots[part])]
            philox.read(self._key(purpose, year), slots[part], numbers)
            yield part, numbers

    def uniform(self, purpose: Purpose, year: int, slots: NDArray[np.integer], each: int = 1) -> NDArray[np.float64]:
        """Uniform numbers in (0, 1), one row per slot.

        Parameters
        ----------
        slots : int array, shape (n,)
            Stable numbers of the persons (or schools, ...) who draw.
        each : int
            How many numbers each slot owns for this purpose.

        Returns
        -------
        float64 array, shape (n,) or (n, each) when `each` is above 1.
        """
        numbers = np.empty((len(slots), each))
        philox.read(self._key(purpose, year), slots, numbers)
        return numbers if each > 1 else numbers[:, 0]

    def normal(self, purpose: Purpose, year: int, slots: NDArray[np.integer]) -> NDArray[np.float64]:
        """Standard normal numbers by inversion, shape (n,)."""
        return np.asarray(ndtri(self.uniform(purpose, year, slots)))

    def _key(self, purpose: Purpose, year: int) -> philox.Key:
        return np.uint64(self.seed), np.uint64((int(purpose) << 32) | year)
