import { readFileSync } from 'node:fs';
import { SluiceError } from '@sluice/contract/errors';

/** Texts of the PEM files that an upstream names. Throws SluiceError `CONFIG_INVALID` for one that cannot be read. */
export function readPemFiles(paths: { readonly ca?: string; readonly cert?: string; readonly key?: string }): {
  readonly ca?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
} {
  return {
    ...(paths.ca === undefined ? {} : { ca: read(paths.ca) }),
    ...(paths.cert === undefined ? {} : { clientCertificate: read(paths.cert) }),
    ...(paths.key === undefined ? {} : { clientKey: read(paths.key) }),
  };
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new SluiceError(
      'CONFIG_INVALID',
      `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}
