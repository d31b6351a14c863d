import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Person } from './walk.ts';

const casemate = join(import.meta.dirname, '../../installer/bin/casemate');
/** The flags that name it. */
export const place = JSON.parse(process.env['CASEMATE_PLACE'] ?? '[]') as string[];

/** Where it keeps everything. */
export const dataDir = place[place.indexOf('--data-dir') + 1] ?? '';

/** Of the instance that this run installed; see start-instance.ts. */
export const address = process.env['CASEMATE_URL'] ?? 'https://localhost:8443';

/** Where a provider of sign-in may listen that it shall ask. */
export const providerPort = Number(process.env['CASEMATE_PROVIDER_PORT']);

/** Whom the walks of operators share: an address may make three accounts a minute. */
export const operator = JSON.parse(process.env['CASEMATE_OPERATOR'] ?? '{}') as Person;

/** The command of that instance; throws when it ends with another code than 0. */
export const casemateSays = (words: readonly string[], input = ''): string =>
  execFileSync(casemate, [...words, ...place], {
    encoding: 'utf8',
    input,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
