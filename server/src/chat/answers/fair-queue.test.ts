import { describe, expect, it } from '@jest/globals';
import { createFairQueue } from './fair-queue.ts';

const never = new AbortController().signal;
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('createFairQueue', () => {
  it('lets no tenant with many questions keep another waiting for more than one slot', async () => {
    const queue = createFairQueue(1);
    const order: string[] = [];
    const ask = async (tenant: string): Promise<void> => {
      const leave = await queue.enter(tenant, never, () => undefined);
      order.push(tenant);
      await settle();
      leave();
    };
    await Promise.all([ask('flood'), ask('flood'), ask('flood'), ask('flood'), ask('other')]);
    expect(order.indexOf('other')).toBeLessThanOrEqual(2);
  });

  it('takes one who left out of the queue and tells the others their places', async () => {
    const queue = createFairQueue(1);
    const leave = await queue.enter('a', never, () => undefined);
    const impatient = new AbortController();
    const places: number[] = [];
    const first = queue.enter('b', impatient.signal, () => undefined);
    const second = queue.enter('c', never, (place) => places.push(place));
    impatient.abort(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    leave();
    (await second)();
    expect(places).toEqual([2, 1]);
  });

  it('never runs more than its slots, and gives a slot back once', async () => {
    const queue = createFairQueue(2);
    const [one, two] = await Promise.all([
      queue.enter('a', never, () => undefined),
      queue.enter('a', never, () => undefined),
    ]);
    let third = false;
    const waiting = queue
      .enter('a', never, () => undefined)
      .then((leave) => {
        third = true;
        return leave;
      });
    await settle();
    expect(third).toBe(false);
    one();
    one();
    const leave = await waiting;
    let fourth = false;
    void queue.enter('b', never, () => undefined).then(() => (fourth = true));
    await settle();
    expect(fourth).toBe(false);
    leave();
    two();
  });

  it('RES-01: refuses a tenant that floods it, and takes another’s question still', async () => {
    const queue = createFairQueue(1);
    const gone = new AbortController();
    const flood = Array.from({ length: 202 }, () =>
      queue.enter('flood', gone.signal, () => undefined).catch((error: unknown) => error),
    );
    const other = queue.enter('other', never, () => undefined);
    expect(await flood.at(-1)).toMatchObject({ status: 503, retryAfterSeconds: 60 });
    const leave = (await flood[0]) as () => void;
    leave();
    (await other)();
    gone.abort(new Error('gone'));
    await Promise.all(flood);
  });
});
