// What a person does with the whole page: dropping files on it, copying from it.

export function takeDrops(take: (files: File[]) => void): void {
  const over = (is: boolean): void => void document.body.classList.toggle("over", is);
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    over(true);
  });
  document.addEventListener("dragleave", () => over(false));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    take([...(event.dataTransfer?.files ?? [])]);
  });
}

/** A fingerprint is copied as one word, though it is shown in groups. */
export function copyAsOneWord(): void {
  document.addEventListener("copy", (event) => {
    const chosen = document.getSelection();
    const code = chosen?.anchorNode?.parentElement?.closest<HTMLElement>("[data-fingerprint]");
    if (!code?.contains(chosen?.focusNode ?? null)) return;
    event.clipboardData?.setData("text/plain", (chosen?.toString() ?? "").replace(/\s/g, ""));
    event.preventDefault();
  });
}
