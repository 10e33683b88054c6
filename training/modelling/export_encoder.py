"""Write the pretrained encoder as one ONNX file: python -m training.modelling.export_encoder OUT.onnx."""

import json
import os
import sys
from pathlib import Path

import keras

from training.modelling.efficientnet_lite0 import STANDARD_PREPROCESSING, WEIGHTS_SHA256, build_classifier
from training.modelling.exports.network import export_onnx
from training.serving.encoder import METADATA_KEY, Encoder


def export_encoder(path: Path) -> Encoder:
    """Build EfficientNet-Lite0, write it, load it again. The file appears under its name only when it is whole."""
    preprocessing = STANDARD_PREPROCESSING
    model: keras.Model = build_classifier(preprocessing.height, preprocessing.width)
    metadata = {
        METADATA_KEY: json.dumps(preprocessing.as_json(), sort_keys=True),
        "encoder": "efficientnet-lite0",
        "weights_sha256": WEIGHTS_SHA256,
    }
    temporary = path.with_name(f".{os.getpid()}-{path.name}")
    export_onnx(model, temporary, metadata=metadata)
    temporary.replace(path)
    return Encoder(path)


def main(arguments: list[str]) -> int:
    """Run the command; prints one JSON object: file, sha256, dimension."""
    if len(arguments) != 1 or not arguments[0].endswith(".onnx"):
        sys.stderr.write("Usage: python -m training.modelling.export_encoder OUT.onnx\n")
        return 2
    path = Path(arguments[0])
    path.parent.mkdir(parents=True, exist_ok=True)
    encoder = export_encoder(path)
    sys.stdout.write(
        json.dumps({"file": str(path), "sha256": encoder.file_hash, "dimension": encoder.dimension}) + "\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
