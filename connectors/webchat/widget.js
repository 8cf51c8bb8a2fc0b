/**
 * The customer's side of the web chat: <script src="https://HOST/widget.js" async></script>
 *
 * On the tag, both optional: `data-open` opens the chat at once, `data-color="#14544a"` sets the
 * accent. Anything on the page with `data-posventa-open` opens it too; a value there becomes the
 * draft. Colours and place are CSS variables (`posventa-chat { --posventa-accent: … }`).
 *
 * No customer prose lives here: every label is one of the gateway's `texts`.
 */
(() => {
  'use strict';
  if (customElements.get('posventa-chat')) return;

  const SCRIPT = document.currentScript || document.querySelector('script[src*="widget.js"]');
  const BASE = new URL('.', SCRIPT.src).href;

  const FIRST_BYTE_MS = 6_000; // a proxy that buffers the stream shows itself by this silence
  const SILENCE_MS = 40_000; // the gateway sends a comment every 15 s
  const AWAY_MS = 60_000; // a tab hidden this long gives back its connection
  const DAY_MS = 86_400_000;
  const GROUP_MS = 300_000; // messages of one author further apart get their own heading
  const PHOTO_SIDE = 2_048;
  const PHOTO_BYTES = 1_000_000;
  const PHOTO_TYPES = ['image/jpeg', 'image/png', 'image/webp'];
  const LINK_SHOWN = 34; // characters of an address that are shown; the host always is
  const LINK = /\bhttps?:\/\/[^\s<>"]+/gi;

  // ---------------------------------------------------------------- What survives a reload

  const memory = new Map(); // where the browser forbids storage, the page's life must do
  const PREFIX = `posventa:${BASE}:`;
  const store = {
    get(key) {
      try {
        return localStorage.getItem(PREFIX + key);
      } catch {
        return memory.get(key) ?? null;
      }
    },
    set(key, value) {
      try {
        if (value === null) localStorage.removeItem(PREFIX + key);
        else localStorage.setItem(PREFIX + key, value);
      } catch {
        memory.set(key, value);
      }
    },
    values(start) {
      try {
        return Object.keys(localStorage)
          .filter((key) => key.startsWith(PREFIX + start))
          .map((key) => JSON.parse(localStorage.getItem(key)));
      } catch {
        return [];
      }
    },
  };

  /** One tab at a time, where the browser knows how. */
  const alone = (job) => (navigator.locks ? navigator.locks.request(PREFIX, job) : job());

  const newId = () =>
    crypto.randomUUID?.() ?? crypto.getRandomValues(new Uint32Array(4)).join('-'); // http has no randomUUID

  // ---------------------------------------------------------------- The wire

  /** The gateway answered, and the answer is no; `message` is its sentence for the customer. */
  const refusal = (status, problem) => Object.assign(new Error(problem?.error?.message || ''), { status });

  async function answerOf(response) {
    if (response.ok) return response.status === 204 ? null : response.json();
    throw refusal(response.status, await response.json().catch(() => null));
  }

  /** Speaks the gateway's protocol: session, sending, and receiving without loss or doubles. */
  class Wire {
    constructor(on) {
      this.on = on;
      this.token = store.get('token');
      this.last = 0;
      this.caughtUp = false;
      this.wake = () => {};
    }

    /** Take another token, ours or another tab's: what was shown belongs to the old one. */
    adopt(token) {
      if (token === this.token) return;
      const first = !this.token;
      this.token = token;
      if (first) return;
      this.last = 0;
      this.caughtUp = false;
      this.on.reset();
      this.reconnect();
    }

    /** Open a session unless another tab or call has replaced `refused` already. */
    openSession(refused) {
      this.opening ??= alone(async () => {
        const stored = store.get('token');
        if (stored && stored !== refused) return this.adopt(stored);
        const response = await fetch(`${BASE}webchat/sessions`, { method: 'POST' });
        const { token, texts } = await answerOf(response);
        store.set('token', token);
        this.adopt(token);
        this.on.texts(texts);
      }).finally(() => {
        this.opening = null;
      });
      return this.opening;
    }

    /** Run `attempt(token)`; once more with a new session when the token is no longer good. */
    async authorised(attempt) {
      if (!this.token) await this.openSession(null);
      const token = this.token;
      try {
        return await attempt(token);
      } catch (error) {
        if (error.status !== 401) throw error;
        if (!this.on.engaged()) {
          store.set('token', null); // who only walks past needs no new session
          this.token = null;
          throw error;
        }
        await this.openSession(token);
        return attempt(this.token);
      }
    }

    /** One request; `body` is a form, or data to go as JSON. */
    async fetch(path, token, { body, seconds = 20, abort = new AbortController() } = {}) {
      const isForm = body instanceof FormData;
      const timer = setTimeout(() => abort.abort(), seconds * 1000);
      try {
        return await answerOf(
          await fetch(`${BASE}webchat/${path}`, {
            method: body ? 'POST' : 'GET',
            headers: { Authorization: `Bearer ${token}`, ...(body && !isForm && { 'Content-Type': 'application/json' }) },
            body: isForm ? body : JSON.stringify(body),
            cache: 'no-store',
            signal: abort.signal,
          }),
        );
      } finally {
        clearTimeout(timer);
      }
    }

    /** Send a message; gives the `seq` under which the gateway keeps it. */
    async send({ id, text, choice, blob, name }) {
      let path = 'messages';
      let seconds = 20;
      let body = { [choice ? 'choice' : 'text']: choice || text, client_message_id: id };
      if (blob) {
        path = 'attachments';
        seconds = 120;
        body = new FormData();
        body.append('client_message_id', id);
        body.append('file', blob, name);
      }
      const answer = await this.authorised((token) => this.fetch(path, token, { body, seconds }));
      return answer.seq;
    }

    sayTyping(on) {
      this.fetch('typing', this.token, { body: { on } }).catch(() => {}); // a courtesy, never worth a word
    }

    /** Receive for as long as the page wants to: by stream, and by long poll where that fails. */
    async receive() {
      if (this.receiving) return;
      this.receiving = true;
      let failures = 0;
      let deafStreams = 0;
      let streamAgainAt = 0;
      let patience = 30_000;
      while (this.on.wants()) {
        const polling = deafStreams > 1 && Date.now() < streamAgainAt;
        try {
          await this.authorised(async (token) => {
            if (!this.caughtUp) await this.catchUp(token);
            if (polling) await this.catchUp(token, failures ? 0 : 25, (this.connection = new AbortController()));
            else await this.stream(token);
          });
          failures = 0;
          if (!polling) [deafStreams, patience] = [0, 30_000];
        } catch {
          failures += 1;
          if (polling) {
            deafStreams = 0; // nothing at all gets through, so the stream was not to blame
          } else if (++deafStreams > 1) {
            streamAgainAt = Date.now() + patience;
            patience = Math.min(patience * 2, 600_000);
          }
          if (failures > 2) this.on.reach(false);
        }
        if (this.on.wants()) await this.pause(failures);
      }
      this.receiving = false;
    }

    pause(failures) {
      if (this.hurry) {
        this.hurry = false;
        return null;
      }
      const longest = Math.min(15_000, 500 * 2 ** failures);
      return new Promise((resolve) => {
        this.wake = resolve;
        setTimeout(resolve, 500 + Math.random() * (longest - 500));
      });
    }

    /** Drop the connection, if any, and connect again without waiting. */
    reconnect() {
      this.hurry = Boolean(this.connection);
      this.connection?.abort();
      this.wake();
    }

    take(token, messages) {
      if (token !== this.token) return;
      for (const { seq } of messages) this.last = Math.max(this.last, seq);
      this.on.messages(messages, !this.caughtUp);
    }

    /** Fetch what is newer than the last message, waiting up to `wait` seconds for it. */
    async catchUp(token, wait = 0, abort = undefined) {
      const path = `messages?after=${this.last}&wait=${wait}`;
      const answer = await this.fetch(path, token, { seconds: wait + 15, abort });
      this.heardAt = Date.now();
      this.on.reach(true);
      this.take(token, answer.messages);
      this.caughtUp = true;
      this.on.assistant(answer.assistant);
      this.on.typing(answer.typing);
    }

    async stream(token) {
      const connection = (this.connection = new AbortController());
      const began = Date.now();
      let timer;
      const expectWithin = (ms) => {
        clearTimeout(timer);
        timer = setTimeout(() => connection.abort(), ms);
      };
      try {
        expectWithin(FIRST_BYTE_MS);
        const response = await fetch(`${BASE}webchat/events?after=${this.last}`, {
          headers: { Authorization: `Bearer ${token}`, Accept: 'text/event-stream' },
          cache: 'no-store',
          signal: connection.signal,
        });
        if (!response.ok) await answerOf(response);
        const reader = response.body.getReader();
        const decoder = new TextDecoder();
        let rest = '';
        let alive = false;
        for (;;) {
          const chunk = await reader.read().catch(() => ({ done: true }));
          if (chunk.done) break;
          if (!alive) this.on.reach(true);
          alive = true;
          this.heardAt = Date.now();
          expectWithin(SILENCE_MS);
          const blocks = (rest + decoder.decode(chunk.value, { stream: true })).split(/\r?\n\r?\n/);
          rest = blocks.pop(); // an event cut in two; if the rest never comes, it is sent again
          for (const block of blocks) await this.event(block, token);
        }
        // Closed at once is a failure; closed after a while is how streams end.
        if (!alive || Date.now() - began < 1_000) throw refusal(0);
      } finally {
        clearTimeout(timer);
        this.on.typing(null);
      }
    }

    async event(block, token) {
      let name = 'message';
      let data = '';
      for (const line of block.split(/\r?\n/)) {
        if (line.startsWith('event:')) name = line.slice(6).trim();
        else if (line.startsWith('data:')) data += line.slice(5);
      }
      if (!data) return;
      const value = JSON.parse(data);
      if (name === 'message') {
        if (value.seq > this.last + 1) await this.catchUp(token); // something between is missing
        this.take(token, [value]);
      } else if (name === 'typing') this.on.typing(value.author, value.on);
      else if (name === 'assistant') this.on.assistant(value.status);
    }
  }

  // ---------------------------------------------------------------- Small builders

  function el(tag, properties = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (name in node) node[name] = value;
      else node.setAttribute(name, value);
    }
    node.append(...children);
    return node;
  }

  const button = (className, onclick, ...children) => el('button', { type: 'button', className, onclick }, ...children);

  function icon(path) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('aria-hidden', 'true');
    const shape = document.createElementNS(svg.namespaceURI, 'path');
    shape.setAttribute('d', path);
    svg.append(shape);
    return svg;
  }

  const ICONS = {
    chat: 'M4 5.5h16v11H10.5L6 20.5v-4H4z M8.5 9.5h7 M8.5 12.5h4.5',
    close: 'M6 6l12 12 M18 6L6 18',
    photo: 'M4 7.5h3.5L9 5h6l1.5 2.5H20V19H4z M12 16a3 3 0 100-6 3 3 0 000 6z',
    send: 'M12 19V5 M6 11l6-6 6 6',
    bot: 'M4 8.5h16v11H4z M12 8.5V5 M9 13v2 M15 13v2 M12 4v.1',
  };

  const outward = (href, ...children) => el('a', { href, target: '_blank', rel: 'noopener noreferrer' }, ...children);

  /** Text with its http(s) addresses as links, built as nodes: what is in it is never markup. */
  function linked(text) {
    const nodes = [];
    let at = 0;
    for (const match of text.matchAll(LINK)) {
      const href = match[0].replace(/[.,;:!?'»”)\]]+$/, '');
      const shown = href.replace(/^https?:\/\/(www\.)?/i, '');
      const label = shown.length > LINK_SHOWN ? `${shown.slice(0, LINK_SHOWN)}…` : shown;
      nodes.push(text.slice(at, match.index), outward(href, label));
      at = match.index + href.length;
    }
    nodes.push(text.slice(at));
    return nodes;
  }

  /** A photo as it should travel: readable everywhere, and no larger than needed. */
  async function lighter(file) {
    if (PHOTO_TYPES.includes(file.type) && file.size <= PHOTO_BYTES) return file;
    try {
      const picture = await createImageBitmap(file);
      const scale = Math.min(1, PHOTO_SIDE / Math.max(picture.width, picture.height));
      const canvas = el('canvas', { width: picture.width * scale, height: picture.height * scale });
      canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.86));
      return blob && (blob.size < file.size || !PHOTO_TYPES.includes(file.type)) ? blob : file;
    } catch {
      return file; // not a picture this browser can read: the gateway will say so
    }
  }

  const asDataUrl = (blob) =>
    new Promise((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result);
      reader.onerror = () => resolve(null);
      reader.readAsDataURL(blob);
    });

  function fromDataUrl(url) {
    const [head, body] = url.split(',');
    const bytes = Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
    return new Blob([bytes], { type: head.slice(5).split(';')[0] });
  }

  /** Black or white, whichever reads better on `color`; null when it is no colour. */
  function readableOn(color) {
    if (!CSS.supports('color', color)) return null;
    const pen = document.createElement('canvas').getContext('2d');
    pen.fillStyle = color;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].map((n) =>
      n <= 10 ? n / 3294 : ((n / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? '#000' : '#fff';
  }

  // ---------------------------------------------------------------- How it looks

  const STYLE = `
:host {
  all: initial;
  --accent: var(--posventa-accent, #14544a);
  --accent-text: var(--posventa-accent-text, #fff);
  --surface: var(--posventa-surface, #fff);
  --soft: var(--posventa-soft, #eff3f1);
  --text: var(--posventa-text, #1a2123);
  --muted: var(--posventa-muted, #566166);
  --line: var(--posventa-line, #d3dbd8);
  --edge: #7b8784;
  --error: #a3231b;
  --notice: #fdf1d6;
  --notice-text: #5a3d00;
  --shade: 0 12px 40px rgb(12 28 24 / .2), 0 2px 8px rgb(12 28 24 / .12);
  color: var(--text);
  color-scheme: light;
  font: 15px/1.45 var(--posventa-font, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif);
}
@media (prefers-color-scheme: dark) {
  :host {
    --accent: var(--posventa-accent, #1b6a5d);
    --surface: var(--posventa-surface, #171b1d);
    --soft: var(--posventa-soft, #252b2e);
    --text: var(--posventa-text, #edf1f0);
    --muted: var(--posventa-muted, #a8b3b1);
    --line: var(--posventa-line, #363f42);
    --edge: #7d8a88;
    --error: #ffb3a9;
    --notice: #3b3117;
    --notice-text: #f7e1ad;
    --shade: 0 12px 40px rgb(0 0 0 / .55), 0 0 0 1px #363f42;
    color-scheme: dark;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
button, textarea { font: inherit; color: inherit; margin: 0; }
button { cursor: pointer; border: 1px solid transparent; background: none; border-radius: 10px; padding: 0; }
:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
svg { display: block; width: 22px; height: 22px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
p { margin: 0; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.launcher, .panel { position: fixed; z-index: 2147483000; right: calc(var(--posventa-right, 20px) + env(safe-area-inset-right)); bottom: calc(var(--posventa-bottom, 20px) + env(safe-area-inset-bottom)); box-shadow: var(--shade); }
.launcher { width: 60px; height: 60px; border-radius: 50%; display: grid; place-items: center; background: var(--accent); color: var(--accent-text); }
.launcher:focus-visible { outline-offset: -6px; }
.launcher svg { width: 28px; height: 28px; }
.badge { position: absolute; top: -3px; right: -3px; min-width: 24px; height: 24px; padding: 0 6px; border-radius: 12px; border: 2px solid var(--surface); background: #b3261e; color: #fff; font-size: 13px; line-height: 20px; font-weight: 700; text-align: center; }

.panel { width: 392px; max-width: calc(100vw - 40px); height: min(660px, 100vh - 40px); display: flex; flex-direction: column; overflow: hidden; background: var(--surface); border-radius: 18px; border: 1px solid transparent; }
header { display: flex; align-items: center; gap: 12px; padding: 14px 10px 14px 16px; background: var(--accent); color: var(--accent-text); }
header .face { background: var(--accent-text); color: var(--accent); }
header .names { flex: 1; min-width: 0; }
h2 { margin: 0; font-size: 16px; line-height: 1.3; font-weight: 650; overflow-wrap: anywhere; }
header p { font-size: 13px; line-height: 1.35; }
.close { width: 44px; height: 44px; display: grid; place-items: center; flex: none; }
.banner { padding: 10px 16px; background: var(--notice); color: var(--notice-text); border-bottom: 1px solid transparent; font-size: 13.5px; line-height: 1.4; }

.middle { position: relative; flex: 1; min-height: 0; display: flex; flex-direction: column; }
.log, textarea { scrollbar-width: thin; }
.log { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 14px 14px 10px; overflow-wrap: anywhere; }
.log:focus-visible { outline-offset: -3px; }
.intro, .day, .system p { text-align: center; color: var(--muted); font-size: 13px; }
.intro { padding: 26px 18px; font-size: 14.5px; }
.day { margin: 10px 0 4px; }
.day::first-letter { text-transform: uppercase; }
.row { display: grid; grid-template-columns: 30px minmax(0, 1fr); column-gap: 8px; margin-top: 3px; }
.row.first { margin-top: 14px; }
.day + .row { margin-top: 6px; }
.face { width: 30px; height: 30px; border-radius: 50%; display: grid; place-items: center; background: var(--soft); color: var(--text); font-size: 13px; font-weight: 700; border: 1px solid transparent; }
.face svg, .newer svg { width: 19px; height: 19px; }
.agent > .face { background: var(--accent); color: var(--accent-text); }
header .face { width: 40px; height: 40px; flex: none; }
header .face svg { width: 24px; height: 24px; }
.row:not(.first) > .face { visibility: hidden; }
.row:not(.first) .who { display: none; }
.who { font-size: 12.5px; font-weight: 600; color: var(--muted); margin: 0 0 3px 2px; }
.content { display: flex; flex-direction: column; align-items: flex-start; min-width: 0; }
.bubble { max-width: 100%; padding: 9px 13px; border-radius: 16px; border: 1px solid transparent; background: var(--soft); white-space: pre-wrap; }
.row.first .bubble { border-top-left-radius: 5px; }
.bubble a { color: inherit; text-underline-offset: 2px; }
.bubble:has(img) { padding: 4px; }
.bubble img { display: block; max-width: 100%; max-height: 260px; min-height: 40px; border-radius: 12px; background: var(--surface); color: var(--text); }
.customer { grid-template-columns: minmax(0, 1fr); padding-left: 52px; }
.customer .content { align-items: flex-end; }
.customer .bubble { background: var(--accent); color: var(--accent-text); }
.row.customer.first .bubble { border-top-left-radius: 16px; border-top-right-radius: 5px; }
.system { grid-template-columns: minmax(0, 1fr); margin: 12px 16px; }
.system .content { align-items: center; }
.meta { display: none; flex-wrap: wrap; align-items: center; gap: 0 6px; min-height: 20px; margin: 3px 3px 0; font-size: 12px; color: var(--muted); }
.last .meta, .sending .meta, .failed .meta, .refused .meta { display: flex; }
.customer .meta { justify-content: flex-end; }
.failed .bubble, .refused .bubble { background: var(--surface); color: var(--text); border-color: var(--error); }
.error { color: var(--error); font-size: 13px; }
.meta button { min-height: 32px; padding: 0 8px; border-radius: 8px; color: var(--text); font-size: 13px; font-weight: 600; text-decoration: underline; text-underline-offset: 3px; }
.choices { display: flex; flex-wrap: wrap; gap: 7px; margin-top: 6px; max-width: 100%; }
.system .choices { justify-content: center; }
.system .meta { display: none; }
.choices button { min-height: 40px; max-width: 100%; padding: 7px 15px; border: 1.5px solid var(--edge); border-radius: 20px; background: var(--surface); text-align: left; font-weight: 550; line-height: 1.3; }
.typing { align-items: center; }
.dots { display: inline-flex; gap: 4px; padding: 13px 14px; }
.dots i { width: 7px; height: 7px; border-radius: 50%; background: var(--muted); }
.newer svg { rotate: 180deg; }
.newer { position: absolute; bottom: 10px; left: 50%; transform: translateX(-50%); display: flex; align-items: center; gap: 6px; min-height: 36px; padding: 0 14px 0 10px; border-radius: 18px; background: var(--text); color: var(--surface); font-size: 13px; font-weight: 600; white-space: nowrap; box-shadow: var(--shade); }

.composer { display: flex; align-items: flex-end; gap: 4px; padding: 10px; padding-bottom: calc(10px + env(safe-area-inset-bottom) * var(--sheet, 0)); border-top: 1px solid var(--line); }
textarea { flex: 1; min-width: 0; min-height: 44px; max-height: 132px; resize: none; padding: 10px 14px; border: 1px solid var(--edge); border-radius: 22px; background: var(--surface); font-size: 16px; line-height: 22px; }
textarea::placeholder { color: var(--muted); opacity: 1; }
textarea:focus-visible { outline-offset: -2px; }
.tool { flex: none; width: 44px; height: 44px; display: grid; place-items: center; border-radius: 50%; color: var(--muted); }
.send { margin-left: 4px; background: var(--accent); color: var(--accent-text); }
textarea:placeholder-shown ~ .send { background: var(--soft); color: var(--muted); }

@media (hover: hover) {
  .tool:not(.send):hover, .choices button:hover, .meta button:hover { background: var(--soft); }
  .launcher:hover { filter: brightness(1.15); }
}
@media (max-width: 479.98px) {
  .panel { --sheet: 1; inset: auto; top: var(--top, 0px); left: 0; width: 100%; max-width: none; height: var(--height, 100dvh); border: 0; border-radius: 0; }
  header { padding-top: calc(10px + env(safe-area-inset-top)); padding-bottom: 10px; }
}
@media (prefers-reduced-motion: no-preference) {
  .panel { animation: rise .18s ease-out; }
  .dots i { animation: beat 1.2s infinite ease-in-out; }
  .dots i:nth-child(2) { animation-delay: .15s; }
  .dots i:nth-child(3) { animation-delay: .3s; }
  @keyframes rise { from { opacity: 0; translate: 0 12px; } }
  @keyframes beat { 30% { translate: 0 -4px; } 0%, 60% { translate: 0 0; } }
}
@media (forced-colors: active) {
  .launcher, .face, .send, .newer { border: 1px solid ButtonText; }
  .dots i { background: CanvasText; }
}
`;

  // ---------------------------------------------------------------- The element

  const isVoice = ({ author }) => author === 'bot' || author === 'agent';

  class PosventaChat extends HTMLElement {
    constructor() {
      super();
      this.labels = JSON.parse(store.get('texts') || '{}');
      this.entries = []; // messages of the transcript and messages on their way, in one shape
      this.held = []; // customer messages that may turn out to be the one being sent
      this.days = new Map();
      this.atEnd = true;
      this.build();
      this.wire = new Wire({
        messages: (messages, history) => this.receive(messages, history),
        typing: (author, on) => this.showTyping(author, on),
        assistant: (status) => this.note('waking', status === 'waking_up'),
        reach: (ok) => this.note('unreachable', !ok),
        texts: (texts) => this.speak(texts),
        reset: () => this.forget(),
        engaged: () => this.engaged,
        wants: () => !this.away && this.isConnected && (this.isOpen || this.recent),
      });
      this.watchThePage();
    }

    connectedCallback() {
      const color = SCRIPT.dataset.color;
      const ink = color && readableOn(color);
      if (ink) {
        this.style.setProperty('--posventa-accent', color);
        this.style.setProperty('--posventa-accent-text', ink);
      }
      this.speak(this.labels);
      this.fetchTexts();
      this.restoreUnsent();
      const wide = innerWidth >= 480; // on a phone the sheet would hide the page that was asked for
      if ('open' in SCRIPT.dataset || (store.get('open') && wide)) this.open(false);
      else this.listen();
    }

    get isOpen() {
      return !this.panel.hidden;
    }

    /** Whether the customer uses the chat on this page, rather than just reading the page. */
    get engaged() {
      return this.isOpen || this.entries.some((entry) => entry.state);
    }

    /** An answer may still come in: a chat of days ago is not worth a connection on every page. */
    get recent() {
      return Boolean(this.wire.token) && Date.now() - Number(store.get('active')) < DAY_MS;
    }

    // -- Labels

    say(key, facts = {}) {
      return (this.labels[key] ?? '').replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);
    }

    async fetchTexts(failures = 0) {
      try {
        this.speak((await answerOf(await fetch(`${BASE}webchat/texts`))).texts);
      } catch {
        if (failures < 8) setTimeout(() => this.fetchTexts(failures + 1), 1_000 * 2 ** failures);
      }
    }

    speak(texts) {
      if (!texts?.title) return;
      this.labels = texts;
      store.set('texts', JSON.stringify(texts));
      this.lang = texts.language || 'es';
      this.titleNode.textContent = this.say('title');
      this.intro.textContent = this.say('intro');
      this.newer.lastChild.textContent = this.say('new_messages');
      this.input.placeholder = this.say('input');
      for (const [node, key] of this.named) node.setAttribute('aria-label', this.say(key));
      this.launcher.hidden = this.isOpen;
      for (const entry of this.entries) this.fillMeta(entry);
      this.layout();
    }

    // -- Building

    build() {
      const root = this.attachShadow({ mode: 'open' });
      const sheet = new CSSStyleSheet(); // needs no permission from the page's style-src
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
      this.badge = el('span', { className: 'badge', hidden: true, 'aria-hidden': 'true' });
      this.launcher = button('launcher', () => this.open(), icon(ICONS.chat), this.badge);
      this.launcher.ariaHasPopup = 'dialog';
      this.launcher.hidden = true;
      this.titleNode = el('h2');
      this.subtitle = el('p');
      const closer = button('close', () => this.close(), icon(ICONS.close));
      this.banner = el('div', { className: 'banner', role: 'status', hidden: true });
      this.intro = el('p', { className: 'intro' });
      this.log = el('div', { className: 'log', role: 'log', 'aria-live': 'polite', tabIndex: 0 });
      this.typing = el('div', { 'aria-hidden': 'true' });
      const dots = el('span', { className: 'bubble dots' }, el('i'), el('i'), el('i'));
      this.typing.append(el('span', { className: 'face' }), el('span', {}, dots));
      this.newer = button('newer', () => this.toEnd(true), icon(ICONS.send), el('span'));
      const file = el('input', { type: 'file', accept: 'image/*', multiple: true, hidden: true });
      file.onchange = () => {
        this.addPhotos([...file.files]);
        file.value = '';
      };
      const attach = button('tool', () => file.click(), icon(ICONS.photo));
      this.input = el('textarea', { rows: 1, enterKeyHint: 'send', value: store.get('draft') || '' });
      const sender = button('tool send', () => this.submit(), icon(ICONS.send));
      this.panel = el(
        'div',
        { className: 'panel', role: 'dialog', hidden: true },
        el(
          'header',
          {},
          el('span', { className: 'face', 'aria-hidden': 'true' }, icon(ICONS.chat)),
          el('div', { className: 'names' }, this.titleNode, this.subtitle),
          closer,
        ),
        this.banner,
        el('div', { className: 'middle' }, this.log, this.newer),
        el('div', { className: 'composer' }, attach, file, this.input, sender),
      );
      this.status = el('div', { className: 'sr', role: 'status' });
      root.append(this.launcher, this.panel, this.status);
      this.named = [
        [this.panel, 'title'],
        [closer, 'close'],
        [this.log, 'log'],
        [attach, 'attach'],
        [file, 'attach'],
        [this.input, 'input'],
        [sender, 'send'],
      ];

      this.input.onkeydown = (event) => {
        if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        this.submit();
      };
      this.input.oninput = () => this.drafted();
      this.input.onpaste = (event) => {
        const pictures = [...event.clipboardData.files].filter((file) => file.type.startsWith('image/'));
        if (!pictures.length) return;
        event.preventDefault();
        this.addPhotos(pictures);
      };
      this.panel.onkeydown = (event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        this.close();
      };
      this.log.onscroll = () => {
        const { scrollTop, scrollHeight, clientHeight } = this.log;
        // Only the reader moves up; what grows below (a photo that arrives) moves nobody.
        if (scrollHeight - scrollTop - clientHeight < 48) this.atEnd = this.newer.hidden = true;
        else if (scrollTop < this.scrolledTo) this.atEnd = false;
        this.scrolledTo = scrollTop;
      };
      new ResizeObserver(() => this.atEnd && this.toEnd()).observe(this.log);
    }

    watchThePage() {
      let leaving;
      document.addEventListener('visibilitychange', () => {
        clearTimeout(leaving);
        if (document.hidden) leaving = setTimeout(() => this.goAway(), AWAY_MS);
        else this.comeBack();
      });
      addEventListener('pageshow', () => this.comeBack());
      addEventListener('online', () => {
        this.wire.reconnect();
        this.showNotice();
        this.resendLost();
      });
      addEventListener('offline', () => this.showNotice());
      addEventListener('storage', (event) => this.otherTab(event));
      document.addEventListener('click', (event) => {
        const opener = event.target.closest?.('[data-posventa-open]');
        if (!opener) return;
        event.preventDefault();
        this.open();
        if (opener.dataset.posventaOpen && !this.input.value) {
          this.input.value = opener.dataset.posventaOpen;
          this.drafted();
        }
      });
      // The on-screen keyboard covers the page without resizing it; only this tells.
      const view = window.visualViewport;
      const fit = () => {
        if (view.scale > 1.01) return; // zoomed by the reader, not covered
        this.panel.style.setProperty('--height', `${view.height}px`);
        this.panel.style.setProperty('--top', `${view.offsetTop}px`);
      };
      view?.addEventListener('resize', fit);
      view?.addEventListener('scroll', fit);
    }

    goAway() {
      this.away = true;
      this.wire.connection?.abort();
    }

    comeBack() {
      this.away = false;
      if (Date.now() - this.wire.heardAt > 20_000) this.wire.reconnect(); // it may have died unseen
      else this.wire.wake();
      this.listen();
      this.markRead();
    }

    /** Follow the conversation; one look only when it has been quiet for long. */
    listen() {
      if (this.isOpen || this.recent) this.wire.receive();
      else if (this.wire.token && !this.wire.caughtUp)
        this.wire.authorised((token) => this.wire.catchUp(token)).catch(() => {});
    }

    otherTab({ key, newValue }) {
      const name = key?.startsWith(PREFIX) ? key.slice(PREFIX.length) : '';
      if (name === 'token' && newValue) {
        this.wire.adopt(newValue);
        this.listen();
      } else if (name === 'read') this.showUnread();
      else if (name.startsWith('unsent:') && newValue === null) {
        // What failed here has gone out, or was given up, over there.
        const entry = this.entries.find((one) => one.id === name.slice(7));
        if (entry && entry.state === 'failed') this.drop(entry);
      }
    }

    // -- Opening and closing

    open(focus = true) {
      this.panel.hidden = false;
      this.launcher.hidden = true;
      store.set('open', '1');
      this.listen();
      this.grow();
      this.toEnd(true);
      this.markRead();
      if (focus) this.input.focus();
    }

    close() {
      this.panel.hidden = true;
      this.launcher.hidden = !this.labels.title;
      store.set('open', null);
      this.launcher.focus();
    }

    // -- Writing

    drafted() {
      store.set('draft', this.input.value || null);
      this.grow();
      if (this.voice?.author !== 'agent') return;
      clearTimeout(this.typingEnds);
      if (!this.input.value) return this.stopTyping();
      if (Date.now() - (this.typingSaidAt || 0) > 4_000) {
        this.typingSaidAt = Date.now();
        this.wire.sayTyping(true);
      }
      this.typingEnds = setTimeout(() => this.stopTyping(), 5_000);
    }

    stopTyping() {
      clearTimeout(this.typingEnds);
      if (this.typingSaidAt) this.wire.sayTyping(false);
      this.typingSaidAt = 0;
    }

    grow() {
      this.input.style.height = 'auto';
      this.input.style.height = `${this.input.scrollHeight + 2}px`;
    }

    submit() {
      const text = this.input.value.trim();
      if (text) {
        this.input.value = '';
        store.set('draft', null);
        this.grow();
        this.stopTyping();
        this.enqueue({ text });
      }
      this.input.focus();
    }

    async addPhotos(files) {
      for (const file of files) {
        const blob = await lighter(file);
        const name = blob === file ? file.name : file.name.replace(/\.\w+$/, '') + '.jpg';
        this.enqueue({ kind: 'photo', text: '', blob, name, data: await asDataUrl(blob) });
      }
    }

    /** Show a message at once, keep it through a reload, and send it. */
    enqueue(draft) {
      const entry = { id: newId(), author: 'customer', sent_at: new Date().toISOString(), state: 'sending', ...draft };
      this.atEnd = true;
      this.add(entry);
      this.persist(entry);
      this.layout();
      this.pump();
    }

    persist({ id, kind, text, choice, name, data, sent_at, state, error }) {
      store.set(`unsent:${id}`, JSON.stringify({ id, kind, text, choice, name, data, sent_at, state, error }));
    }

    restoreUnsent() {
      const unsent = store.values('unsent:').sort((a, b) => (a.sent_at < b.sent_at ? -1 : 1));
      for (const entry of unsent) {
        if (entry.kind === 'photo') {
          if (!entry.data) continue;
          entry.blob = fromDataUrl(entry.data);
        }
        const old = Date.now() - Date.parse(entry.sent_at) > DAY_MS; // not sent without being asked
        if (entry.state !== 'refused') entry.state = old ? 'failed' : 'sending';
        this.add({ ...entry, author: 'customer' });
      }
      this.layout();
      this.pump();
    }

    /** Send what waits and what failed, one after the other so that the order is the customer's. */
    async pump(failed = []) {
      for (const entry of failed) this.setState(entry, 'sending');
      if (this.pumping) return;
      this.pumping = true;
      let entry;
      while ((entry = this.entries.find((one) => one.state === 'sending' && !one.seq))) {
        this.inFlight = entry;
        try {
          const seq = await this.wire.send(entry);
          this.accepted(entry, seq);
        } catch (error) {
          if (!entry.seq) this.notSent(entry, error);
        }
        this.inFlight = null;
        this.receive(this.held.splice(0));
      }
      this.pumping = false;
    }

    accepted(entry, seq) {
      store.set('active', Date.now());
      this.listen();
      if (this.entries.some((one) => one !== entry && one.seq === seq)) return this.drop(entry); // shown already
      entry.seq = seq;
      return this.settle(entry);
    }

    settle(entry) {
      this.setState(entry, 'sent');
      store.set(`unsent:${entry.id}`, null);
    }

    notSent(entry, error) {
      const { status } = error;
      if (status < 500 && status >= 400 && ![401, 408, 425, 429].includes(status)) {
        entry.error = error.message || this.say('refused');
        this.setState(entry, 'refused');
        this.persist(entry);
        this.status.textContent = entry.error;
        return;
      }
      // What waits behind it would meet the same end; trying would only cost time.
      for (const one of this.entries) {
        if (one.state !== 'sending' || one.seq) continue;
        one.lost = !status;
        this.setState(one, 'failed');
        this.persist(one);
      }
      this.status.textContent = this.say('failed');
    }

    /** Send again what failed for want of a connection; the ids keep it from arriving twice. */
    resendLost() {
      this.pump(this.entries.filter((entry) => entry.lost && entry.state === 'failed'));
    }

    // -- Receiving

    receive(messages, history = false) {
      if (history) this.log.setAttribute('aria-live', 'off'); // a reload is no news
      for (const message of messages) {
        if (this.entries.some((entry) => entry.seq === message.seq && entry.known)) continue;
        // Ours by number or id; or, where only the answer got lost, by what it says.
        const mine = this.entries.find(
          (entry) =>
            entry.seq === message.seq ||
            (entry.id && entry.id === message.client_message_id) ||
            (entry.lost && entry.state === 'failed' && message.author === 'customer' && entry.text === message.text),
        );
        if (mine) {
          Object.assign(mine, { seq: message.seq, sent_at: message.sent_at || mine.sent_at, known: true });
          this.settle(mine);
        } else if (message.author === 'customer' && this.inFlight && !message.client_message_id) {
          this.held.push(message);
        } else {
          this.add({ ...message, known: true });
          if (!history && !this.atEnd) this.newer.hidden = false;
          this.showTyping(message.author, false);
        }
      }
      if (messages.length) store.set('active', Date.parse(messages.at(-1).sent_at) || Date.now());
      this.layout();
      this.markRead();
      if (history) setTimeout(() => this.log.setAttribute('aria-live', 'polite'), 500);
    }

    forget() {
      this.entries = this.entries.filter((entry) => entry.state && !entry.seq);
      this.held = [];
      store.set('read', null);
      this.showTyping(null);
      this.layout();
    }

    /** Show who writes; `on` false: that one no longer does, whoever else may. */
    showTyping(author, on = true) {
      if (on === (author === this.typingAuthor)) return;
      this.typingAuthor = author = on ? author : null;
      if (author) {
        const face = this.typing.firstChild;
        face.replaceChildren(author === 'agent' ? this.agentName().charAt(0) : icon(ICONS.bot));
        this.typing.className = `row first typing ${author}`;
        this.status.textContent = this.say(`typing_${author}`, { name: this.agentName() });
      } else this.status.textContent = '';
      this.layout();
    }

    /** The last one who wrote to the customer. */
    get voice() {
      return this.entries.findLast(isVoice);
    }

    agentName() {
      return this.entries.findLast((entry) => entry.author === 'agent')?.author_name || '';
    }

    note(name, on) {
      const back = name === 'unreachable' && !on;
      if (back) this.resendLost();
      if (Boolean(this[name]) === on) return;
      this[name] = on;
      this.showNotice();
    }

    showNotice() {
      const asleep = this.waking && this.voice?.author !== 'agent';
      const key = !navigator.onLine ? 'offline' : this.unreachable ? 'unreachable' : asleep ? 'waking_up' : '';
      const words = key && this.say(key);
      this.banner.hidden = !words;
      if (this.banner.textContent !== words) this.banner.textContent = words;
    }

    // -- Unread

    markRead() {
      if (this.isOpen && !document.hidden && this.wire.last > Number(store.get('read'))) store.set('read', this.wire.last);
      this.showUnread();
    }

    showUnread() {
      const read = Number(store.get('read'));
      const unread = this.entries.filter((entry) => isVoice(entry) && entry.seq > read).length;
      const label = unread ? this.say(unread > 1 ? 'unread_many' : 'unread_one', { count: unread }) : this.say('open');
      if (!this.isOpen && unread && this.launcher.getAttribute('aria-label') !== label) this.status.textContent = label;
      this.launcher.setAttribute('aria-label', label);
      this.badge.textContent = unread > 99 ? '99+' : unread;
      this.badge.hidden = !unread;
    }

    // -- Showing messages

    authorOf({ author, author_name }) {
      if (author === 'agent') return author_name ? this.say('author_agent', { name: author_name }) : this.say('author_team');
      return author === 'system' ? '' : this.say(`author_${author}`);
    }

    add(entry) {
      const { author, text, choices, attachments } = entry;
      const name = this.authorOf(entry);
      const content = el('div', { className: 'content' });
      if (author === 'system') content.append(el('p', {}, ...linked(text || '')));
      else {
        if (author !== 'customer') content.append(el('p', { className: 'who', 'aria-hidden': 'true', textContent: name }));
        const bubble = el('div', { className: 'bubble' }, el('span', { className: 'sr', textContent: `${name}: ` }));
        if (entry.blob) bubble.append(this.picture(URL.createObjectURL(entry.blob), entry.name));
        bubble.append(...linked(text || ''));
        for (const file of attachments || []) bubble.append(el('div', {}, this.attachment(file)));
        content.append(bubble);
      }
      entry.meta = el('div', { className: 'meta', 'aria-live': 'off' });
      content.append(entry.meta);
      if (choices?.length) {
        entry.choiceRow = el('div', { className: 'choices', role: 'group', 'aria-label': this.say('choices') });
        for (const choice of choices) entry.choiceRow.append(button('', () => this.choose(choice), choice.title));
        content.append(entry.choiceRow);
      }
      entry.node = el('div', {});
      if (isVoice(entry))
        entry.node.append(
          el('span', { className: 'face', 'aria-hidden': 'true' }, author === 'agent' ? (entry.author_name || '·').charAt(0) : icon(ICONS.bot)),
        );
      entry.node.append(content);
      this.entries.push(entry);
      this.fillMeta(entry);
    }

    attachment({ url, content_type, name }) {
      const address = new URL(url, BASE);
      if (!/^https?:$/.test(address.protocol)) return name;
      const image = content_type?.startsWith('image/');
      return outward(address.href, image ? this.picture(address.href, name) : this.say('document', { name }));
    }

    picture(src, name) {
      return el('img', { src, alt: this.say('photo', { name }), onload: () => this.atEnd && this.toEnd() });
    }

    choose(choice) {
      this.enqueue({ text: choice.title, choice: choice.choice });
      // The pressed button is gone. On a touch screen the input would raise the keyboard.
      (matchMedia('(pointer: coarse)').matches ? this.log : this.input).focus({ preventScroll: true });
    }

    setState(entry, state) {
      entry.state = state;
      this.fillMeta(entry);
      this.layout();
    }

    /** Time and fate of a message, with what can be done about it. */
    fillMeta(entry) {
      const { state, meta, sent_at } = entry;
      const offer = (key, onclick) => button('', onclick, this.say(key));
      const at = sent_at ? new Date(sent_at) : null;
      const parts = [];
      if (state === 'failed') {
        parts.push(el('span', { className: 'error', textContent: this.say('failed') }));
        parts.push(offer('retry', () => this.pump([entry])), offer('discard', () => this.giveUp(entry)));
      } else if (state === 'refused') {
        parts.push(el('span', { className: 'error', textContent: entry.error }));
        parts.push(entry.kind || entry.choice ? offer('discard', () => this.giveUp(entry)) : offer('edit', () => this.edit(entry)));
      } else {
        if (at) parts.push(el('time', { dateTime: sent_at, textContent: this.clock(at) }));
        if (state) parts.push(el('span', { textContent: `· ${this.say(state)}` }));
      }
      meta.replaceChildren(...parts);
    }

    clock(at) {
      return at.toLocaleTimeString(this.lang || undefined, { hour: '2-digit', minute: '2-digit' });
    }

    drop(entry) {
      this.entries = this.entries.filter((one) => one !== entry);
      store.set(`unsent:${entry.id}`, null);
      this.layout();
    }

    giveUp(entry) {
      this.drop(entry);
      this.input.focus();
    }

    edit(entry) {
      this.input.value = entry.text + (this.input.value && `\n${this.input.value}`);
      this.giveUp(entry);
      this.drafted();
    }

    dayRow(at) {
      const midnight = (date) => new Date(date).setHours(0, 0, 0, 0);
      const key = midnight(at);
      const ago = Math.round((midnight(Date.now()) - key) / DAY_MS);
      const row = this.days.get(key) ?? el('p', { className: 'day' });
      this.days.set(key, row);
      const words =
        ago < 2
          ? new Intl.RelativeTimeFormat(this.lang || undefined, { numeric: 'auto' }).format(-ago, 'day')
          : at.toLocaleDateString(this.lang || undefined, { weekday: 'long', day: 'numeric', month: 'long' });
      if (row.textContent !== words) row.textContent = words;
      return row;
    }

    /** Put the rows in order, touching only those that changed, so that nothing is read out twice. */
    layout() {
      const order = (entry) => entry.seq ?? Infinity;
      this.entries.sort((a, b) => order(a) - order(b) || 0);
      const rows = [];
      let before = null;
      let day = '';
      for (const entry of this.entries) {
        const at = new Date(entry.sent_at || Date.now());
        const newDay = at.toDateString() !== day;
        if (newDay) rows.push(this.dayRow(at));
        day = at.toDateString();
        const joined =
          before && !newDay && before.author === entry.author && before.author_name === entry.author_name && at - before.at < GROUP_MS;
        entry.at = at;
        entry.node.className = `row last ${entry.author} ${entry.state || ''}${joined ? '' : ' first'}`;
        if (joined) before.node.classList.remove('last');
        rows.push(entry.node);
        before = entry;
      }
      // An offer stands until somebody else speaks: the customer, or whoever took over.
      const offer = this.entries.findLast((entry) => entry.choiceRow || entry.author !== before.author);
      for (const { choiceRow, author } of this.entries)
        if (choiceRow) choiceRow.hidden = choiceRow !== offer?.choiceRow || author !== before.author;
      if (this.typingAuthor) rows.push(this.typing);
      if (!rows.length) rows.push(this.intro);

      const wanted = new Set(rows);
      for (const node of [...this.log.children]) if (!wanted.has(node)) node.remove();
      rows.forEach((node, place) => {
        if (this.log.children[place] !== node) this.log.insertBefore(node, this.log.children[place] ?? null);
      });
      if (this.atEnd) this.toEnd();
      const { voice } = this;
      this.subtitle.textContent =
        voice?.author === 'agent' ? this.say('with_agent', { name: voice.author_name }) : this.say('subtitle');
      this.showNotice();
      this.showUnread();
    }

    toEnd(always = false) {
      if (always) this.atEnd = true;
      this.newer.hidden = true;
      this.log.scrollTop = this.log.scrollHeight;
    }
  }

  customElements.define('posventa-chat', PosventaChat);
  const start = () => document.body.append(document.createElement('posventa-chat'));
  if (document.body) start();
  else addEventListener('DOMContentLoaded', start);
})();
