// A text that is written: what is found in it is marked in the text itself while it is written, and one press says it
// better. The marks stand behind the field, in a copy of the text nobody sees, so that the field stays the browser's
// own: its undo, its input methods, its reader. Without this script the page shows the marks below when asked to check.
const WAIT = 400;

function make(name, text, kind) {
  const element = document.createElement(name);
  if (kind) element.className = kind;
  element.textContent = text;
  return element;
}

// The desk counts characters, the browser counts halves of some of them: where each character begins.
function beginnings(text) {
  const places = [0];
  for (const sign of text) places.push(places.at(-1) + sign.length);
  return places;
}

// Puts words in the place of others, as if they were typed: the browser's undo takes them back.
function put(field, start, end, text) {
  field.focus();
  field.setSelectionRange(start, end);
  const done = text ? document.execCommand('insertText', false, text) : document.execCommand('delete');
  if (done) return;
  field.setRangeText(text, start, end, 'end');
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
}

// What differs between two texts: how much is the same before and behind it.
function differs(before, after) {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return { head, tail };
}

class Draft {
  constructor(root) {
    this.root = root;
    this.field = root.querySelector('textarea');
    this.form = this.field.form;
    this.mirror = root.querySelector('.mirror');
    this.words = root.dataset;
    this.before = this.field.value;
    this.found = [];
    this.asked = 0;
    this.composing = false;
    this.cursor = null;
    root.classList.add('live');
    for (const one of root.querySelectorAll('[data-plain]')) one.hidden = true;
    this.field.addEventListener('compositionstart', () => { this.composing = true; });
    this.field.addEventListener('compositionend', () => { this.composing = false; this.soon(); });
    this.field.addEventListener('input', () => this.typed());
    this.field.addEventListener('blur', () => { this.cursor = [this.field.selectionStart, this.field.selectionEnd]; });
    this.form.addEventListener('click', (event) => this.pressed(event));
    this.draw();
    if (this.field.value.trim()) this.look();
  }

  // Marks go along with the words they stand at; where something is typed into them they are gone until looked at again.
  typed() {
    const now = this.field.value;
    const { head, tail } = differs(this.before, now);
    const shift = now.length - this.before.length;
    const old = this.before.length - tail;
    const moved = (place) => {
      if (!place || place.end <= head) return place;
      if (place.start >= old) return { ...place, start: place.start + shift, end: place.end + shift };
      return null;
    };
    for (const one of this.found) {
      one.place = moved(one.place);
      one.put = moved(one.put);
    }
    this.before = now;
    this.draw();
    this.soon();
  }

  soon() {
    clearTimeout(this.waiting);
    if (!this.composing) this.waiting = setTimeout(() => this.look(), WAIT);
  }

  async ask(fields) {
    const answer = await fetch(this.words.draft, { method: 'POST', body: new URLSearchParams(fields) }).catch(() => null);
    return answer?.ok ? answer.json() : null;
  }

  // The newest answer counts, and only for the words it is about.
  async look() {
    const own = ++this.asked;
    const text = this.field.value;
    const answer = await this.ask({ text, to: this.words.to });
    if (answer && own === this.asked && text === this.field.value) this.show(answer, text);
  }

  show(answer, text) {
    const at = beginnings(text);
    const place = (one) => one && { ...one, start: at[one.start], end: at[one.end] };
    this.found = answer.found.map((one) => ({
      ...one, place: place(one.place), put: one.put && { ...place(one.put.place), text: one.put.text },
    }));
    document.getElementById('text-count').textContent = answer.counted;
    document.getElementById('text-over').textContent = answer.over;
    // Said again only where it is something else: who listens is told of what changed.
    const said = document.getElementById('found-said');
    if (said.textContent !== answer.said) said.textContent = answer.said;
    document.getElementById('findings').replaceChildren(...this.found.map((one) => this.line(one)));
    document.getElementById('pieces').replaceChildren(...answer.pieces.map((one) => this.piece(one)));
    this.draw();
  }

