"use strict";
const $ = (id) => document.getElementById(id);
const data = JSON.parse($("data").textContent);
const escape = (text) => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

// The table of regions: filter and sort
if ($("regions")) {
  const body = $("regions").tBodies[0];
  const rows = [...body.rows];
  const filter = () => {
    const scenario = $("f-scenario").value, outcome = $("f-outcome").value, name = $("f-region").value.toLowerCase();
    let shown = 0;
    for (const row of rows) {
      const cells = row.cells;
      const show = (!scenario || cells[1].textContent.trim() === scenario) && (!outcome || cells[2].textContent.trim() === outcome)
        && cells[0].textContent.toLowerCase().includes(name);
      row.hidden = !show;
      shown += show;
    }
    $("f-count").textContent = shown + " rows";
  };
  const value = (row, at) => (row.cells[at].dataset.v === undefined ? row.cells[at].textContent.trim() : Number(row.cells[at].dataset.v));
  const heads = [...$("regions").tHead.rows[0].cells];
  heads.forEach((head, at) => head.firstElementChild.addEventListener("click", () => {
    const down = head.getAttribute("aria-sort") === "ascending";
    heads.forEach((other) => other.setAttribute("aria-sort", "none"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const sign = down ? -1 : 1;
    rows.sort((a, b) => {
      const x = value(a, at), y = value(b, at);
      return sign * (typeof x === "number" ? x - y : x.localeCompare(y));
    });
    body.append(...rows);
  }));
  ["f-scenario", "f-outcome"].forEach((id) => $(id).addEventListener("change", filter));
  $("f-region").addEventListener("input", filter);
  $("filter").addEventListener("submit", (event) => event.preventDefault());
  filter();
}

// One region over the years
const round = (value, width) => {
  if (value === null) return "not defined";
  const places = width > 0 ? Math.min(4, Math.max(-9, 1 - Math.floor(Math.log10(width)))) : (Math.abs(value) < 100 ? 1 : 0);
  const unit = 10 ** -places;
  const digits = Math.max(places, 0);
  return (Math.round(value / unit) * unit).toLocaleString("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });
};
const steps = (low, high) => {
  const raw = (high - low) / 5 || 1, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((k) => k * power).find((k) => k >= raw);
  const ticks = [];
  for (let at = Math.ceil(low / step) * step; at <= high + step * 1e-6; at += step) ticks.push(at);
  return [ticks, Math.max(0, -Math.floor(Math.log10(step)))];
};
const draw = () => {
  const region = Number($("r-region").value), outcome = Number($("r-outcome").value);
  const about = data.outcomes[outcome], runs = data.values[region][outcome], years = data.years;
  const all = runs.flat(2).filter((x) => x !== null);
  const plot = $("r-plot");
  if (!all.length) { plot.textContent = "Not defined in this region."; $("r-table").tBodies[0].textContent = ""; return; }
  let low = Math.min(...all), high = Math.max(...all);
  const margin = (high - low) * 0.05 || 1;
  low -= margin; high += margin;
  const W = 900, H = 380, L = 80, R = 15, T = 20 + 20 * Math.ceil(data.scenarios.length / 4), B = 45;
  const x = (year) => L + ((year - years[0]) / (years[years.length - 1] - years[0])) * (W - L - R);
  const y = (v) => T + ((high - v) / (high - low)) * (H - T - B);
  const path = (values) => values.map((v, i) => (v === null ? "" : (i && values[i - 1] !== null ? "L" : "M") + x(years[i]).toFixed(1) + " " + y(v).toFixed(1))).join("");
  let svg = `<svg viewBox="0 0 ${W} ${H}" font-size="13">`;
  const [ticks, digits] = steps(low, high);
  for (const tick of ticks) svg += `<line x1="${L}" x2="${W - R}" y1="${y(tick)}" y2="${y(tick)}" stroke="#ddd"/><text x="${L - 8}" y="${y(tick) + 4}" text-anchor="end">${tick.toLocaleString("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits })}</text>`;
  for (const year of years) if (year % 5 === 0) svg += `<text x="${x(year)}" y="${H - B + 20}" text-anchor="middle">${year}</text>`;
  const border = data.lastObserved + 0.5;
  if (border > years[0] && border < years[years.length - 1]) svg += `<line x1="${x(border)}" x2="${x(border)}" y1="${T}" y2="${H - B}" stroke="#777" stroke-dasharray="3 3"/><text x="${x(border) + 5}" y="${H - B - 6}" fill="#555" font-size="11">projection</text><text x="${x(border) - 5}" y="${H - B - 6}" fill="#555" font-size="11" text-anchor="end">hindcast</text>`;
  runs.forEach(([mean, bottom, top], i) => {
    const look = data.scenarios[i];
    if (!bottom.includes(null)) {
      const back = [...years.keys()].reverse().map((k) => "L" + x(years[k]).toFixed(1) + " " + y(bottom[k]).toFixed(1)).join("");
      svg += `<path d="${path(top)}${back}Z" fill="${look.colour}" opacity="0.1"/>`;
      for (const edge of [bottom, top]) svg += `<path d="${path(edge)}" fill="none" stroke="${look.colour}" stroke-width="0.7" stroke-dasharray="${look.dash}" opacity="0.7"/>`;
    }
    svg += `<path d="${path(mean)}" fill="none" stroke="${look.colour}" stroke-width="2" stroke-dasharray="${look.dash}"/>`;
    const column = i % 4, row = Math.floor(i / 4), lx = L + column * 200, ly = 14 + row * 20;
    svg += `<line x1="${lx}" x2="${lx + 34}" y1="${ly}" y2="${ly}" stroke="${look.colour}" stroke-width="2" stroke-dasharray="${look.dash}"/><text x="${lx + 40}" y="${ly + 4}">${escape(look.label)}</text>`;
  });
  const single = runs[0][1].includes(null);
  svg += `<text x="${L}" y="${H - 6}" fill="#555">${escape(about.title)} in ${escape(data.regions[region])}, ${about.unit}; ${single ? "one run, no interval" : "shaded: 90% interval"}</text></svg>`;
  plot.innerHTML = svg;
  plot.setAttribute("aria-label", `${about.title} in ${data.regions[region]} over the years; the table below has its numbers`);
  const chosen = years.filter((year) => [years[0], 2025, 2030, 2035, years[years.length - 1]].includes(year));
  $("r-table").tHead.innerHTML = `<tr><th scope="col">Scenario</th>${chosen.map((year) => `<th scope="col">${year}</th>`).join("")}</tr>`;
  $("r-table").tBodies[0].innerHTML = runs.map(([mean, bottom, top], i) => `<tr><th scope="row"><code>${escape(data.scenarios[i].label)}</code></th>${chosen.map((year) => {
    const k = years.indexOf(year);
    if (mean[k] === null) return "<td>not defined</td>";
    if (bottom[k] === null) return `<td>${round(mean[k], 0)} (one run, no interval)</td>`;
    const width = top[k] - bottom[k];
    return `<td>${round(mean[k], width)} (${round(bottom[k], width)} to ${round(top[k], width)})</td>`;
  }).join("")}</tr>`).join("");
};
["r-region", "r-outcome"].forEach((id) => $(id).addEventListener("change", draw));
draw();
