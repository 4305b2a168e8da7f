// The page: what is chosen, kept in the address so that a view can be shared, and drawn again when it changes.
const indexOf = (name, group = "total") => data.series.findIndex(([at, one]) => data.outcomes[at].name === name && one === group);
const groupsOf = (name) => data.series.map((one, at) => [one, at]).filter(([[at, group]]) => data.outcomes[at].name === name && group !== "total").map(([, at]) => at);
const SECTIONS = ["enrolment", "teachers", "labour", "offer", "money", "primary", "fairness", "persons"];
const state = {
  series: data.headline[0], region: 0, year: YEARS.indexOf(data.year), kind: others.length ? "effect" : "level",
  scenarios: data.scenarios.map((_, at) => at), scenario: Math.min(1, others.length), mode: "year", wayScenario: 0,
  mapSeries: data.shown, mapYear: YEARS.indexOf(data.year), sheet: 0, sheetYear: YEARS.indexOf(data.year), chainYear: YEARS.indexOf(data.year),
};
// a scenario that is the baseline in everything says nothing on a map
if (others.length) state.scenario = others.find((at) => !data.scenarios[at].same) ?? 1;

const option = (value, text) => make("option", { value }, text);
const fillChoices = () => {
  const outcome = data.series[state.series][0];
  byId("c-outcome").replaceChildren(
    make("optgroup", { label: t("Key outcomes") }, ...data.key.map((series) => option(`key:${data.series[series][0]}`, t(outcomeOf(series).title)))),
    ...SECTIONS.map((section) => make("optgroup", { label: t(section) }, ...data.outcomes.map((one, at) => [one, at]).filter(([one]) => one.section === section && !one.helper).map(([one, at]) => option(String(at), t(one.title))))));
  const key = data.key.some((series) => data.series[series][0] === outcome);
  byId("c-outcome").value = key ? `key:${outcome}` : String(outcome);
  const groups = data.series.map((one, at) => [one, at]).filter(([[at]]) => at === outcome);
  byId("c-group").replaceChildren(...groups.map(([[, group], at]) => option(String(at), groupName(group))));
  byId("c-group").value = String(state.series);
  byId("c-group").disabled = groups.length < 2;
  byId("c-region").replaceChildren(option("0", regionOf(0)), ...data.regions.map((one, at) => [one, at]).slice(1).sort((a, b) => a[0].name.localeCompare(b[0].name, "nl")).map(([one, at]) => option(String(at), one.name)));
  byId("c-region").disabled = !hasRegions(state.series);
  if (!hasRegions(state.series)) state.region = 0;
  byId("c-region").value = String(state.region);
  if (byId("c-kind")) {
    byId("c-kind").replaceChildren(option("effect", t("difference from {baseline}", { baseline })), option("level", t("the outcome itself")));
    byId("c-kind").value = state.kind;
  }
  for (const name of byId("c-scenarios").querySelectorAll("[data-name]")) name.textContent = nameOf(Number(name.dataset.name));
  for (const box of byId("c-scenarios").querySelectorAll("input")) box.checked = state.scenarios.includes(Number(box.value));
  const mapped = state.kind === "effect" ? others : data.scenarios.map((_, at) => at);
  if (!mapped.includes(state.scenario)) state.scenario = mapped[0];
  byId("c-map-scenario").replaceChildren(...mapped.map((at) => option(String(at), nameOf(at))));
  byId("c-map-scenario").value = String(state.scenario);
  byId("c-map-outcome").replaceChildren(...data.regional.filter((series) => groupOf(series) === "total").map((series) => option(String(series), titleOf(series))));
  byId("c-map-outcome").value = String(state.mapSeries);
  byId("c-sheet").replaceChildren(option("0", t("choose")), ...data.regions.map((one, at) => [one, at]).slice(1).sort((a, b) => a[0].name.localeCompare(b[0].name, "nl")).map(([one, at]) => option(String(at), one.name)));
  byId("c-sheet").value = String(state.sheet);
  byId("c-map-mode").replaceChildren(option("year", t("one year, as a map")), option("years", t("all years, small lines")));
  byId("c-map-mode").value = state.mode;
  // the year is chosen anew beside plots that lie far from the controls above
  const years = { "c-year": state.year, "c-ages-year": state.year, "c-way-year": state.year, "c-map-year": state.mapYear, "c-chain-year": state.chainYear };
  for (const [id, chosen] of Object.entries(years)) {
    byId(id)?.replaceChildren(...YEARS.map((year, at) => option(String(at), String(year))));
    if (byId(id)) byId(id).value = String(chosen);
  }
  if (byId("c-chain-scenario")) {
    byId("c-chain-scenario").replaceChildren(...others.map((at) => option(String(at), nameOf(at))));
    byId("c-chain-scenario").value = String(Math.max(state.scenario, 1));
  }
  for (const id of ["c-ages-scenario", "c-way-scenario"]) {
    byId(id).replaceChildren(...data.scenarios.map((_, at) => option(String(at), nameOf(at))));
    byId(id).value = String(state.wayScenario);
  }
};
const smallest = (series) => {
  const { matters, ratio } = outcomeOf(series), size = ratio ? matters : 100 * matters;
  const told = onAxis(size, Math.max(0, 1 - Math.floor(Math.log10(size) + 1e-9) - (size >= 1 ? 1 : 0)));
  return t("Smallest difference that matters: {size}.", { size: ratio ? `${told} ${unitOf(series, "effect")}` : t("{part}% of what there is under {baseline}", { part: told, baseline }) });
};
const drawAll = () => {
  byId("definition").textContent = `${t(outcomeOf(state.series).definition)}${others.length ? ` ${smallest(state.series)}` : ""}`;
  byId("nodal").hidden = state.region === 0;
  drawTime(state);
  drawRanking(state);
  drawFirst(state);
  drawChain({ ...state, scenario: Math.max(state.scenario, 1) });
  const sheet = (region) => { state.sheet = region; show(); byId("sheet").scrollIntoView({ block: "start" }); };
  drawRegions(state, sheet);
  drawSheet(state, sheet);
  const level = { ...state, kind: "level", region: 0 };
  multiples("p-money", t("Money per calendar year"), data.money, level);
  multiples("p-activities", t("Money absorbed by activity, per calendar year"), groupsOf("absorbed"), level);
  drawTotals(state);
  drawCosts(state);
  multiples("p-groups", t("Group size per technical profile"), groupsOf("group_size"), { ...level, region: state.region });
  multiples("p-offer", t("Profiles on offer: locations, closures and openings"), [indexOf("profile_locations"), indexOf("profile_closures"), indexOf("profile_openings")], level);
  multiples("p-teachers", t("Technique teachers: shares, and persons by qualification"), [indexOf("share_55plus"), indexOf("share_qualified"), indexOf("unfilled_share"), ...data.qualifications], level);
  drawAges(state);
  drawWay(state);
};
const say = () => {
  const { series, region, year, kind } = state;
  byId("said").textContent = state.scenarios.filter((at) => kind === "level" || at > 0).map((at) => {
    const cell = cellAt(kind, at, series, region, year);
    return `${nameOf(at)}, ${YEARS[year]}: ${told(cell, kind === "effect", unitOf(series, kind))}${kind === "effect" ? `, ${verdict(cell, effectUnit(series))}` : ""}`;
  }).join(". ") + ".";
};
const show = () => {
  fillChoices();
  say();
  drawAll();
  const outcome = outcomeOf(state.series).name, group = groupOf(state.series);
  const view = new URLSearchParams({ outcome, group, region: data.regions[state.region].name, year: YEARS[state.year], show: state.kind, scenarios: state.scenarios.map((at) => data.scenarios[at].label).join(","), map: `${data.scenarios[state.scenario].label},${state.mode}`, lang: language });
  if (state.sheet) view.set("sheet", data.regions[state.sheet].name);
  if (place) view.set("at", place);
  history.replaceState(null, "", `#${view}`);
  for (const link of document.querySelectorAll("a.here")) {
    const own = new URLSearchParams(view);
    own.set("at", link.closest("figure").id);
    link.href = `#${own}`;
  }
};
let place = "";
const restore = () => {
  const view = new URLSearchParams(location.hash.slice(1));
  const sheet = data.regions.findIndex((one, k) => k > 0 && one.name === view.get("sheet"));
  if (sheet > 0) state.sheet = sheet;
  place = view.get("at") ?? (sheet > 0 ? "sheet" : "");
  const at = indexOf(view.get("outcome"), view.get("group") ?? "total");
  if (at >= 0) state.series = at;
  const region = data.regions.findIndex((one) => one.name === view.get("region"));
  if (region >= 0) state.region = region;
  const year = YEARS.indexOf(Number(view.get("year")));
  if (year >= 0) state.year = state.mapYear = state.chainYear = state.sheetYear = year;
  if (["level", "effect"].includes(view.get("show")) && others.length) state.kind = view.get("show");
  const scenarios = (view.get("scenarios") ?? "").split(",").map((label) => data.scenarios.findIndex((one) => one.label === label)).filter((one) => one >= 0);
  if (scenarios.length) state.scenarios = scenarios;
  const [map, mode] = (view.get("map") ?? "").split(",");
  const mapped = data.scenarios.findIndex((one) => one.label === map);
  if (mapped >= 0) state.scenario = mapped;
  if (["year", "years"].includes(mode)) state.mode = mode;
  const asked = view.get("lang");
  return ["en", "nl"].includes(asked) ? asked : navigator.language.startsWith("nl") ? "nl" : "en";
};
const speak = (code) => {
  language = code;
  document.documentElement.lang = code;
  document.title = document.querySelector("title").dataset[code];
  nameBaseline();
  for (const one of ["en", "nl"]) byId(one).setAttribute("aria-pressed", String(one === code));
};
const listen = () => {
  byId("c-scenarios").append(...data.scenarios.map((one, at) => {
    const box = make("input", { type: "checkbox", value: at });
    box.addEventListener("change", () => {
      const chosen = [...byId("c-scenarios").querySelectorAll("input:checked")].map((input) => Number(input.value));
      if (chosen.length) state.scenarios = chosen;
      show();
    });
    return make("label", {}, box, sample(one), make("span", { "data-name": at }));
  }));
  const on = (id, change) => byId(id)?.addEventListener("change", (event) => { change(event.target.value); show(); });
  on("c-outcome", (value) => {
    const outcome = Number(value.replace("key:", ""));
    state.series = data.series.findIndex(([at]) => at === outcome);
  });
  on("c-group", (value) => { state.series = Number(value); });
  on("c-region", (value) => { state.region = Number(value); });
  for (const id of ["c-year", "c-ages-year", "c-way-year"]) on(id, (value) => { state.year = Number(value); });
  on("c-map-year", (value) => { state.mapYear = state.sheetYear = Number(value); });
  on("c-chain-year", (value) => { state.chainYear = Number(value); });
  on("c-map-outcome", (value) => { state.mapSeries = Number(value); });
  on("c-sheet", (value) => { state.sheet = Number(value); });
  for (const id of ["c-ages-scenario", "c-way-scenario"]) on(id, (value) => { state.wayScenario = Number(value); });
  on("c-kind", (value) => { state.kind = value; });
  on("c-chain-scenario", (value) => { state.scenario = Number(value); });
  on("c-map-scenario", (value) => { state.scenario = Number(value); });
  on("c-map-mode", (value) => { state.mode = value; });
  for (const form of document.querySelectorAll("form")) form.addEventListener("submit", (event) => event.preventDefault());
  for (const code of ["en", "nl"]) byId(code).addEventListener("click", () => { speak(code); show(); });
  byId("print").addEventListener("click", () => print());
  byId("print-sheet").addEventListener("click", () => {
    document.body.classList.add("one-sheet");
    print();
    document.body.classList.remove("one-sheet");
  });
  // an address that names a view within this page: of another sheet, or of a plot
  addEventListener("hashchange", () => {
    if (!location.hash.includes("=")) return;
    speak(restore());
    show();
    byId(place)?.scrollIntoView();
  });
  // a screen's width and closed tables are no use on paper
  let closed = [];
  addEventListener("beforeprint", () => {
    printing = true;
    closed = [];
    drawAll();
  });
  addEventListener("afterprint", () => {
    printing = false;
    for (const one of closed) one.open = false;
    drawAll();
  });
  let width = innerWidth, waiting = 0;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    clearTimeout(waiting);
    waiting = setTimeout(drawAll, 150);
  });
};
inflate().then(() => {
  speak(restore());
  listen();
  show();
  if (place) byId(place)?.scrollIntoView();
  document.documentElement.dataset.ready = "";
});
