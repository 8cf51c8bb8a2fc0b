// What we know: why the conversation is here, who it is, what they bought, what happened to it.

import { byId, el, replace } from "./dom.js";
import { date, moment, money, timeOfDay, dayKey } from "./times.js";
import { fill, label, texts } from "./texts.js";

const ORDERS_SHOWN = 3;
const LINES_SHOWN = 3;

/** Show the facts of a case. */
export function showFacts(file) {
  replace(byId("facts-body"), why(file), identity(file.identity), orders(file), history(file));
}

function section(title, ...children) {
  return el("section", { class: "fact" }, el("h3", {}, title), ...children);
}

function row(name, ...value) {
  return el("div", {}, el("dt", {}, name), el("dd", {}, ...value));
}

function why({ conversation, events }) {
  const asked = events.findLast(({ kind }) => kind === "human_requested");
  const reason = conversation.reason ?? null;
  const state = conversation.status === "closed" ? texts.facts.closed : texts.facts.not_with_team;
  return section(
    texts.facts.why,
    reason
      ? el("p", { class: "reason", "data-tone": label(texts.reason_tone, reason) }, label(texts.reason, reason))
      : el("p", { class: "muted" }, state),
    reason && asked && el("p", { class: "muted" }, fill(conversation.waiting_since ? texts.facts.waiting_since : texts.facts.waited_since, { at: moment(asked.at) })),
  );
}

function identity(who) {
  if (!who) {
    return section(
      texts.facts.identity,
      el("p", { class: "unproven" }, el("strong", {}, texts.facts.not_proven), texts.facts.not_proven_hint),
    );
  }
  return section(
    texts.facts.identity,
    el("p", { class: "who" }, who.name),
    el(
      "dl",
      { class: "rows" },
      row(texts.facts.email, el("a", { href: `mailto:${encodeURIComponent(who.email)}` }, who.email)),
      who.phone && row(texts.facts.phone, who.phone),
      row(texts.facts.proven_by, el("span", { class: "proof" }, label(texts.facts.proof, who.proof)), el("small", {}, moment(who.since))),
    ),
  );
}

function orders({ identity: who, orders: all }) {
  if (!who) return null;
  if (!all.length) return section(texts.facts.orders, el("p", { class: "muted" }, texts.facts.no_orders));
  const list = el("ul", { class: "orders" }, ...all.slice(0, ORDERS_SHOWN).map(order));
  const rest = all.slice(ORDERS_SHOWN);
  const more =
    rest.length > 0 &&
    el(
      "button",
      {
        type: "button",
        class: "link",
        onclick: (event) => {
          event.target.remove();
          const items = rest.map(order);
          list.append(...items);
          items[0].querySelector("summary").focus();
        },
      },
      fill(texts.facts.more_orders, { n: all.length }),
    );
  return section(texts.facts.orders, list, more);
}

function order(facts, place) {
  // Those talked about come first, and open.
  const isOpen = facts.mentioned || place === 0;
  const lines = facts.lines.slice(0, LINES_SHOWN).map(({ title, quantity }) => el("li", {}, quantity > 1 ? `${quantity} × ${title}` : title));
  const hidden = facts.lines.length - lines.length;
  if (hidden > 0) lines.push(el("li", { class: "muted" }, fill(texts.facts.more_items, { n: hidden })));
  return el(
    "li",
    {},
    el(
      "details",
      { open: isOpen },
      el(
        "summary",
        {},
        el("span", { class: "order-number" }, facts.number),
        el("span", { class: "order-date" }, fill(texts.facts.placed, { date: date(facts.placed_at) })),
        el(
          "span",
          { class: "order-state" },
          el("span", { class: "tag", "data-tone": label(texts.progress_tone, facts.progress) }, label(texts.progress, facts.progress)),
          facts.mentioned && el("small", {}, texts.facts.mentioned),
        ),
      ),
      el("ul", { class: "lines" }, ...lines),
      el(
        "dl",
        { class: "rows" },
        row(texts.facts.total, money(facts.total)),
        facts.refunded && row(texts.facts.refunded, money(facts.refunded)),
        ...facts.shipments.flatMap(shipment),
      ),
    ),
  );
}

function shipment({ carrier, tracking_number, tracking_url, shipped_at, estimated_delivery, delivered_at }) {
  const isLink = /^https?:\/\//.test(tracking_url ?? "");
  const number = isLink ? el("a", { href: tracking_url, target: "_blank", rel: "noopener noreferrer" }, tracking_number) : el("span", {}, tracking_number);
  // The one date that an agent is asked for.
  const [name, day] = delivered_at
    ? [texts.facts.delivered, delivered_at]
    : estimated_delivery
      ? [texts.facts.expected, estimated_delivery]
      : [texts.facts.shipped, shipped_at];
  return [row(texts.facts.carrier, carrier), day && row(name, date(day)), row(texts.facts.tracking, number)];
}

function history({ conversation, events }) {
  const items = events.map(({ at, kind, actor, actor_name, reason }) => {
    const name = actor_name ?? label(texts.actor, actor);
    const words = fill(label(texts.event, kind), { actor: name });
    return el(
      "li",
      {},
      el("time", { datetime: at }, dayKey(at) === dayKey(new Date()) ? timeOfDay(at) : moment(at)),
      el("span", {}, words, reason && el("small", {}, label(texts.reason, reason))),
    );
  });
  return section(
    texts.facts.conversation,
    el("dl", { class: "rows" }, row(texts.facts.channel, label(texts.channel, conversation.channel)), row(texts.facts.began, moment(conversation.created_at))),
    items.length > 0 && el("ol", { class: "history", "aria-label": texts.facts.events }, ...items),
  );
}
