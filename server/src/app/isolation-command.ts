import { z } from 'zod';
import { createChat } from '../chat/index.ts';
import {
  addLogsToRun,
  beginRun,
  KINDS,
  findLatestReport,
  searchedLogSchema,
  testIsolation,
  type Planted,
  type SignedReport,
} from '../isolation/index.ts';
import { searchKnowledge } from '../knowledge/index.ts';
import { AppError, type Config } from '../platform/index.ts';
import { isolationSubject } from './isolation-subject.ts';
import type { Parts } from './parts.ts';
import { routeTable } from './routes.ts';
import { judgeReport, reportSigner } from './sign-report.ts';
import { withCommandParts } from './with-command-parts.ts';

/** What the installer hands over on standard input. */
const wishSchema = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.literal('test'), kinds: z.array(z.enum(KINDS)).optional() }),
  // What the host found in the logs, which the server can't read, goes into the report of that run.
  z.strictObject({
    verb: z.literal('logs'),
    runId: z.uuid(),
    logs: z.array(searchedLogSchema).max(500),
  }),
  z.strictObject({ verb: z.literal('last') }),
]);

type Told = { report: SignedReport | null; runId?: string; planted?: Planted | undefined };

/** Attacks the running appliance, or gives the last report; null when there is none. */
export async function isolationCommand(config: Config, input: string): Promise<Told> {
  const wish = wishSchema.parse(JSON.parse(input));
  return withCommandParts(config, 4, async (ctx, parts) => {
    if (wish.verb === 'test') return test(parts, config, wish.kinds);
    if (wish.verb === 'logs')
      return {
        report: await addLogsToRun(
          { ctx },
          { ...wish, sign: reportSigner(parts), judge: judgeReport },
        ),
      };
    const run = await ctx.inControl(findLatestReport);
    const fault = run?.report && (await judgeReport(ctx, run.report));
    if (fault)
      throw new AppError(
        'not_allowed_now',
        `The last report ${fault}; run casemate isolation test`,
      );
    return { report: run?.report ?? null };
  });
}

async function test(
  parts: Parts,
  config: Config,
  kinds: readonly (typeof KINDS)[number][] | undefined,
): Promise<Told> {
  const chat = createChat({ search: searchKnowledge });
  const routes = routeTable({ identity: parts.identity, chat });
  const subject = await isolationSubject(parts, config, routes);
  try {
    let planted: Planted | undefined;
    const wish = {
      origin: 'command' as const,
      sign: reportSigner(parts),
      planted: (of: Planted) => void (planted = of),
      ...(kinds ? { kinds } : {}),
    };
    const runId = await beginRun(subject, wish);
    const report = await testIsolation(subject, runId, wish);
    return { report, runId, planted };
  } finally {
    await subject.close();
  }
}
