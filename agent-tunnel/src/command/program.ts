import { MAX_ROW_BOUND } from '@sluice/contract/api';
import { SluiceError } from '@sluice/contract/errors';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { SessionTerms } from '../client/api-client.ts';
import type { Head } from '../evidence/verify.ts';
import type { SettingsOptions } from '../settings.ts';
import { decideAccess, listAccess, listOffers, requestAccess, showAccess } from './access.ts';
import { declareFunction, type FunctionsOptions, listFunctions } from './admin-functions.ts';
import { addHold, listHolds, removeHold } from './admin-holds.ts';
import { listLabelChanges, revertLabels } from './admin-labels.ts';
import { addAudit } from './audit-program.ts';
import { Cli, type Surroundings } from './cli.ts';
import { connect } from './connect.ts';
import { checkpoint, exportSession, parseHead, verify } from './evidence.ts';
import { killSession, watchSession } from './live-sessions.ts';
import { login, logout } from './login.ts';
import { listResources, whoami, why } from './look.ts';
import { addMcp } from './mcp-program.ts';
import { keygen, openSealed } from './open-sealed.ts';
import { parseInstant, parseSequence } from './parse-options.ts';
import { decideRequest, listRequests, showRequest, watchRequests } from './requests.ts';
import { type ChildOutcome, psql, run } from './run.ts';
import { listSessions, replaySession, showSession } from './sessions.ts';
import { addPlanning, addWorkflows } from './workflow-program.ts';

/** How a command ended: its exit status, or the signal that killed its child. */
export type Outcome = ChildOutcome;

/**
 * The command line. `afterDashes` is what stood after `--`, which commander would mix with the rest;
 * `finished` gets the outcome of the command that ran.
 */
