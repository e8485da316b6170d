/** What the driver tests use of packages that ship no types. */

declare module 'pg-copy-streams' {
  import type { Readable, Writable } from 'node:stream';
  import type { Submittable } from 'pg';
  export function to(text: string): Readable & Submittable;
  export function from(text: string): Writable & Submittable & { readonly rowCount: number };
}

declare module 'pg-cursor' {
  import type { Submittable } from 'pg';
  export default class Cursor implements Submittable {
    constructor(text: string, values?: readonly unknown[]);
    submit(connection: unknown): void;
    read(rows: number): Promise<Record<string, unknown>[]>;
    close(): Promise<void>;
  }
}
