import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { configInvalid } from './problem.ts';

/** Most files that are read from a configuration directory. */
export const MAX_CONFIG_FILES = 500;
/** Longest configuration or policy file, in bytes. */
export const MAX_CONFIG_FILE_BYTES = 1_048_576;

export type ConfigFiles = {
  /** `*.yaml` and `*.yml`, by name. */
  readonly yaml: readonly { readonly file: string; readonly text: string }[];
  /** `*.cedar`, by name. */
  readonly cedar: readonly { readonly file: string; readonly text: string }[];
};

/**
 * Reads the files of one directory, in the order of their names; sub-directories and other files are left alone.
 * @throws SluiceError CONFIG_INVALID when the directory or one of the files cannot be read
 */
export function readConfigDirectory(directory: string): ConfigFiles {
  const place = { file: directory, line: 1, column: 1 };
  const names = attempt(directory, directory, () => readdirSync(directory)).filter((name) =>
    /^[^.].*\.(ya?ml|cedar)$/.test(name),
  );
  if (names.length > MAX_CONFIG_FILES) {
    throw configInvalid(directory, [
      { ...place, message: `more than ${MAX_CONFIG_FILES} files`, remedy: 'Put several documents into one file.' },
    ]);
  }
  const files = names
    .sort()
    .map((file) => ({ file, text: attempt(directory, file, () => readText(join(directory, file))) }));
  return {
    yaml: files.filter(({ file }) => !file.endsWith('.cedar')),
    cedar: files.filter(({ file }) => file.endsWith('.cedar')),
  };
}

function readText(path: string): string {
  const { size } = statSync(path);
  if (size > MAX_CONFIG_FILE_BYTES) throw new Error(`is longer than ${MAX_CONFIG_FILE_BYTES} bytes`);
  // A wrong encoding must not become question marks inside a policy.
  return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
}

function attempt<T>(directory: string, file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const { message, remedy } = fileProblem(cause);
    throw configInvalid(directory, [{ file, line: 1, column: 1, message, remedy }]);
  }
}

/** An error of the file system in words. */
export function fileProblem(cause: unknown): { message: string; remedy: string } {
  const code: unknown = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  switch (code) {
    case 'ENOENT':
      return {
        message: 'does not exist',
        remedy: 'Create it, or correct the path; paths are relative to the configuration directory.',
      };
    case 'EACCES':
    case 'EPERM':
      return {
        message: 'may not be read by the gateway',
        remedy: 'Give the account of the gateway permission to read it.',
      };
    case 'ENOTDIR':
      return { message: 'is not a directory', remedy: 'Name the directory that holds the *.yaml files.' };
    case 'EISDIR':
      return { message: 'is a directory', remedy: 'Name a file.' };
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return { message: 'is not UTF-8 text', remedy: 'Save it as UTF-8.' };
    default:
      return { message: cause instanceof Error ? cause.message : String(cause), remedy: 'Check the file.' };
  }
}
