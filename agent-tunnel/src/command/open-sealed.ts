import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type SessionKey, SessionKeySchema } from '@sluice/contract/api';
import { SluiceError } from '@sluice/contract/errors';
import { Disproof } from '../evidence/note.ts';
import { type OpenedStatement, openStatement } from '../evidence/open-statement.ts';
import { rawPublicKey, unwrapSessionKey } from '../evidence/unwrap-key.ts';
import { type BundleEntry, verifyBundle } from '../evidence/verify-bundle.ts';
import { renderStatement } from '../render/request.ts';
import type { Cli } from './cli.ts';
import type { ListOptions } from './look.ts';

export type OpenOptions = ListOptions & {
  /** File of the auditor's private key. */
  readonly key?: string;
  readonly reason?: string;
  readonly statement?: number;
  /** Wrapped keys that were handed out before: works on a bundle, without a gateway. */
  readonly keys?: string;
  readonly keepKeys?: string;
};

/** A key pair for an auditor: the private half in a file, the public half printed. */
export async function keygen(cli: Cli, options: { readonly out?: string }): Promise<void> {
  if (options.out === undefined)
    throw new SluiceError('USAGE', 'the private key needs a file', { remedy: 'Add `--out FILE`, and keep it safe.' });
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  await writeNew(options.out, privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
  cli.out(`${rawPublicKey(publicKey).toString('base64')}\n`);
  cli.note('This is the public key, for evidence.sealing.recipients of the gateway.\n');
}

/**
 * Shows what the statements of a session said. Of a gateway: it records who asks and why, then gives the wrapped key and
 * the bundle; both are opened here, and the private key stays here. Of a bundle in a file: offline, with a key that was
 * handed out before. Throws `EVIDENCE_BROKEN`, `NOT_FOUND`, `USAGE` and what the gateway answers.
 */
export async function openSealed(cli: Cli, target: string, options: OpenOptions): Promise<void> {
  const auditor = await readPrivateKey(options.key);
  const opened =
    options.keys === undefined
      ? await openFromGateway(cli, target, auditor, options)
      : await openBundle(target, await readSessionKey(options.keys), auditor);
  const wanted = opened.filter(({ statementId }) => (options.statement ?? statementId) === statementId);
  if (wanted.length === 0) throw new SluiceError('NOT_FOUND', 'there is no such sealed statement in the session');
  if (options.json === true) return cli.json(wanted);
  for (const { statementId, text, reasons } of wanted)
    cli.out(
      `${cli.style.bold(`statement ${statementId}`)}\n${renderStatement(text, cli.style)}${reasons.map((words) => renderStatement(words, cli.style)).join('')}`,
    );
}

async function openFromGateway(
  cli: Cli,
  sessionId: string,
  auditor: KeyObject,
  options: OpenOptions,
): Promise<readonly OpenedStatement[]> {
  if (options.reason === undefined || options.reason.trim() === '')
    throw new SluiceError('USAGE', 'to open what is sealed needs a reason', {
      remedy: 'Add `--reason`; it is recorded.',
    });
  const api = await cli.api();
  const key = await api.openSession(sessionId, options.reason);
  if (options.keepKeys !== undefined) await writeNew(options.keepKeys, `${JSON.stringify(key)}\n`);
  const directory = await mkdtemp(join(tmpdir(), 'sluice-open-'));
  try {
    const file = join(directory, 'session.sluice-bundle');
    await pipeline(await api.bundle(sessionId), createWriteStream(file, { flags: 'wx', mode: 0o600 }));
    return await openBundle(file, key, auditor);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Nothing is shown of a bundle that does not verify. */
async function openBundle(file: string, key: SessionKey, auditor: KeyObject): Promise<readonly OpenedStatement[]> {
  const opened: OpenedStatement[] = [];
  const byNumber = new Map<number, OpenedStatement>();
  try {
    const seal = { ...key, key: unwrapSessionKey(key, auditor) };
    let committed: unknown = null;
    const onEntry = ({ entry, origin, isOwn }: BundleEntry) => {
      if (!isOwn) return;
      if (entry['kind'] === 'session.opened') committed = entry['sealing'];
      if (origin !== `sluice/${key.logId}`) throw new Disproof('the key is of another log');
      const statement = openStatement(entry, seal) ?? repeated(entry, byNumber);
      if (statement === null) return;
      opened.push(statement);
      byNumber.set(statement.statementId, statement);
    };
    const report = await verifyBundle(file, { keys: [], witnesses: 0 }, { onEntry });
    if (report.sessionId !== key.sessionId) throw new Disproof('the key is of another session');
    if (JSON.stringify(committed) !== JSON.stringify({ key: key.commitment }))
      throw new Disproof('the key is not the one that the record names for the session');
    return opened;
  } catch (error) {
    if (error instanceof Disproof)
      throw new SluiceError('EVIDENCE_BROKEN', `the session does not open: ${error.message}`, { cause: error });
    throw error;
  }
}

/** An entry that names another statement, and has nothing sealed of its own, says what that one said. */
function repeated(
  entry: Readonly<Record<string, unknown>>,
  opened: ReadonlyMap<number, OpenedStatement>,
): OpenedStatement | null {
  const { as, statementId } = entry;
  if (entry['kind'] !== 'statement.decided' || typeof as !== 'number' || typeof statementId !== 'number') return null;
  const named = opened.get(as);
  return named === undefined ? null : { ...named, statementId };
}

async function readPrivateKey(path: string | undefined): Promise<KeyObject> {
  if (path === undefined)
    throw new SluiceError('USAGE', 'opening needs the private key of an auditor', { remedy: 'Add `--key FILE`.' });
  const text = await readText(path);
  try {
    const key = createPrivateKey(text);
    if (key.asymmetricKeyType === 'x25519') return key;
  } catch (error) {
    throw new SluiceError('USAGE', `${path} holds no private key`, { cause: error });
  }
  throw new SluiceError('USAGE', `${path} holds no X25519 key; \`sluice evidence keygen\` makes one`);
}

async function readSessionKey(path: string): Promise<SessionKey> {
  const text = await readText(path);
  try {
    return SessionKeySchema.parse(JSON.parse(text));
  } catch (error) {
    throw new SluiceError('USAGE', `${path} holds no wrapped key of a session`, { cause: error });
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new SluiceError('NOT_FOUND', `${path} cannot be read`, { cause: error });
  }
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    throw new SluiceError('USAGE', `${path} cannot be written: ${String(error)}`, {
      cause: error,
      remedy: 'Choose another file; one that exists is never overwritten.',
    });
  }
}
