/** Keeps one secret text per account (a gateway's origin). */
export interface CredentialStore {
  readonly kind: 'keychain' | 'file';
  read(account: string): Promise<string | null>;
  write(account: string, secret: string): Promise<void>;
  /** True when there was something to remove. */
  remove(account: string): Promise<boolean>;
}
