"""The API describes itself: an OpenAPI 3.1 document made from the calls that exist."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Response, json

from matching.api import bodies
from matching.api.calls import KEY, OPERATIONS, Operation, pages
from matching.kernel.typed import LARGEST_ROW
from matching.web.access import access

PART = re.compile(r"<(?:int:)?(\w+)>")
NUMBER = {"type": "integer", "minimum": 0, "maximum": LARGEST_ROW}
OBJECT: dict[str, Any] = {"type": "object"}
VERSIONED = {"state": {"type": "string"}, "version": {"type": "integer"}}
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "error_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "error_id": {"type": "string"},
        "code": {"type": "string"},
        "errors": {"type": "array", "items": OBJECT},
    },
}
# Answers whose shape the summary of the call tells.
FREE = ("candidates", "proposal", "placements", "activity", "plan")
# A number that could point at one person is null for who is not of the centre.
COUNT = {"type": ["integer", "null"], "minimum": 0}
STATISTICS_LINE = {
    "type": "object",
    "required": ["label", "received", "met", "open"],
    "properties": {"label": {"type": "string"}} | dict.fromkeys(("received", "met", "open"), COUNT),
}
STATISTICS = {
    "type": "object",
    "required": ["fiscal_year", "by_area", "by_category", "small_numbers_hidden"],
    "properties": {
        "fiscal_year": {"type": "integer"},
        "by_area": {"type": "array", "items": STATISTICS_LINE},
        "by_category": {"type": "array", "items": STATISTICS_LINE},
        "small_numbers_hidden": {"type": "boolean"},
    },
}
REFUSALS = {
    "GET": (401, 403, 404, 422, 503),
    "POST": (400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 429, 503),
}


def document() -> dict[str, Any]:
    """Return the whole description."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        path = PART.sub(r"{\1}", operation.path)
        paths.setdefault(path, {})[operation.method.lower()] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Musubi",
            "version": "1",
            "description": "Needs, volunteers and visits of a volunteer centre. Fields carry the "
            "names of the sheets; a token has the rights of its account.",
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": _schemas(),
        },
    }


def _schemas() -> dict[str, Any]:
    page = {
        "type": "object",
        "required": ["items", "next_cursor"],
        "properties": {
            "items": {"type": "array", "items": OBJECT},
            "next_cursor": {"type": ["string", "null"]},
        },
    }
    return {
        "page": page,
        "volunteer": _object(bodies.schema_of("volunteers") | VERSIONED),
        "need": _object(bodies.schema_of("needs") | VERSIONED),
        "problem": PROBLEM,
        "statistics": STATISTICS,
    } | dict.fromkeys(FREE, OBJECT)


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": dict(properties)}


def _described(operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {
        "summary": operation.summary,
        "operationId": f"{operation.method.lower()}_{re.sub(r'[^a-z]+', '_', operation.path)}",
        "tags": [operation.tag],
        "parameters": _parameters(operation),
        "responses": _responses(operation),
    }
    if operation.body is not None:
        body = {
            "type": "object",
            "properties": dict(operation.body),
            "additionalProperties": False,
        }
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return found


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    found = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": NUMBER if name == "number" else {"type": "string", "minLength": 1},
        }
        for name in PART.findall(operation.path)
    ]
    found += [
        {"name": name, "in": "query", "required": False, "schema": dict(schema)}
        for name, schema in operation.query.items()
    ]
    if operation.method == "POST":
        found.append(_header("Idempotency-Key", f"^{KEY.pattern}$", required=False))
    if operation.edits:
        found.append(_header("If-Match", None, required=True))
    return found


def _header(name: str, pattern: str | None, *, required: bool) -> dict[str, Any]:
    schema = {"type": "string"} | ({"pattern": pattern} if pattern else {})
    return {"name": name, "in": "header", "required": required, "schema": schema}


def _responses(operation: Operation) -> dict[str, Any]:
    good = {
        "description": "Done",
        "content": {
            "application/json": {"schema": {"$ref": f"#/components/schemas/{operation.answer}"}}
        },
    }
    bad = {
        "description": "Refused",
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}
        },
    }
    statuses = REFUSALS["GET" if operation.method == "GET" else "POST"]
    done = ("200",) if operation.method != "POST" else ("200", "201", "202")
    return dict.fromkeys(done, good) | {str(status): bad for status in statuses}


@pages.get("/openapi.json")
@access("api.call")
def described() -> Response:
    """Give the description of the API; it holds nothing of anybody."""
    return Response(json.dumps(document()), content_type="application/json")
