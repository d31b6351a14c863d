import { ActionIcon, Menu } from '@mantine/core';
import {
  IconDots,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconTrash,
} from '@tabler/icons-react';
import type { Tenant } from '../../lib/api/types.ts';

export type TenantVerb = 'suspend' | 'resume' | 'retry' | 'rename' | 'delete';

const items = [
  { verb: 'rename', words: 'Rename', icon: IconPencil },
  { verb: 'suspend', words: 'Suspend', icon: IconPlayerPause },
  { verb: 'resume', words: 'Resume', icon: IconPlayerPlay },
  { verb: 'retry', words: 'Try again', icon: IconRefresh },
  { verb: 'delete', words: 'Delete', icon: IconTrash },
] as const;

const allowed: Partial<Record<Tenant['state'], readonly TenantVerb[]>> = {
  provisioning: ['rename', 'delete'],
  active: ['rename', 'suspend', 'delete'],
  sealed: ['rename', 'suspend', 'delete'],
  suspended: ['rename', 'resume', 'delete'],
  failed: ['rename', 'retry', 'delete'],
};

interface TenantMenuProps {
  tenant: Tenant;
  onChoose: (verb: TenantVerb) => void;
}

/** What can be done with a tenant in the state it is in. */
export function TenantMenu({ tenant, onChoose }: TenantMenuProps) {
  const verbs = allowed[tenant.state] ?? [];
  if (verbs.length === 0) return null;
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${tenant.name}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {items
          .filter(({ verb }) => verbs.includes(verb))
          .map(({ verb, words, icon: Icon }) => (
            <Menu.Item key={verb} leftSection={<Icon size={16} />} onClick={() => onChoose(verb)}>
              {words}
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  );
}
