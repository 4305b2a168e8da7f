// How an effect comes about: along the steps from euro to technicians, each difference as a share of what there is.
const drawChain = (state) => {
  const figure = byId("p-chain");
  if (!figure) return;
  const { chainYear: year, scenario } = state;
  const caption = t("{scenario}: difference from {baseline} along the way, {year}; % of what there is", { scenario: nameOf(scenario), baseline, year: YEARS[year] });
  figure.querySelector("figcaption").textContent = `${caption}; ${t("bar: {band}", { band: t(data.band) })}`;
  const rows = data.chain.flatMap(([step, list]) => list.map((series, at) => {
    const cell = cellAt("effect", scenario, series, 0, year), level = cellAt("level", 0, series, 0, year);
    const base = exists(level) ? Math.abs(valueOf(level, "middle")) : 0;
    const share = cell && exists(cell) && base > 0 ? relative(cell, base) : null;
    return { step: at ? "" : t(step), series, name: titleOf(series), cell, share };
  }));
  const holder = figure.querySelector(".drawing");
  horizontal(holder, rows.map(({ step, series, name, share }) => ({ series, name: step ? `${step}: ${name}` : name, cell: share, note: t("nothing to divide by") })), "%", caption);
  fillTable(figure.querySelector("table"), caption, [t("Step"), t("Outcome"), t("Difference"), `% ${t("of what there is")}`], rows.map(({ step, series, name, cell, share }) => [step, `${name}, ${unitOf(series, "effect")}`, signed(cell, "effect", series), share ? told(share, true) : "\u2013"]));
  offer(figure, "chain", FILE_HEAD, () => rows.map(({ series }) => fileRow("effect", scenario, series, 0, year)));
};
// The cell in percent of a level, told with a digit where that is little
const relative = (cell, base) => {
  const places = 1, whole = (part) => Math.round((valueOf(cell, part) / base) * 100 * 10 ** (places + 1));
  return { ...cell, middle: whole("middle"), low: whole("low"), high: whole("high"), places };
};
