import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IncomingHttpHeaders } from 'node:http';
import type { Authenticated } from '../identity/index.ts';
import { AppError, systemActor, type Config } from '../platform/index.ts';

const program: Authenticated = { actor: systemActor, standingIn: () => null };

/**
 * Who collects metrics shows the token of the file `metrics-token` in the server's data directory,
 * which only its account and root can read. An address is no proof: every local user has loopback's,
 * and so has whatever comes through a proxy of this host that nobody declared. The file is drawn at
 * the first start; whoever deletes it and restarts the server has a new token. Where a setting names
 * another file (a secret of a cluster), the token is what stands there.
 */
export function createProgramAuthenticator(
  config: Config,
): (request: { headers: IncomingHttpHeaders }) => Promise<Authenticated> {
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

/** Drawn at the first asking, or the site's own. */
export function metricsToken(config: Config): string {
  const given = config.CASEMATE_METRICS_TOKEN_FILE;
  return given ? readToken(given) : drawToken(join(config.CASEMATE_DATA_DIR, 'metrics-token'));
}

/** Several server processes start at once: one draws, all read. */
function drawToken(file: string): string {
  try {
    writeFileSync(file, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o400 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readToken(file);
}

function readToken(file: string): string {
  const token = readFileSync(file, 'utf8').trim();
  if (/^[\w-]{43,100}$/.test(token)) return token;
  throw new Error(
    `${file} holds no token (43 to 100 letters, digits, - and _): mend or delete it, and start again`,
  );
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
