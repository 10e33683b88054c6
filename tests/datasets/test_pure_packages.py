import subprocess
import sys

PURE = (
    "geometry",
    "labeling_schema",
    "imaging",
    "formats",
    "versioning",
    "profiling",
    "representativeness",
    "weighting",
)

CODE = """
import importlib, pkgutil, sys
for package in {packages!r}:
    folder = importlib.import_module(f"datasets.{{package}}")
    for module in pkgutil.iter_modules(folder.__path__):
        importlib.import_module(f"datasets.{{package}}.{{module.name}}")
forbidden = {{"django", "rest_framework", "celery", "config", "tensorflow"}}
print(sorted(forbidden & {{name.partition(".")[0] for name in sys.modules}}))
"""


def test_a_researcher_can_import_the_pure_packages_without_settings():
    out = subprocess.run(
        [sys.executable, "-c", CODE.format(packages=PURE)], capture_output=True, text=True, check=True, env={}
    )
    assert out.stdout.strip() == "[]"
