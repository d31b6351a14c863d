/** Moves the clock of this process while `work` runs; timers and the parts go on as they were. */
export async function withClockOff(hours: number, work: () => Promise<void>): Promise<void> {
  const Real = globalThis.Date;
  const off = hours * 3_600_000;
  globalThis.Date = class extends Real {
    constructor(...given: [] | [number]) {
      super(...(given.length === 0 ? [Real.now() + off] : given));
    }
    static override now(): number {
      return Real.now() + off;
    }
  } as DateConstructor;
  try {
    if (Math.round((new Date().getTime() - Real.now()) / 3_600_000) !== hours)
      throw new Error('the clock did not move');
    await work();
  } finally {
    globalThis.Date = Real;
  }
}
