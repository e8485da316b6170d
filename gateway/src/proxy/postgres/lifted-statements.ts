/**
 * Statements of the simple protocol that differ only in literals, run as one prepared statement with the literals as its
 * parameters: then the server parses, prints and plans it once, and a run costs one round trip.
 *
 * It changes nothing in what is decided: the prepared statement has a plan of its own, made and checked like any other.
 * And it changes nothing in what is meant: the server's tree of the one has to be the tree of the other, with parameters
 * of the same types where the literals stood (`isLiftedTree`), and only values that their types take for certain are
 * bound (`isSureInput`).
 */
import { LRUCache } from 'lru-cache';
import { type Literal, type TextWithLiterals, withoutLiterals } from '../../analysis/postgres/gate/literals.ts';
import { constantTypes, isBlindToText, isLiftedTree } from '../../analysis/postgres/lifted-tree.ts';
import { isSureInput } from '../../analysis/postgres/sure-input.ts';
import type { Plan } from './plan.ts';
import { growingTo } from './session-cache.ts';

/** Shapes remembered per session. */
export const MAX_SHAPES_PER_SESSION = 256;
/** Statements of one shape that differ in a literal which cannot be lifted (LIMIT 10, LIMIT 20). */
export const MAX_VARIANTS = 4;
/** Statements that wait to be prepared; what comes then is left out, until it comes again. */
export const MAX_WAITING_LIFTS = 8;
/** Parameters of one statement; a text with more literals is left alone. */
export const MAX_LIFTED_LITERALS = 64;
/** A shape whose statement had to be given up this often, since definitions or settings kept changing, is left alone. */
export const MAX_LIFTS_PER_SHAPE = 3;

/** A literal of the text, and what it becomes: a parameter, or part of the statement. */
type Place =
  | { readonly kind: 'parameter'; readonly typeOid: number; readonly signed: boolean }
  | { readonly kind: 'fixed'; readonly value: string };

type Variant = { readonly places: readonly Place[]; plan: Plan | null; waits: boolean };
type Shape = { seen: number; lifted: number; variants: Variant[] };

/** A statement that could be prepared with its literals as parameters. */
export type Candidate = { readonly text: string; readonly types: readonly number[]; readonly answer: Answer };
type Answer = (prepared: { readonly plan: Plan; readonly trees: readonly string[] } | null) => void;

/** A prepared statement, and the values of this text for its parameters. */
export type Lifted = { readonly plan: Plan; readonly values: readonly Buffer[] };

export class LiftedStatements {
  readonly #shapes = new LRUCache<string, Shape>(growingTo(MAX_SHAPES_PER_SESSION));
  #waiting: Candidate[] = [];

