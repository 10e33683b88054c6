import time
import uuid

import pytest

from common.ids import uuid7, uuid7_milliseconds


def test_ids_of_one_process_sort_by_time_and_never_repeat():
    made = [uuid7() for _ in range(10_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_an_id_is_of_version_7_and_carries_its_time():
    before = time.time_ns() // 1_000_000
    value = uuid7()
    assert (value.version, value.variant) == (7, uuid.RFC_4122)
    assert 0 <= uuid7_milliseconds(value) - before < 60_000


def test_the_time_of_another_version_is_refused():
    with pytest.raises(ValueError, match="version 7"):
        uuid7_milliseconds(uuid.uuid4())
