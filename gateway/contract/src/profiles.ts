/**
 * Tunnel profiles: which tunnels belong together. Written by a person, or by the gateway's administrators for groups of
 * people. No secret in them, and no right: whoever opens a tunnel is asked at the gateway's door as ever.
 */
import { z } from 'zod';

/** A name that is a file's name everywhere. */
export const ProfileNameSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/);

/** Tunnels of one profile. */
export const MAX_PROFILE_TUNNELS = 100;
/** Ports that need no privilege. */
const Port = z.int().min(1_024).max(65_535);

export const ProfileTunnelSchema = z.strictObject({
  resource: z.string().min(1).max(200),
  /** TCP on 127.0.0.1 and ::1; left out: a Unix socket. */
  port: Port.optional(),
  /** The workflow that everything run through it belongs to. */
  workflow: z.string().min(1).max(200).optional(),
});
export type ProfileTunnel = z.infer<typeof ProfileTunnelSchema>;

export const TunnelProfileSchema = z.strictObject({
  description: z.string().max(500).optional(),
  tunnels: z
    .array(ProfileTunnelSchema)
    .min(1)
    .max(MAX_PROFILE_TUNNELS)
    .refine((tunnels) => new Set(tunnels.map(({ resource }) => resource)).size === tunnels.length, {
      message: 'names a resource twice',
    })
    .refine(
      (tunnels) => {
        const ports = tunnels.flatMap(({ port }) => (port === undefined ? [] : [port]));
        return new Set(ports).size === ports.length;
      },
      { message: 'uses a port twice' },
    ),
});
export type TunnelProfile = z.infer<typeof TunnelProfileSchema>;

/** `GET /api/v1/profiles`: those that the administrators offer the caller; tunnels that policy refuses are left out. */
export const OfferedProfileSchema = TunnelProfileSchema.extend({ name: ProfileNameSchema });
export type OfferedProfile = z.infer<typeof OfferedProfileSchema>;
export const ProfileListSchema = z.object({ profiles: z.array(OfferedProfileSchema) });
