// A page learns that there is something new: it draws itself again, or, where somebody is at work in it, says so.
const { live, liveNew, liveLoad } = document.body.dataset;
const main = document.getElementById('main');
let at = live;
let stream;
let dirty = false;

main.addEventListener('input', () => { dirty = true; });

// What is being typed in, chosen, played or marked is left alone.
function busy() {
  const field = 'textarea, select, input:not([type=hidden])';
  const marked = getSelection();
  return dirty
    || main.querySelector(field) !== null
    || [...main.querySelectorAll('video, audio')].some((one) => !one.paused)
    || (marked && !marked.isCollapsed && main.contains(marked.anchorNode));
}

function say() {
  if (document.getElementById('new')) return;
  const line = document.createElement('p');
  line.id = 'new';
  line.className = 'new';
  line.setAttribute('role', 'status');
  const link = document.createElement('a');
  link.href = location.href;
  link.textContent = liveLoad;
  line.append(liveNew, ' · ', link);
  main.before(line);
}

async function draw() {
  const answer = await fetch(location.href).catch(() => null);
  // The desk was locked: nothing of it stays on the screen.
  if (answer?.status === 423) return location.reload();
  if (!answer?.ok || busy()) return say();
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const come = page.getElementById('main');
  if (!come) return say();
  const open = new Set([...main.querySelectorAll('details[open] > summary')].map((one) => one.textContent));
  const held = main.contains(document.activeElement) ? document.activeElement.outerHTML : null;
  main.replaceChildren(...come.childNodes);
  for (const summary of main.querySelectorAll('details > summary')) {
    if (open.has(summary.textContent)) summary.parentElement.open = true;
  }
  if (held) [...main.querySelectorAll('a, button, summary')].find((one) => one.outerHTML === held)?.focus();
  document.getElementById('new')?.remove();
  at = page.body.dataset.live ?? at;
  document.dispatchEvent(new Event('desk:drawn'));
}

// Only the page that is looked at listens: a browser has few connections for all its tabs.
function listen() {
  stream?.close();
  stream = undefined;
  if (document.hidden) return;
  stream = new EventSource(`/live?at=${encodeURIComponent(at)}`);
  stream.addEventListener('new', (event) => {
    at = event.data;
    if (busy()) say(); else draw();
  });
}

document.addEventListener('visibilitychange', listen);
addEventListener('pagehide', () => stream?.close());
addEventListener('pageshow', (event) => { if (event.persisted) listen(); });
listen();
