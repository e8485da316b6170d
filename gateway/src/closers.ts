import type { Logger } from './telemetry/logger.ts';

/** How an opened part is closed again. */
export type Closer = { readonly name: string; readonly close: () => void | Promise<void> };

/** Notes how an opened part is closed, and hands it back. */
export type Opened = <T>(name: string, part: T, close: (part: T) => void | Promise<void>) => T;

/** In reverse order; one part that cannot be closed does not keep the others open. */
export async function closeAll(closers: readonly Closer[], log: Logger): Promise<void> {
  for (const { name, close } of closers.toReversed()) {
    try {
      await close();
    } catch (error) {
      log.error({ err: error }, `${name} could not be closed`);
    }
  }
}
