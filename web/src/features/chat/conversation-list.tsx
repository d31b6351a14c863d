import { Button, Skeleton, Stack } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMatch } from 'react-router';
import type { ConversationItem as Item } from '../../lib/api/types.ts';
import { ConversationItem } from './conversation-item.tsx';
import classes from './conversation-list.module.css';
import { DeleteConversationDialog } from './delete-conversation-dialog.tsx';
import { conversationsQuery } from './conversations-query.ts';
import { RenameConversationDialog } from './rename-conversation-dialog.tsx';

/** The person's conversations in a tenant, for the side of every page. */
export function ConversationList({ tenantId }: { tenantId: string }) {
  const list = useInfiniteQuery(conversationsQuery(tenantId));
  const current = useMatch('/t/:tenantId/c/:conversationId')?.params.conversationId;
  const [renaming, setRenaming] = useState<Item | null>(null);
  const [deleting, setDeleting] = useState<Item | null>(null);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];

  if (list.isPending) {
    return (
      <Stack gap={8} px={10} py={4} aria-busy="true" aria-label="The conversations are loading">
        <Skeleton height={14} width="80%" />
        <Skeleton height={14} width="60%" />
        <Skeleton height={14} width="70%" />
      </Stack>
    );
  }
  if (list.error) {
    return (
      <p className={classes.note} role="alert">
        The conversations could not be listed.{' '}
        <Button size="compact-xs" variant="default" onClick={() => void list.refetch()}>
          Try again
        </Button>
      </p>
    );
  }
  if (items.length === 0) return <p className={classes.note}>Your questions will stand here.</p>;
  return (
    <>
      <ul className={classes.list}>
        {items.map((item) => (
          <ConversationItem
            key={item.id}
            tenantId={tenantId}
            item={item}
            current={item.id === current}
            onRename={() => setRenaming(item)}
            onDelete={() => setDeleting(item)}
          />
        ))}
      </ul>
      {list.hasNextPage && (
        <Button
          variant="subtle"
          size="compact-sm"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          Show earlier ones
        </Button>
      )}
      <RenameConversationDialog
        tenantId={tenantId}
        item={renaming}
        onClose={() => setRenaming(null)}
      />
      <DeleteConversationDialog
        tenantId={tenantId}
        item={deleting}
        onClose={() => setDeleting(null)}
      />
    </>
  );
}
