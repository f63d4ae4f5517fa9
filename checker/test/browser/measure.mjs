// How long the page takes over a bundle, from choosing the file to the verdict, and how much of the processor it has:
//   node measure.mjs FILE [TIMES]
import { readdirSync, readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { resolve } from "node:path";
import { Room } from "./room.mjs";

const TICKS_A_SECOND = 100;

/** Seconds of processor all processes of the browser have had (Linux). */
function processorSeconds(group) {
  let ticks = 0;
  for (const name of readdirSync("/proc").filter((one) => /^\d+$/.test(one))) {
    try {
      const fields = readFileSync(`/proc/${name}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ");
      if (Number(fields[2]) === group) ticks += Number(fields[11]) + Number(fields[12]);
    } catch {
      // It has just ended.
    }
  }
  return ticks / TICKS_A_SECOND;
}

const [file, times = "3"] = process.argv.slice(2);
const room = await Room.open();
const group = room.browser.process.pid;
for (let at = 0; at < Number(times); at++) {
  await room.reload();
  const [began, before] = [performance.now(), processorSeconds(group)];
  const { grade } = await room.judge(resolve(file));
  const [seconds, own] = [(performance.now() - began) / 1000, processorSeconds(group) - before];
  process.stdout.write(
    `${seconds.toFixed(1)} s, ${own.toFixed(1)} s of processor, ${grade}, load ${loadavg()[0].toFixed(1)}\n`,
  );
}
await room.end();
