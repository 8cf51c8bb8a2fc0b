// Elements built from data. Text only ever becomes text: there is no innerHTML on this page.

/** An element: `el("p", { class: "note", onclick: f }, "text", child)`. Empty children are left out. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return element;
}

/** The element of the page with this id. */
export function byId(id) {
  return document.getElementById(id);
}

/** Put children in the place of others; nothing moves when they say the same. */
export function replace(element, ...children) {
  element.replaceChildren(...children.filter(Boolean));
}

/** Set a text, and touch nothing when it is there already (live regions would say it again). */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
