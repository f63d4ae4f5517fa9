// Files in pieces: with progress, over connections that break, until all is there. Without this script the form itself
// sends them.
import { Sha256 } from './sha256.js';

const PIECE = 4 << 20;
const PATIENCE = [1, 2, 4, 8, 10, 10, 10, 10];
const MOST = 2 * 2 ** 30;

function make(name, text, kind) {
  const element = document.createElement(name);
  if (kind) element.className = kind;
  element.textContent = text;
  return element;
}

function sized(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 2 ** 20 ? `${Math.floor(bytes / 1024)} KB` : `${(bytes / 2 ** 20).toFixed(1)} MB`;
}

const pause = (seconds) => new Promise((done) => { setTimeout(done, seconds * 1000); });

// What the server says no to for good; anything else is worth another try.
class No extends Error {}

async function told(answer) {
  const said = await answer.json().catch(() => ({}));
  return new No(said.why ?? `${answer.status}`);
}

class Sending {
  constructor(file, said, words) {
    Object.assign(this, { file, said, words, offset: 0, hashed: 0, hasher: new Sha256(), stopped: new AbortController() });
    this.row = make('li', '');
    this.bar = document.createElement('progress');
    this.bar.max = file.size || 1;
    this.bar.value = 0;
    this.bar.setAttribute('aria-label', file.name);
    this.state = make('span', words.waits, 'quiet');
    this.state.setAttribute('role', 'status');
    // Not told anew with each piece to those who listen.
    this.amount = make('span', sized(file.size), 'quiet');
    this.cancel = make('button', words.stop, 'second');
    this.cancel.type = 'button';
    this.cancel.setAttribute('aria-label', `${words.stop} ${file.name}`);
    this.cancel.addEventListener('click', () => this.giveUp());
    this.row.append(make('b', file.name), this.amount, this.state, this.bar, this.cancel);
  }

  say(text, kind = 'quiet') {
    this.state.textContent = text;
    this.state.className = kind;
  }

  ask(place, method, headers = {}, body = undefined) {
    return fetch(place, { method, headers, body, signal: this.stopped.signal });
  }

  json(place, value) {
    return this.ask(place, 'POST', { 'content-type': 'application/json' }, JSON.stringify(value));
  }

  // Reads a part, and hashes what was not hashed yet: after a break the file is read again from where it was left.
  async part(from, to) {
    const bytes = new Uint8Array(await this.file.slice(from, to).arrayBuffer());
    if (from <= this.hashed && to > this.hashed) {
      this.hasher.update(bytes.subarray(this.hashed - from));
      this.hashed = to;
    }
    return bytes;
  }

  async hashTo(offset) {
    while (this.hashed < offset) {
      this.say(this.words.reading);
      await this.part(this.hashed, Math.min(this.hashed + PIECE, offset));
    }
  }

  at(answer) {
    const offset = Number(answer.headers.get('upload-offset'));
    if (!Number.isSafeInteger(offset) || offset > this.file.size) throw new No(`${answer.status}`);
    this.offset = offset;
    this.bar.value = offset;
    this.amount.textContent = `${sized(offset)} / ${sized(this.file.size)}`;
    if (this.state.textContent) this.say('');
  }

  async begin() {
    if (this.place) {
      const answer = await this.ask(this.place, 'HEAD');
      if (!answer.ok) throw new No(this.words.broken);
      return this.at(answer);
    }
    const { name, size, lastModified: modified } = this.file;
    const answer = await this.json('/uploads', { name, size, modified, ...this.said });
    if (!answer.ok) throw await told(answer);
    this.place = (await answer.clone().json()).place;
    this.at(answer);
  }

  async pieces() {
    await this.begin();
    await this.hashTo(this.offset);
    while (this.offset < this.file.size) {
      const bytes = await this.part(this.offset, Math.min(this.offset + PIECE, this.file.size));
      const headers = { 'upload-offset': `${this.offset}`, 'content-type': 'application/partial-upload' };
      const answer = await this.ask(this.place, 'PATCH', headers, bytes);
      if (answer.ok || (answer.status === 409 && answer.headers.has('upload-offset'))) {
        this.at(answer);
        await this.hashTo(this.offset);
      } else if (answer.status === 503) {
        throw new Error(`${answer.status}`);
      } else {
        throw await told(answer);
      }
    }
    this.say(this.words.fixing);
    const answer = await this.json(`${this.place}/finish`, { sha256: this.hasher.hex() });
    if (!answer.ok) throw await told(answer);
    return answer.json();
  }

