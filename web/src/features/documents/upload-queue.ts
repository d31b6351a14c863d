import { toProblem } from '../../lib/api/api-problem.ts';
import type { ApiProblem } from '../../lib/api/api-problem.ts';

export interface QueuedUpload {
  key: number;
  tenantId: string;
  file: File;
  state: 'waiting' | 'sending' | 'failed';
  /** Sent part, 0 to 1. */
  part: number;
  problem: ApiProblem | null;
}

export interface UploadQueueParts {
  send: (upload: {
    tenantId: string;
    file: File;
    onProgress: (part: number) => void;
    signal: AbortSignal;
  }) => Promise<void>;
  onSent: (upload: QueuedUpload) => void;
  atOnce: number;
}

export interface UploadQueue {
  list: () => readonly QueuedUpload[];
  subscribe: (listener: () => void) => () => void;
  add: (tenantId: string, files: readonly File[]) => void;
  retry: (key: number) => void;
  /** Stops it if it runs, and takes it off the list. */
  remove: (key: number) => void;
}

/** Sends files a few at a time, in their order; outlives the page that added them. */
export function createUploadQueue({ send, onSent, atOnce }: UploadQueueParts): UploadQueue {
  let uploads: readonly QueuedUpload[] = [];
  let nextKey = 1;
  const listeners = new Set<() => void>();
  const stops = new Map<number, AbortController>();

  const set = (next: readonly QueuedUpload[]): void => {
    uploads = next;
    for (const listener of listeners) listener();
  };
  const change = (key: number, changes: Partial<QueuedUpload>): void =>
    set(uploads.map((upload) => (upload.key === key ? { ...upload, ...changes } : upload)));

  const run = async (upload: QueuedUpload): Promise<void> => {
    const stop = new AbortController();
    stops.set(upload.key, stop);
    change(upload.key, { state: 'sending', part: 0, problem: null });
    const onProgress = (part: number): void => change(upload.key, { part });
    try {
      await send({ tenantId: upload.tenantId, file: upload.file, onProgress, signal: stop.signal });
      set(uploads.filter(({ key }) => key !== upload.key));
      onSent(upload);
    } catch (error) {
      if (!stop.signal.aborted) change(upload.key, { state: 'failed', problem: toProblem(error) });
    } finally {
      stops.delete(upload.key);
      sendNext();
    }
  };
  const sendNext = (): void => {
    const next = uploads.find((upload) => upload.state === 'waiting');
    if (next && stops.size < atOnce) {
      void run(next);
      sendNext();
    }
  };

  return {
    list: () => uploads,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    add: (tenantId, files) => {
      const added = files.map((file): QueuedUpload => {
        nextKey += 1;
        return { key: nextKey, tenantId, file, state: 'waiting', part: 0, problem: null };
      });
      set([...uploads, ...added]);
      sendNext();
    },
    retry: (key) => {
      change(key, { state: 'waiting', problem: null });
      sendNext();
    },
    remove: (key) => {
      stops.get(key)?.abort();
      set(uploads.filter((upload) => upload.key !== key));
    },
  };
}
