/** Examples of commands that have none beside their definition; a test sees to it that every command has one. */
import type { Command } from 'commander';
import { examples } from './help.ts';

const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  sluice: [
    'sluice login --gateway https://gateway.example.com:7443',
    'sluice ls',
    "sluice psql orders-db -c 'select * from customers limit 3'",
    'sluice run orders-db -- python3 report.py',
    'sluice doctor',
  ],
  logout: ['sluice logout'],
  whoami: ['sluice whoami', 'sluice whoami --json | jq -r .principal.id'],
  ls: ['sluice ls', "sluice ls --json | jq -r '.[].name'"],
  tunnel: ['sluice tunnel up orders-db', 'sluice tunnel status', 'sluice tunnel down --all'],
  'tunnel down': ['sluice tunnel down --all', 'sluice tunnel down --profile work'],
  'tunnel status': ['sluice tunnel status', 'sluice tunnel status --json'],
  'tunnel logs': ['sluice tunnel logs', 'sluice tunnel logs --follow'],
  'tunnel profiles': ['sluice tunnel profiles', 'sluice tunnel profiles --get work'],
  'tunnel daemon': ['sluice tunnel daemon --profile work'],
  requests: ['sluice requests watch', 'sluice requests show req_1234', 'sluice requests approve req_1234'],
  'requests ls': ['sluice requests ls', 'sluice requests ls --state all --json'],
  'requests watch': [
    'sluice requests watch',
    'sluice requests watch --json | jq --unbuffered -r \'.id + " " + .state\'',
  ],
  'requests show': ['sluice requests show req_1234'],
  'requests approve': [
    'sluice requests approve req_1234',
    "sluice requests approve req_1234 --max-rows 100 --note 'as in ticket 4711'",
  ],
  'requests deny': ["sluice requests deny req_1234 --note 'use the masked copy'"],
  access: ['sluice access offers', "sluice access request orders-support --for 2h --reason 'ticket 4711'"],
  'access offers': ['sluice access offers'],
  'access ls': ['sluice access ls', 'sluice access ls --state asked'],
  'access show': ['sluice access show grant_1234'],
  'access grant': ["sluice access grant grant_1234 --for 1h --note 'until lunch'"],
  'access refuse': ["sluice access refuse grant_1234 --note 'ask the owner first'"],
  'access revoke': ["sluice access revoke grant_1234 --note 'done'"],
  sessions: ['sluice sessions ls', 'sluice sessions replay c_1234 --speed 10'],
  'sessions ls': ['sluice sessions ls --limit 10', 'sluice sessions ls --json'],
  'sessions show': ['sluice sessions show c_1234'],
  'sessions watch': ['sluice sessions watch c_1234'],
  'sessions kill': ["sluice sessions kill c_1234 --reason 'runs since Friday'"],
  audit: ['sluice audit column orders-db public.customers.ssn', 'sluice audit holds'],
  'audit holds': ['sluice audit holds', 'sluice audit holds --json'],
  'audit retention': ['sluice audit retention'],
  workflows: ['sluice workflows ls', 'sluice workflows show nightly orders-db'],
  'workflows ls': ['sluice workflows ls'],
  'workflows show': ['sluice workflows show nightly orders-db'],
  'workflows approve': ["sluice workflows approve nightly orders-db wp_1234 --note 'ticket 4711'"],
  'workflows deny': ["sluice workflows deny nightly orders-db wp_1234 --note 'why the ssn?'"],
  'workflows revoke': ["sluice workflows revoke nightly orders-db --note 'the job was replaced'"],
  schema: ['sluice schema orders-db', "sluice schema orders-db --json | jq '.tables[].table'"],
  plan: ['sluice plan submit nightly.sql --resource orders-db --workflow nightly', 'sluice plan ls'],
  'plan ls': ['sluice plan ls'],
  'plan show': ['sluice plan show plan_1234'],
  evidence: ['sluice evidence export c_1234', 'sluice evidence verify c_1234.sluice-bundle --key VKEY'],
  'evidence export': ['sluice evidence export c_1234 --out c_1234.sluice-bundle'],
  'evidence keygen': ['sluice evidence keygen --out anna.pem'],
  'evidence checkpoint': [
    'sluice evidence checkpoint --out today.checkpoint',
    'sluice evidence checkpoint --since yesterday.checkpoint',
  ],
  admin: ['sluice admin functions orders-db --refused', 'sluice admin hold ls'],
  'admin labels': [
    'sluice admin labels orders-db',
    "sluice admin labels orders-db --revert lc_1234 --note 'the table was emptied'",
  ],
  'admin hold': ["sluice admin hold add session c_1234 --reason 'case 4711'", 'sluice admin hold ls --all'],
  'admin hold ls': ['sluice admin hold ls', 'sluice admin hold ls --all --json'],
  'admin hold remove': ["sluice admin hold remove hold_1234 --reason 'case closed'"],
};

export function addExamples(program: Command): void {
  for (const { command, path } of commandsOf(program)) {
    const lines = EXAMPLES[path === '' ? 'sluice' : path];
    if (lines !== undefined) command.addHelpText('after', examples(...lines));
  }
}

/** Every command with the words that lead to it, the program itself first; without those that help hides. */
export function commandsOf(
  command: Command,
  path: string = '',
): readonly { readonly command: Command; readonly path: string }[] {
  const below = command
    .createHelp()
    .visibleCommands(command)
    .filter((one) => one.name() !== 'help');
  return [
    { command, path },
    ...below.flatMap((one) => commandsOf(one, path === '' ? one.name() : `${path} ${one.name()}`)),
  ];
}
