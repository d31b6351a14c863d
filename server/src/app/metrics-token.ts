import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Request } from 'express';
import type { Authenticated } from '../identity/index.ts';
import { AppError, systemActor, type Config } from '../platform/index.ts';

const program: Authenticated = { actor: systemActor, roleIn: () => null };

/**
 * Who collects metrics shows the token of the file `metrics-token` in the server's data directory,
 * which only its account and root can read. An address is no proof: every local user has loopback's,
 * and so has whatever comes through a proxy of this host that nobody declared. The file is drawn at
 * the first start; whoever deletes it and restarts the server has a new token.
 */
export function createProgramAuthenticator(
  config: Config,
): (request: Request) => Promise<Authenticated> {
  const wanted = digest(metricsToken(config));
  return ({ headers }) => {
    const shown = /^Bearer ([\w-]{20,100})$/.exec(headers.authorization ?? '')?.[1] ?? '';
    if (timingSafeEqual(digest(shown), wanted)) return Promise.resolve(program);
    return Promise.reject(
      new AppError(
        'unauthenticated',
        'Send the token of the file metrics-token as `Authorization: Bearer …`',
      ),
    );
  };
}

/** Drawn at the first asking. */
export function metricsToken(config: Config): string {
  return getToken(join(config.CASEMATE_DATA_DIR, 'metrics-token'));
}

/** Several server processes start at once: one draws, all read. */
function getToken(file: string): string {
  try {
    writeFileSync(file, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o400 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const token = readFileSync(file, 'utf8').trim();
  if (/^[\w-]{43,100}$/.test(token)) return token;
  throw new Error(`${file} holds no token: delete it and restart the server`);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
