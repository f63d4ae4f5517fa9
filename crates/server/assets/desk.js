// Times stay right while a page is open: once a minute each is said anew in the words the page came with.
const units = document.documentElement.lang === 'en'
  ? { d: 'd', h: 'h', m: 'min', only: 'min', now: 'just now', left: (span) => `${span} left`, ago: (span) => `${span} ago` }
  : { d: '天', h: '小时', m: '分', only: '分钟', now: '刚刚', left: (span) => `还有 ${span}`, ago: (span) => `${span}前` };

function span(seconds) {
  const days = Math.floor(seconds / 86400);
  const hours = Math.floor((seconds % 86400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (days > 0) return hours > 0 ? `${days} ${units.d} ${hours} ${units.h}` : `${days} ${units.d}`;
  return hours > 0 ? `${hours} ${units.h} ${minutes} ${units.m}` : `${minutes} ${units.only}`;
}

function tick() {
  for (const time of document.querySelectorAll('time.due')) {
    const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
    const words = Math.abs(seconds) < 60 ? units.now : seconds < 0 ? units.ago(span(-seconds)) : units.left(span(seconds));
    time.querySelector('b').textContent = words;
    time.classList.toggle('over', seconds < 0);
    time.classList.toggle('soon', seconds >= 0 && seconds < 3 * 3600);
  }
}

tick();
setInterval(tick, 60_000);

// Copies what a button names; without script the button is not shown and the text can be marked.
function copying() {
  for (const button of document.querySelectorAll('button[data-copy][hidden]')) {
    const field = document.getElementById(button.dataset.copy);
    const name = button.textContent;
    button.hidden = false;
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(field.value ?? field.textContent);
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = name; }, 2_000);
    });
  }
}

copying();

// A page that was drawn again by live.js.
document.addEventListener('desk:drawn', () => { tick(); copying(); });

for (const form of document.querySelectorAll('form[data-drop]')) {
  const place = form.querySelector('.drop');
  const input = place.querySelector('input[type=file]');
  const bring = (files) => {
    input.files = files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  };
  // What can be read is read at once.
  const read = form.querySelector('[data-read]');
  if (read) input.addEventListener('change', () => { if (input.files.length) form.requestSubmit(read); });
  const over = (on) => (event) => { event.preventDefault(); place.classList.toggle('over', on); };
  form.addEventListener('dragover', over(true));
  form.addEventListener('dragleave', over(false));
  form.addEventListener('drop', (event) => {
    over(false)(event);
    if (event.dataTransfer.files.length) bring(event.dataTransfer.files);
  });
  // A screenshot is pasted wherever one is on the page.
  document.addEventListener('paste', (event) => {
    if (event.clipboardData?.files.length) {
      event.preventDefault();
      bring(event.clipboardData.files);
    }
  });
  form.addEventListener('submit', () => { form.querySelector('[data-busy]').hidden = false; });
}

// Long work: how far it is, once a second, in place of what the page said.
async function follow(going) {
  while (going) {
    await new Promise((done) => { setTimeout(done, 1_000); });
    const answer = await fetch(going.dataset.work).catch(() => null);
    if (!answer) continue;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const next = page.querySelector('[data-work]');
    // Whatever else comes, an end or the lock page, is a page of its own.
    if (!next) return location.replace(going.dataset.work);
    for (const part of ['progress', '[role=status]']) going.querySelector(part).replaceWith(next.querySelector(part));
  }
}

follow(document.querySelector('[data-work]'));

// A list of what is done is read again when one comes back from doing it.
if (document.querySelector('[data-fresh]')) {
  document.addEventListener('visibilitychange', () => { if (!document.hidden) location.reload(); });
}

// The key / goes to the field to search with, unless something is being written.
document.addEventListener('keydown', (event) => {
  const field = document.getElementById('find');
  const writing = event.target.closest?.('input, textarea, select, [contenteditable]');
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || writing || !field) return;
  event.preventDefault();
  field.focus();
  field.select();
});
