/**
 * Rules about what a file says rather than what it imports: the ambient world in pure modules, the environment, swallowed
 * errors, barrels, casts that hide a doubt, state at module level. Syntax only, by the TypeScript 6 API.
 */
import ts from 'typescript';

export type SourceRule =
  | 'pure-is-ambient-free'
  | 'pure-crypto-only-hashes'
  | 'environment-only-in-config'
  | 'library-shows-nothing'
  | 'no-empty-catch'
  | 'no-barrel'
  | 'no-double-assertion'
  | 'no-module-state';

export type Finding = {
  readonly rule: SourceRule;
  readonly path: string;
  readonly line: number;
  readonly text: string;
};

const PURE = /^gateway\/src\/(analysis|detection|policy|masking|protocol)\//;
const PRODUCT = /^(gateway|agent-tunnel|tui|desktop)\//;
const ENVIRONMENT_READERS = /^(gateway\/src\/config\/|agent-tunnel\/src\/settings)/;
/** The client library under the command, the terminal UI and the desktop app. */
const LIBRARY = /^agent-tunnel\/src\/(client|daemon|evidence|identity|profile|tunnel)\//;
const TEST = /\.test\.tsx?$/;

/** Names of the global scope whose value, or effect, is not decided by arguments. */
const AMBIENT = new Set([
  ...['process', 'global', 'globalThis', 'window', 'self', 'console', 'performance', 'crypto', 'navigator'],
  ...['fetch', 'WebSocket', 'EventSource', 'Worker', 'BroadcastChannel', 'localStorage'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
]);
const AMBIENT_PROPERTIES = new Set(['Date.now', 'Math.random']);
/** Of node:crypto: what always gives the same answer for the same input. */
const PURE_CRYPTO = new Set([
  ...['createHash', 'createHmac', 'createSecretKey', 'hash', 'pbkdf2Sync', 'timingSafeEqual', 'Hash', 'Hmac'],
]);

/** Everything in one file that breaks a rule. `path` is relative to the repository's top, with `/`. */
export function checkSource(path: string, text: string): readonly Finding[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kindOf(path));
  const findings: Finding[] = [];
  const report = (rule: SourceRule, node: ts.Node) => {
    const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
    findings.push({ rule, path, line: line + 1, text: node.getText(file).slice(0, 80) });
  };
  const isProduct = PRODUCT.test(path) && !TEST.test(path);
  const rules: ((node: ts.Node) => void)[] = [
    (node) => checkCatch(node, report),
    (node) => checkAssertion(node, report),
  ];
  if (isProduct && PURE.test(path)) rules.push((node) => checkPure(node, report));
  if (isProduct && !ENVIRONMENT_READERS.test(path)) rules.push((node) => checkEnvironment(node, report));
  if (isProduct && LIBRARY.test(path)) rules.push((node) => checkShows(node, report));
  const visit = (node: ts.Node) => {
    for (const rule of rules) rule(node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  checkBarrel(file, report);
  if (isProduct) checkModuleState(file, report);
  return findings;
}

type Report = (rule: SourceRule, node: ts.Node) => void;

function kindOf(path: string): ts.ScriptKind {
  return path.endsWith('.tsx') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
}

function checkPure(node: ts.Node, report: Report): void {
  if (ts.isIdentifier(node) && AMBIENT.has(node.text) && isValueReference(node)) report('pure-is-ambient-free', node);
  if (ts.isPropertyAccessExpression(node) && AMBIENT_PROPERTIES.has(node.getText()))
    report('pure-is-ambient-free', node);
  const isDate = (ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'Date';
  if (isDate && (node.arguments ?? []).length === 0) report('pure-is-ambient-free', node);
  if (ts.isImportDeclaration(node) && /^(node:)?crypto$/.test(moduleOf(node))) {
    const bindings = node.importClause?.namedBindings;
    const isNamed = bindings !== undefined && ts.isNamedImports(bindings) && node.importClause?.name === undefined;
    const imported = isNamed ? bindings.elements.map((element) => (element.propertyName ?? element.name).text) : ['*'];
    if (imported.some((name) => !PURE_CRYPTO.has(name))) report('pure-crypto-only-hashes', node);
  }
}

/** An identifier that reads a global, rather than naming a property, a type, a parameter or a local of that name. */
function isValueReference(node: ts.Identifier): boolean {
  return !isName(node) && !isShadowed(node);
}

function isName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isPropertyAssignment(parent) || ts.isBindingElement(parent)) return parent.initializer !== node;
  if (ts.isVariableDeclaration(parent) || ts.isParameter(parent)) return parent.initializer !== node;
  return (
    ts.isPropertySignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isFunctionDeclaration(parent) ||
    ts.isImportClause(parent) ||
    ts.isImportSpecifier(parent) ||
    ts.isNamespaceImport(parent) ||
    ts.isTypeReferenceNode(parent) ||
    ts.isQualifiedName(parent)
  );
}

/** Whether a function around it has a parameter, or a block or loop a variable, of the same name. */
function isShadowed(node: ts.Identifier): boolean {
  for (let scope: ts.Node = node.parent; !ts.isSourceFile(scope); scope = scope.parent) {
    if (ts.isFunctionLike(scope) && scope.parameters.some((parameter) => declares(parameter.name, node.text)))
      return true;
    const loop =
      ts.isForOfStatement(scope) || ts.isForInStatement(scope) || ts.isForStatement(scope) ? scope : undefined;
    const counter = loop?.initializer;
    if (counter !== undefined && ts.isVariableDeclarationList(counter) && declaresAny(counter, node.text)) return true;
    if (ts.isBlock(scope) && scope.statements.some((statement) => declaresIn(statement, node.text))) return true;
  }
  return false;
}

function declaresIn(statement: ts.Statement, name: string): boolean {
  return ts.isVariableStatement(statement) && declaresAny(statement.declarationList, name);
}

function declaresAny(list: ts.VariableDeclarationList, name: string): boolean {
  return list.declarations.some((declaration) => declares(declaration.name, name));
}

function declares(binding: ts.BindingName, name: string): boolean {
  if (ts.isIdentifier(binding)) return binding.text === name;
  return binding.elements.some((element) => ts.isBindingElement(element) && declares(element.name, name));
}

function checkEnvironment(node: ts.Node, report: Report): void {
  const isProperty = ts.isPropertyAccessExpression(node) && node.name.text === 'env';
  const isElement = ts.isElementAccessExpression(node) && /^['"`]env['"`]$/.test(node.argumentExpression.getText());
  if ((isProperty || isElement) && /(^|\.)process$/.test(node.expression.getText())) {
    report('environment-only-in-config', node);
  }
  if (ts.isVariableDeclaration(node) && node.initializer?.getText() === 'process' && declaresEnv(node.name)) {
    report('environment-only-in-config', node);
  }
  if (ts.isImportDeclaration(node) && /^(node:)?process$/.test(moduleOf(node))) {
    const bindings = node.importClause?.namedBindings;
    const names = bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements : [];
    if (names.some((element) => (element.propertyName ?? element.name).text === 'env')) {
      report('environment-only-in-config', node);
    }
  }
}

/** `const { env } = process` */
function declaresEnv(binding: ts.BindingName): boolean {
  if (!ts.isObjectBindingPattern(binding)) return false;
  return binding.elements.some((element) => (element.propertyName ?? element.name).getText() === 'env');
}

/** `console`, the standard streams, and the ends of a process belong to whoever shows something. */
function checkShows(node: ts.Node, report: Report): void {
  if (ts.isIdentifier(node) && node.text === 'console' && isValueReference(node)) report('library-shows-nothing', node);
  const ofProcess = ts.isPropertyAccessExpression(node) && node.expression.getText() === 'process';
  if (ofProcess && ['stdout', 'stderr', 'stdin', 'exit', 'exitCode'].includes(node.name.text))
    report('library-shows-nothing', node);
}

function checkCatch(node: ts.Node, report: Report): void {
  if (ts.isCatchClause(node) && isSilent(node.block)) report('no-empty-catch', node);
  const isCatchCall =
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === 'catch';
  const handler = isCatchCall ? node.arguments[0] : undefined;
  const isFunction = handler !== undefined && (ts.isArrowFunction(handler) || ts.isFunctionExpression(handler));
  if (isFunction && ts.isBlock(handler.body) && isSilent(handler.body)) report('no-empty-catch', node);
}

/** Neither acts nor says why not. */
function isSilent(block: ts.Block): boolean {
  return block.statements.length === 0 && !/\/[/*]/.test(block.getText());
}

function checkAssertion(node: ts.Node, report: Report): void {
  if (!ts.isAsExpression(node) || !ts.isAsExpression(node.expression)) return;
  const { kind } = node.expression.type;
  if (kind === ts.SyntaxKind.UnknownKeyword || kind === ts.SyntaxKind.AnyKeyword) report('no-double-assertion', node);
}

function checkBarrel(file: ts.SourceFile, report: Report): void {
  const isReExport = (node: ts.Statement) => ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined;
  const stars = file.statements.filter((node) => isReExport(node) && /^export (type )?\*/.test(node.getText(file)));
  for (const star of stars) report('no-barrel', star);
  const [first] = file.statements;
  if (first !== undefined && stars.length === 0 && file.statements.every(isReExport)) report('no-barrel', first);
}

/** A `let` or `var` that outlives every call. */
function checkModuleState(file: ts.SourceFile, report: Report): void {
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    if ((statement.declarationList.flags & ts.NodeFlags.Const) === 0) report('no-module-state', statement);
  }
}

function moduleOf(node: ts.ImportDeclaration): string {
  return ts.isStringLiteral(node.moduleSpecifier) ? node.moduleSpecifier.text : '';
}
