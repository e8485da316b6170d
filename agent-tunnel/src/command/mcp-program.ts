/** `sluice mcp`: for agents. */
import { SluiceError } from '@sluice/contract/errors';
import type { Command } from 'commander';
import type { SessionTerms } from '../client/api-client.ts';
import { mcp, printFingerprint } from './mcp.ts';
import type { Act, Add } from './program.ts';

export function addMcp(program: Command, add: Add, act: Act): void {
  add(program, 'mcp [resources...]', 'serve an agent over standard input and output (Model Context Protocol)')
    .option('--workflow <name>', 'as runs of this workflow: only flows of its baseline run unasked')
    .option('--plan <id>', 'bound to this plan: statements that are not in it are held')
    .option('--fingerprint', 'print the SHA-256 of what agents are told about the tools, and end')
    .addHelpText(
      'after',
      '\nExamples:\n  sluice mcp orders-db\n  sluice mcp orders-db --workflow nightly\n  sluice mcp --fingerprint\n\nIn the settings of an MCP client:\n  { "mcpServers": { "sluice": { "command": "sluice", "args": ["mcp", "orders-db"] } } }\n',
    )
    .action(
      act((cli, resources: string[], options: SessionTerms & { readonly fingerprint?: boolean }) => {
        if (options.fingerprint === true) return printFingerprint(cli);
        if (resources.length === 0)
          throw new SluiceError('USAGE', 'there is no resource to serve', { remedy: 'Name one: sluice mcp orders-db' });
        const { workflow = null, plan = null } = options;
        return mcp(cli, resources, { workflow, plan });
      }),
    );
}
