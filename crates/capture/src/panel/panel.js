// The buttons of the evidence browser. They live in a closed shadow root that only this isolated world holds; the
// page can neither press them nor read them, and before every capture they are taken out of the page.
((words) => {
  if (globalThis.siguPanel || window.top !== window) return;
  const make = (name) => document.createElement(name);
  const host = make('sigu-panel');
  const root = host.attachShadow({ mode: 'closed' });
  const call = (what) => { try { siguCall(JSON.stringify(what)); } catch { /* the tool is gone */ } };
  let recording = false, wanted = true, revived = 0;

  const style = make('style');
  style.textContent = `
    :host{all:initial}
    .bar{position:fixed;right:16px;bottom:16px;z-index:2147483647;display:flex;gap:6px;align-items:center;
      font:14px/1.4 "PingFang SC","Microsoft YaHei","Noto Sans SC","Noto Sans CJK SC",system-ui,sans-serif;
      background:#10242b;color:#fff;border-radius:12px;padding:6px;box-shadow:0 6px 24px rgba(0,0,0,.28)}
    button,select{font:inherit;color:inherit;border:0;border-radius:8px;padding:8px 12px;min-height:36px;cursor:pointer;background:#24434d}
    button:focus-visible,select:focus-visible{outline:2px solid #9fd8cb;outline-offset:2px}
    .fix{background:#0f8a6d;font-weight:600}
    .on{background:#b3261e}
    select option{color:#111;background:#fff}
    .told{position:fixed;right:16px;bottom:76px;z-index:2147483647;max-width:min(420px,calc(100vw - 32px));
      background:#fff;color:#10242b;border-radius:12px;padding:12px 14px;box-shadow:0 6px 24px rgba(0,0,0,.22);
      font:14px/1.6 "PingFang SC","Microsoft YaHei","Noto Sans SC","Noto Sans CJK SC",system-ui,sans-serif;white-space:pre-line}
    .told[hidden]{display:none}
    .bad{border-left:4px solid #b3261e}.good{border-left:4px solid #0f8a6d}
    .small .fix,.small select{display:none}`;
  const bar = make('div'); bar.className = 'bar'; bar.setAttribute('role', 'toolbar'); bar.setAttribute('aria-label', words.title);
  const slot = make('select'); slot.setAttribute('aria-label', words.slot);
  for (const [code, name] of words.slots) { const one = make('option'); one.value = code; one.textContent = name; slot.append(one); }
  const button = (name, text, hint, act) => {
    const one = make('button'); one.type = 'button'; one.className = name; one.textContent = text; one.title = hint;
    one.addEventListener('click', (event) => { if (event.isTrusted) act(); });
    return one;
  };
  const fix = () => { tell(words.working, true); call({ do: 'fix', slot: slot.value }); };
  const record = () => call({ do: recording ? 'stop' : 'record', slot: slot.value });
  const recorder = button('record', words.record, words.recordHint, record);
  bar.append(button('fix', words.fix, words.fixHint, fix), slot, recorder);
  const told = make('div'); told.className = 'told'; told.hidden = true; told.setAttribute('role', 'status');
  root.append(style, bar, told);

  let timer = 0;
  const tell = (text, good) => {
    told.textContent = text; told.className = 'told ' + (good ? 'good' : 'bad'); told.hidden = false;
    clearTimeout(timer); timer = setTimeout(() => { told.hidden = true; }, 8000);
  };
  globalThis.siguPanel = host;
  globalThis.siguTell = (text, good, now) => {
    tell(text, good);
    if (now !== undefined) {
      recording = now;
      recorder.textContent = now ? words.stop : words.record;
      recorder.className = 'record' + (now ? ' on' : '');
      bar.className = 'bar' + (now ? ' small' : '');
    }
  };
  const place = () => { if (wanted && !host.isConnected && document.documentElement) document.documentElement.append(host); };
  globalThis.siguHide = () => { wanted = false; host.remove(); };
  // The tool leaves a browser that stays open: nothing of ours stays in the page.
  const leaving = new AbortController();
  globalThis.siguLeave = () => { leaving.abort(); revival.disconnect(); globalThis.siguHide(); delete globalThis.siguPanel; };
  globalThis.siguShow = () => { wanted = true; place(); };

  // First in line for every key: a page that swallows keys does not swallow these.
  window.addEventListener('keydown', (event) => {
    if (!event.isTrusted || !event.altKey || !event.shiftKey || event.ctrlKey || event.metaKey) return;
    const act = { KeyS: fix, KeyR: record }[event.code];
    if (act) { event.preventDefault(); event.stopImmediatePropagation(); act(); }
  }, { capture: true, signal: leaving.signal });
  // A page that writes itself anew takes the buttons along; they come back, but not for ever.
  const revival = new MutationObserver(() => { if (wanted && !host.isConnected && revived < 50) { revived += 1; place(); } });
  revival.observe(document, { childList: true, subtree: true });
  place();
})
