// Marks are drawn on a picture with pointer or keys. What is seen here is a sketch: the copy is made from the numbers.
const NAME = 'http://www.w3.org/2000/svg';
const page = document.querySelector('[data-marking]');
const words = page.dataset;
const [wide, high, most] = [words.width, words.height, words.max].map(Number);
const canvas = page.querySelector('.canvas');
const sheet = canvas.querySelector('.sheet-of');
const picture = sheet.querySelector('img');
const line = Math.min(12, Math.max(2, Math.min(wide, high) / 200));
const names = Object.fromEntries([...page.querySelectorAll('[data-tool]')].map((one) => [one.dataset.tool, one.textContent.trim()]));
const COVERS = ['cover', 'mosaic'];

let marks = [...page.querySelector('[data-marks]').children].map((one) => read(one.value));
let past = [];
let future = [];
let chosen = -1;
let tool = 'choose';
let drag = null;
let looking = false;
let moving = '';

function read(text) {
  const [kind, numbers] = text.split(' ');
  return { kind, n: numbers.split(',').map(Number) };
}

const write = (mark) => `${mark.kind} ${mark.n.join(',')}`;
const clamp = (value, least, top) => Math.min(Math.max(value, least), Math.max(least, top));
const sort = (mark) => (['arrow', 'number'].includes(mark.kind) ? mark.kind : 'area');

