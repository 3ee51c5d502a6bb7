"""A session of the app without a screen: it speaks the page's own messages and draws nothing.

Streamlit's browser half sends a ``BackMsg`` (run the script, with the state of every control) over
a websocket and is sent ``ForwardMsg`` until one says that the script has finished; the messages are
those of the installed version (``streamlit.proto``). A control is found by the key the page gives
it, which the server writes at the end of the control's id.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from streamlit.components.v2.bidi_component.constants import EVENT_DELIM
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.state.session_state import STREAMLIT_INTERNAL_KEY_PREFIX
from websockets.sync.client import ClientConnection, connect

if TYPE_CHECKING:
    from types import TracebackType

_WAIT_SECONDS = 180
# finished because the same session asked anew meanwhile: not an answer yet
_ANEW = ForwardMsg.FINISHED_EARLY_FOR_RERUN


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one change of a control.

    Attributes
    ----------
    seconds
        From sending the change to the message that the script has finished.
    size
        Bytes of all messages meanwhile.
    largest
        Bytes of the largest one.
    said
        What the page says in its alerts; empty if nothing is wrong.
    """

    seconds: float
    size: int
    largest: int
    said: tuple[str, ...]


class SessionClient:
    """One open page."""

    def __init__(self, port: int, page: str = "") -> None:
        self.page = page
        self.controls: dict[str, Any] = {}
        self.kinds: dict[str, str] = {}
        self._states: dict[str, WidgetState] = {}
        self._script = ""
        self._query = ""
        self._held: set[str] = set()
        address = f"ws://127.0.0.1:{port}/_stcore/stream"
        self._socket: ClientConnection = connect(
            address,
            subprotocols=["streamlit"],  # type: ignore[list-item]
            origin=f"http://127.0.0.1:{port}",  # type: ignore[arg-type]
            max_size=None,
            compression="deflate",
            open_timeout=_WAIT_SECONDS,
        )

    def __enter__(self) -> Self:
        """Return the open page."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave."""
        self.close()

    def close(self) -> None:
        """Leave, as a closed tab does."""
        self._socket.close()

    def open(self) -> Answer:
        """Ask for the page as a browser that has just come."""
        return self._run({})

    def choose(self, key: str, value: str) -> Answer:
        """Choose an option of a select box, by its words."""
        return self._change(key, string_value=value)

    def number(self, key: str, value: float) -> Answer:
        """Type a number into a box; a whole one where the box takes whole ones."""
        whole = self._control(key).data_type == 0
        return self._change(
            key, **({"int_value": int(value)} if whole else {"double_value": value})
        )

    def tick(self, key: str, *, on: bool) -> Answer:
        """Set a tick box."""
        return self._change(key, bool_value=on)

    def tell(self, key: str, event: str, value: object) -> Answer:
        """Have one of our own components say something, once."""
        control = self._control(key)
        fired = json.dumps([{"event": event, "value": value}])
        trigger = WidgetState(id=_trigger_id(control.id), json_trigger_value=fired)
        # the browser's half holds a state for every component that stands on the page
        held = WidgetState(id=control.id, json_value="{}")
        return self._run({held.id: held, trigger.id: trigger}, lasting=False)

    def data(self, key: str) -> Any:  # noqa: ANN401 (whatever the page gives its component)
        """Return what the page gave one of our own components."""
        control = self._control(key)
        which = control.WhichOneof("data")
        raw = getattr(control, which)
        return json.loads(raw.json if which == "mixed" else raw)

    def _change(self, key: str, **value: Any) -> Answer:  # noqa: ANN401 (a field of the message)
        state = WidgetState(id=self._control(key).id, **value)
        return self._run({state.id: state})

    def _control(self, key: str) -> Any:  # noqa: ANN401 (one of many messages)
        found = self.controls.get(key)
        if found is None:
            msg = f"the page {self.page!r} has no control {key!r}; it has {sorted(self.controls)}"
            raise LookupError(msg)
        return found

    def _run(self, changed: dict[str, WidgetState], *, lasting: bool = True) -> Answer:
        message = BackMsg()
        state = message.rerun_script
        state.page_name = self.page
        state.page_script_hash = self._script
        # the page's address tells the server what its people chose, as a browser's does
        state.query_string = self._query
        # as a browser: what it holds already is sent as a reference
        state.cached_message_hashes.extend(sorted(self._held))
        now = self._states | changed
        state.widget_states.widgets.extend(now.values())
        if lasting:
            self._states = now
        begun = time.perf_counter()
        self._socket.send(message.SerializeToString())
        return self._read_until_finished(begun)

    def _read_until_finished(self, begun: float) -> Answer:
        sizes, said = [0], []
        while True:
            raw = self._socket.recv(timeout=_WAIT_SECONDS)
            sizes.append(len(raw))
            message = ForwardMsg()
            message.ParseFromString(raw if isinstance(raw, bytes) else raw.encode())
            kind = message.WhichOneof("type")
            if kind == "script_finished" and message.script_finished != _ANEW:
                seconds = time.perf_counter() - begun
                return Answer(seconds, sum(sizes), max(sizes), tuple(said))
            if message.metadata.cacheable and message.hash:
                self._held.add(message.hash)
            if kind == "page_info_changed":
                self._query = message.page_info_changed.query_string
            if kind == "new_session":
                self._script = message.new_session.page_script_hash
            if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                said.extend(self._take(message.delta.new_element))

    def _take(self, element: Any) -> list[str]:  # noqa: ANN401 (a message of the installed version)
        kind = element.WhichOneof("type")
        inner = getattr(element, kind)
        if kind == "exception":
            return [str(inner.message)]
        if kind == "html" and 'role="alert"' in inner.body and "hx-problem" in inner.body:
            return [inner.body]
        if hasattr(inner, "id") and "-" in str(inner.id):
            key = str(inner.id).split("-", 2)[-1]
            self.controls[key], self.kinds[key] = inner, kind
        return []


def _trigger_id(component: str) -> str:
    return f"{STREAMLIT_INTERNAL_KEY_PREFIX}_{component}{EVENT_DELIM}events"
