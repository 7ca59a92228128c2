// Bundles the page's scripts and lays the files that they load beside them, all under dist/.
import { build } from "esbuild";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const installed = createRequire(import.meta.url);
const duckdb = dirname(installed.resolve("@duckdb/duckdb-wasm"));

await rm(dist, { recursive: true, force: true });
await mkdir(dist);
await build({
  entryPoints: [join(here, "src/app.js"), join(here, "src/sql.js")],
  outdir: dist,
  bundle: true,
  minify: true,
  format: "esm",
  external: ["./sql.js"], // a file of its own: most visitors never need it
  target: "es2022",
  logLevel: "warning",
});
await copyFile(join(here, "src/style.css"), join(dist, "style.css"));
await copyFile(installed.resolve("world-atlas/countries-110m.json"), join(dist, "countries.json"));
await copyFile(join(duckdb, "duckdb-browser-eh.worker.js"), join(dist, "duckdb.worker.js"));
await writeFile(join(dist, "duckdb.wasm.gz"), gzipSync(await readFile(join(duckdb, "duckdb-eh.wasm")), { level: 9 }));
