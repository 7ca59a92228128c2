// Codes and dates as words.
const regions = new Intl.DisplayNames(["en"], { type: "region" });

export const words = (code) => (code ?? "").replaceAll("_", " ");
export const sentence = (code) => words(code).replace(/^./, (letter) => letter.toUpperCase());
export const country = (code) => (code ? regions.of(code) : "");

/** A date no more exact than its precision: 2020-01-09, 2020-01, 2020. */
export function date(on, precision) {
  if (!on || precision === "unknown") return "date unknown";
  if (precision === "year") return on.slice(0, 4);
  if (precision === "month") return on.slice(0, 7);
  return precision === "day" ? on : `about ${on.slice(0, 7)}`;
}

export function money(amount, currency) {
  return new Intl.NumberFormat("en", { maximumFractionDigits: 0 }).format(amount) + (currency ? ` ${currency}` : "");
}
