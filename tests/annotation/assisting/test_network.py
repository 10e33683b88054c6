import json

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from annotation.assisting.card import CardRefused, read_card
from annotation.assisting.frame import Hint, enlarged, framed, run_lengths
from annotation.assisting.network import Network, WeightsRefused, decode, encode
from datasets.geometry.rle import ink_of
from tests.annotation.assisting.pair import CARD, SIDE, write_pair

SIZE = (600, 400)
RED = (slice(120, 260), slice(150, 390))  # rows, columns
ELSEWHERE = (slice(300, 380), slice(450, 580))


@pytest.fixture(scope="module")
def picture():
    pixels = np.full((SIZE[1], SIZE[0], 3), (40, 160, 60), dtype=np.uint8)
    pixels[RED] = pixels[ELSEWHERE] = (220, 30, 30)
    return Image.fromarray(pixels)


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    folder = write_pair(tmp_path_factory.mktemp("pair"))
    card = read_card((folder / "card.json").read_bytes())
    return Network(folder / "encoder.onnx"), Network(folder / "decoder.onnx"), card


def filled(found):
    bits = np.zeros((SIZE[1], SIZE[0]), dtype=bool)
    height, width = found.bits.shape
    bits[found.y : found.y + height, found.x : found.x + width] = found.bits
    return bits


def test_a_box_finds_the_object_in_it_and_no_other_in_pixels_of_the_picture(pair, picture):
    encoder, decoder, card = pair
    embeddings = encode(encoder, card, picture)
    found = decode(decoder, card, embeddings, Hint(box=(130, 100, 280, 180)), SIZE)
    wanted = np.zeros((SIZE[1], SIZE[0]), dtype=bool)
    wanted[RED] = True
    got = filled(found)
    assert (got & wanted).sum() / (got | wanted).sum() > 0.85  # a cell is 37 pixels wide
    assert not got[ELSEWHERE].any()


def test_the_second_mask_has_the_better_score(pair, picture):
    encoder, decoder, card = pair
    found = decode(decoder, card, encode(encoder, card, picture), Hint(box=(0, 0, *SIZE)), SIZE)
    assert filled(found)[RED].mean() > 0.9
    assert not filled(found)[:100].any()


def test_a_place_outside_reaches_the_decoder_with_its_label(pair, picture):
    encoder, decoder, card = pair
    embeddings = encode(encoder, card, picture)
    box = (130.0, 100.0, 280.0, 180.0)
    assert decode(decoder, card, embeddings, Hint(box=box, points=((200, 200, True),)), SIZE) is not None
    assert decode(decoder, card, embeddings, Hint(box=box, points=((200, 200, False),)), SIZE) is None


def test_an_upright_picture_is_framed_by_its_height(pair):
    frame = framed(Image.new("RGB", (50, 200), (255, 0, 255)), pair[2])
    assert frame.shape == (1, 3, SIDE, SIDE)
    assert frame[0, :, :, :16].transpose(1, 2, 0).reshape(-1, 3) == pytest.approx(np.tile([1, -1, 1], (SIDE * 16, 1)))
    assert not frame[0, :, :, 16:].any()


@pytest.mark.parametrize("size", [(640, 480), (480, 640), (33, 1000), (5, 3)])
def test_what_fills_the_frame_fills_the_picture_and_nothing_more(size):
    found = enlarged(np.ones((16, 16), dtype=np.float32), *size)
    assert (found.x, found.y, found.bits.shape) == (0, 0, size[::-1])
    assert found.bits.all()


def test_what_lies_in_the_empty_part_of_the_frame_is_not_found():
    logits = np.full((16, 16), -1, dtype=np.float32)
    logits[12:, 2] = 1
    assert enlarged(logits, 640, 320) is None


