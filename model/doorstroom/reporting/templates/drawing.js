// Drawing in SVG: marks, axes, the tip that follows the pointer. Plain SVG, so that plots print, scale and are read aloud.
const draw = (name, attributes = {}, ...children) => {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) node.setAttribute(key, value);
  node.append(...children);
  return node;
};
const make = (name, attributes = {}, ...children) => {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) node.setAttribute(key, value);
  node.append(...children);
  return node;
};
const linear = (low, high, from, to) => (value) => from + ((value - low) / (high - low || 1)) * (to - from);
const ticksOf = (low, high, count) => {
  const raw = (high - low) / count || 1, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((k) => k * power).find((k) => k >= raw);
  const ticks = [];
  for (let at = Math.ceil(low / step - 1e-9) * step; at <= high + step * 1e-9; at += step) ticks.push(Math.abs(at) < step * 1e-9 ? 0 : at);
  return { ticks, digits: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
};
const marker = (shape, x, y, size, fill, stroke) => {
  const s = size, shapes = {
    s: `M${x - s} ${y - s}h${2 * s}v${2 * s}h${-2 * s}Z`,
    "^": `M${x} ${y - s * 1.2}l${s * 1.2} ${s * 2.2}h${-s * 2.4}Z`,
    v: `M${x} ${y + s * 1.2}l${s * 1.2} ${-s * 2.2}h${-s * 2.4}Z`,
    D: `M${x} ${y - s * 1.3}L${x + s * 1.3} ${y}L${x} ${y + s * 1.3}L${x - s * 1.3} ${y}Z`,
    P: `M${x - s / 2} ${y - s * 1.2}h${s}v${s * 0.7}h${s * 0.7}v${s}h${-s * 0.7}v${s * 0.7}h${-s}v${-s * 0.7}h${-s * 0.7}v${-s}h${s * 0.7}Z`,
    X: `M${x - s} ${y - s}L${x + s} ${y + s}M${x + s} ${y - s}L${x - s} ${y + s}`,
  };
  if (!(shape in shapes)) return draw("circle", { cx: x, cy: y, r: s * 1.1, fill, stroke });
  return draw("path", { d: shapes[shape], fill, stroke, "stroke-width": shape === "X" ? 2 : 1 });
};
const sample = (look) => draw("svg", { viewBox: "0 0 38 12", "aria-hidden": "true" },
  draw("line", { x1: 0, x2: 38, y1: 6, y2: 6, stroke: look.colour, "stroke-width": 2.2, "stroke-dasharray": look.dash || null }),
  marker(look.marker, 19, 6, 3.2, look.colour, look.colour));
const keyOf = (scenarios) => make("ul", { class: "key" }, ...scenarios.map((at) => make("li", {}, sample(data.scenarios[at]), nameOf(at))));

const tip = byId("tip");
const showTip = (text, x, y) => {
  tip.textContent = text;
  tip.hidden = false;
  const box = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(4, Math.min(x + 14, innerWidth - box.width - 6))}px`;
  tip.style.top = `${Math.max(4, y + 14 + box.height > innerHeight ? y - box.height - 10 : y + 14)}px`;
};
const hideTip = () => { tip.hidden = true; };
const HIGHER = "#0072B2", LOWER = "#D55E00", UNSURE = "#767676";
const colourOf = (cell) => (!claimed(cell) ? UNSURE : cell.middle > 0 ? HIGHER : LOWER);
const PAPER = 680; // px between the margins of A4
const widthOf = (holder) => Math.max(200, Math.round(printing ? (holder.closest(".grid") ? PAPER / 3 - 12 : PAPER) : holder.clientWidth || 900));
let printing = false;
