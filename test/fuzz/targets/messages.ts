/** Frames and messages of the PostgreSQL protocol. */
import { decodeBackend } from '../../../gateway/src/protocol/postgres/backend.ts';
import { FrameReader } from '../../../gateway/src/protocol/postgres/framing.ts';
import { decodeFrontend } from '../../../gateway/src/protocol/postgres/frontend.ts';
import { encodeFrontend, type UpstreamMessage } from '../../../gateway/src/protocol/postgres/frontend-encode.ts';
import { parseAttributes, strictBase64 } from '../../../gateway/src/protocol/postgres/scram.ts';
import { startScramServer } from '../../../gateway/src/protocol/postgres/scram-server.ts';
import { StartupReader } from '../../../gateway/src/protocol/postgres/startup.ts';
import { assertSame, cuts, type Target, unlessRefused } from '../target.ts';

const MAX_FRAME_BYTES = 512;

const FRONTEND_SEEDS = [
  'Q\0\0\0\x0dselect 1\0',
  'P\0\0\0\x13n\0select $1\0\0\x01\0\0\0\x17',
  'B\0\0\0\x1ap\0n\0\0\x01\0\x01\0\x01\0\0\0\x021\x32\0\x01\0\0',
  'D\0\0\0\x07Sn\0',
  'E\0\0\0\x0ap\0\0\0\0\x05',
  'C\0\0\0\x07Pp\0',
  'd\0\0\0\x071\t2',
  'f\0\0\0\x09stop\0',
  'S\0\0\0\x04H\0\0\0\x04c\0\0\0\x04X\0\0\0\x04',
  'F\0\0\0\x14\0\0\x05\x39\0\0\0\x01\0\0\0\x01x\0\0',
  'p\0\0\0\x0bsecret\0',
].map((seed) => Buffer.from(seed, 'latin1'));

const BACKEND_SEEDS = [
  'T\0\0\0\x1b\0\x01id\0\0\0\x40\0\0\x01\0\0\0\x17\0\x04\xff\xff\xff\xff\0\0',
  'D\0\0\0\x0b\0\x01\0\0\0\x011',
  'C\0\0\0\x0dSELECT 1\0',
  'Z\0\0\0\x05I',
  'E\0\0\0\x14SERROR\0C42501\0Mno\0\0',
  'G\0\0\0\x0b\0\0\x02\0\0\0\0',
  'R\0\0\0\x17\0\0\0\x0aSCRAM-SHA-256\0\0',
  'K\0\0\0\x0c\0\0\0\x01\0\0\0\x02',
  'S\0\0\0\x09a\0b\0\0',
  'A\0\0\0\x0d\0\0\0\x01c\0p\0\0',
  't\0\0\0\x0a\0\x01\0\0\0\x17',
].map((seed) => Buffer.from(seed, 'latin1'));

const LETTERS = Array.from('QPBDECdfcSHXFpTZGRKAtNVWIns123v').flatMap((letter) => [letter, `${letter}\0\0\0\x04`]);

type Frames = { readonly frames: readonly string[]; readonly refused: boolean; readonly left: number };

function framesOf(chunks: readonly Buffer[]): Frames {
  const reader = new FrameReader({ maxFrameBytes: MAX_FRAME_BYTES });
  const frames: string[] = [];
  const finished = unlessRefused(() => {
    for (const chunk of chunks) {
      reader.push(Buffer.from(chunk));
      for (const { type, body } of reader) frames.push(`${type} ${body.toString('hex')}`);
    }
    return true;
  });
  return { frames, refused: finished === null, left: finished === null ? 0 : reader.bufferedBytes };
}

const RE_ENCODED: ReadonlySet<string> = new Set<UpstreamMessage['kind']>([
  'Query',
  'Parse',
  'Bind',
  'Describe',
  'Close',
  'Execute',
  'Flush',
  'Sync',
  'Terminate',
  'CopyData',
  'CopyDone',
  'CopyFail',
]);

