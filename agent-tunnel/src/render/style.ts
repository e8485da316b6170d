import type { Effect, Label } from '@sluice/contract/vocabulary';

/** Colours and weights; each returns its text unchanged when the output is no terminal. */
export type Style = {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
};

export function makeStyle(isColoured: boolean): Style {
  const paint = (on: number, off: number) => (text: string) => (isColoured ? `\x1b[${on}m${text}\x1b[${off}m` : text);
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    cyan: paint(36, 39),
  };
}

export function paintEffect(style: Style, effect: Effect): string {
  const paint = { allow: style.green, mask: style.cyan, hold: style.yellow, refuse: style.red }[effect];
  return paint(effect);
}

export function paintLabel(style: Style, label: Label): string {
  const paint = { public: style.dim, internal: style.dim, confidential: style.yellow, regulated: style.red }[label];
  return paint(label);
}
