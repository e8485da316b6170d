import type { Random } from './random.ts';

const INTERESTING = [
  0, 1, 2, 3, 4, 5, 7, 8, 127, 128, 255, 256, 32_767, 65_535, 0x7fff_ffff, 0xffff_fffe, 0xffff_ffff,
] as const;
const MOST_EDITS = 6;

/** A neighbour of one input, now and then with a piece of another. */
export function mutate(random: Random, inputs: readonly Buffer[], tokens: readonly string[], maxBytes: number): Buffer {
  let bytes: Buffer = Buffer.from(inputs.length === 0 ? Buffer.alloc(0) : random.pick(inputs));
  for (let edits = random.between(1, MOST_EDITS); edits > 0; edits--) bytes = edit(random, bytes, inputs, tokens);
  return bytes.subarray(0, maxBytes);
}

function edit(random: Random, bytes: Buffer, inputs: readonly Buffer[], tokens: readonly string[]): Buffer {
  const at = random.below(bytes.length + 1);
  const length = random.below(Math.min(bytes.length - at, 32) + 1);
  switch (random.below(8)) {
    case 0:
      return flip(random, bytes);
    case 1:
      return splice(bytes, at, length, Buffer.alloc(0));
    case 2:
      return splice(bytes, at, 0, bytes.subarray(at, at + length));
    case 3:
      return splice(bytes, at, 0, Buffer.from(Array.from({ length: random.between(1, 4) }, () => random.below(256))));
    case 4:
      return splice(bytes, at, random.chance(0.5) ? 4 : 0, number(random, 4));
    case 5:
      return splice(bytes, at, random.chance(0.5) ? 2 : 0, number(random, 2));
    case 6: {
      const other = inputs.length === 0 ? bytes : random.pick(inputs);
      const from = random.below(other.length + 1);
      return splice(bytes, at, length, other.subarray(from, from + random.below(64)));
    }
    default:
      return tokens.length === 0
        ? flip(random, bytes)
        : splice(bytes, at, random.chance(0.5) ? length : 0, Buffer.from(random.pick(tokens)));
  }
}

function flip(random: Random, bytes: Buffer): Buffer {
  if (bytes.length === 0) return bytes;
  const at = random.below(bytes.length);
  const flipped = Buffer.from(bytes);
  flipped[at] = random.chance(0.5) ? (flipped[at] ?? 0) ^ (1 << random.below(8)) : random.below(256);
  return flipped;
}

function number(random: Random, width: 2 | 4): Buffer {
  const bytes = Buffer.alloc(width);
  const value = random.chance(0.5) ? random.pick(INTERESTING) : random.below(64);
  if (width === 4) bytes.writeUInt32BE(value);
  else bytes.writeUInt16BE(value & 0xffff);
  return bytes;
}

function splice(bytes: Buffer, at: number, remove: number, put: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + remove)]);
}
