/** Service files, so that a person's tunnels are there after they have signed in to their machine. */
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { SluiceError } from '@sluice/contract/errors';
import type { Cli } from './cli.ts';

export const SERVICES = ['systemd', 'launchd', 'windows'] as const;
export type ServiceKind = (typeof SERVICES)[number];

export async function tunnelService(
  cli: Cli,
  system: ServiceKind,
  { profile }: { readonly profile: readonly string[] },
): Promise<void> {
  const program = await realpath(path.join(import.meta.dirname, '../../bin/sluice.mjs'));
  const command = [
    ...[process.execPath, program, 'tunnel', 'daemon'],
    ...profile.flatMap((name) => ['--profile', name]),
  ];
  switch (system) {
    case 'systemd':
      return cli.out(systemdUnit(command));
    case 'launchd':
      return cli.out(launchdAgent(command));
    case 'windows':
      return cli.out(windowsTask(command));
    default:
      throw new SluiceError('USAGE', `there is no service file for ${String(system)}`, {
        remedy: `Choose one of ${SERVICES.join(', ')}.`,
      });
  }
}

function systemdUnit(command: readonly string[]): string {
  // Quoted as systemd.syntax(7) wants it: % and $ would be expanded.
  const words = command.map((word) => `"${word.replace(/["\\]/g, '\\$&').replace(/%/g, '%%').replace(/\$/g, '$$$$')}"`);
  return `# ~/.config/systemd/user/sluice.service; then: systemctl --user enable --now sluice
[Unit]
Description=Sluice tunnels
After=network-online.target

[Service]
ExecStart=${words.join(' ')}
Restart=on-failure
RestartSec=10
# A sign-in that is over is no failure that a restart mends.
RestartPreventExitStatus=77 78
UMask=0077
NoNewPrivileges=yes
LimitCORE=0

[Install]
WantedBy=default.target
`;
}

function launchdAgent(command: readonly string[]): string {
  const words = command.map(
    (word) => `    <string>${word.replace(/[<>&]/g, (c) => `&#${c.charCodeAt(0)};`)}</string>\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- ~/Library/LaunchAgents/dev.sluice.tunnels.plist; then: launchctl bootstrap gui/$UID FILE -->
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>dev.sluice.tunnels</string>
  <key>ProgramArguments</key>
  <array>
${words.join('')}  </array>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ThrottleInterval</key>
  <integer>10</integer>
  <key>Umask</key>
  <integer>63</integer>
</dict>
</plist>
`;
}

/** A task at logon rather than a service: a service would run as another user, without the person's keychain. */
function windowsTask(command: readonly string[]): string {
  const [program = '', ...args] = command;
  const quoted = args.map((word) => `\\"${word}\\"`).join(' ');
  return `rem In a command prompt of your own, not of an administrator:
schtasks /Create /TN Sluice /SC ONLOGON /RL LIMITED /TR "\\"${program}\\" ${quoted}"
schtasks /Run /TN Sluice
`;
}
