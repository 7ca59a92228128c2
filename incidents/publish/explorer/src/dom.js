// Elements from data. Text is always text: nothing from an article is ever parsed as HTML.

/** element("a", {href: "#x"}, "words", otherElement) */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

export const byId = (id) => document.getElementById(id);

/** An address from an article as a link; what is no web address stays text. */
export function link(url, text) {
  return /^https?:\/\//.test(url ?? "") ? element("a", { href: url, rel: "noopener noreferrer" }, text) : text;
}
