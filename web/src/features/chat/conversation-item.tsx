import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, IconPencil, IconTrash } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { ConversationItem as Item } from '../../lib/api/types.ts';
import classes from './conversation-list.module.css';

interface ConversationItemProps {
  tenantId: string;
  item: Item;
  current: boolean;
  onRename: () => void;
  onDelete: () => void;
}

/** One conversation in the list, with what can be done with it. */
export function ConversationItem({
  tenantId,
  item,
  current,
  onRename,
  onDelete,
}: ConversationItemProps) {
  const title = item.title ?? 'New conversation';
  return (
    <li className={classes.item} data-current={current || undefined}>
      <Link
        className={classes.link}
        to={`/t/${tenantId}/c/${item.id}`}
        aria-current={current ? 'page' : undefined}
        title={title}
      >
        {title}
      </Link>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <ActionIcon
            className={classes.more ?? ''}
            variant="transparent"
            color="gray"
            aria-label={`Rename or delete “${title}”`}
          >
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} />} onClick={onRename}>
            Rename
          </Menu.Item>
          <Menu.Item leftSection={<IconTrash size={16} />} onClick={onDelete}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}
