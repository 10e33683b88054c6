"""The process that exports a network that an earlier run kept. Started by training.modelling.run with "export"."""

import sys
from pathlib import Path

from training.modelling.child import guarded
from training.modelling.execution import Execution
from training.modelling.progress import Reporter
from training.modelling.recipes.small_cnn import load_network
from training.modelling.run_network import NETWORKS, settle
from training.modelling.spec import RunSpec


def work(spec: RunSpec, folder: Path, reporter: Reporter) -> None:
    """Write and measure the specification's exports of the model.keras in the folder."""
    settle(spec)
    Execution(spec, folder, reporter, NETWORKS[spec.recipe]).export_kept(load_network)


if __name__ == "__main__":
    sys.exit(guarded(sys.argv[1:], work))
