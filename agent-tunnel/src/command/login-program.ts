/** Signing in and out. */
import type { Command } from 'commander';
import type { Act, Add } from './act.ts';
import { examples } from './help.ts';
import { login, logout } from './login.ts';
import { parsePort } from './parse-options.ts';

export function addLogin(program: Command, add: Add, act: Act): void {
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
}
