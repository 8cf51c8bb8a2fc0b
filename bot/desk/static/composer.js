// Writing to the customer: drafts, sending, and sending again under the same id.

import { byId } from "./dom.js";
import { post } from "./server.js";
import { agent, fill, texts } from "./texts.js";

export const MAX_LENGTH = 4000;
// How often the customer's page hears that somebody is writing; the sign there lasts 6 s.
const TYPING_MS = 3000;
// What is written stays in this tab, also over a reload or a log-in; for this agent only.
const STORE = `posventa-desk:${agent.id}`;

const stored = (name) => JSON.parse(sessionStorage.getItem(`${STORE}:${name}`) ?? "null");
const store = (name, value) => {
  if (value === null || value.length === 0) sessionStorage.removeItem(`${STORE}:${name}`);
  else sessionStorage.setItem(`${STORE}:${name}`, JSON.stringify(value));
};

/** The reply field, and the messages of this tab that are still on their way. */
export class Composer {
  #form = byId("composer");
  #field = byId("reply");
  #hint = byId("composer-hint");
  #id = null;
  #typingSentAt = 0;
  #inTurn = Promise.resolve();

  /** `onPending(entries)`, `onSent(conversationId, message)`, `onRefused(conversationId)`. */
  constructor({ onPending, onSent, onRefused }) {
    Object.assign(this, { onPending, onSent, onRefused });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.#submit();
      }
    });
    this.#field.addEventListener("input", () => this.#written());
  }

  /** Write in another conversation; its draft comes back. */
  open(conversationId) {
    this.#id = conversationId;
    this.#field.value = stored(`draft:${conversationId}`) ?? "";
    this.#measure();
    this.#show();
  }

  focus() {
    this.#field.focus();
  }

  /** The transcript has these messages: nothing of them is pending any more. */
  arrived(conversationId, messages) {
    const ids = new Set(messages.map((message) => message.client_message_id));
    const entries = this.#entries(conversationId);
    const left = entries.filter(({ id }) => !ids.has(id));
    if (left.length < entries.length) this.#keep(conversationId, left);
  }

  /** The line is back: what failed because of it goes out again, under its old id. */
  retryAll() {
    for (const key of Object.keys(sessionStorage)) {
      const id = key.startsWith(`${STORE}:outbox:`) && key.slice(`${STORE}:outbox:`.length);
      if (!id) continue;
      for (const entry of this.#entries(id)) if (!entry.refused && !entry.underway) this.#send(id, entry.id);
    }
  }

  retry(entryId) {
    this.#send(this.#id, entryId);
  }

  discard(entryId) {
    this.#keep(this.#id, this.#entries(this.#id).filter(({ id }) => id !== entryId));
    this.focus();
  }

  #underway = new Set();

  #entries(conversationId) {
    const entries = stored(`outbox:${conversationId}`) ?? [];
    return entries.map((entry) => ({ ...entry, underway: this.#underway.has(entry.id) }));
  }

  #keep(conversationId, entries) {
    store(`outbox:${conversationId}`, entries.map(({ underway, ...entry }) => entry));
    this.#show();
  }

  #change(conversationId, entryId, change) {
    this.#keep(
      conversationId,
      this.#entries(conversationId).map((entry) => (entry.id === entryId ? { ...entry, ...change } : entry)),
    );
  }

  #show() {
    if (this.#id === null) return;
    this.onPending(this.#entries(this.#id).map((entry) => ({ ...entry, state: entry.underway ? "sending" : "failed" })));
  }

  #submit() {
    const text = this.#field.value.trim();
    if (!text || text.length > MAX_LENGTH || this.#id === null) return;
    const id = crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join("-");
    store(`outbox:${this.#id}`, [...(stored(`outbox:${this.#id}`) ?? []), { id, text }]);
    this.#field.value = "";
    store(`draft:${this.#id}`, null);
    this.#typingSentAt = 0;
    this.#measure();
    this.#send(this.#id, id);
  }

  /** One after the other, so that two quick replies keep their order. */
  #send(conversationId, entryId) {
    this.#underway.add(entryId);
    this.#change(conversationId, entryId, { refused: false, problem: null });
    this.#inTurn = this.#inTurn.then(() => this.#deliver(conversationId, entryId));
  }

  async #deliver(conversationId, entryId) {
    const entry = this.#entries(conversationId).find(({ id }) => id === entryId);
    try {
      if (!entry) return;
      const body = { text: entry.text, client_message_id: entryId };
      const { message } = await post(`/conversations/${conversationId}/replies`, body);
      await this.onSent(conversationId, message);
      this.#underway.delete(entryId);
      this.#keep(conversationId, this.#entries(conversationId).filter(({ id }) => id !== entryId));
    } catch (error) {
      this.#underway.delete(entryId);
      this.#change(conversationId, entryId, { refused: !error.isPassing, problem: error.message });
      if (!error.isPassing) this.onRefused(conversationId);
    } finally {
      this.#underway.delete(entryId);
    }
  }

  #written() {
    store(`draft:${this.#id}`, this.#field.value);
    this.#measure();
    if (this.#field.value && Date.now() - this.#typingSentAt > TYPING_MS) {
      this.#typingSentAt = Date.now();
      post(`/conversations/${this.#id}/typing`, { on: true }).catch(() => null);
    }
  }

  #measure() {
    const over = this.#field.value.trim().length - MAX_LENGTH;
    this.#hint.textContent = over > 0 ? fill(texts.composer.too_long, { n: over }) : texts.composer.hint;
    this.#hint.classList.toggle("over", over > 0);
    this.#field.setAttribute("aria-invalid", String(over > 0));
    if (!CSS.supports("field-sizing", "content")) {
      this.#field.style.height = "auto";
      this.#field.style.height = `${this.#field.scrollHeight + 2}px`;
    }
  }
}

/** Forget every draft of this agent: they are leaving. */
export function forgetDrafts() {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(STORE)) sessionStorage.removeItem(key);
}
