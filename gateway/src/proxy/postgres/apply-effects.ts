import { assertNever } from '@sluice/contract/vocabulary';
import { fingerprintOf } from './fingerprint.ts';
import type { Plan } from './plan.ts';
import type { SessionContext } from './session-context.ts';
import type { NameEffect } from './statement-effects.ts';

/** Stands among the changed settings for all statements that ran without being understood. */
const NOT_UNDERSTOOD = 'statements that were not understood';

/** What a statement changed, once the server has confirmed it with CommandComplete, and this tag. */
export function applyEffects(context: SessionContext, plan: Plan, tag: string): void {
  const { effects } = plan.facts;
  if (effects.settings) context.settingsChanged();
  if (effects.schema) context.definitionsChanged();
  if (effects.names !== null) applyNames(context, effects.names);
  if (effects.transaction !== null) context.clientMinMessages.stepped(effects.transaction, tag);
  if (effects.reverts) context.transactionReverted();
}

function applyNames(context: SessionContext, effect: NameEffect): void {
  const { names, plans } = context;
  switch (effect.kind) {
    case 'declare-cursor':
      names.setPortal(effect.cursor, {
        plan: effect.plan,
        understood: effect.plan.understood,
        bind: null,
        epoch: effect.plan.epoch,
        started: true,
        binary: effect.binary,
      });
      return;
    case 'close-cursor':
      if (effect.cursor === null) names.dropAllPortals();
      else names.dropPortal(effect.cursor);
      return;
    case 'prepare':
      names.setSqlStatement(effect.name, effect.plan);
      return;
    case 'deallocate':
      if (effect.name !== null) deallocate(context, effect.name);
      else {
        names.dropAllStatements();
        plans.clear();
        context.upstreamForgotStatements();
      }
      return;
    case 'discard-all':
      names.dropAllStatements();
      names.dropAllPortals();
      plans.clear();
      context.upstreamForgotStatements();
      context.clientMinMessages.reset();
      context.changedSettings.clear();
      return;
    case 'create-relation':
      context.created.note(effect);
      return;
    case 'setting':
      if (effect.name === null) {
        context.changedSettings.clear();
        context.clientMinMessages.reset();
      } else if (effect.value === null) context.changedSettings.delete(effect.name);
      else context.changedSettings.set(effect.name, effect.value);
      return;
    case 'client-min-messages':
      context.clientMinMessages.set(effect.value, effect.local);
      return;
    case 'not-understood': {
      const before = context.changedSettings.get(NOT_UNDERSTOOD) ?? '';
      context.changedSettings.set(NOT_UNDERSTOOD, fingerprintOf(before + effect.fingerprint));
      return;
    }
    default:
      assertNever(effect);
  }
}

/** DEALLOCATE of a statement of PREPARE, or of one made by message, whose plan stays for the next who sends its text. */
function deallocate({ names }: SessionContext, name: string): void {
  names.dropStatement(name);
  names.dropSqlStatement(name);
}
