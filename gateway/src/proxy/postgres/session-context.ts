import type { EffectPreview } from '@sluice/contract/api';
import { SluiceError } from '@sluice/contract/errors';
import { labelRank } from '@sluice/contract/vocabulary';
import { columnKey, type Flows } from '../../analysis/flows.ts';
import type { LabelChanges } from '../../approval/label-changes.ts';
import type { ResourceCatalog } from '../../catalog/resource-catalog.ts';
import { SessionFacts } from '../../catalog/schema-facts.ts';
import type { Detectors } from '../../detection/detectors.ts';
import type { ColumnNames } from '../../detection/names.ts';
import type { ShownValues } from '../../detection/shown-values.ts';
import type { MaskScope } from '../../masking/plan.ts';
import type { FieldDescription } from '../../protocol/postgres/backend.ts';
import { encodeNotificationResponse } from '../../protocol/postgres/backend-encode.ts';
import { encodeFrontend } from '../../protocol/postgres/frontend-encode.ts';
import type { PipelinePorts } from '../../session/pipeline.ts';
import type { Session } from '../../session/session.ts';
import type { Oracle } from '../../upstream/postgres-connection.ts';
import type { Announcements } from './announcements.ts';
import { OWN_PREFIX } from './bounds.ts';
import { ClientMinMessages } from './client-min-messages.ts';
import { CopyIn } from './copy-in.ts';
import { CreatedRelations } from './created-relations.ts';
import type { Exchange, Synced } from './exchange.ts';
import { FlowCache } from './flow-cache.ts';
import type { GatePool } from './gate-pool.ts';
import { LiftedStatements } from './lifted-statements.ts';
import type { NotificationResponse } from './link-owner.ts';
import { Names, type Opened } from './names.ts';
import { NestedTrees } from './nested-trees.ts';
import { type Plan, PlanCache, type Understood } from './plan.ts';
import { SessionFactSource } from './session-fact-source.ts';
import type { StatementEffects } from './statement-effects.ts';
import type { LabelledFlows } from './understand.ts';
import type { UpstreamLink } from './upstream-link.ts';
import { writtenNotification } from './written-notification.ts';

/** What the gateway needs besides the session itself. One per gateway and resource. */
export type PostgresPorts = PipelinePorts & {
  readonly catalog: ResourceCatalog;
  readonly gate: GatePool;
  readonly maxNames: number;
  /** What keyed masks of this resource are made with. */
  readonly masks: MaskScope;
  /** What people were shown of classified columns, of all resources. */
  readonly shown: ShownValues;
  /** What looks classified by itself. */
  readonly detectors: Detectors;
  /** Columns that are called like something classified. */
  readonly columnNames: ColumnNames;
  /** Labels that follow the values of approved statements. */
  readonly labelChanges: LabelChanges;
  /** What a held statement would do, for its approver. Never rejects. */
  readonly preview: (context: SessionContext, opened: Opened) => Promise<EffectPreview>;
  readonly announcements: Announcements;
};

/** Facts about the upstream that enter an approval's binding. */
export type UpstreamFacts = {
  readonly database: string;
  readonly role: string;
  readonly serverMajor: number;
  /** Settings as the server reported them at sign-in (manual 55.2.7). */
  readonly reported: ReadonlyMap<string, string>;
  /** How the server tells what it makes of statements, on the connection of this session. */
  readonly oracle: Oracle;
};

const SYNC = { kind: 'Sync' } as const;
const NOTHING_TO_CONFIRM = (): void => undefined;
const REFUSED_STATEMENT = `${OWN_PREFIX}refused`;

/**
 * What the handlers of one PostgreSQL session share. The handlers run one at a time, in the order of the client's
 * messages.
 */
