/**
 * One violation of each rule of .dependency-cruiser.mjs, written into an empty tree. Packages are not installed there:
 * the rules must hold for a package that npm has not resolved, too.
 */

type Planted = {
  readonly rule: string;
  /** The offending file, and what it imports. */
  readonly from: string;
  readonly imports: string;
};

export const PLANTED: readonly Planted[] = [
  {
    rule: 'contract-imports-nothing-of-ours',
    from: 'gateway/contract/src/a.ts',
    imports: '../../../agent-tunnel/src/settings.ts',
  },
  { rule: 'contract-imports-only-its-schema-library', from: 'gateway/contract/src/b.ts', imports: 'node:fs' },
  { rule: 'contract-imports-only-its-schema-library', from: 'gateway/contract/src/c.ts', imports: 'hono' },
  {
    rule: 'clients-never-import-the-gateway',
    from: 'agent-tunnel/src/a.ts',
    imports: '../../gateway/src/config/load.ts',
  },
  {
    rule: 'clients-never-import-the-gateway',
    from: 'tui/src/state/a.ts',
    imports: '../../../gateway/src/config/load.ts',
  },
  { rule: 'client-library-imports-no-client', from: 'agent-tunnel/src/b.ts', imports: '../../tui/src/state/screen.ts' },
  {
    rule: 'client-library-knows-no-command',
    from: 'agent-tunnel/src/tunnel/c.ts',
    imports: '../command/cli.ts',
  },
  { rule: 'client-library-has-no-terminal-or-window', from: 'agent-tunnel/src/client/d.ts', imports: 'node:readline' },
  { rule: 'client-library-has-no-terminal-or-window', from: 'agent-tunnel/src/daemon/e.ts', imports: 'commander' },
  {
    rule: 'clients-import-no-other-client',
    from: 'desktop/src/main/a.ts',
    imports: '../../../tui/src/state/screen.ts',
  },
  {
    rule: 'gateway-imports-no-client',
    from: 'gateway/src/control/a.ts',
    imports: '../../../agent-tunnel/src/settings.ts',
  },
  { rule: 'product-never-imports-tests', from: 'gateway/src/control/b.ts', imports: '../../../test/harness/clock.ts' },
  { rule: 'pure-modules-import-only-pure-modules', from: 'gateway/src/policy/a.ts', imports: '../config/load.ts' },
  {
    rule: 'pure-modules-import-only-pure-modules',
    from: 'gateway/src/protocol/postgres/a.ts',
    imports: '../../store/open.ts',
  },
  { rule: 'pure-modules-use-no-core-module', from: 'gateway/src/analysis/a.ts', imports: 'node:net' },
  { rule: 'pure-modules-use-no-core-module', from: 'gateway/src/masking/a.ts', imports: 'node:timers/promises' },
  { rule: 'pure-modules-use-no-core-module', from: 'gateway/src/policy/b.ts', imports: 'process' },
  { rule: 'pure-modules-use-only-pure-packages', from: 'gateway/src/masking/b.ts', imports: 'undici' },
  { rule: 'pure-modules-use-only-pure-packages', from: 'gateway/src/policy/c.ts', imports: '@hono/node-server' },
  {
    rule: 'proxies-do-not-import-each-other',
    from: 'gateway/src/proxy/mysql/a.ts',
    imports: '../postgres/connection.ts',
  },
  { rule: 'only-store-opens-a-database', from: 'gateway/src/evidence/a.ts', imports: 'better-sqlite3' },
  { rule: 'only-store-opens-a-database', from: 'gateway/src/approval/a.ts', imports: 'kysely' },
  { rule: 'only-the-view-imports-blessed', from: 'tui/src/state/b.ts', imports: 'blessed' },
  { rule: 'only-main-and-preload-import-electron', from: 'desktop/src/renderer/a.ts', imports: 'electron' },
  { rule: 'only-ssh-proxy-and-upstream-import-ssh2', from: 'gateway/src/control/c.ts', imports: 'ssh2' },
  {
    rule: 'desktop-processes-meet-in-their-contract',
    from: 'desktop/src/renderer/b.ts',
    imports: '../main/window.ts',
  },
  { rule: 'no-cycles', from: 'gateway/src/session/a.ts', imports: './cycle.ts' },
  { rule: 'imports-resolve', from: 'gateway/src/session/b.ts', imports: './nowhere.ts' },
];

/** What the violations import, and lawful imports that no rule may name. */
export const LAWFUL: Readonly<Record<string, string>> = {
  'agent-tunnel/src/settings.ts': "import '../../gateway/contract/src/errors.ts';\nexport const settings = 1;\n",
  'agent-tunnel/src/command/cli.ts': "import '../settings.ts';\nexport const cli = 1;\n",
  'desktop/src/main/window.ts': "import '../contract/messages.ts';\nexport const window = 1;\n",
  'desktop/src/contract/messages.ts': 'export const messages = 1;\n',
  'gateway/contract/src/errors.ts': 'export const errors = 1;\n',
  'gateway/src/config/load.ts': "import '../policy/decision.ts';\nexport const load = 1;\n",
  'gateway/src/policy/decision.ts':
    "import { createHash } from 'node:crypto';\nimport '../../contract/src/errors.ts';\nexport const decision = createHash;\n",
  'gateway/src/proxy/postgres/connection.ts':
    "import '../../protocol/postgres/frame.ts';\nimport 'node:net';\nexport const connection = 1;\n",
  'gateway/src/protocol/postgres/frame.ts': 'export const frame = 1;\n',
  'gateway/src/session/cycle.ts': "import './a.ts';\n",
  'gateway/src/store/open.ts': 'export const open = 1;\n',
  'test/harness/clock.ts': "import '../../gateway/src/config/load.ts';\nexport const clock = 1;\n",
  'tui/src/state/screen.ts': "import '../../../agent-tunnel/src/settings.ts';\nexport const screen = 1;\n",
};
