// A region's own sheet: what it is, its money, pupils, teachers and offer against the country, its neighbours, the options.
const PER_HUNDRED = 100;
const drawSheet = (state, choose) => {
  const holder = byId("sheet-body"), region = state.sheet, year = state.sheetYear;
  byId("sheet").dataset.region = region ? data.regions[region].name : "";
  if (!region) { holder.replaceChildren(make("p", {}, t("Choose a region, here or on the map."))); return; }
  const here = data.regions[region], of = (name) => indexOf(name);
  const level = (series, place) => cellAt("level", 0, series, place, year);
  const [pupils, granted, absorbed, cofinanced, vacancies] = data.local;
  const perPupil = (series, place) => {
    const money = level(series, place), heads = level(pupils, place);
    return exists(money) && exists(heads) && valueOf(heads, "middle") > 0 ? t("some {amount}", { amount: onAxis(Number(((valueOf(money, "middle") * 1e6) / valueOf(heads, "middle")).toPrecision(2)), 0) }) : "\u2013";
  };
  const row = (series) => [`${titleOf(series)}, ${unitOf(series, "level")}`, signed(level(series, region), "level"), signed(level(series, 0), "level")];
  const facts = make("table", {}), options = make("table", {});
  const shown = ["vmbo_technique_pupils", "vmbo_technique_share", "teacher_fte", "unfilled_share", "profile_locations", "mbo_technique_inflow"].map((name) => of(name)).filter((one) => one >= 0 && hasRegions(one));
  fillTable(facts, `${here.name}, ${t("1 October {year}", { year: YEARS[year] })}, ${baseline}`, [t("Figure"), here.name, t("Netherlands")], [
    row(granted), [t("euro granted per pupil of bb, kb and gl in year 3"), perPupil(granted, region), perPupil(granted, 0)], row(absorbed), row(cofinanced), row(pupils), ...shown.map(row), row(vacancies)]);
  if (others.length) {
    const asked = [of("vmbo_technique_pupils"), of("teacher_fte"), of("profile_locations")];
    fillTable(options, t("What the options change here, {year}: difference from {baseline}", { year: YEARS[year], baseline }), [t("Option"), ...asked.map((series) => `${titleOf(series)}, ${unitOf(series, "effect")}`)], others.map((at) => [nameOf(at), ...asked.map((series) => signed(cellAt("effect", at, series, region, year), "effect", series))]));
  }
  const profiles = groupsOf("profile_locations").filter(hasRegions).map((series) => {
    const cell = level(series, region);
    return exists(cell) ? `${groupName(groupOf(series))}: ${told(cell, false)}${valueOf(cell, "middle") < 1.5 ? ` \u2013 ${t(valueOf(cell, "middle") < 0.5 ? "not offered" : "the last location; at risk if it closes")}` : ""}` : null;
  }).filter(Boolean);
  const plot = make("div", {}), share = of("vmbo_technique_share");
  const link = `#${new URLSearchParams({ sheet: here.name, year: YEARS[year], lang: language })}`;
  const near = make("ul", {}, ...here.near.map((at) => {
    const button = make("button", { type: "button" }, data.regions[at].name);
    button.addEventListener("click", () => choose(at));
    return make("li", {}, button, ` ${titleOf(share)}: ${told(level(share, at), false, "%")}`);
  }));
  holder.replaceChildren(
    make("h4", {}, here.name),
    make("p", {}, `${here.members.length ? `${t("Municipalities")}: ${here.members.join(", ")}. ` : ""}${t("A nodal area: not the STO region of that name, if there is one.")} `, make("a", { href: link }, t("Link to this sheet"))),
    make("div", { class: "wide" }, facts),
    make("p", { class: "title" }, `${titleOf(share)}, ${here.name}, %`), plot,
    ...(here.past ? [make("p", { class: "from" }, `${t("Counted: share of technique among exam candidates, a year later in the career")}: ${here.past.years.map((one, at) => `${one}: ${onAxis(here.past.values[at], 1)}`).slice(-5).join("; ")}`)] : []),
    ...(profiles.length ? [make("p", { class: "title" }, t("Locations per profile")), make("p", {}, profiles.join("; "))] : []),
    ...(others.length ? [make("div", { class: "wide" }, options), make("p", { class: "from" }, t("In a region of this size a difference of some ten people can't be told from chance: read the country first."))] : []),
    make("p", { class: "title" }, t("Neighbours")), near);
  lines(plot, { series: share, region, kind: "level", scenarios: [0, ...(others.length ? [state.scenario] : [])].filter((one, at, all) => all.indexOf(one) === at), height: 220 });
};
