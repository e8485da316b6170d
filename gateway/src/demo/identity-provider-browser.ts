/** Redirects that one step may take before we give up. */
const MAX_REDIRECTS = 10;

export type Page = { readonly url: string; readonly status: number; readonly html: string };

/** As much of a browser as the provider's pages need: cookies, redirects, one form a page. Stops before an address that begins with `stopAt`. */
export class FormBrowser {
  readonly #stopAt: string | null;
  readonly #cookies = new Map<string, string>();

  constructor(stopAt: string | null = null) {
    this.#stopAt = stopAt;
  }

  open(url: string): Promise<Page> {
    return this.#request(url, null);
  }

  /** Sends the page's form with its hidden fields and these. */
  submit(page: Page, fields: Readonly<Record<string, string>>): Promise<Page> {
    const action = /<form [^>]*action="([^"]+)"/.exec(page.html)?.[1];
    if (action === undefined) throw new Error(`no form at ${page.url}`);
    const form = new URLSearchParams();
    for (const [, name = '', value = ''] of page.html.matchAll(
      /<input type="hidden" name="([^"]+)" value="([^"]*)"/g,
    )) {
      form.set(name, value);
    }
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    return this.#request(new URL(action, page.url).href, form);
  }

  async #request(url: string, form: URLSearchParams | null): Promise<Page> {
    let next = { url, form };
    for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
      if (this.#stopAt !== null && next.url.startsWith(this.#stopAt)) return { url: next.url, status: 0, html: '' };
      const response = await fetch(next.url, {
        method: next.form === null ? 'GET' : 'POST',
        body: next.form,
        redirect: 'manual',
        headers: { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      });
      this.#keepCookies(response);
      const html = await response.text();
      const location = response.headers.get('location');
      if (location === null) return { url: next.url, status: response.status, html };
      next = { url: new URL(location, next.url).href, form: null };
    }
    throw new Error(`too many redirects from ${url}`);
  }

  #keepCookies(response: Response): void {
    for (const cookie of response.headers.getSetCookie()) {
      const pair = cookie.split(';', 1)[0] ?? '';
      const equals = pair.indexOf('=');
      const value = pair.slice(equals + 1);
      if (value === '') this.#cookies.delete(pair.slice(0, equals));
      else this.#cookies.set(pair.slice(0, equals), value);
    }
  }
}
