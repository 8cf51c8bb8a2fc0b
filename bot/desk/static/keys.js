// Single keys for the hand that stays on the keyboard.

import { isDialogOpen, usesShortcuts } from "./dialogs.js";

/** Call what belongs to a key; never while somebody writes or a dialog is in front. */
export function listenToKeys({ next, previous, take, reply, help, escape }) {
  const keys = { j: next, k: previous, t: take, r: reply, "?": help };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isDialogOpen()) return;
    if (event.key === "Escape") return escape();
    const writes = event.target.closest?.("input, textarea, select, [contenteditable]");
    const does = keys[event.key.toLowerCase()];
    if (writes || !does || !usesShortcuts()) return;
    event.preventDefault();
    does();
  });
}
