/** A request as a proof names it: RFC 9449 §4.3, numbers 8 and 9. */
export type RequestTarget = {
  readonly method: string;
  /** Path of the URL, without query. */
  readonly path: string;
};

/** `htu` as a URL that could be one of ours; null for what is no plain https address. */
export function parseTarget(htu: string): URL | null {
  const url = URL.parse(htu);
  return url !== null && url.protocol === 'https:' && url.username === '' && url.password === '' ? url : null;
}

/**
 * Paths that name the same thing are spelled the same (RFC 3986 §6.2.2): `%7e` is `~`, `%2f` is `%2F`. Case, default port
 * and dots are the URL parser's.
 */
export function normalisedPath(path: string): string {
  return path.replaceAll(/%[0-9a-f]{2}/gi, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : escape.toUpperCase();
  });
}
