// The agents' labels, handed over by the page. No sentence for people stands in any script.

const start = JSON.parse(document.querySelector("#start").textContent);

export const agent = start.agent;
export const shopName = start.shop_name;
export const texts = start.texts;

/** A template with its {names} filled in. */
export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** The label of a code; codes that the page does not know have a label too. */
export function label(section, code) {
  return section[code] ?? section.other ?? code;
}
