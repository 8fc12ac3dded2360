"""What the platform's developers read: an OpenAPI 3.1 document made from the form, and the same as a page."""

from collections.abc import Iterable
from functools import cache
from html import escape
from json import dumps
from typing import Any, get_args

from callcenter import __version__
from callcenter.desk.applications import Progress
from callcenter.gateways.application import EXAMPLE, EXTERNAL_ID, MAX_BYTES, ApplicationForm
from callcenter.gateways.intake_signature import SIGNATURE, TIMESTAMP, TOLERANCE_SECONDS

_HERE = "#/components/schemas/"
_ABOUT = (
    "Applications for emergency child care, from the online platform to the desk.\n\n"
    f"Every request is signed: {TIMESTAMP} is the time in seconds since 1970; {SIGNATURE} is «sha256=» and the "
    "HMAC-SHA256 in lower-case hex, keyed with the shared secret, over the time stamp, a dot and the body, and for GET "
    f"over the time stamp, a dot and the path. The clocks may be {TOLERANCE_SECONDS} seconds apart.\n\n"
    "To send an application again is harmless: the same external_id with the same contents is the same request."
)

_STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c1c1c}
pre{background:#f3f3f3;padding:1rem;overflow:auto}table{border-collapse:collapse;width:100%}
td,th{border:1px solid #bbb;padding:.3rem .6rem;text-align:left;vertical-align:top}
@media(prefers-color-scheme:dark){body{background:#161616;color:#e8e8e8}pre{background:#262626}}"""


@cache
def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document of the server."""
    form = ApplicationForm.model_json_schema(ref_template=_HERE + "{model}")
    schemas = form.pop("$defs")
    form["example"] = EXAMPLE
    schemas |= {"Application": form, "Taken": _taken(), "Standing": _standing(), "Refusal": _refusal()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "callcenter intake", "version": __version__, "description": _ABOUT},
        "paths": {
            "/v1/applications": {"post": _post()},
            "/v1/applications/{external_id}": {"get": _get()},
        },
        "components": {"schemas": schemas},
    }


def _post() -> dict[str, Any]:
    return {
        "summary": "Hand in an application",
        "operationId": "sendApplication",
        "parameters": _signed(),
        "requestBody": {"required": True, **_content("Application")},
        "responses": {
            "201": {"description": "Taken and on the desk's disk", **_content("Taken")},
            "200": {"description": "The same application was taken before", **_content("Taken")},
            "409": {"description": "Taken before under this external_id with other contents", **_content("Refusal")},
            "413": {"description": f"Larger than {MAX_BYTES} bytes", **_content("Refusal")},
            "422": {"description": "The form is wrong; `errors` names the fields", **_content("Refusal")},
            **_refusals(),
        },
    }


def _get() -> dict[str, Any]:
    external_id = {
        "name": "external_id",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": f"^{EXTERNAL_ID.pattern}$"},
    }
    return {
        "summary": "Ask how far an application is",
        "operationId": "getApplication",
        "parameters": [external_id, *_signed()],
        "responses": {
            "200": {"description": "How far it is", **_content("Standing")},
            "404": {"description": "No application of this identifier was taken", **_content("Refusal")},
            **_refusals(),
        },
    }


def _refusals() -> dict[str, Any]:
    return {
        "401": {"description": "The signature or the time stamp is wrong", **_content("Refusal")},
        "429": {"description": "Too often; wait as long as Retry-After says", **_content("Refusal")},
        "503": {"description": "The desk cannot write now; send it again after Retry-After", **_content("Refusal")},
    }


def _signed() -> list[dict[str, Any]]:
    patterns = {TIMESTAMP: "^[0-9]{1,12}$", SIGNATURE: "^sha256=[0-9a-f]{64}$"}
    return [
        {"name": name, "in": "header", "required": True, "schema": {"type": "string", "pattern": pattern}}
        for name, pattern in patterns.items()
    ]


def _content(schema: str) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"$ref": _HERE + schema}}}}


def _object(properties: dict[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


def _taken() -> dict[str, Any]:
    number = {"type": "string", "description": "The receipt number, to be shown to the family"}
    return _object({"external_id": {"type": "string"}, "number": number, "state": _state()})


def _state() -> dict[str, Any]:
    return {"type": "string", "enum": list(get_args(Progress))}


def _standing() -> dict[str, Any]:
    times = {name: {"type": "string", "format": "date-time"} for name in _TIMES}
    provider = {"type": ["string", "null"], "description": "Who takes the child, once the guardian has agreed"}
    return _object({**_taken()["properties"], **times, "provider": provider})


_TIMES = ("received_at", "changed_at", "start_at", "end_at")


def _refusal() -> dict[str, Any]:
    text = {"type": "string"}
    error = _object({"field": text, "code": text, "text": text})
    more = {"errors": {"type": "array", "items": error}, **_taken()["properties"]}
    return _object({"code": text, "text": text, **more}, optional=tuple(more))


@cache
def page() -> str:
    """The document as one HTML page that needs nothing from anywhere else."""
    found = document()
    parts = [f"<h1>{escape(found['info']['title'])}</h1>"]
    parts += [f"<p>{escape(part)}</p>" for part in found["info"]["description"].split("\n\n")]
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            parts.append(f"<h2>{method.upper()} {escape(path)}</h2><p>{escape(operation['summary'])}.</p>")
            answers = ((status, str(one["description"])) for status, one in sorted(operation["responses"].items()))
            parts.append(_table(("status", "meaning"), answers))
    parts.append(f"<h2>Example</h2><pre>{escape(dumps(EXAMPLE, ensure_ascii=False, indent=2))}</pre>")
    for name, schema in found["components"]["schemas"].items():
        required = schema.get("required", ())
        fields = (
            (str(field), "yes" if field in required else "", dumps(one, ensure_ascii=False))
            for field, one in schema["properties"].items()
        )
        parts.append(f"<h2>{escape(name)}</h2>" + _table(("field", "required", "what"), fields))
    body = "\n".join(parts)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>callcenter intake</title>'
        f"<style>{_STYLE}</style></head><body>{body}</body></html>"
    )


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    head = "".join(f"<th>{escape(one)}</th>" for one in heads)
    lines = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{lines}</table>"
