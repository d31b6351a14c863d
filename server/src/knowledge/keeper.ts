import { startWalk, type Platform } from '../platform/index.ts';
import { listActiveTenantIds, type OpenTenant, type TenantChanges } from '../tenancy/index.ts';
import { askToReembed } from './ingest/ask-to-reembed.ts';
import { resumeUnfinished } from './ingest/resume-unfinished.ts';
import { removeUploads } from './uploads/remove-uploads.ts';
import { sweepUploads } from './uploads/sweep-uploads.ts';

type Options = {
  platform: Platform;
  openTenant: OpenTenant;
  tenantChanges: Pick<TenantChanges, 'onTenantChange'>;
};

const EVERY_MS = 10 * 60_000;

/**
 * Resumes documents that wait without a job, and asks for new vectors where the embedding model
 * changed: of every tenant at start, of one when it opens again, and of all at a bounded pace for what
 * was missed. Removes originals with their tenant, and left-over ones every ten minutes.
 */
export function startKnowledgeKeeper(options: Options): { stop(): Promise<void> } {
  const { platform, openTenant, tenantChanges } = options;
  const parts = { platform, openTenant };
  const what = 'the upkeep of the knowledge';
  const failed = (error: unknown): void => platform.log.warn(`${what} failed`, { error });
  const visit = async (tenantId: string): Promise<void> => {
    await resumeUnfinished(parts, tenantId);
    await askToReembed(parts, tenantId);
  };
  let stopped = false;
  let round: Promise<unknown> = Promise.resolve();
  const then = (work: () => Promise<unknown>): void => {
    if (!stopped) round = round.then(work).catch(failed);
  };
  tenantChanges.onTenantChange(({ tenantId, state }) => {
    if (state === 'active') then(() => visit(tenantId));
    if (state === 'dropped') then(() => removeUploads(platform, tenantId));
  });
  then(() => sweepUploads(parts));
  const timer = setInterval(() => then(() => sweepUploads(parts)), EVERY_MS);
  const list = (): Promise<string[]> => platform.db.readControl(listActiveTenantIds);
  const walk = startWalk({ list, visit, everyMs: EVERY_MS, log: platform.log, what });
  return {
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await Promise.all([round, walk.stop()]);
    },
  };
}
