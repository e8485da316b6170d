/** What was looked at on the way to the gateway. */
export type Finding = {
  readonly check: 'gateway' | 'proxy' | 'dns' | 'port' | 'tls' | 'clock' | 'version' | 'keychain' | 'token' | 'sockets';
  /** `warn`: works, and may not for long, or not for everything. */
  readonly state: 'ok' | 'warn' | 'wrong' | 'skipped';
  readonly found: string;
  /** What to do; null when there is nothing to do. */
  readonly remedy: string | null;
};

export function ok(check: Finding['check'], found: string): Finding {
  return { check, state: 'ok', found, remedy: null };
}

export function warn(check: Finding['check'], found: string, remedy: string): Finding {
  return { check, state: 'warn', found, remedy };
}

export function wrong(check: Finding['check'], found: string, remedy: string): Finding {
  return { check, state: 'wrong', found, remedy };
}

export function skipped(check: Finding['check'], found: string): Finding {
  return { check, state: 'skipped', found, remedy: null };
}
