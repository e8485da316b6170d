/**
 * What zod reports about a document → problems that a person can act on.
 */
import type { z } from 'zod';
import { nearest } from './nearest.ts';
import type { ConfigProblem } from './problem.ts';
import type { Path, YamlDocument } from './yaml-documents.ts';

type Issue = z.core.$ZodIssue;

/** @param jsonSchema JSON Schema of the same document: it knows which keys exist where. */
export function problemsOfIssues(
  document: YamlDocument,
  issues: readonly Issue[],
  jsonSchema: unknown,
): ConfigProblem[] {
  return issues.flatMap((issue) => {
    const path = pathOf(issue.path);
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(document, path, key, jsonSchema));
    return [{ file: document.file, ...document.placeOf(path), ...inWords(document, path, issue) }];
  });
}

function pathOf(path: readonly PropertyKey[]): Path {
  return path.map((part) => (typeof part === 'number' ? part : String(part)));
}

function unknownKey(document: YamlDocument, path: Path, key: string, jsonSchema: unknown): ConfigProblem {
  const known = knownKeys(jsonSchema, path);
  const place = { file: document.file, ...document.placeOfKey(path, key) };
  const message = `unknown key "${key}"${path.length === 0 ? '' : ` in ${inDots(path)}`}`;
  if (known.includes('env') && ['value', 'plain', 'text', 'literal'].includes(key)) {
    return {
      ...place,
      message: `${message}: secrets do not stand in the configuration`,
      remedy: 'Use file, env or command.',
    };
  }
  const guess = nearest(key, known);
  const list = known.filter((name) => name !== 'kind').join(', ');
  return { ...place, message, remedy: guess === null ? `Known are ${list}.` : `Did you mean "${guess}"?` };
}

/** Walks a JSON Schema along a path to an object's properties; empty where it cannot follow. */
function knownKeys(schema: unknown, path: Path): string[] {
  let current: unknown = schema;
  for (const part of path) {
    current = typeof part === 'number' ? property(current, 'items') : property(property(current, 'properties'), part);
  }
  const properties = property(current, 'properties');
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}

function inWords(document: YamlDocument, path: Path, issue: Issue): { message: string; remedy: string } {
  const name = path.length === 0 ? 'this document' : inDots(path);
  const found = valueAt(document.value, path);
  switch (issue.code) {
    case 'invalid_type':
      if (found === undefined)
        return { message: `${name} is missing`, remedy: `Add it: ${typeInWords(issue.expected)}.` };
      if (found === null)
        return {
          message: `${name} is empty`,
          remedy: `Give it a value, or remove it: ${typeInWords(issue.expected)}.`,
        };
      return { message: `${name} is ${kindOf(found)}`, remedy: `It has to be ${typeInWords(issue.expected)}.` };
    case 'invalid_value': {
      const allowed = issue.values.map(String);
      if (found === undefined) return { message: `${name} is missing`, remedy: `Write one of ${allowed.join(', ')}.` };
      const guess = typeof found === 'string' ? nearest(found, allowed) : null;
      return {
        message: `${name} is ${show(found)}`,
        remedy: guess === null ? `It has to be one of ${allowed.join(', ')}.` : `Did you mean "${guess}"?`,
      };
    }
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? { message: `${name} is empty`, remedy: 'Give it a value, or remove the key.' }
        : { message: `${name} is ${show(found)}`, remedy: `The least is ${issue.minimum}.` };
    case 'too_big':
      return { message: `${name} is too big`, remedy: `The most is ${issue.maximum}.` };
    case 'custom': {
      const remedy: unknown = issue.params?.['remedy'];
      return {
        message: `${name}: ${issue.message}`,
        remedy: typeof remedy === 'string' ? remedy : 'See docs/configuration.md.',
      };
    }
    default:
      return { message: `${name}: ${issue.message}`, remedy: 'See docs/configuration.md.' };
  }
}

/** `agents[0].clientId` */
function inDots(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (current, part) =>
      typeof part === 'number' && Array.isArray(current) ? current[part] : property(current, String(part)),
    value,
  );
}

/** Values are shown only where they are one of few words or a number: longer text could be a pasted secret. */
function show(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string' && value.length <= 40) return `"${value}"`;
  return kindOf(value);
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (value === null) return 'empty';
  switch (typeof value) {
    case 'object':
      return 'a map of keys';
    case 'string':
      return 'a text';
    case 'number':
      return Number.isInteger(value) ? 'a number' : 'a number with a fraction';
    case 'boolean':
      return 'true or false';
    default:
      return 'something else';
  }
}

function typeInWords(expected: string): string {
  const words: Readonly<Record<string, string>> = {
    string: 'a text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list ("- one" on each line, or [one, two])',
    tuple: 'a list',
    object: 'a map of keys ("key: value" on each line)',
    record: 'a map of keys ("key: value" on each line)',
  };
  return words[expected] ?? expected;
}
