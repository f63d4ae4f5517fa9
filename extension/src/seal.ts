// Sealing: an age file for the vault's key. The extension itself cannot open it again.
import { Encrypter } from "age-encryption";

export async function seal(plain: Uint8Array, recipient: string): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return await encrypter.encrypt(plain);
}
