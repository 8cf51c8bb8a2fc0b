// Around the transcript: who it is, who has it, what can be done, and what went wrong.

import { byId, el, replace, say } from "./dom.js";
import { showFacts } from "./facts.js";
import { fill, label, texts } from "./texts.js";

// As in the style sheet: below it, list and conversation take turns.
const isPhone = matchMedia("(max-width: 720px)");

/** The frame of the open conversation; `does` has a function for each button. */
export class CaseFrame {
  #drawn = {};
  #isLoadFailure = false;

  constructor(does) {
    this.does = does;
    byId("show-facts").addEventListener("click", () => this.showFactsPanel(!this.areFactsShown));
    byId("hide-facts").addEventListener("click", () => this.showFactsPanel(false));
  }

  get areFactsShown() {
    return document.body.dataset.facts === "shown";
  }

  get isPhoneCase() {
    return document.body.dataset.view === "case" && isPhone.matches;
  }

  /** Another conversation is on its way; until it is here, nothing can be typed into the old one. */
  turnTo(id) {
    this.#drawn = {};
    byId("case").inert = id !== null;
    if (this.areFactsShown) this.showFactsPanel(false);
    if (id === null) this.showNothing();
  }

  showNothing() {
    for (const id of ["case-head", "transcript", "composer", "notice", "new-below"]) byId(id).hidden = true;
    byId("nothing").hidden = false;
    byId("facts-body").replaceChildren();
    byId("case").inert = false;
    this.tell("");
    document.body.dataset.facts = "none";
  }

  show(file) {
    const { last_seq, ...conversation } = file.conversation;
    byId("case").inert = false;
    byId("nothing").hidden = true;
    byId("case-head").hidden = byId("transcript").hidden = false;
    if (document.body.dataset.facts === "none") document.body.dataset.facts = "";
    if (this.#isLoadFailure) this.tell("");
    if (this.#isNews("head", [conversation, file.identity?.name])) this.#drawHead(conversation, file.identity);
    if (this.#isNews("facts", [conversation, file.identity, file.orders, file.events])) showFacts(file);
  }

  /** Say what went wrong, until the next step; a failed load only until one works. */
  tell(problem, { isLoadFailure = false } = {}) {
    this.#isLoadFailure = isLoadFailure;
    byId("problem").hidden = !problem;
    say(byId("problem"), problem);
  }

  showView(view) {
    document.body.dataset.view = view;
    if (this.isPhoneCase) byId("case").focus();
  }

  showFactsPanel(isShown) {
    document.body.dataset.facts = isShown ? "shown" : "";
    byId("show-facts").setAttribute("aria-expanded", String(isShown));
    byId(isShown ? "facts" : "show-facts").focus();
  }

  /** Whether a part is to be drawn anew; drawing it folds and unfocuses what is in it. */
  #isNews(part, facts) {
    const drawn = JSON.stringify(facts);
    if (this.#drawn[part] === drawn) return false;
    this.#drawn[part] = drawn;
    return true;
  }

  #drawHead(conversation, identity) {
    const { status, agent: holder, mine, channel } = conversation;
    const state = mine ? texts.status.with_me : fill(texts.status[status], { name: holder?.name ?? "" });
    say(byId("case-title"), identity?.name ?? texts.card.unknown_customer);
    say(byId("case-status"), `${state} · ${label(texts.channel, channel)}`);
    byId("case-status").dataset.status = mine ? "mine" : status;
    replace(byId("actions"), mine && this.#button("giveBack", texts.actions.give_back), mine && this.#button("close", texts.actions.close));
    byId("composer").hidden = !mine;
    this.#drawNotice(conversation);
  }

  #drawNotice({ status, agent: holder, mine }) {
    const name = holder?.name ?? "";
    const [words, button] = {
      waiting: [texts.composer.take_first, texts.actions.take],
      with_agent: [fill(texts.composer.with_other, { name }), fill(texts.actions.take_over, { name })],
      with_bot: [texts.composer.with_bot, texts.actions.take_from_bot],
      closed: [texts.composer.closed, null],
    }[status];
    byId("notice").hidden = mine;
    replace(byId("notice"), el("p", {}, words), button && this.#button("take", button, status === "waiting" ? "primary" : ""));
  }

  #button(name, text, tone = "") {
    return el("button", { type: "button", class: `button ${tone}`, "data-action": name, onclick: () => this.does[name]() }, text);
  }
}
