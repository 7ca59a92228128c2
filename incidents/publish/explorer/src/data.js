// The release's files as rows. Only the parts that are needed are fetched, where the server knows byte ranges.
import { decompress } from "fzstd";
import { asyncBufferFromUrl, cachedAsyncBuffer, parquetMetadataAsync, parquetReadObjects } from "hyparquet";

const compressors = { ZSTD: (input, length) => decompress(input, new Uint8Array(length)) };
const opened = new Map();

async function open(name) {
  const file = cachedAsyncBuffer(await asyncBufferFromUrl({ url: `explorer/${name}.parquet` }));
  return { file, metadata: await parquetMetadataAsync(file), compressors };
}

function rows(name, range) {
  if (!opened.has(name)) opened.set(name, open(name));
  return opened.get(name).then((parquet) => parquetReadObjects({ ...parquet, ...range }));
}

const list = (text) => (text ? text.split("\u001f") : []);

/** One object an incident, in the order of the ids: all that filters and charts need. */
export async function incidents() {
  const found = await rows("charts");
  return found.map((row, index) => ({
    ...row,
    index,
    vendors: list(row.vendors),
    agencies: list(row.agencies),
    year: row.event_on ? Number(row.event_on.slice(0, 4)) : null,
  }));
}

/** The titles, in the same order. */
export async function titles() {
  return (await rows("titles")).map((row) => row.title);
}

/** Everything else about the incident at this place. */
export async function details(index) {
  const [row] = await rows("details", { rowStart: index, rowEnd: index + 1 });
  return JSON.parse(row.detail);
}

export async function world() {
  return (await fetch("explorer/countries.json")).json();
}
