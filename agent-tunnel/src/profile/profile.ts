/**
 * Profiles: which tunnels belong together, in `~/.config/sluice/profiles/NAME.yaml`. They hold no secret: whoever has a
 * copy of one has a list of names.
 */
import { lstat, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SluiceError } from '@sluice/contract/errors';
import { ProfileNameSchema, TunnelProfileSchema } from '@sluice/contract/profiles';
import { isMap, isSeq, parseDocument } from 'yaml';
import { z } from 'zod';

/** Longest profile, bytes. */
const MAX_PROFILE_BYTES = 65_536;
/** Profiles that are listed. */
export const MAX_PROFILES = 200;

/** A profile's file: what the gateway's administrators may hand out, and whose gateway it is. */
export const ProfileFileSchema = TunnelProfileSchema.extend({
  /** Origin of the gateway; the one that is signed in to when left out. */
  gateway: z.url().optional(),
});
export type ProfileFile = z.infer<typeof ProfileFileSchema>;

export function profilePath(directory: string, name: string): string {
  if (!ProfileNameSchema.safeParse(name).success) {
    throw new SluiceError('USAGE', `"${name}" cannot be the name of a profile`, {
      remedy: 'Use lower-case letters, digits and hyphens, at most 40.',
    });
  }
  return path.join(directory, `${name}.yaml`);
}

/** Names, sorted. None when there is no directory yet. */
export async function listProfiles(directory: string): Promise<readonly string[]> {
  const files = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return files
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .filter((name) => ProfileNameSchema.safeParse(name).success)
    .sort()
    .slice(0, MAX_PROFILES);
}

/**
 * Throws `NOT_FOUND`, or `CONFIG_INVALID` with the place in the file. A file that others may write, or own, is not
 * followed: it could send programs of yours to ports and resources that somebody else chose.
 */
export async function readProfile(directory: string, name: string, uid: number): Promise<ProfileFile> {
  const file = profilePath(directory, name);
  const found = await lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new SluiceError('NOT_FOUND', `there is no profile ${name}`, { remedy: `Write ${file}, or choose another.` });
  });
  const wrong = !found.isFile()
    ? 'is no ordinary file'
    : found.uid !== uid
      ? `belongs to another user (uid ${found.uid})`
      : (found.mode & 0o022) !== 0
        ? 'may be written by others'
        : found.size > MAX_PROFILE_BYTES
          ? `is longer than ${MAX_PROFILE_BYTES} bytes`
          : null;
  if (wrong !== null)
    throw new SluiceError('CONFIG_INVALID', `${file} ${wrong}`, { remedy: `Make it yours alone: chmod 600 '${file}'` });
  return parseProfile(await readFile(file, 'utf8'), file);
}

/** Throws `CONFIG_INVALID` naming the file, the line and what is wrong there. */
export function parseProfile(text: string, file: string): ProfileFile {
  const document = parseDocument(text, { version: '1.2', uniqueKeys: true });
  const [broken] = document.errors;
  if (broken !== undefined) throw invalid(`${file}: ${broken.message.split('\n')[0] ?? ''}`);
  // Aliases are of no use in so short a file, and a few lines of them can stand for gigabytes.
  const parsed = ProfileFileSchema.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const node = document.getIn(issue?.path.map((key) => (typeof key === 'symbol' ? String(key) : key)) ?? [], true);
  const range: unknown = typeof node === 'object' && node !== null ? Reflect.get(node, 'range') : null;
  const offset = Array.isArray(range) && typeof range[0] === 'number' ? range[0] : 0;
  const line = text.slice(0, offset).split('\n').length;
  throw invalid(`${file}:${line}: ${issue?.path.join('.') || 'the profile'}: ${issue?.message ?? 'is not valid'}`);
}

/** Writes a new profile, 0600. Throws `USAGE` when there is one of that name. */
export async function writeProfile(directory: string, name: string, text: string): Promise<string> {
  const file = profilePath(directory, name);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(file, text, { mode: 0o600, flag: 'wx' }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw cause;
    throw new SluiceError('USAGE', `there is a profile ${name} already`, { cause, remedy: `Remove ${file} first.` });
  });
  return file;
}

/** Stores another port for a resource. Comments and order of the file stay; it is replaced in one step. */
export async function storePort(directory: string, name: string, resource: string, port: number): Promise<void> {
  const file = profilePath(directory, name);
  const document = parseDocument(await readFile(file, 'utf8'), { version: '1.2' });
  const tunnels: unknown = document.get('tunnels');
  const entry = isSeq(tunnels)
    ? tunnels.items.find((item) => isMap(item) && item.get('resource') === resource)
    : undefined;
  if (!isMap(entry)) throw invalid(`${file} has no tunnel to ${resource}`);
  entry.set('port', port);
  const next = `${file}.next`;
  await writeFile(next, document.toString({ lineWidth: 0 }), { mode: 0o600 });
  await rename(next, file);
}

function invalid(message: string): SluiceError {
  return new SluiceError('CONFIG_INVALID', message, { remedy: 'Mend the profile; docs/tunnels.md describes it.' });
}
