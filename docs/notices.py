"""Writes NOTICE.md from the metadata of the installed packages: python docs/notices.py NOTICE.md"""

from __future__ import annotations

import sys
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

DATA = """\
# Notices

doorstroom has the MIT licence ([LICENSE](LICENSE)).

## Data

The tables in the package are made from open official files; [docs/inputs.md](docs/inputs.md) names each and what of it.

| source | licence |
| --- | --- |
| DUO, open onderwijsdata | CC0 |
| CBS and Kadaster, inhabitants, regions and centres of municipalities | CC BY 4.0: source CBS, adapted |
| 4pp, coordinates of postcodes | MIT |

## Packages

doorstroom contains no code of others. It needs these packages, which pip installs, each with its own licence. Made by
`make docs` from what the packages say of themselves.

| package | licence |
| --- | --- |
"""


PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def needed() -> dict[str, Distribution]:
    """The packages that doorstroom needs without its extras, and what those need, by canonical name."""
    found: dict[str, Distribution] = {}
    waiting = [tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]]
    while waiting:
        for text in waiting.pop():
            one = Requirement(text)
            key = canonicalize_name(one.name)
            if key in found or (one.marker and not one.marker.evaluate({"extra": ""})):
                continue
            try:
                found[key] = distribution(key)
            except PackageNotFoundError:
                raise SystemExit(f"{key} isn't installed here: its licence can't be told") from None
            waiting.append(found[key].requires or [])
    return dict(sorted(found.items()))


def licence(package: Distribution) -> str:
    """What a package says of its licence: the expression, else the classifiers, else the first line of the text."""
    about = package.metadata
    said, texts = about.get_all("License-Expression") or [], about.get_all("License") or [""]
    kinds = [text.split(" :: ")[-1] for text in about.get_all("Classifier") or [] if text.startswith("License :: ")]
    return "".join(said) or ", ".join(kinds) or texts[0].strip().partition("\n")[0] or "not stated"


def page() -> str:
    """The whole of NOTICE.md."""
    rows = [f"| {name} | {licence(package)} |" for name, package in needed().items()]
    return DATA + "\n".join(rows) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
