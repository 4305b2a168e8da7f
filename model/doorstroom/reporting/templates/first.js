// The one picture of the first screen: per option a dot and its bar for pupils, teachers and technicians.
const drawFirst = (state) => {
  const figure = byId("p-first");
  if (!figure) return;
  const year = YEARS.indexOf(data.year);
  const caption = t("Difference from {baseline} in {year}. Dot: the middle computation; bar: {band}; grey: too small to matter", { baseline, year: data.year, band: t(data.band) });
  figure.querySelector("figcaption").textContent = caption;
  const money = new Map(data.costs.map((cost) => [cost.scenario, valueOf(fromList(cost.money), "middle")]));
  const order = [...others].sort((a, b) => money.get(a) - money.get(b));
  const grid = make("div", { class: "grid" });
  figure.querySelector(".drawing").replaceChildren(grid);
  for (const series of data.headline) {
    const place = make("div", {}), plot = make("div", {});
    place.append(make("p", { class: "title" }, shortOf(series)), plot);
    grid.append(place);
    const level = outcomeOf(series).ratio ? 1 : Math.abs(valueOf(cellAt("level", 0, series, 0, year), "middle"));
    const rows = order.map((at) => ({ series, name: nameOf(at), cell: cellAt("effect", at, series, 0, year) }));
    horizontal(plot, rows, unitOf(series, "effect"), titleOf(series), level * outcomeOf(series).matters);
  }
  const heads = [t("Option"), ...data.headline.map((series) => `${titleOf(series)}, ${unitOf(series, "effect")}`)];
  fillTable(figure.querySelector("table"), caption, heads, order.map((at) => [nameOf(at), ...data.headline.map((series) => signed(cellAt("effect", at, series, 0, year), "effect", series))]));
  offer(figure, "options", FILE_HEAD, () => order.flatMap((at) => data.headline.map((series) => fileRow("effect", at, series, 0, year))));
};
