import { describe, expect, it } from '@jest/globals';
import { ApiProblem } from '../../lib/api/api-problem.ts';
import { createUploadQueue } from './upload-queue.ts';

const file = (name: string): File => new File(['x'], name);
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));

function setUp() {
  const sent: string[] = [];
  const open = new Map<string, { finish: () => void; fail: (error: unknown) => void }>();
  const queue = createUploadQueue({
    atOnce: 2,
    send: ({ file: { name }, signal }) =>
      new Promise<void>((resolve, reject) => {
        open.set(name, { finish: resolve, fail: reject });
        signal.addEventListener('abort', () => reject(new Error('aborted')));
      }),
    onSent: (upload) => void sent.push(upload.file.name),
  });
  const states = () => queue.list().map((upload) => `${upload.file.name} ${upload.state}`);
  return { queue, sent, open, states };
}

describe('the queue of uploads', () => {
  it('keeps a refused file on the list with its reason, and goes on with the next', async () => {
    const { queue, open, states } = setUp();
    queue.add('t-1', [file('a'), file('b'), file('c')]);
    expect(states()).toEqual(['a sending', 'b sending', 'c waiting']);
    open.get('a')?.fail(new ApiProblem({ code: 'wrong_type', detail: 'Not a PDF.' }, 415));
    await settle();
    expect(states()).toEqual(['a failed', 'b sending', 'c sending']);
    expect(queue.list()[0]?.problem?.code).toBe('wrong_type');
  });

  it('sends a failed file again when asked', async () => {
    const { queue, open, sent, states } = setUp();
    queue.add('t-1', [file('a')]);
    open.get('a')?.fail(ApiProblem.unreachable());
    await settle();
    queue.retry(queue.list()[0]?.key ?? 0);
    open.get('a')?.finish();
    await settle();
    expect(states()).toEqual([]);
    expect(sent).toEqual(['a']);
  });

  it('stops a running upload that is taken off, and never reports it as sent', async () => {
    const { queue, sent, states } = setUp();
    queue.add('t-1', [file('a'), file('b'), file('c')]);
    queue.remove(queue.list()[0]?.key ?? 0);
    await settle();
    expect(states()).toEqual(['b sending', 'c sending']);
    expect(sent).toEqual([]);
  });
});
