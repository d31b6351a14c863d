import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { documentsKey } from './documents-query.ts';
import { uploadDocument } from './upload-document.ts';
import { createUploadQueue } from './upload-queue.ts';
import type { QueuedUpload, UploadQueue } from './upload-queue.ts';

const sentListeners = new Set<(upload: QueuedUpload) => void>();

/** Two at once: a browser has six connections per server, and streams and pages need the others. */
const queue = createUploadQueue({
  send: uploadDocument,
  onSent: (upload) => sentListeners.forEach((listener) => listener(upload)),
  atOnce: 2,
});

/** The uploads of this tab into one tenant. */
export function useUploads(tenantId: string): { uploads: QueuedUpload[]; queue: UploadQueue } {
  const queryClient = useQueryClient();
  const all = useSyncExternalStore(queue.subscribe, queue.list);
  useEffect(() => {
    const refresh = (upload: QueuedUpload): void =>
      void queryClient.invalidateQueries({ queryKey: documentsKey(upload.tenantId), exact: true });
    sentListeners.add(refresh);
    return () => void sentListeners.delete(refresh);
  }, [queryClient]);
  return { uploads: all.filter((upload) => upload.tenantId === tenantId), queue };
}
