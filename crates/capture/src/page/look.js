// What the page is, seen from an isolated world: nothing the page redefines reaches here. Named elements can hide
// the document's own properties (<img name="title">), so each is read through its prototype.
(() => {
  const own = (proto, name, of) => Object.getOwnPropertyDescriptor(proto, name).get.call(of);
  const root = own(Document.prototype, 'documentElement', document);
  const body = own(Document.prototype, 'body', document) || root;
  const all = (selector) => Array.from(Document.prototype.querySelectorAll.call(document, selector));
  const box = (element) => Element.prototype.getBoundingClientRect.call(element);

  const height = (element) => own(Element.prototype, 'clientHeight', element);
  const content = (element) => own(Element.prototype, 'scrollHeight', element);

  // Shadow trees that are open, outer before inner; closed ones are the page's secret and only in the picture.
  const shadows = (elements, found) => {
    for (const one of elements) {
      const shadow = own(Element.prototype, 'shadowRoot', one);
      if (shadow && found.length < 1000) { found.push(shadow); shadows(Array.from(shadow.querySelectorAll('*')), found); }
    }
    return found;
  };
  const open = shadows(all('*'), []);

  // As the page's own text, with each open shadow tree after it: there it is drawn, but it is no part of innerText.
  const text = () => {
    const lines = [body instanceof HTMLElement ? own(HTMLElement.prototype, 'innerText', body) : body.textContent || ''];
    for (const shadow of open) {
      for (const one of Array.from(shadow.children)) {
        if (one instanceof HTMLElement && !/^(style|script|template)$/.test(one.localName)) lines.push(one.innerText);
      }
    }
    return lines.join('\n');
  };

  const html = () => {
    const doctype = own(Document.prototype, 'doctype', document);
    const head = doctype ? new XMLSerializer().serializeToString(doctype) + '\n' : '';
    if (!root) return head;
    const whole = own(Element.prototype, 'outerHTML', root);
    if (!open.length) return head + whole;
    const inner = Element.prototype.getHTML.call(root, { shadowRoots: open });
    const end = '</' + root.localName + '>';
    return head + whole.slice(0, whole.length - own(Element.prototype, 'innerHTML', root).length - end.length) + inner + end;
  };

  const controls = () => {
    const found = [];
    for (const one of all('input,textarea,select')) {
      if (found.length >= 500 || one.type === 'password' || one.type === 'hidden') continue;
      const value = String(one.value ?? '');
      if (value) found.push({ tag: one.tagName.toLowerCase(), name: String(one.getAttribute('name') || one.id || ''), value: value.slice(0, 20000) });
    }
    return found;
  };

  const collapsed = () => all('details:not([open]), .collapse:not(.show), [aria-expanded="false"][aria-controls]')
    .filter((one) => own(Node.prototype, 'textContent', one).trim()).length;

  // A list that shows only a part of itself and can be scrolled inside the page.
  const scrollers = () => {
    const found = [];
    for (const one of all('body *')) {
      if (found.length >= 4) break;
      if (height(one) < 120 || content(one) <= height(one) + 40) continue;
      const style = getComputedStyle(one);
      if (!/auto|scroll/.test(style.overflowY) || one === root || one === body) continue;
      const at = box(one);
      if (at.width < 120) continue;
      found.push(one);
    }
    globalThis.siguScrollers = found;
    return found.map((one) => ({ height: content(one), shown: height(one) }));
  };

  const images = all('img').filter((one) => {
    const at = box(one);
    return at.width > 1 && at.height > 1 && !(one.complete && one.naturalWidth > 0);
  }).slice(0, 50).map((one) => String(one.currentSrc || one.src || '').slice(0, 300));

  return JSON.stringify({
    url: location.href,
    title: String(own(Document.prototype, 'title', document)),
    ready: String(own(Document.prototype, 'readyState', document)),
    charset: String(own(Document.prototype, 'characterSet', document)),
    hidden: own(Document.prototype, 'hidden', document) === true,
    width: innerWidth, height: innerHeight, ratio: devicePixelRatio,
    zoom: outerWidth > 0 && innerWidth > 0 ? outerWidth / innerWidth : 1,
    scale: visualViewport ? visualViewport.scale : 1,
    left: scrollX, top: scrollY,
    fullWidth: Math.max(root.scrollWidth, innerWidth), fullHeight: Math.max(root.scrollHeight, innerHeight),
    loaded: performance.timeOrigin,
    text: text(),
    html: html(),
    controls: controls(), collapsed: collapsed(), scrollers: scrollers(), images,
    frames: all('iframe,frame').length,
    elements: all('*').length,
    language: navigator.language, languages: navigator.languages.join(','),
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone, platform: navigator.platform,
    screen: screen.width + 'x' + screen.height,
  });
})()
