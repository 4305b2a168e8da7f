// The levers, a position of them, the money that follows, and the scenario file that says the same: as desk/position.py.
const LEVERS = data.levers;
const LEVER = Object.fromEntries(LEVERS.map((lever) => [lever.key, lever]));
const PRESENT = Object.fromEntries(LEVERS.map((lever) => [lever.key, lever.present]));
const SPLIT = data.split;
const POLICY = data.policy;
const euro = (amount) => { const whole = Math.floor(amount + 0.5); return whole >= 10000 ? whole : 0; };
const settled = (position) => {
  const at = { ...position };
  if (at.sto_gap && at.sto_end === 2029) at.sto_end = 2028;
  if (at.sto_end < 2029) at.sto_gap = 0;
  return at;
};
const movedIn = (position) => { const at = settled(position); return LEVERS.map(({ key }) => key).filter((key) => at[key] !== PRESENT[key]); };
const outside = (position) => {
  const beyond = LEVERS.filter(({ key, low, high }) => !(position[key] >= low && position[key] <= high)).map(({ key }) => key);
  if (1 - SPLIT.reduce((sum, key) => sum + position[key], 0) < data.leastRest - 1e-9) beyond.push(...SPLIT.filter((key) => !beyond.includes(key)));
  return beyond;
};
const YEARS_OF = (first, last) => Array.from({ length: last - first + 1 }, (_, k) => first + k);
// What a file says of each scheme; amounts as the ministry offers them
const stoSaid = (at) => {
  const said = Object.fromEntries([...POLICY.sto, POLICY.support].map((name) => [name, {}]));
  if (["sto_near", "sto_later", "sto_poor"].some((key) => at[key] !== PRESENT[key])) {
    const now = POLICY.sto.map((name) => POLICY.paid[name][2028]), total = now[0] + now[1], poor = now[1] / total + at.sto_poor;
    POLICY.sto.forEach((name, k) => {
      const part = k ? poor : 1 - poor, near = euro(at.sto_near * total * part), later = euro(at.sto_later * total * part), most = Math.max(near, later);
      said[name].budget = { 2025: POLICY.paid[name][2025], 2026: most, 2027: most, 2028: most };
      said[name].after = most ? later / most : 0;
      if (near < most) said[name].granted = { 2026: near / most, 2027: near / most, 2028: near / most };
    });
  }
  const stopped = [...(at.sto_gap ? [2029] : []), ...YEARS_OF(at.sto_end + 1, 2040)];
  for (const name of [...POLICY.sto, POLICY.support]) {
    if (at.sto_end < 2029) said[name].after = 0;
    else if (stopped.length && (said[name].after ?? 1) > 0) said[name].gap_years = stopped;
  }
  for (const name of POLICY.sto) {
    if (at.sto_indexed) said[name].indexed = true;
    if (at.sto_scope) said[name].scope = "hard_technique";
    if (SPLIT.some((key) => at[key] !== PRESENT[key])) said[name].activities = splitOf(at);
  }
  if (at.sto_division) said[POLICY.sto[0]].division = ["fixed_shares", "per_technique_pupil", "need_weighted"][at.sto_division];
  return said;
};
const splitOf = (at) => {
  const named = { teachers: at.staff, equipment: at.equipment, orientation: at.orientation };
  const others = Object.entries(POLICY.activities).filter(([name]) => !(name in named)), usual = others.reduce((sum, [, part]) => sum + part, 0);
  const rest = 1 - (named.teachers + named.equipment + named.orientation);
  return Object.fromEntries(Object.entries(POLICY.activities).map(([name, part]) => [name, name in named ? named[name] : (rest * part) / usual]));
};
const ngfSaid = (at) => {
  const said = Object.fromEntries([POLICY.national, ...POLICY.regional].map((name) => [name, {}]));
  const amounts = Object.fromEntries(Object.keys(said).map((name) => [name, {}]));
  for (const name of POLICY.regional) for (const year of YEARS_OF(2026, 2032)) {
    const regional = POLICY.paid[name][year];
    if (regional === undefined) continue;
    const national = POLICY.paid[POLICY.national][year], moved = at.ngf_national * (national + regional);
    amounts[POLICY.national][year] = euro(at.ngf * (national + moved));
    amounts[name][year] = euro(at.ngf * (regional - moved));
  }
  const changed = ["ngf", "ngf_national"].some((key) => at[key] !== PRESENT[key]);
  for (const [name, own] of Object.entries(amounts)) {
    const before = Object.fromEntries(Object.entries(POLICY.paid[name]).filter(([year]) => Number(year) < 2026));
    if (changed) said[name].budget = { ...before, ...own };
    const conditional = Object.keys(own).filter((year) => Number(year) >= 2028);
    if (!at.ngf_conditional && !at.ngf_after) said[name].release = "no";
    else if (at.ngf_conditional < 1 && conditional.length) said[name].granted = Object.fromEntries(conditional.map((year) => [year, at.ngf_conditional]));
    if (at.ngf_after && name !== POLICY.regional[0]) said[name].after = at.ngf_after;
  }
  return said;
};
const saidOf = (position) => {
  const at = settled(position), schemes = { ...stoSaid(at), ...ngfSaid(at) }, context = {};
  if (at.pay !== PRESENT.pay) context.teacher_pay = { 2026: at.pay };
  if (at.pupils !== PRESENT.pupils) context.pupils = ["low", "middle", "high"][at.pupils];
  const demand = {};
  if (at.demand || at.recession) demand.all = Object.fromEntries(Object.entries(POLICY.recession).map(([year, fall]) => [year, (Number(year) <= 2030 ? at.demand : 0) + at.recession * fall]));
  if (at.recession) demand.bouw = Object.fromEntries(Object.entries(POLICY.building).map(([year, fall]) => [year, at.recession * fall]));
  return { schemes: Object.fromEntries(Object.entries(schemes).filter(([, one]) => Object.keys(one).length)), context, demand };
};
// What a scheme pays per year, as Scheme.paid
const paidOf = (name, said) => series((year) => {
  const own = said.schemes[name] ?? {}, scheme = POLICY.schemes[name];
  const budget = (one) => (own.budget ?? POLICY.paid[name])[one] ?? 0;
  if (year < scheme.first || (own.gap_years ?? []).includes(year)) return 0;
  if (own.release === "no" && scheme.conditional !== null && year >= scheme.conditional) return 0;
  const granted = own.granted?.[year] ?? 1;
  return year > scheme.last ? granted * (own.after ?? scheme.after) * budget(scheme.last) : granted * budget(year);
});
const moneyOf = (position) => {
  const said = saidOf(position), paid = Object.fromEntries(Object.keys(POLICY.schemes).map((name) => [name, paidOf(name, said)]));
  const sum = (names) => series((_, k) => names.reduce((all, name) => all + paid[name][k], 0));
  const sto = sum(POLICY.sto), others = sum(Object.keys(paid).filter((name) => !POLICY.sto.includes(name)));
  return { paid, sto, ngf: sum([POLICY.national, ...POLICY.regional]), others, indexed: position.sto_indexed > 0 };
};
const value = (found) => (typeof found === "string" ? `"${found}"` : Array.isArray(found) ? `[${found.join(", ")}]`
  : typeof found === "object" ? `{ ${Object.entries(found).map(([key, one]) => `${key} = ${value(one)}`).join(", ")} }`
    : typeof found === "number" && Number.isInteger(found) ? `${found}.0` : String(found));
const tomlOf = (position, title) => {
  const said = saidOf(position), lines_ = [
    `# From the policy desk of doorstroom ${data.study.slice(0, 12)}; the position: ${addressOf(position) || "the present policy"}`,
    `title = ${JSON.stringify(title)}`, `question = "What does this position of the levers do?"`, `changes = "As set on the policy desk."`, `parent = "${POLICY.name}"`];
  for (const [name, own] of Object.entries(said.schemes)) lines_.push("", `[schemes.${name}]`, ...Object.entries(own).map(([key, one]) => `${key} = ${value(one)}`));
  if (Object.keys(said.context).length) lines_.push("", "[context]", ...Object.entries(said.context).map(([key, one]) => `${key} = ${value(one)}`));
  if (Object.keys(said.demand).length) lines_.push("", "[context.demand]", ...Object.entries(said.demand).map(([key, one]) => `${key} = ${value(one)}`));
  return `${lines_.join("\n")}\n`;
};
const addressOf = (position) => movedOnly(position).map(([key, at]) => `${key}=${at}`).join("&");
const movedOnly = (position) => Object.entries(position).filter(([key, at]) => at !== PRESENT[key]);