@given(st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=1, max_size=6))
def test_runs_add_up_and_alternate(rows):
    bits = np.array(rows)
    counts = run_lengths(bits)
    assert sum(counts) == bits.size
    assert ink_of(counts) == bits.sum()
    assert all(counts[1:])


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        (("name",), "", "name"),
        (("input", "side"), 5000, "input.side"),
        (("input", "side"), True, "input.side"),
        (("input", "mean"), [1, 2], "input.mean"),
        (("input", "std"), [1, 0, 1], "input.std"),
        (("encoder",), [], "encoder"),
        (("encoder", "embeddings"), {}, "encoder.embeddings"),
        (("decoder", "points"), 3, "decoder.points"),
        (("decoder", "constants", "shift"), {"shape": [10**9]}, "decoder.constants.shift"),
        (("decoder", "constants", "shift"), {"shape": [1] * 70}, "decoder.constants.shift"),
        (("decoder", "constants", "shift"), {"shape": [1], "value": 10**400}, "decoder.constants.shift.value"),
        (("encoder", "embeddings"), {"thin": "features", "other": "features"}, "encoder.embeddings"),
    ],
)
def test_a_card_that_cannot_be_used_says_where(place, value, told):
    card = json.loads(json.dumps(CARD))
    inner = card
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    with pytest.raises(CardRefused, match=told.replace(".", r"\.")):
        read_card(json.dumps(card).encode())


def test_a_card_that_is_a_well_of_brackets_is_refused():
    with pytest.raises(CardRefused, match="no JSON"):
        read_card(b"[" * 60_000)


def test_weights_that_are_none_or_other_than_the_card_says_are_refused_with_a_sentence(pair, picture, tmp_path):
    (tmp_path / "encoder.onnx").write_bytes(b"no weights")
    with pytest.raises(WeightsRefused, match=r"encoder\.onnx") as refused:
        Network(tmp_path / "encoder.onnx")
    assert str(tmp_path) not in str(refused.value)
    card = json.loads(json.dumps(CARD))
    card["encoder"]["image"] = "another"
    with pytest.raises(WeightsRefused, match=r"card\.json"):
        encode(pair[0], read_card(json.dumps(card).encode()), picture)


@pytest.fixture
def half(tmp_path):
    """Makes a half that takes inputs of these names and always gives the same."""

    def make(takes, **gives):
        said = {name: np.asarray(value, dtype=np.float32) for name, value in gives.items()}
        graph = helper.make_graph(
            [helper.make_node("Identity", [f"{name}_kept"], [name]) for name in said],
            "same",
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in takes],
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in said],
            [numpy_helper.from_array(value, f"{name}_kept") for name, value in said.items()],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
        onnx.save(model, tmp_path / "half.onnx")
        return Network(tmp_path / "half.onnx")

    return make


HINTED = ("point_coords", "point_labels", "shift")


def test_what_half_precision_cannot_hold_is_refused_and_not_kept_as_infinite(pair, half, picture):
    with pytest.raises(WeightsRefused, match="65,504"):
        encode(half(["picture"], thin=np.full((1, 3, 16, 16), 1e5)), pair[2], picture)


@pytest.mark.parametrize("scores", [0.5, np.ones(2), np.ones((1, 3))])
def test_scores_that_are_not_one_for_each_mask_are_refused(pair, half, scores):
    decoder = half(HINTED, low_res_masks=np.ones((1, 2, 16, 16)), quality=scores)
    with pytest.raises(WeightsRefused, match="scores"):
        decode(decoder, pair[2], {}, Hint(box=(0, 0, 9, 9)), SIZE)


def test_a_mask_of_noise_is_refused_before_it_becomes_an_answer_of_megabytes(pair, half):
    masks = np.where(np.indices((512, 512)).sum(axis=0) % 2, 1, -1)[None, None]
    decoder = half(HINTED, low_res_masks=masks, quality=np.ones((1, 1)))
    with pytest.raises(WeightsRefused, match="noise"):
        decode(decoder, pair[2], {}, Hint(box=(0, 0, 9, 9)), (2000, 2000))


def test_outputs_that_are_no_numbers_are_refused(tmp_path):
    node = helper.make_node("Identity", ["words"], ["said"])
    words = [helper.make_tensor_value_info(name, TensorProto.STRING, [1]) for name in ("words", "said")]
    graph = helper.make_graph([node], "words", words[:1], words[1:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    onnx.save(model, tmp_path / "encoder.onnx")
    with pytest.raises(WeightsRefused, match="numbers"):
        Network(tmp_path / "encoder.onnx").run(["said"], {"words": np.array(["one"])})
