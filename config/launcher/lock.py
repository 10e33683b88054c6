"""Compile requirements.txt and requirements-dev.txt from pyproject.toml: `make lock`.

The pins are exact for every package, direct or not. They carry no hashes: a hash belongs to one file of one index, and
people who install from a mirror that builds its own wheels could not install at all; the exact version and wheels
only (`--only-binary=:all:`) are what reproduces an installation here. No index, host or folder is written down either.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from config.launcher.installation import PROJECT


def main() -> int:
    """Compile both files; what is pinned stays unless it no longer fits, or --upgrade is given."""
    parser = argparse.ArgumentParser(prog="lock", description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that fit")
    upgrade = ["--upgrade"] if parser.parse_args().upgrade else []
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    return compile_lock(project["dependencies"], "requirements.txt", upgrade) or compile_lock(
        ["-c requirements.txt", *project["optional-dependencies"]["dev"]], "requirements-dev.txt", upgrade
    )


def compile_lock(wanted: list[str], target: str, options: list[str]) -> int:
    """Let pip's own resolver choose; the packages that `wanted` names come from pyproject.toml."""
    with tempfile.TemporaryDirectory(dir=PROJECT, prefix=".lock-") as folder:
        source = Path(folder) / "pyproject.toml.in"
        name = str(source.relative_to(PROJECT))
        source.write_text("\n".join(line.replace("-c ", "-c ../") for line in wanted) + "\n")
        command = [
            sys.executable,
            "-m",
            "piptools",
            "compile",
            str(source.relative_to(PROJECT)),
            "--output-file",
            target,
        ]
        command += ["--quiet", "--strip-extras", "--allow-unsafe", "--annotation-style=line", "--resolver=backtracking"]
        command += ["--no-emit-index-url", "--no-emit-trusted-host", "--no-emit-find-links", "--no-emit-options"]
        command += ["--pip-args", "--only-binary=:all:", *options]
        environment = {**os.environ, "CUSTOM_COMPILE_COMMAND": "make lock"}
        code = subprocess.run(command, cwd=PROJECT, env=environment, check=False).returncode
        if code == 0:
            lock = PROJECT / target
            lock.write_text(lock.read_text().replace(name, "pyproject.toml"))
        return code


if __name__ == "__main__":
    sys.exit(main())
