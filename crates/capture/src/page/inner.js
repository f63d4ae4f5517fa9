// Scrolls one inner list to a step; says where it stands on the page and what it shows.
(async (number, step) => {
  const one = (globalThis.siguScrollers || [])[number];
  if (!one) return 'null';
  const pause = () => new Promise((done) => { requestAnimationFrame(() => setTimeout(done, 30)); setTimeout(done, 150); });
  if (step < 0) { one.scrollTop = globalThis.siguScrolled || 0; return 'null'; }
  if (step === 0) globalThis.siguScrolled = one.scrollTop;
  one.scrollTop = step * Math.max(80, one.clientHeight * 0.9);
  await pause();
  const at = one.getBoundingClientRect();
  return JSON.stringify({
    x: at.x + scrollX, y: at.y + scrollY, width: at.width, height: Math.min(at.height, one.clientHeight),
    text: one.innerText, end: one.scrollTop + one.clientHeight >= one.scrollHeight - 2,
  });
})