  /** The prepared statement that this text is a run of. */
  find(text: string): Lifted | null {
    if (this.#shapes.size === 0) return null;
    const read = withoutLiterals(text);
    const shape = read === null ? undefined : this.#shapes.get(read.shape);
    if (read === null || shape === undefined) return null;
    for (const variant of shape.variants) {
      const { plan } = variant;
      if (plan === null) continue;
      const values = valuesOf(text, read.literals, variant.places);
      if (values === null) continue;
      if (plan.upstreamName !== null) return { plan, values };
      variant.plan = null;
    }
    return null;
  }

  /**
   * A text that was run as it is: the second of a shape is worth preparing. `trees`: as the server printed them for it.
   */
  note(text: string, trees: readonly string[]): void {
    const read = withoutLiterals(text);
    const [tree] = trees;
    if (read === null || read.literals.length === 0 || read.literals.length > MAX_LIFTED_LITERALS) return;
    if (tree === undefined || trees.length > 1) return;
    const shape = this.#shapes.get(read.shape) ?? { seen: 0, lifted: 0, variants: [] };
    this.#shapes.set(read.shape, shape);
    shape.seen += 1;
    if (shape.seen < 2 || shape.lifted >= MAX_LIFTS_PER_SHAPE || this.#waiting.length >= MAX_WAITING_LIFTS) return;
    const places = placesOf(text, read, tree);
    if (places === null) {
      shape.lifted = MAX_LIFTS_PER_SHAPE;
      return;
    }
    this.#lift(shape, text, read.literals, places, tree);
  }

  #lift(shape: Shape, text: string, literals: readonly Literal[], places: readonly Place[], tree: string): void {
    const known = shape.variants.find((variant) => isSame(variant.places, places));
    if (known === undefined ? shape.variants.length >= MAX_VARIANTS : known.waits || known.plan !== null) return;
    const variant = known ?? { places, plan: null, waits: true };
    if (known === undefined) shape.variants.push(variant);
    else shape.lifted += 1;
    variant.waits = true;
    const positions = positionsOf(literals, places);
    this.#waiting.push({
      text: liftedText(text, literals, places),
      types: places.flatMap((place) => (place.kind === 'parameter' ? [place.typeOid] : [])),
      answer: (prepared) => {
        variant.waits = false;
        const [liftedTree] = prepared?.trees ?? [];
        if (prepared !== null && liftedTree !== undefined && isLiftedTree(tree, liftedTree, positions))
          variant.plan = prepared.plan;
        else shape.lifted = MAX_LIFTS_PER_SHAPE;
      },
    });
  }

  /** What waits to be prepared; empty most of the time. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  takeWaiting(): readonly Candidate[] {
    return this.#waiting.splice(0);
  }

  /** The prepared statement is outdated: it is prepared again when its shape comes again. */
  drop(plan: Plan): void {
    for (const shape of this.#shapes.values())
      for (const variant of shape.variants) if (variant.plan === plan) variant.plan = null;
  }

  /** The server forgot all statements. */
  clear(): void {
    this.#shapes.clear();
    this.#waiting = [];
  }
}

/** Where a word like this stands before a number, the planner counts on its value. */
const COUNTED = /\b(?:limit|offset|first|next)\s*$/i;

/** Null when nothing can be lifted. */
function placesOf(text: string, { literals }: TextWithLiterals, tree: string): readonly Place[] | null {
  if (!isBlindToText(tree)) return null;
  const types = constantTypes(tree);
  const places = literals.map(({ start, value }): Place => {
    const fixed = { kind: 'fixed', value } as const;
    if (COUNTED.test(text.slice(Math.max(0, start - 16), start))) return fixed;
    const signed = text[start - 1] === '-' && types.has(start - 1);
    const typeOid = types.get(signed ? start - 1 : start);
    if (typeOid === undefined || !isSureInput(typeOid, signed ? `-${value}` : value)) return fixed;
    return { kind: 'parameter', typeOid, signed };
  });
  return places.some((place) => place.kind === 'parameter') ? places : null;
}

function isSame(some: readonly Place[], others: readonly Place[]): boolean {
  return JSON.stringify(some) === JSON.stringify(others);
}

/** Values for the parameters; null when this text is no run of that statement. */
function valuesOf(text: string, literals: readonly Literal[], places: readonly Place[]): readonly Buffer[] | null {
  if (literals.length !== places.length) return null;
  const values: Buffer[] = [];
  for (const [index, { value }] of literals.entries()) {
    const place = places[index];
    if (place === undefined) return null;
    if (place.kind === 'fixed') {
      if (place.value !== value) return null;
      continue;
    }
    const given = place.signed ? `-${value}` : value;
    if (!isSureInput(place.typeOid, given)) return null;
    values.push(Buffer.from(given, 'latin1'));
  }
  return values;
}

/** Positions of what becomes a parameter, as trees tell them. */
function positionsOf(literals: readonly Literal[], places: readonly Place[]): readonly number[] {
  return literals.flatMap(({ start }, index) => {
    const place = places[index];
    return place?.kind === 'parameter' ? [place.signed ? start - 1 : start] : [];
  });
}

function liftedText(text: string, literals: readonly Literal[], places: readonly Place[]): string {
  let lifted = '';
  let from = 0;
  let number = 0;
  for (const [index, { start, end }] of literals.entries()) {
    const place = places[index];
    if (place?.kind !== 'parameter') continue;
    number += 1;
    lifted += `${text.slice(from, place.signed ? start - 1 : start)}$${number}`;
    from = end;
  }
  return lifted + text.slice(from);
}
