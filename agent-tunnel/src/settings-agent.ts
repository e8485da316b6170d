/** An agent that signs in by itself at each start: settings by environment and by file, no `sluice login`, nobody there. */
import path from 'node:path';
import { SluiceError } from '@sluice/contract/errors';
import { z } from 'zod';
import { PROOF_SETTINGS } from './identity/binding.ts';

/** `agent` of the settings file. Paths may be relative to the file's directory. */
export const AgentFileSchema = z.strictObject({
  clientId: z.string().min(1),
  /** The gateway's first issuer unless named. */
  issuer: z.string().optional(),
  clientSecretFile: z.string().optional(),
  workloadTokenFile: z.string().optional(),
  onBehalfOfTokenFile: z.string().optional(),
  /** Shown to the issuer and the gateway: its tokens can be bound to it (RFC 8705). */
  clientCertificateFile: z.string().optional(),
  clientKeyFile: z.string().optional(),
  /** For this agent's tokens, instead of `dpop` beside it. */
  dpop: z.enum(PROOF_SETTINGS).optional(),
});

export type AgentSettings = {
  readonly clientId: string;
  readonly issuer: string | null;
  /** At most one of the two; without either its certificate is its proof. */
  readonly clientSecretFile: string | null;
  readonly workloadTokenFile: string | null;
  readonly onBehalfOfTokenFile: string | null;
  /** PEM files of a client certificate and its private key. */
  readonly certificate: { readonly certificateFile: string; readonly keyFile: string } | null;
};

/**
 * Each value from the environment, else from the file; null when neither names an agent. Throws `CONFIG_INVALID` when
 * it is not said, or said twice, how the agent proves itself.
 */
export function readAgentSettings(
  environment: Readonly<Record<string, string | undefined>>,
  file: z.infer<typeof AgentFileSchema> | undefined,
  fileDirectory: string,
): AgentSettings | null {
  const clientId = environment['SLUICE_AGENT'] || file?.clientId;
  if (clientId === undefined) return null;
  const pathOf = (variable: string, inFile: string | undefined) =>
    environment[variable] || (inFile === undefined ? null : path.resolve(fileDirectory, inFile));
  // A proof in the environment replaces the other kind in the file.
  const hasOwnProof = [environment['SLUICE_CLIENT_SECRET_FILE'], environment['SLUICE_WORKLOAD_TOKEN_FILE']].some(
    Boolean,
  );
  const proofs = hasOwnProof ? undefined : file;
  const agent = {
    clientId,
    issuer: environment['SLUICE_ISSUER'] || file?.issuer || null,
    clientSecretFile: pathOf('SLUICE_CLIENT_SECRET_FILE', proofs?.clientSecretFile),
    workloadTokenFile: pathOf('SLUICE_WORKLOAD_TOKEN_FILE', proofs?.workloadTokenFile),
    onBehalfOfTokenFile: pathOf('SLUICE_ON_BEHALF_OF_TOKEN_FILE', file?.onBehalfOfTokenFile),
    certificate: certificateOf(
      pathOf('SLUICE_CLIENT_CERTIFICATE_FILE', file?.clientCertificateFile),
      pathOf('SLUICE_CLIENT_KEY_FILE', file?.clientKeyFile),
    ),
  };
  const hasProof = agent.clientSecretFile !== null || agent.workloadTokenFile !== null || agent.certificate !== null;
  if (!hasProof) throw invalid(`nothing says how the agent ${clientId} proves itself`);
  if (agent.clientSecretFile !== null && agent.workloadTokenFile !== null)
    throw invalid(`the agent ${clientId} has both a client secret and a workload token`);
  return agent;
}

function certificateOf(certificateFile: string | null, keyFile: string | null): AgentSettings['certificate'] {
  if (certificateFile !== null && keyFile !== null) return { certificateFile, keyFile };
  if (certificateFile === null && keyFile === null) return null;
  throw new SluiceError('CONFIG_INVALID', 'a client certificate and its private key go together', {
    remedy: 'Set both SLUICE_CLIENT_CERTIFICATE_FILE and SLUICE_CLIENT_KEY_FILE.',
  });
}

function invalid(message: string): SluiceError {
  return new SluiceError('CONFIG_INVALID', message, {
    remedy: 'Set one of SLUICE_WORKLOAD_TOKEN_FILE and SLUICE_CLIENT_SECRET_FILE, or give it a client certificate.',
  });
}
