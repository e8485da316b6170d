import { SluiceError } from '@sluice/contract/errors';
import type { SessionTerms } from '../../policy/session-terms.ts';

/**
 * Start-up parameters that a client may choose, besides `user` and `database`. Everything else is refused: a
 * start-up parameter can change who the session is (`role`), silence the oracle (`debug_print_rewritten`) or turn
 * the connection into a replication stream (`replication`).
 */
const ALLOWED: ReadonlySet<string> = new Set([
  'application_name',
  'bytea_output',
  'client_encoding',
  'client_min_messages',
  'datestyle',
  'default_transaction_deferrable',
  'default_transaction_isolation',
  'default_transaction_read_only',
  'extra_float_digits',
  'geqo',
  'idle_in_transaction_session_timeout',
  'intervalstyle',
  'jit',
  'lock_timeout',
  'search_path',
  'sluice.explain',
  'sluice.plan',
  'sluice.reason',
  'sluice.workflow',
  'statement_timeout',
  'timezone',
]);

/** Values of `client_encoding` that mean UTF-8, compared without case, quotes and punctuation. */
const UTF8_NAMES: ReadonlySet<string> = new Set(['utf8', 'unicode', 'auto']);

/**
 * Values of `client_min_messages` (manual 20.11.1, and two that it does not list), and what they are shown as. The server
 * takes no others.
 */
export const MESSAGE_LEVELS: ReadonlyMap<string, string> = new Map([
  ...['debug5', 'debug4', 'debug3', 'debug2', 'debug1', 'log', 'info', 'notice', 'warning', 'error'].map(
    (level) => [level, level] as const,
  ),
  ['debug', 'debug2'],
]);

/** What the client asked for at start-up, after the allow list. */
export type StartupRequest = {
  readonly user: string;
  readonly database: string;
  readonly application: string;
  /** What the session is to be bound to: `sluice.workflow` and `sluice.plan`. */
  readonly terms: SessionTerms;
  /** The client's `client_min_messages`, lower case: the gateway keeps it for the server, whose own lets the oracle speak. */
  readonly clientMinMessages: string;
  /** For the upstream's StartupMessage, in the order given. */
  readonly settings: readonly (readonly [name: string, value: string])[];
};

/**
 * Checks the parameters of a StartupMessage (protocol manual, "Message Formats", StartupMessage), including the
 * `options` string with `-c name=value` and `--name=value`.
 *
 * Throws SluiceError `REFUSED_BY_POLICY` for a setting that is not allowed, `PROTOCOL_VIOLATION` without a user,
 * `PROTOCOL_UNSUPPORTED` for replication.
 */
export function checkStartupParameters(parameters: ReadonlyMap<string, string>): StartupRequest {
  const user = parameters.get('user') ?? '';
  if (user === '') throw new SluiceError('PROTOCOL_VIOLATION', 'the start-up message names no user');
  const settings: [string, string][] = [];
  let application = '';
  let clientMinMessages = 'notice';
  const terms = { workflow: null as string | null, plan: null as string | null };
  for (const [name, value] of parameters) {
    const key = name.toLowerCase();
    if (key === 'user' || key === 'database' || key.startsWith('_pq_.')) continue;
    if (key === 'replication') {
      if (['false', 'off', 'no', '0'].includes(value.toLowerCase())) continue;
      throw new SluiceError('PROTOCOL_UNSUPPORTED', 'replication connections are not offered through the gateway');
    }
    const pairs = key === 'options' ? parseOptions(value) : [[key, value] as const];
    for (const [setting, chosen] of pairs) {
      checkSetting(setting, chosen);
      if (setting === 'application_name') application = chosen;
      // For the gateway alone: what a session is bound to is no setting that it could change later.
      if (setting === 'sluice.workflow' || setting === 'sluice.plan') {
        terms[setting === 'sluice.plan' ? 'plan' : 'workflow'] = chosen === '' ? null : chosen;
        continue;
      }
      if (setting === 'client_min_messages') {
        clientMinMessages = MESSAGE_LEVELS.get(chosen.toLowerCase()) ?? clientMinMessages;
        continue;
      }
      // Always UTF-8 upstream; asking for it again would only change how it is spelled in ParameterStatus.
      if (setting !== 'client_encoding') settings.push([setting, chosen]);
    }
  }
  return { user, database: parameters.get('database') ?? user, application, terms, clientMinMessages, settings };
}

function checkSetting(name: string, value: string): void {
  if (!ALLOWED.has(name)) {
    throw new SluiceError('REFUSED_BY_POLICY', `the start-up parameter "${name}" may not be set through the gateway`, {
      remedy: `remove it from the connection settings; allowed are ${[...ALLOWED].join(', ')}`,
    });
  }
  if (name === 'client_min_messages' && !MESSAGE_LEVELS.has(value.toLowerCase()))
    throw new SluiceError('REFUSED_BY_POLICY', `client_min_messages "${value}" is not offered`, {
      remedy: `use one of ${[...MESSAGE_LEVELS.keys()].join(', ')}`,
    });
  if (name === 'client_encoding' && !UTF8_NAMES.has(value.toLowerCase().replace(/[^a-z0-9]/g, ''))) {
    throw new SluiceError(
      'REFUSED_BY_POLICY',
      `client_encoding "${value}" is not offered: the gateway reads UTF-8 only`,
      {
        remedy: 'set client_encoding (PGCLIENTENCODING) to UTF8',
      },
    );
  }
}

/** `-c a=b --c-d=e`, with backslash escapes as `pg_split_opts` of the server reads them. */
function parseOptions(options: string): readonly (readonly [string, string])[] {
  const words = splitWords(options);
  const pairs: [string, string][] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    const assignment =
      word === '-c'
        ? (words[(i += 1)] ?? '')
        : word.startsWith('-c')
          ? word.slice(2)
          : word.startsWith('--')
            ? word.slice(2)
            : null;
    const at = assignment?.indexOf('=') ?? -1;
    if (assignment === null || at < 1)
      throw new SluiceError('REFUSED_BY_POLICY', `the start-up option "${word}" is not understood`, {
        remedy: 'use only -c name=value in options',
      });
    pairs.push([assignment.slice(0, at).toLowerCase().replaceAll('-', '_'), assignment.slice(at + 1)]);
  }
  return pairs;
}

function splitWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | null = null;
  for (let i = 0; i < text.length; i += 1) {
    const character = text.charAt(i);
    if (/\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (character === '\\') {
      i += 1;
      word = (word ?? '') + text.charAt(i);
    } else word = (word ?? '') + character;
  }
  if (word !== null) words.push(word);
  return words;
}
