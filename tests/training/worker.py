"""A worker that does one job and nothing else: `python worker.py JOB_ID`, with DATABASE_URL of the test's database."""

import sys

import django

django.setup()

from training.tasks import run  # noqa: E402  the applications must be ready first

run(int(sys.argv[1]))
