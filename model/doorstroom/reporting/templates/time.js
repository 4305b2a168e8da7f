// Lines over the years, each with its interval: one plot, or many small ones.
const CAPTION = () => (data.scenarios.length && single(cellAt("level", 0, data.headline[0], 0, YEARS.length - 1)) ? t("one run, no interval") : t("shaded: {band}", { band: t(data.band) }));
// With many scenarios two are brought forward, the others stay as grey lines
const FEW = 6;
// Width of a bold letter of 11 pixels, on the wide side
const LETTER = 6.9;
let front = [];
// Names at the ends of the lines, moved apart where they would cover each other
const ends = (rows, shown, y, left, top, bottom, fore, room) => {
  const most = Math.floor(room / LETTER);
  const places = rows.map((row, at) => ({ at, cell: row[row.length - 1] })).filter(({ cell }) => cell && exists(cell)).map(({ at, cell }) => ({ at, y: y(valueOf(cell, "middle")) })).sort((a, b) => a.y - b.y);
  const gap = Math.min(13, (bottom - top) / Math.max(places.length, 1));
  places.forEach((place, k) => { place.y = Math.max(place.y, top + gap * (k + 0.5), k ? places[k - 1].y + gap : 0); });
  for (let k = places.length - 1; k >= 0; k--) places[k].y = Math.min(places[k].y, bottom - gap * (places.length - 1 - k), k < places.length - 1 ? places[k + 1].y - gap : Infinity);
  return places.map(({ at, y: high }) => {
    const name = nameOf(shown[at]), clear = fore(at);
    return draw("text", { x: left, y: high + 4, "font-size": 11, "font-weight": clear ? "bold" : null, style: `fill:${clear ? data.scenarios[shown[at]].colour : "#6b6b6b"}` }, name.length > most ? `${name.slice(0, most - 1)}\u2026` : name);
  });
};
const lines = (holder, { series, region, kind, scenarios, height, year = null, compact = false, chosen = null, bold = null }) => {
  const shown = scenarios.filter((at) => kind === "level" || at > 0);
  const rows = shown.map((at) => YEARS.map((_, y) => cellAt(kind, at, series, region, y)));
  const past = kind === "level" && region === 0 ? (data.history[series] ?? null) : null;
  const fans = kind === "level" && region === 0 && !compact && shown.includes(0) ? (data.fans[series] ?? []) : [];
  const all = rows.flat().filter((cell) => cell && exists(cell)).flatMap((cell) => [valueOf(cell, "low"), valueOf(cell, "high")]).concat(past ? past.values : []);
  holder.replaceChildren();
  if (!all.length) { holder.append(make("p", {}, t("Not defined, or not kept for this region."))); return; }
  let low = Math.min(...all, kind === "effect" ? 0 : Infinity), high = Math.max(...all, kind === "effect" ? 0 : -Infinity);
  const margin = (high - low) * 0.06 || Math.max(Math.abs(high) * 0.1, 1);
  low = low >= 0 && low - margin < 0 ? 0 : low - margin;
  high += margin;
  const labelled = !compact && shown.length > 1, W = widthOf(holder), H = height, R = labelled ? Math.min(12 + LETTER * Math.max(...shown.map((at) => nameOf(at).length)), W * 0.28) : 20, T = 12, B = compact ? 22 : 34;
  const { ticks, digits } = ticksOf(low, high, compact ? 3 : 5);
  const labels = ticks.map((tick) => onAxis(tick, digits));
  const L = 14 + 7.3 * Math.max(...labels.map((label) => label.length));
  const first = past ? Math.min(YEARS[0], ...past.years) : YEARS[0];
  const x = linear(first, YEARS[YEARS.length - 1], L, W - R), y = linear(low, high, H - B, T);
  const svg = draw("svg", { viewBox: `0 0 ${W} ${H}`, "font-size": compact ? 11 : 13, role: "img", "aria-label": `${titleOf(series)}, ${regionOf(region)}, ${unitOf(series, kind)}. ${t("The table has the numbers.")}` });
  ticks.forEach((tick, at) => svg.append(
    draw("line", { x1: L, x2: W - R, y1: y(tick), y2: y(tick), stroke: tick === 0 && kind === "effect" ? "#000" : "#ddd" }),
    draw("text", { x: L - 7, y: y(tick) + 4, "text-anchor": "end" }, labels[at])));
  const gap = W < 500 || compact ? 10 : 5;
  for (let one = first; one <= YEARS[YEARS.length - 1]; one++) if (one % gap === 0) svg.append(draw("text", { x: x(one), y: H - B + 17, "text-anchor": "middle" }, String(one)));
  const border = data.lastObserved + 0.5;
  if (border > YEARS[0] && border < YEARS[YEARS.length - 1]) {
    svg.append(draw("line", { x1: x(border), x2: x(border), y1: T, y2: H - B, stroke: "#777", "stroke-dasharray": "3 3" }));
    if (!compact) svg.append(draw("text", { x: x(border) + 5, y: H - B - 6, class: "soft", "font-size": 11 }, t("projection")));
  }
  if (chosen !== null) svg.append(draw("line", { x1: x(YEARS[chosen]), x2: x(YEARS[chosen]), y1: T, y2: H - B, stroke: "#e69f00", "stroke-width": 1.5 }));
  const path = (row, part) => row.map((cell, at) => (!cell || !exists(cell) ? "" : `${at && row[at - 1] && exists(row[at - 1]) ? "L" : "M"}${x(YEARS[at]).toFixed(1)} ${y(valueOf(cell, part)).toFixed(1)}`)).join("");
  const crowd = shown.length > FEW, fore = (at) => !crowd || (bold ?? front).includes(shown[at]);
  for (const [low_, high_] of fans) {
    const known = YEARS.map((_, k) => k).filter((k) => low_[k] !== null);
    svg.append(draw("path", { d: `M${known.map((k) => `${x(YEARS[k]).toFixed(1)} ${y(high_[k]).toFixed(1)}`).join("L")}L${[...known].reverse().map((k) => `${x(YEARS[k]).toFixed(1)} ${y(low_[k]).toFixed(1)}`).join("L")}Z`, fill: data.scenarios[0].colour, opacity: 0.13 }));
  }
  rows.forEach((row, at) => {
    if (!fore(at)) return;
    const look = data.scenarios[shown[at]];
    const whole = row.map((cell, k) => [cell, k]).filter(([cell]) => cell && exists(cell) && !single(cell));
    if (whole.length) {
      const back = [...whole].reverse().map(([cell, k]) => `L${x(YEARS[k]).toFixed(1)} ${y(valueOf(cell, "low")).toFixed(1)}`).join("");
      svg.append(draw("path", { d: `${path(row, "high")}${back}Z`, fill: look.colour, opacity: 0.1 }));
      for (const part of ["low", "high"]) svg.append(draw("path", { d: path(row, part), fill: "none", stroke: look.colour, "stroke-width": 0.7, "stroke-dasharray": look.dash || null, opacity: 0.75 }));
    }
  });
  // what is brought forward is drawn last
  rows.map((row, at) => [row, at]).sort((a, b) => fore(a[1]) - fore(b[1])).forEach(([row, at]) => {
    const look = data.scenarios[shown[at]];
    if (!fore(at)) { svg.append(draw("path", { d: path(row, "middle"), fill: "none", stroke: "#b5b5b5", "stroke-width": 1.2 })); return; }
    svg.append(draw("path", { d: path(row, "middle"), fill: "none", stroke: look.colour, "stroke-width": 2, "stroke-dasharray": look.dash || null }));
    row.forEach((cell, k) => { if (cell && exists(cell) && (k + at) % 4 === 0) svg.append(marker(look.marker, x(YEARS[k]), y(valueOf(cell, "middle")), compact ? 2.4 : 3.2, look.colour, look.colour)); });
  });
  if (labelled) svg.append(...ends(rows, shown, y, W - R + 6, T, H - B, fore, R - 6));
  if (past) {
    past.years.forEach((one, at) => svg.append(draw("path", { d: `M${x(one) - 4} ${y(past.values[at])}h8M${x(one)} ${y(past.values[at]) - 4}v8`, stroke: "#000", "stroke-width": 2.2 })));
  }
  holder.append(svg);
  if (past && !compact) holder.append(make("p", { class: "from" }, `+ ${t(past.note)}${fans.length ? `. ${t("Bands of the first scenario, from dark to light: 30%, 60% and 90%.")}` : ""}`));
  follow(holder, svg, { W, L, R, T, B, H, x, first, rows, shown, series, region, kind });
};
// Values at the year under the pointer, or, with the arrow keys, at the year chosen with them
const follow = (holder, svg, { W, L, R, T, B, H, x, first, rows, shown, series, region, kind }) => {
  const cursor = draw("line", { y1: T, y2: H - B, stroke: "#555", visibility: "hidden" });
  svg.append(cursor);
  const text = (at) => [`${YEARS[at]}, ${regionOf(region)}, ${unitOf(series, kind)}`, ...rows.map((row, k) => `${nameOf(shown[k])}: ${row[at] ? told(row[at], kind === "effect") : "\u2013"}${row[at] && kind === "effect" ? `, ${verdict(row[at], effectUnit(series))}` : ""}`)].join("\n");
  const point = (at, clientX, clientY) => {
    cursor.setAttribute("x1", x(YEARS[at]));
    cursor.setAttribute("x2", x(YEARS[at]));
    cursor.setAttribute("visibility", "visible");
    showTip(text(at), clientX, clientY);
  };
  const leave = () => { cursor.setAttribute("visibility", "hidden"); hideTip(); };
  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect(), place = ((event.clientX - box.left) / box.width) * W;
    const last = YEARS[YEARS.length - 1];
    const at = Math.round(first + ((place - L) / (W - R - L)) * (last - first)) - YEARS[0];
    if (at < 0 || at >= YEARS.length) { leave(); return; }
    point(at, event.clientX, event.clientY);
  });
  svg.addEventListener("pointerleave", leave);
  holder.tabIndex = 0;
  holder.setAttribute("role", "group");
  holder.setAttribute("aria-label", `${titleOf(series)}. ${t("Arrow keys read the values year by year.")}`);
  let at = YEARS.length - 1;
  holder.onkeydown = (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === "Escape") leave();
    if (!step) return;
    event.preventDefault();
    at = Math.max(0, Math.min(YEARS.length - 1, at + step));
    const box = svg.getBoundingClientRect();
    point(at, box.left + (x(YEARS[at]) / W) * box.width, box.top + 20);
    byId("said").textContent = text(at).replaceAll("\n", "; ");
  };
  holder.onblur = leave;
};