export function makeProgram(
  surroundings: Surroundings,
  afterDashes: readonly string[] | null,
  finished: (outcome: Outcome) => void,
): Command {
  const program = new Command('sluice')
    .description('The enforced path to your databases: tunnels, approvals, records.')
    .enablePositionalOptions()
    .showHelpAfterError('(sluice --help shows how)');

  /** Adds a command with the common options and runs it with its `Cli`. */
  const add = (parent: Command, usage: string, description: string): Command =>
    common(parent.command(usage).description(description));
  const act =
    <A extends unknown[]>(work: (cli: Cli, ...args: A) => Promise<Outcome | void>, takesDashes = false) =>
    async (...args: unknown[]) => {
      const command = args.at(-1);
      if (!(command instanceof Command)) throw new SluiceError('INTERNAL', 'commander changed its calling convention');
      if (!takesDashes && afterDashes !== null)
        throw new SluiceError('USAGE', `${command.name()} takes nothing after --`);
      const options: SettingsOptions = command.optsWithGlobals();
      const outcome = await work(await Cli.open(options, surroundings), ...(args.slice(0, -1) as A));
      finished(outcome ?? 0);
    };

  common(program);
  add(program, 'login', 'sign in: with a browser, a code for another device, or as an agent')
    .option('--device', 'show a code to confirm on another device')
    .option('--no-browser', 'only show the address, do not open it')
    .option('--redirect-port <n>', 'fixed loopback port for the browser’s answer', parsePort, 0)
    .option('--issuer <name>', 'which of the gateway’s identity providers')
    .option('--as-agent <client-id>', 'sign in as an agent (client credentials)')
    .option('--client-secret-file <file>', 'the agent’s secret')
    .option(
      '--workload-token-file <file>',
      'the token that the agent’s platform gives it (Kubernetes, CI), instead of a secret',
    )
    .option('--on-behalf-of-token-file <file>', 'act for the person whose access token is in the file (token exchange)')
    .addHelpText(
      'after',
      examples(
        'sluice login --gateway https://gateway.example.com:7443',
        'sluice login --device',
        'sluice login --as-agent nightly-executor --client-secret-file secret --on-behalf-of-token-file token',
      ),
    )
    .action(act(login));
  add(program, 'logout', 'forget the sign-in and end it at the identity provider').action(act((cli) => logout(cli)));
  add(program, 'whoami', 'who you are to the gateway').option('--json', 'as JSON').action(act(whoami));
  add(program, 'ls', 'resources that you can reach').option('--json', 'as JSON').action(act(listResources));
  add(program, 'connect <resource>', 'open a tunnel and keep it until Ctrl-C')
    .option('--port <n>', 'listen on this TCP port of 127.0.0.1 and ::1 instead of a Unix socket; 0 for any', parsePort)
    .addOption(new Option('--print <form>', 'print the connection with its secret').choices(['env', 'uri', 'json']))
    .addHelpText('after', examples('sluice connect orders-db', 'sluice connect orders-db --port 15432 --print uri'))
    .action(act(connect));
  add(program, 'run <resources...>', 'run a command with tunnels wired through its environment')
    .usage('[options] <resources...> -- <command> [args...]')
    .option('--workflow <name>', 'as a run of this workflow: only flows of its baseline run unasked')
    .option('--plan <id>', 'bound to this plan: statements that are not in it are held')
    .addHelpText(
      'after',
      examples('sluice run orders-db -- python3 report.py', 'sluice run --workflow nightly orders-db -- make nightly'),
    )
    .action(
      act((cli, resources: string[], options: SessionTerms) => {
        const { workflow = null, plan = null } = options;
        return run(cli, resources, { workflow, plan }, afterDashes ?? []);
      }, true),
    );
  add(program, 'psql <resource> [args...]', 'start psql, wired')
    .passThroughOptions()
    .addHelpText(
      'after',
      examples('sluice psql orders-db', "sluice psql orders-db -c 'select * from customers limit 3'"),
    )
    .action(
      act((cli, resource: string, args: string[]) => psql(cli, resource, [...args, ...(afterDashes ?? [])]), true),
    );
  addMcp(program, add, act);
  add(
    program,
    'why <resource> [statement]',
    'what would happen to a statement, and why, without running it (exit 0 runs, 75 held, 77 refused)',
  )
    .option('--json', 'as JSON')
    .addHelpText('after', examples("sluice why orders-db 'select ssn from customers'"))
    .action(
      act((cli, resource: string, statement: string | undefined, options: { json?: boolean }) => {
        const text = statement ?? afterDashes?.[0];
        if (text === undefined) throw new SluiceError('USAGE', 'there is no statement to ask about');
        return why(cli, resource, text, options);
      }, true),
    );
  addRequests(add(program, 'requests', 'statements that wait for an approval'), add, act);
  addAccess(add(program, 'access', 'access for a window of time, granted by another person'), add, act);
  addSessions(add(program, 'sessions', 'what ran, and what was seen'), add, act);
  addAudit(add(program, 'audit', 'questions to the record, each answer with the entries that prove it'), add, act);
  addWorkflows(add(program, 'workflows', 'recurring jobs, and the flows approved for them'), add, act);
  addPlanning(program, add, act);
  addEvidence(add(program, 'evidence', 'the record that nobody can rewrite unseen'), add, act);
  const admin = add(program, 'admin', 'for those who keep the gateway');
  addAdmin(admin, add, act);
  addLabels(admin, add, act);
  addHolds(add(admin, 'hold', 'what is kept beyond its retention'), add, act);
  return program;
}

export type Add = (parent: Command, usage: string, description: string) => Command;
export type Act = <A extends unknown[]>(
  work: (cli: Cli, ...args: A) => Promise<Outcome | void>,
) => (...args: unknown[]) => Promise<void>;

function addRequests(requests: Command, add: Add, act: Act): void {
  add(requests, 'ls', 'list them')
    .option('--state <state>', 'pending, approved, denied, expired, consumed or all', 'pending')
    .option('--json', 'as JSON')
    .action(act(listRequests));
  add(requests, 'watch', 'show each as it comes, until Ctrl-C')
    .option('--json', 'one JSON object a line')
    .action(act(watchRequests));
  add(requests, 'show <id>', 'statement, flows and asker of one').option('--json', 'as JSON').action(act(showRequest));
  for (const decision of ['approve', 'deny'] as const) {
    const command = add(
      requests,
      `${decision} <id>`,
      decision === 'approve' ? 'let the statement run, once' : 'refuse the statement',
    )
      .option('--note <text>', 'a word to the asker, recorded', '')
      .option('--yes', 'do not ask back')
      .option('--json', 'as JSON');
    if (decision === 'approve')
      command.option('--max-rows <n>', 'roll it back if it changes more rows than this', parseRows);
    command.action(
      act((cli, id: string, options: { note: string; yes?: boolean; json?: boolean; maxRows?: number }) =>
        decideRequest(cli, id, decision, options),
      ),
    );
  }
}

