// The desk: a position, its answer at once, a second position beside it, and what can be taken along.
const state = { position: { ...PRESENT }, kept: null, year: 2030, outcome: 0, region: 0 };
let now = null, before = null, checked = null, refused = [], answer = null, other = null;
const YEAR = () => YEARS.indexOf(state.year);
const ERROR = (outcome, error) => onAxis(error * SCALES[outcome], error * SCALES[outcome] >= 10 ? 0 : error * SCALES[outcome] >= 1 ? 1 : 2);
const never = () => flat(null);
const cellsOf = (told) => told.map((years) => years.map(({ cell, run }) => (run ? null : cell)));
const compute = () => {
  const shown = (position) => (position && !outside(position).length ? answerOf(position) : null);
  refused = outside(state.position);
  [answer, other] = [shown(state.position), shown(state.kept)];
  [now, before] = [answer, other].map((one) => one && told_(one));
  const none = data.outcomes.map(never);
  const rows = [now ? cellsOf(now) : none, before ? cellsOf(before) : none, checked ? checked.cells : none];
  blocks = {
    effect: (row, outcome, region, year) => rows[row]?.[outcome]?.[year] ?? null,
    level: (row, outcome, region, year) => fromList(data.levels[outcome][year]),
  };
};
const SHOWN = () => [1, ...(state.kept ? [2] : []), ...(checked ? [3] : [])];
const sentence = (told, outcome, year) => {
  const { cell, error, run, summary } = told[outcome][year], unit = effectUnit(outcome), name = data.headlineNames[outcome] ? t(data.headlineNames[outcome]) : titleOf(outcome);
  if (summary.below + summary.above === 0) return [name, movedIn(state.position).length ? t("can't differ yet") : t("the same: nothing is moved"), ""];
  if (run) return [name, t("run it"), t(run)];
  if (data.sizes[cell.size] === "too small to matter" && !claimed(cell)) return [name, verdict(cell, unit), ""];
  return [name, verdict(cell, unit), `${told_cell(cell, outcome)}; ${t("the desk is less than {error} off two times in three", { error: `${ERROR(outcome, error)}${after(unit)}` })}`];
};
const after = (unit) => (unit.text === "%" ? "%" : ` ${t(unit.text)}`);
const told_cell = (cell, outcome) => told(cell, true, unitOf(outcome, "effect"));
const drawAnswer = () => {
  const year = YEAR(), list = byId("sentences");
  byId("answer-year").textContent = String(state.year);
  if (!now) {
    list.replaceChildren(make("li", {}, make("strong", {}, t("Run it")), ` ${t("because these levers stand where nothing was tried: {levers}", { levers: refused.map((key) => t(LEVER[key].title)).join(", ") })}`));
    return;
  }
  list.replaceChildren(...data.headline.map((outcome) => {
    const [name, words, rest] = sentence(now, outcome, year);
    return make("li", {}, make("strong", {}, `${name[0].toUpperCase()}${name.slice(1)}: ${words}.`), rest ? ` ${rest[0].toUpperCase()}${rest.slice(1)}.` : "");
  }));
};
const drawYears = () => {
  const figure = byId("p-years"), others_ = data.headline.includes(state.outcome) ? data.headline : [state.outcome, ...data.headline.slice(0, 2)];
  const caption = `${t("Difference from the present policy, over the years")}; ${t("shaded: {band}", { band: t(data.band) })}`;
  figure.querySelector("figcaption").textContent = caption;
  const grid = make("div", { class: "grid" });
  figure.querySelector(".drawing").replaceChildren(keyOf(SHOWN()), grid);
  for (const outcome of others_) {
    const place = make("div"), plot = make("div");
    place.append(make("p", { class: "title" }, titleOf(outcome), make("span", { class: "soft" }, ` (${unitOf(outcome, "effect")})`)), plot);
    grid.append(place);
    curves(plot, outcome, SHOWN(), YEAR());
    const silent = now ? YEARS.filter((_, k) => now[outcome][k].run) : YEARS;
    if (silent.length) place.append(make("p", { class: "run" }, t("Run it for {years}: here the desk gives no number.", { years: spans(silent) })));
  }
  const rows = YEARS.map((year, k) => [String(year), ...others_.flatMap((outcome) => SHOWN().map((at) => numberAt(at, outcome, k)))]);
  fillTable(figure.querySelector("table"), caption, [t("Year"), ...others_.flatMap((outcome) => SHOWN().map((at) => `${titleOf(outcome)}, ${nameOf(at)}`))], rows);
  offer(figure, "years", FILE_HEAD, () => data.outcomes.flatMap((_, outcome) => SHOWN().flatMap((at) => YEARS.map((_, k) => fileRow("effect", at, outcome, 0, k)))));
};
const spans = (years) => {
  const found = [];
  for (const year of years) {
    const last = found[found.length - 1];
    if (last && last[1] === year - 1) last[1] = year; else found.push([year, year]);
  }
  return found.map(([from, to]) => (from === to ? String(from) : `${from}\u2013${to}`)).join(", ");
};
const numberAt = (at, outcome, year) => {
  const cell = cellAt("effect", at, outcome, 0, year);
  return cell === null ? t("run it") : signed(cell, "effect", outcome);
};
const drawTable = () => {
  const year = YEAR(), caption = t("All outcomes in {year}: difference from the present policy", { year: state.year });
  const both = answer && other ? told_(answer, other) : null;
  const heads = [t("Outcome"), t("Unit"), t("This position"), ...(both ? [t("Kept position"), t("This minus the kept one")] : []), ...(checked ? [t("The model itself")] : []), t("Error of the desk, held two times in three")];
  fillTable(byId("all"), caption, heads, data.outcomes.map((_, outcome) => [
    titleOf(outcome), unitOf(outcome, "effect"), numberAt(1, outcome, year),
    ...(both ? [numberAt(2, outcome, year), both[outcome][year].run ? t("run it") : signed(both[outcome][year].cell, "effect", outcome)] : []),
    ...(checked ? [numberAt(3, outcome, year)] : []),
    now ? `${ERROR(outcome, now[outcome][year].error)}` : "\u2013"]));
};
const drawMoney = () => {
  const own = moneyOf(state.position), was = moneyOf(PRESENT), mean = 1.02;
  const with_ = (money, k) => money.sto[k] * (money.indexed ? mean ** (YEARS[k] - 2025) : 1);
  const rows = YEARS.map((year, k) => {
    const more = with_(own, k) + own.others[k] - with_(was, k) - was.others[k];
    return [String(year), onAxis(with_(own, k) / 1e6, 1), onAxis(own.ngf[k] / 1e6, 1), onAxis((with_(own, k) + own.others[k]) / 1e6, 1), more ? `${more > 0 ? "+" : ""}${onAxis(more / 1e6, 1)}` : "0"];
  });
  fillTable(byId("money-table"), t("What the schemes pay, million euro a year"), [t("Year"), "STO", "NGF", t("All schemes"), t("Difference from the present policy")], rows);
  const sums = Float64Array.from({ length: DRAWS }, (_, draw) => YEARS.reduce((all, year, k) => {
    const price = learned.prices[draw * SPAN + k], of = (money) => money.others[k] + money.sto[k] * (money.indexed ? price : 1);
    return all + of(own) - of(was);
  }, 0));
  const first = sums[0], one = sums.every((sum) => sum > 0) || sums.every((sum) => sum < 0);
  byId("money-said").textContent = t("Over {first}\u2013{last} together: {amount} million euro against the present policy.", { first: YEARS[0], last: YEARS[SPAN - 1], amount: `${first > 0 ? "+" : ""}${onAxis(ranked(Float64Array.from(sums).sort(), (DRAWS + 1) / 2) / 1e6, 0)}` });
  const list = byId("prices");
  if (!now || !one) { list.replaceChildren(make("li", {}, t(now ? "The same money: nothing to divide by." : "Run it"))); return; }
  list.replaceChildren(...data.headline.map((outcome) => {
    const silent = now[outcome].filter(({ run }) => run).length;
    const whole = Float64Array.from({ length: DRAWS }, (_, draw) => answer[outcome].reduce((all, { values }) => all + values[draw], 0));
    const bought = summarise(whole.map((all, draw) => (all / sums[draw]) * 1e6), 0), cell = cellOf(bought, SCALES[outcome]);
    const words = silent > SPAN / 3 ? t("run it") : `${told(cell, false)} ${t("per million euro")}; ${priceOf(bought)}`;
    return make("li", {}, make("strong", {}, `${titleOf(outcome)}: `), words);
  }));
};
const two = (amount) => onAxis(Number(amount.toPrecision(2)), 0);
const priceOf = ({ low, high }) => (high <= 0 ? t("no price") : low > 0 ? t("from {low} to {high} euro", { low: two(1e6 / high), high: two(1e6 / low) }) : t("at least {low} euro", { low: two(1e6 / high) }));
const drawHangs = () => {
  const list = byId("hangs"), outcome = state.outcome, year = YEAR();
  if (!now || !movedIn(state.position).length) { list.replaceChildren(make("li", {}, t("Move a lever first."))); return; }
  const found = hangsOn(answer[outcome][year].response).filter((one) => Math.abs(one.with) >= data.stands).slice(0, 4);
  list.replaceChildren(...(found.length ? found.map((one) => make("li", {}, make("code", {}, one.name), ` (${onAxis(one.with, 2)}): `, make("span", { lang: "en" }, one.why))) : [make("li", {}, t("No unknown stands out among so many."))]));
};
const drawRegionsHere = () => {
  const which = state.region, years = data.regionalYears, at = years.indexOf(state.year) >= 0 ? years.indexOf(state.year) : state.year < 2036 ? 0 : 1;
  const outcome = data.regional_[which], caption = t("Regions in {year}: {outcome}, difference from the present policy, {unit}", { year: years[at], outcome: t(outcome.title), unit: t(outcome.unit) });
  const table = byId("regions-table");
  if (!now) { table.replaceChildren(); return; }
  const rows = regionalOf(state.position, which, at).map((one, k) => ({ name: data.regions[k + 1].name, ...one })).sort((a, b) => a.middle - b.middle);
  fillTable(table, caption, [t("Region"), t("Difference and interval"), t("Present policy")], rows.map((one) => {
    const cell = cellOf({ median: one.middle, low: one.low, high: one.high, below: 0, above: 0, word: "could go either way", size: "at most" }, outcome.factor);
    return [one.name, { ...cell, signed: true, unit: null }, onAxis(one.level * outcome.factor, outcome.factor < 1 ? 1 : 0)];
  }), true);
};
const drawCheck = () => {
  const name = byId("name").value.trim().replace(/[^A-Za-z0-9_-]+/g, "_") || "desk_position";
  byId("command").textContent = `doorstroom compare ${POLICY.name} ${name}.toml --draws ${data.draws} --fraction ${data.fraction}`;
  byId("check").hidden = !served;
};
// What is seen first is drawn at once; what stands further down, when the lever rests
let resting = 0;
const draw_ = () => {
  compute();
  showPanel(state.position);
  drawAnswer();
  drawYears();
  drawTable();
  byId("drop").hidden = byId("swap").hidden = !state.kept;
  clearTimeout(resting);
  resting = setTimeout(drawRest, 40);
};
const drawRest = () => {
  drawMoney();
  drawHangs();
  drawRegionsHere();
  drawCheck();
  const view = new URLSearchParams(movedOnly(state.position));
  view.set("year", state.year);
  view.set("outcome", data.outcomes[state.outcome].name);
  view.set("lang", language);
  if (state.kept) view.set("kept", movedOnly(state.kept).map(([key, at]) => `${key}:${at}`).join(",") || "present");
  history.replaceState(null, "", `#${view}`);
};
const move = (key, to) => {
  state.position = SPLIT.includes(key) ? moveSplit(state.position, key, to) : { ...state.position, [key]: to };
  checked = null;
  draw_();
};
const positionOf = (pairs_) => {
  const position = { ...PRESENT };
  for (const [key, at] of pairs_) if (key in position && at !== "" && Number.isFinite(Number(at))) position[key] = Number(at);
  for (const { key, choices } of LEVERS) if (choices.length) position[key] = Math.min(choices.length - 1, Math.max(0, Math.round(position[key])));
  position.sto_end = Math.round(position.sto_end);
  return position;
};
const restore = () => {
  const view = new URLSearchParams(location.hash.slice(1));
  state.position = positionOf(view.entries());
  const kept = view.get("kept");
  state.kept = kept ? positionOf(kept.split(",").map((one) => one.split(":"))) : null;
  if (YEARS.includes(Number(view.get("year")))) state.year = Number(view.get("year"));
  const outcome = data.outcomes.findIndex(({ name }) => name === view.get("outcome"));
  if (outcome >= 0) state.outcome = outcome;
  const asked = view.get("lang");
  return ["en", "nl"].includes(asked) ? asked : navigator.language.startsWith("nl") ? "nl" : "en";
};
const speak = (code) => {
  language = code;
  document.documentElement.lang = code;
  document.title = document.querySelector("title").dataset[code];
  nameBaseline();
  for (const one of ["en", "nl"]) byId(one).setAttribute("aria-pressed", String(one === code));
  const fill = (id, rows, chosen) => { byId(id).replaceChildren(...rows.map(([value_, text]) => make("option", { value: value_ }, text))); byId(id).value = String(chosen); };
  fill("c-year", YEARS.map((year) => [year, year]), state.year);
  fill("c-outcome", data.outcomes.map((_, at) => [at, titleOf(at)]), state.outcome);
  fill("c-region", data.regional_.map((one, at) => [at, t(one.title)]), state.region);
  fill("c-example", [["", t("choose")], ...data.examples.map((one, at) => [at, t(one.title)])], "");
};
const listen = () => {
  const on = (id, kind, act) => byId(id).addEventListener(kind, act);
  for (const form of document.querySelectorAll("form")) form.addEventListener("submit", (event) => event.preventDefault());
  for (const code of ["en", "nl"]) on(code, "click", () => { speak(code); draw_(); });
  on("c-year", "change", (event) => { state.year = Number(event.target.value); draw_(); });
  on("c-outcome", "change", (event) => { state.outcome = Number(event.target.value); draw_(); });
  on("c-region", "change", (event) => { state.region = Number(event.target.value); draw_(); });
  on("c-example", "change", (event) => { if (event.target.value !== "") { checked = null; state.position = positionOf(Object.entries(data.examples[event.target.value].position)); draw_(); } });
  on("back", "click", () => { checked = null; state.position = { ...PRESENT }; byId("c-example").value = ""; draw_(); });
  on("keep", "click", () => { state.kept = { ...state.position }; draw_(); });
  on("drop", "click", () => { state.kept = null; draw_(); });
  on("swap", "click", () => { [state.position, state.kept] = [state.kept, state.position]; checked = null; draw_(); });
  on("name", "input", drawCheck);
  on("toml", "click", () => {
    const name = byId("name").value.trim().replace(/[^A-Za-z0-9_-]+/g, "_") || "desk_position";
    const link = make("a", { href: URL.createObjectURL(new Blob([tomlOf(state.position, byId("name").value.trim() || "A position of the policy desk")], { type: "application/toml" })), download: `${name}.toml` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  on("check", "click", check);
  addEventListener("hashchange", () => { if (location.hash.includes("=")) { checked = null; speak(restore()); draw_(); } });
  let width = innerWidth, waiting = 0;
  addEventListener("resize", () => { if (innerWidth === width) return; width = innerWidth; clearTimeout(waiting); waiting = setTimeout(draw_, 150); });
};
const begin = async () => {
  const raw = Uint8Array.from(atob(byId("packed").textContent), (letter) => letter.charCodeAt(0));
  unpackLearned(await new Response(new Blob([raw]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
  buildPanel(move);
  state.outcome = data.headline[0];
  const code = restore();
  listen();
  speak(code);
  draw_();
  drawRest();
  document.documentElement.dataset.ready = "";
};
begin();
