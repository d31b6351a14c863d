import type { Config } from '../config/config-schema.ts';

/**
 * The origins under which the dashboard is served: that of links first, then the listener's own
 * where the two differ. They are configured; the Host header is the client's word.
 */
export function ownOrigins(config: Config): [string, ...string[]] {
  const originOf = (port: number): string =>
    new URL(`https://${config.CASEMATE_HOST_NAME}:${port}`).origin;
  const own = originOf(config.CASEMATE_HTTPS_PORT);
  return [originOf(config.CASEMATE_PUBLIC_PORT ?? config.CASEMATE_HTTPS_PORT), own];
}

export function isOwnOrigin(origin: string, config: Config): boolean {
  // Tests listen on a port that the system chose.
  if (config.CASEMATE_MODE === 'test' && /^https:\/\/localhost:\d{1,5}$/.test(origin)) return true;
  return ownOrigins(config).includes(origin);
}
