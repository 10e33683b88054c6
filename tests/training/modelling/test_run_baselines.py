import json
import os
from pathlib import Path

import numpy as np
import pyarrow.parquet
import pytest

from training.serving.loader import load_run


def test_logistic_runs_end_to_end_and_serves_the_same_numbers(make_spec, run_child, tmp_path, pictures):
    done = run_child(make_spec("baseline_logistic", {"image_size": 32}), tmp_path / "run")

    assert done.code == 0, done.errors
    assert [done.events[0]["event"], done.events[-1]["event"]] == ["started", "done"]
    assert done.events[0]["rows"] == {"train": 60, "validation": 36, "test": 0}
    files = {event["file"] for event in done.of("artifact")}
    assert files >= {
        "model.npz",
        "model.json",
        "serving.json",
        "preprocessing.json",
        "metrics.json",
        "predictions.parquet",
    }
    metrics = json.loads((tmp_path / "run/metrics.json").read_text())
    accuracy = metrics["validation"]["scores"]["accuracy"]
    assert accuracy["low"] < accuracy["value"] <= accuracy["high"]
    assert accuracy["value"] > 0.6  # one in three is chance
    assert metrics["test"] is None

    table = pyarrow.parquet.read_table(tmp_path / "run/predictions.parquet").to_pylist()
    assert {row["split"] for row in table} == {"validation"}
    folder, rows = pictures
    path_of = {row["item"]: folder / row["path"] for row in rows}
    served = load_run(tmp_path / "run").predict([path_of[row["item"]].read_bytes() for row in table])
    np.testing.assert_allclose(served, [row["probabilities"] for row in table], atol=2e-6)
    exports = json.loads((tmp_path / "run/exports.json").read_text())
    assert exports[0]["agreement"]["value"] == 1.0
    assert exports[0]["largest_difference"] < 1e-5
    assert not (tmp_path / "run/pixels.npy").exists()


def test_majority_answers_with_the_shares_of_the_training_rows(make_spec, run_child, tmp_path):
    done = run_child(make_spec("baseline_majority"), tmp_path / "run")

    assert done.code == 0, done.errors
    table = pyarrow.parquet.read_table(tmp_path / "run/predictions.parquet").to_pylist()
    truth = [json.loads(line) for line in (tmp_path / "spec.jsonl").read_text().splitlines()]
    shares = np.bincount([row["label"] for row in truth if row["split"] == "train"], minlength=3) / 60
    np.testing.assert_allclose([row["probabilities"] for row in table], np.tile(shares, (36, 1)))
    picture = (tmp_path / "run").parent / "spec.jsonl"
    assert picture.exists()
    served = load_run(tmp_path / "run")
    np.testing.assert_allclose(
        served.predict_pixels(np.zeros((3, 16, 16, 3), np.uint8)), np.tile(shares, (3, 1)), atol=1e-6
    )


@pytest.mark.parametrize("kind", ["binary", "multi_label"])
def test_other_kinds_of_task(kind, make_spec, run_child, tmp_path, pictures):
    classes = [{"key": k, "name": k} for k in (["other", "circle"] if kind == "binary" else ["a", "b", "c"])]
    spec = make_spec(
        "baseline_logistic", {"image_size": 32, "class_weights": True}, task={"kind": kind, "classes": classes}
    )
    if kind == "binary":
        lines = [json.loads(line) for line in (tmp_path / "spec.jsonl").read_text().splitlines()]
        changed = [json.dumps(row | {"label": int(row["label"] == 0)}) for row in lines]
        (tmp_path / "spec.jsonl").write_text("\n".join(changed))
    done = run_child(spec, tmp_path / "run")

    assert done.code == 0, done.errors
    table = pyarrow.parquet.read_table(tmp_path / "run/predictions.parquet").to_pylist()
    probabilities = np.array([row["probabilities"] for row in table])
    assert probabilities.shape == (36, len(classes))
    path_of = {row["item"]: pictures[0] / row["path"] for row in pictures[1]}
    served = load_run(tmp_path / "run").predict([path_of[row["item"]] for row in table])
    np.testing.assert_allclose(served, probabilities, atol=2e-6)
    if kind == "binary":
        np.testing.assert_allclose(probabilities.sum(axis=1), 1.0)
    else:
        assert np.abs(probabilities.sum(axis=1) - 1).max() > 0.1  # independent, not a distribution
        assert max(len(row["truth"]) for row in table) == 2


