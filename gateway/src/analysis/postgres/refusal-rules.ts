/**
 * Why a statement is refused that is not understood: every rule with a sentence for people. What exactly stood in the
 * way, and what to do instead, is said where the rule applies; docs/refusals.md is generated from this table.
 */

export type Rule = {
  readonly why: string;
  /** `gap`: neither the statement nor a choice of anybody; whoever meets it has found something to report. */
  readonly gap?: true;
};

const UNTRACED =
  'The columns that would reach the answer cannot be traced through it, and what is not traced is not run.';
const INCOMPLETE: Rule = {
  why: "The server's tree does not hang together there, so the columns cannot be traced; the analyser does not guess.",
  gap: true,
};
const VANISHED: Rule = {
  why: 'The definition changed or was dropped while the statement was being looked at.',
};
const UNKNOWN_CODE = 'What the code reads and returns is not known, and it could be any column.';

export const REFUSAL_RULES = {
  // ---- texts
  'statement-length': { why: 'Reading texts of any length would let one client stop the gateway for all others.' },
  'statement-nesting': { why: 'Deeply nested texts exhaust the stack of parsers.' },
  'statement-count': { why: 'Each statement is looked at by itself, and the number in one text is bounded.' },
  parser: { why: 'The parser did not finish the text within its bounds of time and memory.' },
  syntax: {
    why: "The gateway's grammar is that of the server's own version, and still they do not agree on this text.",
    gap: true,
  },
  'server-version': { why: 'The trees of other versions have not been compared with this analyser.' },

  // ---- kinds of statements
  'statement-kind': { why: 'Only kinds that are on the list are run: those of which is known what they do with data.' },
  'statement-guarded': {
    why: "It could change the gateway's own role, the server's configuration, or who may log in past the gateway.",
  },
  'block-definitions': {
    why: 'A block is judged as a whole before it runs. What it defines does not exist by then, so a later statement could mean something else than what was judged.',
  },
  'do-block': { why: `What the code of a block does has to be read statement by statement. ${UNKNOWN_CODE}` },
  procedure: { why: 'CALL is followed into the body of a procedure, so it has to name one.' },
  'do-language': { why: 'Only blocks in PL/pgSQL can be read statement by statement.' },
  'call-arguments': { why: 'Arguments that are expressions are computed where no tree tells what they read.' },
  'procedure-overloaded': {
    why: 'Which of several procedures of one name is meant depends on types that only the server weighs.',
  },
  explain: {
    why: 'Plans and counts tell about the data below, so the statement inside has to be one that is analysed.',
  },
  'create-from': { why: 'What is stored has to be labelled, which needs a query whose columns can be traced.' },
  prepare: { why: 'The verdict belongs to the prepared statement, so it has to be one that is analysed.' },
  'execute-arguments': { why: 'Arguments that are expressions are computed where no tree tells what they read.' },
  'two-phase': { why: 'A prepared transaction outlives its session, and with it everything that is known about it.' },
  discard: { why: 'It is not known what it would throw away of what the gateway relies on.', gap: true },
  'inner-query': { why: 'The query inside has to be parsed by itself in order to be understood.', gap: true },
  'unknown-verdict': { why: 'A name is run under the verdict of what it stands for, and there is none for this one.' },
  'unknown-name': {
    why: 'A statement that was not understood may have made it, so only the server knows what it stands for.',
  },
  utility: INCOMPLETE,

  // ---- COPY
  copy: { why: 'Only COPY of a table or query from or to the client is known.', gap: true },
  'copy-file': { why: "Files and programs of the server lie outside of every label, and of the client's own rights." },
  'copy-options': { why: 'Rows can be masked only in formats that the gateway reads byte for byte.' },
  'copy-where': { why: 'The condition would run code that was not analysed on the rows that come in.' },
  'copy-probe': { why: 'The columns of the copy could not be found out, so they could not be masked.', gap: true },

  // ---- settings
  setting: { why: 'A setting can change how statements are read or what the server reports of them.' },
  'setting-value': { why: 'A value that is computed could carry data, and is not known before it takes effect.' },
  'setting-unlisted': { why: 'Only settings that are known not to change the meaning of statements may be set.' },
  'setting-guarded': {
    why: 'The gateway relies on the value that this setting has: for reading statements, or for seeing their trees.',
  },
  'setting-role': { why: 'The labels and policies were decided for the role under which the session was opened.' },
  'setting-name': { why: 'Which setting is changed must be known before the statement runs.' },
  'path-moves': {
    why: 'Functions resolve the names in their bodies by the search_path of the moment, which would move under them.',
  },

  // ---- the server's tree
  'no-tree': {
    why: 'Without the tree that the server prints of it, nothing is known about the columns of a statement.',
  },
  'reads-only': {
    why: 'This database prints no trees for the gateway, and only reads can be looked at in the other way (oracle: stored).',
  },
  'row-security-unseen': {
    why: 'Which rows its policies let through is not in a stored statement, and this database prints no trees (oracle: stored).',
  },
  'functions-unseen': {
    why: 'What functions of users do when they run shows in trees, and this database prints none (oracle: stored).',
  },
  'tree-line-break': { why: 'The server breaks long names over lines, so that two could not be told apart.' },
  'tree-malformed': { why: 'The tree holds something that the reader of trees does not know.', gap: true },
  'tree-surprise': { why: 'A field of the tree has another form than in the versions that were tested.', gap: true },
  'unknown-field': { why: 'A field that no tested version has may carry columns.', gap: true },
  'column-count': { why: 'The tree and the description of the answer must speak of the same columns.', gap: true },
  disagreement: {
    why: 'Gateway and server must read a text alike; otherwise one of them judges something else than what runs.',
    gap: true,
  },
  'misplaced-node': INCOMPLETE,
  'node-rule': INCOMPLETE,
  'not-a-query': INCOMPLETE,
  'operator-unresolved': INCOMPLETE,
  'outer-reference': INCOMPLETE,
  'function-argument': INCOMPLETE,
  'parameter-kind': INCOMPLETE,
  'merge-action': INCOMPLETE,
  window: INCOMPLETE,
  'sort-reference': INCOMPLETE,
  'join-tree': INCOMPLETE,
  'join-column': INCOMPLETE,
  'range-table': INCOMPLETE,
  column: INCOMPLETE,
  values: INCOMPLETE,
  'common-table': INCOMPLETE,
  'common-table-column': INCOMPLETE,
  'set-operation': INCOMPLETE,
  'multi-assignment': INCOMPLETE,
  sublink: INCOMPLETE,
  'catalog-expression': {
    why: 'An expression that the statement depends on (a default, a check, a generated column) cannot be read.',
    gap: true,
  },

  // ---- constructs
  'current-of': { why: 'Which row a cursor stands on depends on what was fetched from it before.' },
  'range-table-kind': { why: UNTRACED },
  'server-defect': {
    why: 'The server crashes on it, which ends the sessions of everybody. PostgreSQL 18 is known to.',
  },
  'sampling-method': { why: 'Sampling methods of extensions are code that was not reviewed.' },
  recursion: { why: 'The columns of a recursive query are followed until nothing changes, within a bound.' },
  'common-table-name': { why: 'The server prints the names of WITH queries without what tells these two apart.' },
  'too-large': { why: 'Views, rules and functions expand to queries of their own, and their number is bounded.' },
  'operator-user-defined': { why: `The operator runs a function that somebody wrote. ${UNKNOWN_CODE}` },

  // ---- functions
  'function-unknown': VANISHED,
  'function-unreviewed': { why: `Built-in functions are allowed one by one, after a review. ${UNTRACED}` },
  'function-refused': {
    why: 'It was reviewed, and reaches data past the columns of the statement, or acts outside of the transaction.',
  },
  'function-undeclared': { why: UNKNOWN_CODE },
  'function-extension': { why: `Only functions of reviewed versions of extensions are known. ${UNKNOWN_CODE}` },
  'function-support': { why: 'Such a function runs while the statement is planned, before anything could be judged.' },
  'function-body': {
    why: `A statement in it is built while it runs, or cannot be prepared by itself. ${UNKNOWN_CODE}`,
  },
  'function-recursion': { why: 'Bodies are followed call by call, which does not end here.' },
  'function-settings': { why: 'Its statements run under other settings than those under which they were analysed.' },
  'function-argument-name': {
    why: 'Which of the two a name means depends on settings, so that the columns cannot be told.',
  },
  'query-text': { why: 'The query in the text is analysed like a statement, which needs the text.' },
  trigger: INCOMPLETE,
  'trigger-undeclared': { why: `Writing would run the trigger. ${UNKNOWN_CODE}` },

  // ---- definitions
  'relation-unknown': VANISHED,
  'column-unknown': VANISHED,
  'type-unknown': VANISHED,
  'unknown-column': { why: 'A column without a label would have no verdict.' },
  'relation-kind': {
    why: 'Indexes, sequences and the like hold data of tables in a form that has no columns to label.',
  },
  'view-query': { why: 'What a view shows is what its query reads, and that could not be followed.' },
  'row-security': { why: 'Which rows its policies let through is not in the stored query.' },
  'write-target': { why: 'Where the values go has to be known column by column.' },
  'catalog-write': { why: 'Catalogs hold the definitions that every verdict rests on.' },
  rule: { why: 'Rules turn one write into others, which are followed only for views.' },
  'cascade-depth': { why: 'What a delete or update takes along is followed table by table, within a bound.' },
  'too-many-facts': { why: 'Every definition that a statement depends on is looked at, within a bound.' },
  'snapshot-too-old': {
    why: 'What the transaction sees is older than what the catalog says now, so neither can be relied on alone.',
  },
} as const satisfies Readonly<Record<string, Rule>>;

export type RefusalRule = keyof typeof REFUSAL_RULES;

/** Whoever meets a gap can do nothing about it but this. */
export const REPORT_GAP =
  'Report the statement and the version of the server to the administrator; until then, write the part that is named in another way.';
