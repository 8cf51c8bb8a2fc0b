// The agents' page: what is open, what the server says, and what the agent does.

import { coalesced } from "./coalesced.js";
import { Composer, forgetDrafts } from "./composer.js";
import { confirmed, showHelp } from "./dialogs.js";
import { byId, say } from "./dom.js";
import { CaseFrame } from "./frame.js";
import { listenToKeys } from "./keys.js";
import { BOXES, QueueView } from "./queue.js";
import { get, Live, logOut, post } from "./server.js";
import { fill, shopName, texts } from "./texts.js";
import { Transcript } from "./transcript.js";

const BOX = "posventa-desk:box";
// Lists are fetched at most this often, however busy the shop is.
const LIST_MS = 300;

const desk = { box: localStorage.getItem(BOX) ?? "waiting", counts: null, file: null, openId: null };
if (!BOXES.includes(desk.box)) desk.box = "waiting";

const queue = new QueueView({ onBox: chooseBox, onOpen: open });
const frame = new CaseFrame({ take, giveBack, close });
const transcript = new Transcript({
  onEarlier: showEarlier,
  onRetry: (entry) => composer.retry(entry),
  onDiscard: (entry) => composer.discard(entry),
});
const composer = new Composer({
  onPending: (entries) => transcript.showPending(entries),
  onSent: sent,
  onRefused: (id) => id === desk.openId && refreshCase(),
});

// --- the queue ----------------------------------------------------------------------------------

let listsAsked = 0;

async function loadQueue() {
  const { box } = desk;
  const asked = ++listsAsked;
  const { conversations, counts } = await get(`/conversations?box=${box}`);
  if (asked !== listsAsked) return; // a newer answer is on its way
  showCounts(counts);
  queue.showCards(conversations, box, counts[box]);
}

const refreshQueue = coalesced(loadQueue, LIST_MS);

function chooseBox(box) {
  desk.box = box;
  localStorage.setItem(BOX, box);
  queue.showBox(box);
  loadQueue().catch(() => null);
}

function showCounts(counts) {
  const more = desk.counts !== null && counts.waiting > desk.counts.waiting;
  desk.counts = counts;
  queue.showCounts(counts);
  if (more) say(byId("announcer"), fill(texts.card.announced, { n: counts.waiting }));
  const title = `${texts.page.title} · ${shopName}`;
  document.title = counts.waiting ? fill(texts.page.waiting_title, { n: counts.waiting, title }) : title;
}

// --- a case -------------------------------------------------------------------------------------

function open(id) {
  if (id === desk.openId) return frame.showView("case");
  // The address names the conversation: a reload, a second tab and the back button find it.
  location.hash = id ?? "";
}

async function openFromAddress() {
  const id = /^#[0-9a-f]{32}$/.test(location.hash) ? location.hash.slice(1) : null;
  const isOther = id !== desk.openId;
  if (isOther) {
    desk.openId = id;
    desk.file = null;
    queue.showOpen(id);
    frame.turnTo(id);
  }
  frame.showView(id ? "case" : "list");
  if (isOther && id) await refreshCase();
}

/** Everything about the open conversation, anew. */
async function refreshCase() {
  const id = desk.openId;
  if (!id) return;
  try {
    const file = await get(`/conversations/${id}`);
    if (id !== desk.openId || file.conversation.epoch < desk.file?.conversation.epoch) return;
    if (!desk.file) {
      transcript.show(file.messages);
      composer.open(id);
    } else if (file.messages[0]?.seq > transcript.lastSeq + 1) {
      transcript.show(file.messages);
    } else {
      transcript.add(file.messages);
    }
    composer.arrived(id, file.messages);
    desk.file = file;
    frame.show(file);
    transcript.showTyping(file.typing);
  } catch (error) {
    if (id !== desk.openId) return;
    if (!desk.file) frame.showNothing();
    frame.tell(error.message, { isLoadFailure: true });
  }
}

/** What was said since; the facts too when it changed hands or the assistant found something out. */
const catchUp = coalesced(async () => {
  const id = desk.openId;
  if (!desk.file) return refreshCase();
  const { conversation, messages, typing } = await get(`/conversations/${id}/messages?after=${transcript.lastSeq}`);
  if (id !== desk.openId || !desk.file) return;
  const fresh = transcript.add(messages);
  composer.arrived(id, messages);
  transcript.showTyping(typing);
  if (conversation.epoch !== desk.file.conversation.epoch || fresh.some(({ author }) => author === "bot")) return refreshCase();
  desk.file.conversation = conversation;
  if (transcript.lastSeq < conversation.last_seq) catchUp();
}, 0);

