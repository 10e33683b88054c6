from config.launcher import broker, schema


def test_a_changed_or_new_migration_is_noticed(tmp_path):
    folder = tmp_path / "datasets" / "migrations"
    folder.mkdir(parents=True)
    (tmp_path / "requirements.txt").write_text("Django==5.2\n")
    (folder / "0001_initial.py").write_text("a")
    seen = {schema.fingerprint(tmp_path)}
    (folder / "0001_initial.py").write_text("b")
    seen.add(schema.fingerprint(tmp_path))
    (folder / "0002_more.py").write_text("")
    seen.add(schema.fingerprint(tmp_path))
    (tmp_path / "requirements.txt").write_text("Django==5.3\n")
    seen.add(schema.fingerprint(tmp_path))
    assert len(seen) == 4


def test_the_database_remembers_until_it_is_told_to_forget(cluster):
    cluster.ensure_running()
    assert schema.recorded(cluster.url) is None
    schema.record(cluster.url, "abc")
    assert schema.recorded(cluster.url) == "abc"
    schema.forget(cluster.url)
    assert schema.recorded(cluster.url) is None


def test_the_broker_is_installed_once(cluster):
    cluster.ensure_running()
    assert broker.ensure_installed(cluster.url)
    assert not broker.ensure_installed(cluster.url)
