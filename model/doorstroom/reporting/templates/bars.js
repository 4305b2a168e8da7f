// Money over all years together, and what one pupil, teacher or technician more had cost.
const drawTotals = (state) => {
  const figure = byId("p-totals"), kinds = data.money.slice(0, data.totals[0].length);
  const caption = `${t("Money over {first}\u2013{last} together, million euro, without discounting", { first: YEARS[0], last: YEARS[YEARS.length - 1] })}; ${t("bar: {band}", { band: t(data.band) })}`;
  figure.querySelector("figcaption").textContent = caption;
  const grid = make("div", { class: "grid" });
  figure.querySelector(".drawing").replaceChildren(grid);
  kinds.forEach((series, k) => {
    const place = make("div", {}), plot = make("div", {});
    place.append(make("p", { class: "title" }, titleOf(series)), plot);
    grid.append(place);
    horizontal(plot, state.scenarios.map((at) => ({ name: nameOf(at), cell: fromList(data.totals[at][k]), plainLook: true })), t("million euro"), titleOf(series));
  });
  fillTable(figure.querySelector("table"), caption, [t("Scenario"), ...kinds.map(titleOf)], state.scenarios.map((at) => [nameOf(at), ...data.totals[at].map((list) => signed(fromList(list), "level"))]));
  offer(figure, "money-totals", ["outcome", "scenario", "median", "low", "high", "unit"], () => state.scenarios.flatMap((at) => kinds.map((series, k) => {
    const cell = fromList(data.totals[at][k]);
    return [titleOf(series), nameOf(at), plain(cell, "middle"), plain(cell, "low"), plain(cell, "high"), t("million euro")];
  })));
};
// As wording.price_text writes it
const priceText = ([low, , high]) => {
  if (low === null) return t("no price");
  const values = { low: onAxis(low, 0), high: high === null ? "" : onAxis(high, 0) };
  return high === null ? t("at least {low} euro", values) : t("from {low} to {high} euro", values);
};
const drawCosts = (state) => {
  const figure = byId("p-costs");
  if (!figure) return;
  const span = { baseline, first: YEARS[0], last: YEARS[YEARS.length - 1] };
  const caption = t("What a million euro buys, and euro for each pupil, teacher and technician: differences from {baseline} in the outcome and in money, both summed over {first}\u2013{last}", span) + `; ${t("bar: {band}", { band: t(data.band) })}`;
  figure.querySelector("figcaption").textContent = caption;
  const shown = data.costs.filter((cost) => state.scenarios.includes(cost.scenario));
  const grid = make("div", { class: "grid" });
  figure.querySelector(".drawing").replaceChildren(grid);
  for (const what of [...new Set(shown.map((cost) => cost.what))]) {
    const place = make("div", {}), plot = make("div", {});
    place.append(make("p", { class: "title" }, t(what)), plot);
    grid.append(place);
    horizontal(plot, shown.filter((cost) => cost.what === what).map((cost) => ({ name: nameOf(cost.scenario), cell: fromList(cost.bought), note: t("the same money"), plainLook: true })), t("per million euro"), t(what));
  }
  fillTable(figure.querySelector("table"), caption, [t("Scenario"), t("Bought"), `${t("Difference in money")}, ${t("million euro")}`, t("Difference in outcome"), t("Per million euro"), t("Euro for each")],
    shown.map((cost) => [nameOf(cost.scenario), t(cost.what), signed(fromList(cost.money), "effect"), signed(fromList(cost.extra), "effect"), signed(fromList(cost.bought), "level"), priceText(cost.price)]));
  offer(figure, "cost", ["scenario", "against", "bought", "money_median", "money_low", "money_high", "extra_median", "extra_low", "extra_high", "per_million_median", "per_million_low", "per_million_high", "price_low", "price_middle", "price_high"],
    () => shown.map((cost) => [nameOf(cost.scenario), baseline, t(cost.what), ...[cost.money, cost.extra, cost.bought].flatMap((list) => ["middle", "low", "high"].map((part) => plain(fromList(list), part))), ...cost.price.map((one) => one ?? "")]));
};
const drawAges = (state) => {
  const figure = byId("p-ages"), { year, wayScenario: scenario } = state;
  const caption = `${t("Technique teachers by age under {scenario}", { scenario: nameOf(scenario) })}, ${YEARS[year]}; ${t("bar: {band}", { band: t(data.band) })}`;
  figure.querySelector("figcaption").textContent = caption;
  const rows = data.ages.map((series) => ({ series, name: t(groupOf(series)), cell: cellAt("level", scenario, series, 0, year), plainLook: true })).reverse();
  horizontal(figure.querySelector(".drawing"), rows, t("persons"), caption);
  fillTable(figure.querySelector("table"), caption, [t("Age"), t("persons")], rows.map(({ name, cell }) => [name, signed(cell, "level")]));
  offer(figure, "teacher-ages", FILE_HEAD, () => rows.map(({ series }) => fileRow("level", scenario, series, 0, year)));
};
