"""Find Chromium for the browser tests, or install it where the system allows that."""

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Korean pages need Korean glyphs, or the screenshots show boxes.
PACKAGES = ("chromium", "fonts-noto-cjk", "fonts-noto-color-emoji")
INSTALL_SECONDS = 900


def find() -> str | None:
    """Return the program's path; CHROMIUM in the environment wins."""
    given = os.environ.get("CHROMIUM")
    return given or next((path for name in NAMES if (path := shutil.which(name))), None)


def find_or_install() -> str | None:
    """As `find`; as root on a system with apt, install it when it is missing."""
    found = find()
    if found or os.geteuid() != 0 or not shutil.which("apt-get"):
        return found
    print("Chromium is missing; installing it with apt-get …", flush=True)
    options = ["-q", "-y", "-o", "DPkg::Lock::Timeout=600"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = [["apt-get", *options, "update"], ["apt-get", *options, "install", "--no-install-recommends", *PACKAGES]]
    for command in commands:
        try:
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, timeout=INSTALL_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            print(f"`{' '.join(command[:2])}` did not end within {INSTALL_SECONDS // 60} minutes.", flush=True)
    return find()
