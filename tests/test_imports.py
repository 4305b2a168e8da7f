"""Imports run one way; the tree is the architecture."""

from __future__ import annotations

import ast
from pathlib import Path

import doorstroom

ROOT = Path(doorstroom.__file__).parent
LEVELS = [
    {"terms", "errors", "toml_files", "faults", "fits", "defaults"},
    {"source"},
    {"shipped"},
    {"intrinsic"},
    {"packaged"},
    {"machine_code"},
    {"draws", "philox", "geography", "kernels", "priors"},
    {"parameters", "outcomes", "inputs"},
    {"scenario"},
    {"mechanisms"},
    {"agents"},
    {"indicators"},
    {"education"},
    {"branching"},
    {"experiment"},
    {"evidence"},
    {"reporting"},
    {"evaluation"},
    {"desk"},
    {"archive"},
    {"cli"},
]
LEVEL = {room: level for level, rooms in enumerate(LEVELS) for room in rooms}
# compare makes a study and then its report: the one place where study calls reporting is its entry point
PUBLIC_FACE = {"__init__", "__main__", "api"}


def rooms_imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(node)
        for branch in ast.walk(tree)
        if isinstance(branch, ast.If) and ast.unparse(branch.test) == "TYPE_CHECKING"
        for node in ast.walk(branch)
    }
    found = set()
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        found |= {name.split(".")[1] for name in names if name.startswith("doorstroom.")}
        if isinstance(node, ast.ImportFrom) and node.module == "doorstroom":
            found |= {alias.name for alias in node.names if alias.name in LEVEL}
    return found


def test_imports_run_one_way() -> None:
    wrong = []
    for path in ROOT.rglob("*.py"):
        room = path.relative_to(ROOT).parts[0].removesuffix(".py")
        if room in PUBLIC_FACE:
            continue
        wrong += [
            f"{path.relative_to(ROOT)} imports {other}" for other in rooms_imported(path) if LEVEL[other] > LEVEL[room]
        ]
    assert not wrong


def test_a_mechanism_never_imports_an_agent_or_reads_a_file() -> None:
    for path in (ROOT / "mechanisms").glob("*.py"):
        rooms = rooms_imported(path)
        assert rooms <= {"kernels", "terms", "parameters", "draws", "mechanisms"}, path.name
        assert "open(" not in path.read_text(encoding="utf-8").replace("p_open(", "")
