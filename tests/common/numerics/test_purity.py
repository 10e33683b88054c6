import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGES = [
    "common/numerics",
    "annotation/consensus",
    "annotation/agreement",
    "annotation/reliability",
    "auditing/estimation",
    "auditing/mining",
    "auditing/hypotheses",
]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_notebook_can_import_it_without_settings(package):
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in sorted((ROOT / package).glob("*.py"))
        if path.stem != "__init__"
    ]
    assert modules
    script = f"import sys, {', '.join(modules)}\nprint([m for m in ('django', 'celery', 'config') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
