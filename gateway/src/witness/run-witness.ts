/**
 * `sluice-gateway witness`: a process of somebody else than the gateway's operator.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SluiceError } from '@sluice/contract/errors';
import { FormatError } from '../evidence/format.ts';
import {
  LOG_KEY,
  parseVkey,
  type SignerKey,
  signerKey,
  type VerifierKey,
  WITNESS_KEY,
} from '../evidence/merkle/signed-note.ts';
import { Witness } from './witness.ts';
import { createWitnessServer } from './witness-server.ts';

export const WITNESS_USAGE = `sluice-gateway witness --state DIR --name NAME --log VKEY [--log VKEY …] [--listen HOST:PORT]

  --state DIR      where it keeps its key and what it has seen
  --name NAME      its name in cosignatures, for example witness.example.com/w1
  --log VKEY       verifier key of a log that it watches; twice while that log changes its key
  --listen ADDR    127.0.0.1:7480 unless given
  --print-key      print its verifier key and end
`;

const KEY_FILE = 'witness.key';
const SEED_BYTES = 32;

/** Runs until SIGTERM or SIGINT; resolves with the exit status. */
export async function runWitness(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  const signer = readOrMakeKey(options.state, options.name);
  process.stdout.write(`${signer.verifier.vkey}\n`);
  if (options.printKey) return 0;
  const witness = new Witness({ directory: options.state, signer, logs: options.logs, now: Date.now });
  const server = createWitnessServer(witness, ({ status, body }) => {
    if (status !== 200) process.stderr.write(`${status} ${body}`);
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : options.port;
  process.stdout.write(`listening on http://${options.host}:${port}\n`);
  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  server.close();
  server.closeAllConnections();
  return 0;
}

type Options = {
  readonly state: string;
  readonly name: string;
  readonly logs: readonly VerifierKey[];
  readonly host: string;
  readonly port: number;
  readonly printKey: boolean;
};

function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      state: { type: 'string' },
      name: { type: 'string' },
      log: { type: 'string', multiple: true },
      listen: { type: 'string', default: '127.0.0.1:7480' },
      'print-key': { type: 'boolean', default: false },
    },
  });
  const { state, name, log = [], listen } = values;
  const [, host = '', port = ''] = /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(listen) ?? [];
  if (state === undefined || name === undefined || !/^[^\s+]+$/u.test(name) || host === '' || Number(port) > 65_535)
    throw new SluiceError('USAGE', 'the witness needs --state and --name', { remedy: WITNESS_USAGE });
  const printKey = values['print-key'];
  if (log.length === 0 && !printKey)
    throw new SluiceError('USAGE', 'the witness watches no log: --log is missing', { remedy: WITNESS_USAGE });
  return { state, name, logs: log.map(parseLog), host, port: Number(port), printKey };
}

function parseLog(vkey: string): VerifierKey {
  try {
    return parseVkey(vkey, LOG_KEY);
  } catch (error) {
    if (error instanceof FormatError) throw new SluiceError('USAGE', `--log: ${error.message}`, { cause: error });
    throw error;
  }
}

function readOrMakeKey(directory: string, name: string): SignerKey {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, KEY_FILE);
  try {
    writeFileSync(path, `${randomBytes(SEED_BYTES).toString('hex')}\n`, { flag: 'wx', mode: 0o600, flush: true });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const seed = Buffer.from(readFileSync(path, 'latin1').trim(), 'hex');
  if (seed.length !== SEED_BYTES) throw new SluiceError('CONFIG_INVALID', `${path} holds no key`);
  return signerKey(name, WITNESS_KEY, seed);
}
