import type { FileSinkSettings } from './file-sink.ts';
import type { PostSettings } from './post.ts';
import type { SyslogSinkSettings } from './syslog-sink.ts';

/** One destination, with everything read that it needs: secrets and certificates, not their paths. */
export type ExportSettings = {
  readonly name: string;
  readonly format: 'ndjson' | 'ocsf';
  readonly includesTexts: boolean;
  readonly to:
    | ({ readonly kind: 'file' } & FileSinkSettings)
    | ({ readonly kind: 'syslog' } & SyslogSinkSettings)
    | ({ readonly kind: 'http' } & PostSettings)
    | ({ readonly kind: 'otlp' } & PostSettings);
};

/** What the thread of the exports is started with. */
export type ExportThreadData = {
  readonly directory: string;
  readonly logId: string;
  /** Where it is kept how far each has come. */
  readonly cursors: string;
  readonly version: string;
  readonly exports: readonly ExportSettings[];
};

export type ExportQuestion =
  /** Entries before `until` are on the disk. */
  | { readonly kind: 'advance'; readonly until: number }
  /** Send what is on the disk, then end. */
  | { readonly kind: 'close'; readonly until: number };
