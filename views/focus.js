// A panel opened by keyboard takes the focus; left by Tab it closes, and gives the focus back.
// Streamlit puts panels at the end of the document, a page's length of Tabs from their buttons.

const PANEL = '[data-testid="stPopoverBody"]';
const FRAMES = 60;
let closing = false;

const take = (button, frames) => {
  // another panel may be closing meanwhile
  const panel = [...document.querySelectorAll(PANEL)].find((one) => button.textContent.startsWith(one.ariaLabel));
  if (panel && button.getAttribute("aria-expanded") === "true") {
    panel.tabIndex = -1;
    panel.focus({ preventScroll: true });
  } else if (frames) {
    requestAnimationFrame(() => take(button, frames - 1));
  }
};

const close = () => {
  const button = document.querySelector('[data-testid="stPopoverButton"][aria-expanded="true"]');
  if (!button) return;
  button.focus();
  closing = true;
  button.click();
  closing = false;
};

const begin = () => {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.('[data-testid="stPopover"] button');
    // a pointer's click has a count, a key's has none
    if (button && event.detail === 0 && !closing) take(button, FRAMES);
  });
  document.addEventListener("keydown", (event) => {
    const panel = event.target.closest?.(PANEL);
    if (!panel) return;
    if (event.key !== "Tab") return;
    setTimeout(() => {
      const now = document.activeElement;
      // a list or calendar that a box in the panel opened stands in a place of its own
      if (panel.isConnected && !panel.contains(now) && !now.closest("[data-floating-ui-portal]")) close();
    });
  });
};

export default function () {
  if (document.documentElement.dataset.focus === undefined) {
    document.documentElement.dataset.focus = "kept";
    begin();
  }
}
