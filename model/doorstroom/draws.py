"""Common random numbers: a draw belongs to (seed, purpose, year, person), never to the order of calls.

NumPy's counter-based Philox generator is keyed by (seed, purpose and year) and read at the person's own
slot. Two scenarios with one seed therefore differ only where policy makes them differ, and nothing
depends on the order of regions, on chunks or on the number of processes.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

_HALF_STEP = 2.0**-54  # NumPy's numbers are multiples of 2**-53 from 0 on; half a step keeps them off 0
_WORDS_PER_BLOCK = 4  # Philox4x64 yields four 64-bit words per counter value
_STRETCH = 32_768  # numbers made at a time: they stay in the processor's cache until they are used


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
    DRAW = 50  # parameter values


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

    def block(
        self, purpose: Purpose, year: int, start: int, stop: int, into: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Uniform numbers in (0, 1) of the slots start..stop-1, shape (stop - start,).

        They are a view of `into` where that is given: room for three more numbers than asked.
        """
        first = start // _WORDS_PER_BLOCK
        before, size = start - first * _WORDS_PER_BLOCK, stop - first * _WORDS_PER_BLOCK
        key = [self.seed, (int(purpose) << 32) | year]
        numbers = np.empty(size) if into is None else into[:size]
        np.random.Generator(np.random.Philox(key=key, counter=[first, 0, 0, 0])).random(out=numbers)
        numbers += _HALF_STEP
        return numbers[before:]

    def stretches(
        self, purpose: Purpose, year: int, slots: NDArray[np.integer], each: int = 1
    ) -> Iterator[tuple[slice, int, NDArray[np.float64]]]:
        """The numbers of many slots in ascending order, a stretch of them at a time.

        Kernels that run over a stretch find its numbers in the processor's cache, and none are made for slots far from
        those that draw.

        Yields
        ------
        part : the slots of this stretch, as a slice of `slots`
        first : slot of the first row of `numbers`; a slot's numbers stand in row slot - first
        numbers : uniform in (0, 1), shape (rows, each); valid until the next stretch
        """
        if len(slots) == 0:
            return
        step = _STRETCH // each
        room = np.empty(step * each + _WORDS_PER_BLOCK)
        cuts = np.searchsorted(slots, np.arange(slots[0], slots[-1] + step + 1, step))
        for start, stop in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
            if start < stop:
                first, last = int(slots[start]), int(slots[stop - 1])
                numbers = self.block(purpose, year, first * each, (last + 1) * each, room)
                yield slice(start, stop), first, numbers.reshape(-1, each)

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
        if len(slots) == 0:
            return np.empty((0, each) if each > 1 else 0)
        low, high = int(slots.min()), int(slots.max()) + 1
        numbers = self.block(purpose, year, low * each, high * each)
        if each > 1:
            return numbers.reshape(-1, each)[slots - low]
        return numbers[slots - low]

    def normal(self, purpose: Purpose, year: int, slots: NDArray[np.integer]) -> NDArray[np.float64]:
        """Standard normal numbers by inversion, shape (n,)."""
        return np.asarray(ndtri(self.uniform(purpose, year, slots)))
