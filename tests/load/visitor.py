"""Somebody with a browser, who notes how long pages take and what goes wrong."""

import time

import requests


class Visitor:
    """Signed in as `person` of the sandbox."""

    def __init__(self, url: str, person: str) -> None:
        self._url, self._session = url, requests.Session()
        self.seconds: list[float] = []
        self.errors: list[str] = []
        self._session.get(f"{url}/sign-in/", timeout=60)
        self.post("/sign-in/", {"email": f"{person}@example.org", "password": f"sandbox-{person}"})

    def get(self, path: str) -> float:
        """Look at a page; how long it took."""
        started = time.monotonic()
        self._noted("GET", path, self._session.get(self._url + path, timeout=60))
        took = time.monotonic() - started
        self.seconds.append(took)
        return took

    def post(self, path: str, data: dict[str, str], **files: tuple[str, bytes]) -> str:
        """Send a form; where it leads."""
        headers = {"X-CSRFToken": self._session.cookies["csrftoken"]}
        answer = self._session.post(
            self._url + path, data, headers=headers, files=files, timeout=120, allow_redirects=False
        )
        self._noted("POST", path, answer)
        return answer.headers.get("Location", "")

    def state(self, upload: str) -> str:
        """Of an upload, by its page's address."""
        answer = self._session.get(f"{self._url}{upload}receipt.json", timeout=60)
        self._noted("GET", upload, answer)
        return str(answer.json()["state"]) if answer.ok else ""

    def _noted(self, method: str, path: str, answer: requests.Response) -> None:
        if answer.status_code >= 400:
            self.errors.append(f"{method} {path}: {answer.status_code}")
