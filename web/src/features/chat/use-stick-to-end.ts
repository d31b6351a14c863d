import { useEffect, useRef } from 'react';

/** Closer than this to the end counts as reading along. */
const near = 160;

/** Keeps the end of the page in view while it grows, unless the reader has scrolled up. */
export function useStickToEnd(growth: unknown, jump: unknown): void {
  const following = useRef(true);
  useEffect(() => {
    const page = document.getElementById('main');
    if (!page) return undefined;
    const look = (): void => {
      following.current = page.scrollHeight - page.scrollTop - page.clientHeight < near;
    };
    page.addEventListener('scroll', look, { passive: true });
    return () => page.removeEventListener('scroll', look);
  }, []);
  useEffect(() => {
    following.current = true;
  }, [jump]);
  useEffect(() => {
    const page = document.getElementById('main');
    if (page && following.current) page.scrollTop = page.scrollHeight;
  }, [growth, jump]);
}
