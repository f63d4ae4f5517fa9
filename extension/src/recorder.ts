// The recorder: in a hidden document where the browser has one (tab capture), else in a page of its own (the user
// picks a window). Every piece is sealed before it is stored.
import { bytesOf } from "./bytes";
import { queue } from "./capture";
import type { Facts } from "./container";
import { text, translate } from "./i18n";
import { ask, type Ask, type Recording, type Reply } from "./messages";

const PIECE_MS = 5_000;
const TYPES = ["video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm"];

let stop: (() => Promise<void>) | undefined;

/** Records a stream until it ends or is stopped; resolves when it runs. */
function record(stream: MediaStream, recording: Recording, facts: Facts): void {
  const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type)) ?? "";
  const recorder = new MediaRecorder(stream, { mimeType, videoBitsPerSecond: 2_500_000 });
  const media_type = recorder.mimeType.split(";")[0] || "video/webm";
  let writing: Promise<void> = Promise.resolve();
  const write = async (blob: Blob) => {
    if (blob.size === 0) return;
    const n = recording.pieces;
    const bytes = await bytesOf(blob);
    const file = { name: `piece-${n}`, media_type, role: "recording-piece" as const, bytes };
    await queue("piece", recording.id, facts, [file], n);
    recording.pieces += 1;
    await ask({ to: "background", ask: "recorded", recording });
  };
  // One after the other: the numbers are the order of the bytes.
  recorder.ondataavailable = (event) => (writing = writing.then(() => write(event.data)));
  const ended = new Promise<void>((done) => {
    recorder.onstop = () => {
      writing = writing.then(async () => {
        if (recording.pieces > 0) {
          await queue("end", recording.id, { ...facts, pieces: recording.pieces }, []);
        }
        stop = undefined;
        done();
        await ask({ to: "background", ask: "recorded", recording: null });
      });
    };
  });
  stop = () => {
    if (recorder.state !== "inactive") recorder.stop();
    stream.getTracks().forEach((track) => track.stop());
    return ended;
  };
  stream.getVideoTracks()[0]?.addEventListener("ended", () => void stop?.());
  recorder.start(PIECE_MS);
}

function facts(recording: Recording, url: string, title: string, zoom: number, stream: MediaStream): Facts {
  const settings = stream.getVideoTracks()[0]?.getSettings() ?? {};
  return {
    order: recording.order,
    slot: recording.slot,
    url,
    title,
    taken_at: recording.since,
    viewport: { width: settings.width ?? 0, height: settings.height ?? 0, scale: 1 },
    zoom,
    user_agent: navigator.userAgent,
  };
}

/** Chrome: the background has a stream of the tab. */
async function startTab(message: Extract<Ask, { to: "recorder"; ask: "start" }>): Promise<void> {
  const video = {
    mandatory: {
      chromeMediaSource: "tab",
      chromeMediaSourceId: message.stream,
      maxWidth: 2560,
      maxHeight: 1600,
      maxFrameRate: 30,
    },
  };
  const stream = await navigator.mediaDevices.getUserMedia({ video, audio: false } as never);
  const { recording, url, title, zoom } = message;
  record(stream, recording, facts(recording, url, title, zoom, stream));
}

chrome.runtime.onMessage.addListener((message: Ask, sender, reply) => {
  if (message.to !== "recorder" || sender.id !== chrome.runtime.id) return false;
  const work = message.ask === "start" ? startTab(message) : (stop?.() ?? Promise.resolve());
  work.then(
    (): Reply => ({ done: "ok" }),
    (error: unknown): Reply => ({ problem: error instanceof Error ? error.name : "recorder" }),
  ).then(reply);
  return true;
});

/** Firefox: this page is seen, and the user picks what is recorded. */
function page(): void {
  translate(document);
  const asked = new URLSearchParams(location.hash.slice(1));
  const button = document.querySelector<HTMLButtonElement>("#start");
  const state = document.querySelector("#state");
  if (!button || !state) return;
  const show = (running: boolean) => {
    button.textContent = text(running ? "stop" : "record_pick");
    state.textContent = text(running ? "recording_on" : "record_pick_hint");
  };
  show(false);
  button.addEventListener("click", () => {
    if (stop) {
      void stop().then(() => window.close());
      return;
    }
    void navigator.mediaDevices.getDisplayMedia({ video: true, audio: false }).then(
      (stream) => {
        const recording: Recording = {
          id: crypto.randomUUID(),
          order: asked.get("order") ?? "",
          slot: asked.get("slot") ?? "recording",
          since: new Date().toISOString(),
          pieces: 0,
        };
        record(stream, recording, facts(recording, asked.get("url") ?? "", asked.get("title") ?? "", 1, stream));
        show(true);
      },
      () => show(false),
    );
  });
}

if (location.hash !== "#offscreen") page();
