// From a position to its answer: every draw's own response, what single runs are off by, and whether that can be trusted.
let learned;
const unpackLearned = (buffer) => {
  let from = 0;
  const bytes = (count, Kind) => { const end = from + count * Kind.BYTES_PER_ELEMENT, found = new Kind(buffer.slice(from, end)); from = end; return found; };
  const found = {};
  for (const { name, shape, scales, type } of data.layout) {
    const scale = scales ? bytes(scales, Float32Array) : null;
    const count = shape.reduce((all, one) => all * one, 1), raw = bytes(count, { int16: Int16Array, uint8: Uint8Array, float32: Float32Array }[type]);
    if (!scale) { found[name] = raw; continue; }
    const each = count / scales, full = new Float32Array(count);
    for (let k = 0; k < count; k++) full[k] = raw[k] * scale[Math.floor(k / each)];
    found[name] = full;
  }
  learned = found;
};
const TOLD = data.outcomes.length, DRAWS = data.draws, TERMS = data.terms;
const SCALES = data.outcomes.map((one) => one.factor);
// Values per outcome and year, an array of draws each: without luck, with it, and the error of the median
const answerOf = (position) => {
  const terms = termsOf(position), [least, most] = lawOf(position), found = [];
  for (let outcome = 0; outcome < TOLD; outcome++) {
    const years = [];
    for (let year = 0; year < SPAN; year++) {
      const at = outcome * SPAN + year, response = new Float64Array(DRAWS);
      let square = 0;
      for (let term = 0; term < TERMS; term++) {
        const phi = terms[term][year];
        if (phi === 0) continue;
        square += (phi * learned.size[at * TERMS + term]) ** 2;
        const start = (at * TERMS + term) * DRAWS;
        for (let draw = 0; draw < DRAWS; draw++) response[draw] += phi * learned.coefficients[start + draw];
      }
      const scale = Math.sqrt(square), spread = Math.sqrt(learned.variance[2 * at] * scale + learned.variance[2 * at + 1] * scale ** 2);
      let values = response.map((one, draw) => one + spread * learned.luck[at * DRAWS + draw]);
      let alone = response;
      if (data.outcomes[outcome].name === "absorbed") [alone, values] = [alone, values].map((all) => all.map((one) => Math.min(Math.max(one, least[year]), most[year])));
      years.push({ response: alone, values, error: learned.error[at] * scale });
    }
    found.push(years);
  }
  return found;
};
// More money and nothing else never means less work done; less of it never means more
const lawOf = (position) => {
  const least = flat(-Infinity), most = flat(Infinity), which = movedIn(position);
  if (!which.length || !which.every((key) => data.amounts.includes(key))) return [least, most];
  const own = moneyOf(position), now = moneyOf(PRESENT);
  let up = true, down = true;
  B.years.forEach((year, k) => {
    const more = own.others[k] + own.sto[k] * (own.indexed ? 1.02 ** (year - 2025) : 1) - now.others[k] - now.sto[k];
    up &&= more >= 0;
    down &&= more <= 0;
    if (up) least[k] = 0;
    if (down) most[k] = 0;
  });
  return [least, most];
};
// A cell per outcome and year; null where the desk gives no number and the model has to be run
const told_ = (answer, minus = null) => answer.map((years, outcome) => years.map(({ values, error }, year) => {
  const least = data.matters[outcome][year], other = minus?.[outcome][year];
  const summary = summarise(other ? values.map((one, draw) => one - other.values[draw]) : values, least);
  const off = other ? Math.hypot(error, other.error) : error;
  return { summary, cell: cellOf(summary, SCALES[outcome]), error: off, run: refusedFor(summary, off, least) };
}));
const refusedFor = ({ low, high }, error, least) => {
  if (Math.max(Math.abs(low - error), Math.abs(high + error)) < least) return "";
  if (error > data.part * (high - low)) return "the error of the desk is more than a tenth of the interval";
  return error > least ? "the error of the desk is larger than the smallest difference that matters" : "";
};
// Rank correlation of the draws' responses with their parameters
const hangsOn = (response) => {
  const order = Array.from(response, (one, draw) => [one, draw]).sort((a, b) => a[0] - b[0]), rank = new Float64Array(DRAWS);
  order.forEach(([, draw], at) => { rank[draw] = at; });
  const middle = (DRAWS - 1) / 2, square = (DRAWS * (DRAWS ** 2 - 1)) / 12;
  return data.parameters.map((one, parameter) => {
    let sum = 0;
    for (let draw = 0; draw < DRAWS; draw++) sum += (rank[draw] - middle) * (learned.ranks[parameter * DRAWS + draw] - middle);
    return { ...one, with: sum / square };
  }).sort((a, b) => Math.abs(b.with) - Math.abs(a.with));
};
const regionalOf = (position, outcome, year) => {
  const terms = termsOf(position), count = data.regions.length - 1, years = data.regionalYears, k = B.years.indexOf(years[year]), at = outcome * years.length + year;
  const middle = new Float64Array(count);
  let square = 0;
  for (let term = 0; term < TERMS; term++) {
    const phi = terms[term][k];
    square += (phi * learned.regional_size[at * TERMS + term]) ** 2;
    for (let region = 0; region < count; region++) middle[region] += phi * learned.regional_coefficients[(at * TERMS + term) * count + region];
  }
  const scale = Math.sqrt(square);
  return Array.from(middle, (one, region) => {
    const [under, over] = [0, 1].map((end) => learned.regional_ends[(at * count + region) * 2 + end] * scale);
    return { middle: one, low: one + under, high: one + over, level: learned.regional_levels[at * count + region] };
  });
};
