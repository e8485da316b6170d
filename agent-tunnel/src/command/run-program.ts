/** Commands that open tunnels: connect, run, psql. */
import { type Command, Option } from 'commander';
import type { Act, Add } from './act.ts';
import type { SecretPlace } from './child-environment.ts';
import { connect } from './connect.ts';
import { examples } from './help.ts';
import { parsePort, SCOPE_OPTION } from './parse-options.ts';
import { psql, run } from './run.ts';
import { readTerms, type TermsOptions } from './session-terms.ts';

export function addRun(program: Command, add: Add, act: Act, afterDashes: readonly string[] | null): void {
  add(program, 'connect <resource>', 'open a tunnel and keep it until Ctrl-C')
    .option('--port <n>', 'listen on this TCP port of 127.0.0.1 and ::1 instead of a Unix socket; 0 for any', parsePort)
    .option(...SCOPE_OPTION)
    .addOption(new Option('--print <form>', 'print the connection with its secret').choices(['env', 'uri', 'json']))
    .addHelpText('after', examples('sluice connect orders-db', 'sluice connect orders-db --port 15432 --print uri'))
    .action(act(connect));
  add(program, 'run <resources...>', 'run a command with tunnels wired through its environment')
    .usage('[options] <resources...> -- <command> [args...]')
    .option('--workflow <name>', 'as a run of this workflow: only flows of its baseline run unasked')
    .option('--plan <id or file>', 'bound to this plan, or the one whose id the file holds: other statements are held')
    .option('--on-behalf-of <file>', 'as an agent, for the person whose access token is in the file')
    .option(...SCOPE_OPTION)
    .addOption(
      new Option('--secrets <place>', 'where the command finds passwords: its environment, or files only')
        .choices(['environment', 'file'])
        .default('environment'),
    )
    .addHelpText(
      'after',
      examples(
        'sluice run orders-db -- python3 report.py',
        'sluice run --workflow nightly orders-db -- make nightly',
        'sluice run --scope sluice:read:orders-db orders-db -- python3 report.py',
        'sluice run --plan plan.id --workflow nightly --on-behalf-of /run/secrets/ann orders-db -- ./nightly.sh',
        "sluice run orders-db reports-db -- sh -c 'pg_dump service=orders-db -t totals | psql service=reports-db'",
      ),
    )
    .action(
      act(async (cli, resources: string[], options: TermsOptions & { readonly secrets: SecretPlace }) => {
        const { secrets } = options;
        return run(cli, resources, { terms: await readTerms(options), secrets }, afterDashes ?? []);
      }, true),
    );
  add(program, 'psql <resource> [args...]', 'start psql, wired')
    .option(...SCOPE_OPTION)
    .passThroughOptions()
    .addHelpText(
      'after',
      examples('sluice psql orders-db', "sluice psql orders-db -c 'select * from customers limit 3'"),
    )
    .action(
      act((cli, resource: string, args: string[]) => psql(cli, resource, [...args, ...(afterDashes ?? [])]), true),
    );
}