  // Tries again as long as it goes on; gives what was fixed, or nothing where it was given up.
  async run() {
    let tries = 0;
    for (;;) {
      const before = this.offset;
      try {
        const fixed = await this.pieces();
        for (const one of [this.bar, this.cancel, this.amount]) one.remove();
        this.row.prepend(make('b', '✓', 'good'), ' ', make('span', fixed.item, 'label'), ' ');
        this.say(`${fixed.slot} · ${fixed.size}`);
        return fixed;
      } catch (error) {
        if (this.stopped.signal.aborted) return null;
        tries = this.offset > before ? 0 : tries + 1;
        if (error instanceof No || tries > PATIENCE.length) {
          this.say(error instanceof No ? error.message : this.words.broken, 'wrong');
          await this.wanted();
          if (this.stopped.signal.aborted) return null;
          tries = 0;
        } else {
          this.say(this.words.retry);
          await pause(PATIENCE[tries - 1] ?? 1);
        }
      }
    }
  }

  // Waits until it is to go on, or is given up.
  wanted() {
    const again = make('button', this.words.again, 'second');
    again.type = 'button';
    this.row.append(again);
    return new Promise((done) => {
      again.addEventListener('click', done);
      this.stopped.signal.addEventListener('abort', done);
    }).finally(() => again.remove());
  }

  giveUp() {
    this.stopped.abort();
    // The server forgets it by itself where this does not arrive.
    if (this.place) fetch(this.place, { method: 'DELETE' }).catch(() => {});
    this.bar.remove();
    this.cancel.remove();
    this.say(this.words.stopped);
  }
}

function saidOf(form) {
  const value = (name) => form.elements[name]?.value ?? '';
  const { order = '' } = form.dataset;
  const secret = form.elements.secret?.checked ?? false;
  return { order, slot: value('slot'), note: value('note'), formed_at: value('formed_at'), secret };
}

async function send(form, files) {
  const words = form.dataset;
  const list = document.createElement('ul');
  list.className = 'sending';
  const said = saidOf(form);
  const all = files.map((file) => new Sending(file, said, words));
  list.append(...all.map((one) => one.row));
  form.querySelector('.drop').after(list);
  const fixed = [];
  for (const one of all) {
    if (one.stopped.signal.aborted) continue;
    if (one.file.size > MOST) { one.say(words.large, 'wrong'); one.cancel.remove(); continue; }
    fixed.push(await one.run());
  }
  return { list, all, fixed: fixed.filter(Boolean) };
}

// The phone's page: what came stays listed, and the next files can be chosen.
async function fresh(list) {
  const page = await fetch('/').then((answer) => answer.text()).catch(() => '');
  const come = new DOMParser().parseFromString(page, 'text/html');
  for (const id of ['came', 'came-list']) {
    const now = come.getElementById(id);
    if (now) document.getElementById(id).replaceWith(now);
  }
  for (const row of [...list.children]) if (row.querySelector('.good')) row.remove();
}

for (const form of document.querySelectorAll('form[data-uploads]')) {
  const input = form.querySelector('input[type=file]');
  form.addEventListener('submit', async (event) => {
    const files = [...input.files];
    const least = Number(form.dataset.uploads);
    if (!files.length || !files.some((file) => file.size > least || least === 0)) return;
    event.preventDefault();
    const button = form.querySelector('button:not([type])');
    const busy = form.querySelector('[data-busy]');
    button.disabled = true;
    // The list says it better.
    if (busy) busy.hidden = true;
    const { list, all, fixed } = await send(form, files);
    button.disabled = false;
    input.value = '';
    const first = fixed[0]?.item;
    if (!form.dataset.order) await fresh(list);
    else if (first && fixed.length === all.length) location.assign(`/orders/${form.dataset.order}/fix?from=${first}`);
  });
}

for (const form of document.querySelectorAll('form[data-at-once]')) {
  form.querySelector('p').hidden = true;
  form.addEventListener('change', () => form.requestSubmit());
}
