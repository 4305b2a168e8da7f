// A tile per region, about where it lies: its value in one year, or a small line over the years.
const shade = (value, widest) => {
  const part = Math.max(-1, Math.min(1, value / widest));
  const [r, g, b] = part < 0 ? [213, 94, 0] : [0, 114, 178];
  const mix = (channel) => Math.round(246 + (channel - 246) * Math.abs(part));
  const mixed = [mix(r), mix(g), mix(b)];
  return { fill: `rgb(${mixed})`, text: contrast(mixed, [255, 255, 255]) >= 4.5 ? "#fff" : "#111" };
};
// Contrast of two colours as WCAG defines it
const contrast = (one, two) => {
  const light = (colour) => colour.map((c) => c / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)).reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const [a, b] = [light(one), light(two)].sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
};
const OPEN = { fill: "#e4e4e4", text: "#333" };
const regionCells = (kind, scenario, series, year) => data.regions.map((_, region) => cellAt(kind, scenario, series, region, year));
const drawRegions = (state, choose) => {
  const figure = byId("p-regions"), { mapSeries: series, mapYear: year, kind, scenario, mode } = state;
  const against = kind === "effect" ? `, ${t("difference from {baseline}", { baseline })}` : "";
  const what = mode === "years" ? `${YEARS[0]}\u2013${YEARS[YEARS.length - 1]}` : YEARS[year];
  const caption = `${titleOf(series)}: ${nameOf(scenario)}${against}, ${what}, ${unitOf(series, kind)}`;
  figure.querySelector("figcaption").textContent = caption;
  const holder = figure.querySelector(".drawing"), table = figure.querySelector("table");
  if (!hasRegions(series)) {
    holder.replaceChildren(make("p", {}, t("This outcome is kept for the country only; choose a key outcome to see regions.")));
    table.replaceChildren();
    return;
  }
  const cells = regionCells(kind, scenario, series, year);
  const known = cells.slice(1).filter(exists).map((cell) => (kind === "effect" ? Math.abs(valueOf(cell, "middle")) : valueOf(cell, "middle")));
  const order = [...known].sort((a, b) => a - b);
  const quantile = (q) => order[Math.floor(q * (order.length - 1))] ?? 0;
  const middle = kind === "effect" ? 0 : quantile(0.5);
  const widest = (kind === "effect" ? quantile(0.95) : Math.max(quantile(0.95) - middle, middle - quantile(0.05))) || 1;
  const rows = Math.max(...data.regions.slice(1).map((one) => one.row)) + 1, columns = Math.max(...data.regions.slice(1).map((one) => one.column)) + 1;
  const W = widthOf(holder), side = Math.min(W / columns, 86), left = (W - side * columns) / 2, H = side * rows + 4;
  const svg = draw("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": `${caption}. ${t("The table has the numbers.")}` });
  const size = Math.max(4.5, Math.min(11, side / 7.4));
  data.regions.forEach((region, at) => {
    if (at === 0) return;
    const cell = cells[at], x = left + region.column * side, y = region.row * side;
    const tile = draw("g", { "data-region": at, cursor: "pointer" });
    const look = !exists(cell) ? { fill: "#fff", text: "#111" } : kind === "effect" && !claimed(cell) ? OPEN : shade(valueOf(cell, "middle") - middle, widest);
    const sure = kind === "effect" && exists(cell) && claimed(cell), frame = at === state.region ? "#e69f00" : sure ? "#000" : "#bbb";
    tile.append(draw("rect", { x: x + 1.5, y: y + 1.5, width: side - 3, height: side - 3, fill: mode === "years" ? "#fff" : look.fill, stroke: frame, "stroke-width": at === state.region ? 3 : sure ? 2 : 1 }));
    if (mode === "years") tile.append(...sparkline(kind, scenario, series, at, x + 4, y + size * 1.6, side - 8, side - size * 1.6 - 6));
    // on a phone the first letters, large enough to read; the whole name stands in the table and the sheet
    const name = side < 50 ? [region.name.replace(/^'s-/, "").slice(0, 4)] : mode === "years" ? [region.name] : region.lines;
    const fitting = side < 50 ? 9.5 : Math.max(7, Math.min(size, (side - 6) / (0.56 * Math.max(...name.map((line) => line.length)))));
    name.forEach((line, k) => tile.append(draw("text", { x: x + side / 2, y: mode === "years" ? y + size * 1.3 : y + side / 2 + (k - (name.length - 1) / 2) * size * 1.15 + size * 0.35, "text-anchor": "middle", "font-size": fitting.toFixed(1), style: `fill:${mode === "years" ? "#1b1b1b" : look.text}` }, line)));
    tile.addEventListener("pointermove", (event) => showTip(`${region.name}, ${YEARS[year]}\n${told(cell, kind === "effect", unitOf(series, kind))}${kind === "effect" ? `\n${verdict(cell, effectUnit(series))}\n${sides(cell)}` : ""}`, event.clientX, event.clientY));
    tile.addEventListener("pointerleave", hideTip);
    tile.addEventListener("click", () => { hideTip(); choose(at); });
    svg.append(tile);
  });
  const digits = Math.max(0, Math.min(4, 1 - Math.floor(Math.log10(widest))));
  const note = make("p", { class: "from" }, mode === "years"
    ? t("Each tile: median and {band} over the years, all on one scale; the line is zero. Click a tile to choose that region.", { band: t(data.band) })
    : t("Grey: no direction can be told. The interval appears when you point at a region. Click a tile for its sheet."));
  const told_ = cells.slice(1).filter((cell) => exists(cell) && claimed(cell)).length;
  if (kind === "effect" && mode !== "years") note.prepend(`${t(told_ ? "{told} of {all} regions have a direction that is likely or surer." : "None of {all} regions has a direction that is likely or surer.", { told: told_, all: cells.length - 1 })} `);
  const beyond = known.some((value) => Math.abs(value - (kind === "effect" ? 0 : middle)) > widest * 1.001);
  holder.replaceChildren(svg, ...(mode === "years" ? [] : [colourBar(middle, widest, digits, unitOf(series, kind), beyond)]), note);
  const list = data.regions.map((region, at) => [at, region]).slice(1);
  fillTable(table, caption, [t("Region"), kind === "effect" ? t("Effect") : t("Level")], list.map(([at, region]) => [region.name, signed(cells[at], kind, series)]), true);
  offer(figure, "regions", FILE_HEAD, () => list.flatMap(([at]) => (mode === "years" ? YEARS.map((_, y) => fileRow(kind, scenario, series, at, y)) : [fileRow(kind, scenario, series, at, year)])));
};
// The colours with their values; an end that holds farther values too says so
const colourBar = (middle, widest, digits, unit, beyond) => {
  const W = 320, bar = draw("svg", { viewBox: `0 0 ${W} 34`, width: W, height: 34, role: "img", "aria-label": t("Colours and their values") }), steps = 40;
  for (let k = 0; k < steps; k++) bar.append(draw("rect", { x: 20 + k * 7, y: 2, width: 7.2, height: 12, fill: shade(((k + 0.5) / steps) * 2 * widest - widest, widest).fill }));
  [-1, 0, 1].forEach((part) => bar.append(draw("text", { x: 20 + (part + 1) * 140, y: 28, "text-anchor": "middle", "font-size": 11 }, `${part && beyond ? (part < 0 ? "\u2264 " : "\u2265 ") : ""}${onAxis(middle + part * widest, digits)}${part ? "" : ` ${unit}`}`)));
  return make("div", { class: "bar" }, bar);
};
const sparkline = (kind, scenario, series, region, left, top, width, height) => {
  const all = regionScale(kind, scenario, series);
  const x = linear(0, YEARS.length - 1, left, left + width), y = linear(all[0], all[1], top + height, top);
  const cells = YEARS.map((_, at) => cellAt(kind, scenario, series, region, at)).map((cell, at) => [cell, at]).filter(([cell]) => exists(cell));
  if (!cells.length) return [];
  const clip = (value) => Math.max(all[0], Math.min(all[1], value));
  const path = (list, part) => list.map(([cell, at]) => `${x(at).toFixed(1)} ${y(clip(valueOf(cell, part))).toFixed(1)}`).join("L");
  const colour = data.scenarios[scenario].colour;
  return [
    draw("path", { d: `M${path(cells, "high")}L${path([...cells].reverse(), "low")}Z`, fill: colour, opacity: 0.18 }),
    draw("line", { x1: left, x2: left + width, y1: y(clip(0)), y2: y(clip(0)), stroke: "#999", "stroke-width": 0.6 }),
    draw("path", { d: `M${path(cells, "middle")}`, fill: "none", stroke: colour, "stroke-width": 1.3 }),
  ];
};
// One scale for all tiles; a few very wide intervals are cut off rather than flattening all others
const regionScale = (kind, scenario, series) => {
  const ends = [];
  for (let region = 1; region < REGIONS; region++) for (let at = 0; at < YEARS.length; at++) {
    const cell = cellAt(kind, scenario, series, region, at);
    if (exists(cell)) ends.push(valueOf(cell, "low"), valueOf(cell, "high"));
  }
  ends.sort((a, b) => a - b);
  const low = ends[Math.floor(ends.length * 0.02)] ?? 0, high = ends[Math.floor(ends.length * 0.98)] ?? 1;
  return kind === "effect" ? [Math.min(low, 0), Math.max(high, 0) || 1] : [Math.max(0, low), high || 1];
};
