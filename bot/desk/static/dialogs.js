// Questions before a step that the customer notices, and the list of keys.

import { byId } from "./dom.js";

const NO_SHORTCUTS = "posventa-desk:no-shortcuts";

/** Ask; true when the agent says yes. */
export function confirmed({ title, hint, yes }) {
  const dialog = byId("confirm");
  byId("confirm-title").textContent = title;
  byId("confirm-hint").textContent = hint;
  byId("confirm-yes").textContent = yes;
  dialog.returnValue = "no";
  dialog.showModal();
  byId("confirm-yes").focus();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}

/** Whether any dialog is in front. */
export function isDialogOpen() {
  return document.querySelector("dialog[open]") !== null;
}

/** Show the keys. */
export function showHelp() {
  byId("help").showModal();
}

/** Single keys can be switched off: voice control and tremor press them by accident. */
export function usesShortcuts() {
  return localStorage.getItem(NO_SHORTCUTS) === null;
}

const box = byId("use-shortcuts");
box.checked = usesShortcuts();
box.addEventListener("change", () => {
  if (box.checked) localStorage.removeItem(NO_SHORTCUTS);
  else localStorage.setItem(NO_SHORTCUTS, "1");
});