function addEvidence(evidence: Command, add: Add, act: Act): void {
  add(
    evidence,
    'verify <path>',
    'check a log’s directory, a session bundle, a checkpoint or a proof, without a gateway',
  )
    .option('--key <vkey>', 'verifier key of a log or a witness that you trust; repeat it', collect, [])
    .option('--witnesses <n>', 'how many of the known witnesses have to have cosigned', parseCount)
    .option(
      '--anchor <path>',
      'checkpoints that were kept elsewhere, which the log has to hold; repeat it',
      collect,
      [],
    )
    .option('--older <file>', 'the older checkpoint of a proof of consistency')
    .option('--head <entries:hash>', 'a head that was noted elsewhere and has to be in the log', parseNotedHead)
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      examples(
        'sluice evidence verify /var/lib/sluice/evidence --anchor /mnt/auditors/checkpoints',
        'sluice evidence verify c_1234.sluice-bundle --key sluice/0001…+87e7b609+AYqI… --key w1+df1c0a35+BIE5… --witnesses 1',
      ),
    )
    .action(act(verify));
  add(evidence, 'export <session>', 'a session with its proofs in one file that a stranger can check')
    .option('--out <file>', 'where to write it; SESSION.sluice-bundle unless given')
    .option('--json', 'as JSON')
    .action(act(exportSession));
  add(evidence, 'keygen', 'a key pair for an auditor, who opens what statements said')
    .option('--out <file>', 'where the private key goes')
    .action(act(keygen));
  add(
    evidence,
    'open <session>',
    'what the statements of a session said, with the literals that the record holds sealed',
  )
    .option('--key <file>', 'the private key of an auditor, as `evidence keygen` wrote it')
    .option('--reason <text>', 'why, recorded before the gateway hands anything out')
    .option('--statement <n>', 'only this statement', parseStatement)
    .option('--keep-keys <file>', 'keep the wrapped key of the session, to open its bundle offline')
    .option('--keys <file>', 'a wrapped key that was kept: open a bundle in a file, without a gateway')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      examples(
        "sluice evidence open c_1234 --key anna.pem --reason 'case 4711'",
        'sluice evidence open c_1234.sluice-bundle --keys c_1234.keys --key anna.pem',
      ),
    )
    .action(act(openSealed));
  add(evidence, 'checkpoint', 'the newest signed checkpoint of the record')
    .option('--out <file>', 'keep it, to hold the gateway to it')
    .option('--since <file>', 'an older checkpoint: prove that the record continues it')
    .option('--key <vkey>', 'verifier key of the log; repeat it', collect, [])
    .option('--json', 'as JSON')
    .action(act(checkpoint));
}

function addAdmin(admin: Command, add: Add, act: Act): void {
  add(admin, 'functions <resource>', 'the functions of a database: how each is judged, and why')
    .option('--built-ins', 'with those of the server itself')
    .option('--refused', 'only those that are refused')
    .option('--declare <signature>', 'print what declares this function in the configuration')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      examples(
        'sluice admin functions orders-db --refused',
        "sluice admin functions orders-db --declare 'reporting.total(integer)'",
      ),
    )
    .action(
      act((cli, resource: string, options: FunctionsOptions & { readonly declare?: string }) =>
        options.declare === undefined
          ? listFunctions(cli, resource, options)
          : declareFunction(cli, resource, options.declare),
      ),
    );
}

function addAccess(access: Command, add: Add, act: Act): void {
  add(access, 'offers', 'what you may ask for').option('--json', 'as JSON').action(act(listOffers));
  add(access, 'request <name>', 'ask for access for a window of time')
    .option('--reason <text>', 'why you need it, recorded')
    .option('--for <duration>', 'how long: 30m, 2h; the longest that is offered unless given', parseSeconds)
    .option('--json', 'as JSON')
    .addHelpText('after', examples("sluice access request orders-support --for 2h --reason 'ticket 4711'"))
    .action(act(requestAccess));
  add(access, 'ls', 'list grants')
    .option('--state <state>', 'asked, granted, refused, lapsed, ended, revoked or all', 'all')
    .option('--json', 'as JSON')
    .action(act(listAccess));
  add(access, 'show <id>', 'one of them').option('--json', 'as JSON').action(act(showAccess));
  for (const [decision, words] of [
    ['grant', 'open the window'],
    ['refuse', 'do not open it'],
    ['revoke', 'close it before its time'],
  ] as const) {
    const command = add(access, `${decision} <id>`, words)
      .option('--note <text>', 'a word to the asker, recorded', '')
      .option('--json', 'as JSON');
    if (decision === 'grant') command.option('--for <duration>', 'a shorter window than was asked for', parseSeconds);
    command.action(
      act((cli, id: string, options: { note: string; json?: boolean; for?: number }) =>
        decideAccess(cli, id, decision, options),
      ),
    );
  }
}

