export const ROLES = [
  { value: 'member', label: 'Member', does: 'asks questions and reads documents' },
  { value: 'reviewer', label: 'Reviewer', does: 'reads documents and decides on requests' },
  { value: 'admin', label: 'Administrator', does: 'adds documents and looks after the team' },
] as const;

export function roleLabel(role: string): string {
  if (role === 'super_admin') return 'Administrator of the platform';
  return ROLES.find(({ value }) => value === role)?.label ?? role;
}
