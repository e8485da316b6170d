import { SluiceError } from '@sluice/contract/errors';
import { openCredentialFile } from './credential-file.ts';
import type { CredentialStore } from './credential-store.ts';
import { openKeychain } from './keychain.ts';

export type CredentialStoreChoice = 'auto' | 'keychain' | 'file';

/**
 * The keychain of the operating system, or else an encrypted file of ours, with one plain warning. `keychain` insists
 * on the former, `file` does not try it (machines without a person).
 *
 * Throws `AUTH_CREDENTIAL_STORE`.
 */
export async function openCredentialStore(options: {
  readonly choice: CredentialStoreChoice;
  readonly directory: string;
  readonly uid: number;
  readonly warn: (message: string) => void;
}): Promise<CredentialStore> {
  const { choice, directory, uid, warn } = options;
  if (choice !== 'file') {
    const keychain = await openKeychain();
    if (keychain.ok) return keychain.store;
    if (choice === 'keychain') {
      throw new SluiceError('AUTH_CREDENTIAL_STORE', `the keychain cannot be used: ${keychain.why}`, {
        remedy: 'Unlock or start it, or choose the encrypted file: SLUICE_CREDENTIALS=file.',
      });
    }
    warn(
      `no keychain here (${keychain.why}): your sign-in is kept in ${directory}, encrypted with a key beside it, so whoever can read your files can use it.`,
    );
  }
  return openCredentialFile(directory, uid);
}
