import { makeSetupLink } from '../identity/index.ts';
import type { Config } from '../platform/index.ts';
import { withCommandParts } from './with-command-parts.ts';

export type SetupLinkAnswer = { url: string; expiresAt: string; administrators: number };

/** Makes a one-time link for an administrator; its token is printed once and stored as a hash. */
export async function setupLinkCommand(config: Config): Promise<SetupLinkAnswer> {
  return withCommandParts(config, 2, async (ctx) => {
    const { token, expiresAt, administrators } = await makeSetupLink(ctx);
    const url = `${baseUrl(config)}/setup/${token}`;
    return { url, expiresAt: expiresAt.toISOString(), administrators };
  });
}

/** The address people open: the configured host name, and the port unless it is 443. */
export function baseUrl(config: Config): string {
  const port = config.CASEMATE_PUBLIC_PORT ?? config.CASEMATE_HTTPS_PORT;
  return `https://${config.CASEMATE_HOST_NAME}${port === 443 ? '' : `:${port}`}`;
}
