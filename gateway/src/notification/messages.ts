/**
 * What notifications say. Never the statement, its rows or the asker's words: they only tell that somebody has to decide,
 * and where to look. Pure.
 */
import { createHmac } from 'node:crypto';
import type { GrantView } from '@sluice/contract/api';
import type { Principal } from '@sluice/contract/vocabulary';
import type { RequestView } from '../approval/request.ts';

/** Characters of a name in a message. */
const MAX_NAME_CHARACTERS = 80;

/** One change, as a webhook gets it: the body, as JSON. docs/notifications.md */
export type Notice = {
  readonly about: 'request' | 'grant';
  readonly id: string;
  readonly state: string;
  readonly resource: string | null;
  /** Of a request: the label that the approvers are chosen by. Null for a grant. */
  readonly label: string | null;
  /** `issuer|subject` of the asker's chain, the human first. */
  readonly asker: readonly string[];
  readonly askerName: string;
  /** Until when it can be decided, or is open. */
  readonly until: string;
  /** Where people look at it; null when none is configured. */
  readonly link: string | null;
};

export function noticeOfRequest(view: RequestView, link: string | undefined): Notice {
  return {
    ...{ about: 'request', id: view.id, state: view.state, resource: view.resource, label: view.label },
    ...askerOf(view.asker),
    until: view.expiresAt,
    link: linkTo(link, 'requests', view.id),
  };
}

export function noticeOfGrant(view: GrantView, link: string | undefined): Notice {
  return {
    ...{ about: 'grant', id: view.id, state: view.state, resource: view.resource, label: null },
    ...askerOf(view.asker),
    until: view.endsAt ?? view.askExpiresAt,
    link: linkTo(link, 'grants', view.id),
  };
}

/**
 * `t=SECONDS,v1=HEX`: HMAC-SHA-256 of `SECONDS.DELIVERY.BODY`. The time is in it, so that a receiver can refuse what was
 * recorded and is sent again; so is the delivery, so that it can tell a retry from another message.
 */
export function signatureOf(secret: string, message: { atSeconds: number; delivery: string; body: string }): string {
  const { atSeconds, delivery, body } = message;
  const mac = createHmac('sha256', secret).update(`${atSeconds}.${delivery}.${body}`).digest('hex');
  return `t=${atSeconds},v1=${mac}`;
}

/** Body for an incoming webhook of Slack. `mrkdwn: false`, and no name can be a mention or a link. */
export function slackBody(notice: Notice): string {
  return JSON.stringify({ text: escaped(inWords(notice)), mrkdwn: false });
}

function inWords({ about, id, state, resource, label, askerName, until, link }: Notice): string {
  const where = resource === null ? 'every resource' : resource;
  const what =
    about === 'request'
      ? `Approval of a statement on ${where} (${label ?? 'unlabelled'} data), asked by ${askerName}: ${state}`
      : `Access to ${where} for a window of time, asked by ${askerName}: ${state}`;
  const show = about === 'request' ? `sluice requests show ${id}` : `sluice access show ${id}`;
  const open = state === 'pending' || state === 'asked' ? `, until ${until}` : '';
  return `${what}${open}.\n${link ?? show}`;
}

function askerOf(asker: Principal): Pick<Notice, 'asker' | 'askerName'> {
  const names = asker.chain.map(({ name }) => plain(name)).join(' → ');
  return { asker: asker.chain.map(({ id }) => id), askerName: names };
}

function plain(name: string): string {
  const line = name.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
  return line.length > MAX_NAME_CHARACTERS ? `${line.slice(0, MAX_NAME_CHARACTERS - 1)}…` : line;
}

function linkTo(base: string | undefined, what: 'requests' | 'grants', id: string): string | null {
  return base === undefined ? null : `${base.replace(/\/+$/, '')}/${what}/${encodeURIComponent(id)}`;
}

/** As Slack asks for: `<…>` would be a link or a mention. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
