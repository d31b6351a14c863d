import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../platform/index.ts';
import { controlProofs, type TrustParts } from '../trust/index.ts';
import { liveChecks, type CheckSubject } from './live-checks.ts';
import { VERSION } from './version.ts';

/** What room `trust` needs to know of the process: its checks, and what it was built from. */
export function trustParts(config: Config, subject: CheckSubject): TrustParts {
  return {
    checks: liveChecks(subject),
    proofs: controlProofs,
    running: { version: VERSION, builtFrom: builtFrom() },
    folder: config.CASEMATE_TRUST_DIR ?? null,
    hostKeyFile: config.CASEMATE_HOST_KEY_FILE ?? null,
  };
}

/** The note beside the built server; null when the sources run. */
function builtFrom(): string | null {
  if (import.meta.filename.endsWith('.ts')) return null;
  const file = join(import.meta.dirname, '../../casemate-server.json');
  const { sources } = JSON.parse(readFileSync(file, 'utf8')) as { sources?: string };
  return sources ?? null;
}
