import hashlib
import io
import json
import signal
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pyarrow.parquet
import pytest

from training.serving.card import ServingCard
from training.serving.loader import load_predictor
from training.serving.preprocessing import prepare

pytestmark = pytest.mark.slow
TINY = {"image_size": 32, "epochs": 4, "filters": 8, "blocks": 3, "batch_size": 16, "learning_rate": 0.01}


def predictions(folder: Path) -> np.ndarray:
    table = pyarrow.parquet.read_table(folder / "predictions.parquet").to_pylist()
    return np.array([row["probabilities"] for row in table])


def test_two_runs_with_one_seed_are_one_model_and_its_exports_agree(make_spec, run_child, tmp_path, pictures):
    spec = make_spec("small_cnn", TINY | {"dropout": 0.3, "l2": 1e-3}, threads=2, exports=["onnx", "litert_int8"])
    again = make_spec("small_cnn", TINY | {"dropout": 0.3, "l2": 1e-3}, threads=2, name="again")
    done, second = run_child(spec, tmp_path / "one"), run_child(again, tmp_path / "two")

    assert (done.code, second.code) == (0, 0), done.errors + second.errors
    history = [json.loads((tmp_path / name / "history.json").read_text()) for name in ("one", "two")]
    assert history[0] == history[1]
    assert [row["epoch"] for row in history[0]] == [1, 2, 3, 4]
    np.testing.assert_array_equal(predictions(tmp_path / "one"), predictions(tmp_path / "two"))
    weights = [stored_weights(tmp_path / name / "model.keras") for name in ("one", "two")]
    assert weights[0].keys() == weights[1].keys()
    assert len(weights[0]) > 10
    assert all(np.array_equal(weights[0][key], weights[1][key]) for key in weights[0])
    digests = [hashlib.sha256((tmp_path / name / "model.onnx").read_bytes()).hexdigest() for name in ("one", "two")]
    assert digests[0] == digests[1]
    check_normalisation(tmp_path / "one", pictures)
    check_exports(tmp_path / "one", pictures)
    epochs = done.of("epoch")
    assert {"loss", "metric"} == epochs[0]["train"].keys() == epochs[0]["validation"].keys()
    losses = [event["validation"]["loss"] for event in epochs]
    metrics = json.loads((tmp_path / "one/metrics.json").read_text())
    assert metrics["best_epoch"] == int(np.argmin(losses)) + 1
    assert metrics["validation"]["scores"]["log_loss"]["value"] == pytest.approx(min(losses), abs=1e-6)


def stored_weights(path: Path) -> dict[str, np.ndarray]:
    """All arrays of a .keras file, read without TensorFlow: a process that has used it must never fork."""
    found: dict[str, np.ndarray] = {}

    def collect(name: str, value: object) -> None:
        if isinstance(value, h5py.Dataset):
            found[name] = value[()]

    with zipfile.ZipFile(path) as archive, h5py.File(io.BytesIO(archive.read("model.weights.h5"))) as store:
        store.visititems(collect)
    return found


def check_normalisation(folder: Path, pictures: tuple) -> None:
    """Mean and variance come from the training pictures only."""
    described = json.loads((folder / "metrics.json").read_text())["model"]["normalization"]
    spec = ServingCard.read(folder / "serving.json").preprocessing
    train = prepare([pictures[0] / row["path"] for row in pictures[1] if row["split"] == "train"], spec).astype(float)
    np.testing.assert_allclose(described["mean"], train.mean(axis=(0, 1, 2)))
    np.testing.assert_allclose(described["variance"], train.var(axis=(0, 1, 2)))


def check_exports(folder: Path, pictures: tuple) -> None:
    card = ServingCard.read(folder / "serving.json")
    sources = [pictures[0] / row["path"] for row in pictures[1] if row["split"] == "validation"]
    wanted = predictions(folder)
    exact = load_predictor(folder / "model.onnx", card).predict(sources)
    np.testing.assert_allclose(exact, wanted, atol=1e-5)
    small = load_predictor(folder / "model.int8.tflite", card).predict(sources)
    assert (small.argmax(axis=1) == wanted.argmax(axis=1)).mean() >= 0.9
    measured = {row["format"]: row for row in json.loads((folder / "exports.json").read_text())}
    assert measured["onnx"]["agreement"]["value"] == 1.0
    assert measured["onnx"]["bytes"] == (folder / "model.onnx").stat().st_size
    assert measured["litert_int8"]["bytes"] < measured["onnx"]["bytes"]
    assert measured["onnx"]["cpu_ms"] < measured["onnx"]["original_cpu_ms"]
    accuracy = measured["litert_int8"]["accuracy"]
    assert accuracy["low"] <= accuracy["value"] <= accuracy["high"]


