"""How the command ends, for the scripts that call it. Documented in docs/command-line.md."""

OK = 0  # all records verified, nothing to send, undone, or nothing wrong
FINDINGS = 1  # something is wrong with the file: rows with problems were not sent, or none could be read
USAGE = 2  # the command line, the settings, or a file that is not there
WAITS = 3  # for a person: a question about the file, or paused by hand
REFUSED = 4  # by the portal or by AuroraX: the token, the right, or the values
UNAVAILABLE = 5  # no answer, or not over in time: run the same again
INCOMPLETE = 6  # sent or undone, but not all of it was read back so

OF_OUTCOME = {
    "verified": OK,
    "nothing-to-send": OK,
    "undone": OK,
    "ready": OK,
    "blocked": FINDINGS,
    "unreadable": FINDINGS,
    "question": WAITS,
    "paused": WAITS,
    "key-needed": REFUSED,
    "refused": REFUSED,
    "cancelled": REFUSED,
    "fault": UNAVAILABLE,
    "waiting": UNAVAILABLE,
    "working": UNAVAILABLE,
    "reading": UNAVAILABLE,
    "incomplete": INCOMPLETE,
    "undo-incomplete": INCOMPLETE,
}


class Ended(Exception):
    """The command ends here, with this exit code and a sentence that says why. `more` is for `--json`."""

    def __init__(self, code: int, message: str, **more: object) -> None:
        super().__init__(message)
        self.code, self.message, self.more = code, message, more
