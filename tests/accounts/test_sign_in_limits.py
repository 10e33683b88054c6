import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.models import SignInCount
from accounts.services import sign_in_limits
from accounts.services.sign_in_limits import PER_ADDRESS, PER_MACHINE, PER_MACHINE_AND_ADDRESS, give_back, wait_before
from tests.accounts.factories import make_user

ADDRESS = "ada@example.org"
PASSWORD = "a long enough secret"


@pytest.mark.django_db
def test_one_machine_gets_so_many_guesses_at_one_address_whatever_its_case():
    for n in range(PER_MACHINE_AND_ADDRESS.tries):
        assert wait_before(email=ADDRESS.upper() if n % 2 else f" {ADDRESS}", machine="a") is None
    assert 0 < wait_before(email=ADDRESS, machine="a") <= 60
    assert wait_before(email=ADDRESS, machine="b") is None
    assert wait_before(email="bob@example.org", machine="a") is None


@pytest.mark.django_db
def test_one_password_on_many_addresses_is_slowed_down():
    for n in range(PER_MACHINE.tries):
        assert wait_before(email=f"{n}@example.org", machine="a") is None
    assert wait_before(email="next@example.org", machine="a") is not None


@pytest.mark.django_db
def test_many_machines_on_one_address_are_slowed_down():
    for n in range(PER_ADDRESS.tries):
        assert wait_before(email=ADDRESS, machine=str(n)) is None
    assert wait_before(email=ADDRESS, machine="next") is not None


@pytest.mark.django_db
def test_one_machine_cannot_lock_somebody_out_everywhere():
    for _ in range(PER_ADDRESS.tries + 5):
        wait_before(email=ADDRESS, machine="enemy")
    assert wait_before(email=ADDRESS, machine="home") is None


@pytest.mark.django_db
def test_a_try_that_succeeded_is_given_back():
    for _ in range(2 * PER_MACHINE_AND_ADDRESS.tries):
        assert wait_before(email=ADDRESS, machine="a") is None
        give_back(email=ADDRESS, machine="a")


@pytest.mark.django_db
def test_a_window_ends_and_is_forgotten():
    for _ in range(PER_MACHINE_AND_ADDRESS.tries + 1):
        wait_before(email=ADDRESS, machine="a")
    SignInCount.objects.update(window_ends=timezone.now() - timedelta(seconds=1))
    assert wait_before(email=ADDRESS, machine="a") is None
    assert sign_in_limits.prune() == 0
    SignInCount.objects.update(window_ends=timezone.now() - timedelta(seconds=1))
    assert sign_in_limits.prune() == 3


@pytest.mark.django_db(transaction=True)
def test_processes_share_one_limit():
    """Four processes guess at once; together they get what one alone would get."""
    code = (
        "import django; django.setup()\n"
        "from django.db import connection\n"
        f"connection.settings_dict['NAME'] = {connection.settings_dict['NAME']!r}\n"
        "from accounts.services.sign_in_limits import wait_before\n"
        f"print(sum(wait_before(email={ADDRESS!r}, machine='a') is None for _ in range(15)))\n"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    guessers = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment)
        for _ in range(4)
    ]
    passed = [int(guesser.communicate(timeout=120)[0]) for guesser in guessers]
    assert sum(passed) == PER_MACHINE_AND_ADDRESS.tries


@pytest.mark.django_db
def test_the_answer_says_how_long_to_wait_and_a_forged_header_does_not_help(client):
    assert settings.REST_FRAMEWORK["NUM_PROXIES"] == 0
    user = make_user()
    user.set_password(PASSWORD)
    user.save()
    for n in range(PER_MACHINE_AND_ADDRESS.tries):
        answer = sign_in(client, user.email, "wrong", n)
        assert answer.status_code == 401
    refused = sign_in(client, user.email, PASSWORD, 99)
    assert (refused.status_code, refused.json()["code"]) == (429, "too-many-requests")
    assert 0 < int(refused.headers["Retry-After"]) <= 60


def sign_in(client, email, password, n):
    body = {"email": email, "password": password}
    return client.post("/api/v1/session", body, "application/json", HTTP_X_FORWARDED_FOR=f"10.0.0.{n}")