  line(one) {
    const line = make('li', '', one.blocks ? 'blocks' : '');
    const number = make('span', one.number, 'n');
    number.setAttribute('aria-hidden', 'true');
    const about = make('div', '');
    if (one.place) {
      const spot = make('button', one.part || '⋯', 'spot');
      spot.type = 'button';
      spot.title = this.words.show;
      spot.setAttribute('aria-label', `${this.words.show} ${one.part}`);
      spot.addEventListener('click', () => this.select(one.place));
      about.append(spot, ' ');
    }
    about.append(one.why);
    if (one.instead) about.append(make('p', one.instead, 'hint'));
    if (one.put) {
      const button = make('button', this.words.put, 'second small');
      button.type = 'button';
      button.addEventListener('click', () => {
        if (one.put && !this.composing) put(this.field, one.put.start, one.put.end, one.put.text);
      });
      const place = make('p', '');
      place.append(button);
      about.append(place);
    }
    line.append(number, about);
    return line;
  }

  piece(one) {
    const line = make('li', '');
    const head = make('p', '', 'counter');
    const copy = make('button', this.words.copyWord, 'second small');
    copy.type = 'button';
    copy.setAttribute('aria-label', `${this.words.copyWord} ${one.name}`);
    copy.addEventListener('click', async () => {
      await navigator.clipboard.writeText(one.text);
      copy.textContent = this.words.copied;
      this.copied();
    });
    head.append(make('b', one.name), make('span', one.counted), copy);
    line.append(head, make('p', one.text, 'piece-text'));
    return line;
  }

  select(place) {
    if (!place) return;
    this.field.focus();
    this.field.setSelectionRange(place.start, place.end);
    const mark = this.mirror.querySelector(`[data-at="${place.start}"]`);
    mark?.scrollIntoView({ block: 'nearest' });
  }

  draw() {
    const text = this.field.value;
    const marks = this.found.filter((one) => one.place).sort((a, b) => a.place.start - b.place.start);
    const parts = [];
    let at = 0;
    for (const { place, number, blocks } of marks) {
      if (place.start < at) continue;
      const mark = make('mark', text.slice(place.start, place.end), blocks ? 'blocks' : '');
      mark.dataset.number = number;
      mark.dataset.at = place.start;
      parts.push(text.slice(at, place.start), mark);
      at = place.end;
    }
    // A line that is still empty has its height, too.
    this.mirror.replaceChildren(...parts, `${text.slice(at)}\u200b`);
  }

  async pressed(event) {
    const button = event.target.closest('button');
    if (!button) return;
    if (button.dataset.copy === 'text') this.copied();
    if (button.dataset.insert !== undefined) {
      event.preventDefault();
      this.cite(button.dataset.insert);
    }
    if (button.dataset.list !== undefined) {
      event.preventDefault();
      const text = this.field.value;
      const answer = await this.ask([...new FormData(this.form), ['what', 'list']]);
      if (!answer || this.composing || this.field.value !== text) return;
      const { head, tail } = differs(text, answer.text);
      put(this.field, head, text.length - tail, answer.text.slice(head, answer.text.length - tail));
    }
  }

  // At the cursor; where nobody wrote yet, on a line of its own at the end.
  cite(words) {
    if (this.composing) return;
    const end = this.field.value.length;
    const [start, stop] = this.cursor ?? [end, end];
    const line = start === end && end > 0 && !this.field.value.endsWith('\n') ? '\n' : '';
    put(this.field, start, stop, line + words);
  }

  // After copying it is sent somewhere else; when it was is asked here.
  copied() {
    const when = this.form.querySelector('[name=said_at], [name=at]');
    if (when && !when.value) when.value = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 16);
    const note = document.getElementById('copied');
    note.textContent = this.words.done;
    note.setAttribute('role', 'status');
    note.hidden = false;
    document.getElementById('sent').scrollIntoView({ block: 'nearest' });
  }
}

for (const root of document.querySelectorAll('[data-draft]')) new Draft(root);
