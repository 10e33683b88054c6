"""The one place that reads the process environment: typed, validated, all problems told at once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DEFAULT_DATABASE = "postgres://touchstone@127.0.0.1:5432/touchstone"


class BadEnvironment(Exception):
    """One or more settings cannot be used; the message lists every one of them."""


@dataclass(frozen=True, kw_only=True)
class Environment:
    """Every setting of an installation. Units are in the names."""

    database_url: str
    broker_url: str  # empty: pgmq on the database
    secret_key: str
    public_url: str
    data_dir: Path
    debug: bool
    web_process: bool  # only the web process pools its connections
    pool_size: int
    s3_endpoint_url: str
    s3_bucket: str
    s3_access_key: str
    s3_secret_key: str
    s3_region: str
    import_roots: tuple[Path, ...]
    import_s3_buckets: tuple[str, ...]  # imports may read these with the store's credentials
    upload_limit_mib: int
    image_limit_megapixels: int
    lease_minutes: int
    log_level: str
    media_expiry_hours: int
    assist_models: (
        Path  # a folder for each network that finds objects from a hint: encoder.onnx, decoder.onnx, card.json
    )

    @property
    def host(self) -> str:
        """Host name of the public address."""
        return urlsplit(self.public_url).hostname or "localhost"

    @property
    def is_https(self) -> bool:
        """Whether cookies may be marked secure."""
        return urlsplit(self.public_url).scheme == "https"

    @classmethod
    def read(cls, env: Mapping[str, str] = os.environ) -> Self:
        """Parse every field, collect the problems, raise once with all of them."""
        reader = _Reader(env)
        data_dir = Path(reader.text("DATA_DIR", str(PROJECT_ROOT / "var" / "data"))).absolute()
        found = cls(
            database_url=reader.url("DATABASE_URL", DEFAULT_DATABASE, {"postgres", "postgresql"}),
            broker_url=reader.text("CELERY_BROKER_URL", ""),
            secret_key=reader.secret("SECRET_KEY", data_dir / "secret-key"),
            public_url=reader.url("PUBLIC_URL", "http://localhost:8000", {"http", "https"}).rstrip("/"),
            data_dir=data_dir,
            debug=reader.flag("DEBUG", default=False),
            web_process=reader.flag("WEB_PROCESS", default=False),
            pool_size=reader.number("DATABASE_POOL_SIZE", 6, 1, 64),
            s3_endpoint_url=reader.text("S3_ENDPOINT_URL", ""),
            s3_bucket=reader.text("S3_BUCKET", ""),
            s3_access_key=reader.text("S3_ACCESS_KEY", ""),
            s3_secret_key=reader.text("S3_SECRET_KEY", ""),
            s3_region=reader.text("S3_REGION", "us-east-1"),
            import_roots=reader.paths("IMPORT_ROOTS"),
            import_s3_buckets=tuple(reader.text("IMPORT_S3_BUCKETS", "").replace(",", " ").split()),
            upload_limit_mib=reader.number("UPLOAD_LIMIT_MIB", 4096, 1, 1_000_000),
            image_limit_megapixels=reader.number("IMAGE_LIMIT_MEGAPIXELS", 300, 1, 10_000),
            lease_minutes=reader.number("LEASE_MINUTES", 15, 1, 1440),
            log_level=reader.choice("LOG_LEVEL", "INFO", {"DEBUG", "INFO", "WARNING", "ERROR"}),
            media_expiry_hours=reader.number("MEDIA_EXPIRY_HOURS", 6, 1, 168),
            assist_models=Path(reader.text("ASSIST_MODELS", str(data_dir / "assist-models"))).absolute(),
        )
        reader.raise_problems()
        return found


class _Reader:
    """Typed look-ups that remember what was wrong."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = env
        self.problems: list[str] = []

    def text(self, name: str, default: str) -> str:
        return self.env.get(name, default).strip()

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.text(name, "1" if default else "0").lower()
        if value not in {"0", "1", "true", "false", "yes", "no"}:
            self.problems.append(f"{name} must be 1 or 0, not {value!r}.")
        return value in {"1", "true", "yes"}

    def number(self, name: str, default: int, low: int, high: int) -> int:
        value = self.text(name, str(default))
        if not value.isdecimal() or not low <= int(value) <= high:
            self.problems.append(f"{name} must be a whole number from {low} to {high}, not {value!r}.")
            return default
        return int(value)

    def choice(self, name: str, default: str, allowed: set[str]) -> str:
        value = self.text(name, default)
        if value not in allowed:
            self.problems.append(f"{name} must be one of {', '.join(sorted(allowed))}, not {value!r}.")
        return value

    def url(self, name: str, default: str, schemes: set[str]) -> str:
        value = self.text(name, default)
        if urlsplit(value).scheme not in schemes:
            self.problems.append(f"{name} must start with {' or '.join(sorted(s + '://' for s in schemes))}.")
        return value

    def paths(self, name: str) -> tuple[Path, ...]:
        return tuple(Path(part).absolute() for part in self.text(name, "").split(os.pathsep) if part)

    def secret(self, name: str, file: Path) -> str:
        """Take the given secret, or the one that the first start generated into the data folder."""
        if value := self.text(name, ""):
            if len(value) < 32:
                self.problems.append(f"{name} must have at least 32 characters.")
            return value
        try:
            return read_or_create_secret(file)
        except OSError as error:
            self.problems.append(f"{name} is not set and {file} cannot be written: {error.strerror}.")
            return ""

    def raise_problems(self) -> None:
        if self.problems:
            raise BadEnvironment("The settings cannot be used:\n  " + "\n  ".join(self.problems))


def read_or_create_secret(file: Path) -> str:
    """The secret in `file`; when there is none, a fresh one, written so that two starters agree."""
    try:
        return file.read_text().strip()
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True)
    scratch = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(os.urandom(32).hex())
    try:
        os.link(scratch, file)  # atomic: fails when another process was first
    except FileExistsError:
        pass
    finally:
        scratch.unlink()
    return file.read_text().strip()


ENV = Environment.read()
