// Words from _locales, and times and sizes as people read them.

export function text(key: string, ...values: string[]): string {
  return chrome.i18n.getMessage(key, values) || key;
}

/** Fills every element that names its message. */
export function translate(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLElement>("[data-i18n]")) {
    element.textContent = text(element.dataset["i18n"] ?? "");
  }
  for (const element of root.querySelectorAll<HTMLElement>("[data-i18n-label]")) {
    const words = text(element.dataset["i18nLabel"] ?? "");
    element.setAttribute("aria-label", words);
    element.title = words;
  }
  document.documentElement.lang = text("language");
}

/** The language of the messages, which may differ from the browser's. */
export const chinese = (): boolean => text("language") === "zh-CN";

/** How long until then: the two largest units that matter. */
export function left(due: string, now: number): string {
  const minutes = Math.floor((Date.parse(due) - now) / 60_000);
  if (minutes < 0) return text("overdue");
  if (minutes < 60) return text("left_minutes", String(minutes));
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return text("left_hours", String(hours), String(minutes % 60));
  return text("left_days", String(Math.floor(hours / 24)));
}

export function clockTime(at: string): string {
  const zone = { timeZone: "Asia/Shanghai", hour12: false } as const;
  const form = { month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" } as const;
  return new Date(at).toLocaleString(chinese() ? "zh-CN" : "en-GB", { ...zone, ...form });
}

export function size(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.max(1, Math.round(bytes / 1000))} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
