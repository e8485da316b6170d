import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { errors } from 'oidc-provider';
import { loginPage, messagePage, pageHeaders } from './identity-provider-pages.ts';
import { checkPassword, type DemoPrincipals } from './identity-provider-principals.ts';

const MAX_FORM_BYTES = 8 * 1024;
const LOGIN_PATH = /^\/login\/[\w-]+$/;

export function loginPath(uid: string): string {
  return `/login/${uid}`;
}

export function isLoginPath(path: string): boolean {
  return LOGIN_PATH.test(path);
}

/** Serves the sign-in form of one interaction and takes its answer. The interaction's own cookie ties both to one browser. */
export async function handleLogin(
  provider: Provider,
  principals: DemoPrincipals,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const interaction = await provider.interactionDetails(request, response);
    if (interaction.prompt.name === 'consent') {
      return await provider.interactionFinished(request, response, { consent: {} }, { mergeWithLastSubmission: true });
    }
    const clientId = String(interaction.params['client_id']);
    const hint = interaction.params['login_hint'];
    const page = {
      action: loginPath(interaction.uid),
      client: clientId,
      username: typeof hint === 'string' ? hint : '',
      error: null,
    };
    if (request.method === 'GET') return send(response, 200, loginPage(page));
    if (request.method !== 'POST')
      return send(response, 405, messagePage('Sign in', 'This page takes GET and POST only.'));

    const form = new URLSearchParams(await readForm(request));
    const username = form.get('username') ?? '';
    const user = checkPassword(principals, username, form.get('password') ?? '');
    if (user === null)
      return send(response, 401, loginPage({ ...page, username, error: 'User name or password is wrong.' }));
    await provider.interactionFinished(
      request,
      response,
      { login: { accountId: user.username, amr: ['pwd'] } },
      { mergeWithLastSubmission: false },
    );
  } catch (error) {
    if (error instanceof errors.SessionNotFound) {
      return send(
        response,
        400,
        messagePage('Sign in', 'This sign-in has expired or belongs to another browser. Start again.'),
      );
    }
    if (error instanceof FormTooLong) return send(response, 413, messagePage('Sign in', 'The form is too long.'));
    throw error;
  }
}

class FormTooLong extends Error {}

async function readForm(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_FORM_BYTES) throw new FormTooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, pageHeaders()).end(html);
}
