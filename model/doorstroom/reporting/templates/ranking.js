// Scenarios in the order of their effect in one year, and which of them can be told apart.
const horizontal = (holder, rows, unit, label, matters = 0) => {
  // rows: { name, cell, look, note }; a bar for the interval, a mark for the median; or { head } above some of them
  const usable = rows.filter((row) => row.cell && exists(row.cell));
  const all = usable.flatMap(({ cell }) => [valueOf(cell, "low"), valueOf(cell, "high")]);
  const W = widthOf(holder), step = printing ? 20 : 30, T = 8, B = printing ? 34 : 44, H = T + B + step * rows.length;
  const longest = Math.max(...rows.map((row) => row.name.length));
  const L = Math.min(W * 0.46, 14 + 6.6 * longest), R = 16;
  const wide = all.length ? [Math.min(...all, -matters), Math.max(...all, matters)] : [-1, 1];
  const margin = (wide[1] - wide[0]) * 0.05 || 1;
  const low = wide[0] === 0 ? 0 : wide[0] - margin, high = wide[1] === 0 ? 0 : wide[1] + margin;
  const x = linear(low, high === low ? low + 1 : high, L, W - R);
  const svg = draw("svg", { viewBox: `0 0 ${W} ${H}`, "font-size": 13, role: "img", "aria-label": `${label}. ${t("The table has the numbers.")}` });
  const { ticks, digits } = ticksOf(low, high === low ? low + 1 : high, W < 500 ? 3 : 6);
  if (!all.length) {
    holder.replaceChildren(make("p", {}, rows.map(({ name, note }) => `${name}: ${note || t("not defined")}`).join("; ")));
    return;
  }
  if (matters) svg.append(draw("rect", { x: x(-matters), y: T, width: x(matters) - x(-matters), height: H - T - B, fill: "#e6e6e6" }));
  for (const tick of ticks) svg.append(
    draw("line", { x1: x(tick), x2: x(tick), y1: T, y2: H - B, stroke: tick === 0 ? "#000" : "#ddd" }),
    draw("text", { x: x(tick), y: H - B + 17, "text-anchor": "middle" }, onAxis(tick, digits)));
  svg.append(draw("text", { x: (L + W - R) / 2, y: H - 4, "text-anchor": "middle", class: "soft" }, unit));
  rows.forEach(({ head, name, cell, note, plainLook, series, unit: own }, at) => {
    const y = T + step * (at + 0.5);
    if (head) {
      svg.append(draw("text", { x: 0, y: y + step / 2 - 5, "font-weight": "bold", "font-size": printing ? 11 : 13 }, head), draw("line", { x1: 0, x2: W - R, y1: y + step / 2 - 1, y2: y + step / 2 - 1, stroke: "#999" }));
      return;
    }
    const line = draw("g", {});
    const parts = wrapped(name, Math.floor((L - 14) / (name.length > (L - 14) / 3.1 ? 5.4 : 6.2))).slice(0, 3), tight = printing || parts.length > 2;
    line.append(draw("rect", { x: 0, y: y - step / 2, width: W, height: step, fill: "transparent" }), ...parts.map((part, k) => draw("text", { x: L - 10, y: y + 4 + (k - (parts.length - 1) / 2) * (tight ? 9.5 : 12), "text-anchor": "end", "font-size": tight ? 9.5 : parts.length > 1 ? 11 : 12 }, part)));
    if (cell && exists(cell)) {
      const colour = plainLook ? "#1b1b1b" : colourOf(cell), sure = plainLook || claimed(cell);
      if (!single(cell)) line.append(draw("line", { x1: x(valueOf(cell, "low")), x2: x(valueOf(cell, "high")), y1: y, y2: y, stroke: colour, "stroke-width": 4 }));
      line.append(draw("circle", { cx: x(valueOf(cell, "middle")), cy: y, r: 6, fill: sure ? colour : "#fff", stroke: colour, "stroke-width": 2 }));
    } else {
      const text = !note ? t("not defined") : 6.3 * note.length > W - L - 8 ? note.split("; ")[0] : note;
      line.append(draw("text", { x: note && all.length && rows.some((row) => row.head) ? L + 8 : x(Math.max(low, 0)) + 8, y: y + 4, class: "soft", "font-size": Math.min(12, (W - L - 8) / (0.59 * text.length)).toFixed(1), stroke: "#fff", "stroke-width": 4, "paint-order": "stroke" }, text));
    }
    line.addEventListener("pointermove", (event) => showTip(`${name}\n${cell ? told(cell, !plainLook, unit) : note}${cell && !plainLook ? `\n${verdict(cell, own ? { text: own, ways: effectUnit(series).ways } : effectUnit(series))}\n${sides(cell)}` : ""}`, event.clientX, event.clientY));
    line.addEventListener("pointerleave", hideTip);
    svg.append(line);
  });
  holder.replaceChildren(svg);
};
const ordered = (cells) => [...cells].sort((a, b) => (exists(b.cell) ? valueOf(b.cell, "middle") : -Infinity) - (exists(a.cell) ? valueOf(a.cell, "middle") : -Infinity));
const drawRanking = (state) => {
  const figure = byId("p-ranking");
  if (!figure) return;
  const { series, region, year, scenarios } = state;
  const caption = `${titleOf(series)}: ${t("difference from {baseline}", { baseline })}, ${YEARS[year]}, ${regionOf(region)}; ${t("bar: {band}; blue: likely more or surer, orange: likely less or surer, open and grey: no direction to tell", { band: t(data.band) })}`;
  figure.querySelector("figcaption").textContent = caption;
  const cells = scenarios.filter((at) => at > 0).map((at) => ({ at, series, name: nameOf(at), cell: cellAt("effect", at, series, region, year) }));
  const holder = figure.querySelector(".drawing");
  if (!cells.length || cells.some(({ cell }) => cell === null)) holder.replaceChildren(make("p", {}, cells.length ? t("Not kept for this region.") : t("Choose a scenario besides the baseline.")));
  else horizontal(holder, ordered(cells), unitOf(series, "effect"), caption);
  const known = cells.filter(({ cell }) => cell !== null);
  fillTable(figure.querySelector("table"), caption, [t("Scenario"), t("Effect"), t("Scenario stands at"), baseline], ordered(known).map(({ at, name, cell }) => [name, signed(cell, "effect", series), signed(cellAt("level", at, series, region, year), "level"), signed(cellAt("level", 0, series, region, year), "level")]));
  offer(figure, "ranking", FILE_HEAD, () => known.map(({ at }) => fileRow("effect", at, series, region, year)));
  drawPairs(state);
};
const drawPairs = ({ series, region, year, scenarios }) => {
  const holder = byId("pairs"), shown = scenarios.filter((at) => at > 0);
  holder.hidden = region !== 0 || shown.length < 2 || !data.paired.includes(series);
  if (holder.hidden) return;
  const cells = pairs.map(([one, two], at) => ({ one, two, cell: blocks.pair(at, data.paired.indexOf(series), 0, year) })).filter(({ one, two }) => shown.includes(one) && shown.includes(two));
  fillTable(holder.querySelector("table"), `${titleOf(series)}, ${YEARS[year]}, ${unitOf(series, "effect")}; ${t("first scenario minus second, with the same assumptions and luck")}`,
    [t("First"), t("Second"), t("Difference"), t("Is their order settled?")],
    cells.map(({ one, two, cell }) => [nameOf(one), nameOf(two), signed(cell, "effect", series), claimed(cell) ? t("yes") : t("no")]));
};
