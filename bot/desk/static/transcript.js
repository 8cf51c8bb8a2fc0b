// What was said: who, when, in order; what is being sent; who is typing.

import { byId, el, replace } from "./dom.js";
import { dayKey, dayName, timeOfDay } from "./times.js";
import { agent, fill, texts } from "./texts.js";

// Messages of one author closer than this stand under one name.
const GROUP_MS = 5 * 60_000;
const NEAR_BOTTOM_PX = 80;

/** The transcript of the open conversation. */
export class Transcript {
  #root = byId("transcript");
  #below = byId("new-below");
  #earlier = el("button", { type: "button", class: "button quiet earlier", hidden: true, onclick: () => this.onEarlier() }, texts.transcript.earlier);
  #said = el("div", { class: "said" });
  #pending = el("div", { class: "pending-list" });
  #typing = el("p", { class: "typing", hidden: true }, el("span", { class: "dots", "aria-hidden": "true" }), texts.transcript.typing);
  #messages = [];

  constructor({ onEarlier, onRetry, onDiscard }) {
    this.onEarlier = onEarlier;
    this.onRetry = onRetry;
    this.onDiscard = onDiscard;
    this.#root.append(this.#earlier, this.#said, this.#pending, this.#typing);
    this.#below.addEventListener("click", () => this.toBottom());
    this.#root.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    // Photos, the growing reply and the phone's keyboard change heights: the end stays in sight.
    const keep = () => this.#sticks && this.toBottom();
    new ResizeObserver(keep).observe(this.#root);
    this.#root.addEventListener("load", keep, true);
  }

  // Whether new messages are followed: until the agent scrolls up to read.
  #sticks = true;
  #top = 0;

  get lastSeq() {
    return this.#messages.at(-1)?.seq ?? 0;
  }

  get firstSeq() {
    return this.#messages[0]?.seq ?? 1;
  }

  /** Show a conversation from the beginning of what is known. */
  show(messages) {
    this.#messages = messages;
    this.#render();
    this.toBottom();
  }

  /** Show earlier messages above, keeping what is being read where it is. */
  showEarlier(messages) {
    const fromBottom = this.#root.scrollHeight - this.#root.scrollTop;
    this.#messages = [...messages.filter(({ seq }) => seq < this.firstSeq), ...this.#messages];
    this.#render();
    this.#root.scrollTop = this.#root.scrollHeight - fromBottom;
  }

  /** Add what is new; numbers seen before are left out, so nothing doubles. */
  add(messages) {
    const fresh = messages.filter(({ seq }) => seq > this.lastSeq);
    if (!fresh.length) return fresh;
    for (const message of fresh) {
      this.#append(message, this.#messages.at(-1));
      this.#messages.push(message);
    }
    if (this.#sticks) this.toBottom();
    else if (fresh.some(({ author }) => author === "customer")) this.#below.hidden = false;
    return fresh;
  }

  /** What this tab has not got through yet. */
  showPending(entries) {
    const grows = entries.length > this.#pending.children.length;
    replace(this.#pending, ...entries.map((entry) => this.#pendingBubble(entry)));
    if (grows) this.toBottom();
  }

  showTyping(isOn) {
    this.#typing.hidden = !isOn;
    if (this.#sticks) this.toBottom();
  }

  toBottom() {
    this.#root.scrollTop = this.#root.scrollHeight;
    this.#below.hidden = true;
    this.#sticks = true;
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#root;
    if (scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX) {
      this.#sticks = true;
      this.#below.hidden = true;
    } else if (scrollTop < this.#top) {
      this.#sticks = false; // upwards is only ever the agent
    }
    this.#top = scrollTop;
  }

  #render() {
    // Shown anew as a whole: a screen reader is not to read it all out.
    this.#root.setAttribute("aria-live", "off");
    this.#said.replaceChildren();
    this.#messages.forEach((message, place) => this.#append(message, this.#messages[place - 1]));
    if (!this.#messages.length) this.#said.append(el("p", { class: "system" }, texts.transcript.empty));
    this.#earlier.hidden = this.firstSeq <= 1;
    requestAnimationFrame(() => this.#root.setAttribute("aria-live", "polite"));
  }

  #append(message, before) {
    if (!before) this.#said.replaceChildren();
    const isNewDay = !before || dayKey(before.sent_at) !== dayKey(message.sent_at);
    if (isNewDay) this.#said.append(el("p", { class: "day" }, el("span", {}, dayName(message.sent_at))));
    if (message.author === "system") {
      this.#said.append(systemLine(message));
      return;
    }
    const goesOn = !isNewDay && isOneGroup(before, message);
    if (!goesOn) this.#said.append(groupOf(message));
    this.#said.lastElementChild.append(bubbleOf(message));
  }

  #pendingBubble({ id, text, state, problem }) {
    const isFailed = state === "failed";
    return el(
      "div",
      { class: "group agent mine", "data-state": state },
      el("div", { class: "bubble" }, el("p", { class: "words" }, text)),
      el(
        "p",
        { class: "sending" },
        isFailed ? `${texts.transcript.not_sent} ${problem ?? ""}`.trim() : texts.transcript.sending,
        isFailed && el("button", { type: "button", class: "link", onclick: () => this.onRetry(id) }, texts.transcript.retry),
        isFailed && el("button", { type: "button", class: "link", onclick: () => this.onDiscard(id) }, texts.transcript.discard),
      ),
    );
  }
}

function isOneGroup(before, message) {
  return (
    before.author === message.author &&
    before.author_name === message.author_name &&
    new Date(message.sent_at) - new Date(before.sent_at) < GROUP_MS
  );
}

function authorOf({ author, author_name }) {
  if (author !== "agent") return texts.author[author];
  const isMe = author_name === agent.name.split(" ")[0];
  return fill(isMe ? texts.author.me : texts.author.agent, { name: author_name });
}

function groupOf(message) {
  return el(
    "div",
    { class: `group ${message.author}` },
    el("p", { class: "byline" }, el("strong", {}, authorOf(message)), " ", el("time", { datetime: message.sent_at }, timeOfDay(message.sent_at))),
  );
}

function systemLine(message) {
  return el(
    "div",
    { class: "system" },
    el("span", { class: "hidden" }, `${texts.author.system}: `),
    el("span", { class: "words" }, message.text),
    " ",
    el("time", { datetime: message.sent_at }, timeOfDay(message.sent_at)),
  );
}

function bubbleOf(message) {
  return el(
    "div",
    { class: "bubble", "data-seq": message.seq },
    message.text && el("p", { class: "words" }, message.text),
    ...message.attachments.map((attachment) => attachmentOf(attachment, message)),
    message.choices.length > 0 &&
      el(
        "ul",
        { class: "offered", "aria-label": texts.transcript.choices },
        ...message.choices.map((title) => el("li", {}, title)),
      ),
  );
}

function attachmentOf(attachment, message) {
  if (attachment.content_type.startsWith("image/")) return photoOf(attachment, message);
  const label = fill(texts.transcript.document, { name: attachment.name });
  return el("p", {}, el("a", { href: attachment.url, target: "_blank", rel: "noopener" }, label));
}

function photoOf({ url, name }, message) {
  const missing = fill(texts.transcript.photo_missing, { name });
  const picture = el("img", {
    src: url,
    alt: fill(texts.transcript.photo_alt, { author: authorOf(message), name }),
    decoding: "async",
    onerror: (event) => event.target.parentElement.replaceWith(el("p", { class: "photo-missing" }, missing)),
  });
  return el("a", { class: "photo", href: url, target: "_blank", rel: "noopener" }, picture);
}
