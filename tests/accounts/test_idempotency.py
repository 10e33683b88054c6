import threading

import pytest
from django.db import connections

from accounts.models import IdempotencyKey, Notification
from accounts.services.idempotency import IdempotencyMismatch, once
from accounts.services.notifications import mark_read, notify
from common.problems import InvalidInput
from tests.accounts.factories import make_project, make_user


def test_a_repeat_gets_the_first_answer(db):
    user, calls = make_user(), []

    def work():
        calls.append(1)
        return 201, {"n": len(calls)}

    assert once(user=user, key="k", digest="d", work=work) == (201, {"n": 1})
    assert once(user=user, key="k", digest="d", work=work) == (201, {"n": 1})
    assert once(user=make_user(), key="k", digest="d", work=work) == (201, {"n": 2})


def test_the_key_of_another_request_is_refused(db):
    user = make_user()
    once(user=user, key="k", digest="d", work=lambda: (201, {}))
    with pytest.raises(IdempotencyMismatch):
        once(user=user, key="k", digest="other", work=lambda: (201, {}))
    with pytest.raises(InvalidInput, match="128"):
        once(user=user, key="k" * 129, digest="d", work=lambda: (201, {}))


def test_work_that_fails_may_be_tried_again(db):
    user = make_user()
    with pytest.raises(ZeroDivisionError):
        once(user=user, key="k", digest="d", work=lambda: (1 // 0, {}))
    assert not IdempotencyKey.objects.exists()
    assert once(user=user, key="k", digest="d", work=lambda: (201, {})) == (201, {})


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_the_work_once():
    user, calls, answers = make_user(), [], []
    started = threading.Barrier(4)

    def work():
        calls.append(1)
        Notification.objects.create(user=user, code="made")
        return 201, {"n": len(calls)}

    def press():
        started.wait()
        try:
            answers.append(once(user=user, key="k", digest="d", work=work))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [(201, {"n": 1})] * 4
    assert Notification.objects.count() == 1


def test_a_line_behind_the_bell_comes_once(db):
    user, project, other = make_user(), make_project(), make_project()
    for _ in range(2):
        notify(users=[user], code="audit.due", project=project, dedupe="audit:1")
    notify(users=[user], code="audit.due", project=other, dedupe="audit:2")
    assert mark_read(user=user, project=project) == 1
    assert mark_read(user=user, project=project) == 0
    assert mark_read(user=user, project=other) == 1
