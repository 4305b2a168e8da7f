"""A folder with official files: which of them are there, each read once."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from doorstroom.errors import InputError, explain, nearest
from doorstroom.inputs.readers import Official, Published, digest, read, years_of
from doorstroom.inputs.recognition import form_of, why_not_read


class Folder:
    """The official files of a folder.

    Parameters
    ----------
    path : the folder; InputError when it isn't one
    """

    def __init__(self, path: Path) -> None:
        if not path.is_dir():
            raise InputError(explain(path, "folder", "no such folder", "a folder with official files"))
        self.path = path
        self._read: dict[Path, Published] = {}

    def all(self, *forms: Official) -> list[Published]:
        """Every file that has one of these forms."""
        return [self._once(path, official) for official in forms for path in self._of(official)]

    def maybe(self, official: Official, year: int | None = None) -> Published | None:
        """The one file of this form, of a year if one is given; None where there is none, InputError where several."""
        found = [path for path in self._of(official) if year is None or years_of(path, official)[1] == year]
        if len(found) > 1:
            names = " and ".join(path.name for path in found)
            raise InputError(explain(self.path, official.title, names, "one of them; move the others away"))
        return self._once(found[0], official) if found else None

    def one(self, *forms: Official) -> Published:
        """The one file that has to be there, in one of these forms."""
        found = [published for official in forms if (published := self.maybe(official)) is not None]
        if not found:
            raise InputError(self.lacks(*forms))
        return found[0]

    def lacks(self, *forms: Official) -> str:
        """The message that a file isn't there."""
        examples = " or ".join(official.example for official in forms)
        message = explain(self.path, forms[0].title, "no such file", f"a file such as {examples}")
        others = [path.name for path in self._forms if self._forms[path] is None]
        near = next(filter(None, (nearest(official.example, others) for official in forms)), None)
        return f"{message}; did you mean {near!r}?" if near else message

    @property
    def used(self) -> list[Published]:
        """The files that were read, by name."""
        return [self._read[path] for path in sorted(self._read)]

    def sources(self, *keys: str) -> list[str]:
        """Source lines of the files that were read, in the order of the keys."""
        return [one.source for key in keys for one in self.used if one.official.key == key]

    def digests(self) -> list[dict[str, str]]:
        """Name and SHA-256 of every file that was read."""
        return [{"file": one.path.name, "sha256": digest(one.path)} for one in self.used]

    @cached_property
    def unused(self) -> list[tuple[str, str]]:
        """Files that were not read, and why not."""
        return [(path.name, self._why(path)) for path in self._forms if path not in self._read]

    def _why(self, path: Path) -> str:
        form = self._forms[path]
        return why_not_read(path) if form is None else f"{form.title}: of another year or edition than is needed"

    @cached_property
    def _forms(self) -> dict[Path, Official | None]:
        """What every file is, in the order of their names."""
        return {path: form_of(path) for path in sorted(self.path.iterdir()) if path.is_file()}

    def _of(self, official: Official) -> list[Path]:
        return [path for path, form in self._forms.items() if form is official]

    def _once(self, path: Path, official: Official) -> Published:
        if path not in self._read:
            self._read[path] = read(path, official)
        return self._read[path]
