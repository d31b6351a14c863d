/** Those in this process who follow answers that another process writes, by `answerName`. */
export type Followers = {
  wake(name: string): void;
  /** Resolves at the next news of the answer, after `ms`, or when `signal` aborts. */
  news(name: string, ms: number, signal: AbortSignal): Promise<void>;
};

export function createFollowers(): Followers {
  const waiting = new Map<string, Set<() => void>>();
  return {
    wake: (name) => waiting.get(name)?.forEach((resolve) => resolve()),
    news: (name, ms, signal) =>
      new Promise((resolve) => {
        const here = waiting.get(name) ?? new Set();
        waiting.set(name, here);
        const finish = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', finish);
          here.delete(finish);
          if (here.size === 0) waiting.delete(name);
          resolve();
        };
        const timer = setTimeout(finish, ms);
        here.add(finish);
        signal.addEventListener('abort', finish, { once: true });
        if (signal.aborted) finish();
      }),
  };
}
