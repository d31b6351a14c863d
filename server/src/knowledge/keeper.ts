import type { Platform } from '../platform/index.ts';
import type { OpenTenant } from '../tenancy/index.ts';
import { askToReembed } from './ingest/ask-to-reembed.ts';
import { resumeUnfinished } from './ingest/resume-unfinished.ts';
import { sweepUploads } from './uploads/sweep-uploads.ts';

type Options = { platform: Platform; openTenant: OpenTenant };

const EVERY_MS = 10 * 60_000;

/**
 * Removes left-over originals, resumes documents that wait without a job, and asks for new vectors
 * where the embedding model changed: at start and then every ten minutes, until stopped. A fault is logged and met again next time.
 */
export function startKnowledgeKeeper(options: Options): { stop(): Promise<void> } {
  let round: Promise<void> = Promise.resolve();
  const keep = async (): Promise<void> => {
    try {
      await sweepUploads(options);
      await resumeUnfinished(options);
      await askToReembed(options);
    } catch (error) {
      options.platform.log.warn('the upkeep of the knowledge failed', { error });
    }
  };
  const again = (): void => void (round = round.then(keep));
  again();
  const timer = setInterval(again, EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return round;
    },
  };
}
