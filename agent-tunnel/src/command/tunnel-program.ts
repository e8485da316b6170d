import { type Command, Option } from 'commander';
import { PROGRAMS } from '../tunnel/program-settings.ts';
import type { Act, Add } from './act.ts';
import { collect, parsePort } from './parse-options.ts';
import { SERVICES, type ServiceKind, tunnelService } from './service-files.ts';
import {
  tunnelDaemon,
  tunnelDown,
  tunnelLogs,
  tunnelProfiles,
  tunnelSettings,
  tunnelStatus,
  tunnelUp,
} from './tunnel.ts';

export function addTunnel(tunnel: Command, add: Add, act: Act): void {
  add(tunnel, 'up [resources...]', 'open tunnels in the background: to resources, or by a profile')
    .option('--profile <name>', 'the tunnels of this profile')
    .option('--port <n>', 'TCP on this port of 127.0.0.1 and ::1 instead of a Unix socket', parsePort)
    .option('--fixed-ports', 'fail when a port of the profile is taken, instead of taking the next one')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  sluice tunnel up orders-db\n  sluice tunnel up orders-db --port 15432\n  sluice tunnel up --profile work\n',
    )
    .action(act(tunnelUp));
  add(tunnel, 'down', 'close tunnels; the daemon ends with the last one')
    .option('--profile <name>', 'those of this profile')
    .option('--all', 'all of them')
    .action(act(tunnelDown));
  add(tunnel, 'status', 'tunnels that are open, and what they wait for (exit 69: none)')
    .alias('ls')
    .option('--json', 'as JSON')
    .action(act(tunnelStatus));
  add(tunnel, 'logs', 'what happened to them')
    .option('-f, --follow', 'and what happens, until Ctrl-C')
    .option('--json', 'one JSON object a line')
    .action(act(tunnelLogs));
  add(tunnel, 'settings [resource]', 'connection settings for a program, ready to paste or to write to its file')
    .addOption(new Option('--for <program>', 'which').choices(PROGRAMS).default('psql'))
    .option('--profile <name>', 'tunnels of this profile')
    .addHelpText(
      'after',
      '\nExamples:\n  sluice tunnel settings --for psql >> ~/.pg_service.conf\n  sluice tunnel settings orders-db --for jdbc\n',
    )
    .action(act(tunnelSettings));
  add(tunnel, 'profiles', 'profiles of yours, and those that the gateway offers you')
    .option('--get <name>', 'make an offered one yours')
    .option('--json', 'as JSON')
    .action(act(tunnelProfiles));
  add(tunnel, 'daemon', 'the daemon in the foreground, as a service of the system runs it')
    .option('--profile <name>', 'open this profile at the start (repeat)', collect, [])
    .addOption(new Option('--ready-fd <n>', 'where to say that it listens').argParser(Number).hideHelp())
    .action(act(tunnelDaemon));
  add(tunnel, 'service <system>', `print a service file: ${SERVICES.join(', ')}`)
    .option('--profile <name>', 'open this profile at the start (repeat)', collect, [])
    .addHelpText(
      'after',
      '\nExamples:\n  sluice tunnel service systemd --profile work > ~/.config/systemd/user/sluice.service\n  systemctl --user enable --now sluice\n',
    )
    .action(
      act((cli, system: ServiceKind, options: { profile: readonly string[] }) => tunnelService(cli, system, options)),
    );
}
