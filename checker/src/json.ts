// A strict reader of JSON (RFC 8259): no name twice, whole numbers only, nothing after the end, a bounded depth.
//
// JSON.parse keeps the last of two equal names and rounds numbers silently; both would let two readers see two things.

export type Json = string | bigint | boolean | null | Json[] | JsonObject;
export class JsonObject {
  constructor(readonly members: Map<string, Json>) {}
}

const MAX_DEPTH = 127;
const ESCAPES: Record<string, string> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

class NotJson extends Error {}

/** Reads one JSON text; `undefined` for anything else. */
export function parseJson(text: string): Json | undefined {
  try {
    return new Reader(text).whole();
  } catch (error) {
    if (error instanceof NotJson) return undefined;
    throw error;
  }
}

class Reader {
  #at = 0;
  constructor(readonly text: string) {}

  whole(): Json {
    const value = this.#value(0);
    this.#blanks();
    if (this.#at !== this.text.length) throw new NotJson();
    return value;
  }

  #value(depth: number): Json {
    this.#blanks();
    if (depth > MAX_DEPTH) throw new NotJson();
    const first = this.text[this.#at];
    if (first === "{") return this.#object(depth);
    if (first === "[") return this.#array(depth);
    if (first === '"') return this.#string();
    return this.#word();
  }

  #object(depth: number): JsonObject {
    const members = new Map<string, Json>();
    this.#list("}", () => {
      this.#blanks();
      const name = this.#string();
      if (members.has(name)) throw new NotJson();
      this.#blanks();
      this.#expect(":");
      members.set(name, this.#value(depth + 1));
    });
    return new JsonObject(members);
  }

  #array(depth: number): Json[] {
    const items: Json[] = [];
    this.#list("]", () => items.push(this.#value(depth + 1)));
    return items;
  }

  #list(end: string, item: () => void): void {
    this.#at++;
    this.#blanks();
    if (this.text[this.#at] === end) {
      this.#at++;
      return;
    }
    for (;;) {
      item();
      this.#blanks();
      const next = this.text[this.#at++];
      if (next === end) return;
      if (next !== ",") throw new NotJson();
    }
  }

  #word(): Json {
    for (const [word, value] of [
      ["true", true],
      ["false", false],
      ["null", null],
    ] as const) {
      if (this.text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    const number = /^-?(?:0|[1-9][0-9]*)(?![0-9.eE])/.exec(this.text.slice(this.#at, this.#at + 32));
    // No field is a fraction, and no number here has more than 20 digits; "-0" is a fraction to some readers.
    if (!number || number[0] === "-0" || number[0].length > 21) throw new NotJson();
    this.#at += number[0].length;
    return BigInt(number[0]);
  }

  #string(): string {
    this.#expect('"');
    let out = "";
    for (;;) {
      const from = this.#at;
      while (this.#at < this.text.length && !'"\\'.includes(this.text[this.#at]!)) {
        if (this.text.charCodeAt(this.#at) < 0x20) throw new NotJson();
        this.#at++;
      }
      out += this.text.slice(from, this.#at);
      const mark = this.text[this.#at++];
      if (mark === '"') break;
      if (mark === undefined) throw new NotJson();
      out += this.#escape();
    }
    if (!isWellFormed(out)) throw new NotJson();
    return out;
  }

  #escape(): string {
    const letter = this.text[this.#at++] ?? "";
    if (letter !== "u") {
      const plain = ESCAPES[letter];
      if (plain === undefined) throw new NotJson();
      return plain;
    }
    const digits = this.text.slice(this.#at, this.#at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new NotJson();
    this.#at += 4;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #blanks(): void {
    while (" \t\n\r".includes(this.text[this.#at] ?? "x")) this.#at++;
  }

  #expect(letter: string): void {
    if (this.text[this.#at++] !== letter) throw new NotJson();
  }
}

/** Half a surrogate pair is no character. */
const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);
