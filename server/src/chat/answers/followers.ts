/** Those in this process who follow answers that another process writes. */
export type Followers = {
  wake(messageId: string): void;
  /** Resolves at the next news of the answer, after `ms`, or when `signal` aborts. */
  news(messageId: string, ms: number, signal: AbortSignal): Promise<void>;
};

export function createFollowers(): Followers {
  const waiting = new Map<string, Set<() => void>>();
  return {
    wake: (messageId) => waiting.get(messageId)?.forEach((resolve) => resolve()),
    news: (messageId, ms, signal) =>
      new Promise((resolve) => {
        const here = waiting.get(messageId) ?? new Set();
        waiting.set(messageId, here);
        const finish = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', finish);
          here.delete(finish);
          if (here.size === 0) waiting.delete(messageId);
          resolve();
        };
        const timer = setTimeout(finish, ms);
        here.add(finish);
        signal.addEventListener('abort', finish, { once: true });
        if (signal.aborted) finish();
      }),
  };
}
