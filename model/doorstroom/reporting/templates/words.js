// What the page is about, and its texts in the language that is chosen. A text is looked up by its English form.
const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId("data").textContent);
let language = "en";
const t = (text, values = {}) => {
  const found = language === "en" ? text : (data.nl[text] ?? text);
  return found.replace(/\{(\w+)\}/g, (all, key) => (key in values ? values[key] : all));
};
const outcomeOf = (series) => data.outcomes[data.series[series][0]];
const groupOf = (series) => data.series[series][1];
const groupName = (group) => group.split(" > ").map((part) => t(part)).join(" \u2192 ");
const titleOf = (series) => t(outcomeOf(series).title) + (groupOf(series) === "total" ? "" : `: ${groupName(groupOf(series))}`);
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const shortOf = (series) => capital(t(data.short[series] ?? outcomeOf(series).title));
const unitOf = (series, kind) => t(outcomeOf(series).units[kind === "effect" ? 1 : 0]);
const effectUnit = (series) => ({ text: outcomeOf(series).units[1], ways: outcomeOf(series).ways });
const nameOf = (scenario) => (language === "nl" ? data.scenarios[scenario].titleNl : data.scenarios[scenario].title);
const regionOf = (region) => (region === 0 ? t(data.regions[0].name) : data.regions[region].name);
// The present policy within a sentence; any other baseline by its title
let baseline = "";
const nameBaseline = () => { baseline = data.named[language]; };
const others = data.scenarios.map((_, at) => at).slice(1);
