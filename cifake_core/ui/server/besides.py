"""What Streamlit's server has besides the pages: REST, and accounts where there are."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from cifake_core.accounts.settings import accounts_are_on
from cifake_core.ui.server.headers import Headers


def besides(rest: BaseRoute, environment: Mapping[str, str]) -> dict[str, Any]:
    """Routes, middleware and secrets of `st.App`.

    Args:
        rest: the route of REST.
        environment: variables by name, such as `os.environ`.

    Raises:
        SettingError: As for `accounts_are_on`.
    """
    headers = Middleware(Headers)
    if not accounts_are_on(environment):
        return {"routes": [rest], "middleware": [headers]}
    door = import_module("cifake_core.ui.accounts.door")  # loads SQLAlchemy
    routes, middleware = door.routes_and_gate()
    return {
        "routes": [rest, *routes],
        "middleware": [headers, *middleware],
        "secrets": door.secrets_of_login(),
    }
