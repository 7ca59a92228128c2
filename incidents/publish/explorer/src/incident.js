// The page of one incident: what is published, its history, the sentences behind each value, and the articles.
import { details } from "./data.js";
import { byId, element, link } from "./dom.js";
import { country, date, money, sentence, words } from "./words.js";

export async function show(row, title) {
  const found = await details(row.index);
  const page = byId("incident");
  const parts = [
    element("p", {}, element("a", { href: "#" }, "← All incidents")),
    element("h2", { tabindex: "-1", id: "incident-title" }, title),
    element("p", { class: "quiet" }, `${row.incident_id} · ${sentence(row.record_class)}`),
    facts(row, found),
    section("Timeline", found.events.length && element("ol", { class: "timeline" }, found.events.map(event))),
    section("Why: the sentences behind each value", element("div", {}, values(found.values))),
    section("Articles", element("ul", {}, found.articles.map(article))),
    section("Linked incidents", found.links.length && element("ul", {}, found.links.map(other))),
  ];
  page.replaceChildren(...parts.filter(Boolean));
  document.title = `${title} · Facial Recognition Incidents`;
  byId("incident-title").focus();
}

function section(heading, content) {
  return content ? element("section", {}, element("h3", {}, heading), content) : null;
}

function facts(row, found) {
  const place = [row.place, country(row.country)].filter((name, index, all) => name && all.indexOf(name) === index);
  const pairs = [
    ["Kind", sentence(row.incident_type)],
    ["When", date(row.event_on, row.date_precision)],
    ["Where", place.join(", ")],
    ...Object.entries(Object.groupBy(found.organizations, (part) => part.role)).map(([role, parts]) => [
      sentence(role),
      parts.map((part) => (part.product ? `${part.name} (${part.product})` : part.name)).join("; "),
    ]),
    ["Affected", found.parties.map((party) => (party.count ? `${party.label} (${party.count})` : party.label)).join("; ")],
    ["Face recognition", words(found.frt_involvement)],
    ["Allegation", words(found.allegation_status)],
    ["Legal status", words(found.legal_status)],
    ["Confidence", `${row.confidence.toFixed(2)}, ${row.publishers} independent publisher${row.publishers === 1 ? "" : "s"}`],
    ["Reviewed by", words(found.review_level)],
  ];
  const known = pairs.filter(([, value]) => value && !["unknown", "none"].includes(value));
  return element("dl", {}, known.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
}

function event(step) {
  const about = [step.organization, step.amount ? `${money(step.amount, step.currency)} ${words(step.amount_kind)}` : ""];
  return element(
    "li",
    {},
    element("time", { datetime: step.on }, date(step.on, step.precision)),
    ` ${sentence(step.type)}`,
    about.some(Boolean) ? `: ${about.filter(Boolean).join(", ")}` : "",
  );
}

function values(found) {
  return found.map((item) =>
    element(
      "details",
      { open: item.table === "incidents" && item.selected },
      element(
        "summary",
        {},
        element("span", { class: "field" }, words(item.field)),
        " ",
        element("strong", {}, item.name ?? words(item.value)),
        item.selected ? "" : element("span", { class: "loser" }, " not published: another value was chosen"),
      ),
      item.quotes.map((quote) =>
        element(
          "blockquote",
          {},
          element("p", {}, quote.quote),
          element("footer", {}, link(quote.url, quote.publisher ?? "source"), quote.published_on ? `, ${quote.published_on}` : "", element("span", { class: "quiet" }, ` · ${quote.archive_file} @ ${quote.archive_offset}`)),
        ),
      ),
    ),
  );
}

function article(row) {
  const told = [row.publisher, row.published_on, words(row.relation)].filter(Boolean).join(", ");
  return element("li", {}, link(row.url, row.title ?? row.url), element("span", { class: "quiet" }, ` ${told}`));
}

function other(row) {
  return element("li", {}, `${sentence(row.type)}: `, element("a", { href: `#${row.to}` }, row.to));
}
