// The terms of a position, year by year, as desk/basis.py makes them: money as a stock that fades, what it is spent on in
// proportion to it, and the levers around it. All vanish at the present policy.
const B = data.basis;
const SPAN = B.years.length;
const series = (make_) => B.years.map((year, at) => make_(year, at));
const stock = (path, memory) => {
  let held = 0;
  return path.map((value) => (held = memory * held + (1 - memory) * value));
};
const curved = (path, present, steep) => path.map((value, at) => Math.exp(-steep * present[at]) - Math.exp(-steep * value));
const product = (one, other) => one.map((value, at) => value * other[at]);
const stoPath = (at, end) => series((year) => {
  if (end < year || (at.sto_gap > 0 && year === B.later)) return 0;
  return (year < B.later ? at.sto_near : at.sto_later) * (at.sto_indexed > 0 ? (1 + B.priceRise) ** (year - B.first + 1) : 1);
});
const ngfPaths = (at) => {
  const part = (year) => (year < 2028 ? 1 : year <= 2032 ? at.ngf_conditional : at.ngf_after);
  const then = (of, k, year) => of[year > 2032 ? 2032 - B.first : k];
  const regional = series((year, k) => {
    const total = then(B.reserved, k, year), line = then(B.line, k, year);
    return (at.ngf * part(year) * (total - line - at.ngf_national * total) - (B.reserved[k] - B.line[k])) / B.unit;
  });
  const line = series((year, k) => (at.ngf * part(year) * (then(B.line, k, year) + at.ngf_national * then(B.reserved, k, year)) - B.line[k]) / B.unit);
  return [regional, line];
};
const flat = (value) => B.years.map(() => value);
const stoTerms = (sto, end, at) => {
  const straight = sto.map((value) => value - 1), bent = curved(sto, flat(1), B.curve);
  const short = series((year, k) => (year >= B.later && end < B.last ? sto[k] * (Math.min(1, Math.max(0, (end - year) / B.ahead)) - 1) : 0));
  const poor = sto.map((value) => (value * (B.poor + at.sto_poor)) / B.poor);
  return [
    ...[straight, bent].flatMap((path) => [0, 0.6, 0.9].map((memory) => stock(path, memory))), short, stock(short, 0.8),
    stock(poor.map((value) => value - 1), 0.8), stock(poor.map((value) => Math.sqrt(Math.max(value, 0)) - 1), 0.8)];
};
const ngfTerms = (ngf, line) => {
  const reserved = series((_, k) => (B.reserved[k] - B.line[k]) / B.unit), lines_ = series((_, k) => B.line[k] / B.unit);
  return [stock(ngf, 0), stock(ngf, 0.6), stock(ngf, 0.9), stock(curved(ngf.map((value, k) => value + reserved[k]), reserved, B.curve), 0.8),
    stock(line, 0.6), stock(curved(line.map((value, k) => value + lines_[k]), lines_, B.lineCurve), 0.6)];
};
const useTerms = (at, money) => {
  const away = SPLIT.map((key) => at[key] - PRESENT[key]);
  const squares = away.flatMap((one, k) => away.slice(k).map((other) => one * other));
  return [...away, ...squares, Number(at.sto_division === 1), Number(at.sto_division === 2), Number(at.sto_scope === 1)].map((term) => money.map((value) => value * term));
};
const aroundTerms = (at, extra) => {
  const pay = at.pay - PRESENT.pay, boom = at.demand, bust = at.recession, low = Number(at.pupils === 0), high = Number(at.pupils === 2);
  const alone = [pay, pay * pay, low, high, boom, boom * boom, bust, bust * bust, boom * bust, pay * boom, pay * bust];
  return [...alone.map(flat), ...[pay, high - low, boom, bust].map((term) => extra.map((value) => value * term))];
};
const termsOf = (at) => {
  const end = at.sto_gap > 0 && at.sto_end === B.later ? B.later - 1 : at.sto_end;
  const sto = stoPath(at, end), [ngf, line] = ngfPaths(at);
  const extra = stock(sto.map((value) => value - 1), 0.8), more = stock(ngf, 0.8);
  return [...stoTerms(sto, end, at), ...ngfTerms(ngf, line), product(extra, more), ...useTerms(at, extra.map((value) => value + 1)), ...aroundTerms(at, extra)];
};