// What a mark is called and where it is, in the words the page came with.
function told(mark) {
  const [n, x, y] = mark.kind === 'number' ? mark.n : [0, ...mark.n];
  const [width, height] = mark.n.slice(2);
  const values = { n, x, y, width, height };
  const kind = sort(mark);
  const words_of = words[`told${kind[0].toUpperCase()}${kind.slice(1)}`];
  return words_of.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function say(text) {
  page.querySelector('[data-said]').textContent = text;
}

function make(name, values, ...inner) {
  const element = document.createElementNS(NAME, name);
  for (const [key, value] of Object.entries(values)) element.setAttribute(key, value);
  element.append(...inner);
  return element;
}

const svg = make('svg', { viewBox: `0 0 ${wide} ${high}`, preserveAspectRatio: 'none', role: 'group', 'aria-label': words.area });
const blocks = make('pattern', { id: 'blocks', width: 48, height: 48, patternUnits: 'userSpaceOnUse' });
for (const [place, grey] of ['#9a9a9a', '#c2c2c2', '#868686', '#b4b4b4'].entries()) {
  blocks.append(make('rect', { x: (place % 2) * 24, y: Math.floor(place / 2) * 24, width: 24, height: 24, fill: grey }));
}
const drawing = make('g', {});
svg.append(make('defs', {}, blocks), drawing);
sheet.append(svg);

// Pixels of the picture in one pixel of the screen.
const scale = () => wide / (svg.getBoundingClientRect().width || wide);

function head([x, y, x2, y2]) {
  const length = Math.hypot(x2 - x, y2 - y) || 1;
  const [run, rise] = [(x2 - x) / length, (y2 - y) / length];
  const long = Math.min(line * 5, length);
  const [bx, by, half] = [x2 - run * long, y2 - rise * long, long * 0.45];
  return { base: [bx, by], points: `${x2},${y2} ${bx - rise * half},${by + run * half} ${bx + rise * half},${by - run * half}` };
}

function shapes({ kind, n }) {
  if (kind === 'arrow') {
    const { base, points } = head(n);
    const shaft = { x1: n[0], y1: n[1], x2: base[0], y2: base[1], 'stroke-linecap': 'round' };
    return [
      make('line', { x1: n[0], y1: n[1], x2: n[2], y2: n[3], class: 'reach', 'stroke-width': Math.max(line * 2, 24 * scale()) }),
      make('line', { ...shaft, class: 'edge', 'stroke-width': line * 2 }),
      make('polygon', { points, class: 'edge', 'stroke-width': line, 'stroke-linejoin': 'round' }),
      make('line', { ...shaft, class: 'red', 'stroke-width': line }),
      make('polygon', { points, class: 'fill' }),
    ];
  }
  if (kind === 'number') {
    const [number, cx, cy] = n;
    const digits = make('text', { x: cx, y: cy, 'font-size': line * 6.5, class: 'digits', 'text-anchor': 'middle', 'dominant-baseline': 'central' });
    digits.textContent = number;
    return [
      make('circle', { cx, cy, r: Math.max(line * 5, 22 * scale()), class: 'reach' }),
      make('circle', { cx, cy, r: line * 5, class: 'disc', 'stroke-width': line }),
      digits,
    ];
  }
  const [x, y, width, height] = n;
  const area = { x, y, width, height };
  if (kind === 'cover') return [make('rect', { ...area, fill: '#262626' })];
  if (kind === 'mosaic') return [make('rect', { ...area, fill: 'url(#blocks)' })];
  return [
    make('rect', { ...area, class: 'reach' }),
    make('rect', { ...area, class: 'edge', 'stroke-width': line * 2, 'stroke-linejoin': 'round' }),
    make('rect', { ...area, class: 'red', 'stroke-width': line, 'stroke-linejoin': 'round' }),
  ];
}

// The dashes and the dot of what is chosen.
function grip({ kind, n }) {
  const far = scale();
  if (kind === 'number') return [make('circle', { cx: n[1], cy: n[2], r: line * 6.5, class: 'chosen' })];
  const end = kind === 'arrow' ? n.slice(2) : [n[0] + n[2], n[1] + n[3]];
  const dash = kind === 'arrow'
    ? make('line', { x1: n[0], y1: n[1], x2: n[2], y2: n[3], class: 'chosen' })
    : make('rect', { x: n[0], y: n[1], width: n[2], height: n[3], class: 'chosen' });
  return [
    dash,
    make('circle', { cx: end[0], cy: end[1], r: 22 * far, class: 'reach', 'data-grip': '' }),
    make('circle', { cx: end[0], cy: end[1], r: 7 * far, class: 'grip', 'data-grip': '' }),
  ];
}

function draw() {
  const held = drawing.contains(document.activeElement) ? document.activeElement.dataset.place : null;
  const all = marks.map((mark, place) => ({ mark, place }));
  if (drag?.made) all.push({ mark: drag.made, place: marks.length });
  // As the copy has it: what covers is below what points.
  all.sort((one, other) => COVERS.includes(other.mark.kind) - COVERS.includes(one.mark.kind));
  drawing.replaceChildren(...all.map(({ mark, place }) => {
    const label = `${names[mark.kind]} ${told(mark)}`;
    const group = make('g', { tabindex: 0, role: 'button', 'aria-pressed': place === chosen, 'aria-label': label, 'data-place': place }, ...shapes(mark));
    if (place === chosen) group.append(...grip(mark));
    return group;
  }));
  if (held !== null) focus(Number(held));
}

function focus(place) {
  drawing.querySelector(`[data-place="${place}"]`)?.focus({ preventScroll: true });
}

// The list, the forms and the address have what is drawn.
function tell() {
  for (const carried of page.querySelectorAll('[data-marks]')) {
    carried.replaceChildren(...marks.map((mark) => Object.assign(document.createElement('input'), { type: 'hidden', name: 'mark', value: write(mark) })));
  }
  page.querySelector('[data-rows]').replaceChildren(...marks.map((mark, place) => {
    const row = document.createElement('li');
    const pick = Object.assign(document.createElement('button'), { type: 'button', className: 'pick' });
    const name = Object.assign(document.createElement('b'), { textContent: names[mark.kind] });
    const where = Object.assign(document.createElement('span'), { textContent: told(mark), className: 'quiet' });
    pick.append(name, ' ', where);
    pick.setAttribute('aria-pressed', place === chosen);
    pick.addEventListener('click', () => { choose(place); show(place); });
    const gone = Object.assign(document.createElement('button'), { type: 'button', className: 'second', textContent: words.remove });
    gone.setAttribute('aria-label', `${words.remove} ${names[mark.kind]} ${told(mark)}`);
    gone.addEventListener('click', () => remove(place));
    row.append(pick, gone);
    return row;
  }));
  page.querySelector('[data-count]').textContent = marks.length;
  page.querySelector('[data-none]').hidden = marks.length > 0;
  const able = { undo: past.length, redo: future.length, remove: chosen >= 0, look: marks.length };
  for (const [name, on] of Object.entries(able)) page.querySelector(`[data-do=${name}]`).disabled = !on;
  draw();
}

function query() {
  const asked = new URLSearchParams(marks.map((mark) => ['mark', write(mark)]));
  if (words.original.endsWith('reveal=1')) asked.set('reveal', '1');
  return asked.toString();
}

// Not at once: browsers count how often an address changes.
let addressing;
function address() {
  clearTimeout(addressing);
  addressing = setTimeout(addressed, 300);
}

function addressed() {
  clearTimeout(addressing);
  const at = `${location.pathname}?${query()}`;
  history.replaceState(null, '', at);
  for (const back of document.querySelectorAll('input[name=back]')) back.value = at;
}
addEventListener('pagehide', addressed);

function change(next, why = '') {
  // Many small steps of one mark are undone as one.
  if (!why || why !== moving) past.push(marks);
  moving = why;
  future = [];
  marks = next;
  tell();
  address();
}

function step(from, to, words_of) {
  if (!from.length) return;
  to.push(marks);
  marks = from.pop();
  chosen = -1;
  moving = '';
  look(false);
  tell();
  address();
  say(`${words_of} ${marks.length}`);
}

const undo = () => step(past, future, words.saidUndone);
const redo = () => step(future, past, words.saidRedone);

function choose(place) {
  chosen = place;
  moving = '';
  look(false);
  tell();
}

// Scrolls the picture to a mark that was chosen in the list.
function show(place) {
  const mark = marks[place];
  const [x, y] = mark.kind === 'number' ? mark.n.slice(1) : mark.n;
  canvas.scrollTo({ left: x / scale() - 60, top: y / scale() - 60 });
  canvas.scrollIntoView({ block: 'nearest' });
  focus(place);
}

function add(mark) {
  if (marks.length >= most) return say(words.saidMany);
  chosen = marks.length;
  change([...marks, mark]);
  focus(chosen);
  say(`${words.saidMade} ${names[mark.kind]} ${told(mark)}`);
}

function remove(place) {
  if (place < 0) return;
  const gone = marks[place];
  chosen = -1;
  change(marks.filter((_, own) => own !== place));
  canvas.focus({ preventScroll: true });
  say(`${words.saidRemoved} ${names[gone.kind]} ${told(gone)}`);
}

function moved({ kind, n }, dx, dy) {
  if (kind === 'number') return { kind, n: [n[0], clamp(n[1] + dx, 0, wide - 1), clamp(n[2] + dy, 0, high - 1)] };
  if (kind === 'arrow') {
    const [x, y] = [clamp(dx, -Math.min(n[0], n[2]), wide - 1 - Math.max(n[0], n[2])), clamp(dy, -Math.min(n[1], n[3]), high - 1 - Math.max(n[1], n[3]))];
    return { kind, n: [n[0] + x, n[1] + y, n[2] + x, n[3] + y] };
  }
  return { kind, n: [clamp(n[0] + dx, 0, wide - n[2]), clamp(n[1] + dy, 0, high - n[3]), n[2], n[3]] };
}

function sized({ kind, n }, dx, dy) {
  if (kind === 'number') return { kind, n };
  if (kind === 'arrow') {
    const end = [clamp(n[2] + dx, 0, wide - 1), clamp(n[3] + dy, 0, high - 1)];
    return end[0] === n[0] && end[1] === n[1] ? { kind, n } : { kind, n: [n[0], n[1], ...end] };
  }
  return { kind, n: [n[0], n[1], clamp(n[2] + dx, 1, wide - n[0]), clamp(n[3] + dy, 1, high - n[1])] };
}

const next = () => Math.min(99, Math.max(0, ...marks.filter((mark) => mark.kind === 'number').map((mark) => mark.n[0])) + 1);

function drawn(kind, [x, y], [x2, y2]) {
  if (kind === 'number') return { kind, n: [next(), x2, y2] };
  if (kind === 'arrow') return { kind, n: [x, y, x2, y2] };
  return { kind, n: [Math.min(x, x2), Math.min(y, y2), Math.abs(x2 - x) + 1, Math.abs(y2 - y) + 1] };
}

function at(event) {
  const box = svg.getBoundingClientRect();
  const [x, y] = [(event.clientX - box.left) / box.width * wide, (event.clientY - box.top) / box.height * high];
  return [clamp(Math.floor(x), 0, wide - 1), clamp(Math.floor(y), 0, high - 1)];
}

svg.addEventListener('pointerdown', (event) => {
  if (!event.isPrimary || event.button !== 0 || looking) return;
  const grips = event.target.hasAttribute('data-grip');
  const place = event.target.closest('[data-place]')?.dataset.place;
  if (tool === 'choose' && place === undefined) return choose(-1);
  event.preventDefault();
  svg.setPointerCapture(event.pointerId);
  const from = at(event);
  if (tool !== 'choose' && !grips) {
    drag = { from, seen: [event.clientX, event.clientY] };
    chosen = -1;
    return draw();
  }
  const own = Number(place);
  if (own !== chosen) choose(own);
  focus(own);
  drag = { from, place: own, was: marks, act: grips ? sized : moved };
});

svg.addEventListener('pointermove', (event) => {
  if (!drag) return;
  const to = at(event);
  const box = canvas.getBoundingClientRect();
  // A drag to the edge takes the picture along.
  if (event.clientY > box.bottom - 24) canvas.scrollTop += 16;
  if (event.clientY < box.top + 24) canvas.scrollTop -= 16;
  if (drag.was) {
    const here = drag.act(drag.was[drag.place], to[0] - drag.from[0], to[1] - drag.from[1]);
    marks = drag.was.map((mark, place) => (place === drag.place ? here : mark));
  } else {
    drag.made = drawn(tool, drag.from, to);
  }
  draw();
});

svg.addEventListener('pointerup', (event) => {
  if (!drag) return;
  const { from, was, seen } = drag;
  drag = null;
  if (was) {
    const now = marks;
    marks = was;
    if (now !== was) change(now);
    return;
  }
  // Less than a few pixels is a click, and a click draws a number only.
  const far = Math.hypot(event.clientX - seen[0], event.clientY - seen[1]);
  if (tool === 'number' || far > 5) add(drawn(tool, from, at(event))); else draw();
});

function drop() {
  if (drag?.was) marks = drag.was;
  drag = null;
  draw();
}
svg.addEventListener('pointercancel', drop);

drawing.addEventListener('focusin', (event) => {
  const place = Number(event.target.closest('[data-place]')?.dataset.place ?? -1);
  if (place !== chosen && !drag) { chosen = place; moving = ''; tell(); }
});

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

document.addEventListener('keydown', (event) => {
  if (event.target.closest('input, textarea, select')) return;
  const control = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  if (control && (key === 'z' || key === 'y')) {
    event.preventDefault();
    if (key === 'y' || event.shiftKey) redo(); else undo();
  } else if (event.key === 'Escape') {
    if (drag) drop(); else use('choose');
  } else if (svg.contains(document.activeElement) && chosen >= 0) {
    const way = ARROWS[event.key];
    if (event.key === 'Delete' || event.key === 'Backspace') remove(chosen);
    else if (way && !event.altKey) {
      const far = event.shiftKey || event.ctrlKey ? 10 : 1;
      const act = event.ctrlKey ? sized : moved;
      const here = act(marks[chosen], way[0] * far, way[1] * far);
      change(marks.map((mark, place) => (place === chosen ? here : mark)), `${chosen} ${act.name}`);
    } else return;
    event.preventDefault();
  }
});

// A mark in the middle of what is seen: for those who draw without a pointer.
function middle(kind) {
  const [box, seen] = [svg.getBoundingClientRect(), canvas.getBoundingClientRect()];
  const over = (from, to, low, top, all) => Math.round((Math.max(from, low) + Math.min(to, top)) / 2 * all);
  const x = over((seen.left - box.left) / box.width, (seen.right - box.left) / box.width, 0, 1, wide);
  const y = over((seen.top - box.top) / box.height, (seen.bottom - box.top) / box.height, 0, 1, high);
  const [dx, dy] = [Math.round(wide / 8), Math.round(Math.min(wide, high) / 16)];
  const from = [clamp(x - dx, 0, wide - 1), clamp(y - dy, 0, high - 1)];
  const to = [clamp(x + dx, 0, wide - 1), clamp(y + dy, 0, high - 1)];
  add(kind === 'number' ? drawn(kind, from, [clamp(x, 0, wide - 1), clamp(y, 0, high - 1)]) : drawn(kind, from, to));
}

function use(name) {
  tool = name;
  look(false);
  for (const one of page.querySelectorAll('[data-tool]')) one.setAttribute('aria-pressed', one.dataset.tool === tool);
  svg.classList.toggle('draws', tool !== 'choose');
  how();
}

function how() {
  const which = looking ? words.howLook : { choose: words.howChoose, number: words.howNumber }[tool] ?? words.howDraw;
  page.querySelector('[data-how]').textContent = which;
}

// The marked picture as the desk makes it.
function look(on) {
  if (on === looking) return;
  looking = on;
  picture.src = on ? `${words.preview}?${query()}` : words.original;
  svg.classList.toggle('away', on);
  page.querySelector('[data-do=look]').setAttribute('aria-pressed', on);
  how();
}

function zoom(button) {
  const whole = sheet.classList.toggle('whole');
  const { fit } = button.dataset;
  [button.textContent, button.dataset.fit] = [fit, button.textContent];
  if (whole) canvas.scrollTo({ left: 0 });
  draw();
}

const acts = { undo, redo, remove: () => remove(chosen), zoom, look: () => look(!looking) };
for (const button of page.querySelectorAll('[data-do]')) {
  button.addEventListener('click', () => acts[button.dataset.do](button));
}
for (const button of page.querySelectorAll('[data-tool]')) {
  button.addEventListener('click', (event) => {
    use(button.dataset.tool);
    // Pressed by a key, not by a pointer.
    if (event.detail === 0 && tool !== 'choose') middle(tool);
  });
}
addEventListener('resize', draw);

page.querySelector('.desk-tools').hidden = false;
page.querySelector('[data-keys]').hidden = false;
if (!picture.src.endsWith(words.original)) picture.src = words.original;
tell();
