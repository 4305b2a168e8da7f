// What runs say of an effect, as experiment/effects.py says it: a median, the interval of 90% by the order of the runs, how
// many lie on either side of zero, a word for the direction and one for the size.
const TAIL = 0.05;
const ranked = (ordered, rank) => {
  const place = Math.min(Math.max(rank, 1), ordered.length) - 1, under = Math.floor(place), over = Math.min(under + 1, ordered.length - 1);
  return ordered[under] === ordered[over] ? ordered[under] : ordered[under] * (1 - (place - under)) + ordered[over] * (place - under);
};
const endOf = (ordered, beyond) => ranked(ordered, beyond * (ordered.length + 1) < 1 - 1e-9 ? 1 : beyond * (ordered.length + 1));
const intervalOf = (ordered) => {
  const n = ordered.length, mirrored = Array.from(ordered, (one) => -one).reverse(), narrow = TAIL * (n + 1) < 1 - 1e-9;
  let low = endOf(ordered, TAIL), high = -endOf(mirrored, TAIL);
  const often = (end) => low !== high && ordered.filter((one) => one === end).length >= 2;
  const [atLow, atHigh] = [often(low), often(high)];
  if (atLow && !atHigh && !narrow) high = -endOf(mirrored, Math.max(2 * TAIL - ordered.filter((one) => one < low).length / n, TAIL));
  if (atHigh && !atLow && !narrow) low = endOf(ordered, Math.max(2 * TAIL - ordered.filter((one) => one > high).length / n, TAIL));
  return [low, high];
};
const summarise = (values, matters) => {
  const ordered = Float64Array.from(values).sort(), n = ordered.length;
  const below = ordered.filter((one) => one < 0).length, above = ordered.filter((one) => one > 0).length;
  const [low, high] = intervalOf(ordered), median = ranked(ordered, (n + 1) / 2);
  const sure = data.chanceLow[Math.max(below, above)];
  const word = below + above === 0 ? "too small to see" : sure >= 0.99 ? "virtually certain" : sure >= 0.9 ? "very likely" : sure >= 0.66 ? "likely" : "could go either way";
  const farther = Math.max(Math.abs(low), Math.abs(high)), nearer = low * high > 0 ? Math.min(Math.abs(low), Math.abs(high)) : 0;
  const firm = word === "virtually certain" || word === "very likely";
  const size = word === "too small to see" ? "" : farther < matters ? "too small to matter" : firm && nearer > 0 && nearer >= matters ? "at least" : "at most";
  return { median, low, high, below, above, word, size };
};
// Two significant digits in the width of the interval, as wording.decimals
const decimalsOf = (low, high) => {
  const width = Math.abs(high - low);
  if (width === 0) return Math.abs(low) >= 100 || low === 0 ? 0 : 2;
  let places = 1 - Math.floor(Math.log10(width));
  if (low * high > 0) places = Math.max(places, -Math.floor(Math.log10(Math.min(Math.abs(low), Math.abs(high)))));
  return Math.max(-90, Math.min(4, 7 - Math.floor(Math.log10(Math.max(Math.abs(low), Math.abs(high)))), places));
};
const cellOf = (summary, factor) => {
  const [middle, low, high] = [summary.median, summary.low, summary.high].map((one) => one * factor), places = decimalsOf(low, high);
  const whole = (one) => Math.round(one * 10 ** (places + 1));
  return { middle: whole(middle), low: whole(low), high: whole(high), fewer: summary.below, more: summary.above, places, word: WORD[summary.word], size: SIZE[summary.size] };
};
