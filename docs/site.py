"""Makes the site's pages from the repository as it is: what nav names and whatever those pages link to.

Every file keeps its path, so that a link that works in the repository works on the site.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
SHIM = "docs/api/iframe-worker-shim.js"
ASKED = "https://unpkg.com/iframe-worker/shim"
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The theme's own files, and those of the repository under their own paths."""
    kept = [file for file in files if file.src_dir != config.docs_dir]  # the theme's
    waiting, found = [SHIM, *_named(config.nav)], set[str]()
    while waiting:
        path = waiting.pop()
        if path in found or not (ROOT / path).is_file():
            continue
        found.add(path)
        if path.endswith(".md"):
            links = LINK.findall((ROOT / path).read_text(encoding="utf-8"))
            waiting += [normpath(PurePosixPath(path).parent / link) for link in links]
    return Files([*kept, *(File.generated(config, path, abs_src_path=str(ROOT / path)) for path in sorted(found))])


def on_post_page(output: str, page: Any, config: MkDocsConfig) -> str:
    """Search in pages opened from a folder needs a script that the theme would ask of the web."""
    up = "../" * page.url.count("/")
    return output.replace(ASKED, up + SHIM)


def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> str:
    """The same for the page of a lost reader, which is served from anywhere."""
    return output_content.replace(ASKED, f"/{SHIM}")


def _named(nav: Any) -> list[str]:
    """Every path in nav."""
    if isinstance(nav, str):
        return [nav]
    entries = nav.values() if isinstance(nav, dict) else nav
    return [path for entry in entries for path in _named(entry)]
