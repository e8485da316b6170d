import { hash } from 'node:crypto';

/** For the record: equal texts have equal fingerprints. SHA-256, hex. */
export function fingerprintOf(text: string): string {
  return hash('sha256', text, 'hex');
}
