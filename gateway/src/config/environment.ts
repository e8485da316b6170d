/** Looks up an environment variable; undefined when it is not set. */
export type Environment = (name: string) => string | undefined;

/** The environment of this process. The only place of the gateway that reads it. */
export function processEnvironment(): Environment {
  return (name) => process.env[name];
}
