// The moving map: cells of one window after another, drawn from arrays that were sent once.
// Nothing moves until Play is pressed, nor at all where the device asks for less motion.

const STEP_MS = 900;

const unpack = (text, Kind) => {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Kind(bytes.buffer);
};

const make = (tag, text, attributes = {}) => {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
};

const ready = (subject) => ({
  ...subject,
  corners: unpack(subject.corners, Int32Array),
  position: unpack(subject.position, Uint32Array),
  month: unpack(subject.month, Uint16Array),
  value: unpack(subject.value, Float32Array),
});

// what each cell holds over the months of a step
const held = (subject, first, length) => {
  const sums = new Float32Array(subject.cells);
  for (let row = 0; row < subject.month.length; row += 1) {
    const month = subject.month[row];
    if (month >= first && month < first + length) sums[subject.position[row]] += subject.value[row];
  }
  return sums;
};

const classOf = (value, lower) => {
  if (!(value > 0)) return -1;
  let found = 0;
  while (found + 1 < lower.length && value >= lower[found + 1] - 1e-4) found += 1;
  return found;
};

const trace = (path, line, see) => {
  for (let i = 0; i < line.length; i += 2) {
    const x = line[i] * see.scale + see.x;
    const y = line[i + 1] * see.scale + see.y;
    if (i) path.lineTo(x, y);
    else path.moveTo(x, y);
  }
};

const lines = (pen, all, see, colour, width, dash = []) => {
  pen.beginPath();
  for (const line of all) trace(pen, line, see);
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.setLineDash(dash);
  pen.stroke();
  pen.setLineDash([]);
};

const surfaces = (pen, all, see, colour) => {
  pen.fillStyle = colour;
  pen.beginPath();
  for (const rings of all) for (const ring of rings) trace(pen, ring, see);
  pen.fill("evenodd");
};

const hatching = (pen, ratio) => {
  const tile = document.createElement("canvas");
  tile.width = tile.height = Math.round(6 * ratio);
  const draw = tile.getContext("2d");
  draw.strokeStyle = "#ffffff";
  draw.lineWidth = 1.6 * ratio;
  for (const shift of [-1, 0, 1]) {
    draw.beginPath();
    draw.moveTo(shift * tile.width, tile.height);
    draw.lineTo((shift + 1) * tile.width, 0);
    draw.stroke();
  }
  return pen.createPattern(tile, "repeat");
};

const ground = (pen, map, see) => {
  const { sea, parks, streets, coast, beats, border } = map.ground;
  surfaces(pen, parks, see, "#E4EEDD");
  pen.lineCap = pen.lineJoin = "round";
  for (const edge of [true, false]) {
    for (const [line, metres] of streets) {
      const width = Math.max(metres * see.scale, edge ? 1.6 : 0.8);
      lines(pen, [line], see, edge ? "#C4C7CE" : "#FFFFFF", edge ? width * 1.45 : width);
    }
  }
  surfaces(pen, sea, see, "#DDE7EF");
  lines(pen, coast, see, "#8EA3B4", 1.2);
  lines(pen, beats, see, "rgba(124, 133, 145, 0.75)", 1.1, [5, 4]);
  lines(pen, border, see, "rgba(124, 133, 145, 0.8)", 2);
};

const cells = (pen, subject, scale, sums, see, pattern) => {
  const groups = scale.fills.map(() => []);
  sums.forEach((value, cell) => {
    const found = classOf(value, scale.lower);
    if (found >= 0) groups[found].push(cell);
  });
  groups.forEach((group, index) => {
    pen.beginPath();
    for (const cell of group) {
      for (let corner = 0; corner < 12; corner += 2) {
        const x = (subject.corners[cell * 12 + corner] / 10) * see.scale + see.x;
        const y = (subject.corners[cell * 12 + corner + 1] / 10) * see.scale + see.y;
        if (corner) pen.lineTo(x, y);
        else pen.moveTo(x, y);
      }
      pen.closePath();
    }
    pen.globalAlpha = 0.88;
    pen.fillStyle = scale.fills[index];
    pen.fill();
    pen.globalAlpha = 1;
    if (subject.hatch) {
      pen.fillStyle = pattern;
      pen.fill();
    }
    // seen from far off a line between cells would hide them
    pen.lineWidth = Math.min(1, 12 * see.scale);
    pen.strokeStyle = subject.hatch ? "#F46A25" : "rgba(255, 255, 255, 0.95)";
    pen.stroke();
  });
};

