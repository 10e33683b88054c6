"""The worker that makes functions from text has a policy of its own, and nothing else has."""

import pytest
from django.conf import settings
from whitenoise import WhiteNoise

from config.security_headers import page_policy

WORKER = "assets/grabcut.worker-D1x_9aZk.js"
OTHERS = ["assets/opencv-0123456789.js", "assets/index-B5l3lQ2p.js", "assets/grabcut.workers.js"]


@pytest.fixture
def served(tmp_path):
    """Headers of each file of a built application, as WhiteNoise sends them."""
    for name in [WORKER, *OTHERS]:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("self")
    built = WhiteNoise(
        None, root=tmp_path, prefix="static/app/", add_headers_function=settings.WHITENOISE_ADD_HEADERS_FUNCTION
    )
    return {
        name: dict(built.files[f"/static/app/{name}"].get_response("GET", {}).headers) for name in [WORKER, *OTHERS]
    }


def test_the_worker_may_make_functions_from_text_and_load_scripts_of_this_origin_only(served):
    policy = served[WORKER]["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-eval'" in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("name", OTHERS)
def test_no_other_file_has_that_policy(served, name):
    assert "Content-Security-Policy" not in served[name]


def test_the_page_may_not():
    assert "'unsafe-eval'" not in page_policy("x").replace("'wasm-unsafe-eval'", "")
