// The two languages, and times and sizes as people read them.
import en from "../../words/en.json";
import zh from "../../words/zh-CN.json";

export type Key = keyof typeof zh;
export type Language = "zh-CN" | "en";

const BOOKS: Record<Language, Record<Key, string>> = { "zh-CN": zh, en };
let language: Language = "zh-CN";

export const currentLanguage = (): Language => language;
export function setLanguage(wanted: Language): void {
  language = wanted;
  document.documentElement.lang = wanted;
  document.title = text("title");
}

/** Chinese first: English only where the browser asks for it and not for Chinese. */
export function firstLanguage(): Language {
  return navigator.languages.some((one) => one.startsWith("zh")) || !navigator.language.startsWith("en")
    ? "zh-CN"
    : "en";
}

export function text(key: Key, values: Record<string, string | number | bigint> = {}): string {
  return BOOKS[language][key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

/** The word for something named in a package, where there is one: its own name otherwise. */
export function wordFor(prefix: "kind" | "slot" | "field", name: string): string | undefined {
  const key = `${prefix}-${name.replace(/[._]/g, "-")}`;
  return Object.hasOwn(zh, key) ? text(key as Key) : undefined;
}

/** An instant as the clock on the wall showed it, with its distance from UTC. */
export function localTime(at: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  const offset = -date.getTimezoneOffset();
  const zone = `${offset < 0 ? "-" : "+"}${two(Math.abs(offset) / 60)}:${two(Math.abs(offset) % 60)}`;
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())} ${zone}`;
}

export function bytesText(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let [value, unit] = [bytes, 0];
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return unit === 0 ? `${value} B` : `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}
