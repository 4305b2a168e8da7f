// The levers as a form: every one has a name, its value in words, and can be moved by keyboard.
const amountOf = (part) => `${onAxis((part * POLICY.total) / 1e6, 1)} ${t("million")}`;
const percent = (share, digits = 0) => `${onAxis(100 * share, digits)}%`;
const part_ = (share) => percent(share, Math.abs(share * 100 - Math.round(share * 100)) < 0.05 ? 0 : 1);
const points = (share) => `${share > 0 ? "+" : ""}${onAxis(100 * share, 0)}`;
const SAYS = {
  sto_near: amountOf, sto_later: amountOf,
  sto_end: (at) => (at >= 2040 ? t("no end in sight") : String(at)),
  sto_poor: (at) => percent(POLICY.poor + at, 1),
  staff: (at) => part_(at), equipment: (at) => part_(at), orientation: (at) => part_(at),
  ngf: (at) => `${onAxis((at * POLICY.reserved) / 1e6, 1)} ${t("million")}`,
  ngf_conditional: (at) => percent(at), ngf_national: (at) => `${points(at)} ${t("percentage points")}`, ngf_after: (at) => percent(at),
  pay: (at) => (at === 1 ? t("as it would be") : `${points(at - 1)}%`),
  demand: (at) => (at === 0 ? t("as forecast") : `${at > 0 ? "+" : ""}${onAxis(100 * at, 1)}% ${t("a year")}`),
  recession: (at) => (at === 0 ? t("none") : `${onAxis(-8 * at, 1)}%`),
};
const inWords = (key, at) => (LEVER[key].choices.length ? t(LEVER[key].choices[at]) : SAYS[key](at));
const step_ = (lever, at) => { const digits = (String(lever.step).split(".")[1] ?? "").length; return Number(at.toFixed(digits)); };
const buildPanel = (changed) => {
  for (const lever of LEVERS) {
    const holder = byId(`l-${lever.key}`), note = `n-${lever.key}`;
    if (lever.choices.length) {
      const select = make("select", { id: `c-${lever.key}`, "aria-describedby": note });
      select.addEventListener("change", () => changed(lever.key, Number(select.value)));
      holder.querySelector(".control").append(select);
    } else {
      const range = make("input", { type: "range", id: `c-${lever.key}`, min: lever.low, max: lever.high, step: lever.step, "aria-describedby": note });
      range.addEventListener("input", () => changed(lever.key, step_(lever, Number(range.value))));
      holder.querySelector(".control").append(range);
    }
  }
};
const showPanel = (position) => {
  const moved = movedIn(position), beyond = outside(position);
  for (const lever of LEVERS) {
    const holder = byId(`l-${lever.key}`), control = byId(`c-${lever.key}`), at = position[lever.key];
    if (lever.choices.length) {
      if (control.dataset.language !== language) {
        control.replaceChildren(...lever.choices.map((text, k) => make("option", { value: k }, t(text))));
        control.dataset.language = language;
      }
      control.value = String(at);
    } else {
      control.value = String(at);
      control.setAttribute("aria-valuetext", inWords(lever.key, at));
      holder.querySelector("output").textContent = inWords(lever.key, at);
    }
    holder.classList.toggle("moved", moved.includes(lever.key));
    holder.classList.toggle("beyond", beyond.includes(lever.key));
    holder.querySelector(".now").textContent = moved.includes(lever.key) ? t("now: {value}", { value: inWords(lever.key, PRESENT[lever.key]) }) : "";
  }
};
// What one part of the split gains, the others lose in proportion
const moveSplit = (position, key, to) => {
  const at = { ...position }, others = 1 - at[key], left = 1 - to;
  for (const one of SPLIT) if (one !== key) at[one] = Math.min(LEVER[one].high, Math.max(LEVER[one].low, Number(((at[one] * left) / others).toFixed(6))));
  at[key] = to;
  return at;
};
