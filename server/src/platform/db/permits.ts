/** At most so many are out at once. */
export type Permits = {
  /** Resolves with the function that gives the permit back; calling it again does nothing. */
  take(): Promise<() => void>;
};

const PATIENCE_MS = 5_000;

/** Whoever finds none waits in order, and gives up after five seconds. */
export function createPermits(count: number): Permits {
  let free = count;
  const waiting: (() => void)[] = [];
  const permit = (): (() => void) => {
    let given = false;
    return () => {
      if (given) return;
      given = true;
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    };
  };
  return {
    take: () =>
      new Promise((resolve, reject) => {
        if (free > 0) {
          free -= 1;
          resolve(permit());
          return;
        }
        const turn = (): void => {
          clearTimeout(timer);
          resolve(permit());
        };
        const timer = setTimeout(() => {
          waiting.splice(waiting.indexOf(turn), 1);
          reject(new Error('timeout exceeded when trying to connect'));
        }, PATIENCE_MS);
        waiting.push(turn);
      }),
  };
}
