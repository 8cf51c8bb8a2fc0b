// Requests to the desk's interface, and its live stream.

import { texts } from "./texts.js";

const BASE = "/desk/api";
// The server says something every 15 s; twice that and some without a word is a dead line.
const SILENCE_MS = 40_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;

/** The server refused, or was not there (`status` 0). */
export class ServerError extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** Whether the same request may work later: after a pause, or after a new log-in. */
  get isPassing() {
    return [0, 401, 429].includes(this.status) || this.status >= 500;
  }
}

export const get = (path) => request("GET", path);
export const post = (path, body = {}) => request("POST", path, body);

/** End the session and leave. */
export async function logOut() {
  await request("POST", "/desk/logout", {}, "");
  leave();
}

/** Go to the log-in; what was being written stays in this tab. */
export function leave() {
  location.assign("/desk/login" + location.hash);
}

async function request(method, path, body, base = BASE) {
  const options = { method, credentials: "same-origin", headers: { Accept: "application/json" } };
  if (body) {
    options.headers["Content-Type"] = "application/json";
    options.headers["X-Posventa-Desk"] = "1";
    options.body = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(base + path, options);
  } catch {
    throw new ServerError(0, "unreachable", texts.errors.unreachable);
  }
  if (answer.status === 401) leave();
  if (answer.status === 204) return null;
  const content = await answer.json().catch(() => ({}));
  if (answer.ok) return content;
  const { code = "other", message = texts.errors.other } = content.error ?? {};
  throw new ServerError(answer.status, code, message);
}

/** The live stream: opens itself again for as long as the page is open. */
export class Live {
  #source = null;
  #heardAt = 0;
  #retryMs = FIRST_RETRY_MS;
  #timer = null;

  constructor({ onQueue, onConversation, onState }) {
    this.on = { onQueue, onConversation, onState };
    this.#open();
    setInterval(() => this.#lookIfAlive(), SILENCE_MS / 4);
    addEventListener("online", () => this.#open());
    addEventListener("offline", () => this.on.onState("lost"));
    addEventListener("pagehide", () => this.#source?.close());
    addEventListener("pageshow", (event) => event.persisted && this.#open());
    document.addEventListener("visibilitychange", () => document.hidden || this.#lookIfAlive());
  }

  #open() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#heardAt = Date.now();
    const source = new EventSource(BASE + "/events");
    this.#source = source;
    source.addEventListener("queue", (event) => {
      this.#heard();
      this.on.onState("live");
      this.on.onQueue(JSON.parse(event.data));
    });
    source.addEventListener("conversation", (event) => {
      this.#heard();
      this.on.onConversation(JSON.parse(event.data));
    });
    source.addEventListener("heartbeat", () => this.#heard());
    source.addEventListener("logged_out", leave);
    source.onerror = () => {
      this.on.onState("lost");
      // While it is "connecting" the browser tries by itself; "closed" means that it gave up.
      if (source.readyState === EventSource.CLOSED && source === this.#source) this.#openLater();
    };
  }

  #heard() {
    this.#heardAt = Date.now();
    this.#retryMs = FIRST_RETRY_MS;
  }

  async #openLater() {
    const pause = this.#retryMs * (0.5 + Math.random());
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(async () => {
      // A stream does not tell why it was refused; this does, and leaves when the session ended.
      await get("/me").catch(() => null);
      this.#open();
    }, pause);
  }

  #lookIfAlive() {
    if (Date.now() - this.#heardAt > SILENCE_MS) {
      this.on.onState("lost");
      this.#open();
    }
  }
}
