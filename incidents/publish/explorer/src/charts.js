// When, where, whose system and who used it; each chart with the same numbers as a table.
import { axisX, axisY, barX, barY, dot, geo, plot, ruleX, ruleY, sphere } from "@observablehq/plot";
import { feature } from "topojson-client";
import { byId, element } from "./dom.js";
import { country } from "./words.js";

const MOST = 10;

export function draw(rows, world) {
  const width = byId("charts").clientWidth;
  const column = width > 760 ? (width - 32) / 2 : width;
  show("by-year", years(rows, width), counted(rows, (row) => [row.year ?? "unknown"]).sort((a, b) => (a[0] < b[0] ? -1 : 1)));
  show("by-place", map(rows, world, width), counted(rows, (row) => [row.country ? country(row.country) : "unknown"]));
  for (const [id, values] of [["by-vendor", (row) => row.vendors], ["by-agency", (row) => row.agencies]]) {
    const numbers = counted(rows, values);
    show(id, bars(numbers.slice(0, MOST), column), numbers);
  }
}

function counted(rows, values) {
  const counts = new Map();
  for (const row of rows) for (const value of values(row)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || String(a[0]).localeCompare(String(b[0])));
}

function show(id, chart, numbers) {
  const figure = byId(id);
  const table = figure.querySelector("table");
  const lines = numbers.map(([name, number]) => element("tr", {}, element("th", { scope: "row" }, String(name)), element("td", {}, String(number))));
  table.tBodies[0].replaceChildren(...lines);
  chart?.setAttribute("aria-hidden", "true"); // the table beneath says the same
  figure.querySelector(".chart").replaceChildren(chart ?? element("p", { class: "quiet" }, "Nothing to draw."));
}

function years(rows, width) {
  const numbers = counted(rows.filter((row) => row.year !== null), (row) => [row.year]);
  if (!numbers.length) return null;
  const all = numbers.map(([year]) => year);
  const marks = numbers.map(([year, number]) => ({ year, number }));
  return plot({
    width,
    height: 170,
    marginLeft: 36,
    x: { domain: range(Math.min(...all), Math.max(...all)), type: "band", padding: 0.15 },
    y: { grid: true, nice: true },
    marks: [
      axisX({ label: null, tickFormat: String, ticks: undefined, tickRotate: width < 500 ? -60 : 0 }),
      axisY({ label: "incidents", ticks: 4, tickFormat: (n) => (Number.isInteger(n) ? String(n) : "") }),
      barY(marks, { x: "year", y: "number", fill: "var(--accent)", title: (d) => `${d.year}: ${d.number}`, tip: true }),
      ruleY([0]),
    ],
  });
}

const range = (first, last) => Array.from({ length: last - first + 1 }, (_, step) => first + step);

function map(rows, world, width) {
  const places = new Map();
  for (const row of rows) {
    if (row.latitude === null || row.latitude === undefined) continue;
    const key = `${row.latitude} ${row.longitude}`;
    if (!places.has(key)) places.set(key, { place: row.place, country: row.country, latitude: row.latitude, longitude: row.longitude, number: 0 });
    places.get(key).number += 1;
  }
  return plot({
    width,
    height: Math.min(420, Math.round(width * 0.5)),
    projection: { type: "equal-earth", domain: { type: "Sphere" } },
    r: { range: [0, width > 700 ? 14 : 9], domain: [0, Math.max(1, ...[...places.values()].map((d) => d.number))] },
    marks: [
      sphere({ fill: "var(--sea)" }),
      geo(feature(world, world.objects.countries), { fill: "var(--land)", stroke: "var(--page)", strokeWidth: 0.5 }),
      dot([...places.values()].sort((a, b) => b.number - a.number), {
        x: "longitude", y: "latitude", r: "number", fill: "var(--accent)", fillOpacity: 0.65, stroke: "var(--page)",
        title: (d) => `${d.place}, ${country(d.country)}: ${d.number}`, tip: true,
      }),
    ],
  });
}

function bars(numbers, width) {
  if (!numbers.length) return null;
  const most = numbers[0][1];
  const marks = numbers.map(([name, number]) => ({ name, number }));
  return plot({
    width,
    height: 26 * numbers.length + 40,
    marginLeft: Math.min(190, width * 0.45),
    x: { grid: true, domain: [0, most], nice: true },
    y: { domain: numbers.map(([name]) => name) },
    marks: [
      axisX({ label: "incidents", ticks: Math.min(5, most), tickFormat: (n) => (Number.isInteger(n) ? String(n) : "") }),
      axisY({ label: null, tickFormat: (name) => (name.length > 28 ? `${name.slice(0, 27)}…` : name) }),
      barX(marks, { x: "number", y: "name", fill: "var(--accent)", title: (d) => `${d.name}: ${d.number}`, tip: true }),
      ruleX([0]),
    ],
  });
}
