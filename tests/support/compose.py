"""docker-compose.yml run without Docker: its commands and variables, with its hosts and ports moved to loopback."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\}")


@dataclass(frozen=True)
class Service:
    """One process of the compose file: what it runs, what it is told, and how Docker would ask whether it is well."""

    name: str
    command: list[str]
    environment: dict[str, str]
    health_check: list[str]

    @contextmanager
    def running(self, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
        """The process for as long as the block lasts, in `folder`, with its own variables and no others of ours."""
        with (folder / f"{self.name}.log").open("w") as log:
            process = subprocess.Popen(
                self.command, cwd=folder, env=self._variables(), stdout=log, stderr=log
            )
            try:
                yield process
            finally:
                process.terminate()
                process.wait(timeout=30)

    def run(self, folder: Path) -> None:
        """Run a process that ends by itself; raises `subprocess.CalledProcessError` when it fails."""
        subprocess.run(self.command, cwd=folder, env=self._variables(), check=True)

    def is_well(self, folder: Path) -> bool:
        """What Docker's health check would say."""
        check = subprocess.run(
            self.health_check, cwd=folder, env=self._variables(), check=False, capture_output=True
        )
        return check.returncode == 0

    def _variables(self) -> dict[str, str]:
        programs = Path(sys.executable).parent
        return {"PATH": f"{programs}:{os.environ['PATH']}", "PYTHONUNBUFFERED": "1", **self.environment}


def read(variables: Mapping[str, str], moves: Mapping[str, str]) -> dict[str, Service]:
    """The services of docker-compose.yml that run our code, by name.

    `variables` stand for the `.env` file beside it. `moves` are what to write instead of an address: the compose
    network's `redis:6379` may become `127.0.0.1:40123`.
    """

    addresses = re.compile("|".join(map(re.escape, moves)) or r"(?!)")

    def moved(value: object) -> str:
        text = addresses.sub(lambda match: moves[match[0]], str(value))
        return _filled_in(text, variables)

    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    return {
        name: Service(
            name=name,
            command=moved(service["command"]).split(),
            environment={key: moved(value) for key, value in service["environment"].items()},
            health_check=[moved(word) for word in service.get("healthcheck", {}).get("test", [])[1:]],
        )
        for name, service in services.items()
        if "build" in service
    }


def _filled_in(text: str, variables: Mapping[str, str]) -> str:
    """`${NAME:-default}` and `${NAME:?what to do}` as Docker Compose fills them in; raises LookupError for the latter."""

    def value(match: re.Match[str]) -> str:
        given = variables.get(match["name"], "")
        if not given and match["kind"] == "?":
            raise LookupError(match["rest"])
        return given or match["rest"] or ""

    return VARIABLE.sub(value, text)


def build(folder: Path) -> None:
    """Make `folder` what the Dockerfile makes the image, apart from packages."""
    lay_out(folder)
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"]
    subprocess.run(command, cwd=folder, env={"PATH": os.environ["PATH"]}, check=True)


def lay_out(folder: Path) -> None:
    """Copy into `folder` what .dockerignore lets through, and the front-end files that the image fetches by itself."""
    let_through = re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    for name in let_through:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("vendor", "__pycache__"))
        else:
            shutil.copy2(source, folder)
    shutil.copytree(ROOT / "static/vendor", folder / "static/vendor")