export class SessionContext {
  readonly session: Session;
  readonly link: UpstreamLink;
  readonly ports: PostgresPorts;
  readonly upstream: UpstreamFacts;
  readonly names: Names;
  readonly plans: PlanCache;
  /** Definitions as this session sees them. */
  readonly facts = new SessionFacts();
  readonly factSource: SessionFactSource;
  readonly flowCache = new FlowCache();
  readonly lifted = new LiftedStatements();
  /** Relations that this session has made from queries and whose columns are not labelled after them yet. */
  readonly created = new CreatedRelations();
  readonly labelled = new WeakMap<Flows, LabelledFlows>();
  readonly clientMinMessages: ClientMinMessages;
  /** Aborts the wait of a held statement: a CancelRequest, the client left, or the session ends. */
  holdCancel = new AbortController();
  /** Settings that the client changed, lower case: part of an approval's binding. */
  readonly changedSettings = new Map<string, string>();
  /** Settings that the client chose at start-up, lower case. */
  readonly startUpSettings: ReadonlyMap<string, string>;
  /** Trees of nested statements (function bodies, triggers) that ran: what the analysis did not see itself. */
  nestedTrees = 0;
  readonly nested: NestedTrees;
  readonly copyIn: CopyIn;
  /** The client wants the statement ended that is being decided about: it does not run then. */
  cancelRequested = false;
  /** The session's number at the server, and the one that its client knows; null where there is no client. */
  processIds: { readonly server: number; readonly client: number } | null = null;
  /** True while a statement waits for an approval. */
  holding = false;
  #recordStaged = false;
  /** True when something of the client's has been bound since the last Sync: a Sync of ours would commit it. */
  pipelineOpen = false;
  /** Portals that the client has bound since the last Sync. */
  portalsBound = 0;
  /** True when something of the client's was executed since the last Sync: its locks and changes are held until then. */
  #executed = false;
  #epoch = 0;
  #settingsInTransaction = false;
  #definitionsInTransaction = false;
  #factsEpoch = 0;
  /** The catalog's epoch when the transaction at hand began, and how often this session has raised it since. */
  #transactionEpoch = 0;
  #ownChanges = 0;
  #nextName = 1;
  #unconfirmed = 0;
  #trusted: boolean | null = null;
  /** The plan that the server's unnamed statement holds now. */
  unnamedPlan: Plan | null = null;
  readonly #forgotten: string[] = [];
  readonly #synced: Synced = {
    kind: 'sync',
    audience: 'client',
    // A transaction that nobody began ends here, and what it deferred runs.
    onNestedTree: (tree) => this.nested.deferred(tree),
    onReady: (status, failed) => {
      this.clientMinMessages.ready(status, failed);
      if (status === 'I') this.transactionEnded();
    },
  };

  constructor(
    session: Session,
    link: UpstreamLink,
    ports: PostgresPorts,
    upstream: UpstreamFacts,
    startUpSettings: readonly (readonly [name: string, value: string])[] = [],
    clientMinMessages = 'notice',
  ) {
    this.session = session;
    this.clientMinMessages = new ClientMinMessages(clientMinMessages);
    this.startUpSettings = new Map(startUpSettings);
    this.link = link;
    this.ports = ports;
    this.upstream = upstream;
    this.names = new Names(ports.maxNames);
    this.nested = new NestedTrees(this);
    this.copyIn = new CopyIn(this);
    this.plans = new PlanCache((plan) => this.forget(plan));
    this.factSource = new SessionFactSource(this, (facts) => ports.gate.prepareBody(facts, upstream.serverMajor));
  }

  /** An entry was staged for something that is about to be sent: it has to wait until the entry is written. */
  noteStaged(): void {
    this.#recordStaged = true;
  }

  /** Whether that was called since the last time. */
  takeStaged(): boolean {
    const staged = this.#recordStaged;
    this.#recordStaged = false;
    return staged;
  }

  /** Rises with everything that can change what a text means: the session's settings, anybody's DDL. */
  get epoch(): number {
    return this.#epoch * 1_000_000 + this.ports.catalog.epoch;
  }

  settingsChanged(): void {
    this.#epoch += 1;
    this.#settingsInTransaction = true;
  }

  /** The client writes a notification out: it, and other sessions of its principal, may read it. */
  announce(channel: string, payload: string): void {
    if (this.processIds === null) return;
    const { server, client } = this.processIds;
    this.ports.announcements.add({ principal: this.#principal(), processId: server, channel, payload }, client);
  }

  /** The same, where the statement is a query of `pg_notify`. */
  announceWritten(text: string, parameters: readonly (Buffer | null)[]): void {
    const written = writtenNotification(text, parameters);
    if (written !== null) this.announce(written.channel, written.payload);
  }

  /** A notification from the server as the client may see it; null for one that nobody of its principal wrote out. */
  notification({ processId, channel, payload }: NotificationResponse): Buffer | null {
    const from = this.ports.announcements.find({ principal: this.#principal(), processId, channel, payload });
    return from === null ? null : encodeNotificationResponse(from, channel, payload);
  }

  /** Who acts, on whose behalf. */
  #principal(): string {
    return JSON.stringify(this.session.principal.chain.map(({ id }) => id));
  }

  /** A definition changes: for this session now, for the others when the transaction ends. */
  definitionsChanged(): void {
    this.#definitionsInTransaction = true;
    this.#changeDefinitions();
  }

  /** COMMIT, ROLLBACK or ROLLBACK TO ran, perhaps inside a pipeline: what the transaction had changed may be undone by now. */
  transactionReverted(): void {
    if (this.#settingsInTransaction) this.#epoch += 1;
    if (this.#definitionsInTransaction) this.#changeDefinitions();
  }

  #changeDefinitions(): void {
    this.#ownChanges += 1;
    this.ports.catalog.definitionsChanged();
  }

  /** To be called when something is executed that changes what later messages mean; the answer, once the server has confirmed it. */
  effectsAsked(effects: StatementEffects): () => void {
    const undoes = effects.reverts && (this.#settingsInTransaction || this.#definitionsInTransaction);
    if (!effects.settings && !effects.schema && effects.names === null && !undoes) return NOTHING_TO_CONFIRM;
    this.#unconfirmed += 1;
    return () => {
      this.#unconfirmed -= 1;
    };
  }

  /** True when `effectsKnown` would neither wait nor say no. */
  get areEffectsKnown(): boolean {
    return this.#unconfirmed === 0 && !this.link.skipping;
  }

  /**
   * Waits until it is known what the statements on their way have changed: names, settings and definitions are judged
   * as the server will find them. False when one of them failed, so that everything up to Sync is skipped.
   */
  async effectsKnown(): Promise<boolean> {
    const { link } = this;
    if (this.#unconfirmed > 0 && !link.skipping) {
      link.ask(encodeFrontend({ kind: 'Flush' }));
      await link.settled();
    }
    return !link.skipping;
  }

  /**
   * Policy permits this principal statements that are not understood: nothing that the database's role can see is kept
   * from it, so neither errors nor origins are.
   */
  get trusted(): boolean {
    const { session, ports } = this;
    this.#trusted ??= ports.policy.decideOpaque(session.principal, session.resource).effect === 'allow';
    return this.#trusted;
  }

  /** To be called when something of the client's is executed. */
  noteExecuted(): void {
    this.#executed = true;
  }

  /** Whether locks and changes of earlier statements are held: in a transaction block, or in one that ends with the next Sync. */
  get inTransaction(): boolean {
    return this.#executed || this.link.transactionStatus !== 'I';
  }

  /** What the client has made of a setting, at start-up or since; null: nothing. */
  setting(name: string): string | null {
    return this.changedSettings.get(name) ?? this.startUpSettings.get(name) ?? null;
  }

  /** A transaction ended: SET LOCAL and rolled-back SETs are undone, new definitions are everybody's or nobody's. */
  transactionEnded(): void {
    if (this.#settingsInTransaction) this.#epoch += 1;
    if (this.#definitionsInTransaction) this.#changeDefinitions();
    this.#settingsInTransaction = false;
    this.#definitionsInTransaction = false;
    // What is on its way already belongs to the next transaction.
    if (this.link.owed === 0) this.nested.transactionEnded();
  }

  /** To be called before the server parses anything: a transaction may begin with it. */
  noteTransactionStart(): void {
    if (this.link.transactionStatus !== 'I' || this.pipelineOpen) return;
    this.#transactionEpoch = this.ports.catalog.epoch;
    this.#ownChanges = 0;
  }

  /**
   * Drops facts that are outdated. To be called before facts are used, after the server has parsed what they are about:
   * it holds the locks that keep them from changing until the statement has run.
   */
  async freshenFacts(): Promise<void> {
    const { catalog } = this.ports;
    const snapshot = this.factSource.takeSnapshot();
    // The same transactions have ended as when somebody looked last, so a look would find nothing new.
    if (snapshot === null || snapshot !== catalog.snapshot) await catalog.look();
    if (this.#factsEpoch === this.epoch) return;
    this.facts.forget();
    this.#factsEpoch = this.epoch;
  }

  /** True while definitions of this session's own transaction are not committed. */
  get hasOwnDefinitions(): boolean {
    return this.#definitionsInTransaction;
  }

  /**
   * True when definitions of others have changed since this transaction began, of which its own snapshot may not tell
   * although the server acts on them.
   */
  get othersHaveDefined(): boolean {
    return this.ports.catalog.epoch - this.#transactionEpoch > this.#ownChanges;
  }

  /** Throws `SESSION_TRIPWIRE` when an origin that the server names is classified and the plan knows nothing of it. */
  checkOrigins(understood: Understood, fields: readonly FieldDescription[]): void {
    if (this.trusted) return;
    const { classification, classifiedFrom } = this.ports.catalog;
    const outputs = understood.flows?.outputs;
    for (const [index, field] of fields.entries()) {
      if (field.tableOid === 0 || field.attribute <= 0) continue;
      const key = columnKey(field.tableOid, field.attribute);
      // The server names views, too, of which the plan has what is under them.
      if (!classification.isStored(key)) continue;
      if (labelRank(classification.describe(key).label) < labelRank(classifiedFrom)) continue;
      if (outputs?.[index]?.sources.has(key) !== true && understood.flows?.fixed?.has(key) !== true) {
        throw new SluiceError(
          'SESSION_TRIPWIRE',
          'the database names a classified column as the origin of a result that was decided about without it',
        );
      }
    }
  }

  /** A fresh name for a statement of ours upstream. */
  ownName(): string {
    this.#nextName += 1;
    return `${OWN_PREFIX}${this.#nextName}`;
  }

  /** The server's statement of this plan is not needed any more; it is closed with the next statement that runs. */
  forget(plan: Plan): void {
    if (plan.upstreamName !== null) this.forgetName(plan.upstreamName);
    plan.upstreamName = null;
  }

  /** A simple query ends the unnamed statement and portal. */
  dropUnnamed(): void {
    const unnamed = this.names.statement('');
    if (unnamed !== undefined) this.release(unnamed.plan);
    this.names.dropStatement('');
    this.names.dropPortal('');
  }

  /** A name of the client's does not stand for the plan any more: only a plan that others may ask for is kept. */
  release(plan: Plan): void {
    if (!this.plans.holds(plan)) this.forget(plan);
  }

  forgetName(upstreamName: string): void {
    if (upstreamName !== '') this.#forgotten.push(upstreamName);
  }

  /** Sends Sync; its ReadyForQuery goes to the client. */
  sync(): void {
    this.closeForgotten();
    this.link.send(SYNC, this.syncExchange());
  }

  /** A Sync outside of a transaction block: every portal is gone with it. */
  nothingBound(): void {
    this.pipelineOpen = false;
    this.portalsBound = 0;
  }

  /** What the server owes for a Sync, or for the end of a Query. */
  syncExchange(): Exchange {
    this.nothingBound();
    this.#executed = false;
    this.cancelRequested = false;
    return this.#synced;
  }

  /** DISCARD ALL or DEALLOCATE ALL: no name of ours means anything upstream any more. */
  upstreamForgotStatements(): void {
    this.#forgotten.length = 0;
    this.lifted.clear();
    this.unnamedPlan = null;
    this.factSource.upstreamForgotStatements();
  }

  /** Sends Close for statements that were forgotten. After an error the server would skip it, so they wait. */
  closeForgotten(): void {
    if (this.#forgotten.length === 0 || this.link.skipping) return;
    for (const name of this.#forgotten.splice(0)) {
      this.link.ask(encodeFrontend({ kind: 'Close', target: 'statement', name }), {
        kind: 'close',
        audience: 'gateway',
        onFailed: () => this.#forgotten.push(name),
      });
    }
  }

  /**
   * Tells the client no. The server is sent something that it must refuse, so that it treats the transaction exactly
   * as after any error; its words are replaced by ours.
   */
  refuse(error: SluiceError): void {
    const bytes = encodeFrontend({
      kind: 'Bind',
      portal: '',
      statement: REFUSED_STATEMENT,
      parameterFormats: [],
      parameters: [],
      resultFormats: [],
    });
    this.link.ask(bytes, { kind: 'bind', audience: 'client', refusal: error });
    this.names.dropPortal('');
  }
}
