/** Names of statements and portals stay below PostgreSQL's NAMEDATALEN, bytes. */
export const MAX_NAME_BYTES = 63;

/**
 * A name as the server knows it: of a longer one only the beginning counts. The server cuts names of messages at the
 * byte, those in SQL at the character before it, as here.
 */
export function clipName(name: Buffer): Buffer {
  if (name.length <= MAX_NAME_BYTES) return name;
  let end = MAX_NAME_BYTES;
  while (((name[end] ?? 0) & 0xc0) === 0x80) end--;
  return name.subarray(0, end);
}
