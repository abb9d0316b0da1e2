"""The environment (or ``.env``), read once."""

import fcntl
import os
import re
import secrets
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, urlsplit

import platformdirs
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict
from yarl import URL

from database.errors import StartupError

LEAST_SECRET = 32  # characters; fewer can be tried out

_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]")
_TOKEN = re.compile(r"[0-9]{1,18}:[A-Za-z0-9_-]+")


class Settings(BaseModel):
    """What can be set; see the table in the README."""

    model_config = ConfigDict(str_strip_whitespace=True, hide_input_in_errors=True)

    telegram_bot_token: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org"
    telegram_updates: Literal["polling", "webhook"] = "polling"
    public_url: str = ""
    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    database_url: SecretStr | None = None
    data_dir: Path = Field(default_factory=lambda: _default_data_dir())
    secret_key: SecretStr | None = None
    metrics_port: int | None = Field(None, ge=0, le=65535)
    sentry_dsn: SecretStr | None = None

    _is_public_url_given: bool = PrivateAttr(default=False)

    @field_validator("telegram_bot_token")
    @classmethod
    def _token_has_its_form(cls, token: SecretStr | None) -> SecretStr | None:
        if token and not _TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError("must look like 123456:ABC, as @BotFather gives it")
        return token

    @field_validator("telegram_api_url", "public_url")
    @classmethod
    def _url_is_for_browsers(cls, url: str) -> str:
        parts = _split(url)
        if url and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("must begin with http:// or https:// and name a host")
        if parts.query or parts.fragment:
            raise ValueError("must end before any ? or #")
        return url.rstrip("/")

    @field_validator("public_url")
    @classmethod
    def _panel_has_a_host_of_its_own(cls, url: str) -> str:
        if urlsplit(url).path:
            raise ValueError("must name a host without a path: the panel's addresses begin at its root")
        return _origin(url) if url else ""

    @field_validator("host")
    @classmethod
    def _address_stands_bare(cls, host: str) -> str:
        return host.removeprefix("[").removesuffix("]")

    @field_validator("database_url")
    @classmethod
    def _database_is_postgresql(cls, url: SecretStr | None) -> SecretStr | None:
        if url and _split(url.get_secret_value()).scheme not in ("postgres", "postgresql"):
            raise ValueError("must look like postgres://user:password@host:5432/name")
        return url

    @field_validator("secret_key")
    @classmethod
    def _secret_is_long(cls, key: SecretStr | None) -> SecretStr | None:
        if key and len(key.get_secret_value()) < LEAST_SECRET:
            raise ValueError(f"must have at least {LEAST_SECRET} characters; openssl rand -hex 32 makes some")
        return key

    @field_validator("sentry_dsn")
    @classmethod
    def _dsn_leads_to_a_project(cls, dsn: SecretStr | None) -> SecretStr | None:
        parts = _split(dsn.get_secret_value() if dsn else "")
        project = parts.path.rpartition("/")[2]
        is_whole = parts.scheme in ("http", "https") and parts.username and parts.hostname and project.isdecimal()
        if dsn and not is_whole:
            raise ValueError("must look like https://key@host/42, as Sentry gives it")
        return dsn

    @field_validator("data_dir")
    @classmethod
    def _folder_is_absolute(cls, folder: Path) -> Path:
        return folder.expanduser().absolute()

    @model_validator(mode="after")
    def _shared_database_has_a_shared_secret(self) -> "Settings":
        if self.database_url and not self.secret_key:
            raise ValueError("SECRET_KEY is required with DATABASE_URL: every process must have the same")
        return self

    @model_validator(mode="after")
    def _default_public_url(self) -> "Settings":
        self._is_public_url_given = bool(self.public_url)
        return self.at_port(self.port)

    def at_port(self, port: int) -> "Settings":
        """Reach the panel at the port that was found free, unless ``PUBLIC_URL`` says where."""
        if not self._is_public_url_given:
            self.public_url = self.address(port)
        return self

    def address(self, port: int) -> str:
        """Say where a port of ours is."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{port}"

    @property
    def bot_token(self) -> str | None:
        return self.telegram_bot_token.get_secret_value() if self.telegram_bot_token else None

    @property
    def bot_id(self) -> int | None:
        """Give the bot's Telegram id, with which its token begins."""
        return int(self.bot_token.partition(":")[0]) if self.bot_token else None

    def secret(self) -> bytes:
        """Give the key that signs; without ``SECRET_KEY`` it is made once and kept in ``DATA_DIR``.

        Raises:
            StartupError: it can't be kept there.
        """
        if self.secret_key:
            return self.secret_key.get_secret_value().encode()
        path = self.data_dir / "secret"
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            secret = _kept_secret(path)
        except OSError as error:
            raise StartupError(f"The secret can't be kept in {path}: {error.strerror}") from error
        if len(secret) < LEAST_SECRET:
            raise StartupError(f"The secret in {path} is too short: take it away, and another one is made.")
        return secret


class _Environment(BaseSettings, Settings):
    """The same, as the environment says it."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True, hide_input_in_errors=True
    )


def read() -> Settings:
    """Read the environment.

    Raises:
        StartupError: a value is unknown or malformed.
    """
    try:
        return _Environment()
    except ValidationError as error:
        raise StartupError("; ".join(_sentence(problem) for problem in error.errors())) from None
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text in UTF-8"
        raise StartupError(f".env can't be read: {reason}") from None


def _split(url: str) -> SplitResult:
    """Take a URL apart and look at its port, too; the reason why that fails may hold a password."""
    try:
        parts = urlsplit(url)
        is_reachable = parts.port != 0
    except ValueError:
        is_reachable = False
    if not is_reachable:
        raise ValueError("can't be read as an address with a host and a port; mind %40 for @ and %2F for /")
    return parts


def _origin(url: str) -> str:
    """Write an address as browsers do who say that they come from there: small, in ASCII, without a usual port."""
    parts = URL(url)
    host = (parts.host_subcomponent or "").rstrip(".")
    if parts.user is not None or not _HOST.fullmatch(host):
        raise ValueError("must name a host, and nothing but its port beside it")
    return f"{parts.scheme}://{host}" + ("" if parts.is_default_port() else f":{parts.port}")


def _sentence(problem: object) -> str:
    assert isinstance(problem, dict)  # noqa: S101 - pydantic's ErrorDetails
    name = ".".join(str(part) for part in problem["loc"]).upper()
    reason = str(problem["msg"]).removeprefix("Value error, ")
    return f"{name}: {reason}" if name else reason


def _default_data_dir() -> Path:
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/couponchat")  # root's own home must stay closed to the database's user
    return platformdirs.user_data_path("couponchat")


def _kept_secret(path: Path) -> bytes:
    """Let the first of several processes make it; a file that is still empty was left by one that was killed."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        secret = file.read()
        if not secret:
            secret = secrets.token_hex(32).encode()
            file.write(secret)
        return secret
