"""One shape as the geometry of a COCO annotation."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from datasets.geometry.faults import rotated_corners, signed_area
from datasets.geometry.rle import counts_from_string, ink_of, mask_bounds


def coco_geometry(shape: Mapping[str, Any]) -> dict[str, Any]:
    """Bbox [x, y, width, height], area, segmentation, iscrowd, and attributes.shape with what COCO cannot say.

    A box, a turned box and a polygon without holes have their outline as segmentation. COCO has no holes: a polygon
    with some has its outline there and an area without the holes. A mask keeps its run lengths with iscrowd 0, as
    pycocotools reads them. Key points are COCO's keypoints; lines and points have an area of 0. The shape as it is
    kept stands in attributes.shape, so that nothing is lost.
    Source: COCO data format, cocodataset.org.
    """
    kind = shape["type"]
    said: dict[str, Any] = {"iscrowd": 0, "attributes": {**shape.get("attributes", {}), "shape": dict(shape)}}
    if kind == "mask":
        rle = shape["rle"]
        counts = counts_from_string(rle["counts"]) or []
        return {
            "bbox": list(mask_bounds(counts, rle["size"][0]) or (0, 0, 0, 0)), "area": ink_of(counts),
            "segmentation": dict(rle), **said,
        }  # fmt: skip
    rings = _rings(shape)
    outline = rings[0]
    low, high = outline.min(axis=0), outline.max(axis=0)
    closed = kind in ("box", "rotated_box", "polygon")
    area = abs(signed_area(outline)) - sum(abs(signed_area(hole)) for hole in rings[1:]) if closed else 0.0
    found = {
        "bbox": _round([*low, *(high - low)]), "area": round(area, 4),
        "segmentation": [_round(outline.ravel())] if closed else [], **said,
    }  # fmt: skip
    if kind == "keypoints":
        found["keypoints"] = list(shape["points"])
        found["num_keypoints"] = sum(seen > 0 for seen in shape["points"][2::3])
    return found


def _rings(shape: Mapping[str, Any]) -> list[Any]:
    """Arrays of shape (n, 2): outline and holes; for lines and points their points."""
    if shape["type"] == "box":
        x, y, width, height = shape["box"]
        return [np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], dtype=np.float64)]
    if shape["type"] == "rotated_box":
        return [rotated_corners(*shape["box"])]
    if shape["type"] == "polygon":
        return [np.array(ring, dtype=np.float64).reshape(-1, 2) for ring in shape["rings"]]
    if shape["type"] == "keypoints":
        points = np.array(shape["points"], dtype=np.float64).reshape(-1, 3)
        return [points[points[:, 2] > 0, :2]]
    return [np.array(shape["points"], dtype=np.float64).reshape(-1, 2)]


def _round(values: Any) -> list[float]:
    return [round(float(value), 4) for value in values]