const writing = (pen, map, see) => {
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  for (const [, outline] of map.areas) {
    lines(pen, outline, see, "#FFFFFF", 4.5);
    lines(pen, outline, see, "#0B0C0C", 2.5);
  }
  pen.font = "600 14px 'Source Sans', Helvetica, Arial, sans-serif";
  pen.lineWidth = 4;
  pen.lineJoin = "round";
  for (const [x, y, name] of map.names) {
    const at = [x * see.scale + see.x, y * see.scale + see.y];
    pen.strokeStyle = "rgba(255, 255, 255, 0.95)";
    pen.strokeText(name, ...at);
    pen.fillStyle = "#505A5F";
    pen.fillText(name, ...at);
  }
  pen.font = "700 12px 'Source Sans', Helvetica, Arial, sans-serif";
  for (const [rank, , [x, y]] of map.areas) {
    const at = [x * see.scale + see.x, y * see.scale + see.y];
    pen.beginPath();
    pen.arc(...at, 10, 0, 2 * Math.PI);
    pen.fillStyle = "#FFFFFF";
    pen.fill();
    pen.lineWidth = 2;
    pen.strokeStyle = "#0B0C0C";
    pen.stroke();
    pen.fillStyle = "#0B0C0C";
    pen.fillText(String(rank), ...at);
  }
};

const fitted = (pane, size) => {
  const scale = Math.min(pane.clientWidth / size[0], pane.clientHeight / size[1]) * 0.96;
  return {
    scale,
    x: (pane.clientWidth - size[0] * scale) / 2,
    y: (pane.clientHeight - size[1] * scale) / 2,
  };
};

