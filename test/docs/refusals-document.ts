/** Renders docs/refusals.md from the table of the analyser and the messages in the sources. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import {
  REFUSAL_RULES,
  REPORT_GAP,
  type RefusalRule,
  type Rule,
} from '../../gateway/src/analysis/postgres/refusal-rules.ts';

const SOURCES = join(import.meta.dirname, '../../gateway/src');

const HEAD = `# Refusals of statements that are not understood

Generated from \`gateway/src/analysis/postgres/refusal-rules.ts\` and the messages in the sources by \`npm run docs\`; a test keeps it up to date.

Policies refuse by their own words ([policies.md](policies.md)). What is listed here is refused before any policy is asked,
because the gateway does not know what the statement would do with data: as SQLSTATE 42501 (54000 for texts that are too
large), with the rule in the message (\`policy engine:RULE\`), the reason and the place in DETAIL, and what to do in HINT.
\`sluice why\` tells the same without running anything. A policy may trust somebody past most of them ([policies.md](policies.md), \`runOpaque\`).

Rules marked † are gaps of the analyser, not of your statement. ${REPORT_GAP}
`;

const BESIDE = `## Rules of the gateway beside policies

Of statements that are understood. No policy lifts them.
`;

/** What the sources say under each rule; \`…\` stands for what is filled in. */
export type Said = { readonly rule: string; readonly message: string; readonly remedy: string };

/** The whole document, with a final newline. */
export function renderRefusals(): string {
  const said = Map.groupBy(saidInSources(), ({ rule }) => rule);
  const rows = Object.entries(REFUSAL_RULES).map(([rule, entry]: [string, Rule]) => {
    const here = said.get(rule) ?? [];
    const messages = [...new Set(here.map(({ message }) => message))].filter((message) => message !== '');
    const remedies = entry.gap === true ? ['†'] : [...new Set(here.map(({ remedy }) => remedy))].filter(Boolean);
    return `| \`${rule}\` | ${cell(messages.join(' / '))} | ${cell(entry.why)} | ${cell(remedies.join(' / '))} |`;
  });
  const others = saidBesideRules().map(
    ({ rule, message, remedy }) => `| \`engine:${rule}\` | ${cell(message)} | ${cell(remedy)} |`,
  );
  const beside = ['| rule | what it says | what to do |', '|---|---|---|', ...others];
  return `${HEAD}\n${['| rule | what it says | why | what to do |', '|---|---|---|---|', ...rows].join('\n')}\n\n${BESIDE}\n${beside.join('\n')}\n`;
}

/** Every refusal that the sources can make: \`new Opaque(…)\`, \`refuse(…)\`, and objects with a rule. */
export function saidInSources(): readonly Said[] {
  return sourceFiles().flatMap(({ source }) => saidIn(source));
}

/** Reasons that the gateway gives by itself: objects whose `policyId` is a text that begins with `engine:`. */
function saidBesideRules(): readonly Said[] {
  const found = new Map<string, Said>();
  for (const { text, source } of sourceFiles()) {
    if (!text.includes("'engine:")) continue;
    const constants = constantsOf(source);
    const visit = (node: ts.Node): void => {
      if (ts.isObjectLiteralExpression(node)) {
        const [rule = ''] = textsOf(field(node, 'policyId'), constants);
        const [message = ''] = textsOf(field(node, 'message') ?? field(node, 'says'), constants);
        const [remedy = ''] = textsOf(field(node, 'remedy'), constants);
        const name = rule.replace(/^engine:/, '');
        if (name !== rule && remedy !== '') found.set(name, { rule: name, message, remedy });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return [...found.values()].sort((a, b) => (a.rule < b.rule ? -1 : 1));
}

function sourceFiles(): readonly { readonly text: string; readonly source: ts.SourceFile }[] {
  return readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .sort()
    .map((path) => {
      const text = readFileSync(join(SOURCES, path), 'utf8');
      return { text, source: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true) };
    });
}

export const REFUSAL_RULE_NAMES = Object.keys(REFUSAL_RULES) as RefusalRule[];

function saidIn(source: ts.SourceFile): readonly Said[] {
  const constants = constantsOf(source);
  const found: Said[] = [];
  const add = (rule: ts.Node | undefined, message: ts.Node | undefined, remedy: ts.Node | undefined): void => {
    for (const name of textsOf(rule, constants).filter((one) => /^[a-z-]+$/.test(one)))
      found.push({
        rule: name,
        message: textsOf(message, constants).join(' / '),
        remedy: textsOf(remedy, constants).join(' / '),
      });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText() === 'Opaque') add(...three(node.arguments));
    else if (ts.isCallExpression(node) && ['refuse', 'opaque'].includes(node.expression.getText()))
      add(...three(node.arguments));
    else if (ts.isObjectLiteralExpression(node))
      add(field(node, 'rule'), field(node, 'message'), field(node, 'remedy'));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function three(
  nodes: ts.NodeArray<ts.Expression> | undefined,
): readonly [ts.Node | undefined, ts.Node | undefined, ts.Node | undefined] {
  return [nodes?.[0], nodes?.[1], nodes?.[2]];
}

function field(node: ts.ObjectLiteralExpression, name: string): ts.Node | undefined {
  for (const property of node.properties)
    if (ts.isPropertyAssignment(property) && property.name.getText() === name) return property.initializer;
  return undefined;
}

/** Texts given to names at the top of a file. */
function constantsOf(source: ts.SourceFile): ReadonlyMap<string, string> {
  const constants = new Map<string, string>();
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations)
      if (initializer !== undefined && ts.isStringLiteralLike(initializer))
        constants.set(name.getText(), initializer.text);
  }
  return constants;
}

/** What an expression can say: both sides of a condition. */
function textsOf(node: ts.Node | undefined, constants: ReadonlyMap<string, string>): readonly string[] {
  if (node === undefined) return [];
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node))
    return [node.head.text + node.templateSpans.map((span) => `…${span.literal.text}`).join('')];
  if (ts.isConditionalExpression(node))
    return [...textsOf(node.whenTrue, constants), ...textsOf(node.whenFalse, constants)];
  if (ts.isBinaryExpression(node)) return textsOf(node.right, constants);
  if (ts.isParenthesizedExpression(node)) return textsOf(node.expression, constants);
  const constant = ts.isIdentifier(node) ? constants.get(node.text) : undefined;
  return constant === undefined ? [] : [constant];
}

/** A bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
