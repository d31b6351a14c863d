import { AppError } from '../platform/index.ts';
import type { FairQueue } from './answers/fair-queue.ts';
import type { RunningAnswers } from './answers/running-answers.ts';
import type { Patience } from './answers/write-answer.ts';
import type { Followers } from './answers/followers.ts';
import type { CountUnread, SearchKnowledge } from './search-knowledge.ts';

/** What the answers of one process share. */
export type ChatParts = {
  readonly search: SearchKnowledge;
  readonly countUnread: CountUnread;
  readonly queue: FairQueue;
  readonly running: RunningAnswers;
  readonly followers: Followers;
  readonly patience: Patience;
  /** True while the process stops: it begins no answer that it could not end. */
  draining: boolean;
};

export function refuseWhileDraining({ draining }: ChatParts): void {
  if (draining)
    throw new AppError('unavailable', 'The server is about to restart; ask again in a moment', {
      retryAfterSeconds: 5,
    });
}
