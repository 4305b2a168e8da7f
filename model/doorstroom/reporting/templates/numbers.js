// The packed numbers. A cell is told with `places` decimals and packed as whole numbers with one digit more, for
// drawing (page/payload.py). No number is written without its interval.
const WORD = Object.fromEntries(data.words.map((word, at) => [word, at]));
const YEARS = data.years;
const REGIONS = data.regions.length;
const regionalAt = new Map(data.regional.map((series, at) => [series, at]));
const pairs = others.flatMap((one, at) => others.slice(at + 1).map((two) => [one, two]));

// Blocks in the order in which page/payload.py packs them
const unpack = (buffer) => {
  const bytes = new Uint8Array(buffer);
  let from = 0;
  const plane = (count, width) => {
    const values = width === 1 ? new Int8Array(count) : new Int32Array(count);
    for (let byte = 0; byte < width; byte++) {
      for (let i = 0; i < count; i++) values[i] |= width === 1 ? bytes[from + i] : bytes[from + i] << (8 * byte);
      from += count;
    }
    return values;
  };
  const block = (scenarios, series, regions) => {
    const count = scenarios * series * regions * YEARS.length;
    const [mean, below, above] = [plane(count, 4), plane(count, 4), plane(count, 4)];
    const [places, word] = [plane(count, 1), plane(count, 1)];
    return (scenario, one, region, year) => {
      const i = ((scenario * series + one) * regions + region) * YEARS.length + year;
      return { mean: mean[i], low: mean[i] - below[i], high: mean[i] + above[i], places: places[i], word: word[i] };
    };
  };
  const all = data.series.length, some = data.regional.length;
  return {
    level: block(data.scenarios.length, all, 1),
    effect: block(others.length, all, 1),
    pair: block(pairs.length, all, 1),
    regionalLevel: block(data.scenarios.length, some, REGIONS),
    regionalEffect: block(others.length, some, REGIONS),
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
const fromList = ([mean, low, high, places, word]) => ({ mean, low, high, places, word });
const exists = (cell) => cell !== null && cell.word !== WORD["not defined"];
const single = (cell) => cell.word === WORD["one run, no interval"];
const claimed = (cell) => cell.word === WORD["likely"] || cell.word === WORD["very likely"];
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
// As wording.summary_text writes it
const told = (cell, signed, unit = "") => {
  if (!exists(cell)) return t("not defined");
  const after = unit === "" ? "" : unit === "%" ? "%" : ` ${unit}`;
  const mean = number(cell.mean, cell.places, signed) + after;
  if (single(cell)) return `${mean} (${t("one run, no interval")})`;
  const ends = { low: number(cell.low, cell.places, signed), high: number(cell.high, cell.places, signed) };
  return `${mean} (${t("{low} to {high}", ends)})`;
};
const sureness = (cell) => (cell.word < data.words.length ? t(data.words[cell.word]) : "");
// For files: a plain number that any program reads
const plain = (cell, part) => (!exists(cell) || (part !== "mean" && single(cell)) ? "" : (valueOf(cell, part)).toFixed(Math.max(cell.places + 1, 0)));
const onAxis = (value, digits) => {
  const [whole, part] = Math.abs(value).toFixed(digits).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, language === "nl" ? "." : ",");
  const text = grouped + (part ? (language === "nl" ? "," : ".") + part : "");
  return value < 0 && Number(value.toFixed(digits)) !== 0 ? "\u2212" + text : text;
};
