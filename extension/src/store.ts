// The extension's memory: one database, two stores. What is captured lies in it sealed; see queue.ts.

/** What pairing gave us. */
export interface Paired {
  port: number;
  token: string;
  recipient: string;
  version: string;
  paired_at: string;
}

/** What the user chose last, for the hotkey. */
export interface Choice {
  order: string;
  slot: string;
}

const NAME = "sigu";

let opening: Promise<IDBDatabase> | undefined;

export function database(): Promise<IDBDatabase> {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("kept");
      request.result.createObjectStore("queue", { keyPath: "seq", autoIncrement: true });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

/** Runs one request in a transaction of its own; resolves when the transaction is durable. */
export async function ask<T>(
  store: "kept" | "queue",
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const db = await database();
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(store, mode, { durability: "strict" });
    const request = work(transaction.objectStore(store));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

export async function kept<T>(key: string): Promise<T | undefined> {
  return (await ask("kept", "readonly", (store) => store.get(key))) as T | undefined;
}

export async function keep(key: string, value: unknown): Promise<void> {
  await ask("kept", "readwrite", (store) => store.put(value, key));
}

export async function forget(key: string): Promise<void> {
  await ask("kept", "readwrite", (store) => store.delete(key));
}

export const paired = (): Promise<Paired | undefined> => kept<Paired>("paired");