@pytest.mark.parametrize("how", ["flag", "signal"])
def test_cancel_in_the_middle(how, make_spec, start_child, tmp_path):
    process = start_child(make_spec("small_cnn", TINY | {"epochs": 500}), tmp_path / "run")
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line)["event"] == "epoch":
            break
    if how == "flag":
        (tmp_path / "run/cancel").touch()
    else:
        process.send_signal(signal.SIGTERM)
    rest = [json.loads(line) for line in process.stdout]
    assert process.wait(timeout=60) == 3
    assert rest[-1]["event"] == "cancelled"
    assert ("flag" in rest[-1]["reason"]) == (how == "flag")
    assert not (tmp_path / "run/model.keras").exists()
    assert not (tmp_path / "run/pixels.npy").exists()


def test_k_fold_of_a_network_takes_its_epochs_from_the_folds(make_spec, run_child, tmp_path):
    settings = TINY | {"patience": 2, "epochs": 6, "balance": "oversample", "class_weights": True}
    done = run_child(
        make_spec("small_cnn", settings, protocol={"kind": "k_fold", "folds": 2}, exports=[]), tmp_path / "run"
    )

    assert done.code == 0, done.errors
    epochs = done.of("epoch")
    kept = [event for event in epochs if event["fold"] == 0]
    assert kept[0]["validation"] is None
    best = []
    for fold in (1, 2):
        losses = [event["validation"]["loss"] for event in epochs if event["fold"] == fold]
        best.append(int(np.argmin(losses)) + 1)
        assert len(losses) == min(6, best[-1] + 2)  # stopped two epochs after the best
    assert len(kept) == round(float(np.median(best)))


def one_kind(rows_file: Path, labels: int) -> None:
    rows = [json.loads(line) for line in rows_file.read_text().splitlines()]
    rows_file.write_text("\n".join(json.dumps(row) for row in rows if row["label"] < labels))


def test_transfer_embeds_once_for_all_runs_and_fine_tunes(make_spec, run_child, tmp_path):
    settings = {"image_size": 64, "epochs": 4, "batch_size": 16, "class_weights": True}
    task = {"kind": "binary", "classes": [{"key": "circle", "name": "Circle"}, {"key": "square", "name": "Square"}]}
    fixed = {"task": task, "cache_folder": str(tmp_path / "cache"), "threads": 2}
    tuning = settings | {"fine_tune_epochs": 1, "fine_tune_blocks": 1}
    tuned = make_spec("transfer_efficientnet_lite0", tuning, name="tuned", exports=["onnx"], **fixed)
    frozen = make_spec("transfer_efficientnet_lite0", settings, name="frozen", exports=[], **fixed)
    for name in ("tuned", "frozen"):
        one_kind(tmp_path / f"{name}.jsonl", labels=2)
    first, second = run_child(tuned, tmp_path / "tuned"), run_child(frozen, tmp_path / "frozen")

    assert (first.code, second.code) == (0, 0), first.errors + second.errors
    assert [event["phase"] for event in first.of("epoch")] == ["head"] * 4 + ["fine_tune"]
    assert any("earlier run" in event["text"] for event in second.of("message"))
    assert len(list((tmp_path / "cache").iterdir())) == 1
    heads = [[event["validation"] for event in run.of("epoch")][:4] for run in (first, second)]
    assert heads[0] == heads[1]  # embeddings from the cache are the embeddings
    measured = json.loads((tmp_path / "tuned/exports.json").read_text())[0]
    assert measured["largest_difference"] < 1e-4
    assert ServingCard.read(tmp_path / "tuned/serving.json").outputs == 1


def test_a_network_with_several_labels_a_picture(make_spec, run_child, tmp_path):
    task = {"kind": "multi_label", "classes": [{"key": k, "name": k} for k in "abc"]}
    done = run_child(
        make_spec("small_cnn", TINY | {"class_weights": True, "epochs": 2}, task=task, exports=[]), tmp_path / "r"
    )

    assert done.code == 0, done.errors
    assert done.events[0]["head"]["loss"] == "binary_crossentropy"
    probabilities = predictions(tmp_path / "r")
    assert probabilities.shape == (36, 3)
    assert np.abs(probabilities.sum(axis=1) - 1).max() > 0.05
