// The page: filters on the left, what they select as charts and a list, or one incident where the address names it.
import * as charts from "./charts.js";
import { incidents, titles, world } from "./data.js";
import { byId, element } from "./dom.js";
import * as filters from "./filters.js";
import * as incident from "./incident.js";
import { country, date } from "./words.js";

const PAGE = 25;
const state = { incidents: [], titles: [], world: null, shown: PAGE };

async function start() {
  const named = titles();
  [state.incidents, state.world] = await Promise.all([incidents(), world()]);
  filters.listen(ask);
  addEventListener("hashchange", route);
  addEventListener("resize", debounce(drawCharts, 150));
  byId("more").addEventListener("click", more);
  drawCharts();
  document.body.dataset.state = "charts";
  state.titles = await named;
  await route();
  document.body.dataset.state = "ready";
}

function ask() {
  state.shown = PAGE;
  draw();
}

async function route() {
  const id = decodeURIComponent(location.hash.slice(1));
  const row = state.incidents.find((one) => one.incident_id === id);
  byId("incident").hidden = !row;
  byId("overview").hidden = Boolean(row);
  if (row) return incident.show(row, state.titles[row.index]);
  document.title = "Facial Recognition Incidents";
  draw();
  if (id.startsWith("FRI-")) byId("count").textContent = `${id} is not in this release: look it up in the table id_redirects.`;
}

function draw() {
  filters.draw(state.incidents, state.titles);
  const rows = drawCharts();
  byId("count").textContent = `${rows.length} of ${state.incidents.length} records`;
  const ordered = rows.toSorted((a, b) => (b.event_on ?? "").localeCompare(a.event_on ?? "") || (a.incident_id < b.incident_id ? -1 : 1));
  byId("list").replaceChildren(...ordered.slice(0, state.shown).map(item));
  byId("more").hidden = ordered.length <= state.shown;
}

function drawCharts() {
  const rows = filters.select(state.incidents, state.titles);
  if (!byId("overview").hidden) charts.draw(rows, state.world);
  return rows;
}

function more() {
  const first = state.shown;
  state.shown += PAGE;
  draw();
  byId("list").children[first]?.querySelector("a").focus();
}

function item(row) {
  const told = [date(row.event_on, row.date_precision), country(row.country), `${row.publishers} publisher${row.publishers === 1 ? "" : "s"}`];
  return element(
    "li",
    {},
    element("a", { href: `#${row.incident_id}` }, state.titles[row.index]),
    element("span", { class: "quiet" }, ` ${told.filter(Boolean).join(" · ")}`),
  );
}

function debounce(call, wait) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(call, wait);
  };
}

byId("run").addEventListener("click", async () => {
  const { run } = await import("./sql.js");
  await run(byId("query").value);
});

start().catch((error) => {
  byId("count").textContent =
    location.protocol === "file:"
      ? "A browser reads no data from a file: serve this folder, for example with `incidents serve`."
      : `The data could not be read: ${error.message}`;
  throw error;
});
