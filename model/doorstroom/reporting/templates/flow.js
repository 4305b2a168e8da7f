// From primary school to technical work: how many persons took each step in the year, under one scenario.
const COLUMNS = data.way.columns, BLUE = new Set(data.way.technical);
const drawWay = (state) => {
  const figure = byId("p-way"), { year, wayScenario: scenario } = state;
  const caption = t("The way to technical work: {scenario}, school year before 1 October {year}", { scenario: nameOf(scenario), year: YEARS[year] });
  figure.querySelector("figcaption").textContent = `${caption}. ${t("Width of a band: median number of persons; in brackets: the interval. Blue: technique.")}`;
  const flows = groupsOf("moves").map((series) => {
    const [start, end] = groupOf(series).split(" > ");
    return { series, start, end, cell: cellAt("level", scenario, series, 0, year) };
  }).map((flow) => ({ ...flow, size: exists(flow.cell) ? valueOf(flow.cell, "middle") : 0 }));
  const holder = figure.querySelector(".drawing");
  if (flows.some(({ cell }) => !exists(cell))) holder.replaceChildren(make("p", {}, t("Nobody has moved before the first year; choose a later one.")));
  else holder.replaceChildren(wayDrawing(flows, widthOf(holder), caption));
  fillTable(figure.querySelector("table"), caption, [t("From"), t("To"), t("Persons")], flows.map(({ start, end, cell }) => [t(start), t(end), signed(cell, "level")]));
  offer(figure, "way", FILE_HEAD, () => flows.map(({ series }) => fileRow("level", scenario, series, 0, year)));
};
const labelLines = (text, narrow) => (narrow ? text.split(" ") : [text]);
const wayDrawing = (flows, W, caption) => {
  const H = Math.max(380, Math.min(560, W * 0.6)), narrow = W < 620, gap = narrow ? 26 : 18, wide = 12;
  const tall = Object.fromEntries(COLUMNS.flat().map((name) => [name, Math.max(...["start", "end"].map((side) => flows.filter((flow) => flow[side] === name).reduce((sum, flow) => sum + flow.size, 0)))]));
  const scale = Math.min(...COLUMNS.map((column) => (H - 36 - gap * (column.length - 1)) / (column.reduce((sum, name) => sum + tall[name], 0) || 1)));
  const places = {};
  COLUMNS.forEach((column, at) => {
    let y = 30;
    for (const name of column) {
      places[name] = { x: 4 + (at * (W - wide - 8 - (narrow ? 60 : 110))) / (COLUMNS.length - 1), y, height: tall[name] * scale, out: y, into: y };
      y += tall[name] * scale + gap;
    }
  });
  const svg = draw("svg", { viewBox: `0 0 ${W} ${H}`, "font-size": narrow ? 8 : 12, role: "img", "aria-label": `${caption}. ${t("The table has the numbers.")}` });
  const order = [...flows].sort((a, b) => places[a.start].y - places[b.start].y || places[a.end].y - places[b.end].y);
  const texts = [];
  for (const flow of order) {
    const from = places[flow.start], to = places[flow.end], size = flow.size * scale;
    const x0 = from.x + wide, x1 = to.x, y0 = from.out, y1 = to.into, half = (x0 + x1) / 2;
    const band = draw("path", { d: `M${x0} ${y0}C${half} ${y0} ${half} ${y1} ${x1} ${y1}V${y1 + size}C${half} ${y1 + size} ${half} ${y0 + size} ${x0} ${y0 + size}Z`, fill: BLUE.has(flow.end) ? "#0072B2" : "#8a8a8a", opacity: 0.32 });
    band.addEventListener("pointermove", (event) => showTip(`${t(flow.start)} \u2192 ${t(flow.end)}\n${told(flow.cell, false, t("persons"))}`, event.clientX, event.clientY));
    band.addEventListener("pointerleave", hideTip);
    svg.append(band);
    if (size > 13 && !narrow) texts.push(draw("text", { x: x0 + 5, y: y0 + size / 2 + 4, "font-size": 10.5, "pointer-events": "none" }, told(flow.cell, false)));
    from.out += size;
    to.into += size;
  }
  for (const [name, place] of Object.entries(places)) svg.append(
    draw("rect", { x: place.x, y: place.y, width: wide, height: Math.max(1.5, place.height), fill: BLUE.has(name) ? "#0072B2" : "#555" }),
    ...labelLines(t(name), narrow).map((line, at, all) => draw("text", { x: place.x, y: place.y - 4 - (all.length - 1 - at) * 9, "font-weight": "bold" }, line)));
  svg.append(...texts);
  return svg;
};
