/**
 * Who may import whom (ARCHITECTURE.md, "Directions"). Each rule is proven by a planted violation in
 * test/architecture/directions.test.ts, which also asserts that this tool reads the whole tree: with a compiler that it
 * does not know it reads nothing and passes.
 */

const TEST_FILE = String.raw`\.test\.ts$`;
const PURE = '^gateway/src/(analysis|detection|policy|masking|protocol)/';

/** The client library: everything of agent-tunnel but the command. */
const LIBRARY =
  '^agent-tunnel/src/(client|daemon|evidence|identity|profile|tunnel)/|^agent-tunnel/src/settings(-agent|-proxy)?[.]ts$';

/** A package by name, whether it is installed (resolved below node_modules) or not (unresolved). */
const packages = (...names) => `(^|node_modules/)(${names.join('|')})(/|$)`;

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'contract-imports-nothing-of-ours',
      comment: 'Clients and browsers load the contract; whatever it imports, they carry.',
      severity: 'error',
      from: { path: '^gateway/contract/' },
      to: { path: '^(gateway/src|agent-tunnel|tui|desktop|test)/' },
    },
    {
      name: 'contract-imports-only-its-schema-library',
      comment: 'The contract runs in a browser: no core module, no package but zod.',
      severity: 'error',
      from: { path: '^gateway/contract/src/', pathNot: TEST_FILE },
      to: { pathNot: ['^gateway/contract/', packages('zod')] },
    },
    {
      name: 'clients-never-import-the-gateway',
      comment: 'Clients know the contract, not the server; only tests look inside.',
      severity: 'error',
      from: { path: '^(agent-tunnel|tui|desktop)/' },
      to: { path: '^gateway/src/' },
    },
    {
      name: 'client-library-imports-no-client',
      comment: 'agent-tunnel lies under tui and desktop.',
      severity: 'error',
      from: { path: '^agent-tunnel/' },
      to: { path: '^(tui|desktop)/' },
    },
    {
      name: 'client-library-knows-no-command',
      comment: 'The terminal UI and the desktop app stand on the library; it has no arguments, no text for a terminal.',
      severity: 'error',
      from: { path: LIBRARY, pathNot: TEST_FILE },
      to: { path: '^agent-tunnel/src/', pathNot: LIBRARY },
    },
    {
      name: 'client-library-has-no-terminal-or-window',
      comment: 'Who shows something listens to its events.',
      severity: 'error',
      from: { path: LIBRARY, pathNot: TEST_FILE },
      to: {
        path: [
          '^(node:)?(readline|readline/promises|repl|tty|process)$',
          packages('commander', 'electron', 'react', 'blessed', 'chalk'),
        ],
      },
    },
    {
      name: 'clients-import-no-other-client',
      comment: 'tui and desktop share agent-tunnel and the contract, nothing else.',
      severity: 'error',
      from: { path: '^(tui|desktop)/' },
      to: { path: '^(tui|desktop)/', pathNot: '^$1/' },
    },
    {
      name: 'gateway-imports-no-client',
      comment: 'The enforced path does not depend on what connects to it.',
      severity: 'error',
      from: { path: '^gateway/' },
      to: { path: '^(agent-tunnel|tui|desktop)/' },
    },
    {
      name: 'product-never-imports-tests',
      comment: 'What ships does not need test/.',
      severity: 'error',
      from: { path: '^(gateway|agent-tunnel|tui|desktop)/' },
      to: { path: '^test/' },
    },
    {
      name: 'pure-modules-import-only-pure-modules',
      comment: 'analysis, detection, policy, masking and protocol decide from arguments alone.',
      severity: 'error',
      from: { path: PURE, pathNot: TEST_FILE },
      to: { path: '^(gateway/src|agent-tunnel|tui|desktop|test)/', pathNot: PURE },
    },
    {
      name: 'pure-modules-use-no-core-module',
      comment:
        'No socket, file, clock, thread, environment. Of node:crypto only hashes (test/architecture/source-rules.ts).',
      severity: 'error',
      from: { path: PURE, pathNot: TEST_FILE },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(buffer|crypto)$' },
    },
    {
      name: 'pure-modules-use-only-pure-packages',
      comment: 'Parsers and the policy engine are functions of their input; anything else needs a reason here.',
      severity: 'error',
      from: { path: PURE, pathNot: TEST_FILE },
      to: {
        dependencyTypesNot: ['core'],
        pathNot: [
          '^gateway/',
          // By relative path: the rule above.
          '^[.]',
          packages('@cedar-policy/cedar-wasm', 'pg-protocol', 'lru-cache', 'zod', '@sluice/contract'),
          '(^|node_modules/)(@libpg-query/|@pgsql/|libpg-query)',
        ],
      },
    },
    {
      name: 'proxies-do-not-import-each-other',
      comment: 'What two protocols share belongs to session/.',
      severity: 'error',
      from: { path: '^gateway/src/proxy/([^/]+)/' },
      to: { path: '^gateway/src/proxy/([^/]+)/', pathNot: '^gateway/src/proxy/$1/' },
    },
    {
      name: 'only-store-opens-a-database',
      comment:
        'One place knows the schema and its migrations; types may travel. The demo fills the database that it starts, and the MCP server is an ordinary client of the gateway.',
      severity: 'error',
      from: {
        path: '^(gateway|agent-tunnel|tui|desktop)/',
        pathNot: ['^gateway/src/(store|demo)/', '^agent-tunnel/src/mcp/', TEST_FILE],
      },
      to: { path: packages('better-sqlite3', 'kysely', 'pg', 'mysql2'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-the-view-imports-blessed',
      comment: 'tui/src/state is pure and testable without a terminal.',
      severity: 'error',
      from: { pathNot: '^tui/src/view/' },
      to: { path: packages('blessed', 'neo-blessed', 'reblessed') },
    },
    {
      name: 'only-main-and-preload-import-electron',
      comment: 'The renderer is sandboxed and is served to browsers too. Types may travel.',
      severity: 'error',
      from: { pathNot: '^desktop/src/(main|preload)/' },
      to: { path: packages('electron'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-ssh-proxy-and-upstream-import-ssh2',
      comment: 'SSH is spoken in two places.',
      severity: 'error',
      from: { pathNot: ['^gateway/src/(proxy/ssh|upstream)/', TEST_FILE, '^test/'] },
      to: { path: packages('ssh2') },
    },
    {
      name: 'desktop-processes-meet-in-their-contract',
      comment: 'Renderer, preload and main share desktop/src/contract and nothing else.',
      severity: 'error',
      from: { path: '^desktop/src/(main|preload|renderer)/' },
      to: { path: '^desktop/src/(main|preload|renderer)/', pathNot: '^desktop/src/$1/' },
    },
    {
      name: 'no-cycles',
      comment:
        'A cycle has no first file to read, nor to load. A type may point back: an interface beside its factory.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'imports-resolve',
      comment: 'An import that cannot be found is checked by no other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
