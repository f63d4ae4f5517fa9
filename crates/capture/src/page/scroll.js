// Scrolls through the page once, so that what loads only when seen is loaded; comes back to where it was.
(async (most) => {
  const pause = () => new Promise((done) => { requestAnimationFrame(() => setTimeout(done, 16)); setTimeout(done, 120); });
  const height = () => document.scrollingElement ? document.scrollingElement.scrollHeight : innerHeight;
  const [left, top] = [scrollX, scrollY];
  let at = 0;
  const jump = (to) => window.scrollTo({ left: 0, top: to, behavior: 'instant' });
  while (at + innerHeight < Math.min(height(), most)) {
    at += Math.max(200, innerHeight * 0.9);
    jump(at);
    await pause();
  }
  const reached = Math.min(height(), Math.max(at + innerHeight, innerHeight));
  window.scrollTo({ left, top, behavior: 'instant' });
  return JSON.stringify({ reached, height: height() });
})
