import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_sample_image

from training.serving.encoder import Encoder

DAISY = 985  # number of the class in ImageNet


@pytest.mark.slow
def test_the_exported_encoder_sees_what_the_published_one_sees(tmp_path):
    path = tmp_path / "encoder.onnx"
    command = [sys.executable, "-m", "training.modelling.export_encoder", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    encoder = Encoder(path)
    assert json.loads(done.stdout)["sha256"] == encoder.file_hash
    flower, china = (Image.fromarray(load_sample_image(name)) for name in ("flower.jpg", "china.jpg"))
    probabilities = encoder.classify([flower])
    assert probabilities[0].argmax() == DAISY
    assert probabilities[0, DAISY] == pytest.approx(0.36, abs=0.01)
    vectors = encoder.embed([flower, china, flower.resize((320, 213))])
    assert vectors.shape == (3, encoder.dimension) == (3, 1280)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    assert unit[0] @ unit[2] > 0.9 > unit[0] @ unit[1]  # the same picture smaller is nearer than another picture
    np.testing.assert_allclose(encoder.embed([china]), vectors[1:2], rtol=1e-4, atol=1e-4)  # a batch changes nothing