async function showEarlier() {
  const id = desk.openId;
  const { messages } = await get(`/conversations/${id}/messages?before=${transcript.firstSeq}`);
  if (id === desk.openId) transcript.showEarlier(messages);
}

function sent(id, message) {
  if (id !== desk.openId || !desk.file) return null;
  // A message of the customer may have come in between: then both are fetched, in their order.
  if (message.seq <= transcript.lastSeq + 1) return void transcript.add([message]);
  return catchUp().catch(() => null);
}

// --- what the agent does ------------------------------------------------------------------------

async function take() {
  if (!desk.file) return;
  const { conversation } = desk.file;
  if (conversation.mine || conversation.status === "closed") return;
  if (conversation.status === "with_agent") {
    const { name } = conversation.agent;
    const question = { title: fill(texts.confirm.take_over, { name }), hint: fill(texts.confirm.take_over_hint, { name }) };
    if (!(await confirmed({ ...question, yes: fill(texts.actions.take_over, { name }) }))) return;
  }
  if (await change(conversation.id, "take", { epoch: conversation.epoch })) composer.focus();
}

async function giveBack() {
  const { id } = desk.file.conversation;
  const { give_back: title, give_back_hint: hint } = texts.confirm;
  if (await confirmed({ title, hint, yes: texts.actions.give_back })) await change(id, "give-back");
}

async function close() {
  const { id } = desk.file.conversation;
  const { close: title, close_hint: hint } = texts.confirm;
  if (await confirmed({ title, hint, yes: texts.actions.close })) await change(id, "close");
}

/** One step with a conversation; what came of it is shown either way. */
async function change(id, step, body) {
  const buttons = document.querySelectorAll("[data-action]");
  for (const button of buttons) button.disabled = true;
  frame.tell("");
  try {
    await post(`/conversations/${id}/${step}`, body);
    await refreshCase();
    refreshQueue();
    return id === desk.openId;
  } catch (error) {
    await refreshCase();
    if (id === desk.openId) frame.tell(error.message);
    return false;
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

// --- beginning ----------------------------------------------------------------------------------

function showConnection(state) {
  byId("connection").dataset.state = state;
  say(byId("connection"), texts.connection[state]);
}

byId("back").addEventListener("click", () => {
  const left = desk.openId;
  open(null);
  queue.focus(left);
});
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault(); // the address names the open conversation
  byId("case").focus();
});
byId("show-help").addEventListener("click", showHelp);
byId("log-out").addEventListener("click", async () => {
  forgetDrafts();
  await logOut().catch((error) => frame.tell(error.message));
});
addEventListener("hashchange", openFromAddress);

listenToKeys({
  next: () => step(1),
  previous: () => step(-1),
  take,
  reply: () => byId("composer").hidden || composer.focus(),
  help: showHelp,
  escape: () => {
    if (frame.areFactsShown) return frame.showFactsPanel(false);
    if (document.activeElement === byId("reply")) return byId("transcript").focus();
    if (frame.isPhoneCase) open(null);
  },
});

function step(by) {
  const { order } = queue;
  if (!order.length) return;
  const place = order.indexOf(desk.openId);
  const next = place < 0 ? 0 : Math.min(order.length - 1, Math.max(0, place + by));
  queue.focus(order[next]);
  open(order[next]);
}

queue.showBox(desk.box);
frame.showNothing();
openFromAddress();
new Live({
  onState: (state) => {
    if (state === "live" && byId("connection").dataset.state !== "live") {
      // Whatever was missed is fetched, and what could not be sent goes out.
      refreshQueue();
      if (desk.file) catchUp();
      else refreshCase();
      composer.retryAll();
    }
    showConnection(state);
  },
  onQueue: ({ counts, boxes }) => {
    showCounts(counts);
    if (boxes.includes(desk.box)) refreshQueue();
  },
  onConversation: ({ id, typing }) => {
    if (id !== desk.openId) return;
    transcript.showTyping(typing);
    catchUp();
  },
});
