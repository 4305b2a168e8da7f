// Money over all years together, and what one pupil, teacher or technician more had cost.
const drawTotals = (state) => {
  const figure = byId("p-totals"), kinds = data.money.slice(0, data.totals[0].length);
  const caption = `${t("Money over {first}\u2013{last} together, million euro, not discounted", { first: YEARS[0], last: YEARS[YEARS.length - 1] })}; ${t("bar: 90% interval")}`;
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
  offer(figure, "money-totals", ["outcome", "scenario", "mean", "low", "high", "unit"], () => state.scenarios.flatMap((at) => kinds.map((series, k) => {
    const cell = fromList(data.totals[at][k]);
    return [outcomeOf(series).name, nameOf(at), plain(cell, "mean"), plain(cell, "low"), plain(cell, "high"), "million euro"];
  })));
};
const drawCosts = (state) => {
  const figure = byId("p-costs");
  if (!figure) return;
  const span = { baseline, first: YEARS[0], last: YEARS[YEARS.length - 1] };
  const caption = t("Euro per extra pupil, teacher and technician: the difference in money from {baseline}, divided by the difference in the outcome, both summed over {first}\u2013{last}", span) + `; ${t("bar: 90% interval")}`;
  figure.querySelector("figcaption").textContent = caption;
  const shown = data.costs.filter((cost) => state.scenarios.includes(cost.scenario));
  const grid = make("div", { class: "grid" });
  figure.querySelector(".drawing").replaceChildren(grid);
  for (const what of [...new Set(shown.map((cost) => cost.what))]) {
    const place = make("div", {}), plot = make("div", {});
    place.append(make("p", { class: "title" }, t(what)), plot);
    grid.append(place);
    horizontal(plot, shown.filter((cost) => cost.what === what).map((cost) => ({ name: nameOf(cost.scenario), cell: cost.price && fromList(cost.price), note: t("no price"), plainLook: true })), t("euro for each"), t(what));
  }
  fillTable(figure.querySelector("table"), caption, [t("Scenario"), t("Bought"), `${t("Difference in money")}, ${t("million euro")}`, t("Difference in outcome"), t("Euro for each")],
    shown.map((cost) => [nameOf(cost.scenario), t(cost.what), signed(fromList(cost.money), "effect"), signed(fromList(cost.extra), "effect"), cost.price ? signed(fromList(cost.price), "level") : `${t("no price")}: ${t(cost.why)}`]));
  offer(figure, "cost", ["scenario", "against", "bought", "money_mean", "money_low", "money_high", "extra_mean", "extra_low", "extra_high", "price_mean", "price_low", "price_high", "why_none"],
    () => shown.map((cost) => [nameOf(cost.scenario), baseline, cost.what, ...[cost.money, cost.extra, cost.price].flatMap((list) => (list ? ["mean", "low", "high"].map((part) => plain(fromList(list), part)) : ["", "", ""])), cost.why]));
};
const drawAges = (state) => {
  const figure = byId("p-ages"), { year, wayScenario: scenario } = state;
  const caption = `${t("Technique teachers by age under {scenario}", { scenario: nameOf(scenario) })}, ${YEARS[year]}; ${t("bar: 90% interval")}`;
  figure.querySelector("figcaption").textContent = caption;
  const rows = data.ages.map((series) => ({ series, name: t(groupOf(series)), cell: cellAt("level", scenario, series, 0, year), plainLook: true })).reverse();
  horizontal(figure.querySelector(".drawing"), rows, t("persons"), caption);
  fillTable(figure.querySelector("table"), caption, [t("Age"), t("persons")], rows.map(({ name, cell }) => [name, signed(cell, "level")]));
  offer(figure, "teacher-ages", FILE_HEAD, () => rows.map(({ series }) => fileRow("level", scenario, series, 0, year)));
};