const begin = (root, map, send) => {
  const find = (name) => root.querySelector(name);
  const [canvas, pane, slider, table] = ["canvas", ".pane", "input", "tbody"].map(find);
  const subjects = map.subjects.map(ready);
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const now = { subject: 0, length: 0, step: 0, see: null, moved: false };
  let timer = null;

  const subject = () => subjects[now.subject];
  const scale = () => subject().lengths[now.length];
  const steps = () => scale().steps;

  // the ground is drawn once for each view, and the cells upon a copy of it
  const sheet = document.createElement("canvas");
  let sheetOf = "";
  const draw = () => {
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [pane.clientWidth, pane.clientHeight];
    if (!width || !height) return;
    if (!now.moved) now.see = fitted(pane, map.size);
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const view = JSON.stringify([now.see, width, height, ratio]);
    if (view !== sheetOf) {
      sheet.width = canvas.width;
      sheet.height = canvas.height;
      const below = sheet.getContext("2d");
      below.scale(ratio, ratio);
      below.fillStyle = "#F7F6F3";
      below.fillRect(0, 0, width, height);
      ground(below, map, now.see);
      sheetOf = view;
    }
    const pen = canvas.getContext("2d");
    pen.drawImage(sheet, 0, 0);
    pen.scale(ratio, ratio);
    const sums = held(subject(), now.step, scale().months);
    cells(pen, subject(), scale(), sums, now.see, hatching(pen, 1));
    writing(pen, map, now.see);
  };

  const legend = () => {
    const box = find(".legend");
    const mark = subject().hatch ? "Orange hatch" : "Blue fill";
    const squares = scale().fills.map((fill, index) => {
      const span = make("span");
      const swatch = make("canvas", undefined, { width: 60, height: 14, "aria-hidden": "true" });
      const pen = swatch.getContext("2d");
      pen.fillStyle = fill;
      pen.fillRect(0, 0, 60, 14);
      if (subject().hatch) {
        pen.fillStyle = hatching(pen, 1);
        pen.fillRect(0, 0, 60, 14);
      }
      const last = index === scale().fills.length - 1 ? "+" : "";
      span.append(swatch, scale().words[index] + last);
      return span;
    });
    const row = make("div", undefined, { class: "scale" });
    row.append(...squares);
    const left = subject().leftOut;
    box.replaceChildren(
      make("b", `${mark}: ${subject().what} in the ${scale().name} shown`),
      row,
      make(
        "p",
        "The same colours at every step, which is not tested: a dark cell may be chance. " +
          "Outline and number: the list's patrol areas.",
      ),
      ...(left ? [make("p", `The ${left.toLocaleString("en-GB")} cells with the least are not drawn; the table counts them.`)] : []),
    );
  };

  const rows = () => {
    find("thead tr").replaceChildren(
      ...["Window", "Incidents", "Year before", ...(subject().weighed ? ["Harm days"] : [])].map(
        (words) => make("th", words, { scope: "col" }),
      ),
    );
    find("caption").textContent = `${subject().title}: every step, newest first`;
    table.replaceChildren(
      ...steps()
        .map((step, index) => {
          const row = make("tr");
          const head = make("th", undefined, { scope: "row" });
          const go = make("button", step.words, { type: "button" });
          go.onclick = () => show(index);
          head.append(go);
          row.append(head, make("td", step.incidents.toLocaleString("en-GB")));
          row.append(make("td", step.before === null ? "-" : step.before.toLocaleString("en-GB")));
          if (subject().weighed) row.append(make("td", step.harm));
          return row;
        })
        .reverse(),
    );
  };

  const say = () => {
    const step = steps()[now.step];
    const mark = subject().hatch ? "orange hatch" : "blue fill";
    const other = subject().hatch ? "serious violence" : "antisocial behaviour";
    find(".said b").textContent = `${subject().title} (${mark}), ${step.words}; ${other} is not shown`;
    const before = step.before === null ? "" : `, ${step.before.toLocaleString("en-GB")} then`;
    find(".said span").textContent =
      `${step.incidents.toLocaleString("en-GB")} incidents; ${step.against}${before}`;
    slider.setAttribute("aria-valuetext", step.words);
    canvas.setAttribute("aria-label", `Map. ${find(".said").innerText}. The table beside it says the same.`);
    find(".ends").textContent = `Step ${now.step + 1} of ${steps().length}`;
    [...table.children].forEach((row, index) => {
      const here = steps().length - 1 - index === now.step;
      row.setAttribute("aria-current", String(here));
      if (here) {
        const box = find(".scroll");
        const top = row.offsetTop - find("thead").offsetHeight;
        if (top < box.scrollTop || top + row.offsetHeight * 2 > box.scrollTop + box.clientHeight) box.scrollTop = top - 40;
      }
    });
    find(".previous").disabled = now.step === 0;
    find(".next").disabled = now.step === steps().length - 1;
  };

  const show = (step) => {
    now.step = Math.max(0, Math.min(step, steps().length - 1));
    slider.value = String(now.step);
    say();
    draw();
  };

  const stop = () => {
    clearInterval(timer);
    timer = null;
    find(".main").textContent = "Play";
    find(".said").setAttribute("aria-live", "polite");
  };
  const play = () => {
    if (timer) return stop();
    // words that change every second are no help read aloud
    find(".said").setAttribute("aria-live", "off");
    find(".main").textContent = "Pause";
    if (now.step === steps().length - 1) show(0);
    timer = setInterval(() => {
      // the page may have gone on without this map
      if (!canvas.isConnected || now.step >= steps().length - 1) stop();
      else show(now.step + 1);
    }, STEP_MS);
    return undefined;
  };

  const renew = () => {
    stop();
    slider.max = String(steps().length - 1);
    rows();
    legend();
    show(steps().length - 1);
  };

  const choices = (box, names, chosen) => {
    box.replaceChildren(...names.map((name, index) => make("option", name, { value: index })));
    box.value = String(chosen);
  };
  choices(find(".subject"), subjects.map((one) => (one.hatch ? "Antisocial behaviour" : "Serious violence")), 0);
  choices(find(".length"), subject().lengths.map((one) => one.name), 0);
  find(".subject").onchange = (event) => {
    const step = now.step;
    now.subject = Number(event.target.value);
    renew();
    show(step);
  };
  find(".length").onchange = (event) => {
    now.length = Number(event.target.value);
    renew();
  };
  find(".main").onclick = play;
  find(".main").disabled = still;
  find(".still").textContent = still ? "Your device asks for less motion: step by hand." : "";
  find(".previous").onclick = () => { stop(); show(now.step - 1); };
  find(".next").onclick = () => { stop(); show(now.step + 1); };
  find(".use").onclick = () => send([steps()[now.step].first, steps()[now.step].last]);
  slider.oninput = () => { stop(); show(Number(slider.value)); };

  const zoom = (by, x = pane.clientWidth / 2, y = pane.clientHeight / 2) => {
    const { see } = now;
    const whole = fitted(pane, map.size).scale;
    const scaled = Math.max(whole * 0.8, Math.min(see.scale * by, whole * 60));
    const real = scaled / see.scale;
    now.see = { scale: scaled, x: x - (x - see.x) * real, y: y - (y - see.y) * real };
    now.moved = true;
    draw();
  };
  const pan = (x, y) => {
    now.see = { ...now.see, x: now.see.x + x, y: now.see.y + y };
    now.moved = true;
    draw();
  };
  find(".in").onclick = () => zoom(1.5);
  find(".out").onclick = () => zoom(1 / 1.5);
  find(".whole").onclick = () => { now.moved = false; draw(); };
  canvas.onwheel = (event) => {
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, event.offsetX, event.offsetY);
  };
  canvas.onkeydown = (event) => {
    const by = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
    if (by) pan(...by);
    else if (event.key === "+" || event.key === "=") zoom(1.5);
    else if (event.key === "-") zoom(1 / 1.5);
    else return;
    event.preventDefault();
  };
  let grabbed = null;
  canvas.onpointerdown = (event) => {
    grabbed = [event.clientX, event.clientY];
    canvas.setPointerCapture(event.pointerId);
  };
  canvas.onpointermove = (event) => {
    if (!grabbed) return;
    pan(event.clientX - grabbed[0], event.clientY - grabbed[1]);
    grabbed = [event.clientX, event.clientY];
  };
  canvas.onpointerup = canvas.onpointercancel = () => { grabbed = null; };

  if (root.watched) root.watched.disconnect();
  root.watched = new ResizeObserver(draw);
  root.watched.observe(pane);
  renew();
  return stop;
};

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".frame");
  const send = (window) => setTriggerValue("window", window);
  if (root.shown !== data.key) {
    if (root.stop) root.stop();
    root.stop = begin(root, data.map, (window) => root.send(window));
    root.shown = data.key;
  }
  root.send = send;
  return () => {
    if (root.stop) root.stop();
  };
}
