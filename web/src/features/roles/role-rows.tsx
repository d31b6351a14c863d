import { Button } from '@mantine/core';
import { permissionWords } from '../../lib/access/permission-words.ts';
import type { CustomRole } from '../../lib/api/types.ts';
import { plural } from '../../lib/format.ts';
import { StateBadge } from '../../ui/state-badge.tsx';
import rows from '../../ui/rows.module.css';
import classes from './roles.module.css';

interface RoleRowsProps {
  roles: CustomRole[];
  onEdit: (role: CustomRole) => void;
  onDelete: (role: CustomRole) => void;
}

function holders(count: number): string {
  return count === 0
    ? 'Nobody has it yet'
    : plural(count, { one: 'One has it', other: '# have it' });
}

/** The custom roles with what they give and how many have them. */
export function RoleRows({ roles, onEdit, onDelete }: RoleRowsProps) {
  return (
    <ul className={rows.rows} aria-label="Custom roles">
      {roles.map((role) => (
        <li key={role.id} className={rows.row}>
          <span className={rows.title}>{role.name}</span>
          <span className={classes.actions}>
            {!role.trusted && <StateBadge tone="bad">Gives nothing</StateBadge>}
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`Change: ${role.name}`}
              onClick={() => onEdit(role)}
            >
              Change
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`Delete: ${role.name}`}
              onClick={() => onDelete(role)}
            >
              Delete
            </Button>
          </span>
          <span className={`${rows.note} ${rows.full}`}>
            {role.permissions.map(permissionWords).join(' · ')}
          </span>
          <span className={`${rows.note} ${rows.full}`}>
            {role.trusted
              ? holders(role.members)
              : 'Somebody wrote it into the database past this server. Change it, or delete it.'}
          </span>
        </li>
      ))}
    </ul>
  );
}
