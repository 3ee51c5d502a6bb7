// A panel opened by keyboard takes the focus; left by Tab or closed by Escape, it gives it back.
// Streamlit puts panels at the end of the document, a page's length of Tabs from their buttons.

const PANEL = '[data-testid="stPopoverBody"]';
const FRAMES = 60;
let opener = null;

const take = (button, frames) => {
  const panel = document.querySelector(PANEL);
  if (panel && button.getAttribute("aria-expanded") === "true") {
    opener = button;
    panel.tabIndex = -1;
    panel.focus({ preventScroll: true });
  } else if (frames) {
    requestAnimationFrame(() => take(button, frames - 1));
  }
};

const back = () => {
  if (opener?.isConnected) opener.focus();
};

const begin = () => {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.('[data-testid="stPopover"] button');
    // a pointer's click has a count, a key's has none
    if (button && event.detail === 0) take(button, FRAMES);
  });
  document.addEventListener("keydown", (event) => {
    const panel = event.target.closest?.(PANEL);
    if (!panel) return;
    if (event.key === "Escape") {
      setTimeout(() => { if (!panel.isConnected && document.activeElement === document.body) back(); }, 50);
    }
    if (event.key !== "Tab") return;
    setTimeout(() => {
      const now = document.activeElement;
      // a list or calendar that a box in the panel opened stands in a place of its own
      if (panel.isConnected && !panel.contains(now) && !now.closest("[data-floating-ui-portal]")) back();
    });
  });
};

export default function () {
  if (document.documentElement.dataset.focus === undefined) {
    document.documentElement.dataset.focus = "kept";
    begin();
  }
}
