"""A page as PDF, printed by a Chromium of the machine: the same page, by the same style sheet."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
_SECONDS: Final = 120


def printed(page: Path) -> Path | None:
    """The PDF beside a page; None where there is no Chromium, or it can't print."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        return None
    target = page.with_suffix(".pdf")
    with tempfile.TemporaryDirectory() as profile:
        options = ["--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:  # it refuses to be run by root with its sandbox
            options.append("--no-sandbox")
        drawn = Path(profile) / "page.pdf"
        command = [browser, *options, f"--user-data-dir={profile}", "--no-pdf-header-footer", f"--print-to-pdf={drawn}"]
        try:
            subprocess.run([*command, page.resolve().as_uri()], check=True, capture_output=True, timeout=_SECONDS)
        except (OSError, subprocess.SubprocessError):
            return None
        if not drawn.exists():
            return None
        shutil.copyfile(drawn, target)
    return target