// All years down the side for one outcome; for many, a few years across: that still fits on paper
const timeTable = (table, caption, series, region, kind, scenarios) => {
  const shown = scenarios.filter((at) => kind === "level" || at > 0);
  fillTable(table, caption, [t("Year"), ...shown.map(nameOf)], YEARS.map((year, y) => [String(year), ...shown.map((at) => signed(cellAt(kind, at, series, region, y), kind, series))]));
};
const manyTable = (table, caption, list, region, kind, scenarios, year) => {
  const shown = scenarios.filter((at) => kind === "level" || at > 0);
  const years = YEARS.map((_, y) => y).filter((y) => y === 0 || y === YEARS.length - 1 || y === year || YEARS[y] % 5 === 0);
  const rows = list.flatMap((series) => shown.map((at) => [titleOf(series), nameOf(at), ...years.map((y) => signed(cellAt(kind, at, series, region, y), kind, series))]));
  fillTable(table, caption, [t("Outcome"), t("Scenario"), ...years.map((y) => String(YEARS[y]))], rows);
};
const timeFile = (list, region, kind, scenarios) => () => list.flatMap((series) => scenarios.filter((at) => kind === "level" || at > 0).flatMap((at) => YEARS.map((_, y) => fileRow(kind, at, series, region, y))));

