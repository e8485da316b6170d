import { SluiceError } from '@sluice/contract/errors';
import { type Head, type Verification, verifyEvidence } from '../evidence/verify.ts';
import type { Cli } from './cli.ts';
import type { ListOptions } from './look.ts';

/** Checks a log offline. Asks no gateway, so that it says the same wherever it runs. Throws `EVIDENCE_BROKEN`, `NOT_FOUND`. */
export async function verify(cli: Cli, target: string, options: ListOptions & { readonly head?: Head }): Promise<void> {
  const result = await verifyOrExplain(target, options.head ?? null);
  if (options.json === true) cli.json(result);
  else cli.out(render(cli, target, result));
  if (result.state === 'broken' && result.finding !== null) {
    const { file, offset, message } = result.finding;
    throw new SluiceError('EVIDENCE_BROKEN', `${file}, byte ${offset}: ${message}`);
  }
  if (result.holdsNotedHead === false) {
    throw new SluiceError('EVIDENCE_BROKEN', `the log does not hold the noted head: it was cut off, or written anew`);
  }
}

/** `ENTRIES:HASH`, as the command prints it. */
export function parseHead(text: string): Head | null {
  const match = /^(\d{1,15}):([0-9a-f]{64})$/i.exec(text);
  return match === null ? null : { entries: Number(match[1]), hash: (match[2] ?? '').toLowerCase() };
}

async function verifyOrExplain(target: string, head: Head | null): Promise<Verification> {
  try {
    return await verifyEvidence(target, head);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SluiceError('NOT_FOUND', `the log cannot be read: ${why}`, {
      cause: error,
      remedy: 'Give the directory that holds segment-00000000.log, or one segment file.',
    });
  }
}

function render(cli: Cli, target: string, { state, head, segments, finding, isPart }: Verification): string {
  const paint = { intact: cli.style.green, torn: cli.style.yellow, broken: cli.style.red }[state];
  const tail = finding === null ? '' : `  ${finding.file}, byte ${finding.offset}: ${finding.message}\n`;
  const alone = isPart ? '  One segment alone: what came before it was not checked.\n' : '';
  return (
    `${paint(state)}  ${target}: ${head.entries} entries, ${segments} segment${segments === 1 ? '' : 's'} read\n${tail}${alone}` +
    `  head ${head.entries}:${head.hash}\n` +
    (state === 'broken' ? '' : '  Compare the head with one noted elsewhere: `--head ENTRIES:HASH`.\n')
  );
}
