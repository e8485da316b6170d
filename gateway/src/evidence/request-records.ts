/** What the record has about approval requests: who decided, when, and what came of them. From the index, which has to be up to date. */
import { type ReadRequestEntry, type RequestRecord, requestRecord } from '@sluice/contract/request-history';
import type { RequestEntryTable } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

/** Values of one `in (…)` of a query. */
const IN_LIST = 500;

/** Those of the given ids that are on record, by id. */
export async function requestRecords(
  store: Store,
  requestIds: readonly string[],
): Promise<ReadonlyMap<string, RequestRecord>> {
  const records = new Map<string, RequestRecord>();
  for (let start = 0; start < requestIds.length; start += IN_LIST) {
    const rows = await store.db
      .selectFrom('request_entries')
      .selectAll()
      .where('request_id', 'in', requestIds.slice(start, start + IN_LIST))
      .orderBy('sequence')
      .execute();
    for (const [requestId, entries] of Map.groupBy(rows.map(readRow), ({ entry }) => entry.requestId)) {
      const record = requestRecord(entries);
      if (record !== null) records.set(requestId, record);
    }
  }
  return records;
}

function readRow({ sequence, at_us, entry_json }: RequestEntryTable): ReadRequestEntry {
  return { sequence: Number(sequence), atMs: Math.floor(Number(at_us) / 1000), entry: JSON.parse(entry_json) };
}
