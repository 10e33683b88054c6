import json
import subprocess
import sys

import numpy as np
import pytest

from training.modelling.augmentation import augment
from training.modelling.balance import class_weights, positive_weights, resample, row_weights
from training.modelling.catalogue import CATALOGUE
from training.modelling.heads import choose_head
from training.modelling.overfitting import detect_overfitting
from training.modelling.spec import parse_spec


def test_the_specification_and_the_catalogue_load_without_tensorflow():
    code = (
        "import sys, training.modelling.spec, training.modelling.catalogue, training.modelling.heads;"
        "import training.serving.loader, training.serving.encoder, training.evaluation.classification;"
        "bad = [m for m in ('tensorflow', 'keras', 'django', 'celery', 'rest_framework') if m in sys.modules];"
        "sys.exit(' '.join(bad) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_specification_survives_its_own_json():
    data = {
        "version": 1,
        "data": {"manifest": "m.parquet"},
        "task": {"kind": "binary", "classes": [{"key": "a", "name": "A"}, {"key": "b"}]},
        "recipe": {"name": "small_cnn", "settings": {"epochs": 2, "learning_rate": 1}},
    }
    spec = parse_spec(data)
    again = parse_spec(json.loads(json.dumps(spec.as_json())))
    assert again == spec
    assert spec.settings.learning_rate == 1.0
    assert spec.task.metric == "accuracy"


def test_every_recipe_describes_its_settings_for_a_form():
    for info in CATALOGUE.values():
        described = info.as_json()
        for field in described["settings"]:
            assert field["type"] in ("boolean", "integer", "number", "string")
            assert len(field["help"]) > 10
            assert field["choices"] is None or field["default"] in field["choices"]
        parse_spec(
            {
                "version": 1,
                "data": {"manifest": "m"},
                "task": {"kind": "single_choice", "classes": [{"key": "a"}, {"key": "b"}]},
                "recipe": {"name": info.key, "settings": {f["name"]: f["default"] for f in described["settings"]}},
                "exports": described["exports"],
            }
        )


@pytest.mark.parametrize(
    ("kind", "classes", "units", "activation"),
    [("single_choice", 7, 7, "softmax"), ("binary", 2, 1, "sigmoid"), ("multi_label", 7, 7, "sigmoid")],
)
def test_heads(kind, classes, units, activation):
    head = choose_head(kind, classes)
    assert (head.units, head.activation) == (units, activation)
    assert head.loss == ("categorical_crossentropy" if kind == "single_choice" else "binary_crossentropy")


def test_overfitting_is_marked_after_the_lowest_validation_loss():
    found = detect_overfitting([1.0, 0.7, 0.5, 0.3, 0.1], [1.1, 0.9, 0.8, 0.9, 1.1])
    assert (found.state, found.best_epoch, found.from_epoch) == ("overfitting", 3, 4)
    still = detect_overfitting([1.0, 0.7, 0.5, 0.3], [1.1, 0.9, 0.8, 0.7])
    assert (still.state, still.from_epoch) == ("still_learning", None)
    flat = detect_overfitting([1.0, 0.7, 0.6, 0.6, 0.6], [1.1, 0.9, 0.9, 0.901, 0.902])
    assert (flat.state, flat.from_epoch) == ("stalled", None)
    # a validation loss that rises while the training loss rises too is divergence, not learning by heart
    assert detect_overfitting([1.0, 0.5, 0.9, 1.5], [1.1, 0.6, 1.0, 1.6]).state == "stalled"
    assert detect_overfitting([1.0], [1.0]).state == "too_early"


def test_class_weights_make_classes_count_the_same():
    targets = np.eye(3, dtype=np.float32)[[0] * 6 + [1] * 3 + [2]]
    weights = np.ones(10)
    np.testing.assert_allclose(class_weights(targets, weights), [10 / 18, 10 / 9, 10 / 3])
    mass = (targets * row_weights(targets, weights, balanced=True)[:, None]).sum(axis=0)
    np.testing.assert_allclose(mass, [10 / 3] * 3)
    absent = np.eye(3, dtype=np.float32)[[0, 0, 2]]
    assert class_weights(absent, np.ones(3))[1] == 0.0
    many = np.array([[1, 0], [1, 1], [1, 0], [1, 0]], dtype=np.float32)
    np.testing.assert_allclose(positive_weights(many, np.ones(4)), [1 / 50, 3.0])


def test_resampling_balances_and_stays_inside_the_rows():
    rows, classes = np.arange(100, 112), np.array([0] * 8 + [1] * 3 + [2])
    over = resample(rows, classes, "oversample", np.random.default_rng(1))
    assert np.bincount(classes[over - 100]).tolist() == [8, 8, 8]
    assert set(over) == set(rows)
    under = resample(rows, classes, "undersample", np.random.default_rng(1))
    assert np.bincount(classes[under - 100]).tolist() == [1, 1, 1]


def test_augmented_copies_differ_repeat_with_the_seed_and_stay_in_range():
    pixels = np.random.default_rng(0).integers(0, 256, (6, 16, 20, 3)).astype(np.uint8)
    one, two = augment(pixels, np.random.default_rng(3)), augment(pixels, np.random.default_rng(3))
    np.testing.assert_array_equal(one, two)
    assert one.shape == pixels.shape
    assert one.min() >= 0
    assert one.max() <= 255
    assert not np.array_equal(one, augment(pixels, np.random.default_rng(4)))
    white = np.full((1, 8, 8, 3), 255, np.uint8)
    assert np.ptp(augment(white, np.random.default_rng(3))) == 0  # the border is repeated, no black edge appears
