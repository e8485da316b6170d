import { randomBytes } from 'node:crypto';
import type * as keytarModule from 'keytar/keytar.js';
import type { CredentialStore } from './credential-store.ts';

/** The service under which entries appear in the person's keychain program. */
export const KEYCHAIN_SERVICE = 'sluice';
/** A locked keychain may wait for a person who is not there. */
export const KEYCHAIN_TIMEOUT_MS = 3_000;

export type KeychainResult =
  | { readonly ok: true; readonly store: CredentialStore }
  | { readonly ok: false; readonly why: string };

type Keytar = typeof keytarModule;

/** Opens the keychain after writing, reading and removing a probe entry, all within a bound. Never throws. */
export async function openKeychain(): Promise<KeychainResult> {
  try {
    const keytar = await loadKeytar();
    await withinBound(probe(keytar));
    return { ok: true, store: keychainStore(keytar) };
  } catch (error) {
    // No binding for this system, no D-Bus, locked, or denied: all mean that there is no keychain for us.
    return { ok: false, why: error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'no reason given' };
  }
}

/** Imported only here and only now: loading the native part fails on systems that it was not built for. */
async function loadKeytar(): Promise<Keytar> {
  return import('keytar/keytar.js');
}

async function probe(keytar: Keytar): Promise<void> {
  const account = `probe-${randomBytes(8).toString('hex')}`;
  await keytar.setPassword(KEYCHAIN_SERVICE, account, account);
  const found = await keytar.getPassword(KEYCHAIN_SERVICE, account);
  await keytar.deletePassword(KEYCHAIN_SERVICE, account);
  if (found !== account) throw new Error('it gave back something else than was stored');
}

function keychainStore(keytar: Keytar): CredentialStore {
  return {
    kind: 'keychain',
    read: (account) => withinBound(keytar.getPassword(KEYCHAIN_SERVICE, account)),
    write: (account, secret) => withinBound(keytar.setPassword(KEYCHAIN_SERVICE, account, secret)),
    remove: (account) => withinBound(keytar.deletePassword(KEYCHAIN_SERVICE, account)),
  };
}

function withinBound<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`it did not answer within ${KEYCHAIN_TIMEOUT_MS / 1_000} s; is it locked?`));
    const timer = setTimeout(late, KEYCHAIN_TIMEOUT_MS);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
