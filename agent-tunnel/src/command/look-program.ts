/** Commands that only ask and show: whoami, ls, why. */
import { SluiceError } from '@sluice/contract/errors';
import type { Command } from 'commander';
import type { Act, Add } from './act.ts';
import { type DoctorOptions, doctor } from './doctor.ts';
import { examples } from './help.ts';
import { listResources, whoami, why } from './look.ts';
import { parsePort } from './parse-options.ts';

export function addLook(program: Command, add: Add, act: Act, afterDashes: readonly string[] | null): void {
  add(program, 'whoami', 'who you are to the gateway').option('--json', 'as JSON').action(act(whoami));
  add(program, 'ls', 'resources that you can reach').option('--json', 'as JSON').action(act(listResources));
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
  add(program, 'doctor', 'what is wrong between here and the gateway, and how to mend it (exit 1: something is)')
    .option('--port <n>', 'whether this port is free for a tunnel; those of your profiles unless given', parsePort)
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      examples('sluice doctor', 'sluice doctor --gateway https://gateway.example.com:7443 --port 15432'),
    )
    .action(act((cli, options: DoctorOptions) => doctor(cli, options)));
}
