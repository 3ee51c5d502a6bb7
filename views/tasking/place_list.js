// The ranked list: rows from plain values (set as text, never as markup), one of them selected.
// Keys: up and down, Home and End move the selection; it is sent to the page as "picked". A click,
// Enter or space on a row is sent as "opened", Escape as "closed", here and in the drawer.
// The screen's size is sent once as "screen", because only the browser knows it.

const cell = (tag, className, text) => {
  const node = document.createElement(tag);
  node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
};

const details = (row) => {
  const list = cell("dl", "details");
  for (const [label, value] of row.details) {
    const pair = cell("div", "pair");
    pair.append(cell("dt", "", label), cell("dd", "", value));
    list.append(pair);
  }
  return list;
};

const name = (row, columns) => {
  const node = cell("div", "name", row.name);
  // where the column says it, the tag need not
  if (row.tag && !columns.some(([key]) => key === "status")) {
    node.append(cell("span", "tag", row.tag));
  }
  return node;
};

const values = (row, columns) =>
  columns.map(([key, head]) => {
    const node = cell("div", `value ${key}`, row[key]);
    node.setAttribute("aria-label", `${head} ${row[key]}`);
    return node;
  });

const heads = (head, columns) => {
  head.replaceChildren(
    cell("span", "", "#"),
    cell("span", "", "Place and why"),
    ...columns.map(([key, words]) => cell("span", `value ${key}`, words)),
  );
};

const option = (row, columns, folded) => {
  const node = cell("li", "place");
  node.id = `place-${row.rank}`;
  node.dataset.id = row.id;
  node.setAttribute("role", "option");
  node.append(
    cell("div", "rank", String(row.rank)),
    name(row, columns),
    ...values(row, columns),
  );
  node.append(cell("div", "why", row.why));
  if (folded) {
    // what a click shows in full
    node.title = row.details.map(([label, value]) => `${label}: ${value}`).join("\n");
  } else {
    node.append(details(row));
  }
  return node;
};

// within the list alone: the page stays where its reader is
const reveal = (list, node) => {
  const frame = list.getBoundingClientRect();
  const row = node.getBoundingClientRect();
  if (row.top < frame.top) list.scrollTop -= frame.top - row.top;
  else if (row.bottom > frame.bottom) list.scrollTop += row.bottom - frame.bottom;
};

const choose = (list, id) => {
  for (const node of list.children) {
    const chosen = node.dataset.id === id;
    node.setAttribute("aria-selected", String(chosen));
    if (chosen) {
      list.setAttribute("aria-activedescendant", node.id);
      reveal(list, node);
    }
  }
};

const DRAWER = ".st-key-drawer";

// a drawer put away takes the focus with it: back to the list, unless its reader went elsewhere
const welcome = (list, tries) => {
  const focused = document.activeElement;
  if (focused === document.body) list.focus({ preventScroll: true });
  else if (tries > 0 && focused.closest(DRAWER)) setTimeout(() => welcome(list, tries - 1), 50);
};

const leave = (list) => (event) => {
  if (!list.isConnected) document.removeEventListener("keydown", list.leaving);
  else if (event.key === "Escape" && event.target.closest(DRAWER)) {
    // of two that are open, Escape puts the upper one away
    if (!document.querySelector('[data-testid="stPopoverBody"]')) list.close();
  }
};

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const list = parentElement.querySelector("ul");
  const drawn = JSON.stringify([data.rows, data.columns]);
  if (list.drawn !== drawn) {
    const widths = data.columns.map(([, , pixels]) => `${pixels}px`).join(" ");
    parentElement.querySelector(".frame").style.setProperty("--columns", widths);
    heads(parentElement.querySelector(".head"), data.columns);
    list.replaceChildren(...data.rows.map((row) => option(row, data.columns, data.folded)));
    list.drawn = drawn;
  }
  list.setAttribute("aria-label", data.label);
  choose(list, data.selected);

  list.close = () => setTriggerValue("closed", true);
  if (list.drawer && !data.drawer) welcome(list, 100);
  list.drawer = data.drawer;
  if (!list.leaving) {
    list.leaving = leave(list);
    document.addEventListener("keydown", list.leaving);
  }

  const small = window.innerWidth <= 1500 || window.innerHeight <= 850;
  const screen = small ? "laptop" : "wall";
  if (data.screen !== screen && list.told !== screen) {
    list.told = screen;
    setTriggerValue("screen", screen);
  }

  const pick = (node) => {
    if (!node || node.getAttribute("aria-selected") === "true") return;
    choose(list, node.dataset.id);
    setTriggerValue("picked", node.dataset.id);
  };
  const open = (node) => {
    if (!node) return;
    choose(list, node.dataset.id);
    setTriggerValue("opened", node.dataset.id);
  };
  list.onclick = (event) => open(event.target.closest("li"));
  list.onkeydown = (event) => {
    const nodes = [...list.children];
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      open(nodes.find((node) => node.getAttribute("aria-selected") === "true"));
      return;
    }
    if (event.key === "Escape") {
      list.close();
      return;
    }
    const now = nodes.findIndex((node) => node.getAttribute("aria-selected") === "true");
    const next = {
      ArrowDown: Math.min(now + 1, nodes.length - 1),
      ArrowUp: Math.max(now - 1, 0),
      Home: 0,
      End: nodes.length - 1,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    pick(nodes[next]);
  };
}
