"use strict";
(() => {
  const $ = id => document.getElementById(id);
  const meta = JSON.parse($("meta").textContent);
  const U = meta.units, C = meta.classes.length, STEP = 58;
  const GOLD = 137.508;

  // ---------- data ----------
  function bytesOf(name) {
    const text = atob($("data-" + name).textContent), bytes = new Uint8Array(text.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
    return bytes;
  }
  const TYPES = { u8: Uint8Array, u16: Uint16Array, i16: Int16Array, u32: Uint32Array, f32: Float32Array, i8: Int8Array };
  const arrays = {};
  /** Returns an array of the page, decoded when it is first needed. Little-endian, as all browsers' machines are. */
  const data = name => arrays[name] ??= new TYPES[meta.arrays[name]](bytesOf(name).buffer);
  const has = name => name in meta.arrays;

  const firing = data("firing"), firingExamples = data("firing-examples"), maximum = data("maximum"), mean = data("mean");
  const topClass = C ? data("class-index") : null, topShare = C ? data("class-share") : null;
  const CK = meta.classesKept, frequency = u => meta.rows ? firing[u] / meta.rows : 0;
  const purity = u => C ? topShare[u * CK] / 65535 : 0;
  const mainClass = u => C && topShare[u * CK] > 0 ? topClass[u * CK] : -1;
  const effect = u => has("effect-size") ? data("effect-size")[u] : 0;
  const cosine = u => data("cosine-value")[u * meta.neighbors] / 32767;

  // ---------- words ----------
  const integer = n => n.toLocaleString("en-US");
  const number = v => {
    const a = Math.abs(v);
    return v === 0 ? "0" : a >= 1e5 || a < 1e-3 ? v.toExponential(1) : a >= 100 ? integer(Math.round(v)) : String(+v.toPrecision(3));
  };
  const signed = v => (v > 0 ? "+" : v < 0 ? "−" : "") + number(Math.abs(v));
  const percent = p => {
    const v = 100 * p;
    return (v === 0 ? "0" : v < .001 ? v.toExponential(0) : v >= 10 ? v.toFixed(v > 99.9 ? 0 : 1) : String(+v.toPrecision(2))) + " %";
  };
  const PALETTE = ["#4c6ef5", "#f76707", "#2f9e44", "#e03131", "#9c36b5", "#946b4a", "#e64980", "#868e96", "#a9b100", "#0c8599"];
  const classColor = c => c < 0 ? "var(--soft)" : c < 10 ? PALETTE[c] : `hsl(${(c * GOLD) % 360} 62% 52%)`;
  const className = c => c < 0 ? "no class" : meta.classes[c];
  const note = u => meta.notes[u] ?? "";

  // ---------- elements ----------
  function fill(node, attributes, children) {
    for (const [key, value] of Object.entries(attributes ?? {})) {
      if (value === null || value === undefined || value === false) continue;
      if (key === "style") Object.assign(node.style, value); else node.setAttribute(key, value);
    }
    node.append(...children.flat().filter(child => child !== null && child !== undefined));
    return node;
  }
  const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
  const svg = (tag, attributes, ...children) =>
    fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
  const dot = c => el("i", { class: "dot", style: { background: classColor(c) }, "aria-hidden": "true" });
  const card = (size, title, aside, ...children) =>
    el("section", { class: "card " + size }, el("h3", null, el("span", null, title), aside ? el("small", null, aside) : null), ...children);

  // ---------- pictures ----------
  const sheets = {};
  const sheet = (name, i) => sheets[name + i] ??= new Promise(resolve => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.src = "data:image/png;base64," + $("data-" + name + "-" + i).textContent;
  });
  /** Draws tile number slot of the sheets, and changes its pixels if asked to. */
  function tile(sprites, slot, height, width, change) {
    const canvas = el("canvas", { width, height, "aria-hidden": "true" });
    const onSheet = slot % sprites.perSheet;
    sheet(sprites.name, Math.floor(slot / sprites.perSheet)).then(image => {
      const context = canvas.getContext("2d", { willReadFrequently: Boolean(change) });
      context.drawImage(image, onSheet % sprites.columns * width, Math.floor(onSheet / sprites.columns) * height,
        width, height, 0, 0, width, height);
      if (change) change(context);
      canvas.dataset.drawn = "true";
    });
    return canvas;
  }

  const view = meta.view;
  const PLURAL = { image: "", series: "lines", table: "lines", text: "lines" }[view.kind];
  const texts = view.kind === "text" ? JSON.parse($("texts").textContent) : null;

  function imageFrame(slot, position) {
    const frame = el("span", { class: "frame" }, tile(view.sprites, slot, view.height, view.width));
    const f = view.field;
    if (f) {
      const top = Math.max(0, f.start + Math.floor(position / f.across) * f.stride), left = Math.max(0, f.start + position % f.across * f.stride);
      const bottom = Math.min(view.height, f.start + Math.floor(position / f.across) * f.stride + f.size);
      const right = Math.min(view.width, f.start + position % f.across * f.stride + f.size);
      frame.append(el("i", { class: "field", style: {
        top: 100 * top / view.height + "%", left: 100 * left / view.width + "%",
        height: 100 * (bottom - top) / view.height + "%", width: 100 * (right - left) / view.width + "%" } }));
    }
    return frame;
  }
  function seriesFrame(slot, position) {
    const values = data("series"), T = view.steps, K = view.channels.length;
    const lines = view.channels.map((_, c) => svg("polyline", {
      points: Array.from({ length: T }, (_, t) =>
        (T > 1 ? 100 * t / (T - 1) : 50).toFixed(1) + "," + (32 - 28 * values[(slot * K + c) * T + t] / 255).toFixed(1)).join(" "),
      fill: "none", stroke: K === 1 ? "var(--accent)" : classColor(c), "stroke-width": 1.4, "vector-effect": "non-scaling-stroke" }));
    const x = T > 1 ? 100 * position / (T - 1) : 50;
    return el("span", { class: "frame" }, svg("svg", { viewBox: "0 0 100 36", "aria-hidden": "true" },
      view.marked ? svg("line", { x1: x, x2: x, y1: 0, y2: 36, stroke: "var(--down)", "stroke-dasharray": "2 2", "vector-effect": "non-scaling-stroke" }) : null,
      ...lines));
  }
  /** The columns of a row that are farthest from the mean in standard deviations. */
  function farColumns(slot, most) {
    const values = data("table"), K = view.columns.length;
    return view.columns.map((name, c) => ({ name, value: values[slot * K + c], far: (values[slot * K + c] - view.means[c]) / (view.deviations[c] || 1) }))
      .sort((a, b) => Math.abs(b.far) - Math.abs(a.far)).slice(0, most);
  }
  function tableFrame(slot, small) {
    if (small) {
      const [column] = farColumns(slot, 1);
      return el("span", { class: "frame cells" }, column.name + " " + number(column.value));
    }
    return el("div", { class: "frame" }, el("dl", { class: "cells" }, ...farColumns(slot, 5).flatMap(column => [
      el("dt", { title: column.name }, column.name),
      el("dd", { class: Math.abs(column.far) >= 2 ? "far" : null, title: signed(column.far) + " standard deviations from the mean" },
        number(column.value))])));
  }
  const textFrame = (slot, position) => el("span", { class: "frame words" },
    ...texts[slot].flatMap((word, i) => [view.marked && i === position ? el("mark", null, word) : word, " "]));
  const frameOf = { image: imageFrame, series: seriesFrame, table: (slot, position, small) => tableFrame(slot, small), text: textFrame }[view.kind];

  const offsets = data("example-offsets"), slots = data("example-slots"), positions = data("example-positions");
  const activations = data("example-activations"), numbers = data("slot-examples"), labels = data("slot-labels");
  const labelOf = slot => labels[slot] === 65535 ? -1 : labels[slot];
  const B = meta.bands + 1; // the strongest, then the bands from the strongest to the weakest
  const entries = (u, b) => {
    const result = [];
    for (let i = offsets[u * B + b]; i < offsets[u * B + b + 1]; i++) result.push(i);
    return result;
  };
  function example(i, small) {
    const slot = slots[i], label = labelOf(slot);
    const words = `Example ${integer(numbers[slot])}${label < 0 ? "" : ", " + className(label)}, activation ${number(activations[i])}`
      + (view.marked ? `, position ${positions[i]}` : "");
    if (small) return el("span", { class: "ex", "aria-hidden": "true" }, frameOf(slot, positions[i], true));
    return el("figure", { class: "ex", title: words, "data-example": numbers[slot] },
      el("span", { role: "img", "aria-label": words }, frameOf(slot, positions[i], false)),
      el("figcaption", { "aria-hidden": "true" }, C && label >= 0 ? dot(label) : null, number(activations[i])));
  }

  // ---------- which features, in which order ----------
  const SORTS = [
    ["number", "number", u => u, false],
    ["frequency", "frequency", frequency, true],
    ["maximum", "maximum", u => maximum[u], true],
    ["mean", "mean", u => mean[u], true],
    C ? ["purity", "class purity", purity, true] : null,
    has("effect-size") ? ["effect", "effect on outputs", effect, true] : null,
    meta.neighbors ? ["cosine", "nearest cosine", cosine, true] : null,
  ].filter(Boolean);
  const sortOf = key => SORTS.find(sort => sort[0] === key) ?? SORTS[1];
  const LOWEST = meta.rows ? Math.log10(1 / meta.rows) : -1;
  const toFrequency = position => 10 ** (LOWEST * (1 - position / 1000));
  const toPosition = f => Math.round(1000 * (1 - Math.log10(Math.max(f, 1e-300)) / LOWEST));

  const NEW = { q: "", state: "alive", cls: "", min: 0, max: 1, sort: "frequency", desc: true, feature: -1 };
  let state = { ...NEW }, shown = [];

  function readHash() {
    const hash = new URLSearchParams(location.hash.slice(1)), sort = sortOf(hash.get("sort"));
    const bounded = (key, otherwise) => {
      const value = parseFloat(hash.get(key));
      return value >= 0 && value <= 1 ? value : otherwise;
    };
    const cls = meta.classes.indexOf(hash.get("class") ?? "");
    const feature = parseInt(hash.get("feature"), 10);
    state = {
      q: hash.get("q") ?? "",
      state: ["alive", "dead", "all"].includes(hash.get("show")) ? hash.get("show") : "alive",
      cls: cls < 0 ? "" : String(cls),
      min: bounded("min", 0), max: bounded("max", 1),
      sort: sort[0], desc: hash.has("order") ? hash.get("order") === "desc" : sort[3],
      feature: feature >= 0 && feature < U ? feature : -1,
    };
    if (["light", "dark"].includes(hash.get("theme"))) setTheme(hash.get("theme"));
  }
  function hashOf(feature) {
    const hash = new URLSearchParams();
    if (state.q) hash.set("q", state.q);
    if (state.state !== "alive") hash.set("show", state.state);
    if (state.cls) hash.set("class", meta.classes[state.cls]);
    if (state.min > 0) hash.set("min", String(+state.min.toPrecision(4)));
    if (state.max < 1) hash.set("max", String(+state.max.toPrecision(4)));
    if (state.sort !== "frequency") hash.set("sort", state.sort);
    if (state.desc !== sortOf(state.sort)[3]) hash.set("order", state.desc ? "desc" : "asc");
    hash.set("feature", feature);
    return "#" + hash;
  }
  let writing = 0;
  function writeHash() { // browsers limit how often it changes
    clearTimeout(writing);
    writing = setTimeout(() => { try { history.replaceState(null, "", hashOf(state.feature)); } catch { /* the page works without */ } }, 200);
  }

  /** The text that a search looks into: its note, its main classes and the texts of its strongest examples. */
  function textOf(u) {
    const parts = [note(u)];
    for (let k = 0; k < CK && C; k++) if (topShare[u * CK + k] > .2 * 65535) parts.push(className(topClass[u * CK + k]));
    if (texts) for (const i of entries(u, 0)) parts.push(texts[slots[i]].join(" "));
    return parts.join("\n").toLowerCase();
  }
  function matcher(q) {
    const query = q.trim().toLowerCase();
    if (!query) return () => true;
    if (/^#?\d[\d\s,#-]*$/.test(query)) {
      const ranges = query.replaceAll("#", "").split(/[\s,]+/).filter(Boolean)
        .map(part => part.split("-").filter(Boolean).map(Number)).map(([a, b]) => [a, b ?? a]);
      return u => ranges.some(([a, b]) => u >= a && u <= b);
    }
    const words = query.split(/\s+/);
    return u => { const text = textOf(u); return words.every(word => text.includes(word)); };
  }
  function select() {
    const matches = matcher(state.q), cls = state.cls === "" ? -1 : Number(state.cls);
    shown = [];
    for (let u = 0; u < U; u++) {
      const f = frequency(u), alive = firing[u] > 0;
      if (state.state === "alive" && !alive || state.state === "dead" && alive) continue;
      if (cls >= 0 && mainClass(u) !== cls) continue;
      if (alive && (f < state.min || f > state.max) || !alive && state.min > 0) continue;
      if (matches(u)) shown.push(u);
    }
    const key = sortOf(state.sort)[2], sign = state.desc ? -1 : 1;
    shown.sort((a, b) => sign * (key(a) - key(b)) || a - b);
  }

  // ---------- the list ----------
  const list = $("list"), rows = $("rows"), drawn = new Map();
  function subtitle(u) {
    const parts = [firing[u] ? percent(frequency(u)) : "dead"];
    if (firing[u]) {
      if (state.sort === "effect") parts.push("effect " + number(100 * effect(u)) + " pp");
      else if (state.sort === "cosine") parts.push("cosine " + cosine(u).toFixed(2));
      else if (state.sort === "mean") parts.push("mean " + number(mean[u]));
      else if (state.sort === "purity") parts.push("purity " + percent(purity(u)));
      else parts.push("max " + number(maximum[u]));
    }
    return parts.join(" · ");
  }
  function row(at) {
    const u = shown[at], main = mainClass(u), most = { image: 4, series: 2, table: 1, text: 1 }[view.kind];
    const strip = el("span", { class: "strip" + (view.kind === "series" ? " lines" : view.kind === "image" ? "" : " long") },
      ...entries(u, 0).slice(0, most).map(i => example(i, true)));
    const title = el("div", null, el("b", null, "#" + u), " ", note(u) ? el("span", null, note(u))
      : main >= 0 ? el("span", null, dot(main), className(main)) : null);
    const node = el("div", { class: "row", role: "option", id: "row-" + u, "data-feature": u, "aria-setsize": shown.length,
      "aria-posinset": at + 1, "aria-selected": String(u === state.feature), style: { top: at * STEP + "px" } },
      el("span", { class: "what" }, title, el("div", { class: "sub" }, subtitle(u))), strip);
    node.addEventListener("click", () => show(u));
    return node;
  }
  function drawRows() {
    const from = Math.max(0, Math.floor(list.scrollTop / STEP) - 4);
    const to = Math.min(shown.length, Math.ceil((list.scrollTop + list.clientHeight) / STEP) + 4);
    for (const [at, node] of drawn) if (at < from || at >= to) { node.remove(); drawn.delete(at); }
    for (let at = from; at < to; at++) if (!drawn.has(at)) { const node = row(at); drawn.set(at, node); rows.append(node); }
  }
  function drawList() {
    for (const node of drawn.values()) node.remove();
    drawn.clear();
    rows.style.height = shown.length * STEP + "px";
    $("count").textContent = `${integer(shown.length)} of ${integer(U)} features`;
    drawRows();
    mark();
  }
  function mark() {
    for (const node of drawn.values()) node.setAttribute("aria-selected", String(Number(node.dataset.feature) === state.feature));
    if ($("row-" + state.feature)) list.setAttribute("aria-activedescendant", "row-" + state.feature);
    else list.removeAttribute("aria-activedescendant");
  }
  function reveal() {
    const at = shown.indexOf(state.feature);
    if (at < 0) return;
    if (at * STEP < list.scrollTop) list.scrollTop = at * STEP;
    if ((at + 1) * STEP > list.scrollTop + list.clientHeight) list.scrollTop = (at + 1) * STEP - list.clientHeight;
    drawRows();
  }

  // ---------- one feature ----------
  /** Round numbers from low to high, at most about six. */
  function ticksBetween(low, high) {
    if (!(high > low)) return [low];
    const power = 10 ** Math.floor(Math.log10(high - low)), step = [.1, .2, .25, .5, 1, 2].map(s => s * power).find(s => (high - low) / s <= 6);
    const ticks = [];
    for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) ticks.push(+(i * step).toPrecision(6));
    return ticks;
  }
  function histogram(u) {
    const N = meta.histogramBins, most = data("histogram-most")[u], width = 2 ** data("histogram-exponent")[u] / N;
    const bins = Math.min(N, Math.floor(maximum[u] / width) + 1), levels = data("histogram").subarray(u * N, u * N + bins);
    const W = 320, H = 130, step = W / bins;
    const bars = Array.from(levels, (level, i) => {
      const count = Math.round(Math.expm1(level / 255 * Math.log1p(most))), height = level / 255 * H;
      return level ? svg("rect", { class: "bar", x: (i * step + .5).toFixed(2), y: (H - height).toFixed(2), width: Math.max(.8, step - 1).toFixed(2),
        height: height.toFixed(2), rx: 1 }, svg("title", null, `${number(i * width)} to ${number((i + 1) * width)}: about ${number(count)}`)) : null;
    });
    const end = bins * width, ticks = ticksBetween(0, end).map(t => svg("text", { x: t / end * W, y: H + 15,
      "text-anchor": t === 0 ? "start" : t > .96 * end ? "end" : "middle" }, number(t)));
    return svg("svg", { viewBox: `0 -12 ${W} ${H + 32}`, role: "img",
      "aria-label": `Histogram of ${integer(firing[u])} activations from 0 to ${number(maximum[u])}` },
      svg("line", { class: "axis", x1: 0, x2: W, y1: H + .5, y2: H + .5 }), svg("text", { x: 0, y: -2 }, number(most)), ...bars, ...ticks);
  }
  function shareBars(u) {
    const lines = [];
    for (let k = 0; k < CK; k++) {
      const share = topShare[u * CK + k] / 65535, c = topClass[u * CK + k];
      if (share > 0.0005 || k === 0) lines.push(
        el("span", { class: "name", title: className(c) }, dot(c), className(c)),
        el("span", { class: "track" }, el("i", { style: { width: 100 * share + "%", background: classColor(c) } })),
        el("span", { class: "value" }, percent(share)));
    }
    return el("div", { class: "bars" }, ...lines);
  }
  function signedBars(items, unit) {
    const most = Math.max(...items.map(item => Math.abs(item.value)), 1e-30);
    return el("div", { class: "bars" }, ...items.flatMap(({ name, value, c }) => {
      const width = 50 * Math.abs(value) / most;
      return [el("span", { class: "name", title: name }, c === undefined ? null : dot(c), name),
        el("span", { class: "track mid" }, el("i", { style: { width: width + "%", left: (value < 0 ? 50 - width : 50) + "%",
          background: value < 0 ? "var(--down)" : "var(--up)" } })),
        el("span", { class: "value" }, signed(value) + unit)];
    }));
  }
  function quantized(name, u, names) {
    const K = meta[name + "-kept"], scale = data(name + "-size")[u], items = [];
    for (let k = 0; k < K; k++) {
      const value = data(name + "-value")[u * K + k] / 32767 * scale;
      if (value !== 0) items.push({ name: names[data(name + "-index")[u * K + k]], value, c: data(name + "-index")[u * K + k] });
    }
    return items;
  }
  function direction(u) {
    const d = meta.direction;
    if (d.kind === "named") return signedBars(quantized("direction", u, d.names).map(({ name, value }) => ({ name, value })), "");
    const dark = document.documentElement.dataset.theme === "dark";
    const zero = dark ? [25, 29, 37] : [255, 255, 255], plus = dark ? [255, 138, 76] : [201, 60, 16], minus = dark ? [92, 152, 255] : [29, 78, 190];
    const canvas = tile(d.sprites, u, d.height, d.width, d.channels === 3 ? null : context => {
      const image = context.getImageData(0, 0, d.width, d.height), p = image.data;
      for (let i = 0; i < p.length; i += 4) {
        const v = (p[i] - 128) / 124, end = v < 0 ? minus : plus, a = Math.min(1, Math.abs(v)) ** .8;
        for (let c = 0; c < 3; c++) p[i + c] = zero[c] + (end[c] - zero[c]) * a;
      }
      context.putImageData(image, 0, 0);
    });
    return fill(canvas, { class: "direction", role: "img", "aria-hidden": "false", "aria-label": "Decoder direction of feature " + u }, []);
  }
  function steering(curve) {
    const W = 400, H = 170, L = 34, { values, outputs } = curve, low = Math.min(...values), high = Math.max(...values);
    const names = meta.outputs, spread = names.map((_, c) => ({ c, by: Math.max(...outputs.map(o => o[c])) - Math.min(...outputs.map(o => o[c])) }))
      .sort((a, b) => b.by - a.by).slice(0, 5);
    const bottom = Math.min(0, ...outputs.flat()), top = 1.02 * Math.max(1e-9, ...spread.map(s => Math.max(...outputs.map(o => o[s.c]))));
    const x = v => L + (W - L) * (high > low ? (v - low) / (high - low) : .5), y = p => H - H * (p - bottom) / (top - bottom);
    const grid = ticksBetween(bottom, top).flatMap(p => [
      svg("line", { class: "axis", x1: L, x2: W, y1: y(p), y2: y(p) }), svg("text", { x: L - 5, y: y(p) + 4, "text-anchor": "end" }, number(p))]);
    const lines = spread.map(({ c }) => svg("g", null,
      svg("polyline", { points: values.map((v, i) => x(v).toFixed(1) + "," + y(outputs[i][c]).toFixed(1)).join(" "), fill: "none",
        stroke: classColor(c), "stroke-width": 2.2, "stroke-linejoin": "round" }),
      ...values.map((v, i) => svg("circle", { cx: x(v), cy: y(outputs[i][c]), r: 2.8, fill: classColor(c) },
        svg("title", null, `${names[c]}: ${number(outputs[i][c])} at ${number(v)}`)))));
    return [svg("svg", { viewBox: `0 -6 ${W} ${H + 28}`, role: "img", "aria-label": "Mean outputs when the feature is set to a value: "
        + spread.map(({ c }) => `${names[c]} from ${number(outputs[0][c])} to ${number(outputs.at(-1)[c])}`).join(", ") },
      ...grid, ...lines, ...ticksBetween(low, high).map(v => svg("text", { x: x(v), y: H + 16, "text-anchor": v > low + .96 * (high - low) ? "end" : "middle" }, number(v)))),
      el("div", { class: "legend" }, ...spread.map(({ c }) => el("span", null, dot(c), names[c])))];
  }
  function near(u, kind) {
    const index = data(kind + "-index"), value = data(kind + "-value"), K = meta.neighbors, links = [];
    for (let k = 0; k < K; k++) {
      const other = index[u * K + k];
      if (other === 0xffffffff) break;
      const first = entries(other, 0)[0], main = mainClass(other);
      const link = el("a", { href: hashOf(other), title: `#${other} ${note(other)}${main < 0 ? "" : " " + className(main)}` },
        first === undefined ? el("span", { class: "none" }, "dead") : example(first, true),
        el("b", null, "#" + other), el("span", { class: "sim" }, (value[u * K + k] / 32767).toFixed(2)));
      link.addEventListener("click", event => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        try { history.pushState(null, "", hashOf(other)); } catch { /* the page works without */ }
        show(other);
      });
      links.push(link);
    }
    return links.length ? el("div", { class: "near" + (view.kind === "image" ? "" : " long") }, ...links) : el("p", { class: "empty" }, "None.");
  }
  function bandsOf(u) {
    const short = v => String(+v.toPrecision(2));
    const range = list => short(activations[list.at(-1)]) + (list.length > 1 ? "–" + short(activations[list[0]]) : "");
    return el("div", { class: "bands" }, ...Array.from({ length: B }, (_, b) => {
      const list = entries(u, b);
      if (!list.length) return null;
      const title = b === 0 ? "Strongest" : `${Math.round(100 * (B - 1 - b) / meta.bands)}–${Math.round(100 * (B - b) / meta.bands)} %`;
      return el("div", { class: "band" + (b === 0 ? " first" : ""), "data-band": b === 0 ? "strongest" : B - 1 - b },
        el("h4", null, title, el("small", { class: "number" }, range(list))),
        el("div", { class: "pictures " + PLURAL }, ...list.map(i => example(i, false))));
    }));
  }
  function drawFeature() {
    const main = $("feature"), u = state.feature;
    main.replaceChildren();
    if (u < 0) { main.append(el("p", { class: "empty" }, "No feature matches. Press Esc to clear the filters.")); return; }
    const alive = firing[u] > 0, top = mainClass(u);
    main.dataset.feature = u;
    main.setAttribute("aria-label", "Feature " + u);
    main.append(el("div", { class: "head" }, el("h2", null, "Feature " + u),
      note(u) ? el("span", { class: "note" }, note(u)) : null,
      top >= 0 ? el("span", { class: "pill" }, dot(top), `${className(top)} ${percent(purity(u))}`) : null,
      alive ? null : el("span", { class: "pill" }, "dead")));
    const fact = (name, value, aside) => el("div", null, el("dt", null, name), el("dd", null, value, aside ? el("small", null, " " + aside) : null));
    const facts = [fact("frequency", percent(frequency(u)), meta.positions ? "of positions" : "of examples")];
    if (meta.positions) facts.push(fact("fires in", integer(firingExamples[u]), firingExamples[u] === 1 ? "example" : "examples"));
    else facts.push(fact("fires", integer(firing[u]), firing[u] === 1 ? "time" : "times"));
    facts.push(fact("maximum activation", number(maximum[u])), fact("mean where it fires", number(mean[u])));
    if (has("effect-size")) facts.push(fact("largest effect", number(100 * effect(u)), "pp"));
    main.append(el("dl", { class: "tiles" }, ...facts));
    const grid = el("div", { class: "grid" }), third = meta.direction && C ? ["s3", "s5", "s4"] : ["s6", "s6", "s6"];
    if (alive) grid.append(card("s12", "Examples by quantile of the activation", C ? "dots: classes" : null, bandsOf(u)));
    if (meta.direction) grid.append(card(third[0], meta.direction.title, meta.direction.kind === "named" || meta.direction.channels === 3 ? null : "orange +, blue −", direction(u)));
    if (alive) grid.append(card(third[1], "Activations", "counts on a logarithmic scale", histogram(u)));
    else if (!meta.direction) grid.append(el("p", { class: "empty s12" }, "This feature never fires."));
    if (alive && C) grid.append(card(third[2], "Classes", "share of its activation", shareBars(u)));
    const curve = meta.steering[u];
    const half = has("effect-size") && !curve && alive ? "s4" : "s6";
    if (has("effect-size") && alive) {
      const items = quantized("effect", u, meta.outputs).slice(0, 10).map(item => ({ ...item, value: 100 * item.value }));
      const share = data("effect-share")[u];
      grid.append(card(half, "Switched off", items.length ? half === "s4" ? "where it fires" : "change of the mean output where it fires" : null,
        ...items.length ? [signedBars(items, " pp"), el("p", { class: "foot" }, `Fires in ${percent(share)} of the examples measured.`)] : [el("p", { class: "empty" }, "No effect was measured.")]));
    }
    if (curve) grid.append(card("s6", "Set to a value", "mean output for each value", ...steering(curve)));
    if (meta.neighbors) {
      grid.append(card(half, "Nearest by direction", "cosine", near(u, "cosine")));
      if (alive) grid.append(card(half, "Nearest by activation", "correlation", near(u, "correlation")));
    }
    main.append(grid);
    main.scrollTop = 0;
  }
  function show(u) {
    if (u === undefined) return;
    state.feature = u;
    reveal();
    mark();
    drawFeature();
    writeHash();
  }

  // ---------- the form ----------
  function drawForm() {
    $("search").value = state.q;
    $("state").value = state.state;
    $("class").value = state.cls;
    $("sort").value = state.sort;
    $("order").textContent = state.desc ? "↓ largest first" : "↑ smallest first";
    $("least").value = state.min > 0 ? toPosition(state.min) : 0;
    $("most").value = state.max < 1 ? toPosition(state.max) : 1000;
    drawRange();
  }
  let counts = null;
  function drawRange() {
    const bins = 50;
    if (!counts) {
      counts = new Array(bins).fill(0);
      for (let u = 0; u < U; u++) if (firing[u]) counts[Math.min(bins - 1, Math.floor(bins * toPosition(frequency(u)) / 1000))]++;
    }
    const most = Math.max(...counts, 1), least = Number($("least").value), highest = Number($("most").value);
    $("frequencies").replaceChildren(...counts.map((count, i) => svg("rect", { x: i * 100 / bins, width: 100 / bins - .4,
      y: 24 - 24 * count / most, height: 24 * count / most,
      class: (i + 1) * 1000 / bins > least && i * 1000 / bins < highest ? "in" : null })));
    $("range-text").textContent = state.min > 0 || state.max < 1 ? `${percent(state.min)} – ${percent(state.max)}` : "any";
  }
  function apply(scroll) {
    select();
    if (scroll) list.scrollTop = 0;
    drawList();
    if (!shown.includes(state.feature)) { state.feature = shown[0] ?? -1; drawFeature(); mark(); }
    reveal();
    writeHash();
  }
  function setTheme(theme) { document.documentElement.dataset.theme = theme; }
  function toggleTheme() {
    setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
    drawFeature();
  }
  const media = matchMedia("(prefers-color-scheme: dark)");
  setTheme(media.matches ? "dark" : "light");
  media.addEventListener("change", () => { setTheme(media.matches ? "dark" : "light"); drawFeature(); });

  for (const [key, words] of SORTS) $("sort").append(el("option", { value: key }, words));
  meta.classes.forEach((name, c) => $("class").append(el("option", { value: c }, name)));
  $("class-filter").hidden = !C;
  for (const [name, value] of meta.facts) $("facts").append(el("div", null, el("dt", null, name), el("dd", null, value)));
  $("filters").addEventListener("submit", event => { event.preventDefault(); show(shown[0]); list.focus(); });
  $("search").addEventListener("input", () => { state.q = $("search").value; apply(true); });
  $("state").addEventListener("change", () => { state.state = $("state").value; apply(true); });
  $("class").addEventListener("change", () => { state.cls = $("class").value; apply(true); });
  $("sort").addEventListener("change", () => { state.sort = $("sort").value; state.desc = sortOf(state.sort)[3]; drawForm(); apply(true); });
  $("order").addEventListener("click", () => { state.desc = !state.desc; drawForm(); apply(true); });
  const ranged = moved => {
    if (Number($("least").value) > Number($("most").value)) $(moved).value = $(moved === "least" ? "most" : "least").value;
    state.min = Number($("least").value) > 0 ? toFrequency(Number($("least").value)) * (1 - 1e-9) : 0;
    state.max = Number($("most").value) < 1000 ? toFrequency(Number($("most").value)) * (1 + 1e-9) : 1;
    drawRange();
    apply(true);
  };
  $("least").addEventListener("input", () => ranged("least"));
  $("most").addEventListener("input", () => ranged("most"));
  $("theme").addEventListener("click", toggleTheme);
  const toggleHelp = () => { $("keys").hidden = !$("keys").hidden; $("help").setAttribute("aria-expanded", String(!$("keys").hidden)); };
  $("help").addEventListener("click", toggleHelp);
  list.addEventListener("scroll", drawRows);
  addEventListener("resize", drawRows);
  addEventListener("hashchange", load);
  addEventListener("popstate", load);
  const move = by => {
    const at = shown.indexOf(state.feature);
    show(shown[Math.max(0, Math.min(shown.length - 1, at < 0 ? 0 : at + by))]);
  };
  const page = () => Math.max(1, Math.floor(list.clientHeight / STEP) - 1);
  const KEYS = { ArrowDown: () => move(1), j: () => move(1), ArrowUp: () => move(-1), k: () => move(-1),
    PageDown: () => move(page()), PageUp: () => move(-page()), Home: () => show(shown[0]), End: () => show(shown.at(-1)),
    "/": () => $("search").focus(), r: () => show(shown[Math.floor(Math.random() * shown.length)]),
    t: toggleTheme, "?": toggleHelp,
    Escape: () => { state = { ...NEW, feature: state.feature }; drawForm(); apply(false); } };
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches("input, select, textarea");
    if (typing && event.key === "Escape") { event.target.blur(); list.focus(); }
    else if (typing && !(event.target === $("search") && event.key === "ArrowDown")) return;
    else if (typing) list.focus();
    const action = KEYS[event.key];
    if (action) { event.preventDefault(); action(); }
  });
  function load() {
    readHash();
    drawForm();
    const wanted = state.feature;
    select();
    drawList();
    state.feature = wanted >= 0 ? wanted : shown[0] ?? -1;
    reveal();
    mark();
    drawFeature();
  }
  load();
})();
