// What the visitor asked for, kept in the address so that it can be shared, and which incidents answer to it.
import { byId, element } from "./dom.js";
import { country, sentence } from "./words.js";

const one = (value) => (value ? [value] : []);

// Each facet: the values that an incident has for it, and how a value reads.
const FACETS = {
  class: { of: (row) => one(row.record_class), label: sentence },
  type: { of: (row) => one(row.incident_type), label: sentence },
  country: { of: (row) => one(row.country), label: country },
  vendor: { of: (row) => row.vendors, label: String },
  agency: { of: (row) => row.agencies, label: String },
};
const NUMBERS = ["from", "to", "confidence"];
const NAMES = [...Object.keys(FACETS), ...NUMBERS, "q"];

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

export function wanted() {
  const values = new URLSearchParams(location.search);
  return Object.fromEntries(NAMES.map((name) => [name, values.get(name) ?? (name === "class" ? "incident" : "")]));
}

/** A test of one incident; `leaveOut` names a facet that is not applied, for its own counts. */
function test(asked, titles, leaveOut) {
  const words = fold(asked.q).split(/\s+/).filter(Boolean);
  return (row) =>
    Object.entries(FACETS).every(
      ([name, facet]) => name === leaveOut || !asked[name] || asked[name] === "any" || facet.of(row).includes(asked[name]),
    ) &&
    (!asked.from || (row.year !== null && row.year >= Number(asked.from))) &&
    (!asked.to || (row.year !== null && row.year <= Number(asked.to))) &&
    (!asked.confidence || row.confidence >= Number(asked.confidence)) &&
    (!words.length || contains(row, titles, words));
}

function contains(row, titles, words) {
  const text = [titles[row.index], row.place, row.incident_id, row.vendors.join(" "), row.agencies.join(" ")];
  const folded = fold(text.join(" "));
  return words.every((word) => folded.includes(word));
}

export function select(incidents, titles) {
  return incidents.filter(test(wanted(), titles));
}

/** Fill the choices with their counts under all other filters. */
export function draw(incidents, titles) {
  const asked = wanted();
  for (const [name, facet] of Object.entries(FACETS)) {
    const counts = new Map(asked[name] ? [[asked[name], 0]] : []);
    for (const row of incidents.filter(test(asked, titles, name)))
      for (const value of facet.of(row)) counts.set(value, (counts.get(value) ?? 0) + 1);
    counts.delete("any");
    const ordered = [...counts].sort((a, b) => b[1] - a[1] || facet.label(a[0]).localeCompare(facet.label(b[0])));
    const options = ordered.map(([value, number]) => element("option", { value }, `${facet.label(value)} (${number})`));
    byId(name).replaceChildren(element("option", { value: "any" }, "Any"), ...options);
    byId(name).value = asked[name] || "any";
  }
  for (const name of [...NUMBERS, "q"]) if (document.activeElement !== byId(name)) byId(name).value = asked[name];
}

/** Call `changed` when the visitor asks for something else. */
export function listen(changed) {
  const form = byId("filters");
  const ask = () => {
    const values = new URLSearchParams(
      NAMES.map((name) => [name, byId(name).value]).filter(
        ([name, value]) => value && (name === "class" ? value !== "incident" : value !== "any"),
      ),
    );
    history.replaceState(null, "", `${location.pathname}${values.size ? `?${values}` : ""}`);
    changed();
  };
  form.addEventListener("input", ask);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => {
    history.replaceState(null, "", location.pathname);
    setTimeout(changed);
  });
}
