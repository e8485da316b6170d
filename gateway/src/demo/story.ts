/** The story that the demo plays once: each step is real traffic through the gateway, and has one right outcome. */
import { readFileSync } from 'node:fs';
import { RequestListSchema, RequestViewSchema, SessionDetailSchema, SessionListSchema } from '@sluice/contract/api';
import pg from 'pg';
import type { DemoApi } from './demo-api.ts';
import { DEMO_RESOURCE } from './demo-config.ts';
import type { DemoName } from './demo-principals.ts';
import { NIGHTLY_BATCH, STORY_DATABASE, STORY_ROLE, TAMPERED_BATCH } from './story-data.ts';

export type StoryWorld = {
  readonly postgres: { readonly host: string; readonly port: number };
  readonly database: { readonly host: string; readonly port: number };
  readonly tokens: Readonly<Record<DemoName, string>>;
  readonly caFile: string;
  readonly api: DemoApi;
  readonly say: (line: string) => void;
};

/** How long the story waits for a request to appear, milliseconds, looked for in steps. */
const REQUEST_WAIT_MS = 10_000;

/** Plays every step; true when each had the right outcome. */
export async function playStory(world: StoryWorld): Promise<boolean> {
  const steps: readonly (readonly [title: string, play: (world: StoryWorld) => Promise<string>])[] = [
    ['the analyst reads customers: regulated and confidential columns are masked', readMasked],
    ['the analyst filters by ssn: refused, the answer would give the value away', shapeBySsn],
    ['the nightly batch runs as it should: executor on behalf of the analyst', runNightlyBatch],
    [
      'the batch was tampered with: ssn rides along into reporting; held, then denied by data protection',
      tamperedBatch,
    ],
    ['a copy into a table not labelled for it: held, not approvable by the asker, approved, run once', heldCopy],
    ['the planner opens a data session: refused', plannerConnects],
    ['somebody connects without the gateway: the database does not know them', directConnection],
    ['replay: what the executor did, with results as seen', replay],
  ];
  let allRight = true;
  for (const [index, [title, play]] of steps.entries()) {
    world.say(`\n${index + 1}. ${title}`);
    try {
      for (const line of (await play(world)).split('\n')) world.say(`   ${line}`);
      world.say('   ✔ as it should be');
    } catch (error) {
      allRight = false;
      world.say(`   ✘ ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return allRight;
}

async function readMasked(world: StoryWorld): Promise<string> {
  return await connected(world, 'analyst', async (client) => {
    const { rows } = await client.query('SELECT id, name, email, ssn, country FROM shop.customers ORDER BY id LIMIT 3');
    expectThat(
      rows.length === 3 && rows.every((row) => row.ssn === null && row.email === null && row.country !== null),
      `the rows are not masked as they should be: ${JSON.stringify(rows)}`,
    );
    return rows.map((row) => JSON.stringify(row)).join('\n');
  });
}

async function shapeBySsn(world: StoryWorld): Promise<string> {
  return await connected(
    world,
    'analyst',
    async (client) => await refusedWith(client.query("SELECT count(*) FROM shop.customers WHERE ssn < '5'"), '42501'),
  );
}

async function runNightlyBatch(world: StoryWorld): Promise<string> {
  return await connected(world, 'nightly-executor', async (client) => {
    const result = await client.query(NIGHTLY_BATCH);
    expectThat(result.rowCount === 5, `the batch wrote ${result.rowCount ?? 0} rows instead of 5`);
    return `${result.command} ${result.rowCount ?? 0}`;
  });
}

async function tamperedBatch(world: StoryWorld): Promise<string> {
  return await connected(world, 'nightly-executor', async (client) => {
    const running = refusedWith(client.query(TAMPERED_BATCH), '42501');
    // Awaited below; should a step before that fail, this one's failure is not the news.
    running.catch(() => undefined);
    const request = await pendingRequest(world, 'data-protection');
    await world.api.call('POST', `/api/v1/requests/${request.id}/deny`, world.tokens['data-protection'], {
      note: 'nobody asked for ssn in this report',
    });
    return `held as ${request.id}: ${request.flows
      .filter((flow) => flow.kind === 'write' && flow.sources.some((source) => source.label === 'regulated'))
      .map(
        (flow) =>
          `${flow.sources.map((source) => `${source.table}.${source.column} (${source.label})`).join(', ')} → ${flow.target}`,
      )
      .join('; ')}\n${await running}`;
  });
}

async function heldCopy(world: StoryWorld): Promise<string> {
  return await connected(world, 'analyst', async (client) => {
    const running = client.query(
      'INSERT INTO reporting.daily (country, note) SELECT country, email FROM shop.customers WHERE id = 1',
    );
    running.catch(() => undefined);
    const request = await pendingRequest(world, 'data-protection');
    const own = await world.api
      .call('POST', `/api/v1/requests/${request.id}/approve`, world.tokens.analyst, { note: 'mine' })
      .then(
        () => 'approved',
        (error: unknown) => String(error),
      );
    expectThat(own !== 'approved' && own.includes('403'), `the asker could approve: ${own}`);
    const decided = RequestViewSchema.parse(
      await world.api.call('POST', `/api/v1/requests/${request.id}/approve`, world.tokens['data-protection'], {
        note: 'ticket 4711',
        bindingHash: request.bindingHash,
      }),
    );
    const result = await running;
    expectThat(result.rowCount === 1, 'the approved statement did not write one row');
    return `held as ${request.id}; its asker may not approve it; ${decided.decidedBy?.name ?? 'nobody'} did; ${result.command} ${result.rowCount ?? 0}`;
  });
}

async function plannerConnects(world: StoryWorld): Promise<string> {
  return await refusedWith(
    connected(world, 'nightly-planner', async () => undefined),
    '42501',
  );
}

async function directConnection(world: StoryWorld): Promise<string> {
  const client = new pg.Client({ ...world.database, user: STORY_ROLE, database: STORY_DATABASE, password: 'guess' });
  return await refusedWith(client.connect(), '28P01');
}

async function replay(world: StoryWorld): Promise<string> {
  const { sessions } = SessionListSchema.parse(
    await world.api.call('GET', '/api/v1/sessions?limit=50', world.tokens.admin),
  );
  const session = sessions.find(
    (candidate) => candidate.principal.name === 'nightly-executor' && candidate.highestLabel === 'regulated',
  );
  expectThat(session !== undefined, 'the session of the tampered batch is not on record');
  const detail = SessionDetailSchema.parse(
    await world.api.call('GET', `/api/v1/sessions/${session?.sessionId ?? ''}`, world.tokens.admin),
  );
  expectThat(
    detail.statements.some((statement) => statement.effect === 'hold'),
    'the held statement is not on record',
  );
  const chain = detail.session.principal.chain.map((actor) => actor.name).join(' → ');
  return [
    `session ${detail.session.sessionId}, ${chain}`,
    ...detail.statements.map(
      (statement) =>
        `${statement.at} ${statement.effect.padEnd(6)} ${statement.text.replaceAll(/\s+/g, ' ').slice(0, 90)} ${statement.tag ?? statement.error ?? ''}`,
    ),
  ].join('\n');
}

async function connected<T>(world: StoryWorld, who: DemoName, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    ...world.postgres,
    user: DEMO_RESOURCE,
    database: DEMO_RESOURCE,
    password: world.tokens[who],
    application_name: `story ${who}`,
    ssl: { ca: readFileSync(world.caFile, 'utf8'), servername: 'localhost' },
  });
  // A lost connection is told by the query that waits for it.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The words of the refusal; throws when the work succeeded, or failed with another SQLSTATE. */
async function refusedWith(work: Promise<unknown>, sqlState: string): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === sqlState)
      return `${error.message}${error.hint === undefined ? '' : `\nHINT: ${error.hint}`}`;
    throw error;
  }
  throw new Error(`it was not refused (SQLSTATE ${sqlState} was due)`);
}

async function pendingRequest(
  world: StoryWorld,
  approver: DemoName,
): Promise<ReturnType<typeof RequestViewSchema.parse>> {
  for (let waitedMs = 0; waitedMs < REQUEST_WAIT_MS; waitedMs += 50) {
    const { requests } = RequestListSchema.parse(
      await world.api.call('GET', '/api/v1/requests?state=pending', world.tokens[approver]),
    );
    const [request] = requests;
    if (request !== undefined) return request;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('no request appeared');
}

function expectThat(condition: boolean, otherwise: string): void {
  if (!condition) throw new Error(otherwise);
}
