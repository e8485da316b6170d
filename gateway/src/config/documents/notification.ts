import { z } from 'zod';
import { checkExactlyOne } from '../exactly-one.ts';
import { NameSchema } from './name.ts';
import { SecretSourceSchema } from './secret-source.ts';

/** What can be told about. */
export const NOTIFIED = ['requests', 'grants'] as const;

/** Requests go there and nowhere else, so only what is encrypted, or does not leave the machine. */
export function isNotifiable(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '') return false;
  return (
    url.protocol === 'https:' ||
    (url.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname))
  );
}

const UrlSchema = z.string().refine(isNotifiable, {
  error: 'must be an https URL without a password in it',
  params: { remedy: 'Use https. Plain http is accepted on 127.0.0.1, [::1] and localhost only.' },
});

export const NotificationDocumentSchema = z
  .strictObject({
    kind: z.literal('notification'),
    name: NameSchema.describe('How the log calls it.'),
    format: z
      .enum(['webhook', 'slack'])
      .default('webhook')
      .describe('"webhook": signed JSON. "slack": a message as incoming webhooks of Slack and its like take it.'),
    url: UrlSchema.exactOptional().describe('Where to send it. Redirects are not followed.'),
    urlFrom: SecretSourceSchema.exactOptional().describe('The same from a secret: whoever knows it can post there.'),
    secret: SecretSourceSchema.exactOptional().describe('Of a webhook: the key of its signature. Needed there.'),
    about: z
      .array(z.enum(NOTIFIED))
      .min(1)
      .default([...NOTIFIED])
      .describe('What to tell about.'),
    link: UrlSchema.exactOptional().describe('Where people look at it: `/requests/ID` and `/grants/ID` follow.'),
  })
  .superRefine((value, context) => {
    const { url, urlFrom } = value;
    checkExactlyOne({ url, urlFrom }, ['url', 'urlFrom'], context);
    if (value.format === 'webhook' && value.secret === undefined)
      context.addIssue({
        code: 'custom',
        path: ['format'],
        message: 'a webhook needs a secret, with which its receiver can tell our messages from others',
        params: { remedy: 'Add "secret: { file: … }", at least 32 random characters.' },
      });
  })
  .describe('Who is told when somebody has to decide. Deciding needs their own sign-in.');
