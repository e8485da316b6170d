import { assertNever } from '@sluice/contract/vocabulary';
import { FileSink } from './file-sink.ts';
import { HttpSink } from './http-sink.ts';
import { jsonLine } from './json-line.ts';
import { ocsfEvent } from './ocsf.ts';
import { OtlpSink } from './otlp-sink.ts';
import type { ExportSettings } from './settings.ts';
import type { LineFormat, Sink } from './sink.ts';
import { SyslogSink } from './syslog-sink.ts';

/** Connects to nothing yet. */
export function openSink({ to, format }: Pick<ExportSettings, 'to' | 'format'>, version: string): Sink {
  const line: LineFormat = format === 'ocsf' ? (entry) => JSON.stringify(ocsfEvent(entry, version)) : jsonLine;
  switch (to.kind) {
    case 'file':
      return new FileSink(to, line);
    case 'syslog':
      return new SyslogSink(to, line);
    case 'http':
      return new HttpSink(to, line);
    case 'otlp':
      return new OtlpSink(to, version);
    default:
      return assertNever(to);
  }
}
