"""A browser's window in which nobody listens for errors.

Playwright asks every page for its errors, and V8 then keeps where each one came from:
a fifth of a second of a first visit, which nobody's own browser spends. This window is
opened through Chromium's protocol, out of Playwright's sight.
https://chromedevtools.github.io/devtools-protocol/
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, CDPSession

from tests.browser import running

#: Seconds between two looks for an answer; looking costs the browser time.
_PAUSE = 0.1


class Window:
    """A window, and its protocol."""

    def __init__(self, browser: CDPSession, session: str) -> None:
        """Speak to a window.

        Args:
            browser: through which.
            session: names the window, as `Target.attachToTarget` answered.
        """
        self._browser = browser
        self._session = session
        self._sent = 0
        self._answers: dict[int, dict[str, Any]] = {}
        browser.on("Target.receivedMessageFromTarget", self._receive)

    def call(self, method: str, **given: object) -> dict[str, Any]:
        """Return the answer of a method of the protocol.

        Raises:
            RuntimeError: If it cannot be done, with the browser's reason.
            TimeoutError: If it does not answer.
        """
        self._sent += 1
        message = json.dumps({"id": self._sent, "method": method, "params": given})
        self._browser.send(
            "Target.sendMessageToTarget",
            {"sessionId": self._session, "message": message},
        )
        deadline = time.monotonic() + running.PATIENCE
        while self._sent not in self._answers:
            if time.monotonic() > deadline:
                msg = f"{method} did not answer within {running.PATIENCE} s"
                raise TimeoutError(msg)
            time.sleep(_PAUSE)
            self._browser.send("Browser.getVersion")  # what came meanwhile is received
        answer = self._answers.pop(self._sent)
        if "error" in answer:
            msg = f"{method}: {answer['error']['message']}"
            raise RuntimeError(msg)
        result: dict[str, Any] = answer["result"]
        return result

    def open(self, address: str) -> None:
        """Go to an address; return when its page has begun to come."""
        self.call("Page.navigate", url=address)

    def wait_for(self, function: str, argument: object) -> Any:
        """Return a JavaScript function's answer, asked at each frame until it has one.

        Args:
            function: as JavaScript; false means that it is to be asked again.
            argument: that it is given.
        """
        asked = f"({function})({json.dumps(argument)})"
        look = f"const found = {asked}; found === false ? next(look) : done(found);"
        promise = (
            "new Promise((done) => { const next = requestAnimationFrame;"
            f" const look = () => {{ {look} }}; look(); }})"
        )
        given = {"expression": promise, "awaitPromise": True, "returnByValue": True}
        return self.call("Runtime.evaluate", **given)["result"]["value"]

    def _receive(self, event: dict[str, str]) -> None:
        """Keep an answer."""
        message = json.loads(event["message"])
        if event["sessionId"] == self._session and "id" in message:
            self._answers[message["id"]] = message


@contextmanager
def visitor(
    browser: Browser, *, script: str, width: int, height: int
) -> Iterator[Window]:
    """Open a window as somebody new, whose cache is empty, and close it afterwards.

    Args:
        browser: in which.
        script: that each page runs before its own.
        width: of its page in pixels.
        height: likewise.
    """
    protocol = browser.new_browser_cdp_session()
    context = protocol.send("Target.createBrowserContext")
    target = protocol.send("Target.createTarget", {"url": "about:blank", **context})
    window = Window(
        protocol, protocol.send("Target.attachToTarget", target)["sessionId"]
    )
    window.call(
        "Emulation.setDeviceMetricsOverride",  # the page's size, without the frame
        width=width,
        height=height,
        deviceScaleFactor=1,
        mobile=False,
    )
    window.call("Page.enable")
    window.call("Page.addScriptToEvaluateOnNewDocument", source=script)
    try:
        yield window
    finally:
        protocol.send("Target.disposeBrowserContext", context)
        protocol.detach()