function addLabels(admin: Command, add: Add, act: Act): void {
  add(admin, 'labels <resource>', 'labels that followed the values of approved statements')
    .option('--revert <change>', 'take the labels of this change back: the values are not there any more')
    .option('--note <text>', 'why they are taken back, recorded')
    .option('--json', 'as JSON')
    .action(
      act((cli, resource: string, options: { revert?: string; note?: string; json?: boolean }) =>
        options.revert === undefined
          ? listLabelChanges(cli, resource, options)
          : revertLabels(cli, resource, options.revert, options),
      ),
    );
}

function addHolds(hold: Command, add: Add, act: Act): void {
  add(hold, 'ls', 'legal holds that are in force')
    .option('--all', 'also those that were lifted')
    .option('--json', 'as JSON')
    .action(act(listHolds));
  add(hold, 'add <kind> <which>', 'keep a session, or all sessions of a principal or a resource, from expiring')
    .option('--reason <text>', 'why, recorded')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      examples(
        "sluice admin hold add session c_1234 --reason 'case 4711'",
        "sluice admin hold add principal 'https://idp.example.com|anna' --reason 'case 4711'",
      ),
    )
    .action(act(addHold));
  add(hold, 'remove <hold>', 'lift one: what it covered expires when its time is over')
    .option('--reason <text>', 'why, recorded')
    .option('--json', 'as JSON')
    .action(act(removeHold));
}

function addSessions(sessions: Command, add: Add, act: Act): void {
  add(sessions, 'ls', 'list them, newest first')
    .option('--limit <n>', 'how many', parseCount, 50)
    .option('--json', 'as JSON')
    .action(act(listSessions));
  add(sessions, 'show <id>', 'one line for each statement').option('--json', 'as JSON').action(act(showSession));
  add(sessions, 'replay <id>', 'each statement with its result as it was seen')
    .option('--speed <factor>', 'how much faster than it went', parseFactor, 1)
    .option('--search <text>', 'only statements with this in their text, error or seen cells')
    .option('--from <n>', 'begin with this statement', parseSequence)
    .option('--at <time>', 'begin at this instant: 2026-11-01T14:00:00Z', parseInstant)
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      examples('sluice sessions replay c_1234 --speed 10', 'sluice sessions replay c_1234 --search ssn --json'),
    )
    .action(act(replaySession));
  add(sessions, 'watch <id>', 'statements and masked rows as they happen, on record, until Ctrl-C')
    .option('--json', 'one JSON object a line')
    .action(act(watchSession));
  add(sessions, 'kill <id>', 'end it: its client is told in its own protocol, and the record says who and why')
    .option('--reason <text>', 'why, told to the client and recorded', '')
    .option('--yes', 'do not ask back')
    .option('--json', 'as JSON')
    .action(act(killSession));
}

function common(command: Command): Command {
  return command
    .option('--gateway <url>', 'address of the gateway (SLUICE_GATEWAY)')
    .option('--ca <file>', 'PEM of the gateway’s authority (SLUICE_CA)')
    .option('--token-file <file>', 'use the access token in this file instead of the sign-in (SLUICE_TOKEN_FILE)');
}

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('a port is a number from 0 to 65535.');
}

function parseNotedHead(text: string): Head {
  const head = parseHead(text);
  if (head !== null) return head;
  throw new InvalidArgumentError('a head is ENTRIES:HASH, as `evidence verify` prints it.');
}

function parseCount(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= 500) return count;
  throw new InvalidArgumentError('a number from 1 to 500.');
}

function parseStatement(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('a statement is a number from 1.');
}

function parseSeconds(text: string): number {
  const [, count = '', unit = ''] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? [];
  const seconds = { s: 1, m: 60, h: 3_600, d: 86_400 }[unit];
  if (seconds !== undefined) return Number(count) * seconds;
  throw new InvalidArgumentError('a duration is a number and one of s, m, h, d: 30m, 2h.');
}

function parseRows(text: string): number {
  const rows = Number(text);
  if (/^\d+$/.test(text) && rows <= MAX_ROW_BOUND) return rows;
  throw new InvalidArgumentError(`a number of rows, at most ${MAX_ROW_BOUND}.`);
}

function parseFactor(text: string): number {
  const factor = Number(text);
  if (Number.isFinite(factor) && factor > 0) return factor;
  throw new InvalidArgumentError('a number above 0.');
}
