// Tables under plots, and the same numbers as a file.
const fillTable = (table, caption, heads, rows, sortable = false) => {
  const head = make("tr", {}, ...heads.map((text, at) => {
    const cell = make("th", { scope: "col" });
    if (!sortable) { cell.append(text); return cell; }
    const button = make("button", { type: "button" }, text);
    cell.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => sortTable(table, at));
    cell.append(button);
    return cell;
  }));
  const body = rows.map((row) => make("tr", {}, ...row.map((content, at) => {
    const cell = at === 0 && content !== "" ? make("th", { scope: "row" }) : make("td");
    if (content !== null && typeof content === "object" && "middle" in content) {
      cell.append(told(content, content.signed, ""));
      cell.dataset.value = exists(content) ? valueOf(content, "middle") : -Infinity;
      if (content.unit) cell.append(make("br"), make("span", { class: claimed(content) ? "sure claimed" : "sure" }, verdict(content, content.unit)));
    } else cell.append(content ?? "");
    return cell;
  })));
  table.replaceChildren(make("caption", {}, caption), make("thead", {}, head), make("tbody", {}, ...body));
};
// A cell for a table; an effect that names its series is told in words too
const signed = (cell, kind, series = null) => (cell === null ? t("not shown per region") : { ...cell, signed: kind === "effect", unit: kind === "effect" && series !== null ? effectUnit(series) : null });
const sortTable = (table, at) => {
  const heads = [...table.tHead.rows[0].cells], body = table.tBodies[0];
  const down = heads[at].getAttribute("aria-sort") === "ascending";
  heads.forEach((head) => head.setAttribute("aria-sort", "none"));
  heads[at].setAttribute("aria-sort", down ? "descending" : "ascending");
  const value = (row) => (row.cells[at].dataset.value === undefined ? row.cells[at].textContent : Number(row.cells[at].dataset.value));
  body.append(...[...body.rows].sort((a, b) => {
    const x = value(a), y = value(b);
    return (down ? -1 : 1) * (typeof x === "number" ? x - y : x.localeCompare(y, language));
  }));
};

const FILE_HEAD = ["year", "region", "outcome", "group", "scenario", "against", "median", "low", "high", "runs_below_zero", "runs_above_zero", "sureness", "size", "unit"];
const fileRow = (kind, scenario, series, region, year) => {
  const cell = cellAt(kind, scenario, series, region, year);
  if (cell === null) return null;
  const effect = cell.word < data.words.length;
  const words = effect ? [cell.fewer, cell.more, data.words[cell.word], data.sizes[cell.size]] : ["", "", "", ""];
  return [YEARS[year], regionOf(region), t(outcomeOf(series).title), groupName(groupOf(series)), nameOf(scenario), kind === "effect" ? baseline : "",
    plain(cell, "middle"), plain(cell, "low"), plain(cell, "high"), ...words.map((word) => (typeof word === "string" ? t(word) : word)), unitOf(series, kind)];
};
