import type { StoredDocument } from '../../lib/api/types.ts';
import { formatNumber } from '../../lib/format.ts';

interface Shown {
  tone: 'good' | 'busy' | 'bad';
  words: string;
  /** Done part, 0 to 1; null when how much is left is unknown. */
  part: number | null;
}

/** How a document's state reads. */
export function documentState({ state, progress }: StoredDocument): Shown {
  const part = progress.total > 0 ? progress.done / progress.total : null;
  switch (state) {
    case 'queued':
      return { tone: 'busy', words: 'Waiting', part: null };
    case 'parsing':
      return { tone: 'busy', words: 'Being read', part };
    case 'embedding': {
      const count = `${formatNumber(progress.done)} of ${formatNumber(progress.total)}`;
      return { tone: 'busy', words: part === null ? 'Being indexed' : `Indexed ${count}`, part };
    }
    case 'ready':
      return { tone: 'good', words: 'Ready', part: null };
    case 'failed':
      return { tone: 'bad', words: 'Not readable', part: null };
  }
}
