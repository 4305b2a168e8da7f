"""What pydantic finds wrong with what somebody wrote, in our words: one line per fault, for every kind of file.

What a key may be is told by the `description` of its field, what was probably meant by the names that its type lists.
"""

from __future__ import annotations

import typing
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple

from pydantic import BaseModel, Tag, ValidationError
from pydantic_core import ErrorDetails

from doorstroom.errors import explain
from doorstroom.toml_files import Words, dotted, quoted

_OF_KEYS: Final = "[key]"
"""What pydantic adds to the place of a key that is wrong itself."""

_NO_NUMBER: Final = ("float_type", "float_parsing", "finite_number")

Keys = Mapping[type[BaseModel], Collection[str]]


class Spot(NamedTuple):
    """What a place in a file belongs to.

    Attributes
    ----------
    model : the table
    field : the key of that table; None where it has no such key
    place : the place as the file has it
    """

    model: type[BaseModel]
    field: str | None
    place: list[int | str]


def message(
    origin: Path | str,
    fault: ErrorDetails,
    form: type[BaseModel],
    *,
    at: Sequence[str] = (),
    keys: Keys | None = None,
) -> str:
    """A fault; of several under one key, one line each.

    Parameters
    ----------
    origin : what the message calls the file
    form : what the file was checked against
    at : the table of the file in which that stands
    keys : of a form, the keys that a file may have, where these aren't its fields
    """
    context: dict[str, Any] = fault.get("ctx", {})
    if "several" in context:  # of several under one key, a line each
        return "\n".join(
            explain(origin, dotted([*at, *fault["loc"], name]), Words(found), allowed)
            for name, found, allowed in context["several"]
        )
    model, field, place = spot(form, [*fault["loc"], *context.get("at", ())])
    place = [*at, *place]
    if fault["type"] == "extra_forbidden":
        known = (keys or {}).get(model, model.model_fields)
        return explain(origin, dotted(place), quoted(place[-1]), f"the keys {', '.join(known)}", known)
    if fault["type"] == "union_tag_invalid":
        known = [one.strip("' ") for one in context["expected_tags"].split(",")]
        place.append(context["discriminator"].strip("'"))
        return explain(origin, dotted(place), quoted(context["tag"]), ", ".join(known), known)
    asked = model.model_fields[field] if field is not None else None
    allowed = context.get("allowed") or (asked.description if asked else None)
    if fault["type"] in ("missing", "union_tag_not_found"):
        allowed = "a number" if allowed is None and asked is not None and asked.annotation is float else allowed
        if allowed is None:
            return f"{origin}: {dotted(place)}: is missing"
        return explain(origin, dotted(place), Words("nothing"), allowed)
    if allowed is None:
        allowed = "a number" if fault["type"] in _NO_NUMBER else fault["msg"]
    found = context.get("found", fault["input"])
    found = Words(found.isoformat()) if isinstance(found, date) else quoted(found)
    names = context.get("known") or (list(_names(asked.annotation)) if asked else [])
    return explain(origin, dotted(place) or "file", found, allowed, names)


def first(origin: Path | str, error: ValidationError, form: type[BaseModel], *, at: Sequence[str] = ()) -> str:
    """The fault to tell where only one is: a key that isn't allowed often is the one that is missing, misspelt."""
    fault = min(error.errors(include_url=False), key=lambda one: one["type"] != "extra_forbidden")
    return message(origin, fault, form, at=at)


def spot(form: type[BaseModel], parts: Sequence[int | str]) -> Spot:
    """What a place, as pydantic tells it, belongs to: it names the member of a union too, which no file does."""
    model, field, place = form, None, []
    kind: Any = form
    for part in parts:
        members = list(_members(kind))
        chosen = next((one for one in members if part in _tags(one)), None)
        if chosen is not None and len(members) > 1:
            kind = chosen
            continue
        if part == _OF_KEYS:
            continue
        place.append(part)
        table = next((one for one in map(_bare, members) if _is_form(one)), None)
        if table is not None:
            model, field = table, str(part) if part in table.model_fields else None
            kind = table.model_fields[field].annotation if field else None
        else:
            kind = next((inner for inner in map(_inner, members) if inner is not None), None)
    return Spot(model, field, place)


def _is_form(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _bare(kind: Any) -> Any:
    return _bare(typing.get_args(kind)[0]) if typing.get_origin(kind) is Annotated else kind


def _members(kind: Any) -> Iterator[Any]:
    """The members of a union, with what is noted of them; what is none is its own."""
    bare = _bare(kind)
    if typing.get_origin(bare) in (typing.Union, type(int | str)):
        for one in typing.get_args(bare):
            yield from [one] if typing.get_origin(one) is Annotated and _notes(one) else _members(one)
    else:
        yield kind


def _notes(kind: Any) -> list[str]:
    return [note.tag for note in typing.get_args(kind)[1:] if isinstance(note, Tag)]


def _tags(kind: Any) -> list[str]:
    """By what pydantic calls a member of a union: a tag that was noted, or the one word that a key of it may be."""
    if typing.get_origin(kind) is Annotated and _notes(kind):
        return _notes(kind)
    bare = _bare(kind)
    fields = bare.model_fields.values() if _is_form(bare) else ()
    return [str(name) for field in fields for name in _names(field.annotation)]


def _inner(kind: Any) -> Any:
    """Of what a table or a list is; None of anything else."""
    bare = _bare(kind)
    inside = [one for one in typing.get_args(bare) if one is not Ellipsis]
    return inside[-1] if inside and typing.get_origin(bare) is not Literal else None


def _names(kind: Any) -> Iterator[str]:
    """The words that a type lists."""
    if typing.get_origin(kind) is Literal:
        yield from (name for name in typing.get_args(kind) if isinstance(name, str))
    elif not _is_form(kind):
        for one in typing.get_args(kind):
            if not isinstance(one, str):
                yield from _names(one)
