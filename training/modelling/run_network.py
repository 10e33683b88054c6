"""The process of the networks: TensorFlow with fixed threads, seed and operations.

Started by training.modelling.run.
"""

import sys
from pathlib import Path

import keras
import tensorflow as tf

from training.modelling.child import guarded
from training.modelling.execution import Execution
from training.modelling.progress import Reporter
from training.modelling.recipes.base import Recipe
from training.modelling.recipes.small_cnn import SmallCnn
from training.modelling.recipes.transfer_efficientnet_lite0 import TransferEfficientNetLite0
from training.modelling.spec import RunSpec

NETWORKS: dict[str, Recipe] = {
    "small_cnn": SmallCnn(),
    "transfer_efficientnet_lite0": TransferEfficientNetLite0(),
}


def work(spec: RunSpec, folder: Path, reporter: Reporter) -> None:
    """Settle everything that could differ between two runs, then run a network."""
    settle(spec)
    Execution(spec, folder, reporter, NETWORKS[spec.recipe]).run()


def settle(spec: RunSpec) -> None:
    """Fix threads, seed and operations of TensorFlow in this process."""
    tf.config.threading.set_intra_op_parallelism_threads(spec.threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    keras.utils.set_random_seed(spec.seed)
    tf.config.experimental.enable_op_determinism()


if __name__ == "__main__":
    sys.exit(guarded(sys.argv[1:], work))
