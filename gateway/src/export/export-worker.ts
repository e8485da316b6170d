/**
 * The thread that sends the record to others. It reads the files of the record for itself: the data path does not wait
 * for it, and does not know of it.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { CursorFile } from './cursor-file.ts';
import { Exporter } from './exporter.ts';
import { openSink } from './open-sink.ts';
import type { ExportQuestion, ExportThreadData } from './settings.ts';

const port = parentPort;
if (port === null) throw new Error('the record is exported in a worker thread only');

const { directory, logId, cursors, version, exports } = workerData as ExportThreadData;
mkdirSync(cursors, { recursive: true, mode: 0o700 });
const exporters = exports.map(
  (settings) =>
    new Exporter({
      ...{ name: settings.name, directory, logId, includesTexts: settings.includesTexts },
      sink: openSink(settings, version),
      cursor: new CursorFile(join(cursors, `${settings.name}.json`), logId),
      onStatus: (status) => port.postMessage(status),
    }),
);
for (const { status } of exporters) port.postMessage(status);

port.on('message', (question: ExportQuestion) => {
  const advanced = Promise.all(exporters.map((exporter) => exporter.advance(question.until)));
  if (question.kind === 'advance') return;
  void advanced.then(async () => {
    for (const exporter of exporters) await exporter.close();
    port.close();
  });
});
