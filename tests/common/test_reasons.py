"""Why a number cannot be computed is told in English in the statistics; pages know each reason by its words."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "common/numerics",
    "datasets/profiling",
    "datasets/representativeness",
    "datasets/weighting",
    "annotation/agreement",
    "annotation/consensus",
    "annotation/reliability",
    "training/evaluation",
    "auditing/estimation",
)


def text_of(node: ast.expr) -> str | None:
    """A literal, or an f-string with a 7 for each value; None for anything else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values)
    return None


def reasons_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        values: list[ast.expr] = []
        if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == "reason" for to in node.targets):
            values = [node.value]
        if isinstance(node, ast.Call):
            values = [word.value for word in node.keywords if word.arg in {"reason", "missing"}]
            if isinstance(node.func, ast.Attribute) and node.func.attr == "unknown":
                values += node.args[:1]
        for value in values:
            branches = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
            yield from filter(None, map(text_of, branches))


def test_pages_know_every_reason_of_the_statistics():
    words = json.loads((ROOT / "frontend/src/locales/en/reasons.json").read_text(encoding="utf-8"))
    known = [re.sub(r"\\\{\\\{\w+\\\}\\\}", ".+?", re.escape(text)) for text in words.values()]
    found = {
        reason
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for reason in reasons_in(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert len(found) > 40
    unknown = [reason for reason in sorted(found) if not any(re.fullmatch(one, reason) for one in known)]
    assert unknown == []
