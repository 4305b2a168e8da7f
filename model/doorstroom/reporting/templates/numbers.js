// The packed numbers. A cell is told with `places` decimals and packed as whole numbers with one digit more, for
// drawing (page/payload.py). No number is written without its interval.
const WORD = Object.fromEntries(data.words.map((word, at) => [word, at]));
const SIZE = Object.fromEntries(data.sizes.map((word, at) => [word, at]));
const YEARS = data.years;
const REGIONS = data.regions.length;
const regionalAt = new Map(data.regional.map((series, at) => [series, at]));
const pairs = others.flatMap((one, at) => others.slice(at + 1).map((two) => [one, two]));

// Blocks in the order in which page/payload.py packs them
const unpack = (buffer) => {
  const bytes = new Uint8Array(buffer);
  let from = 0;
  const plane = (count, width) => {
    const values = new { 1: Int8Array, 2: Int16Array, 4: Int32Array }[width](count);
    for (let byte = 0; byte < width; byte++) {
      for (let i = 0; i < count; i++) values[i] |= width === 1 ? bytes[from + i] : bytes[from + i] << (8 * byte);
      from += count;
    }
    return values;
  };
  const block = (scenarios, series, regions) => {
    const count = scenarios * series * regions * YEARS.length;
    const [middle, under, over] = [plane(count, 4), plane(count, 4), plane(count, 4)];
    const [fewer, more] = [plane(count, 2), plane(count, 2)];
    const [places, word, size] = [plane(count, 1), plane(count, 1), plane(count, 1)];
    return (scenario, one, region, year) => {
      const i = ((scenario * series + one) * regions + region) * YEARS.length + year;
      return { middle: middle[i], low: middle[i] - under[i], high: middle[i] + over[i], fewer: fewer[i], more: more[i], places: places[i], word: word[i], size: size[i] };
    };
  };
  const all = data.series.length, some = data.regional.length;
  return {
    level: block(data.scenarios.length, all, 1),
    effect: block(others.length, all, 1),
    pair: block(pairs.length, data.paired.length, 1),
    regionalLevel: block(data.scenarios.length, some, REGIONS),
    regionalEffect: block(others.length, some, REGIONS),
    relative: block(others.length, data.relative.length, 1),
  };
};
let blocks;
const inflate = async () => {
  const raw = Uint8Array.from(atob(byId("packed").textContent), (letter) => letter.charCodeAt(0));
  const stream = new Blob([raw]).stream().pipeThrough(new DecompressionStream("gzip"));
  blocks = unpack(await new Response(stream).arrayBuffer());
};

const hasRegions = (series) => regionalAt.has(series);
// kind: "level" or "effect"; year counts from the first; null where there is nothing to show
const cellAt = (kind, scenario, series, region, year) => {
  const row = kind === "effect" ? scenario - 1 : scenario;
  if (row < 0) return null;
  if (region === 0) return blocks[kind](row, series, 0, year);
  return hasRegions(series) ? blocks[kind === "effect" ? "regionalEffect" : "regionalLevel"](row, regionalAt.get(series), region, year) : null;
};
const fromList = ([middle, under, over, fewer, more, places, word, size]) => ({ middle, low: middle - under, high: middle + over, fewer, more, places, word, size });
const exists = (cell) => cell !== null && cell.word !== WORD["not defined"];
const single = (cell) => cell.size === SIZE["one run, no interval"];
const claimed = (cell) => cell.word <= WORD["likely"] && cell.word >= WORD["virtually certain"];
const valueOf = (cell, part) => cell[part] * 10 ** -(cell.places + 1);

const number = (fine, places, signed) => {
  const whole = Math.trunc(fine / 10 + Math.sign(fine) * 0.5);
  let digits = String(Math.abs(whole)) + (places < 0 && whole !== 0 ? "0".repeat(-places) : "");
  let decimals = "";
  if (places > 0) {
    digits = digits.padStart(places + 1, "0");
    decimals = (language === "nl" ? "," : ".") + digits.slice(-places);
    digits = digits.slice(0, -places);
  }
  const grouped = digits.replace(/\B(?=(\d{3})+$)/g, language === "nl" ? "." : ",");
  return (whole < 0 ? "\u2212" : signed && whole > 0 ? "+" : "") + grouped + decimals;
};
// A number with its unit, which agrees with it: 1 pupil, 2 pupils
const counted = (text, unit) => {
  if (unit === "" || unit === "%") return text + unit;
  const single = /^[+\u2212]?1$/.test(text) ? Object.entries(data.one).find(([many]) => t(many) === unit) : null;
  return `${text} ${single ? t(single[1]) : unit}`;
};
// As wording.summary_text writes it
const told = (cell, signed, unit = "") => {
  if (!exists(cell)) return t("not defined");
  const middle = counted(number(cell.middle, cell.places, signed), unit);
  if (single(cell)) return `${middle} (${t("one run, no interval")})`;
  const ends = { low: number(cell.low, cell.places, signed), high: number(cell.high, cell.places, signed) };
  return `${middle} (${t("{low} to {high}", ends)})`;
};
// As wording.bound writes it
const bound = (end, places) => {
  const fine = Math.abs(end);
  if (fine === 0) return number(0, Math.max(places, 0));
  const kept = Math.min(places, places + 3 - String(fine).length), step = 10 ** (places + 1 - kept);
  return number(Math.floor((fine + Math.floor(step / 2)) / step) * 10, kept);
};
// As wording.verdict writes it; nothing for a level
const verdict = (cell, unit) => {
  if (cell.word >= data.words.length) return "";
  const word = data.words[cell.word], size = data.sizes[cell.size];
  if (!claimed(cell) && word !== "could go either way") return t(word);
  if (size === "too small to matter" && !claimed(cell)) return t(size);
  const ends = { low: bound(cell.low, cell.places), high: bound(cell.high, cell.places) };
  const [down, up] = unit.ways.map((way) => t(way)), whole = unit.text === "%" ? "%" : t(unit.text);
  if (!claimed(cell)) {
    const parts = [[cell.low < 0, ends.low, down], [cell.high > 0, ends.high, up]].filter(([told]) => told).map(([, end, way]) => `${end} ${way}`);
    return parts.length ? t("could go either way, at most {ends}", { ends: parts.join(` ${t("or")} `) }) : t("too small to see");
  }
  const rises = cell.middle > 0, sure = t({ "virtually certain": "virtually certainly" }[word] ?? word);
  const values = { sure, way: rises ? up : down, far: counted(rises ? ends.high : ends.low, whole), near: rises ? ends.low : ends.high };
  if (size === "too small to matter") return t("{sure} {way}, but too small to matter", values);
  return t(size === "at least" ? "{sure} {way}, at least {near} and at most {far}" : "{sure} {way}, at most {far}", values);
};
const sides = (cell) => t("{fewer} runs below zero, {more} above", { fewer: cell.fewer, more: cell.more });
// For files: a plain number that any program reads
const plain = (cell, part) => (!exists(cell) || (part !== "middle" && single(cell)) ? "" : (valueOf(cell, part)).toFixed(Math.max(cell.places + 1, 0)));
const onAxis = (value, digits) => {
  const [whole, part] = Math.abs(value).toFixed(digits).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, language === "nl" ? "." : ",");
  const text = grouped + (part ? (language === "nl" ? "," : ".") + part : "");
  return value < 0 && Number(value.toFixed(digits)) !== 0 ? "\u2212" + text : text;
};
