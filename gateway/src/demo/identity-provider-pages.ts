import { createHash } from 'node:crypto';

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; margin: 10vh auto; max-width: 22rem; padding: 0 1rem; color: #1b2430; background: #f6f7f9; }
main { background: #fff; border: 1px solid #d8dde4; border-radius: 8px; padding: 1.5rem; }
h1 { font-size: 1.25rem; margin: 0 0 1rem; }
label { display: block; margin: .75rem 0; }
input:not([type=hidden]) { display: block; width: 100%; box-sizing: border-box; font: inherit; padding: .5rem; border: 1px solid #8a94a3; border-radius: 4px; }
button { font: inherit; padding: .5rem 1rem; margin: .5rem .5rem 0 0; border: 1px solid #1f5fbf; border-radius: 4px; background: #1f5fbf; color: #fff; cursor: pointer; }
button.quiet { background: #fff; color: #1f5fbf; }
.error { color: #a3221b; }
code { font-size: 1.4rem; }
`;

/** Headers of our own pages: nothing is loaded, nothing is framed. No `form-action`: browsers would apply it to the redirect back to the client. */
export function pageHeaders(): Record<string, string> {
  const styleHash = createHash('sha256').update(STYLE).digest('base64');
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; frame-ancestors 'none'; base-uri 'none'`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  };
}

/** The sign-in form; posts `username` and `password` to `action`. */
export function loginPage(page: {
  readonly action: string;
  readonly client: string;
  readonly username: string;
  readonly error: string | null;
}): string {
  return htmlPage(
    'Sign in',
    `<p>to continue to <strong>${escapeHtml(page.client)}</strong></p>
${page.error === null ? '' : `<p class="error" role="alert">${escapeHtml(page.error)}</p>`}
<form method="post" action="${escapeHtml(page.action)}">
<label>User name <input type="text" name="username" value="${escapeHtml(page.username)}" autocomplete="username" required autofocus></label>
<label>Password <input type="password" name="password" autocomplete="current-password" required></label>
<button type="submit">Sign in</button>
</form>`,
  );
}

/** `form` is the provider's own hidden form; the button submits it by its id. */
export function deviceCodePage(form: string, error: string | null): string {
  const message =
    error === null
      ? '<p>Enter the code that your terminal shows.</p>'
      : `<p class="error" role="alert">${escapeHtml(error)}</p>`;
  return htmlPage(
    'Connect a device',
    `${message}\n${form}\n<button type="submit" form="op.deviceInputForm">Continue</button>`,
  );
}

export function deviceConfirmPage(form: string, client: string, userCode: string): string {
  return htmlPage(
    'Connect a device',
    `<p><strong>${escapeHtml(client)}</strong> asks to sign in. Does your terminal show this code?</p>
<p><code>${escapeHtml(userCode)}</code></p>
<p>If you did not start this, choose No.</p>
${form}
<button type="submit" form="op.deviceConfirmForm">Yes, continue</button>
<button class="quiet" type="submit" form="op.deviceConfirmForm" name="abort" value="yes">No</button>`,
  );
}

export function logoutPage(form: string): string {
  return htmlPage(
    'Sign out',
    `<p>Sign out of the demo's identity provider?</p>
${form}
<button type="submit" form="op.logoutForm" name="logout" value="yes">Yes, sign out</button>
<button class="quiet" type="submit" form="op.logoutForm">No</button>`,
  );
}

/** A page that only says something. */
export function messagePage(title: string, message: string): string {
  return htmlPage(title, `<p>${escapeHtml(message)}</p>`);
}

function htmlPage(title: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)} – Sluice demo</title><style>${STYLE}</style></head>
<body><main><h1>${escapeHtml(title)}</h1>
${body}
</main></body>
</html>`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
