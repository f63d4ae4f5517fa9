// Reading a file of any size through a few panes, so that many small reads cost few big ones.

interface Pane {
  from: number;
  bytes: Uint8Array;
}

export class Window {
  #panes: Pane[] = [];

  /** One pane is for who reads in order; who reads at several places wants more, and smaller ones. */
  constructor(
    readonly file: Blob,
    readonly panes = 1,
    readonly paneBytes = 4 * 2 ** 20,
  ) {}

  /** The bytes from `from` on, fewer where the file ends; not to be changed. */
  async read(from: number, length: number): Promise<Uint8Array> {
    const end = Math.min(from + length, this.file.size);
    if (from >= end) return new Uint8Array();
    const pane = this.#find(from, end) ?? (await this.#open(from, end));
    return pane.bytes.subarray(from - pane.from, end - pane.from);
  }

  /** The pane that has it all, which is then the last to be given up. */
  #find(from: number, end: number): Pane | undefined {
    const at = this.#panes.findIndex((pane) => from >= pane.from && end <= pane.from + pane.bytes.length);
    if (at < 0) return undefined;
    const [pane] = this.#panes.splice(at, 1);
    this.#panes.push(pane!);
    return pane;
  }

  async #open(from: number, end: number): Promise<Pane> {
    const begin = from - (from % this.paneBytes);
    const until = Math.max(end, Math.min(begin + 2 * this.paneBytes, this.file.size));
    const bytes = new Uint8Array(await this.file.slice(begin, until).arrayBuffer());
    const pane = { from: begin, bytes };
    this.#panes.push(pane);
    if (this.#panes.length > this.panes) this.#panes.shift();
    return pane;
  }
}
