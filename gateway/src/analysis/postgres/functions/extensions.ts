/** Looks up the judgement of a function that came with an extension which PostgreSQL ships. */
import type { FunctionFacts } from '../facts.ts';
import type { BuiltInClass } from './built-in.ts';
import { EXTENSION_LIST } from './extension-list.ts';

export type ExtensionFunction = {
  readonly extension: string;
  readonly versions: readonly string[];
  readonly signature: string;
  /** `library:symbol`; `internal:symbol` for a function of the server itself under another name. */
  readonly symbol: string;
  readonly class: Extract<BuiltInClass, 'total' | 'faultable' | 'query-text' | 'refused'>;
  readonly reason: string;
};

/** Every line of the list. */
export const EXTENSION_FUNCTIONS: readonly ExtensionFunction[] = EXTENSION_LIST.trim().split('\n').map(parseLine);

/** Extensions with reviewed functions. */
export const EXTENSION_NAMES: readonly string[] = [...new Set(EXTENSION_FUNCTIONS.map((one) => one.extension))];

const BY_IDENTITY: ReadonlyMap<string, ExtensionFunction> = new Map(
  EXTENSION_FUNCTIONS.flatMap((one) =>
    one.versions.map((version) => [identity(one.extension, version, one.signature, one.symbol), one] as const),
  ),
);

/**
 * The judgement of a function that an extension owns; undefined when it is not exactly one of those that the extension
 * came with in this version: another signature, another symbol, another library.
 */
export function extensionFunction(facts: FunctionFacts): ExtensionFunction | undefined {
  const { extension } = facts;
  if (extension === null || (facts.language !== 'c' && facts.language !== 'internal')) return undefined;
  const symbol = `${facts.language === 'c' ? facts.library : 'internal'}:${facts.body}`;
  return BY_IDENTITY.get(identity(extension.name, extension.version, bareSignature(facts), symbol));
}

/** `name(types)` with the types of the extension spelt without a schema. */
function bareSignature(facts: FunctionFacts): string {
  const types = facts.signature.slice(facts.signature.indexOf('(') + 1, -1).split(', ');
  return `${facts.name}(${types.map((type) => type.slice(type.lastIndexOf('.') + 1)).join(', ')})`;
}

function identity(extension: string, version: string, signature: string, symbol: string): string {
  return [extension, version, signature, symbol].join(' | ');
}

function parseLine(line: string): ExtensionFunction {
  const [extension = '', versions = '', signature = '', , symbol = '', , judged = '', reason = ''] = line.split(' | ');
  return { extension, versions: versions.split(' '), signature, symbol, class: classOf(judged), reason };
}

/** What is misspelt in the list is refused. */
function classOf(text: string): ExtensionFunction['class'] {
  return text === 'total' || text === 'faultable' || text === 'query-text' ? text : 'refused';
}
