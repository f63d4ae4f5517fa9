// The package as a list of files, each where it stands in the ZIP, and reading the small ones.
import { textOf } from "./bytes.ts";
import type { Tally } from "./finding.ts";
import { sha256Of } from "./hash/measure.ts";
import { type Limits, ROUND_BYTES, STAMPED_BYTES } from "./limits.ts";
import { CONTENTS, isPayload, MANIFEST, type Role, roleOf, TAG_MANIFEST } from "./path.ts";
import { Window } from "./window.ts";
import { ContainerDefect } from "./zip/defect.ts";
import { type Member, readIndex } from "./zip/index.ts";

export interface PackedFile {
  /** The path below the top folder. */
  path: string;
  role: Role | undefined;
  size: number;
  offset: number;
  crc32: number;
}

export interface Package {
  /** The name of the top folder. */
  name: string;
  /** In order of the paths' bytes, no path twice. */
  files: PackedFile[];
}

/** Opens a ZIP; `undefined` where the container is so wrong that nothing more can be said. */
export async function openPackage(
  file: Blob,
  limits: Limits,
  tally: Tally,
  pause?: () => Promise<void>,
): Promise<Package | undefined> {
  let members: Member[];
  try {
    members = await readIndex(new Window(file), limits, pause);
  } catch (error) {
    if (!(error instanceof ContainerDefect)) throw error;
    tally.fail(error.code, error.path);
    return undefined;
  }
  tally.cover("container", members.length);
  const name = topFolder(members);
  if (name === undefined) {
    tally.fail("top-folder");
    return undefined;
  }
  const files = members.map(({ name: full, ...place }) => {
    const path = full.slice(name.length + 1);
    return { path, role: roleOf(path), ...place };
  });
  return { name, files };
}

/** The one top folder below which all members are. */
function topFolder(members: Member[]): string | undefined {
  const [top, ...rest] = members[0]?.name.split("/") ?? [];
  if (top === undefined || rest.length === 0) return undefined;
  return members.every((member) => member.name.startsWith(`${top}/`)) ? top : undefined;
}

/** A file is no longer what it was when it was hashed: nothing can be said of the package. */
export class FileChanged extends Error {}

/** Reads small files a second time, each only as it was when it was hashed. */
export class Reader {
  #window: Window;
  #places: Map<string, number>;

  constructor(
    file: Blob,
    readonly pack: Package,
    readonly digests: string[],
    readonly limits: Limits,
  ) {
    // Leaves, proofs and disclosures stand apart and are read side by side.
    this.#window = new Window(file, 24, 128 * 1024);
    this.#places = new Map(pack.files.map((one, index) => [one.path, index]));
  }

  find(path: string): number | undefined {
    return this.#places.get(path);
  }

  /** Whether a file is too large for what it is. Contents may have any size. */
  isTooLarge(index: number): boolean {
    const { path, size, role } = this.pack.files[index]!;
    const { smallBytes } = this.limits;
    if ([MANIFEST, TAG_MANIFEST, CONTENTS].includes(path)) return size > this.limits.listBytes;
    if (isPayload(path)) return false;
    if (role?.is === "page") return size > this.limits.pageBytes;
    const most =
      role?.is === "stamped" ? STAMPED_BYTES[role.file.is] : role?.is === "round" ? ROUND_BYTES : undefined;
    return size > Math.min(most ?? smallBytes, smallBytes);
  }

  /** The bytes of a small file; `undefined` for one that is too large, which has its finding already. */
  async bytes(index: number): Promise<Uint8Array | undefined> {
    if (this.isTooLarge(index)) return undefined;
    const { offset, size, path } = this.pack.files[index]!;
    const bytes = (await this.#window.read(offset, size)).slice();
    if ((await sha256Of(bytes)) !== this.digests[index]) throw new FileChanged(path);
    return bytes;
  }

  /** The text of a small file; `undefined` also where it is not UTF-8. */
  async text(index: number): Promise<string | undefined> {
    const bytes = await this.bytes(index);
    return bytes && textOf(bytes);
  }
}
