"""Checks a research object with roc-validator, whose environment needs no more: python validated.py FOLDER CONTEXT

The validator reads the context of RO-Crate from the web; here it is given one, so that nothing is asked of the web.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from rocrate_validator import services
from rocrate_validator.models import Severity
from rocrate_validator.utils import document_loader
from rocrate_validator.utils.http import HttpRequester

folder, context = sys.argv[1], Path(sys.argv[2]).read_text(encoding="utf-8")


class Answer:
    """What the web would have said."""

    status_code, text, content, headers, ok = (
        200,
        context,
        context.encode(),
        {"Content-Type": "application/ld+json"},
        True,
    )

    def json(self) -> Any:
        return json.loads(context)


document_loader._fetch_json_ld = lambda url: json.loads(context)
HttpRequester.get = HttpRequester.head = lambda self, url, **how: Answer()
document_loader.install_document_loader()
settings = services.ValidationSettings(
    rocrate_uri=folder,
    profile_identifier="process-run-crate-0.5",
    requirement_severity=Severity.RECOMMENDED,
    abort_on_first=False,
)
issues = services.validate(settings).get_issues()
for issue in issues:
    print(issue.severity.name, issue.check.identifier, issue.message)
sys.exit(any(issue.severity == Severity.REQUIRED for issue in issues))
