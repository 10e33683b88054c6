import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Job, JobState
from accounts.services import jobs
from common.models import OutboxEvent
from common.problems import InvalidInput
from tests.accounts.factories import make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def job():
    return jobs.create_job(project=make_project(), kind="test.count")


def fall_silent(job):
    Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - jobs.STALE_AFTER - timedelta(seconds=1))


def test_a_new_job_announces_itself(job):
    assert OutboxEvent.objects.get().payload == {"job_id": job.pk, "kind": "test.count"}


def test_only_one_worker_gets_a_job(job):
    assert jobs.claim_job(job.pk) is not None
    assert jobs.claim_job(job.pk) is None


def test_a_silent_worker_loses_its_job_and_can_write_nothing_more(job):
    first = jobs.claim_job(job.pk)
    fall_silent(job)
    second = jobs.claim_job(job.pk)
    for write in (first.beat, first.succeed, first.hold, first.cancelled):
        with pytest.raises(jobs.JobLost):
            write()
    second.succeed({"n": 2})
    job.refresh_from_db()
    assert (job.state, job.result, job.attempt) == (JobState.SUCCEEDED, {"n": 2}, 2)


def test_a_job_whose_workers_keep_dying_fails_with_a_reason(job):
    for _ in range(job.max_attempts):
        assert jobs.claim_job(job.pk)
        fall_silent(job)
    assert jobs.claim_job(job.pk) is None
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert job.error["code"] == "job-worker-died"


def test_progress_and_result_are_kept(job):
    def handler(claim):
        claim.beat(3, 10, "counting")
        return {"n": 10}

    jobs.run_claimed(job.pk, handler)
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.message, job.result) == ("succeeded", 3, 10, "counting", {"n": 10})


def test_a_domain_error_becomes_the_jobs_problem(job):
    def handler(claim):
        raise InvalidInput("No picture in leaf.zip.", errors={"file": ["Empty."]})

    jobs.run_claimed(job.pk, handler)
    job.refresh_from_db()
    assert (job.state, job.error["code"], job.error["detail"]) == ("failed", "invalid-input", "No picture in leaf.zip.")


def test_an_unforeseen_error_is_told_without_a_trace(job):
    jobs.run_claimed(job.pk, lambda claim: 1 // 0)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "ZeroDivisionError" in job.error["detail"]
    assert "File" not in job.error["detail"]


def test_cancelling_a_waiting_job_ends_it_at_once(job):
    jobs.request_cancel(job=job)
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert jobs.claim_job(job.pk) is None


def test_cancelling_a_running_job_is_met_at_its_next_beat(job):
    def handler(claim):
        jobs.request_cancel(job=job)
        claim.beat(1, 2)
        raise AssertionError("went on after being cancelled")

    jobs.run_claimed(job.pk, handler)
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED


def test_stale_and_forgotten_jobs_are_announced_again(job):
    assert jobs.resend_stale_jobs() == 0
    jobs.claim_job(job.pk)
    fall_silent(job)
    forgotten = jobs.create_job(project=job.project, kind="test.count")
    Job.objects.filter(pk=forgotten.pk).update(heartbeat_at=timezone.now() - jobs.RESEND_QUEUED_AFTER * 2)
    assert jobs.resend_stale_jobs() == 2
    assert jobs.resend_stale_jobs() == 1  # the queued one has just been announced; the running one is still silent


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_a_job_that_another_one_takes():
    job = jobs.create_job(project=make_project(), kind="test.count")
    settings = connection.settings_dict
    code = (
        "import django, os; django.setup()\n"
        "from django.conf import settings; from django.db import connection\n"
        f"connection.settings_dict['NAME'] = {settings['NAME']!r}\n"
        "from accounts.services import jobs\n"
        f"assert jobs.claim_job({job.pk})\n"
        "print('claimed', flush=True)\n"
        "import time; time.sleep(60)\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
    )
    assert child.stdout.readline() == "claimed\n"
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert jobs.claim_job(job.pk) is None  # it may still be alive, for all we know
    fall_silent(job)
    taken = jobs.claim_job(job.pk)
    assert taken.fence == 2
