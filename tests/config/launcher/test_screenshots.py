from pathlib import Path

from PIL import Image

from config.launcher import screenshots


def folders(tmp_path: Path, monkeypatch) -> tuple[Path, Path]:
    taken, kept = tmp_path / "taken", tmp_path / "kept"
    taken.mkdir()
    kept.mkdir()
    document = tmp_path / "tour.md"
    document.write_text("![Home](screenshots/home.png) and ![A run](docs/screenshots/run.png)")
    monkeypatch.setattr(screenshots, "TAKEN", taken)
    monkeypatch.setattr(screenshots, "KEPT", kept)
    monkeypatch.setattr(screenshots, "documents", lambda: [document])
    return taken, kept


def test_keeps_what_a_document_names_and_forgets_what_none_does(tmp_path, monkeypatch):
    taken, kept = folders(tmp_path, monkeypatch)
    for name in ("home", "run", "unnamed"):
        Image.new("RGB", (8, 8), "teal").save(taken / f"{name}.png")
    (kept / "stale.png").write_bytes(b"")
    assert screenshots.keep() == 0
    assert sorted(path.name for path in kept.iterdir()) == ["home.png", "run.png"]


def test_says_which_picture_no_test_takes(tmp_path, monkeypatch, capsys):
    taken, kept = folders(tmp_path, monkeypatch)
    Image.new("RGB", (8, 8), "teal").save(taken / "home.png")
    assert screenshots.keep() == 1
    assert "run.png" in capsys.readouterr().err
    assert [path.name for path in kept.iterdir()] == ["home.png"]
