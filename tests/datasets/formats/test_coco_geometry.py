import pytest

from datasets.formats.coco_geometry import coco_geometry
from datasets.geometry.rle import counts_to_string


def shape(kind, **fields):
    return {"id": "a", "type": kind, "class": "wheel", **fields}


@pytest.mark.parametrize(
    ("one", "bbox", "area", "segmentation"),
    [
        (shape("box", box=[1, 2, 10, 5]), [1, 2, 10, 5], 50, [[1, 2, 11, 2, 11, 7, 1, 7]]),
        (shape("rotated_box", box=[10, 10, 8, 4, 90]), [8, 6, 4, 8], 32, [[12, 6, 12, 14, 8, 14, 8, 6]]),
        (
            shape("polygon", rings=[[0, 0, 10, 0, 10, 10, 0, 10], [2, 2, 4, 2, 4, 4]]),
            [0, 0, 10, 10], 98, [[0, 0, 10, 0, 10, 10, 0, 10]],
        ),
        (shape("polyline", points=[1, 1, 5, 3]), [1, 1, 4, 2], 0, []),
        (shape("point", points=[3, 4]), [3, 4, 0, 0], 0, []),
    ],
)  # fmt: skip
def test_each_shape_has_its_box_area_and_outline(one, bbox, area, segmentation):
    found = coco_geometry(one)
    assert (found["bbox"], found["area"], found["segmentation"]) == (bbox, area, segmentation)
    assert found["iscrowd"] == 0
    assert found["attributes"]["shape"] == one


def test_a_mask_keeps_its_run_lengths():
    counts = [11, 2, 8, 2, 77]  # rows 1 and 2 of columns 1 and 2 in a picture of 10 x 10
    rle = {"size": [10, 10], "counts": counts_to_string(counts)}
    found = coco_geometry(shape("mask", rle=rle))
    assert (found["segmentation"], found["area"], found["bbox"]) == (rle, 4, [1, 1, 2, 2])


def test_key_points_are_coco_s_own():
    found = coco_geometry(shape("keypoints", template="hand", points=[5, 6, 2, 0, 0, 0, 9, 8, 1]))
    assert (found["keypoints"], found["num_keypoints"]) == ([5, 6, 2, 0, 0, 0, 9, 8, 1], 2)
    assert found["bbox"] == [5, 6, 4, 2]


def test_attributes_stand_beside_the_shape():
    found = coco_geometry(shape("point", points=[3, 4], attributes={"hidden": "half"}))
    assert found["attributes"]["hidden"] == "half"
