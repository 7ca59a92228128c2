// SQL over the release's own database, with DuckDB in the browser. Loaded only when somebody presses Run.
import { AsyncDuckDB, DuckDBDataProtocol, VoidLogger } from "@duckdb/duckdb-wasm";
import { byId, element } from "./dom.js";

const SHOWN = 500;
let connection;

async function connect() {
  const database = new AsyncDuckDB(new VoidLogger(), new Worker("explorer/duckdb.worker.js"));
  await database.instantiate(await wasm());
  await database.registerFileURL("incidents.duckdb", new URL("incidents.duckdb", location).href, DuckDBDataProtocol.HTTP, false);
  const opened = await database.connect();
  // An extension would come from another host.
  await opened.query("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false");
  await opened.query("ATTACH 'incidents.duckdb' AS release (READ_ONLY); USE release");
  return opened;
}

/** The engine, shipped compressed; a server may have inflated it on the way. */
async function wasm() {
  const packed = new Uint8Array(await (await fetch("explorer/duckdb.wasm.gz")).arrayBuffer());
  const isPacked = packed[0] === 0x1f && packed[1] === 0x8b;
  const stream = isPacked ? new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")) : new Blob([packed]).stream();
  const bytes = await new Response(stream).arrayBuffer();
  return URL.createObjectURL(new Blob([bytes], { type: "application/wasm" }));
}

export async function run(query) {
  const status = byId("sql-status");
  byId("run").disabled = true;
  status.textContent = connection ? "Running…" : "Loading DuckDB…";
  try {
    connection ??= await connect();
    const result = await connection.query(query);
    const names = result.schema.fields.map((field) => field.name);
    const rows = result.toArray().map((row) => names.map((name) => text(row[name])));
    status.textContent = `${rows.length} row${rows.length === 1 ? "" : "s"}${rows.length > SHOWN ? `, the first ${SHOWN} shown` : ""}`;
    byId("sql-result").replaceChildren(table(names, rows.slice(0, SHOWN)));
    offer(names, rows);
  } catch (error) {
    status.textContent = error.message.split("\n")[0];
    byId("sql-result").replaceChildren();
  } finally {
    byId("run").disabled = false;
  }
}

function text(value) {
  if (value === null || value === undefined) return "";
  return value instanceof Date ? value.toISOString() : String(value);
}

function table(names, rows) {
  const head = element("tr", {}, names.map((name) => element("th", { scope: "col" }, name)));
  return element(
    "table",
    {},
    element("thead", {}, head),
    element("tbody", {}, rows.map((row) => element("tr", {}, row.map((value) => element("td", {}, value))))),
  );
}

function offer(names, rows) {
  const line = (cells) => cells.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",");
  const blob = new Blob([[names, ...rows].map(line).join("\n")], { type: "text/csv" });
  const save = byId("sql-save");
  URL.revokeObjectURL(save.href);
  save.href = URL.createObjectURL(blob);
  save.hidden = false;
}
