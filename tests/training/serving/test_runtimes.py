import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.modelling.exports.linear_onnx import constant_graph, linear_graph, write_graph
from training.modelling.recipes.baseline_logistic import LinearModel, features_of
from training.serving.card import ServedClass, ServingCard
from training.serving.encoder import Encoder
from training.serving.loader import load_predictor
from training.serving.predictor import ModelFileError, as_probabilities
from training.serving.preprocessing import BrokenImage, Preprocessing

SIDE, GRID, BINS = 16, 4, 8


def card(kind: str = "single_choice", classes: int = 3, side: int = SIDE) -> ServingCard:
    names = tuple(ServedClass(key=f"k{i}", name=f"K{i}") for i in range(classes))
    return ServingCard(kind=kind, classes=names, preprocessing=Preprocessing(height=side, width=side))


def linear(outputs: int, link: str, path: Path) -> LinearModel:
    rng = np.random.default_rng(2)
    width = 3 * GRID**2 + 3 * BINS
    mean, scale = (rng.uniform(0.2, 1, width).astype(np.float32) for _ in range(2))
    weights, bias = rng.normal(size=(width, outputs)).astype(np.float32), rng.normal(size=outputs).astype(np.float32)
    write_graph(linear_graph(mean, scale, weights, bias, link, side=SIDE, grid=GRID, bins=BINS), path)
    return LinearModel(mean, scale, weights, bias, link)


@pytest.mark.parametrize(("kind", "outputs", "link"), [("single_choice", 3, "softmax"), ("binary", 1, "sigmoid")])
def test_the_hand_written_graph_is_the_model(kind, outputs, link, tmp_path):
    model = linear(outputs, link, tmp_path / "m.onnx")
    predictor = load_predictor(tmp_path / "m.onnx", card(kind, 2 if kind == "binary" else 3))
    pixels = np.random.default_rng(3).integers(0, 256, (41, SIDE, SIDE, 3)).astype(np.uint8)
    wanted = model(features_of(pixels, GRID, BINS))
    served = predictor.predict_pixels(pixels)
    np.testing.assert_allclose(served[:, -outputs:], wanted, atol=2e-6)
    np.testing.assert_allclose(served.sum(axis=1), 1.0, atol=1e-6)


def test_features_put_rows_before_columns_and_count_every_value():
    pixels = np.zeros((1, 4, 4, 3), np.uint8)
    pixels[0, 0, 3, 1] = 255  # top right, green
    features = features_of(pixels, 2, 4)[0]
    assert features[(0 * 2 + 1) * 3 + 1] == pytest.approx(0.25)
    assert features[:12].sum() == pytest.approx(0.25)
    histogram = features[12:].reshape(3, 4)
    np.testing.assert_allclose(histogram[1], [15 / 16, 0, 0, 1 / 16])
    np.testing.assert_allclose(histogram[0], [1, 0, 0, 0])


def test_many_pictures_go_through_in_order(tmp_path):
    linear(3, "softmax", tmp_path / "m.onnx")
    predictor = load_predictor(tmp_path / "m.onnx", card())
    pictures = [Image.new("RGB", (20, 20), (value, 0, 255 - value)) for value in range(0, 255, 3)]
    together = predictor.predict(pictures)
    assert together.shape == (85, 3)
    one_by_one = np.concatenate([predictor.predict([picture]) for picture in pictures])
    np.testing.assert_allclose(together, one_by_one, atol=1e-6)
    assert predictor.predict([]).shape == (0, 3)


def test_threads_share_a_predictor(tmp_path):
    linear(3, "softmax", tmp_path / "m.onnx")
    predictor = load_predictor(tmp_path / "m.onnx", card())
    rng = np.random.default_rng(5)
    pixels = [rng.integers(0, 256, (4, SIDE, SIDE, 3)).astype(np.uint8) for _ in range(4)]
    wanted = [predictor.predict_pixels(p) for p in pixels]
    faults: list[int] = []

    def work(index: int) -> None:
        for _ in range(20):
            if not np.allclose(predictor.predict_pixels(pixels[index]), wanted[index]):
                faults.append(index)

    threads = [threading.Thread(target=work, args=(index,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_what_does_not_fit_is_refused_with_a_sentence(tmp_path):
    linear(3, "softmax", tmp_path / "m.onnx")
    with pytest.raises(ModelFileError, match="serving card says"):
        load_predictor(tmp_path / "m.onnx", card(side=32))
    (tmp_path / "bad.onnx").write_bytes(b"no model")
    with pytest.raises(ModelFileError, match="not an ONNX model"):
        load_predictor(tmp_path / "bad.onnx", card())
    (tmp_path / "bad.tflite").write_bytes(b"no model either")
    with pytest.raises(ModelFileError, match="not a LiteRT model"):
        load_predictor(tmp_path / "bad.tflite", card())
    with pytest.raises(ModelFileError, match="No runtime serves"):
        load_predictor(tmp_path / "model.pkl", card())
    with pytest.raises(ModelFileError, match="not there"):
        load_predictor(tmp_path / "gone.onnx", card())
    with pytest.raises(ModelFileError, match="no output named 'embedding'"):
        Encoder(tmp_path / "m.onnx")
    predictor = load_predictor(tmp_path / "m.onnx", card())
    with pytest.raises(ValueError, match="Expected pixels"):
        predictor.predict_pixels(np.zeros((1, 8, 8, 3), np.uint8))
    with pytest.raises(BrokenImage, match="Image 2"):
        predictor.predict([Image.new("RGB", (3, 3)), b"nothing"])


def test_answers_that_are_no_probabilities_are_refused():
    with pytest.raises(ValueError, match="not probabilities"):
        as_probabilities(np.array([[0.5, 1.5, 0.0]]), card())
    with pytest.raises(ValueError, match="not probabilities"):
        as_probabilities(np.array([[0.5, np.nan, 0.0]]), card())
    with pytest.raises(ValueError, match="shape"):
        as_probabilities(np.array([[0.5, 0.5]]), card())


def test_a_wrong_number_of_outputs_is_seen_at_the_first_picture(tmp_path):
    write_graph(constant_graph(np.array([0.5, 0.5]), SIDE), tmp_path / "two.onnx")
    predictor = load_predictor(tmp_path / "two.onnx", card())
    with pytest.raises(ValueError, match="expected \\(n, 3\\)"):
        predictor.predict([Image.new("RGB", (3, 3))])


def test_the_card_survives_its_json():
    one = card("binary", 2)
    assert ServingCard.from_json(one.as_json()) == one
    with pytest.raises(ValueError, match="two classes"):
        card("binary", 3)
    with pytest.raises(ValueError, match="lacks the field"):
        ServingCard.from_json({"version": 1, "kind": "binary"})
