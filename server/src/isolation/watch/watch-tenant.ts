import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { newId } from '../../platform/index.ts';
import type { CanaryTenant } from '../canaries/canary.ts';
import type { Subject } from '../subject.ts';
import { hashControl } from './hash-control.ts';
import { compareSnapshots, hashTenant, type Snapshot } from './hash-tables.ts';

export type Watch = {
  /** Takes what is there now as the state that nobody may change. */
  begin(): Promise<void>;
  /** What changed since, in words; then takes that as the new state. */
  changes(): Promise<string[]>;
};

/** Watches all that a tenant has: its tables, what the platform knows of it, its files. */
export function watchTenant(subject: Subject, tenant: CanaryTenant): Watch {
  let before: Snapshot = new Map();
  const known = new Map<string, string>();
  const look = async (): Promise<Snapshot> => {
    const [tables, control, files] = await Promise.all([
      hashTenant(subject, tenant, known),
      hashControl(subject, tenant, known),
      listFiles(subject, tenant),
    ]);
    return new Map([...tables, ...control, ['files', files]]);
  };
  return {
    begin: async () => {
      before = await look();
    },
    changes: async () => {
      const after = await look();
      const changed = compareSnapshots(before, after);
      before = after;
      return changed;
    },
  };
}

async function listFiles(subject: Subject, tenant: CanaryTenant): Promise<string> {
  const folder = path.dirname(subject.uploadPath(tenant.id, newId()));
  try {
    return (await readdir(folder)).sort().join(' ');
  } catch {
    return '';
  }
}
