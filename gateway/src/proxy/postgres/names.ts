import { SluiceError } from '@sluice/contract/errors';
import type { BindMessage } from '../../protocol/postgres/frontend.ts';
import { type NameChange, NameChanges } from './name-changes.ts';
import type { Plan, Understood } from './plan.ts';

/** A prepared statement under the client's name for it. */
export type NamedStatement = { readonly plan: Plan };

/** A plan with the verdict under which it runs. */
export type Opened = Pick<Portal, 'plan' | 'understood' | 'bind'>;

/** A portal or cursor: its rows come under the verdict of the plan that opened it. */
export type Portal = {
  readonly plan: Plan;
  /** The verdict with which it was opened. The plan may be understood anew meanwhile; the rows of this portal stay what they were. */
  understood: Understood;
  /** How it was bound; null for a cursor of DECLARE (all text, unless FETCHed in binary through a Bind of its own). */
  readonly bind: BindMessage | null;
  /** The session's epoch at which that verdict was made. */
  epoch: number;
  /** A BINARY cursor: FETCH answers in binary by the simple protocol. */
  readonly binary: boolean;
  /** Executed at least once: what it runs is decided by now, also for statements that the server analyses only then. */
  started: boolean;
  /** Admitted at least once since it was bound: what it costs has been paid. */
  admitted?: boolean;
};

/**
 * Whether what is left of a portal would still do what was decided about. Functions of users resolve the names in
 * their bodies anew at every call, so they may mean something else once a setting or definition has changed: then
 * the same tree has to be understood again.
 */
export function stillHolds(portal: Portal, epoch: number): boolean {
  return portal.understood.restsOn === 'tree' || portal.epoch === epoch;
}

/** The error when it does not. */
export function outlived(portal: string): SluiceError {
  return new SluiceError(
    'PORTAL_UNKNOWN',
    `settings or definitions have changed since "${portal}" was opened, and it runs functions that may depend on them`,
    { remedy: 'open it again' },
  );
}

/**
 * What this session's names stand for. Verdicts are bound to names, so a name whose meaning is in doubt (its Bind
 * or DECLARE failed, so the server may still hold an older object of that name) is forgotten, and unknown names are
 * refused. Bounded by `limits.maxPreparedStatementsPerSession`, statements and portals each.
 */
export class Names {
  readonly #statements = new Map<string, NamedStatement>();
  readonly #changes = new NameChanges(this.#statements);
  readonly #sqlStatements = new Map<string, Plan>();
  readonly #portals = new Map<string, Portal>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  statement(name: string): NamedStatement | undefined {
    return this.#statements.get(name);
  }

  /** The statement that EXECUTE runs under this name, made by PREPARE or by message. */
  preparedStatement(name: string): Plan | undefined {
    return this.#sqlStatements.get(name) ?? this.#statements.get(name)?.plan;
  }

  /** Names of the statements made by message; the unnamed one is ''. */
  statementNames(): readonly string[] {
    return [...this.#statements.keys()];
  }

  setStatement(name: string, statement: NamedStatement): void {
    this.#bound(this.#statements, name, 'prepared statements');
    this.#statements.set(name, statement);
  }

  dropStatement(name: string): void {
    this.#statements.delete(name);
  }

  /** By a message on its way, which the server may skip; it has to be confirmed or undone. Undefined: closed. */
  changeStatement(name: string, to: NamedStatement | undefined, syncs: number): NameChange<NamedStatement> {
    if (to !== undefined) this.#bound(this.#statements, name, 'prepared statements');
    return this.#changes.change(name, to, syncs);
  }

  confirm(change: NameChange<NamedStatement>): void {
    this.#changes.confirm(change);
  }

  undo(change: NameChange<NamedStatement>): void {
    this.#changes.undo(change);
  }

  /** True while the server may still skip what changed the name, in front of a Sync that came since. */
  isStatementInDoubt(name: string, syncs: number): boolean {
    return this.#changes.isInDoubt(name, syncs);
  }

  /** Statements of SQL's own PREPARE. The server keeps them under the same name. */
  sqlStatement(name: string): Plan | undefined {
    return this.#sqlStatements.get(name);
  }

  setSqlStatement(name: string, plan: Plan): void {
    this.#bound(this.#sqlStatements, name, 'prepared statements');
    this.#sqlStatements.set(name, plan);
  }

  dropSqlStatement(name: string): void {
    this.#sqlStatements.delete(name);
  }

  dropAllStatements(): void {
    this.#changes.clear();
    this.#sqlStatements.clear();
  }

  portal(name: string): Portal | undefined {
    return this.#portals.get(name);
  }

  /** Portals whose names are `name` once both have gone through `normalise`. */
  portalsAlike(name: string, normalise: (name: string) => string): readonly (readonly [string, Portal])[] {
    return [...this.#portals].filter(([known]) => normalise(known) === name);
  }

  setPortal(name: string, portal: Portal): void {
    this.#bound(this.#portals, name, 'portals');
    this.#portals.set(name, portal);
  }

  dropPortal(name: string): void {
    this.#portals.delete(name);
  }

  dropAllPortals(): void {
    this.#portals.clear();
  }

  #bound(map: ReadonlyMap<string, unknown>, name: string, what: string): void {
    if (map.size >= this.#max && !map.has(name)) {
      throw new SluiceError(
        'LIMIT_REACHED',
        `this session already has ${this.#max} ${what} (limits.maxPreparedStatementsPerSession)`,
        { remedy: 'close the ones that are not used any more' },
      );
    }
  }
}
