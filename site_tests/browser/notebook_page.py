"""A small notebook front end: a real kernel, and its widgets in a page."""

from __future__ import annotations

import base64
from typing import Any

from jupyter_client.manager import start_new_kernel

from site_tests.browser.waiting import wait_until

# A model as the contract has it: values of the kernel, changes for the kernel.
HOST = """
window.models = {};
window.sent = [];
window.openModel = async (id, state) => {
  const values = new Map(Object.entries(state));
  const handlers = new Map();
  const changed = new Set();
  const emit = (event) => {
    for (const handler of handlers.get(event) ?? []) handler();
  };
  const set = (key, value) => {
    values.set(key, value);
    emit(`change:${key}`);
  };
  const model = {
    get: (key) => values.get(key),
    set: (key, value) => { changed.add(key); set(key, value); },
    save_changes: () => {
      const state = Object.fromEntries([...changed].map((k) => [k, values.get(k)]));
      changed.clear();
      window.sent.push([id, { method: "update", state, buffer_paths: [] }]);
    },
    on: (event, handler) => {
      handlers.set(event, (handlers.get(event) ?? new Set()).add(handler));
    },
    off: (event, handler) => { handlers.get(event)?.delete(handler); },
    send: (content) => {
      window.sent.push([id, { method: "custom", content }]);
    },
  };
  window.models[id] = { values, set };
  const style = document.createElement("style");
  style.textContent = state._css;
  document.head.append(style);
  const url = "data:text/javascript;charset=utf-8," + encodeURIComponent(state._esm);
  const found = (await import(url)).default;
  const el = document.createElement("div");
  el.id = `figure-${id}`;
  const { render } = await found();
  window.models[id].end = await render({ model, el });
  document.body.append(el);
};
window.update = (id, state) => {
  for (const [key, value] of Object.entries(state)) window.models[id].set(key, value);
};
window.withBuffers = (state, buffers) => {
  for (const [path, text] of buffers) {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const place = path.slice(0, -1).reduce((at, key) => at[key], state);
    place[path.at(-1)] = new DataView(bytes.buffer);
  }
  return state;
};
"""

TWO_FRAMES = """() => new Promise((resolve) => {
  requestAnimationFrame(() => requestAnimationFrame(resolve));
})"""

SHOWN = {"stream", "display_data", "execute_result", "error"}


class NotebookPage:
    """Runs cells in a kernel and shows the widgets they open."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.set_content("<!doctype html><title>Notebook</title>")
        page.add_script_tag(content=HOST)
        self.manager, self.client = start_new_kernel(kernel_name="python3")
        self.opened: dict[str, dict[str, Any]] = {}
        self.outputs: list[dict[str, Any]] = []

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def run(self, code: str) -> list[str]:
        """Run a cell to its end; the ids of the figures it has opened."""
        before = set(self.opened)
        self.outputs.clear()
        self._follow(self.client.execute(code))
        return [id for id in self.opened if id not in before]

    def printed(self) -> str:
        """What the last cell, or the last callback, has printed."""
        return "".join(output.get("text", "") for output in self.outputs)

    def deliver(self) -> None:
        """Hand the kernel what the reader has done, and the page the answer."""
        wait_until(self.page, "window.sent.length > 0")
        self.page.evaluate(TWO_FRAMES)  # what else comes with the frame
        self.outputs.clear()
        sent = self.page.evaluate("window.sent.splice(0)")
        for number, data in sent:
            content = {"comm_id": number, "data": data}
            message = self.client.session.msg("comm_msg", content)
            self.client.shell_channel.send(message)
            self._follow(message["header"]["msg_id"])

    def figure(self, number: str) -> Any:
        return self.page.locator(f"#figure-{number}")

    def _follow(self, request: str) -> None:
        """Take every message of a request until the kernel is idle."""
        while True:
            message = self.client.get_iopub_msg(timeout=60)
            if message["parent_header"].get("msg_id") != request:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                return
            if kind in SHOWN:
                assert kind != "error", content
                self.outputs.append(content)
            elif kind == "comm_open" and "_esm" in content["data"]["state"]:
                self._open(message)
            elif kind == "comm_msg" and content["comm_id"] in self.opened:
                self._update(message)

    def _open(self, message: Any) -> None:
        # As a front end does: the whole state first, and what comes at once.
        number = message["content"]["comm_id"]
        self.opened[number] = message["content"]["data"]["state"]

    def show(self, number: str) -> Any:
        """Put a figure into the page."""
        self.page.evaluate(
            "([id, state, buffers]) => window.openModel(id, "
            "window.withBuffers(state, buffers))",
            [
                number,
                self.opened[number],
                self.opened[number].pop("buffers", []),
            ],
        )
        return self.figure(number)

    def _update(self, message: Any) -> None:
        data, number = message["content"]["data"], message["content"]["comm_id"]
        if data["method"] != "update":
            return
        texts = [base64.b64encode(b).decode() for b in message["buffers"]]
        buffers = list(zip(data["buffer_paths"], texts, strict=True))
        if self.page.evaluate("id => id in window.models", number):
            self.page.evaluate(
                "([id, state, buffers]) => window.update(id, "
                "window.withBuffers(state, buffers))",
                [number, data["state"], buffers],
            )
        else:
            self.opened[number] |= {**data["state"], "buffers": buffers}
