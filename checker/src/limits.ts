// How much of a foreign package is read before it is refused, whatever it claims.

export interface Limits {
  members: number;
  totalBytes: number;
  pathBytes: number;
  /** The largest leaf, proof, note, key or text outside data/, lists excepted. */
  smallBytes: number;
  /** The largest manifest, and the largest trust/contents.txt. */
  listBytes: number;
  /** The largest trust/checker.html. */
  pageBytes: number;
}

export const LIMITS: Limits = {
  members: 200_000,
  totalBytes: 64 * 2 ** 30,
  pathBytes: 255,
  smallBytes: 2 ** 20,
  listBytes: 64 * 2 ** 20,
  pageBytes: 4 * 2 ** 20,
};

/** The most folders of outside proofs in a package, services in one of them, and rounds. */
export const MAX_STAMPS = 64;
export const MAX_SERVICES = 16;
export const MAX_ROUNDS = 4096;

/** The largest file of each kind in a folder of outside proofs; a note is bounded like all small files. */
export const STAMPED_BYTES: Record<string, number> = {
  consistency: 45 * 65,
  ots: 65_536,
  cosignatures: 65_536,
  reply: 65_536,
  chain: 65_536,
  header: 80,
  request: 1024,
};
export const ROUND_BYTES = 4096;
