import { useEffect, useRef } from 'react';
import type { StoredDocument } from '../../lib/api/types.ts';
import { announce } from '../../ui/announce.ts';

/** Tells screen readers when a document that was being read is ready or has failed. */
export function useReadyAnnouncements(documents: readonly StoredDocument[]): void {
  const before = useRef(new Map<string, StoredDocument['state']>());
  useEffect(() => {
    for (const { id, name, state } of documents) {
      const known = before.current.get(id);
      if (known && known !== state && state === 'ready') announce(`${name} is ready`);
      if (known && known !== state && state === 'failed') announce(`${name} could not be read`);
      before.current.set(id, state);
    }
  }, [documents]);
}
