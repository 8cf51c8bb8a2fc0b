// The list of conversations: tabs with counts, and a card for each.

import { byId, el, replace } from "./dom.js";
import { since, urgency } from "./times.js";
import { fill, label, texts } from "./texts.js";

export const BOXES = ["waiting", "mine", "open", "closed"];

/** Shows a part of the queue and tells which conversation or part is chosen. */
export class QueueView {
  #tabs = new Map();
  #cards = new Map();
  #order = [];
  #openId = null;
  #list = el("ul", { class: "card-list" });
  #foot = el("p", { class: "cards-foot", hidden: true });

  constructor({ onBox, onOpen }) {
    this.onOpen = onOpen;
    for (const box of BOXES) this.#tabs.set(box, this.#tab(box, onBox));
    byId("boxes").append(...[...this.#tabs.values()].map(({ button }) => button));
    byId("boxes").addEventListener("keydown", (event) => this.#moveTab(event, onBox));
    byId("cards").append(this.#list, this.#foot);
    setInterval(() => this.#tick(), 10_000);
  }

  get order() {
    return this.#order;
  }

  showBox(box) {
    for (const [name, { button }] of this.#tabs) {
      button.setAttribute("aria-selected", String(name === box));
      button.tabIndex = name === box ? 0 : -1;
    }
    byId("cards").setAttribute("aria-labelledby", `box-${box}`);
  }

  showCounts(counts) {
    for (const [box, { count }] of this.#tabs) {
      count.textContent = counts[box] > 999 ? "999+" : String(counts[box]);
      count.parentElement.dataset.some = String(counts[box] > 0);
    }
  }

  /** Show these conversations, keeping cards and focus where they are. */
  showCards(conversations, box, total) {
    const focused = document.activeElement?.closest?.("[data-id]")?.dataset.id;
    const seen = new Set(conversations.map(({ id }) => id));
    for (const [id, { item }] of this.#cards) {
      if (!seen.has(id)) {
        item.remove();
        this.#cards.delete(id);
      }
    }
    this.#order = conversations.map(({ id }) => id);
    conversations.forEach((conversation, place) => {
      const card = this.#cards.get(conversation.id) ?? this.#card(conversation.id);
      card.conversation = conversation;
      this.#fillCard(card);
      if (this.#list.children[place] !== card.item) this.#list.insertBefore(card.item, this.#list.children[place] ?? null);
    });
    if (focused && this.#cards.has(focused)) this.#cards.get(focused).button.focus({ preventScroll: true });
    const foot = conversations.length === 0 ? texts.empty[box] : fill(texts.empty.more, { shown: conversations.length, n: total });
    this.#foot.textContent = foot;
    this.#foot.hidden = conversations.length > 0 && conversations.length >= total;
    this.#foot.classList.toggle("empty", conversations.length === 0);
  }

  showOpen(id) {
    this.#openId = id;
    for (const [cardId, { button }] of this.#cards) mark(button, cardId === id);
  }

  focus(id) {
    const card = this.#cards.get(id);
    card?.button.focus();
    card?.item.scrollIntoView({ block: "nearest" });
  }

  #tab(box, onBox) {
    const count = el("span", { class: "count" });
    const button = el(
      "button",
      { role: "tab", type: "button", id: `box-${box}`, "aria-controls": "cards", "data-box": box, onclick: () => onBox(box) },
      texts.boxes[box],
      " ",
      count,
    );
    return { button, count };
  }

  #moveTab(event, onBox) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const place = BOXES.indexOf(event.target.dataset?.box);
    if (!step || place < 0) return;
    event.preventDefault();
    const box = BOXES[(place + step + BOXES.length) % BOXES.length];
    onBox(box);
    this.#tabs.get(box).button.focus();
  }

  #card(id) {
    const button = el("button", { type: "button", class: "card", "data-id": id, onclick: () => this.onOpen(id) });
    const card = { item: el("li", {}, button), button, conversation: null, shown: "" };
    mark(button, id === this.#openId);
    this.#cards.set(id, card);
    return card;
  }

  #fillCard(card) {
    const shown = JSON.stringify(card.conversation) + timeText(card.conversation);
    if (shown === card.shown) return;
    card.shown = shown;
    replace(card.button, ...cardParts(card.conversation));
  }

  #tick() {
    for (const card of this.#cards.values()) this.#fillCard(card);
  }
}

function mark(button, isOpen) {
  if (isOpen) button.setAttribute("aria-current", "true");
  else button.removeAttribute("aria-current");
}

function cardParts(conversation) {
  const { customer_name, reason, channel, status, agent_name, mine } = conversation;
  const holder = status === "with_agent" && !mine ? fill(texts.card.with, { name: agent_name }) : null;
  const state = status === "with_bot" || status === "closed" ? texts.status[status] : holder;
  return [
    el(
      "span",
      { class: "card-top" },
      el("span", { class: customer_name ? "card-name" : "card-name unknown" }, customer_name ?? texts.card.unknown_customer),
      el("span", { class: "card-time", "data-tone": timeTone(conversation) }, timeText(conversation)),
    ),
    el("span", { class: "card-words" }, ...preview(conversation.preview)),
    el(
      "span",
      { class: "card-tags" },
      reason && el("span", { class: "tag", "data-tone": label(texts.reason_tone, reason) }, label(texts.reason, reason)),
      state && el("span", { class: "tag" }, state),
      el("span", { class: "card-channel" }, label(texts.channel, channel)),
    ),
  ];
}

function preview(words) {
  if (!words) return [texts.card.no_words];
  const said = words.text || (words.photo ? texts.card.photo : "");
  return [el("span", { class: "card-author" }, texts.card.words_of[words.author]), " ", said];
}

function timeText({ status, waiting_since, needs_answer, preview: words, updated_at }) {
  if (status === "waiting") return fill(texts.card.waits, { time: since(waiting_since) });
  if (needs_answer) return fill(texts.card.unanswered, { time: since(words.sent_at) });
  return fill(texts.card.updated, { time: since(words?.sent_at ?? updated_at) });
}

function timeTone({ status, waiting_since, needs_answer, preview: words }) {
  if (status === "waiting") return urgency(waiting_since);
  return needs_answer ? urgency(words.sent_at) : "quiet";
}
