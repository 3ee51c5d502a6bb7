// The ranked list: rows from plain values (set as text, never as markup), one of them selected.
// Keys: up and down, Home and End move the selection; it is sent to the page as "picked".
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

const name = (row) => {
  const node = cell("div", "name", row.name);
  if (row.tag) node.append(cell("span", "tag", row.tag));
  return node;
};

const option = (row) => {
  const node = cell("li", "place");
  node.id = `place-${row.rank}`;
  node.dataset.id = row.id;
  node.setAttribute("role", "option");
  node.append(
    cell("div", "rank", String(row.rank)),
    name(row),
    cell("div", "harm", row.harm),
    cell("div", "incidents", row.incidents),
    cell("div", "why", row.why),
    details(row),
  );
  return node;
};

const choose = (list, id) => {
  for (const node of list.children) {
    const chosen = node.dataset.id === id;
    node.setAttribute("aria-selected", String(chosen));
    if (chosen) {
      list.setAttribute("aria-activedescendant", node.id);
      node.scrollIntoView({ block: "nearest" });
    }
  }
};

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const list = parentElement.querySelector("ul");
  const drawn = JSON.stringify(data.rows);
  if (list.drawn !== drawn) {
    list.replaceChildren(...data.rows.map(option));
    list.drawn = drawn;
  }
  list.setAttribute("aria-label", data.label);
  choose(list, data.selected);

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
  list.onclick = (event) => pick(event.target.closest("li"));
  list.onkeydown = (event) => {
    const nodes = [...list.children];
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