export const framing: Target = {
  name: 'framing',
  seeds: [...FRONTEND_SEEDS, ...BACKEND_SEEDS],
  tokens: LETTERS,
  maxBytes: 600,
  check: (input) => {
    const whole = framesOf([input]);
    for (const chunks of cuts(input)) assertSame(framesOf(chunks), whole, 'frames depend on where the stream is cut');
    const bytes = whole.frames.reduce((sum, frame) => sum + 5 + (frame.length - frame.indexOf(' ') - 1) / 2, 0);
    if (!whole.refused && bytes + whole.left !== input.length) throw new Error('bytes were lost or made up');
  },
};

export const frontend: Target = {
  name: 'frontend',
  seeds: FRONTEND_SEEDS,
  tokens: LETTERS,
  maxBytes: 400,
  check: (input) => {
    const [type = 0] = input;
    const message = unlessRefused(() => decodeFrontend(type, input.subarray(5)));
    if (message === null || !RE_ENCODED.has(message.kind)) return;
    const encoded = encodeFrontend(message as UpstreamMessage);
    assertSame(encoded.readUInt32BE(1) + 1, encoded.length, 'the length of a re-encoded message');
    assertSame(
      decodeFrontend(encoded.readUInt8(0), encoded.subarray(5)),
      message,
      'a message means another after re-encoding',
    );
  },
};

export const backend: Target = {
  name: 'backend',
  seeds: BACKEND_SEEDS,
  tokens: LETTERS,
  maxBytes: 400,
  check: (input) => {
    unlessRefused(() => decodeBackend(input[0] ?? 0, input.subarray(5)));
  },
};

function startupsOf(chunks: readonly Buffer[]): { readonly first: unknown; readonly rest: string } {
  const reader = new StartupReader();
  let first: unknown = null;
  const rest: Buffer[] = [];
  const finished = unlessRefused(() => {
    for (const chunk of chunks) {
      if (first !== null) {
        rest.push(chunk);
        continue;
      }
      reader.push(Buffer.from(chunk));
      first = reader.next() ?? null;
      if (first !== null) rest.push(reader.takeRest());
    }
    return true;
  });
  return finished === null ? { first: 'refused', rest: '' } : { first, rest: Buffer.concat(rest).toString('hex') };
}

export const startup: Target = {
  name: 'startup',
  seeds: [
    Buffer.from('\0\0\0\x1a\0\x03\0\0user\0ada\0database\0x\0\0', 'latin1'),
    Buffer.from('\0\0\0\x08\x04\xd2\x16\x2f', 'latin1'),
    Buffer.from('\0\0\0\x08\x04\xd2\x16\x30', 'latin1'),
    Buffer.from('\0\0\0\x10\x04\xd2\x16\x2e\0\0\0\x01\0\0\0\x02', 'latin1'),
  ],
  tokens: ['user\0', 'database\0', 'options\0', '_pq_.x\0', 'replication\0', '\0\0'],
  maxBytes: 300,
  check: (input) => {
    const whole = startupsOf([input]);
    for (const chunks of cuts(input))
      assertSame(startupsOf(chunks), whole, 'a start-up packet depends on where it is cut');
  },
};

export const scram: Target = {
  name: 'scram',
  seeds: [
    'n,,n=,r=fyko+d2lbbFgONRv9qkxdawL',
    'y,,n=user,r=abc',
    'p=tls-server-end-point,,n=,r=abc',
    'c=biws,r=abcdef,p=dGVzdA==',
  ],
  tokens: ['n,,', 'y,,', 'p=tls-server-end-point,,', 'a=', 'n=', 'r=', 'm=', 'c=', ',', '=2C', '=3D'],
  maxBytes: 300,
  check: (input) => {
    const text = input.toString('utf8');
    for (const mechanism of ['SCRAM-SHA-256', 'SCRAM-SHA-256-PLUS']) {
      const started = startScramServer({
        mechanism,
        clientFirst: text,
        serverNonce: 'server',
        salt: Buffer.alloc(16),
        iterations: 4096,
        serverEndPoint: mechanism.endsWith('PLUS') ? Buffer.alloc(32) : null,
      });
      if (started.ok && !started.state.nonce.endsWith('server')) throw new Error('the nonce is not ours');
    }
    parseAttributes(text);
    const bytes = strictBase64(text);
    if (bytes !== null) assertSame(bytes.toString('base64'), text, 'base64 that is not canonical was taken');
  },
};
