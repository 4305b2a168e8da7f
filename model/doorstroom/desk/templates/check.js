// Where the page comes from `doorstroom desk --serve` on this machine, a position can be run by the model itself.
const served = data.token !== null;
const check = async () => {
  const said = byId("check-said"), asked = { ...state.position };
  byId("check").disabled = true;
  said.textContent = t("The model runs {draws} draws; this takes some minutes.", { draws: data.checkDraws });
  try {
    const reply = await fetch("/run", { method: "POST", headers: { "Content-Type": "application/json", "X-Desk-Token": data.token }, body: JSON.stringify(asked) });
    const found = await reply.json();
    if (!reply.ok) throw new Error(found.error);
    if (LEVERS.every(({ key }) => asked[key] === state.position[key])) {
      checked = { cells: found.values.map((years, outcome) => years.map((values, year) => cellOf(summarise_(values, data.matters[outcome][year]), SCALES[outcome]))) };
      draw_();
    }
    said.textContent = t("Drawn over the desk's answer: the model itself, {draws} draws, {seconds} seconds.", { draws: found.draws, seconds: onAxis(found.seconds, 0) });
  } catch (error) {
    said.textContent = `${t("The model could not be run:")} ${error.message}`;
  }
  byId("check").disabled = false;
};
// With fewer draws than the desk has, a direction has its own chances
const summarise_ = (values, least) => {
  const whole = data.chanceLow;
  data.chanceLow = data.chanceLowOf[values.length] ?? whole;
  const summary = summarise(values, least);
  data.chanceLow = whole;
  return summary;
};