// Many small plots that share scenarios and region
const multiples = (id, caption, list, state) => {
  const figure = byId(id);
  if (!figure) return;
  const region = state.region && list.every(hasRegions) ? state.region : 0;
  const kind = state.kind, scenarios = state.scenarios;
  const shown = scenarios.filter((at) => kind === "level" || at > 0);
  const full = `${caption}${kind === "effect" ? `: ${t("difference from {baseline}", { baseline })}` : ""}, ${regionOf(region)}; ${CAPTION()}`;
  figure.querySelector("figcaption").textContent = full;
  const grid = make("div", { class: "grid" });
  const holder = figure.querySelector(".drawing");
  holder.replaceChildren(keyOf(shown), grid);
  const one = list.every((series) => data.series[series][0] === data.series[list[0]][0]);
  for (const series of list) {
    const place = make("div", {}), plot = make("div", {});
    place.append(make("p", { class: "title" }, one && groupOf(series) !== "total" ? groupName(groupOf(series)) : titleOf(series), make("span", { class: "kind" }, ` (${unitOf(series, kind)})`)), plot);
    grid.append(place);
    lines(plot, { series, region, kind, scenarios, height: 170, compact: true });
  }
  manyTable(figure.querySelector("table"), full, list, region, kind, scenarios, state.year);
  offer(figure, id.slice(2), FILE_HEAD, timeFile(list, region, kind, scenarios));
};
// The key of many scenarios is where two of them are chosen to be brought forward
const frontKey = (shown, again) => make("ul", { class: "key" }, ...shown.map((at) => {
  const button = make("button", { type: "button", "aria-pressed": String(front.includes(at)) }, nameOf(at));
  button.addEventListener("click", () => { front = front.includes(at) ? front.filter((one) => one !== at) : [...front, at].slice(-2); again(); });
  return make("li", {}, sample(data.scenarios[at]), button);
}));
// A small plot for each of many scenarios, among all others in grey
const oneByOne = (holder, shown, asked) => {
  const grid = make("div", { class: "grid each" });
  holder.append(grid);
  for (const at of shown) {
    const plot = make("div", {});
    grid.append(make("div", {}, make("p", { class: "title", style: `color:${data.scenarios[at].colour}` }, nameOf(at)), plot));
    lines(plot, { ...asked, height: 130, compact: true, bold: [at] });
  }
};
const drawTime = (state) => {
  const figure = byId("p-time"), { series, region, kind, scenarios } = state;
  const caption = `${titleOf(series)}${kind === "effect" ? `: ${t("difference from {baseline}", { baseline })}` : ""}, ${regionOf(region)}, ${unitOf(series, kind)}; ${CAPTION()}`;
  figure.querySelector("figcaption").textContent = caption;
  const holder = figure.querySelector(".drawing"), plot = make("div");
  const shown = scenarios.filter((at) => kind === "level" || at > 0);
  front = front.filter((at) => shown.includes(at));
  if (!front.length) front = [shown[0], shown[shown.length - 1]];
  holder.replaceChildren(shown.length > FEW ? frontKey(shown, () => drawTime(state)) : keyOf(shown), plot);
  lines(plot, { series, region, kind, scenarios, height: Math.min(380, Math.max(240, widthOf(holder) * 0.5)), chosen: state.year });
  if (shown.length > FEW) oneByOne(holder, shown, { series, region, kind, scenarios });
  timeTable(figure.querySelector("table"), caption, series, region, kind, scenarios);
  offer(figure, "over-the-years", FILE_HEAD, timeFile([series], region, kind, scenarios));
};
