// Elements made one by one: no text from outside ever becomes markup.

type Child = Node | string | undefined | false;
interface Properties {
  class?: string;
  /** Attributes; listeners are added by code. */
  [attribute: string]: string | undefined;
}

export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

export function button(label: string, name: string, press: () => void): HTMLButtonElement {
  const made = el("button", { type: "button", class: name }, label);
  made.addEventListener("click", press);
  return made;
}

/** A list that shows its beginning, and more on request: a package may have 200 000 of anything. */
export function growing<Item>(
  list: HTMLElement,
  items: Item[],
  step: number,
  more: (left: number) => string,
  make: (item: Item) => Node,
): Node[] {
  let next = 0;
  const grow = (): void => {
    for (const end = Math.min(next + step, items.length); next < end; next++) list.append(make(items[next]!));
    const left = items.length - next;
    control.hidden = left === 0;
    control.textContent = more(Math.min(left, step));
  };
  const control = button("", "quiet more", grow);
  grow();
  return [list, control];
}
