"""How one call is described: what it takes, what it answers, how it refuses."""

from typing import Any

from apps.sandbox.openapi.schemas import TEXT, Schema, array, ref

REASONS = {
    400: "Something in the request is missing or wrong; the sentence says what",
    401: "No credential, or one that is wrong or expired",
    403: "The role of the caller, or their relation to the source, does not allow it",
    404: "Nothing is there",
    409: "It clashes with what is there",
    500: "A field is longer than the API takes; nothing is explained",
    503: "Maintenance mode",
}
EMPTY: Schema = {}


def _json(schema: Schema) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def _refusal(status: int) -> dict[str, Any]:
    if status == 500:
        return {"description": REASONS[status], "content": {"text/plain": {"schema": TEXT}}}
    return {"description": REASONS[status], **_json(ref("ErrorDocument"))}


def call(
    summary: str,
    answer: Schema,
    *,
    status: int = 200,
    refuses: str = "400 401",
    parameters: tuple[Schema, ...] = (),
    body: Schema | None = None,
    key: bool = False,
    **more: Any,
) -> dict[str, Any]:
    """One call. `refuses` lists its refusals; `key` marks one that needs a credential."""
    success = {
        "description": "Done" if status == 200 else "Accepted; done later",
        **(_json(answer) if answer else {}),
    }
    described: dict[str, Any] = {
        "summary": summary,
        "parameters": list(parameters),
        "responses": {str(status): success} | {code: _refusal(int(code)) for code in refuses.split()},
        **more,
    }
    if body is not None:
        described["requestBody"] = {"required": True, **_json(body)}
    if key:
        described["security"] = [{"ApiKey": []}, {"AccessToken": []}]
    return described


def upload(noun: str, record: str) -> dict[str, Any]:
    """The upload of an array of records, which refuses with a list of errors."""
    described = call(
        f"Upload {noun}; a record whose key is there already replaces it",
        EMPTY,
        status=202,
        refuses="400 401 403 404 503",
        body=array(ref(record)),
        key=True,
    )
    either = {"anyOf": [array(ref("ErrorDocument")), ref("ErrorDocument")]}
    described["responses"]["400"] = {
        "description": "One error for each wrong record, or an unknown source",
        **_json(either),
    }
    described["responses"]["404"]["description"] = (
        "The number is not of 32 bits; an unknown source is a 400 here"
    )
    return described
