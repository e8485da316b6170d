import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GatePool } from '../../gateway/src/proxy/postgres/gate-pool.ts';
import type { Target } from './target.ts';
import { fileTargets, scanSegments } from './targets/evidence.ts';
import { gateTarget } from './targets/gate.ts';
import { backend, framing, frontend, scram, startup } from './targets/messages.ts';
import { copyBinary, copyCsv, copyText, rewrite } from './targets/rows.ts';
import {
  configYaml,
  labelsCsv,
  labelsDbt,
  nesting,
  serverSentEvents,
  treeText,
  tunnelFrames,
} from './targets/texts.ts';

export type OpenTargets = Disposable & { readonly targets: readonly Target[] };

/** Every codec and parser, with the workers and the folder that some of them need. */
export function openTargets(): OpenTargets {
  const pool = new GatePool();
  const folder = mkdtempSync(join(tmpdir(), 'sluice-fuzz-'));
  return {
    targets: [
      ...[framing, frontend, backend, startup, scram, rewrite, copyText, copyCsv, copyBinary],
      ...[treeText, nesting, gateTarget(pool), labelsCsv, labelsDbt, configYaml],
      ...[scanSegments, ...fileTargets(folder), tunnelFrames, serverSentEvents],
    ],
    [Symbol.dispose]: () => {
      pool.close();
      rmSync(folder, { recursive: true });
    },
  };
}