def test_test_rows_are_refused_unless_asked_for(make_spec, run_child, tmp_path):
    refused = run_child(make_spec("baseline_majority", test=True), tmp_path / "refused")
    assert refused.code == 1
    assert refused.events[-1]["event"] == "failed"
    assert refused.events[-1]["code"] == "manifest"
    assert "12 rows of the test split" in refused.events[-1]["error"]
    assert not (tmp_path / "refused/predictions.parquet").exists()

    looked = run_child(make_spec("baseline_majority", test=True, evaluate_test=True, name="b"), tmp_path / "looked")
    assert looked.code == 0, looked.errors
    table = pyarrow.parquet.read_table(tmp_path / "looked/predictions.parquet").to_pylist()
    assert {row["split"] for row in table} == {"validation", "test"}
    assert json.loads((tmp_path / "looked/metrics.json").read_text())["test"]["rows"] == 12


def test_k_fold_judges_every_row_once_by_a_model_that_did_not_see_its_group(make_spec, run_child, tmp_path):
    protocol = {"kind": "k_fold", "folds": 4}
    done = run_child(make_spec("baseline_logistic", {"image_size": 32}, protocol=protocol), tmp_path / "run")

    assert done.code == 0, done.errors
    table = pyarrow.parquet.read_table(tmp_path / "run/predictions.parquet").to_pylist()
    assert len(table) == len({row["item"] for row in table}) == 96
    folds_of_group: dict[str, set[int]] = {}
    for row in table:
        folds_of_group.setdefault(row["group"], set()).add(row["fold"])
    assert all(len(folds) == 1 for folds in folds_of_group.values())
    assert [event["fold"] for event in done.of("fold")] == [1, 2, 3, 4]
    exports = json.loads((tmp_path / "run/exports.json").read_text())
    assert exports[0]["judged"] is False
    assert "flatters" in exports[0]["sentence"]


def test_a_wrong_specification_names_every_problem(make_spec, run_child, tmp_path):
    spec = make_spec("small_cnn", {"epoch": 3, "dropout": 2.0}, threads=0)
    done = run_child(spec, tmp_path / "run")

    assert done.code == 1
    assert done.events[-1]["code"] == "specification"
    problems = " ".join(done.events[-1]["problems"])
    assert "recipe.settings.epoch is not known" in problems
    assert "recipe.settings.dropout must be at most 0.95, not 2.0" in problems
    assert "spec.threads must be at least 1" in problems


def test_a_broken_picture_names_its_item(make_spec, run_child, tmp_path):
    spec = make_spec("baseline_majority")
    (tmp_path / "cut.png").write_bytes(b"\x89PNG\r\n\x1a\n but no more")
    lines = [json.loads(line) for line in (tmp_path / "spec.jsonl").read_text().splitlines()]
    lines[4]["path"] = str(tmp_path / "cut.png")
    (tmp_path / "spec.jsonl").write_text("\n".join(json.dumps(row) for row in lines))
    done = run_child(spec, tmp_path / "run")

    assert done.code == 1
    assert "item4" in done.events[-1]["error"]


def test_an_orphan_stops(make_spec, tmp_path, start_child):
    """Nobody reads the progress any more: the pipe is broken at the next event, and the run ends as cancelled."""
    process = start_child(make_spec("baseline_logistic", {"image_size": 32}), tmp_path / "run")
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(timeout=60) == 3
    assert not (Path(tmp_path) / "run/model.onnx").exists()
    assert os.path.exists(tmp_path / "run/events.jsonl")
