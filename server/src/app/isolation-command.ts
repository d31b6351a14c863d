import { z } from 'zod';
import { createChat } from '../chat/index.ts';
import {
  beginRun,
  KINDS,
  findLatestReport,
  testIsolation,
  type SignedReport,
} from '../isolation/index.ts';
import { searchKnowledge } from '../knowledge/index.ts';
import type { Config } from '../platform/index.ts';
import { createSystemContext } from './context.ts';
import { isolationSubject } from './isolation-subject.ts';
import { createParts, type Parts } from './parts.ts';
import { routeTable } from './routes.ts';
import { reportSigner } from './start-isolation.ts';

/** What the installer hands over on standard input. */
const wishSchema = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.literal('test'), kinds: z.array(z.enum(KINDS)).optional() }),
  z.strictObject({ verb: z.literal('last') }),
]);

/** Attacks the running appliance, or gives the last report; null when there is none. */
export async function isolationCommand(
  config: Config,
  input: string,
): Promise<{ report: SignedReport | null }> {
  const wish = wishSchema.parse(JSON.parse(input));
  const parts = await createParts({ ...config, CASEMATE_DATABASE_POOL: 4 }, 'server');
  try {
    if (wish.verb === 'test') return { report: await test(parts, config, wish.kinds) };
    const run = await createSystemContext(parts).inControl(findLatestReport);
    return { report: run?.report ?? null };
  } finally {
    parts.identity.hasher.stop();
    await parts.platform.db.close();
  }
}

async function test(
  parts: Parts,
  config: Config,
  kinds: readonly (typeof KINDS)[number][] | undefined,
): Promise<SignedReport> {
  const chat = createChat({ search: searchKnowledge });
  const routes = routeTable({ identity: parts.identity, chat });
  const subject = await isolationSubject(parts, config, routes);
  try {
    const wish = {
      origin: 'command' as const,
      sign: reportSigner(parts),
      ...(kinds ? { kinds } : {}),
    };
    return await testIsolation(subject, await beginRun(subject, wish), wish);
  } finally {
    await subject.close();
  }
}
