// How much of a foreign package is read before it is refused, whatever it claims.

export interface Limits {
  members: number;
  totalBytes: number;
  pathBytes: number;
  /** The largest leaf, proof, note, key or text outside data/, lists excepted. */
  smallBytes: number;
  /** The largest manifest, and the largest trust/contents.txt. */
  listBytes: number;
}

export const LIMITS: Limits = {
  members: 200_000,
  totalBytes: 64 * 2 ** 30,
  pathBytes: 255,
  smallBytes: 2 ** 20,
  listBytes: 64 * 2 ** 20,
};
