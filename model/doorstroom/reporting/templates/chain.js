// How an effect comes about: along the steps from euro to technicians, each difference as a share of what there is.
const drawChain = (state) => {
  const figure = byId("p-chain");
  if (!figure) return;
  const { chainYear: year, scenario } = state;
  const caption = t("{scenario}: difference from {baseline} along the way, {year}; % of what there is", { scenario: nameOf(scenario), baseline, year: YEARS[year] });
  figure.querySelector("figcaption").textContent = `${caption}; ${t("bar: {band}", { band: t(data.band) })}`;
  const rows = data.chain.flatMap(([step, list]) => list.map((series, at) => {
    const cell = cellAt("effect", scenario, series, 0, year), place = data.relative.indexOf(series);
    const share = place < 0 ? null : blocks.relative(scenario - 1, place, 0, year);
    // an index is written out: its zero is that of 2019, of which no share can be taken
    const unit = { ...effectUnit(series), text: effectUnit(series).text === "percentage points" ? "percentage points" : "" };
    const note = place < 0 && exists(cell) ? `${told(cell, true, t(unit.text))}; ${verdict(cell, unit)}` : t("nothing to divide by");
    return { head: at ? "" : capital(t(step)), series, name: titleOf(series), cell, share, note };
  }));
  const drawn = rows.flatMap(({ head, series, name, share, note }) => [...(head ? [{ head, name: "" }] : []), { series, name, cell: share, note, unit: "%" }]);
  horizontal(figure.querySelector(".drawing"), drawn, "%", caption);
  fillTable(figure.querySelector("table"), caption, [t("Step"), t("Outcome"), t("Difference"), `% ${t("of what there is")}`], rows.map(({ head, series, name, cell, share }) => [head, `${name}, ${unitOf(series, "effect")}`, signed(cell, "effect", series), share && exists(share) ? told(share, true) : "\u2013"]));
  offer(figure, "chain", FILE_HEAD, () => rows.map(({ series }) => fileRow("effect", scenario, series, 0, year)));
};
