"""A posterior sample of draws: stored, versioned, and usable wherever draws are asked by their number.

The file is CSV, one row per draw and one column per parameter that has a prior, after a first line (a comment) with
what it was made from: the identities of the inputs, the code, the priors and the patterns, the method and the SHA-256
of the rows. A file whose rows were changed is refused.
"""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from doorstroom.errors import ParameterError, explain
from doorstroom.experiment.identity import digest
from doorstroom.experiment.sealed import read_sealed, seal, sealed
from doorstroom.experiment.whole_files import atomic, made
from doorstroom.parameters import CENTRAL, Draw, load_parameters

Floats = NDArray[np.float64]

COPY: Final = "posterior.csv"
"""Name under which a study keeps the file whose draws it used."""

_MARK: Final = "# doorstroom posterior "


class Posterior(NamedTuple):
    """Equally likely draws.

    Attributes
    ----------
    names : parameters
    values : shape (draws, parameters)
    about : what it was made from
    """

    names: tuple[str, ...]
    values: Floats
    about: dict[str, Any]

    def draw(self, number: int) -> dict[str, float]:
        """Draw 1, 2, ... as a mapping of values."""
        if not 1 <= number <= len(self.values):
            raise ParameterError(explain("posterior", "draw", number, f"1 to {len(self.values)}"))
        return dict(zip(self.names, self.values[number - 1].tolist(), strict=True))


def priors_identity() -> str:
    """Hash of every prior and central value."""
    return digest(
        {name: entry.model_dump(mode="json", include={"value", "prior"}) for name, entry in load_parameters().items()}
    )


def save(posterior: Posterior, path: Path) -> Path:
    """Write the file; equal posteriors give equal bytes."""
    rows = pd.DataFrame(posterior.values, columns=list(posterior.names)).to_csv(index=False, lineterminator="\n")
    about = {**posterior.about, "draws": len(posterior.values), "sha256": seal(rows)}
    made(path.parent)
    with atomic(path) as file:
        file.write(sealed(_MARK, about, rows))
    return path


@lru_cache
def load(path: Path) -> Posterior:
    """Read a file that `save` wrote.

    Raises
    ------
    ParameterError
        When it is not such a file, was changed, or names parameters that aren't there or have no prior.
    """
    changed = "the draws were changed after the fit; restore the file or fit again"
    about, rows = read_sealed(path, _MARK, ParameterError, "a file that `doorstroom calibrate` wrote", changed)
    try:
        table = pd.read_csv(io.StringIO(rows), dtype=str).astype(np.float64)  # as text first: to the last bit
    except ValueError as error:
        raise ParameterError(explain(path, "rows", str(error).strip(), "a number per parameter and draw")) from error
    if table.empty or not np.isfinite(table.to_numpy()).all():
        raise ParameterError(explain(path, "rows", "empty or infinite values", "a number per parameter and draw"))
    uncertain = {name for name, entry in load_parameters().items() if entry.prior is not None}
    for name in table.columns:
        if name not in uncertain:
            raise ParameterError(explain(path, "column", name, "a parameter that has a prior", uncertain))
    return Posterior(tuple(table.columns), table.to_numpy(np.float64), about)


def draw_of(number: int, file: Path | None = None) -> Draw:
    """Draw `number` of the priors or, with a file, of its posterior; 0 is the central values in either case."""
    return number if file is None or number == CENTRAL else load(file).draw(number)


def draws_of(number: int, file: Path | None = None) -> list[Draw]:
    """The draws 1..number, or the central values alone where number is 0."""
    return [draw_of(at, file) for at in (range(1, number + 1) if number else [CENTRAL])]
