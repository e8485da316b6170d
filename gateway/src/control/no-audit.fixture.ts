import type { AuditDesk } from './dependencies.ts';

/** For APIs under test whose record is empty. */
export const NO_AUDIT: AuditDesk = { column: () => Promise.resolve({ touches: [], next: null }) };
