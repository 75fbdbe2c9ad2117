"""What the command says in the end, on standard output: for people, or as JSON with `--json`."""

import json
from collections.abc import Iterable
from typing import Any

EXAMPLES = 3  # of a finding, for people


def as_json(value: object) -> str:
    """For programs."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def upload_text(upload: dict[str, Any]) -> str:
    """One upload."""
    rows, records = upload["rows"], upload["records"]
    counts = [
        ("rows", rows["read"]),
        ("with problems", rows["with_problems"]),
        *(
            (name, records[name])
            for name in ("new", "changed", "identical", "accepted", "refused", "verified")
        ),
    ]
    lines = [
        f"{upload['title']}: {upload['file']['name']} for {upload['source_name']} ({upload['source']})",
        upload["why_not_send"] or upload["message"],
        ", ".join(f"{name} {count:,}" for name, count in counts),
        f"upload {upload['id']}",
        upload["page"],
    ]
    return "\n".join(line for line in lines if line)


def findings_text(findings: Iterable[dict[str, Any]]) -> str:
    """Each cause with its first rows."""
    return "\n".join(map(_finding, findings))


def uploads_text(uploads: Iterable[dict[str, Any]]) -> str:
    """One a line."""
    lines = [
        f"{each['id']}  {each['received']}  {each['source']:>6}  {each['title']:<24}  {each['file']['name']}"
        for each in uploads
    ]
    return "\n".join(lines) or "No uploads."


def _finding(finding: dict[str, Any]) -> str:
    column = f" in {finding['column']}" if finding["column"] else ""
    head = f"{finding['severity']}{column}: {finding['message']} ({finding['count']:,})"
    examples = [f"    {each['place']}: {each['value']}" for each in finding["examples"][:EXAMPLES]]
    return "\n".join([head, f"    {finding['hint']}", *examples])
