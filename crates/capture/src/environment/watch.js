// Watches a document from an isolated world, from the moment the parser is done with it, and remembers for
// each change that still stands who was at work: a probe element made in the observer's callback carries, in
// the browser, the asynchronous stack of the first change of its batch. The page sees nothing of this.
(() => {
  if (globalThis.siguEdits) return;
  const MOST = 5000, NEWEST = 2000, ITEMS = 20, CHARS = 300;
  let batches = [], dropped = 0, count = 0, started = false;
  const late = document.readyState !== 'loading';
  let written = new WeakMap();

  const note = (batch, node, kind, name, more) => {
    if (batch.items.length >= ITEMS) { batch.more++; return; }
    const key = kind === 'added' || kind === 'removed' ? null : kind + (name || '');
    if (key) {
      const of = written.get(node) || {};
      of[key] = batch.n;
      written.set(node, of);
    }
    batch.items.push({ node, kind, name, key, ...more });
  };
  const stands = (batch) => batch.items.some((item) => item.kind !== 'removed' && item.node.isConnected
    && (!item.key || (written.get(item.node) || {})[item.key] === batch.n));
  const prune = () => {
    const newest = batches.length - NEWEST;
    batches = batches.filter((batch, at) => at >= newest || stands(batch));
    while (batches.length > MOST - NEWEST / 2) { batches.shift(); dropped++; }
  };
  // What the user types where the page invites him to type is no edit of the page.
  const typed = (node) => {
    const one = node.nodeType === 1 ? node : node.parentElement;
    return document.designMode !== 'on' && !!one && one.isContentEditable === true;
  };
  const take = (records) => {
    if (document.readyState === 'loading') return;
    const batch = { n: count++, probe: document.createElement('i'), at: Date.now(), items: [], more: 0 };
    for (const record of records) {
      const node = record.target;
      const old = record.oldValue === null ? null : record.oldValue.slice(0, CHARS);
      if (record.type === 'childList') {
        // Our own buttons come and go for every capture.
        for (const one of record.removedNodes) {
          if (one === globalThis.siguPanel) continue;
          const text = (one.textContent || '').slice(0, CHARS);
          if (!one.isConnected) note(batch, node, 'removed', one.nodeName, { old: text, typed: typed(node) });
        }
        for (const one of record.addedNodes) {
          if (one !== globalThis.siguPanel) note(batch, one, 'added', one.nodeName, { typed: typed(node) });
        }
      } else if (record.type === 'attributes') {
        note(batch, node, 'attribute', record.attributeName, { old });
      } else note(batch, node, 'text', null, { old, typed: typed(node) });
    }
    if (!batch.items.length) return;
    batches.push(batch);
    if (batches.length > MOST) prune();
  };
  const observer = new MutationObserver(take);
  const start = () => {
    if (started) return;
    started = true;
    observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true,
      characterDataOldValue: true, attributeOldValue: true });
  };
  if (late) start(); else document.addEventListener('DOMContentLoaded', start, { capture: true, once: true });

  const place = (node) => {
    let one = node.nodeType === 1 ? node : node.parentElement;
    const steps = [];
    for (; one && steps.length < 6; one = one.parentElement) {
      const id = one.getAttribute('id');
      steps.unshift(one.nodeName.toLowerCase() + (id ? '#' + id.slice(0, 40) : ''));
      if (id) break;
    }
    return steps.join(' > ');
  };
  const now = (item) => {
    if (item.kind === 'attribute') return (item.node.getAttribute(item.name) || '').slice(0, CHARS);
    if (item.kind === 'removed') return '';
    return (item.node.textContent || '').slice(0, CHARS);
  };

  // Lays the probes of what still stands side by side in one detached element, the self-test first, and says
  // what each stands for.
  globalThis.siguEdits = async () => {
    const box = document.createElement('b');
    const bench = document.createElement('u');
    await new Promise((done) => {
      const proof = new MutationObserver(() => { box.append(document.createElement('i')); done(); });
      proof.observe(bench, { attributes: true });
      bench.setAttribute('title', '1');
    });
    const newest = batches.length - NEWEST;
    const said = [];
    batches.forEach((batch, at) => {
      if (at < newest && !stands(batch)) return;
      const last = (item) => !item.key || (written.get(item.node) || {})[item.key] === batch.n;
      const items = batch.items.filter((item) => !item.typed
        && (item.kind === 'removed' || (item.node.isConnected && last(item))));
      if (!items.length) return;
      box.append(batch.probe);
      const told = (item) => ({ kind: item.kind, name: item.name || '', place: place(item.node),
        before: item.old || '', after: now(item) });
      said.push({ at: batch.at, more: batch.more, items: items.map(told) });
    });
    globalThis.siguProbes = box;
    return JSON.stringify({ late, started, dropped, batches: said });
  };
})();
