// Scrolls through the page once, so that what loads only when seen is loaded; comes back to where it was.
(async (most, limit) => {
  const pause = () => new Promise((done) => { requestAnimationFrame(() => setTimeout(done, 16)); setTimeout(done, 120); });
  const scrolling = Object.getOwnPropertyDescriptor(Document.prototype, 'scrollingElement').get;
  const height = () => { const one = scrolling.call(document); return one ? one.scrollHeight : innerHeight; };
  const [left, top] = [scrollX, scrollY];
  let at = 0;
  const began = performance.now();
  const jump = (to) => window.scrollTo({ left: 0, top: to, behavior: 'instant' });
  while (at + innerHeight < Math.min(height(), most) && performance.now() - began < limit) {
    at += Math.max(200, innerHeight * 0.9);
    jump(at);
    await pause();
  }
  const [reached, wanted] = [at + innerHeight, Math.min(height(), most)];
  window.scrollTo({ left, top, behavior: 'instant' });
  return JSON.stringify({ reached, wanted });
})
