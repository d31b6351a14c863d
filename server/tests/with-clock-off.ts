/** Moves the clock of this process while `work` runs; timers and the parts go on as they were. */
export async function withClockOff(hours: number, work: () => Promise<void>): Promise<void> {
  const real = globalThis.Date;
  const now = (): number => real.now() + hours * 3_600_000;
  globalThis.Date = new Proxy(real, {
    construct: (target, given: unknown[]) =>
      Reflect.construct(target, given.length === 0 ? [now()] : given) as Date,
    get: (target, key) => (key === 'now' ? now : (Reflect.get(target, key) as unknown)),
  });
  try {
    if (Math.round((new Date().getTime() - real.now()) / 3_600_000) !== hours)
      throw new Error('the clock did not move');
    await work();
  } finally {
    globalThis.Date = real;
  }
}
