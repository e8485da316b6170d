import { z } from 'zod';

/** Names that people type and that end up in user names, file names and URLs. No dot: `resource.session` is split at it. */
export const NameSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/,
    'is not a name: letters, digits, "-" and "_", starting with a letter or digit, at most 63',
  );
