/** The mark: a vaulted chamber in a wall, with its embrasure. */
export function CasemateMark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true">
      <path d="M3 28V7h4v3h4.5V7h9v3H25V7h4v21H21v-6a5 5 0 0 0-10 0v6H3Z" fill="currentColor" />
      <path
        d="M16 20.5a1.6 1.6 0 0 1 1.6 1.6V28h-3.2v-5.9a1.6 1.6 0 0 1 1.6-1.6Z"
        fill="currentColor"
      />
    </svg>
  );
}
