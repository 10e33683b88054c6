"""Train one model: python -m training.modelling.run SPEC.json DIR [export].

With "export" nothing is trained: the model.keras in DIR is written in the formats of the specification, and measured.

This small program checks the specification, sets the threads, and then *becomes* the process that trains: numerical
libraries read their settings when they are imported, so these must be in the environment before. The process id stays
the same.
"""

import json
import os
import sys
from pathlib import Path
from typing import NoReturn

from training.modelling.settings_fields import SpecError
from training.modelling.spec import RunSpec, read_spec

USAGE_ERROR = 2
EXPORT = "export"


def child_environment(spec: RunSpec) -> dict[str, str]:
    """Return the environment of the training process: threads, hash seed, quiet TensorFlow."""
    # Two OpenMP threads waiting for each other on a busy machine made scikit-learn 40 times slower: baselines take one.
    threads = str(spec.threads) if spec.info.needs_tensorflow else "1"
    return {
        "OMP_NUM_THREADS": threads,
        "OPENBLAS_NUM_THREADS": threads,
        "MKL_NUM_THREADS": threads,
        "TF_NUM_INTRAOP_THREADS": threads,
        "TF_NUM_INTEROP_THREADS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "KERAS_BACKEND": "tensorflow",
        "PYTHONHASHSEED": "0",
    }


def main(arguments: list[str]) -> int:
    """Check the arguments and the specification and hand over; returns only if that is impossible."""
    if len(arguments) not in (2, 3) or arguments[2:] not in ([], [EXPORT]):
        sys.stderr.write("Usage: python -m training.modelling.run SPEC.json DIR [export]\n")
        return USAGE_ERROR
    folder = Path(arguments[1])
    folder.mkdir(parents=True, exist_ok=True)
    try:
        spec = read_spec(Path(arguments[0]))
    except SpecError as error:
        failed = {"event": "failed", "code": "specification", "error": str(error), "problems": error.problems}
        sys.stdout.write(json.dumps(failed, ensure_ascii=False) + "\n")
        return 1
    module = "run_network" if spec.info.needs_tensorflow else "run_baseline"
    if arguments[2:]:
        module = "run_export"
    command = [sys.executable, "-m", f"training.modelling.{module}", *arguments[:2]]
    return _become(command, child_environment(spec))


def _become(command: list[str], settings: dict[str, str]) -> NoReturn:
    sys.stdout.flush()
    os.execve(command[0], command, os.environ | settings)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
