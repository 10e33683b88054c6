"""The process of the baselines: no TensorFlow, so that it costs a second. Started by training.modelling.run."""

import sys
from pathlib import Path

from training.modelling.child import guarded
from training.modelling.execution import Execution
from training.modelling.progress import Reporter
from training.modelling.recipes.base import Recipe
from training.modelling.recipes.baseline_logistic import BaselineLogistic
from training.modelling.recipes.baseline_majority import BaselineMajority
from training.modelling.spec import RunSpec

BASELINES: dict[str, Recipe] = {
    "baseline_majority": BaselineMajority(),
    "baseline_logistic": BaselineLogistic(),
}


def work(spec: RunSpec, folder: Path, reporter: Reporter) -> None:
    """Run a baseline."""
    Execution(spec, folder, reporter, BASELINES[spec.recipe]).run()


if __name__ == "__main__":
    sys.exit(guarded(sys.argv[1:], work))
