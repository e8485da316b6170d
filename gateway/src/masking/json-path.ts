/**
 * Places inside a JSON document, as a label's `path` names them: `$.ssn`, `$.person.ssn`, `$.cards[*].number`,
 * `$["a key"]`. A part of SQL/JSON's paths: members by name, and every element of an array.
 */

/** A member of an object, or every element of an array (null). */
export type JsonStep = string | null;

/** Most steps of a path. */
const MAX_STEPS = 16;

/** Null for what is no such path. */
export function parseJsonPath(text: string): readonly JsonStep[] | null {
  if (!text.startsWith('$')) return null;
  const steps: JsonStep[] = [];
  for (let rest = text.slice(1); rest !== ''; ) {
    const found = /^(?:\.([A-Za-z_][\w$-]*)|\[("(?:[^"\\]|\\.)*")\]|(\[\*\]))/.exec(rest);
    if (found === null) return null;
    const [whole, name, quoted] = found;
    const step = name ?? (quoted === undefined ? null : unquoted(quoted));
    if (step === undefined) return null;
    steps.push(step);
    rest = rest.slice(whole.length);
  }
  return steps.length === 0 || steps.length > MAX_STEPS ? null : steps;
}

/** Undefined for an escape that JSON does not know. */
function unquoted(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : undefined;
  } catch {
    // Told to whoever wrote the path, with its place.
    return undefined;
  }
}
