"""What is read of a request can be stored and compared on both engines: no NUL, no number beyond an identifier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import IntegerConverter

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.routing import Map

NUL: Final = "\0"
# As WSGI carries it: the bytes of UTF-8, each as one character.
_REPLACED: Final = "\N{REPLACEMENT CHARACTER}".encode().decode("latin-1")
LARGEST_ID: Final = 2**31 - 1


class _Texts(ImmutableMultiDict[str, Any]):
    """Fields of an address or a form without NUL: PostgreSQL refuses it even in a comparison."""

    def __init__(self, mapping: Any = None) -> None:  # noqa: ANN401 (whatever Werkzeug hands over)
        pairs = mapping.items(multi=True) if isinstance(mapping, ImmutableMultiDict) else mapping
        super().__init__([(_bare(name), _bare(value)) for name, value in pairs or ()])


def _bare(value: Any) -> Any:  # noqa: ANN401 (a text, or an uploaded file)
    return value.replace(NUL, "") if isinstance(value, str) else value


class TextRequest(Request):
    """A request whose address and fields both engines can store and compare."""

    parameter_storage_class = _Texts

    def __init__(self, environ: dict[str, Any], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (WSGI)
        """Take a NUL in the path for an unreadable character: no page has such an address."""
        if NUL in environ.get("PATH_INFO", ""):
            environ["PATH_INFO"] = environ["PATH_INFO"].replace(NUL, _REPLACED)
        super().__init__(environ, *args, **kwargs)


class Identifier(IntegerConverter):
    """A number in a path that a row can have; a larger one is no address of ours."""

    def __init__(self, url_map: Map, **kwargs: Any) -> None:  # noqa: ANN401 (Werkzeug)
        """Set the largest identifier as the limit."""
        super().__init__(url_map, **{"max": LARGEST_ID, **kwargs})


def install(app: Flask) -> None:
    """Read all requests in this way; before the routes are declared."""
    app.request_class = TextRequest
    app.url_map.converters["int"] = Identifier
