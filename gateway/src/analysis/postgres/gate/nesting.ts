/**
 * How deeply a text nests, counted before the grammar sees it: parentheses and brackets outside strings, quoted names
 * and comments. The grammar's own stack is what this protects.
 */
export const MAX_NESTING = 64;

export function nestsTooDeeply(text: string): boolean {
  let depth = 0;
  let at = 0;
  while (at < text.length) {
    const character = text[at];
    switch (character) {
      case '(':
      case '[':
        if (++depth > MAX_NESTING) return true;
        at++;
        break;
      case ')':
      case ']':
        depth = Math.max(0, depth - 1);
        at++;
        break;
      case "'":
        at = skipQuoted(
          text,
          at,
          "'",
          /[eE]/.test(text[at - 1] ?? '') && !/[\w$\u0080-\uffff]/.test(text[at - 2] ?? ''),
        );
        break;
      case '"':
        at = skipQuoted(text, at, '"', false);
        break;
      case '$':
        at = skipDollar(text, at);
        break;
      case '-':
        at = text[at + 1] === '-' ? skipTo(text, '\n', at + 2) : at + 1;
        break;
      case '/':
        at = text[at + 1] === '*' ? skipComment(text, at + 2) : at + 1;
        break;
      default:
        at++;
    }
  }
  return false;
}

/** Past the closing quote. A doubled quote ends one string and begins the next, which comes to the same. */
function skipQuoted(text: string, start: number, quote: string, backslashes: boolean): number {
  for (let at = start + 1; at < text.length; at++) {
    if (backslashes && text[at] === '\\') at++;
    else if (text[at] === quote) return at + 1;
  }
  return text.length;
}

function skipDollar(text: string, start: number): number {
  const tag = /^\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/.exec(text.slice(start, start + 128))?.[0];
  if (tag === undefined || /[\w\u0080-\uffff]/.test(text[start - 1] ?? '')) return start + 1;
  return skipTo(text, tag, start + tag.length);
}

function skipTo(text: string, end: string, from: number): number {
  const found = text.indexOf(end, from);
  return found < 0 ? text.length : found + end.length;
}

/** Comments nest in PostgreSQL. */
function skipComment(text: string, start: number): number {
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    if (text.startsWith('/*', at)) {
      depth++;
      at++;
    } else if (text.startsWith('*/', at)) {
      at++;
      if (--depth === 0) return at + 1;
    }
  }
  return text.length;
}
