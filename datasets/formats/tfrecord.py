"""Write a version as TFRecord files of tf.train.Example, without TensorFlow."""

import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile

from datasets.formats.attributes import AttributeSpec, AttributeType, Value, convert
from datasets.formats.crc32c import masked_crc32c
from datasets.formats.export_row import ExportContext, ExportRow, classes_json, in_order
from datasets.formats.tf_example import Feature, encode_example
from datasets.formats.zip_stream import ZipStream

_SPOOL = 8 * 1024 * 1024
SHARD_BYTES = 128 * 1024 * 1024


def write_tfrecord(rows: Iterable[ExportRow], context: ExportContext) -> Iterator[bytes]:
    """One TFRecord file in pieces, one record an item; see `example_of` for the features.

    Memory: one item. Raises ValueError if rows do not ascend.
    """
    index = context.class_index()
    for row in in_order(rows):
        yield frame(encode_example(example_of(row, context, index)))


def write_tfrecord_zip(
    rows: Iterable[ExportRow], context: ExportContext, *, shard_bytes: int = SHARD_BYTES
) -> Iterator[bytes]:
    """A zip in pieces: <split>-00000.tfrecord, <split>-00001.tfrecord, …, and classes.json.

    A shard is closed when it reaches shard_bytes. Shards wait on disk, one a split; memory: one item.
    """
    archive, index = ZipStream(), context.class_index()
    shards: dict[str, SpooledTemporaryFile[bytes]] = {}
    numbers: dict[str, int] = defaultdict(int)

    def close(split: str) -> Iterator[bytes]:
        with shards.pop(split) as shard:
            shard.seek(0)
            name = f"{split}-{numbers[split]:05d}.tfrecord"
            numbers[split] += 1
            yield from archive.add(name, iter(lambda: shard.read(_SPOOL), b""))

    yield from archive.add("classes.json", [classes_json(context)], compress=True)
    for row in in_order(rows):
        if row.split not in shards:
            shards[row.split] = SpooledTemporaryFile(max_size=_SPOOL)  # noqa: SIM115 - closed by close()
        shards[row.split].write(frame(encode_example(example_of(row, context, index))))
        if shards[row.split].tell() >= shard_bytes:
            yield from close(row.split)
    for split in sorted(shards):
        yield from close(split)
    yield from archive.finish()


def example_of(row: ExportRow, context: ExportContext, index: dict[str, int]) -> dict[str, Feature]:
    """Features of one item.

    image/encoded (the bytes as stored), image/format ("jpeg", "png", …), image/height, image/width, image/filename,
    image/sha256; image/class/label (int64: class indices from 0 as in classes.json, one for single choice, several for
    multiple choice, empty if unlabelled), image/class/key, image/class/text; weight (float), split, group; posterior if
    known; attributes/<name>: int64 for integers and booleans, float for numbers, bytes for the rest, absent if missing.
    The image/ names follow the TensorFlow object detection API and Slim.
    """
    with row.open_bytes() as file:
        content = file.read()
    features: dict[str, Feature] = {
        "image/encoded": content,
        "image/format": row.media_type.rpartition("/")[2].encode(),
        "image/filename": row.file_name.encode(),
        "image/sha256": row.item_sha.encode(),
        "image/class/label": [index[label.key] for label in row.labels],
        "image/class/key": [label.key.encode() for label in row.labels],
        "image/class/text": [label.name.encode() for label in row.labels],
        "weight": [float(row.weight)],
        "split": row.split.encode(),
        "group": row.group.encode(),
    }
    if row.width is not None and row.height is not None:
        features |= {"image/width": [row.width], "image/height": [row.height]}
    if row.posterior is not None:
        features["posterior"] = [float(row.posterior)]
    for attribute in context.attributes:
        value = convert(row.attributes.get(attribute.name), attribute)
        if value is not None:
            features[f"attributes/{attribute.name}"] = _attribute(value, attribute)
    return features


def frame(record: bytes) -> bytes:
    """A record with its length and masked checksums. Source: tensorflow/core/lib/io/record_writer.cc."""
    length = struct.pack("<Q", len(record))
    return b"".join(
        (length, struct.pack("<L", masked_crc32c(length)), record, struct.pack("<L", masked_crc32c(record)))
    )


def _attribute(value: Value, attribute: AttributeSpec) -> Feature:
    match attribute.type:
        case AttributeType.INTEGER | AttributeType.BOOLEAN:
            return [int(value or 0)]
        case AttributeType.NUMBER:
            return [float(value or 0.0)]
        case _:
            return str(value).encode()
