// The Merkle tree (RFC 6962 §2.1) and the half of its proofs a stranger runs (RFC 9162 §2.1.3.2, §2.1.4.2).
import { concat, digest, sameBytes } from "../bytes.ts";

export const leafHash = (leaf: Uint8Array): Uint8Array => digest(concat(Uint8Array.of(0), leaf));
const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  digest(concat(Uint8Array.of(1), left, right));

/** The way from a node up to the root: its number and that of the last node, at the same height. */
class Walk {
  constructor(
    public node: bigint,
    public last: bigint,
  ) {}

  /** Goes up to the height of the next sibling; on which side that stands, or `undefined` at the root. */
  step(): "left" | "right" | undefined {
    if (this.last === 0n) return undefined;
    const left = (this.node & 1n) === 1n || this.node === this.last;
    // The last node without a right sibling is passed up unchanged until it has a left one.
    if (left) while ((this.node & 1n) === 0n && this.node !== 0n) this.up();
    this.up();
    return left ? "left" : "right";
  }

  up(): void {
    this.node >>= 1n;
    this.last >>= 1n;
  }
}

/** Whether a leaf is number `index` of the tree of this size and root; a hash too many is refused like one too few. */
export function isIncluded(
  leaf: Uint8Array,
  index: bigint,
  size: bigint,
  proof: Uint8Array[],
  root: Uint8Array,
): boolean {
  if (index >= size) return false;
  const walk = new Walk(index, size - 1n);
  let hash = leaf;
  for (const sibling of proof) {
    const side = walk.step();
    if (!side) return false;
    hash = side === "left" ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
  }
  return walk.last === 0n && sameBytes(hash, root);
}

/** Whether the tree of `old` leaves is the beginning of the tree of `size` leaves. */
export function isConsistent(
  old: bigint,
  size: bigint,
  oldRoot: Uint8Array,
  root: Uint8Array,
  proof: Uint8Array[],
): boolean {
  if (old === 0n || old > size) return false;
  if (old === size) return proof.length === 0 && sameBytes(oldRoot, root);
  const walk = new Walk(old - 1n, size - 1n);
  while ((walk.node & 1n) === 1n) walk.up();
  // Where the old tree is a perfect subtree of the new one, its root opens the proof unsaid.
  const perfect = (old & (old - 1n)) === 0n;
  const first = perfect ? oldRoot : proof[0];
  if (!first) return false;
  let [oldHash, hash] = [first, first];
  for (const sibling of perfect ? proof : proof.slice(1)) {
    const side = walk.step();
    if (!side) return false;
    if (side === "left") oldHash = nodeHash(sibling, oldHash);
    hash = side === "left" ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
  }
  return walk.last === 0n && sameBytes(oldHash, oldRoot) && sameBytes(hash, root);
}
