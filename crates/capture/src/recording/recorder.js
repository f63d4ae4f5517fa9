// The camera: a page of its own in a room of its own. It is given pictures of the tab as the browser drew them,
// puts a strip with clock, address and beacon below, and hands over the video in pieces.
(async (width, height, label, every) => {
  const STRIP = 56;
  const canvas = new OffscreenCanvas(width, height + STRIP);
  const draw = canvas.getContext('2d', { alpha: false });
  const source = new MediaStreamTrackGenerator({ kind: 'video' });
  const writer = source.writable.getWriter();
  const recorder = new MediaRecorder(new MediaStream([source]),
    { mimeType: 'video/webm;codecs=vp9', videoBitsPerSecond: 2500000 });
  const begun = performance.now();
  let address = '', last = -1, number = 0, queue = Promise.resolve(), note = '';

  const two = (n) => String(n).padStart(2, '0');
  const clock = () => {
    const at = new Date(Date.now() + 8 * 3600 * 1000);
    return `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())} ` +
      `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}.${Math.floor(at.getUTCMilliseconds() / 100)} +08:00`;
  };
  const show = async () => {
    draw.fillStyle = '#10242b';
    draw.fillRect(0, height, width, STRIP);
    draw.fillStyle = '#ffffff';
    draw.font = '600 18px "Noto Sans SC","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif';
    draw.fillText(clock(), 12, height + 22);
    draw.fillStyle = '#9fd8cb';
    draw.fillText(note || address, 290, height + 22, width - 302);
    draw.fillStyle = '#c9d6d9';
    draw.font = '15px "Noto Sans SC","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif';
    draw.fillText(label, 12, height + 46, width - 24);
    const at = Math.max(last + 1, Math.round((performance.now() - begun) * 1000));
    last = at;
    const frame = new VideoFrame(canvas, { timestamp: at, alpha: 'discard' });
    await writer.write(frame);
  };
  globalThis.picture = async (data, shown) => {
    address = shown;
    const blob = await (await fetch('data:image/jpeg;base64,' + data)).blob();
    const image = await createImageBitmap(blob);
    const scale = Math.min(width / image.width, height / image.height, 1);
    draw.fillStyle = '#000';
    draw.fillRect(0, 0, width, height);
    draw.drawImage(image, 0, 0, image.width * scale, image.height * scale);
    image.close();
    await show();
  };
  recorder.ondataavailable = (event) => {
    const own = number++;
    queue = queue.then(async () => {
      const bytes = new Uint8Array(await event.data.arrayBuffer());
      if (!bytes.length) return;
      let text = '';
      for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
      siguPiece(JSON.stringify({ number: own, ms: Math.round(performance.now() - begun), data: btoa(text) }));
    });
  };
  const timer = setInterval(() => { if (recorder.state === 'recording') show(); }, 200);
  globalThis.pause = (words) => { note = words; return show().then(() => { recorder.requestData(); recorder.pause(); }); };
  globalThis.resume = () => { note = ''; recorder.resume(); };
  globalThis.finish = () => new Promise((done) => {
    clearInterval(timer);
    recorder.onstop = () => queue.then(() => done(Math.round(performance.now() - begun)));
    recorder.stop();
  });
  recorder.start(every);
  return true;
})
