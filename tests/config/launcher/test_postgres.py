import os
import re
import signal
import socket

import psutil
import psycopg
import pytest

from config.launcher.errors import LauncherError
from config.launcher.postgres import free_port


def remember(cluster, note):
    with psycopg.connect(cluster.url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS notes (note text)")
        connection.execute("INSERT INTO notes VALUES (%s)", [note])


def notes(cluster):
    with psycopg.connect(cluster.url) as connection:
        return [row[0] for row in connection.execute("SELECT note FROM notes ORDER BY note")]


def postmaster_pid(cluster):
    return int((cluster.data / "postmaster.pid").read_text().splitlines()[0])


def test_a_new_cluster_is_utf8_with_plain_byte_order_and_has_vectors(cluster):
    cluster.ensure_running()
    with psycopg.connect(cluster.url) as connection:
        row = connection.execute(
            "SELECT pg_encoding_to_char(encoding), datcollate, datlocale, datlocprovider FROM pg_database "
            "WHERE datname = current_database()"
        ).fetchone()
        assert row == ("UTF8", "C", "C.UTF-8", "b")
        connection.execute("CREATE EXTENSION vector")
        assert connection.execute("SELECT '[1,2]'::vector <-> '[1,4]'").fetchone() == (2.0,)


def test_a_wrong_password_is_refused_and_only_this_machine_is_served(cluster):
    cluster.ensure_running()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(re.sub(r":[^:@]+@", ":guess@", cluster.url))
    with psycopg.connect(cluster.url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
        assert connection.execute("SHOW unix_socket_directories").fetchone() == ("",)


def test_data_outlive_a_stop_and_a_taken_port(cluster):
    cluster.ensure_running()
    remember(cluster, "kept")
    cluster.stop()
    assert not cluster.is_running()
    first_port = cluster.port
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", first_port))
        other.listen()
        cluster.ensure_running()
    assert cluster.port != first_port
    assert notes(cluster) == ["kept"]


def test_a_server_that_somebody_left_running_is_taken_over(cluster):
    cluster.ensure_running()
    remember(cluster, "kept")
    left_behind = postmaster_pid(cluster)
    cluster.ensure_running()
    assert postmaster_pid(cluster) != left_behind
    assert notes(cluster) == ["kept"]


def test_a_killed_server_starts_again_with_what_was_committed(cluster):
    cluster.ensure_running()
    remember(cluster, "committed")
    os.kill(postmaster_pid(cluster), signal.SIGKILL)
    cluster.ensure_running()
    assert notes(cluster) == ["committed"]


def test_a_pid_file_that_names_an_innocent_process_does_not_stop_the_start_nor_the_innocent(cluster):
    cluster.ensure_running()
    pid_file = cluster.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    os.kill(int(lines[0]), signal.SIGKILL)
    psutil.wait_procs([process for process in psutil.process_iter() if in_folder(process, cluster.data)], timeout=10)
    innocent = psutil.Popen(["sleep", "60"])
    try:
        pid_file.write_text("\n".join([str(innocent.pid), *lines[1:]]) + "\n")
        cluster.ensure_running()
        assert innocent.is_running()
        assert innocent.status() != psutil.STATUS_ZOMBIE
    finally:
        innocent.kill()
        innocent.wait()


def test_an_interrupted_creation_is_done_again(cluster):
    half = cluster.home / "data.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    cluster.ensure_running()
    assert not half.exists()
    assert cluster.is_running()


def test_data_of_another_version_are_refused_with_a_way_out(cluster):
    cluster.create(fast=True)
    (cluster.data / "PG_VERSION").write_text("15\n")
    with pytest.raises(LauncherError, match="made by PostgreSQL 15.*make demo-reset"):
        cluster.ensure_running()


def test_data_of_another_user_are_refused_by_name_of_the_folder(cluster, as_root):
    cluster.create(fast=True)
    os.chown(cluster.data, 12345, 12345)
    with pytest.raises(LauncherError, match=r"home/data belongs to the user with number 12345"):
        cluster.ensure_running()


def test_a_lost_password_is_said(cluster):
    cluster.create(fast=True)
    (cluster.home / "password").unlink()
    with pytest.raises(LauncherError, match="password of the database .* is missing"):
        cluster.ensure_running()


def test_a_server_that_cannot_start_says_why_in_its_own_words(cluster):
    cluster.settings["shared_buffers"] = "nonsense"
    with pytest.raises(LauncherError, match=r"did not start.*server\.log"):
        cluster.ensure_running()


def test_a_free_port_is_the_preferred_one_unless_it_is_taken():
    port = free_port()
    assert free_port(preferred=port) == port
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        assert free_port(preferred=port) != port


def in_folder(process, folder):
    try:
        return process.cwd() == str(folder)
    except psutil.Error:
        return False
