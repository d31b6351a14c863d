import type { RequestContext } from '../../platform/index.ts';

/** Under which the database knows a session of the provider. */
export function hashSession(
  { platform }: RequestContext,
  connectionId: string,
  session: string,
): Buffer {
  return platform.pepper.mac('provider-session', JSON.stringify([connectionId, session]));
}
