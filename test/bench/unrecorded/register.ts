/** `node --import` of the bench: the gateway's evidence log becomes the one of `log.ts` beside this file. */
import { registerHooks } from 'node:module';

const REAL = '/gateway/src/evidence/log.ts';
const OWN = new URL('log.ts', import.meta.url).href;

registerHooks({
  resolve(specifier, context, nextResolve) {
    const resolved = nextResolve(specifier, context);
    return resolved.url.endsWith(REAL) && context.parentURL !== OWN ? { ...resolved, url: OWN } : resolved;
  },
});
