import { useEffect } from 'react';

/** Names the tab; screen readers read the title after each change of page. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Casemate`;
  }, [title]);
}
