import { makeSetupLink } from '../identity/index.ts';
import type { Config } from '../platform/index.ts';
import { createSystemContext } from './context.ts';
import { createParts } from './parts.ts';

export type SetupLinkAnswer = { url: string; expiresAt: string; administrators: number };

/** Makes a one-time link for an administrator; its token is printed once and stored as a hash. */
export async function setupLinkCommand(config: Config): Promise<SetupLinkAnswer> {
  const parts = await createParts({ ...config, CASEMATE_DATABASE_POOL: 2 }, 'server');
  try {
    const { token, expiresAt, administrators } = await makeSetupLink(createSystemContext(parts));
    const url = `${baseUrl(config)}/setup/${token}`;
    return { url, expiresAt: expiresAt.toISOString(), administrators };
  } finally {
    await parts.platform.db.close();
  }
}

/** The address people open: the configured host name, and the port unless it is 443. */
export function baseUrl(config: Config): string {
  const port = config.CASEMATE_PUBLIC_PORT ?? config.CASEMATE_HTTPS_PORT;
  return `https://${config.CASEMATE_HOST_NAME}${port === 443 ? '' : `:${port}`}`;
}
