"""The checks and tests as named stages: `python -m config.launcher.stages check|test|…`.

Every stage says its name and how long it took. All of them run even when one fails, and the last line sums up.
"""

import argparse
import difflib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from config.bootstrap import node_folder
from config.launcher import chromium, screenshots
from config.launcher.installation import PROJECT

FRONTEND = PROJECT / "frontend"
SCHEMA = FRONTEND / "openapi" / "schema.yaml"
TYPES = FRONTEND / "src" / "api" / "schema.d.ts"
DIFF_LINES = 40
PYTEST_PROCESSES = os.environ.get("PYTEST_PROCESSES", "2")


class Skipped(Exception):
    """The stage cannot run on this machine; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A named action that returns an exit code."""

    name: str
    action: Callable[[], int]


def main() -> int:
    """Run the stages of one group and say how many passed."""
    groups: dict[str, Callable[[], list[Stage]]] = {
        "check": checks,
        "test-backend": lambda: [backend_tests()],
        "test-frontend": lambda: [frontend_tests()],
        "test-browser": lambda: [browser_tests()],
        "test": lambda: [*checks(), backend_tests(), frontend_tests(), browser_tests()],
        "screenshots": lambda: [browser_tests(), Stage(name="pictures of the documents", action=screenshots.keep)],
        "baselines": lambda: [rewrite_openapi(), rewrite_types(), rewrite_said()],
    }
    parser = argparse.ArgumentParser(prog="stages", description=__doc__)
    parser.add_argument("group", choices=sorted(groups))
    return run_all(groups[parser.parse_args().group]())


def run_all(stages: Iterable[Stage]) -> int:
    """Run every stage; return 1 if one failed."""
    failed: list[str] = []
    skipped: list[str] = []
    passed = 0
    for stage in stages:
        print(f"\n── {stage.name}", flush=True)
        started = time.monotonic()
        try:
            code = stage.action()
        except Skipped as reason:
            skipped.append(f"{stage.name}: {reason}")
            print(f"!!!! SKIPPED {stage.name}: {reason}", flush=True)
            continue
        seconds = time.monotonic() - started
        print(f"── {stage.name}: {'ok' if code == 0 else f'FAILED (exit code {code})'} in {seconds:.0f} s", flush=True)
        if code == 0:
            passed += 1
        else:
            failed.append(stage.name)
    print()
    if failed:
        print(f"Failed: {', '.join(failed)}")
    for line in skipped:
        print(f"!!!! SKIPPED {line}")
    print(
        f"stages: {passed} passed, {len(failed)} failed" + (f", {len(skipped)} skipped" if skipped else ""), flush=True
    )
    return 1 if failed else 0


def checks() -> list[Stage]:
    python = sys.executable
    return [
        command("ruff check", python, "-m", "ruff", "check", "."),
        command("ruff format", python, "-m", "ruff", "format", "--check", "."),
        command("mypy", python, "-m", "mypy", "."),
        command("import contracts", str(Path(sys.executable).with_name("lint-imports"))),
        command("migrations", *with_database("manage.py", "makemigrations", "--check", "--dry-run")),
        Stage(name="deployment settings", action=check_deployment),
        Stage(name="OpenAPI schema", action=check_openapi),
        Stage(name="TypeScript types of the API", action=check_types),
        npm_stage("Biome", "run", "lint"),
        npm_stage("TypeScript", "run", "typecheck"),
        npm_stage("size budgets", "exec", "--no", "--", "node", "scripts/check-size.mjs"),
    ]


def backend_tests() -> Stage:
    arguments = ["-m", "pytest", "-n", PYTEST_PROCESSES, "--dist", "loadfile", "-m", "not browser", "-q"]
    return command("backend tests", sys.executable, *arguments)


def frontend_tests() -> Stage:
    return npm_stage("frontend tests", "test")


def browser_tests() -> Stage:
    def run() -> int:
        browser = chromium.find_or_install()
        if browser is None:
            raise Skipped("no Chromium was found and none may be installed here; set CHROMIUM to its path")
        environment = npm_environment() | {"CHROMIUM": browser}
        server = [sys.executable, "-m", "config.launcher", "with-server", "--demo", "--"]
        return call([*server, "npm", "--prefix", str(FRONTEND), "run", "test:e2e"], environment=environment)

    return Stage(name="browser tests", action=run)


def check_deployment() -> int:
    """Look at the settings as an installation on the open network has them."""
    environment = {**os.environ, "PUBLIC_URL": "https://touchstone.example", "SECRET_KEY": os.urandom(32).hex()}
    return call([sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"], environment=environment)


def check_openapi() -> int:
    """The committed schema is the one that the code gives; the frontend's types come from it."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "schema.yaml"
        code = call([*manage_spectacular(), "--fail-on-warn", "--file", str(fresh)])
        return code or same(SCHEMA, fresh)


def check_types() -> int:
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "schema.d.ts"
        code = call(openapi_typescript(fresh), folder=FRONTEND, environment=npm_environment())
        return code or same(TYPES, fresh)


def rewrite_openapi() -> Stage:
    return command("rewrite the OpenAPI schema", *manage_spectacular(), "--file", str(SCHEMA))


def rewrite_said() -> Stage:
    return command("rewrite the English words of sentences with codes", sys.executable, "-m", "config.said_words")


def rewrite_types() -> Stage:
    return Stage(
        name="rewrite the TypeScript types",
        action=lambda: call(openapi_typescript(TYPES), folder=FRONTEND, environment=npm_environment()),
    )


def same(committed: Path, fresh: Path) -> int:
    """Compare with the committed file; show the difference and how to accept it."""
    old = committed.read_text().splitlines() if committed.exists() else []
    difference = list(
        difflib.unified_diff(old, fresh.read_text().splitlines(), "committed", "from the code", n=1, lineterm="")
    )
    if not difference:
        return 0
    print("\n".join(difference[:DIFF_LINES]))
    print(f"{committed.relative_to(PROJECT)} is out of date. `make baselines` rewrites it; review and commit it.")
    return 1


def manage_spectacular() -> list[str]:
    return [sys.executable, "manage.py", "spectacular", "--validate"]


def openapi_typescript(target: Path) -> list[str]:
    return ["npx", "--no-install", "openapi-typescript", str(SCHEMA), "-o", str(target)]


def with_database(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "config.launcher", "with-test-db", "--", sys.executable, *arguments]


def command(name: str, *arguments: str) -> Stage:
    return Stage(name=name, action=lambda: call(list(arguments)))


def npm_stage(name: str, *arguments: str) -> Stage:
    return Stage(
        name=name, action=lambda: call(["npm", "--silent", *arguments], folder=FRONTEND, environment=npm_environment())
    )


def npm_environment() -> dict[str, str]:
    """Node and npm from the virtual environment, before any other."""
    path = os.pathsep.join([str(node_folder()), os.environ.get("PATH", os.defpath)])
    return {**os.environ, "PATH": path, "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1"}


def call(arguments: list[str], *, folder: Path = PROJECT, environment: dict[str, str] | None = None) -> int:
    environment = environment or dict(os.environ)
    program = shutil.which(arguments[0], path=environment.get("PATH"))
    if program is None:
        print(f"The program {arguments[0]} is missing. `make setup` installs it.")
        return 127
    # The settings generate a secret key into the data folder when none is given; a check leaves no trace.
    environment.setdefault("SECRET_KEY", os.urandom(32).hex())
    return subprocess.run([program, *arguments[1:]], cwd=folder, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
