import { createSecretKey } from 'node:crypto';
import { join } from 'node:path';
import { OwnTexts } from '../evidence/sealing/own-texts.ts';
import { HeldTexts } from './held-texts.ts';

/** As the gateway would have them with its data in `dataDir`; several at once may share it. */
export function heldTextsIn(dataDir: string): HeldTexts {
  return new HeldTexts(
    new OwnTexts({ of: 'request', directory: join(dataDir, 'request-keys'), gatewayKey: GATEWAY_KEY }),
  );
}

/** The same in every process of a test. */
export const GATEWAY_KEY = createSecretKey(Buffer.alloc(32, 7));
