"""What a citation names, held against the study that it is said to be of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from doorstroom.experiment.manifest import Manifest
from doorstroom.reporting.citation import bound

_HASH = re.compile(r"(?<![0-9a-f])(?:swh:1:dir:[0-9a-f]{40}|[0-9a-f]{64})(?![0-9a-f])")


def faults(citation: str, manifest: Manifest) -> Iterator[str]:
    """What a citation, or the identity or seal alone, names that isn't of this study."""
    named = _HASH.findall(citation)
    known = {manifest.study: "identity", **{value: name.lower() for name, value in bound(manifest).items()}}
    if not named:
        yield "the citation names no identity, seal or code: 64 letters and digits, or swh:1:dir: and 40"
    for one in named:
        if one not in known:
            told = ", ".join(f"{name} {value}" for value, name in known.items())
            yield f"the citation names {one}; what is here has the {told}"
