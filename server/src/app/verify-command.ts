import { z } from 'zod';
import { createChat } from '../chat/index.ts';
import { searchKnowledge } from '../knowledge/index.ts';
import type { Config } from '../platform/index.ts';
import {
  listEvidenceKeys,
  verifyControls,
  type EvidenceKey,
  type SignedEvidence,
} from '../trust/index.ts';
import { routeTable } from './routes.ts';
import { trustParts } from './trust-parts.ts';
import { withCommandParts } from './with-command-parts.ts';

/** What the installer hands over on standard input. */
const wishSchema = z.strictObject({
  /** Only the public keys of the evidence; nothing is verified. */
  keysOnly: z.boolean().default(false),
  ids: z.array(z.string().max(20)).max(500).default([]),
  host: z
    .array(
      z.strictObject({
        control: z.string().regex(/^[A-Z]{2,3}-\d{2}$/),
        host: z.string().regex(/^[a-z][a-z0-9-]{1,40}$/),
        status: z.enum(['pass', 'fail', 'not_applicable']),
        evidence: z.string().max(2000),
        at: z.iso.datetime(),
        version: z.string().min(1).max(40),
        signature: z.base64().min(1).max(200),
      }),
    )
    .nullable()
    .default(null),
});

export type VerifyAnswer = {
  evidence: SignedEvidence | null;
  keys: readonly EvidenceKey[];
};

/** Verifies the controls with what the installer found on the host; the answer is signed. */
export async function verifyCommand(config: Config, input: string): Promise<VerifyAnswer> {
  const wish = wishSchema.parse(JSON.parse(input || '{}'));
  return withCommandParts(config, 2, async (ctx, parts) => {
    const { identity } = parts;
    const routes = routeTable({ identity, chat: createChat({ search: searchKnowledge }) });
    const subject = { identity, allRoutes: () => routes };
    const evidence = wish.keysOnly
      ? null
      : await verifyControls(ctx, trustParts(config, subject), { ids: wish.ids, host: wish.host });
    return { evidence, keys: await listEvidenceKeys(parts.platform.vault) };
  });
}
