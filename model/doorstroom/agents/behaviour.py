"""The parameters that bear on how people choose and move, as one thing that can be compared."""

from __future__ import annotations

import numpy as np

from doorstroom.agents.population import Population
from doorstroom.mechanisms.interest import Interest
from doorstroom.mechanisms.mbo_choice import MboChoice
from doorstroom.mechanisms.profile_choice import ProfileChoice
from doorstroom.mechanisms.progress import Progress, own_rates
from doorstroom.mechanisms.study import Study
from doorstroom.parameters import Parameters


class Behaviour:
    """What the fitted constants depend on besides the country; equal when all its values are equal."""

    def __init__(self, parameters: Parameters) -> None:
        self.choice = parameters.take(ProfileChoice)
        self.interest = parameters.take(Interest)
        self.population = parameters.take(Population)
        self.progress = own_rates(parameters.take(Progress))
        self.mbo = parameters.take(MboChoice)
        self.study = parameters.take(Study)
        parts = (self.choice, self.interest, self.population, self.progress, self.mbo, self.study)
        self._values = b"".join(np.asarray(value, np.float64).tobytes() for part in parts for value in part)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Behaviour) and self._values == other._values

    def __hash__(self) -> int:
        return hash(self._values)
