import { SluiceError } from '@sluice/contract/errors';
import { analyseTrees } from '../../analysis/postgres/analyse.ts';
import type { FactSource } from '../../catalog/fact-source.ts';
import { SessionFacts } from '../../catalog/schema-facts.ts';
import type { SharedFacts } from '../../catalog/shared-facts.ts';
import { decideAtOnce } from '../../session/pipeline.ts';
import { MAX_FACT_ROUNDS } from './bounds.ts';
import type { Exchange } from './exchange.ts';
import type { Opened } from './names.ts';
import type { Plan } from './plan.ts';
import type { SessionContext } from './session-context.ts';
import { isClassified, understood } from './understand.ts';

/**
 * A read was announced anew while its rows were on their way: something that it depends on has changed, perhaps without
 * changing its tree (a table got a child). Resolves when it is decided about in the same way as things are now, with what
 * is committed; else throws `SESSION_TRIPWIRE`, and the rows are not told.
 */
export async function lookAgain(context: SessionContext, opened: Opened, tree: string): Promise<void> {
  const { session } = context;
  const { catalog, policy } = context.ports;
  const { plan } = opened;
  const { understanding } = opened.understood;
  if (understanding.kind === 'opaque' || opened.understood.treeHash === null) return;
  await catalog.look();
  if (plan.isUnderstoodAt(context.epoch) && plan.isOfTree(tree)) return;
  const now = await analysedAsCommitted(context, opened, tree);
  const before = decideAtOnce(understanding, plan.text, session, policy);
  const after = now === null ? null : decideAtOnce(now.understanding, plan.text, session, policy);
  if (
    before === null ||
    after === null ||
    after.effect !== before.effect ||
    JSON.stringify(after.obligations) !== JSON.stringify(before.obligations)
  )
    throw new SluiceError(
      'SESSION_TRIPWIRE',
      'a definition changed while the statement was on its way, so its answer is withheld and the session ends',
    );
}

/**
 * The same for what may be taken back. A read that changes nothing has not been told yet when it turns out to be another
 * one: then it never is, and `instead` tells the client what comes of it. Where that cannot be (more was asked for behind
 * it), the session ends.
 */
export async function lookAgainOr(
  context: SessionContext,
  opened: Opened,
  { tree, bind }: { readonly tree: string; readonly bind: Exchange },
  instead: () => Promise<void>,
): Promise<void> {
  try {
    await lookAgain(context, opened, tree);
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code !== 'SESSION_TRIPWIRE' || !changesNothing(opened.plan))
      throw error;
    if (!context.link.takeBack(bind, opened.plan.facts.columns?.length ?? 0, instead)) throw error;
  }
}

export function changedMeanwhile(): SluiceError {
  return new SluiceError('REFUSED_NOT_UNDERSTOOD', 'definitions changed while the statement was on its way', {
    remedy: 'run it again',
  });
}

/** Neither data nor anything else that outlives it. */
export function changesNothing({ facts, understood }: Plan): boolean {
  return (
    understood.flows !== null &&
    understood.flows.writes.length === 0 &&
    !(facts.writes || facts.utility || facts.copyIn || facts.copyOut !== null)
  );
}

/** The session itself cannot be asked: its rows are on their way. */
class CommittedOnly implements FactSource {
  readonly committed: SharedFacts;

  constructor(committed: SharedFacts) {
    this.committed = committed;
  }

  rows(): Promise<never> {
    return Promise.reject(new NotCommitted());
  }

  trees(): Promise<never> {
    return Promise.reject(new NotCommitted());
  }

  prepareBody(): Promise<never> {
    return Promise.reject(new NotCommitted());
  }
}

class NotCommitted extends Error {}

/** Null when what is committed does not suffice. */
async function analysedAsCommitted(
  context: SessionContext,
  { plan, understood: old }: Opened,
  tree: string,
): Promise<ReturnType<typeof understood> | null> {
  const { ports, upstream } = context;
  const { committed } = ports.catalog;
  const { understanding } = old;
  if (committed === null || context.hasOwnDefinitions || understanding.kind === 'opaque') return null;
  const source = new CommittedOnly(committed);
  const facts = new SessionFacts();
  const { statementKind } = understanding.facts;
  try {
    for (let round = 0; round < MAX_FACT_ROUNDS; round += 1) {
      const analysed = analyseTrees({
        treeTexts: [tree],
        outputNames: plan.facts.columns?.map((column) => column.name) ?? null,
        facts,
        declarations: ports.catalog.declarations,
        serverMajor: upstream.serverMajor,
        statementKind,
        tellApart: (key) => isClassified(context, key),
      });
      if (analysed.kind !== 'needs') return understood(context, analysed, statementKind, understanding.fingerprint);
      await facts.fetch(analysed.needs, source);
      ports.catalog.learn(analysed.needs.relations.flatMap((oid) => facts.relation(oid) ?? []));
    }
  } catch (error) {
    if (!(error instanceof NotCommitted)) throw error;
  }
  return null;
}
