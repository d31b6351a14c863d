import type { Endpoint, Platform } from '../platform/index.ts';
import { createFairQueue } from './answers/fair-queue.ts';
import { createFollowers } from './answers/followers.ts';
import { answerName, EndReason } from './answers/running-answers.ts';
import { PATIENCE, type Patience } from './answers/write-answer.ts';
import type { ChatParts } from './chat-parts.ts';
import { answerRoutes, conversationRoutes } from './routes.ts';
import type { CountUnread, SearchKnowledge } from './search-knowledge.ts';

export type Chat = {
  readonly routes: readonly Endpoint[];
  /** Hears from other processes about stops and news. Following works without, a second later. */
  start(platform: Pick<Platform, 'db'>): Promise<void>;
  /** Ends the answers of a tenant that is closed; what was written of them is lost with their lease. */
  endTenant(tenantId: string): void;
  /** Lets running answers end for `graceMs`, then ends them; each is settled, its text kept. */
  stop(graceMs?: number): Promise<void>;
};

/** Answers that the model server writes at once; the next wait in a fair queue. */
const SLOTS = 2;
const GRACE_MS = 4_000;

/** The chat of one process. `app` hands the search down, and what counts the documents it lacks. */
export function createChat(options: {
  search: SearchKnowledge;
  countUnread?: CountUnread;
  slots?: number;
  patience?: Patience;
}): Chat {
  const chat: ChatParts = {
    search: options.search,
    countUnread: options.countUnread ?? (() => Promise.resolve(0)),
    queue: createFairQueue(options.slots ?? SLOTS),
    running: new Map(),
    followers: createFollowers(),
    patience: options.patience ?? PATIENCE,
    draining: false,
  };
  let unlisten: (() => Promise<void>) | undefined;
  return {
    routes: [...conversationRoutes(), ...answerRoutes(chat)],
    start: async ({ db }) => {
      unlisten = await db.listen('casemate_chat', (payload) => hear(chat, payload));
    },
    endTenant: (tenantId) => {
      for (const answer of chat.running.values())
        if (answer.tenantId === tenantId) answer.end(new EndReason('gone'));
    },
    stop: async (graceMs = GRACE_MS) => {
      chat.draining = true;
      const finished = Promise.all([...chat.running.values()].map((answer) => answer.finished));
      const timer = setTimeout(() => {
        for (const answer of chat.running.values()) answer.end(new EndReason('draining'));
      }, graceMs);
      await finished;
      clearTimeout(timer);
      await unlisten?.();
    },
  };
}

function hear(chat: ChatParts, payload: string): void {
  const [kind, tenantId = '', messageId = ''] = payload.split(':');
  const name = answerName({ tenantId }, messageId);
  if (kind === 'more') chat.followers.wake(name);
  if (kind === 'look') chat.running.get(name)?.log.look();
}
