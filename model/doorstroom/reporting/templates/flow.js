// From primary school to technical work: how many persons took each step in the year, under one scenario.
const drawWay = (state) => {
  const figure = byId("p-way"), { year, wayScenario: scenario } = state;
  const stages = ["vmbo_technique_pupils", "tl_technique_pupils", "n_profile_pupils", "mbo_technique_inflow", "mbo_technique_diplomas", "technical_graduates", "technical_entrants", "leakage"]
    .map((name) => data.series.findIndex(([at, group]) => data.outcomes[at].name === name && group === "total"));
  const caption = `${t("Persons in technique at each step")}: ${nameOf(scenario)}, ${YEARS[year]}; ${t("bar: 90% interval")}`;
  figure.querySelector("figcaption").textContent = caption;
  const rows = stages.map((series) => ({ series, name: titleOf(series), cell: cellAt("level", scenario, series, 0, year) }));
  horizontal(figure.querySelector(".drawing"), rows.map(({ name, cell }) => ({ name, cell, plainLook: true })), t("persons"), caption);
  fillTable(figure.querySelector("table"), caption, [t("Step"), t("Persons")], rows.map(({ name, cell }) => [name, signed(cell, "level")]));
  offer(figure, "way", FILE_HEAD, () => rows.map(({ series }) => fileRow("level", scenario, series, 0, year)));
};
