// Effects over the years with their intervals; where the desk gives no number, there is a gap.
const curves = (holder, outcome, scenarios, chosen) => {
  const rows = scenarios.map((at) => YEARS.map((_, year) => cellAt("effect", at, outcome, 0, year)));
  const all = rows.flat().filter(Boolean).flatMap((cell) => [valueOf(cell, "low"), valueOf(cell, "high")]);
  holder.replaceChildren();
  let low = Math.min(0, ...all), high = Math.max(0, ...all);
  const margin = (high - low) * 0.06 || 1, W = widthOf(holder), H = 190, T = 10, B_ = 22, R = 14;
  [low, high] = [low - margin, high + margin];
  const { ticks, digits } = ticksOf(low, high, 4), labels = ticks.map((tick) => onAxis(tick, digits));
  const L = 14 + 7 * Math.max(...labels.map((label) => label.length));
  const x = linear(YEARS[0], YEARS[YEARS.length - 1], L, W - R), y = linear(low, high, H - B_, T);
  const svg = draw("svg", { viewBox: `0 0 ${W} ${H}`, "font-size": 11, role: "img", "aria-label": `${titleOf(outcome)}, ${unitOf(outcome, "effect")}. ${t("The table has the numbers.")}` });
  ticks.forEach((tick, k) => svg.append(
    draw("line", { x1: L, x2: W - R, y1: y(tick), y2: y(tick), stroke: tick === 0 ? "#000" : "#ddd" }),
    draw("text", { x: L - 6, y: y(tick) + 4, "text-anchor": "end" }, labels[k])));
  for (const year of YEARS) if (year % 5 === 0) svg.append(draw("text", { x: x(year), y: H - 6, "text-anchor": "middle" }, String(year)));
  svg.append(draw("line", { x1: x(YEARS[chosen]), x2: x(YEARS[chosen]), y1: T, y2: H - B_, stroke: "#e69f00", "stroke-width": 1.5 }));
  rows.forEach((row, k) => {
    const look = data.scenarios[scenarios[k]], at = (year, part) => `${x(YEARS[year]).toFixed(1)} ${y(valueOf(row[year], part)).toFixed(1)}`;
    for (const run of stretches(row)) {
      svg.append(draw("path", { d: `M${run.map((year) => at(year, "high")).join("L")}L${[...run].reverse().map((year) => at(year, "low")).join("L")}Z`, fill: look.colour, opacity: 0.13, stroke: look.colour, "stroke-width": run.length > 1 ? 0 : 3 }));
      for (const part of ["low", "high"]) svg.append(draw("path", { d: `M${run.map((year) => at(year, part)).join("L")}`, fill: "none", stroke: look.colour, "stroke-width": 0.7, "stroke-dasharray": look.dash || null, opacity: 0.8 }));
      svg.append(draw("path", { d: `M${run.map((year) => at(year, "middle")).join("L")}`, fill: "none", stroke: look.colour, "stroke-width": 2, "stroke-dasharray": look.dash || null }));
      for (const year of run) if (run.length === 1 || (year + k) % 4 === 0) svg.append(marker(look.marker, x(YEARS[year]), y(valueOf(row[year], "middle")), 2.5, look.colour, look.colour));
    }
  });
  holder.append(svg);
  follow(holder, svg, { W, L, R, T, B: B_, H, x, first: YEARS[0], rows, shown: scenarios, series: outcome, region: 0, kind: "effect" });
};
// Years next to each other that have a number
const stretches = (row) => row.reduce((found, cell, year) => {
  if (!cell) return found;
  const last = found[found.length - 1];
  if (last && last[last.length - 1] === year - 1) last.push(year); else found.push([year]);
  return found;
}, []);
