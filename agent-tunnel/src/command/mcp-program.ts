/** `sluice mcp`: for agents. */
import { SluiceError } from '@sluice/contract/errors';
import type { Command } from 'commander';
import type { Act, Add } from './act.ts';
import { SCOPE_OPTION } from './parse-options.ts';
import { readTerms, type TermsOptions } from './session-terms.ts';

export function addMcp(program: Command, add: Add, act: Act): void {
  add(program, 'mcp [resources...]', 'serve an agent over standard input and output (Model Context Protocol)')
    .option('--workflow <name>', 'as runs of this workflow: only flows of its baseline run unasked')
    .option('--plan <id or file>', 'bound to this plan, or the one whose id the file holds: other statements are held')
    .option('--on-behalf-of <file>', 'as an agent, for the person whose access token is in the file')
    .option(...SCOPE_OPTION)
    .option('--fingerprint', 'print the SHA-256 of what agents are told about the tools, and end')
    .addHelpText(
      'after',
      '\nExamples:\n  sluice mcp orders-db\n  sluice mcp orders-db --workflow nightly\n  sluice mcp --fingerprint\n\nIn the settings of an MCP client:\n  { "mcpServers": { "sluice": { "command": "sluice", "args": ["mcp", "orders-db"] } } }\n',
    )
    .action(
      act(async (cli, resources: string[], options: TermsOptions & { readonly fingerprint?: boolean }) => {
        // Loaded when it is needed: no other command uses the libraries below it.
        const { mcp, printFingerprint } = await import('./mcp.ts');
        if (options.fingerprint === true) return printFingerprint(cli);
        if (resources.length === 0)
          throw new SluiceError('USAGE', 'there is no resource to serve', { remedy: 'Name one: sluice mcp orders-db' });
        return mcp(cli, resources, await readTerms(options));
      }),
    );
}
