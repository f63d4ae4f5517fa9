// Scrolls one inner list to a step; says where it stands on the page and what it shows. A list that is a form can
// have fields named like the properties asked for, so each is read through its prototype.
(async (number, step) => {
  const one = (globalThis.siguScrollers || [])[number];
  if (!one) return 'null';
  const of = (proto, name) => Object.getOwnPropertyDescriptor(proto, name);
  const top = of(Element.prototype, 'scrollTop');
  const read = (name) => of(Element.prototype, name).get.call(one);
  const pause = () => new Promise((done) => { requestAnimationFrame(() => setTimeout(done, 30)); setTimeout(done, 150); });
  if (step < 0) { top.set.call(one, globalThis.siguScrolled || 0); return 'null'; }
  if (step === 0) globalThis.siguScrolled = read('scrollTop');
  top.set.call(one, step * Math.max(80, read('clientHeight') * 0.9));
  await pause();
  const at = Element.prototype.getBoundingClientRect.call(one);
  return JSON.stringify({
    x: at.x + scrollX, y: at.y + scrollY, width: at.width, height: Math.min(at.height, read('clientHeight')),
    text: String(one instanceof HTMLElement ? of(HTMLElement.prototype, 'innerText').get.call(one) : ''),
    end: read('scrollTop') + read('clientHeight') >= read('scrollHeight') - 2,
  });
})
