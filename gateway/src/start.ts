import { once } from 'node:events';
import type { Environment } from './config/environment.ts';
import { loadConfig } from './config/load.ts';
import { Gateway } from './gateway.ts';
import { createLogger } from './telemetry/logger.ts';

/** Exit status when the record was lost while running (sysexits EX_IOERR). */
const EXIT_RECORD_LOST = 74;

/** Runs a gateway until SIGTERM or SIGINT; resolves with the exit status. */
export async function start(directory: string, environment: Environment): Promise<number> {
  const config = loadConfig(directory, environment);
  const log = createLogger({ level: 'info' });
  const lost = new AbortController();
  const gateway = await Gateway.start(config, {
    environment,
    log,
    now: Date.now,
    fetch,
    onFatal: (error) => lost.abort(error),
  });
  log.info({ ...gateway.endpoints }, 'ready');
  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT'), once(lost.signal, 'abort')]);
  await gateway.stop();
  return lost.signal.aborted ? EXIT_RECORD_LOST : 0;
}
