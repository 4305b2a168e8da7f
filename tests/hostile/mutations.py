"""Valid files made hostile: cut, doubled, spliced, in other encodings, and with values that no file should hold."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from typing import Any

HOSTILE_TEXTS = (
    "",
    "../../../escaped",
    "/tmp/escaped",
    "C:\\escaped",
    "two\nlines",
    "\x1b[31mred\x07",
    "nul\x00byte",
    "<script>alert(1)</script>",
    '=HYPERLINK("http://example.org")',
    "[/bold]",
    "é" * 3,
    "\ud7ff\uffff",
    "%s{0}${x}",
    "x" * 100_000,
)
HOSTILE_NUMBERS = ("0", "-1", "1e999", "-1e308", "nan", "inf", "9" * 30, "9" * 5000, "0x" + "f" * 40, "1e-320")
HOSTILE_JSON: tuple[Any, ...] = (
    None, True, -1, 0, 10**30, 1e308, float("nan"), float("inf"), [], {}, [[]], {"": None}, [1, "x"], "9999-99-99",
    *HOSTILE_TEXTS,
)  # fmt: skip


def mutated_bytes(data: bytes, luck: random.Random) -> bytes:
    """Damage that knows nothing of what the bytes mean."""
    at, length = luck.randrange(len(data) + 1), luck.choice((1, 1, 2, 8, 100, 5000))
    some = data[at : at + length]
    choices: tuple[Callable[[], bytes], ...] = (
        lambda: data[:at],
        lambda: data[at:],
        lambda: data[:at] + data[at + length :],
        lambda: data[:at] + some + data[at:],
        lambda: data[:at] + some * 50 + data[at:],
        lambda: data[:at] + luck.randbytes(length) + data[at + length :],
        lambda: data[:at] + bytes(length) + data[at + length :],
        lambda: data[:at] + bytes([luck.choice(b"\x00\x1b\xff\"'[]{}=,;\r\n\t")]) + data[at:],
        lambda: b"\xef\xbb\xbf" + data,
        lambda: data.replace(b"\n", luck.choice((b"\r\n", b"\r", b"\n\n"))),
        lambda: data.decode("utf-8", "replace").encode(luck.choice(("utf-16", "utf-16-be", "utf-32", "utf-7"))),
        lambda: luck.randbytes(length),
        lambda: data + data,
        lambda: b"",
    )
    return luck.choice(choices)()


def mutated_toml(data: bytes, luck: random.Random) -> bytes:
    """A TOML file with another value, key or table somewhere."""
    lines = data.decode().splitlines()
    given = [at for at, line in enumerate(lines) if "=" in line and not line.startswith("#")]
    if not given:
        return mutated_bytes(data, luck)
    at = luck.choice(given)
    key, _, value = lines[at].partition("=")
    text = json.dumps(luck.choice(HOSTILE_TEXTS), ensure_ascii=luck.random() < 0.9)
    number = luck.choice(HOSTILE_NUMBERS)
    other = lines[luck.choice(given)].partition("=")[2]
    changes: tuple[Callable[[], list[str]], ...] = (
        lambda: [f"{key}= {text}"],
        lambda: [f"{key}= {number}"],
        lambda: [f"{key}={other}"],
        lambda: [f"{text} ={value}"],
        lambda: [f"{key}= " + "[" * 3000 + "]" * 3000],
        lambda: [f"{key}= {'{ a = ' * 200}1{' }' * 200}"],
        lambda: ["[" + "a." * 2000 + "a]", lines[at]],
        lambda: [f"[{text}]", lines[at]],
        lambda: [f"{key}= [{text}, {number}, {text}]"],
        lambda: [f"{key}= {{ {text} = {number}, b = {text} }}"],
        lambda: [f"{key}= 1979-05-27T07:32:00"],
        lambda: [re.sub(r'"[^"]*"', lambda _: text, lines[at])],
        lambda: [re.sub(r"\d[\d_.]*", lambda _: number, lines[at])],
        lambda: [],
        lambda: [lines[at], lines[at]],
    )
    lines[at : at + 1] = luck.choice(changes)()
    return "\n".join([*lines, ""]).encode("utf-8", "replace")


def mutated_json(data: bytes, luck: random.Random) -> bytes:
    """A JSON file in which one thing is another, gone, doubled or nested without end."""
    content = json.loads(data)
    if not isinstance(content, (dict, list)):  # an earlier change left a single thing
        return b"null"
    places: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        for key in list(node) if isinstance(node, dict) else range(len(node)):
            places.append((node, key))
            if isinstance(node[key], (dict, list)):
                walk(node[key])

    walk(content)
    # deep places are many and alike: half of the changes are near the top
    node, key = luck.choice(places if luck.random() < 0.5 else [one for one in places if one[0] is content])
    kind = luck.randrange(6)
    if kind == 0:
        del node[key]
    elif kind == 1 and isinstance(node, list):
        node.insert(key, node[key])
    elif kind == 2 and isinstance(node, dict):
        node[luck.choice(HOSTILE_TEXTS)] = node.pop(key)
    elif kind == 3:
        other = luck.choice(places)
        node[key] = json.loads(json.dumps(other[0][other[1]] if other[1] in _keys(other[0]) else None))
    else:
        node[key] = luck.choice(HOSTILE_JSON)
    text = json.dumps(content)
    if luck.random() < 0.03:
        text = "[" * 100_000 + text
    return text.encode("utf-8", "replace")


def _keys(node: Any) -> Any:
    return node if isinstance(node, dict) else range(len(node))


def mutated_csv(data: bytes, luck: random.Random) -> bytes:
    """A table with another cell, heading, row or delimiter."""
    lines = data.decode("latin-1").splitlines()
    delimiter = max(";,|\t", key=lines[0].count)
    at = luck.randrange(len(lines)) if luck.random() < 0.8 else 0
    cells = lines[at].split(delimiter)
    place = luck.randrange(len(cells))
    hostile = luck.choice((*HOSTILE_NUMBERS, *HOSTILE_TEXTS, '"', '"a' + delimiter, "<5", "-5", "1.5", "1,5"))
    changes: tuple[Callable[[], list[str]], ...] = (
        lambda: [delimiter.join([*cells[:place], hostile, *cells[place + 1 :]])],
        lambda: [delimiter.join([*cells[:place], hostile, *cells[place + 1 :]])],
        lambda: [delimiter.join(cells[:place] + cells[place + 1 :])],
        lambda: [delimiter.join([*cells, hostile])],
        lambda: [delimiter.join(reversed(cells))],
        lambda: [lines[at], lines[at]],
        lambda: [],
        lambda: [lines[at].replace(delimiter, luck.choice(";,|\t "))],
        lambda: [delimiter.join([*cells[:place], cells[luck.randrange(len(cells))], *cells[place + 1 :]])],
    )
    lines[at : at + 1] = luck.choice(changes)()
    return "\n".join([*lines, ""]).encode("latin-1", "replace")


def mutated(name: str, data: bytes, luck: random.Random) -> bytes:
    """One to three changes of a file, mostly such as its kind invites."""
    of_kind = {"toml": mutated_toml, "json": mutated_json, "csv": mutated_csv}.get(name.rsplit(".", 1)[-1].lower())
    for _ in range(luck.choice((1, 1, 1, 2, 3))):
        try:
            change = of_kind if of_kind is not None and luck.random() < 0.75 else mutated_bytes
            data = change(data, luck)
        except (ValueError, IndexError, RecursionError):  # damaged already
            data = mutated_bytes(data, luck)
    return data
