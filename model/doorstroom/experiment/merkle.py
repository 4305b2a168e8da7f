"""One hash over many lines: the Merkle tree of RFC 9162, so that a line can be shown to belong without the others."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def root(lines: Sequence[str]) -> str:
    """Root of the tree over some lines, in hexadecimal; it changes with any letter, with their order and number."""
    level = [hashlib.sha256(b"\0" + line.encode()).digest() for line in lines] or [hashlib.sha256().digest()]
    while len(level) > 1:
        # a last one without a neighbour goes up as it is, which gives the tree that the RFC splits from above
        pairs = [
            hashlib.sha256(b"\1" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)
        ]
        level = pairs + level[len(pairs) * 2 :]
    return level[0].hex()
