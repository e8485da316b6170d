import type { Target } from './target.ts';
import { readLog, readRecordings, scanSegments } from './targets/evidence.ts';
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

/** Every codec and parser that needs nothing but bytes. The gate has workers, see targets/gate.ts. */
export const TARGETS: readonly Target[] = [
  framing,
  frontend,
  backend,
  startup,
  scram,
  rewrite,
  copyText,
  copyCsv,
  copyBinary,
  treeText,
  nesting,
  labelsCsv,
  labelsDbt,
  configYaml,
  scanSegments,
  readLog,
  readRecordings,
  tunnelFrames,
  serverSentEvents,
];
